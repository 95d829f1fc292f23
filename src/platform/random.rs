//! Random bytes from the browser's cryptographic source. Only for names and fresh seeds: what a model samples is drawn
//! from seeds alone.

use js_sys::{Function, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};

/// Sixteen random bytes; none where the browser has no such source.
#[must_use]
pub fn random_bytes() -> Option<[u8; 16]> {
    let crypto = Reflect::get(&js_sys::global(), &JsValue::from_str("crypto")).ok()?;
    let fill: Function =
        Reflect::get(&crypto, &JsValue::from_str("getRandomValues")).ok()?.dyn_into().ok()?;
    let array = Uint8Array::new_with_length(16);
    fill.call1(&crypto, &array).ok()?;
    let mut bytes = [0; 16];
    array.copy_to(&mut bytes);
    Some(bytes)
}
