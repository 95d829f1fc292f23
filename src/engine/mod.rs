//! The engine: rows in, tokens out.
//!
//! Open a [`device`], [`LoadedModel::load`] a file, [`Batch::add`] jobs, at any time, and call [`Batch::step`] until they are done; a
//! [`Run`] is a batch of one job. A job is cancelled by [removing](Batch::remove) it. [`inspect`] reads an answer that is there already, and [`score`] has
//! a reward model judge some. Nothing here blocks: readback from a GPU is awaited; native programs that
//! have nothing else to do wait with `block_on`. The engine knows neither threads, nor the browser, nor the page.

mod advance;
mod batch;
#[cfg(not(target_family = "wasm"))]
mod block_on;
mod budget;
pub mod device;
mod error;
mod inspect;
mod loaded;
mod prompts;
#[cfg(feature = "gpu")]
pub mod reduction;
mod row;
mod run;
mod score;
pub mod self_test;

pub use batch::{Batch, Counts, Gain, JobId, MOST_ROWS};
#[cfg(not(target_family = "wasm"))]
pub use block_on::block_on;
pub use budget::Budget;
pub use error::EngineError;
pub use inspect::inspect;
pub use loaded::LoadedModel;
pub use run::Run;
pub use score::score;
