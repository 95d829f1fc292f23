//! Thermostat: the map of the rooms.
//!
//! Dependencies point up this list only; `ARCHITECTURE.md` says why.

// -- pure: native and wasm, no device, no browser
pub mod checksum;
pub mod eight;
pub mod experiment;
pub mod gguf;
pub mod learning;
pub mod manifest;
pub mod metrics;
pub mod preference;
pub mod protocol;
pub mod sampling;
pub mod text;
pub mod units;

// -- the engine, with burn only for devices other than the processor
#[cfg(feature = "engine")]
pub mod engine;
#[cfg(feature = "engine")]
pub mod kernels;
#[cfg(feature = "engine")]
pub mod model;

// -- learning, native and wasm: without the engine, without burn
#[cfg(feature = "training")]
pub mod training;

// -- needs the browser, but for what is pure in them: the page's state and the client's decisions
pub mod app;
#[cfg(feature = "web")]
pub mod platform;
pub mod worker;
