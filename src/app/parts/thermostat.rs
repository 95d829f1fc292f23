//! The temperature slider: the one control that the page is about.

use yew::prelude::*;

use super::heat;
use super::slider::use_slider;
use crate::app::language::use_words;
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

/// The slider, its value and a word on what it does. These move at once; the rest of the page hears of it when they have been drawn.
#[component]
pub fn Thermostat(props: &ThermostatProps) -> Html {
    let words = use_words();
    let slider = use_slider(props.tenths, props.wide, &props.act);
    let (warmth, effect) = words.warmth(slider.tenths);
    let most = slider.most;
    let marks = if slider.is_wide() { vec![1, 5, 10, 15, 20] } else { vec![1, 5, 10, 15] };
    let mark = |mark: u8| {
        let place = format!("--place: {:.4}", f32::from(mark - 1) / f32::from(most - 1));
        html! { <span style={place}>{ words.tenths(mark) }</span> }
    };
    html! {
        <div class="thermostat" lang={words.language.tag()} style={heat(slider.tenths)}>
            <label class="thermostat-label" for="temperature">{ words.instrument.temperature }</label>
            <output id="temperature-value" class="thermostat-value" for="temperature" aria-live="off">{ words.tenths(slider.tenths) }</output>
            <p class="thermostat-word">
                <strong>{ warmth }</strong>
                <span id="temperature-effect">{ effect }</span>
            </p>
            <div class="thermostat-slider" data-wide={slider.is_wide().to_string()}>
                { slider.input("temperature", Some("temperature-effect"), words) }
                <div class="marks" aria-hidden="true">{ for marks.into_iter().map(mark) }</div>
            </div>
        </div>
    }
}
