//! A file that was made in this browser, and what is to be known of it: kept together, forgotten together.
//!
//! It has a database of its own, so that votes and models come and go apart.

use js_sys::Uint8Array;
use wasm_bindgen::JsValue;

use super::{StoreError, VALUES, VoteStore};

/// The file's bytes among the values.
const FILE: &str = "file";
/// What is to be known of it.
const ABOUT: &str = "about";

/// Keeps one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileStore(VoteStore);

impl Default for FileStore {
    fn default() -> Self {
        Self(VoteStore::new("thermostat-own", super::LIMIT_MS))
    }
}

impl FileStore {
    /// Keeps a file in place of the one before; it is safe when this returns.
    ///
    /// # Errors
    /// [`StoreError`]; then the one before is still kept.
    pub async fn keep(&self, about: &str, file: &[u8]) -> Result<(), StoreError> {
        let (about, file) = (JsValue::from_str(about), Uint8Array::from(file));
        self.0
            .write(&[VALUES], async move |transaction| {
                let values = transaction.object_store(VALUES)?;
                values.put(&about, Some(&JsValue::from_str(ABOUT)))?.await?;
                values.put(&file, Some(&JsValue::from_str(FILE)))?.await?;
                Ok(())
            })
            .await
    }

    /// What is known of the file, and its bytes; none where none is kept.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn kept(&self) -> Result<Option<(String, Vec<u8>)>, StoreError> {
        self.0
            .within_limit(async {
                let connection = self.0.open().await?;
                let values = connection.begin(&[VALUES], false)?.object_store(VALUES)?;
                let about = values.get(JsValue::from_str(ABOUT))?.await?;
                let file = values.get(JsValue::from_str(FILE))?.await?;
                let about = about.and_then(|value| value.as_string());
                Ok(about.zip(file.map(|value| Uint8Array::new(&value).to_vec())))
            })
            .await
    }

    /// Forgets the file.
    ///
    /// # Errors
    /// [`StoreError`]; then it is still kept.
    pub async fn forget(&self) -> Result<(), StoreError> {
        self.0
            .write(&[VALUES], async |transaction| {
                transaction.object_store(VALUES)?.clear()?.await?;
                Ok(())
            })
            .await
    }
}
