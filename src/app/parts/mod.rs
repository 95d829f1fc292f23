//! The parts that draw the page. Each takes plain values and one callback for actions.

pub mod about;
pub mod advanced;
pub mod answers;
pub mod chapters;
pub mod chart;
pub mod column;
pub mod controls;
pub mod copy;
pub mod dials;
pub mod guide;
pub mod languages;
pub mod marks;
pub mod masthead;
pub mod picker;
pub mod progress;
pub mod prompt;
pub mod reader;
pub mod slider;
pub mod thermostat;

use wasm_bindgen::JsCast;
use web_sys::{Event, File, HtmlInputElement, HtmlSelectElement, MouseEvent};
use yew::{Callback, Html, html};

use super::settings::USUAL_TENTHS;

/// A temperature as a style: 0 at the cold end of the paper's range, 1 at its hot end and beyond. `tokens.css` makes a
/// colour of it.
#[must_use]
pub fn heat(tenths: u8) -> String {
    format!("--heat: {:.3}", f64::from(tenths.clamp(1, USUAL_TENTHS) - 1) / f64::from(USUAL_TENTHS - 1))
}

/// The value of the input or picker that an event came from.
pub fn value_of(event: &Event) -> Option<String> {
    let target = event.target()?;
    match target.dyn_into::<HtmlInputElement>() {
        Ok(input) => Some(input.value()),
        Err(other) => other.dyn_into::<HtmlSelectElement>().ok().map(|select| select.value()),
    }
}

/// What a button does that means one action.
pub fn emit<Action: Clone + 'static>(act: &Callback<Action>, action: Action) -> Callback<MouseEvent> {
    let act = act.clone();
    Callback::from(move |_: MouseEvent| act.emit(action.clone()))
}

/// A button that lets the visitor choose a file. `accept`: the kinds that are offered.
pub fn file_button(
    id: &'static str,
    label: &'static str,
    accept: &'static str,
    is_disabled: bool,
    on_file: &Callback<File>,
) -> Html {
    let on_file = on_file.clone();
    let onchange = Callback::from(move |event: Event| {
        let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        let Some(input) = input else { return };
        if let Some(file) = input.files().and_then(|files| files.get(0)) {
            on_file.emit(file);
        }
        input.set_value(""); // the same file can be chosen again
    });
    html! {
        <label class="file" for={id} data-disabled={is_disabled.to_string()}>
            <input {id} type="file" {accept} disabled={is_disabled} {onchange} />
            <span>{ label }</span>
        </label>
    }
}
