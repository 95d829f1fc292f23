//! The ten buttons of a vote, each with its key.

use yew::prelude::*;

use super::keys::KEYS;
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
    let button = |key: &'static str, choice: Choice| {
        let onclick = {
            let on_choose = props.on_choose.clone();
            Callback::from(move |_: MouseEvent| on_choose.emit(choice))
        };
        let (before, words) = match choice {
            Choice::Prefer { side, strength } => (format!("Answer {} is ", side.letter()), strength.words()),
            Choice::BothBad => (String::new(), "both bad"),
            Choice::Skip => (String::new(), "skip"),
        };
        html! {
            <button id={format!("vote-{key}")} class="vote" type="button" aria-keyshortcuts={key} {onclick}>
                <kbd aria-hidden="true">{ key }</kbd>
                <span><span class="hidden">{ before }</span>{ words }</span>
            </button>
        }
    };
    let buttons = |belongs: fn(&Choice) -> bool| {
        KEYS.into_iter().filter(move |(_, choice)| belongs(choice)).map(|(key, choice)| button(key, choice))
    };
    html! {
        <div class="ballot">
            <fieldset>
                <legend>{ "Answer A is" }</legend>
                { for buttons(|choice| matches!(choice, Choice::Prefer { side: Side::A, .. })) }
            </fieldset>
            <fieldset>
                <legend>{ "Answer B is" }</legend>
                { for buttons(|choice| matches!(choice, Choice::Prefer { side: Side::B, .. })) }
            </fieldset>
            <fieldset class="neither">
                <legend>{ "Neither" }</legend>
                { for buttons(|choice| !matches!(choice, Choice::Prefer { .. })) }
            </fieldset>
            <p class="note">{ "The keys on the buttons work too, while you are in this part of the page." }</p>
        </div>
    }
}
