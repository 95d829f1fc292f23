//! Subgroup operations, which wgpu 30 has not yet learned to ask a browser for (its issues 5555 and 10146).
//!
//! wgpu opens devices with the features of the adapter that it knows the names of, and takes no device that somebody else opened.
//! So the worker, whose global scope is its own, puts itself between wgpu and the browser: an adapter that has the feature is
//! asked for it, whatever else is asked of it. Once wgpu asks itself, this has no effect and can go.

use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::{JsFuture, future_to_promise};

/// The feature's name in WebGPU.
const SUBGROUPS: &str = "subgroups";

/// Devices that are opened in this scope from now on have subgroup operations if their adapter has. To be called once, by
/// workers; without WebGPU nothing happens.
pub fn ask_for_subgroups() {
    let gpu = get(&js_sys::global(), "navigator").and_then(|navigator| get(&navigator, "gpu"));
    if let Some(gpu) = gpu {
        ask_adapters_of(&gpu);
    }
}

/// As [`ask_for_subgroups`], for the adapters that this object hands out.
pub fn ask_adapters_of(gpu: &JsValue) {
    wrap(gpu, "requestAdapter", |gpu, request, options| {
        let adapter: Promise = request.call1(gpu, &options)?.dyn_into()?;
        Ok(future_to_promise(async move {
            let adapter = JsFuture::from(adapter).await?;
            if offers_subgroups(&adapter) {
                wrap(&adapter, "requestDevice", |adapter, request, descriptor| {
                    request.call1(adapter, &with_subgroups(descriptor)?)?.dyn_into()
                });
            }
            Ok(adapter)
        }))
    });
}

/// Puts a function in place of an object's own: it is given the object, what was there and the argument. What the object is
/// lacking is not put there.
fn wrap(
    object: &JsValue,
    name: &str,
    instead: impl Fn(&JsValue, &Function, JsValue) -> Result<Promise, JsValue> + 'static,
) {
    let Some(Ok(inner)) = get(object, name).map(JsCast::dyn_into::<Function>) else { return };
    let this = object.clone();
    let outer = Closure::<dyn Fn(JsValue) -> Result<Promise, JsValue>>::new(move |argument| {
        instead(&this, &inner, argument)
    });
    // An object that refuses remains as it was.
    if Reflect::set(object, &JsValue::from_str(name), outer.as_ref()).is_ok_and(|done| done) {
        outer.forget(); // it lives as long as the object
    }
}

fn offers_subgroups(adapter: &JsValue) -> bool {
    let features = get(adapter, "features");
    features.is_some_and(|features| {
        let has = get(&features, "has").and_then(|has| has.dyn_into::<Function>().ok());
        let answer = has.map(|has| has.call1(&features, &JsValue::from_str(SUBGROUPS)));
        answer.is_some_and(|answer| answer.is_ok_and(|answer| answer.is_truthy()))
    })
}

/// What is asked of a device, and this feature. To ask twice is to ask once.
fn with_subgroups(descriptor: JsValue) -> Result<JsValue, JsValue> {
    let descriptor = if descriptor.is_object() { descriptor } else { Object::new().into() };
    let name = JsValue::from_str("requiredFeatures");
    let features = Array::new();
    if let Some(asked) = get(&descriptor, "requiredFeatures") {
        for feature in js_sys::try_iter(&asked)?.into_iter().flatten() {
            features.push(&feature?);
        }
    }
    features.push(&JsValue::from_str(SUBGROUPS));
    Reflect::set(&descriptor, &name, &features)?;
    Ok(descriptor)
}

fn get(object: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(object, &JsValue::from_str(name))
        .ok()
        .filter(|value| !value.is_undefined() && !value.is_null())
}
