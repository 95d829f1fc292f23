//! Keeping one text under a name in this browser (local storage), for what may be lost without harm.
//!
//! Votes are kept elsewhere, in [`store`](super::store): they may not be lost.

use thiserror::Error;
use web_sys::Storage;

/// The browser keeps nothing, or no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("this browser does not let the page keep it: storage is off, or full")]
pub struct KeepError;

fn storage() -> Result<Storage, KeepError> {
    web_sys::window().and_then(|window| window.local_storage().ok().flatten()).ok_or(KeepError)
}

/// Keeps a text.
///
/// # Errors
/// [`KeepError`]; what was kept before stays.
pub fn keep(name: &str, text: &str) -> Result<(), KeepError> {
    storage()?.set_item(name, text).map_err(|_| KeepError)
}

/// What was kept; none where nothing was, or nothing can be.
#[must_use]
pub fn kept(name: &str) -> Option<String> {
    storage().ok()?.get_item(name).ok().flatten()
}

/// Forgets what was kept.
pub fn forget(name: &str) {
    if let Ok(storage) = storage() {
        // It fails only where nothing can be kept.
        let _ = storage.remove_item(name);
    }
}
