//! One request to a collector: without cookies, without an address of the page, and never longer than a time.

use gloo_timers::callback::Timeout;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, Headers, ReferrerPolicy, RequestCache, RequestCredentials, RequestInit, Response,
};

use crate::app::compare::sending::verdict::Reply;

/// Given up after this; shorter than a lease.
const LIMIT_MS: u32 = 20_000;

/// Sends a batch of votes.
pub async fn post_json(url: &str, body: &str) -> Reply {
    request("POST", url, ("content-type", "application/json"), Some(body)).await
}

/// Asks for a deletion, with the key that allows it.
pub async fn delete(url: &str, key: &str) -> Reply {
    request("DELETE", url, ("authorization", &format!("Bearer {key}")), None).await
}

async fn request(method: &str, url: &str, header: (&str, &str), body: Option<&str>) -> Reply {
    // Every error is the same to the visitor: no answer came. A browser says no more either.
    ask(method, url, header, body).await.unwrap_or(Reply::Nothing)
}

async fn ask(method: &str, url: &str, header: (&str, &str), body: Option<&str>) -> Result<Reply, JsValue> {
    let limit = AbortController::new()?;
    let signal = limit.signal();
    let _alarm = Timeout::new(LIMIT_MS, move || limit.abort());
    let headers = Headers::new()?;
    headers.set(header.0, header.1)?;
    let how = RequestInit::new();
    how.set_method(method);
    how.set_headers(&headers);
    how.set_cache(RequestCache::NoStore);
    how.set_credentials(RequestCredentials::Omit);
    how.set_referrer_policy(ReferrerPolicy::NoReferrer);
    how.set_signal(Some(&signal));
    if let Some(body) = body {
        how.set_body(&JsValue::from_str(body));
    }
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    let response: Response =
        JsFuture::from(window.fetch_with_str_and_init(url, &how)).await?.unchecked_into();
    let retry_after = response.headers().get("retry-after").ok().flatten();
    let body = JsFuture::from(response.text()?).await?;
    Ok(Reply::Answer {
        status: response.status(),
        retry_after_s: retry_after.and_then(|value| value.trim().parse().ok()),
        body: body.as_string().unwrap_or_default(),
    })
}
