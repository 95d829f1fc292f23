//! Time, in the page and in workers.

use js_sys::{Function, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// Milliseconds since the page or worker began, with fractions; 0 where there is no clock.
#[must_use]
pub fn now_ms() -> f64 {
    let performance = Reflect::get(&js_sys::global(), &JsValue::from_str("performance"));
    let now = performance.and_then(|p| {
        let now: Function = Reflect::get(&p, &JsValue::from_str("now"))?.unchecked_into();
        now.call0(&p)
    });
    now.ok().and_then(|v| v.as_f64()).unwrap_or(0.0)
}

/// Milliseconds since 1970.
#[must_use]
pub fn unix_ms() -> f64 {
    js_sys::Date::now()
}
