//! What a first visit fetches: what it weighs is checked, and what of it a page without a network needs is kept.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// Lists that the page asks for at every visit.
pub const LISTS: [&str; 2] = ["models/manifest.json", "models/recorded.json"];

/// The model that a first visit loads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirstModel {
    /// Path in the build.
    pub path: String,
    /// Lower-case hex SHA-256.
    pub sha256: String,
}

/// The first file of the first stage; none where there are no models.
///
/// # Errors
/// When the manifest names none.
pub fn first_model(dist: &Path) -> Result<Option<FirstModel>> {
    let manifest = dist.join(LISTS[0]);
    let Ok(text) = fs::read_to_string(&manifest) else { return Ok(None) };
    let value: serde_json::Value =
        serde_json::from_str(&text).with_context(|| format!("{} is not JSON", manifest.display()))?;
    let file = &value["stages"][0]["files"][0];
    let text = |name: &str| {
        file[name]
            .as_str()
            .with_context(|| format!("the first model in {} has no {name}", manifest.display()))
    };
    let (name, sha256) = (text("file")?, text("sha256")?.to_owned());
    Ok(Some(FirstModel { path: format!("models/{name}"), sha256 }))
}

/// Whether a file of the program belongs to the WebGPU engine, which is fetched later and not by everybody.
#[must_use]
pub fn is_gpu_worker(name: &str) -> bool {
    name.starts_with("worker_gpu")
}

/// Whether a file of the program is fetched only when it is wanted: by some visitors, after their first answers.
#[must_use]
pub fn comes_later(name: &str) -> bool {
    is_gpu_worker(name) || name.starts_with("worker_train")
}
