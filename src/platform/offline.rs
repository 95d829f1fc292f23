//! The page without a network.

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};

/// Asks the browser to keep the page for visits without a network (`www/offline.js`). Browsers refuse where the page does not
/// come over https, in private windows, and where the visitor keeps them from storing; then the page needs its network, as
/// it did before.
pub fn keep_page() {
    if let Some(registered) = register() {
        spawn_local(async move {
            // A refusal changes nothing for the visitor, who has a network now.
            let _ = JsFuture::from(registered).await;
        });
    }
}

/// `navigator.serviceWorker.register`, by name: in a sandboxed frame even to ask for the container is an error, and insecure
/// pages have none.
fn register() -> Option<Promise> {
    let navigator = web_sys::window()?.navigator();
    let container = Reflect::get(&navigator, &JsValue::from_str("serviceWorker")).ok()?;
    let register: Function =
        Reflect::get(&container, &JsValue::from_str("register")).ok()?.dyn_into().ok()?;
    register.call1(&container, &JsValue::from_str("./offline.js")).ok()?.dyn_into().ok()
}
