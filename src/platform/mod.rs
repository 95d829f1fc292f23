//! The browser: fetch, cache, local store, clock, downloads. The only room besides `worker` with `JsValue`.
