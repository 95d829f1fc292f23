//! The answer as a row of tokens, each painted by how far the chosen stage rescaled the temperature there.

use yew::prelude::*;

use super::reading::{Reading, Rescaling};
use crate::app::language::Words;
use crate::app::settings::USUAL_TENTHS;
use crate::platform::focus::focus;

/// The tokens as elements: a row in which one is chosen, as with radio buttons. `on_place` hears which.
pub(super) fn strip(
    reading: &Reading,
    is_complete: bool,
    place: usize,
    rescaling: Option<&[Rescaling]>,
    on_place: &Callback<usize>,
    words: &Words,
) -> Html {
    let places = reading.tokens.len() + usize::from(is_complete);
    let onkeydown = {
        let on_place = on_place.clone();
        Callback::from(move |event: KeyboardEvent| {
            let next = match event.key().as_str() {
                "ArrowRight" | "ArrowDown" => (place + 1).min(places.saturating_sub(1)),
                "ArrowLeft" | "ArrowUp" => place.saturating_sub(1),
                "Home" => 0,
                "End" => places.saturating_sub(1),
                _ => return,
            };
            event.prevent_default();
            on_place.emit(next);
            focus(&id(next));
        })
    };
    let token = |at: usize| {
        let text = reading.tokens.get(at).map(|token| token.text.as_str());
        let is_end = text.is_none();
        let text = text.unwrap_or_default();
        let here = rescaling.and_then(|all| all.get(at).copied());
        let label = match here {
            Some(here) => format!("{}: {}", words.token_spoken(text, is_end), words.rescaling_spoken(here)),
            None => words.token_spoken(text, is_end),
        };
        let onclick = {
            let on_place = on_place.clone();
            Callback::from(move |_: MouseEvent| on_place.emit(at))
        };
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
                <button id={id(at)} type="button" role="radio" lang={(!is_end).then_some("en")} {class} style={here.map(paint)} {onclick} aria-label={label}
                    aria-checked={(at == place).to_string()} tabindex={if at == place { "0" } else { "-1" }}>{ looks }</button>
                if text == "\n" { <br /> }
            </>
        }
    };
    html! {
        <div class="tokens" role="radiogroup" aria-label={words.inside.tokens} {onkeydown}>{ for (0..places).map(token) }</div>
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
