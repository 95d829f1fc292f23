//! The temperature slider: the one control that the page is about.

use yew::prelude::*;

use super::{heat, temperature_of};
use crate::app::language::use_words;
use crate::app::settings::{Change, MOST_TENTHS, USUAL_TENTHS, tenths};
use crate::app::state::Action;

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

/// The slider, its value and a word on what it does.
#[component]
pub fn Thermostat(props: &ThermostatProps) -> Html {
    let words = use_words();
    let (warmth, effect) = words.warmth(props.tenths);
    let oninput = {
        let act = props.act.clone();
        Callback::from(move |event: InputEvent| {
            if let Some(tenths) = temperature_of(&event) {
                act.emit(Action::Change(Change::Temperature(tenths)));
            }
        })
    };
    // Let go: what the slider asks for need not wait until it rests.
    let onchange = props.act.reform(|_: Event| Action::Settle);
    let most = if props.wide || props.tenths > USUAL_TENTHS { MOST_TENTHS } else { USUAL_TENTHS };
    let value = tenths(props.tenths);
    let marks = if most == MOST_TENTHS { vec![1, 5, 10, 15, 20] } else { vec![1, 5, 10, 15] };
    let mark = |mark: u8| {
        let place = format!("--place: {:.4}", f32::from(mark - 1) / f32::from(most - 1));
        html! { <span style={place}>{ words.tenths(mark) }</span> }
    };
    html! {
        <div class="thermostat" style={heat(props.tenths)}>
            <label class="thermostat-label" for="temperature">{ words.instrument.temperature }</label>
            <output id="temperature-value" class="thermostat-value" for="temperature" aria-live="off">{ words.tenths(props.tenths) }</output>
            <p class="thermostat-word">
                <strong>{ warmth }</strong>
                <span id="temperature-effect">{ effect }</span>
            </p>
            <div class="thermostat-slider" data-wide={(most == MOST_TENTHS).to_string()}>
                <input id="temperature" type="range" min="0.1" max={tenths(most)} step="0.1" value={value}
                    aria-valuetext={words.temperature(props.tenths)} aria-describedby="temperature-effect" {oninput} {onchange} />
                <div class="marks" aria-hidden="true">{ for marks.into_iter().map(mark) }</div>
            </div>
        </div>
    }
}
