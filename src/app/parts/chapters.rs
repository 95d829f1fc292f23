//! The way to the chapters, the tour and the lecture view. Links move the focus themselves, because the fragment of the
//! address holds the settings.

use yew::prelude::*;

use super::emit;
use crate::app::chapter::Chapter;
use crate::app::language::use_words;
use crate::app::settings::Change;
use crate::app::state::Action;
use crate::platform::focus::focus;

/// Id of the button that begins the tour.
pub const TOUR_BUTTON: &str = "tour-begin";

/// Properties of [`Chapters`].
#[derive(Properties, PartialEq)]
pub struct ChaptersProps {
    /// Whether the lecture view is on.
    pub lecture: bool,
    /// Begins the tour.
    pub on_tour: Callback<()>,
    /// What to do.
    pub act: Callback<Action>,
}

/// One link per chapter, and two buttons.
#[component]
pub fn Chapters(props: &ChaptersProps) -> Html {
    let words = use_words();
    let link = |chapter: Chapter| {
        let act = props.act.clone();
        let onclick = Callback::from(move |event: MouseEvent| {
            event.prevent_default();
            act.emit(Action::Change(Change::Chapter(chapter)));
            focus(chapter.id());
        });
        html! { <li><a href={format!("#{}", chapter.id())} {onclick}>{ words.chapter(chapter) }</a></li> }
    };
    let on_tour = {
        let on_tour = props.on_tour.clone();
        Callback::from(move |_: MouseEvent| on_tour.emit(()))
    };
    html! {
        <nav class="chapters" lang={words.language.tag()} aria-label={words.page.contents}>
            <ol role="list">{ for Chapter::ALL.map(link) }</ol>
            <div class="buttons">
                <button id={TOUR_BUTTON} type="button" class="small" onclick={on_tour}>{ words.page.tour }</button>
                <button id="lecture" type="button" class="small" aria-pressed={props.lecture.to_string()}
                    onclick={emit(&props.act, Action::Change(Change::Lecture(!props.lecture)))}>{ words.page.lecture }</button>
            </div>
        </nav>
    }
}
