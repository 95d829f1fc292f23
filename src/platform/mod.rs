//! The browser: fetch, cache, local store, clock, downloads. With `worker`, the only room where `JsValue` is seen.

pub mod adapter;
pub mod address;
pub mod blob;
pub mod clipboard;
pub mod clock;
pub mod cores;
pub mod digest;
pub mod download;
pub mod fetch;
pub mod file;
pub mod focus;
pub mod frame;
pub mod held;
pub mod keep;
pub mod language;
pub mod ledger;
pub mod listener;
pub mod nearness;
pub mod offline;
pub mod pause;
pub mod post;
pub mod random;
pub mod stillness;
pub mod store;
pub mod subgroups;
pub mod turn;
