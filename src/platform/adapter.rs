//! Whether the browser has a graphics adapter for WebGPU, before a GPU engine is fetched.

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// What the browser offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Adapter {
    /// The browser has no WebGPU.
    NoWebGpu,
    /// It has WebGPU, but no adapter for it.
    Missing,
    /// The adapter says that it is software.
    Software,
    /// An adapter that does not say that it is software.
    Real,
}

/// Asks the browser for an adapter.
pub async fn look_for_adapter() -> Adapter {
    let gpu = web_sys::window().and_then(|window| get(&window.navigator(), "gpu"));
    let Some(gpu) = gpu else { return Adapter::NoWebGpu };
    let Some(adapter) = request(&gpu).await else { return Adapter::Missing };
    let info = get(&adapter, "info").unwrap_or(JsValue::UNDEFINED);
    let says_software =
        |object: &JsValue| get(object, "isFallbackAdapter").is_some_and(|flag| flag.is_truthy());
    if says_software(&info) || says_software(&adapter) { Adapter::Software } else { Adapter::Real }
}

async fn request(gpu: &JsValue) -> Option<JsValue> {
    let request: Function = get(gpu, "requestAdapter")?.dyn_into().ok()?;
    let promise: Promise = request.call0(gpu).ok()?.dyn_into().ok()?;
    JsFuture::from(promise).await.ok().filter(|adapter| adapter.is_object())
}

fn get(object: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(object, &JsValue::from_str(name))
        .ok()
        .filter(|value| !value.is_undefined() && !value.is_null())
}
