//! The page without a network.

/// Asks the browser to keep the page for visits without a network (`www/offline.js`). Browsers refuse where the page does not
/// come over https, in private windows, and where the visitor keeps them from storing; then the page needs its network.
pub fn keep_page() {
    let container = web_sys::window().map(|window| window.navigator().service_worker());
    // Insecure pages have no container at all.
    if let Some(container) = container.filter(|container| !container.is_undefined()) {
        // The promise tells only whether it worked, and nobody waits for it.
        let _ = container.register("./offline.js");
    }
}
