//! The browser: fetch, cache, local store, clock, downloads. With `worker`, the only room where `JsValue` is seen.

pub mod clock;
pub mod fetch;
pub mod pause;
