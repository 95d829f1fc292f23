//! The engine: rows in, tokens out.
//!
//! Open a [`device`], [`LoadedModel::load`] a file, [`Run::start`] a job and call [`Run::step`] until it is done. A run
//! is cancelled by not stepping it any more. Nothing here blocks: readback from a GPU is awaited. The engine knows
//! neither threads, nor the browser, nor the page.

pub mod device;
mod error;
mod loaded;
mod run;
pub mod self_test;

pub use error::EngineError;
pub use loaded::LoadedModel;
pub use run::{MOST_ROWS, Run};
