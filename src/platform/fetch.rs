//! Fetching with progress, in the page and in workers.

use js_sys::{Promise, Reflect, Uint8Array};
use thiserror::Error;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{ReadableStreamDefaultReader, RequestCache, RequestInit, Response, WorkerGlobalScope};

/// Room that is made for a file at once, if the server says that it is so long; past that it grows as the file comes.
const MOST_AT_ONCE: u64 = 512 << 20;

/// Why a file could not be fetched.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FetchError {
    /// No answer from the server.
    #[error("{url} could not be reached")]
    Unreachable {
        /// What was asked for.
        url: String,
    },
    /// An answer other than success.
    #[error("{url} could not be fetched: the server answered {status}")]
    Status {
        /// What was asked for.
        url: String,
        /// HTTP status.
        status: u16,
    },
    /// The connection broke off.
    #[error("the download of {url} broke off")]
    BrokeOff {
        /// What was asked for.
        url: String,
    },
}

/// When a copy in the browser's cache is good enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cached {
    /// As long as the server said that it holds.
    WhileFresh,
    /// However old it is; the server is asked only where there is none.
    HoweverOld,
}

/// Fetches a file. `progress` is told the bytes so far and, if the server said so, in all.
///
/// # Errors
/// See [`FetchError`].
pub async fn fetch_bytes(
    url: &str,
    cached: Cached,
    progress: impl FnMut(u64, Option<u64>),
) -> Result<Vec<u8>, FetchError> {
    let cache = match cached {
        Cached::WhileFresh => RequestCache::Default,
        Cached::HoweverOld => RequestCache::ForceCache,
    };
    fetch(url, cache, progress).await
}

/// Fetches a small file as it is now: a copy in the browser's cache is used only if the server says that it still holds.
///
/// # Errors
/// See [`FetchError`].
pub async fn fetch_now(url: &str) -> Result<Vec<u8>, FetchError> {
    fetch(url, RequestCache::NoCache, |_, _| {}).await
}

async fn fetch(
    url: &str,
    cache: RequestCache,
    mut progress: impl FnMut(u64, Option<u64>),
) -> Result<Vec<u8>, FetchError> {
    let unreachable = |_| FetchError::Unreachable { url: url.to_owned() };
    let broke_off = |_| FetchError::BrokeOff { url: url.to_owned() };
    let response: Response =
        JsFuture::from(start(url, cache).map_err(unreachable)?).await.map_err(unreachable)?.unchecked_into();
    if !response.ok() {
        return Err(FetchError::Status { url: url.to_owned(), status: response.status() });
    }
    // A compressed transfer's length is not the file's.
    let compressed = response.headers().get("content-encoding").ok().flatten().is_some();
    let length = response.headers().get("content-length").ok().flatten().and_then(|l| l.parse().ok());
    let total: Option<u64> = if compressed { None } else { length };
    let Some(body) = response.body() else {
        return Err(FetchError::BrokeOff { url: url.to_owned() });
    };
    let reader: ReadableStreamDefaultReader = body.get_reader().unchecked_into();
    let mut bytes = Vec::new();
    // Without that a large file is copied each time it has outgrown its place. Where there is no room, it fails later or fits after all.
    let _ = bytes.try_reserve_exact(total.unwrap_or(0).min(MOST_AT_ONCE) as usize);
    loop {
        let chunk = JsFuture::from(reader.read()).await.map_err(broke_off)?;
        let done = Reflect::get(&chunk, &"done".into()).map_err(broke_off)?.is_truthy();
        if done {
            return Ok(bytes);
        }
        let value: Uint8Array = Reflect::get(&chunk, &"value".into()).map_err(broke_off)?.unchecked_into();
        let old = bytes.len();
        bytes.resize(old + value.length() as usize, 0);
        value.copy_to(&mut bytes[old..]);
        progress(bytes.len() as u64, total);
    }
}

/// `fetch` of the page or of the worker, whichever this is.
fn start(url: &str, cache: RequestCache) -> Result<Promise, JsValue> {
    let how = RequestInit::new();
    how.set_cache(cache);
    let global = js_sys::global();
    if let Some(worker) = global.dyn_ref::<WorkerGlobalScope>() {
        return Ok(worker.fetch_with_str_and_init(url, &how));
    }
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    Ok(window.fetch_with_str_and_init(url, &how))
}
