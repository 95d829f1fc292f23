//! Reading a file that the visitor chose.

use thiserror::Error;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, File};

/// Why a file was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum FileError {
    /// Larger than was allowed; nothing of it was read.
    #[error("this file is too large")]
    TooLarge,
    /// The browser would not hand it over.
    #[error("this file cannot be read")]
    Unreadable,
}

/// The text of a file of at most `most_bytes`. What is not UTF-8 is replaced.
///
/// # Errors
/// [`FileError`].
pub async fn read_text(file: &File, most_bytes: u32) -> Result<String, FileError> {
    if file.size() > f64::from(most_bytes) {
        return Err(FileError::TooLarge);
    }
    let blob: &Blob = file.unchecked_ref();
    let text = JsFuture::from(blob.text()).await.map_err(|_| FileError::Unreadable)?;
    text.as_string().ok_or(FileError::Unreadable)
}
