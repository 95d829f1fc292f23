//! Files that this page holds under an address of their own, as if they had been fetched.

use js_sys::{Array, Uint8Array};
use web_sys::{Blob, Url};

/// The address of some bytes, for this page and its workers, until the page is left or [`release`] is called. None where the
/// browser refuses.
#[must_use]
pub fn hold(bytes: &[u8]) -> Option<String> {
    let parts = Array::of1(&Uint8Array::from(bytes));
    let blob = Blob::new_with_u8_array_sequence(&parts).ok()?;
    Url::create_object_url_with_blob(&blob).ok()
}

/// Lets go of what an address stands for.
pub fn release(address: &str) {
    // It fails only on what is no such address.
    let _ = Url::revoke_object_url(address);
}
