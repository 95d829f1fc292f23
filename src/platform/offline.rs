//! The page without a network.

use js_sys::Reflect;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::ServiceWorkerContainer;

/// Asks the browser to keep the page for visits without a network (`www/offline.js`). Browsers refuse where the page does not
/// come over https, in private windows, and where the visitor keeps them from storing; then the page needs its network, as
/// it did before.
pub fn keep_page() {
    // In a sandboxed frame even to ask is an error, and insecure pages have no such thing.
    let found = web_sys::window()
        .and_then(|window| Reflect::get(&window.navigator(), &JsValue::from_str("serviceWorker")).ok())
        .and_then(|found| found.dyn_into::<ServiceWorkerContainer>().ok());
    if let Some(container) = found {
        let registered = container.register("./offline.js");
        spawn_local(async move {
            // A refusal changes nothing for the visitor, who has a network now.
            let _ = JsFuture::from(registered).await;
        });
    }
}
