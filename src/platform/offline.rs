//! The page without a network.

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};

/// Tells the browser that the page is an app that can be installed. Chromium then offers that beside the address, with a motion for which it
/// lays out its own window again and again: not while the page is put together.
pub fn offer_as_app() {
    let document = web_sys::window().and_then(|window| window.document());
    let Some(document) = document else { return };
    let Ok(Some(meta)) = document.query_selector("meta[name='app-manifest']") else { return };
    let (Some(address), Ok(link)) = (meta.get_attribute("content"), document.create_element("link")) else {
        return;
    };
    // They fail only on names that no attribute may have, and where the element was taken out meanwhile.
    let _ = link.set_attribute("rel", "manifest");
    let _ = link.set_attribute("href", &address);
    let _ = meta.insert_adjacent_element("afterend", &link);
    meta.remove();
}

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
