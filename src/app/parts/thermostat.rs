//! The temperature slider: the one control that the page is about.

use yew::prelude::*;

use super::{heat, temperature_of};
use crate::app::language::use_words;
use crate::app::settings::{Change, MOST_TENTHS, USUAL_TENTHS, tenths};
use crate::app::state::Action;
use crate::app::turns::use_ahead;
use crate::platform::frame::after_frame;

/// Properties of [`Thermostat`].
#[derive(Properties, PartialEq)]
pub struct ThermostatProps {
    /// The temperature.
    pub tenths: u8,
    /// Whether the slider goes past the paper's range.
    pub wide: bool,
    /// What to do.
    pub act: Callback<Action>,
}

/// The slider, its value and a word on what it does. These move at once; the rest of the page hears of it when they have been drawn.
#[component]
pub fn Thermostat(props: &ThermostatProps) -> Html {
    let words = use_words();
    let tell = props.act.reform(|tenths| Action::Change(Change::Temperature(tenths)));
    let (shown, on_move) = use_ahead(props.tenths, tell);
    let (warmth, effect) = words.warmth(shown);
    let oninput = Callback::from(move |event: InputEvent| {
        if let Some(tenths) = temperature_of(&event) {
            on_move.emit(tenths);
        }
    });
    // Let go: what the slider asks for need not wait until it rests. The page hears of it after it has heard where the slider is.
    let onchange = {
        let act = props.act.clone();
        Callback::from(move |_: Event| {
            let act = act.clone();
            after_frame(move || act.emit(Action::Settle));
        })
    };
    let most = if props.wide || shown > USUAL_TENTHS { MOST_TENTHS } else { USUAL_TENTHS };
    let value = tenths(shown);
    let marks = if most == MOST_TENTHS { vec![1, 5, 10, 15, 20] } else { vec![1, 5, 10, 15] };
    let mark = |mark: u8| {
        let place = format!("--place: {:.4}", f32::from(mark - 1) / f32::from(most - 1));
        html! { <span style={place}>{ words.tenths(mark) }</span> }
    };
    html! {
        <div class="thermostat" lang={words.language.tag()} style={heat(shown)}>
            <label class="thermostat-label" for="temperature">{ words.instrument.temperature }</label>
            <output id="temperature-value" class="thermostat-value" for="temperature" aria-live="off">{ words.tenths(shown) }</output>
            <p class="thermostat-word">
                <strong>{ warmth }</strong>
                <span id="temperature-effect">{ effect }</span>
            </p>
            <div class="thermostat-slider" data-wide={(most == MOST_TENTHS).to_string()}>
                <input id="temperature" type="range" min="0.1" max={tenths(most)} step="0.1" value={value}
                    aria-valuetext={words.temperature(shown)} aria-describedby="temperature-effect" {oninput} {onchange} />
                <div class="marks" aria-hidden="true">{ for marks.into_iter().map(mark) }</div>
            </div>
        </div>
    }
}
