//! The ten buttons of a vote, each with its key.

use yew::prelude::*;

use super::answers::strength_in_words;
use super::keys::KEYS;
use crate::app::language::use_words;
use crate::preference::{Choice, Side};

/// Properties of [`Ballot`].
#[derive(Properties, PartialEq)]
pub struct BallotProps {
    /// What to do with a choice.
    pub on_choose: Callback<Choice>,
}

/// All choices.
#[component]
pub fn Ballot(props: &BallotProps) -> Html {
    let words = use_words();
    let button = |key: &'static str, choice: Choice| {
        let onclick = {
            let on_choose = props.on_choose.clone();
            Callback::from(move |_: MouseEvent| on_choose.emit(choice))
        };
        let (before, text) = match choice {
            Choice::Prefer { side, strength } => {
                ((words.compare.answer_is_spoken)(side), strength_in_words(strength, words))
            }
            Choice::BothBad => (String::new(), words.compare.both_bad),
            Choice::Skip => (String::new(), words.compare.skip),
        };
        html! {
            <button id={format!("vote-{key}")} class="vote" type="button" aria-keyshortcuts={key} {onclick}>
                <kbd aria-hidden="true">{ key }</kbd>
                <span><span class="hidden">{ before }</span>{ text }</span>
            </button>
        }
    };
    let buttons = |belongs: fn(&Choice) -> bool| {
        KEYS.into_iter().filter(move |(_, choice)| belongs(choice)).map(|(key, choice)| button(key, choice))
    };
    html! {
        <div class="ballot">
            <fieldset>
                <legend>{ (words.compare.answer_is)(Side::A) }</legend>
                { for buttons(|choice| matches!(choice, Choice::Prefer { side: Side::A, .. })) }
            </fieldset>
            <fieldset>
                <legend>{ (words.compare.answer_is)(Side::B) }</legend>
                { for buttons(|choice| matches!(choice, Choice::Prefer { side: Side::B, .. })) }
            </fieldset>
            <fieldset class="neither">
                <legend>{ words.compare.neither }</legend>
                { for buttons(|choice| !matches!(choice, Choice::Prefer { .. })) }
            </fieldset>
            <p class="note">{ words.compare.keys }</p>
        </div>
    }
}
