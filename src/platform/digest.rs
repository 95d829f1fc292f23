//! Checksums by the browser, which has the processor's instructions for them and computes beside the one who asks.

use js_sys::{Function, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::checksum::{hex, hex_sha256};

/// The browser takes a copy: of a file larger than this that would be memory which a small machine may not have.
const MOST_COPIED: usize = 64 << 20;

/// Lower-case hex SHA-256 of some bytes. Browsers compute it for pages that come over https, or from this machine; elsewhere, and of large
/// files, it is computed here.
pub async fn sha256(bytes: &[u8]) -> String {
    let sum = match (bytes.len() <= MOST_COPIED).then(|| asked(bytes)).flatten() {
        Some(promise) => JsFuture::from(promise).await.ok(),
        None => None,
    };
    sum.map_or_else(|| hex_sha256(bytes), |sum| hex(&Uint8Array::new(&sum).to_vec()))
}

/// `crypto.subtle.digest`, by name: in insecure pages `subtle` is not there.
fn asked(bytes: &[u8]) -> Option<Promise> {
    let part = |of: &JsValue, name: &str| Reflect::get(of, &JsValue::from_str(name)).ok();
    let subtle = part(&part(&js_sys::global(), "crypto")?, "subtle")?;
    let digest: Function = part(&subtle, "digest")?.dyn_into().ok()?;
    digest.call2(&subtle, &JsValue::from_str("SHA-256"), &Uint8Array::from(bytes)).ok()?.dyn_into().ok()
}
