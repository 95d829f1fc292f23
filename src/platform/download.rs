//! Handing the visitor a file that was made in the page.

use gloo_timers::callback::Timeout;
use js_sys::{Array, Promise};
use thiserror::Error;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, BlobPropertyBag, CanvasRenderingContext2d, HtmlAnchorElement, HtmlCanvasElement, HtmlImageElement,
    Url,
};

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
    offer(file_name, &text_blob(media_type, text)?)
}

/// Offers what an address stands for as a file; the address stays.
///
/// # Errors
/// As [`download_text`].
pub fn download_address(file_name: &str, address: &str) -> Result<(), DownloadError> {
    let document = web_sys::window().and_then(|window| window.document()).ok_or(DownloadError)?;
    let link: HtmlAnchorElement =
        document.create_element("a").map_err(|_| DownloadError)?.dyn_into().map_err(|_| DownloadError)?;
    link.set_href(address);
    link.set_download(file_name);
    link.click();
    Ok(())
}

/// Draws an SVG and offers it as a PNG of `width` x `height` pixels.
///
/// # Errors
/// As [`download_text`]; also where the browser cannot draw it.
pub async fn download_png(file_name: &str, svg: &str, width: u32, height: u32) -> Result<(), DownloadError> {
    let refused = |_: JsValue| DownloadError;
    let url = Url::create_object_url_with_blob(&text_blob("image/svg+xml", svg)?).map_err(refused)?;
    let image = HtmlImageElement::new().map_err(refused)?;
    image.set_src(&url);
    let drawn = JsFuture::from(image.decode()).await;
    // It fails only on what is no such URL.
    let _ = Url::revoke_object_url(&url);
    drawn.map_err(refused)?;
    let document = web_sys::window().and_then(|window| window.document()).ok_or(DownloadError)?;
    let canvas: HtmlCanvasElement =
        document.create_element("canvas").map_err(refused)?.dyn_into().map_err(|_| DownloadError)?;
    canvas.set_width(width);
    canvas.set_height(height);
    let context = canvas.get_context("2d").map_err(refused)?.ok_or(DownloadError)?;
    let context: CanvasRenderingContext2d = context.dyn_into().map_err(|_| DownloadError)?;
    context
        .draw_image_with_html_image_element_and_dw_and_dh(
            &image,
            0.0,
            0.0,
            f64::from(width),
            f64::from(height),
        )
        .map_err(refused)?;
    let made = Promise::new(&mut |resolve, _| {
        let take = Closure::once_into_js(move |blob: JsValue| {
            // A promise's own function takes whatever it is given.
            let _ = resolve.call1(&JsValue::NULL, &blob);
        });
        // Where it throws the promise is never kept, so the visitor is told of nothing; it throws only on huge canvases.
        let _ = canvas.to_blob(take.unchecked_ref());
    });
    let blob: Blob = JsFuture::from(made).await.map_err(refused)?.dyn_into().map_err(|_| DownloadError)?;
    offer(file_name, &blob)
}

fn text_blob(media_type: &str, text: &str) -> Result<Blob, DownloadError> {
    let parts = Array::of1(&JsValue::from_str(text));
    let options = BlobPropertyBag::new();
    options.set_type(&format!("{media_type};charset=utf-8"));
    Blob::new_with_str_sequence_and_options(&parts, &options).map_err(|_| DownloadError)
}

fn offer(file_name: &str, blob: &Blob) -> Result<(), DownloadError> {
    let url = Url::create_object_url_with_blob(blob).map_err(|_| DownloadError)?;
    download_address(file_name, &url)?;
    Timeout::new(KEPT_FOR_MS, move || {
        // It fails only on what is no such URL.
        let _ = Url::revoke_object_url(&url);
    })
    .forget();
    Ok(())
}
