//! The answer as a row of tokens, each painted by how far the chosen stage rescaled the temperature there.

use std::rc::Rc;

use yew::prelude::*;

use super::reading::{Reading, Rescaling};
use super::state::Action;
use crate::app::language::{Words, use_words};
use crate::app::parts::emit;
use crate::app::settings::USUAL_TENTHS;
use crate::platform::focus::focus;

/// Tokens that are drawn anew together: a step along the row concerns one part or two, and the others are not even compared token by token.
const PART: usize = 8;

/// The tokens as elements: a row in which one is chosen, as with radio buttons. `act` hears which.
pub(super) fn strip(
    reading: &Rc<Reading>,
    is_complete: bool,
    place: usize,
    rescaling: Option<&Rc<Vec<Rescaling>>>,
    act: &Callback<Action>,
    words: &Words,
) -> Html {
    let places = reading.tokens.len() + usize::from(is_complete);
    let onkeydown = {
        let act = act.clone();
        Callback::from(move |event: KeyboardEvent| {
            let next = match event.key().as_str() {
                "ArrowRight" | "ArrowDown" => (place + 1).min(places.saturating_sub(1)),
                "ArrowLeft" | "ArrowUp" => place.saturating_sub(1),
                "Home" => 0,
                "End" => places.saturating_sub(1),
                _ => return,
            };
            event.prevent_default();
            act.emit(Action::Place(next));
            focus(&id(next));
        })
    };
    let part = |from: usize| {
        let to = (from + PART).min(places);
        let chosen = Some(place).filter(|place| (from..to).contains(place));
        html! { <Part reading={Rc::clone(reading)} rescaling={rescaling.cloned()} {from} {to} {chosen} act={act.clone()} /> }
    };
    html! {
        <div class="tokens" role="radiogroup" aria-label={words.inside.tokens} {onkeydown}>{ for (0..places).step_by(PART).map(part) }</div>
    }
}

#[derive(Properties, PartialEq)]
struct PartProps {
    reading: Rc<Reading>,
    rescaling: Option<Rc<Vec<Rescaling>>>,
    /// Its first place, and the one after its last.
    from: usize,
    to: usize,
    /// The chosen place, if that is in this part.
    chosen: Option<usize>,
    act: Callback<Action>,
}

#[component]
fn Part(props: &PartProps) -> Html {
    let PartProps { reading, rescaling, from, to, chosen, act } = props;
    let token = |at: usize| {
        let text = reading.tokens.get(at).map(|token| AttrValue::from(token.text.clone()));
        let here = rescaling.as_ref().and_then(|all| all.get(at).copied());
        html! { <Token {at} {text} {here} is_chosen={Some(at) == *chosen} act={act.clone()} /> }
    };
    html! { { for (*from..*to).map(token) } }
}

#[derive(Properties, PartialEq)]
struct TokenProps {
    /// Its place.
    at: usize,
    /// Its text; none for the end of the answer.
    text: Option<AttrValue>,
    /// What paints it.
    here: Option<Rescaling>,
    is_chosen: bool,
    act: Callback<Action>,
}

/// A part of its own, so that a step along the row draws the two tokens anew that it concerns.
#[component]
fn Token(props: &TokenProps) -> Html {
    let words = use_words();
    let &TokenProps { at, here, is_chosen, .. } = props;
    let is_end = props.text.is_none();
    let text = props.text.as_deref().unwrap_or_default();
    let is_text = !is_end && !text.trim().is_empty();
    let rescaling = here.map(|here| format!(": {}", words.rescaling_spoken(here)));
    let onclick = emit(&props.act, Action::Place(at));
    let looks = match text {
        _ if is_end => words.inside.end.to_owned(),
        "\n" => "↵".to_owned(),
        text => text.trim_start().to_owned(),
    };
    let class = classes!(
        "token",
        text.starts_with(' ').then_some("spaced"),
        (is_end || text == "\n").then_some("structure"),
        here.map(paint_class),
    );
    html! {
        <>
            // The token is English, what is said of it is in the page's language.
            <button id={id(at)} type="button" role="radio" lang={(is_text && rescaling.is_none()).then_some("en")} {class} style={here.map(paint)} {onclick}
                aria-checked={is_chosen.to_string()} tabindex={if is_chosen { "0" } else { "-1" }}>
                if is_text {
                    <span lang="en">{ looks }</span>
                } else {
                    <span aria-hidden="true">{ looks }</span>
                    <span class="hidden">{ words.token_spoken(text, is_end) }</span>
                }
                if let Some(rescaling) = rescaling {
                    <span class="hidden">{ rescaling }</span>
                }
            </button>
            if text == "\n" { <br /> }
        </>
    }
}

fn id(place: usize) -> String {
    format!("inside-token-{place}")
}

fn paint_class(rescaling: Rescaling) -> &'static str {
    match rescaling {
        Rescaling::Tau(_) => "painted",
        Rescaling::NoChoice => "no-choice",
        Rescaling::OutOfReach => "out-of-reach",
    }
}

/// The colour of an effective temperature, on the slider's own scale, and how much sharper than SFT the stage is (0 to 1).
fn paint(rescaling: Rescaling) -> String {
    match rescaling {
        Rescaling::Tau(tau) => {
            let most = f64::from(USUAL_TENTHS) / 10.0;
            let heat = (tau.clamp(0.1, most) - 0.1) / (most - 0.1);
            format!("--heat: {heat:.3}; --sharp: {:.3}", (1.0 - tau).clamp(0.0, 1.0))
        }
        Rescaling::NoChoice | Rescaling::OutOfReach => String::new(),
    }
}
