//! Learning: the decoder's gradient, the optimizer, and what is made of them for the page.
//!
//! The lab trains the published lineage with [`network`], [`adamw`] and [`pair_loss`].

pub mod adamw;
pub mod documents;
mod error;
pub mod file;
pub mod learn;
pub mod network;
pub mod order;
pub mod pair_loss;
pub mod policy;
pub mod reward;

pub use error::TrainingError;
