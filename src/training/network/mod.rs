//! The decoder as it is trained: the forward pass, and a backward pass written by hand.
//!
//! The same Llama architecture as `thermostat::model`, on plain slices. At this size a step spends as long in the small
//! loops between the matrix products as in the products, so the loops are fused by hand. `tests/autodiff_twin.rs` holds
//! the gradient to burn's autodiff and measures both speeds; `tests/export.rs` holds the logits to the engine's.
//!
//! [`generate`] samples answers from weights in training.
//!
//! Nothing here knows of text, files or optimizers.

mod attention;
mod cache;
pub mod generate;
mod head;
pub mod loops;
mod pass;
mod scalar;
mod shape;
mod weights;

#[cfg(test)]
mod tests;

pub use pass::{Pass, Shard};
pub use shape::ModelShape;
pub use weights::{BlockWeights, Layout, Part};
