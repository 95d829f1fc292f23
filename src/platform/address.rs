//! The page's address: its fragment, and the history of fragments.

use wasm_bindgen::JsValue;

/// The fragment with its `#`, or nothing.
#[must_use]
pub fn fragment() -> String {
    web_sys::window().and_then(|window| window.location().hash().ok()).unwrap_or_default()
}

/// The whole address.
#[must_use]
pub fn address() -> String {
    web_sys::window().and_then(|window| window.location().href().ok()).unwrap_or_default()
}

/// The whole address with another fragment, `#` and all.
#[must_use]
pub fn address_at(fragment: &str) -> String {
    let mut address = address();
    address.truncate(address.find('#').unwrap_or(address.len()));
    address + fragment
}

/// An address as seen from the page, in full: workers resolve relative ones from their own place.
#[must_use]
pub fn absolute(relative: &str) -> String {
    let base =
        web_sys::window().and_then(|window| window.document()).and_then(|document| document.base_uri().ok());
    let full = base.flatten().and_then(|base| web_sys::Url::new_with_base(relative, &base).ok());
    full.map_or_else(|| relative.to_owned(), |url| url.href())
}

/// The address of one of the program's files; `index.html` says in which folder they are.
#[must_use]
pub fn program_file(name: &str) -> String {
    let document = web_sys::window().and_then(|window| window.document());
    let meta = document.and_then(|document| document.query_selector("meta[name='program']").ok().flatten());
    let folder = meta.and_then(|meta| meta.get_attribute("content")).unwrap_or_else(|| "./".to_owned());
    absolute(&format!("{folder}{name}"))
}

/// Where this page may send votes, without a slash at the end: `index.html` says it, or says nothing.
#[must_use]
pub fn collector() -> Option<String> {
    let document = web_sys::window().and_then(|window| window.document())?;
    let meta = document.query_selector("meta[name='thermostat-collector']").ok().flatten()?;
    let url = web_sys::Url::new(meta.get_attribute("content")?.trim()).ok()?;
    matches!(url.protocol().as_str(), "https:" | "http:")
        .then(|| format!("{}{}", url.origin(), url.pathname().trim_end_matches('/')))
}

/// Writes the fragment; as a new entry of the history, or in place of the present one.
pub fn set_fragment(fragment: &str, new_entry: bool) {
    let Some(history) = web_sys::window().and_then(|window| window.history().ok()) else { return };
    let written = if new_entry {
        history.push_state_with_url(&JsValue::NULL, "", Some(fragment))
    } else {
        history.replace_state_with_url(&JsValue::NULL, "", Some(fragment))
    };
    // Browsers refuse when a page writes very often. The page works without it, so nobody need be told.
    let _ = written;
}
