//! Weights on disk: a line of JSON, then little-endian `f32`. Written under another name and then renamed, so that a stage is
//! either there whole or not at all, which is how a course knows what is done.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

#[derive(Debug, Serialize, Deserialize)]
struct Header {
    values: usize,
}

/// Writes a vector.
///
/// # Errors
/// A file that cannot be written.
pub fn save_values(path: &Path, values: &[f32]) -> Result<()> {
    let mut bytes = serde_json::to_vec(&Header { values: values.len() })?;
    bytes.push(b'\n');
    bytes.extend(values.iter().flat_map(|v| v.to_le_bytes()));
    write_whole(path, &bytes)
}

/// Reads a vector of `wanted` values.
///
/// # Errors
/// A file that cannot be read, is damaged, or holds another number of values.
pub fn load_values(path: &Path, wanted: usize) -> Result<Vec<f32>> {
    let bytes = fs::read(path).with_context(|| format!("reading {}", path.display()))?;
    let damaged = || format!("{} is damaged; remove it to make it again", path.display());
    let end = bytes.iter().position(|&b| b == b'\n').with_context(damaged)?;
    let header: Header = serde_json::from_slice(&bytes[..end]).with_context(damaged)?;
    let body = &bytes[end + 1..];
    ensure!(header.values == wanted, "{} belongs to a model of another size", path.display());
    ensure!(body.len() == 4 * wanted, "{} is cut off; remove it to make it again", path.display());
    Ok(body.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect())
}

/// Writes a value as JSON.
///
/// # Errors
/// A file that cannot be written.
pub fn save_json<T: Serialize>(path: &Path, value: &T) -> Result<()> {
    let mut text = serde_json::to_string_pretty(value)?;
    text.push('\n');
    write_whole(path, text.as_bytes())
}

/// Reads a value from JSON.
///
/// # Errors
/// A file that cannot be read or is damaged.
pub fn load_json<T: DeserializeOwned>(path: &Path) -> Result<T> {
    let bytes = fs::read(path).with_context(|| format!("reading {}", path.display()))?;
    serde_json::from_slice(&bytes).with_context(|| format!("{} is damaged", path.display()))
}

/// Writes values as JSON, one a line.
///
/// # Errors
/// A file that cannot be written.
pub fn save_lines<T: Serialize>(path: &Path, values: &[T]) -> Result<()> {
    let mut text = String::new();
    for value in values {
        text.push_str(&serde_json::to_string(value)?);
        text.push('\n');
    }
    write_whole(path, text.as_bytes())
}

/// Reads values written by [`save_lines`].
///
/// # Errors
/// A file that cannot be read or is damaged.
pub fn load_lines<T: DeserializeOwned>(path: &Path) -> Result<Vec<T>> {
    let text = fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
    text.lines()
        .map(|line| {
            serde_json::from_str(line).with_context(|| format!("{} is damaged: {line}", path.display()))
        })
        .collect()
}

fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
    }
    let mut partial = path.as_os_str().to_owned();
    partial.push(".partial");
    fs::write(&partial, bytes).with_context(|| format!("writing {}", path.display()))?;
    fs::rename(&partial, path).with_context(|| format!("writing {}", path.display()))
}
