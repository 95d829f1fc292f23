//! The engine: rows in, tokens out.
//!
//! Open a [`device`], [`LoadedModel::load`] a file, [`Run::start`] a job and call [`Run::step`] until it is done. A run
//! is cancelled by not stepping it any more. [`inspect`] reads an answer that is there already, and [`score`] has
//! a reward model judge some. Nothing here blocks: readback from a GPU is awaited; native programs that
//! have nothing else to do wait with `block_on`. The engine knows neither threads, nor the browser, nor the page.

mod advance;
#[cfg(not(target_family = "wasm"))]
mod block_on;
mod budget;
pub mod device;
mod error;
mod inspect;
mod loaded;
mod run;
mod score;
pub mod self_test;

#[cfg(not(target_family = "wasm"))]
pub use block_on::block_on;
pub use budget::Budget;
pub use error::EngineError;
pub use inspect::inspect;
pub use loaded::LoadedModel;
pub use run::{MOST_ROWS, Run};
pub use score::score;
