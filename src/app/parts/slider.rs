//! A slider of the page's temperature, wherever one stands. It moves at once; the page hears of it when it has been drawn there.

use std::rc::Rc;

use yew::prelude::*;

use super::value_of;
use crate::app::language::Words;
use crate::app::settings::{Change, MOST_TENTHS, USUAL_TENTHS, tenths};
use crate::app::state::Action;
use crate::app::turns::use_ahead;
use crate::platform::frame::after_frame;

/// Where a slider stands, and what it does.
pub struct Slider {
    /// The temperature that it shows.
    pub tenths: u8,
    /// The highest that it goes to.
    pub most: u8,
    onpointerdown: Callback<PointerEvent>,
    oninput: Callback<InputEvent>,
    onchange: Callback<Event>,
}

/// A slider of the temperature `kept`, in tenths; `wide`: past the paper's range, where it is anyway once the temperature is.
#[hook]
pub fn use_slider(kept: u8, wide: bool, act: &Callback<Action>) -> Slider {
    let tell = act.reform(|tenths| Action::Change(Change::Temperature(tenths)));
    let (tenths, on_move) = use_ahead(kept, tell);
    let oninput = Callback::from(move |event: InputEvent| {
        if let Some(tenths) = temperature_of(&event) {
            on_move.emit(tenths);
        }
    });
    // Let go: what it asks for need not wait until it rests. The page hears of it after it has heard where the slider is. A key lets
    // nothing go, and the next may follow.
    let is_held = use_mut_ref(|| false);
    let onpointerdown = {
        let is_held = Rc::clone(&is_held);
        Callback::from(move |_: PointerEvent| *is_held.borrow_mut() = true)
    };
    let onchange = {
        let act = act.clone();
        Callback::from(move |_: Event| {
            if is_held.replace(false) {
                let act = act.clone();
                after_frame(move || act.emit(Action::Settle));
            }
        })
    };
    let most = if wide || tenths > USUAL_TENTHS { MOST_TENTHS } else { USUAL_TENTHS };
    Slider { tenths, most, onpointerdown, oninput, onchange }
}

impl Slider {
    /// The slider. `effect`: id of what says what it does.
    pub fn input(&self, id: &'static str, effect: Option<&'static str>, words: &Words) -> Html {
        html! {
            <input {id} type="range" min="0.1" max={tenths(self.most)} step="0.1" value={tenths(self.tenths)}
                aria-valuetext={words.temperature(self.tenths)} aria-describedby={effect}
                onpointerdown={&self.onpointerdown} oninput={&self.oninput} onchange={&self.onchange} />
        }
    }

    /// Whether it goes past the paper's range.
    #[must_use]
    pub fn is_wide(&self) -> bool {
        self.most == MOST_TENTHS
    }
}

/// The temperature, in tenths, of the slider that an event came from.
fn temperature_of(event: &Event) -> Option<u8> {
    let value = value_of(event)?.parse::<f32>().ok().filter(|value| (0.0..=10.0).contains(value))?;
    // In range, so the conversion is exact.
    Some((value * 10.0).round() as u8)
}
