//! Handing the visitor a file that was made in the page.

use gloo_timers::callback::Timeout;
use js_sys::Array;
use thiserror::Error;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

/// Browsers read the file after the click; this is long enough for any.
const KEPT_FOR_MS: u32 = 60_000;

/// The browser would not take the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("this browser did not take the file; try another browser, or copy the text by hand")]
pub struct DownloadError;

/// Offers `text` as a file, as if the visitor had clicked on a link to it. `media_type` is for example
/// `application/jsonl`; the text is UTF-8.
///
/// # Errors
/// [`DownloadError`] where the browser refuses. What the visitor does with the file is not known here.
pub fn download_text(file_name: &str, media_type: &str, text: &str) -> Result<(), DownloadError> {
    let parts = Array::of1(&JsValue::from_str(text));
    let options = BlobPropertyBag::new();
    options.set_type(&format!("{media_type};charset=utf-8"));
    let blob = Blob::new_with_str_sequence_and_options(&parts, &options).map_err(|_| DownloadError)?;
    let document = web_sys::window().and_then(|window| window.document()).ok_or(DownloadError)?;
    let link: HtmlAnchorElement =
        document.create_element("a").map_err(|_| DownloadError)?.dyn_into().map_err(|_| DownloadError)?;
    let url = Url::create_object_url_with_blob(&blob).map_err(|_| DownloadError)?;
    link.set_href(&url);
    link.set_download(file_name);
    link.click();
    Timeout::new(KEPT_FOR_MS, move || {
        // It fails only on what is no such URL.
        let _ = Url::revoke_object_url(&url);
    })
    .forget();
    Ok(())
}
