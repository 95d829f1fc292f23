//! The languages that the browser's user reads, and that of the document.

use wasm_bindgen::JsCast;

/// Tags of the languages that the visitor has told the browser, the preferred one first.
#[must_use]
pub fn preferred() -> Vec<String> {
    let languages = web_sys::window().map(|window| window.navigator().languages());
    languages
        .into_iter()
        .flat_map(|all| all.iter().collect::<Vec<_>>())
        .filter_map(|tag| tag.as_string())
        .collect()
}

/// Tells the browser, and whoever reads the document, its language, title and description.
pub fn declare(tag: &str, title: &str, description: &str) {
    let Some(document) = web_sys::window().and_then(|window| window.document()) else { return };
    document.set_title(title);
    // Both fail only on names that no attribute may have.
    if let Some(root) = document.document_element() {
        let _ = root.set_attribute("lang", tag);
    }
    if let Ok(Some(meta)) = document.query_selector("meta[name='description']") {
        let _ = meta.unchecked_ref::<web_sys::Element>().set_attribute("content", description);
    }
}
