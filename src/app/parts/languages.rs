//! The switch of languages.

use yew::prelude::*;

use crate::app::language::{Language, use_words};
use crate::app::settings::Change;
use crate::app::state::Action;
use crate::platform::keep::keep;

/// Name under which the choice is kept for later visits.
pub const KEPT_LANGUAGE: &str = "thermostat-language";

/// Properties of [`Languages`].
#[derive(Properties, PartialEq)]
pub struct LanguagesProps {
    /// What to do.
    pub act: Callback<Action>,
}

/// A button for every other language, which says its own name.
#[component]
pub fn Languages(props: &LanguagesProps) -> Html {
    let words = use_words();
    let button = |language: Language| {
        let act = props.act.clone();
        let onclick = Callback::from(move |_: MouseEvent| {
            act.emit(Action::Change(Change::Language(language)));
            // Where nothing can be kept, the address still has it.
            let _ = keep(KEPT_LANGUAGE, language.tag());
        });
        // Without a key: the button stays the same element when it changes its language, and keeps the focus.
        html! {
            <button id={format!("language-{}", language.tag())} type="button" class="small" lang={language.tag()} {onclick}>
                { language.name() }</button>
        }
    };
    let others = Language::ALL.into_iter().filter(|language| *language != words.language);
    html! { <div class="languages" role="group" aria-label={words.page.language}>{ for others.map(button) }</div> }
}
