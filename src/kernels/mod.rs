//! The kernels: what runs on the processor ([`cpu`]), and the Rust side of `shaders/` (bindings, dispatch limits).
//!
//! Every function here works wherever its numbers are: on WebGPU it launches our WGSL, elsewhere it runs the twin in
//! [`cpu`], so that the engine has one code path.

#[cfg(feature = "tensor")]
mod blocks;
pub mod cpu;
#[cfg(feature = "gpu")]
mod decode;
#[cfg(feature = "gpu")]
pub mod direct;
#[cfg(feature = "gpu")]
pub mod gpu;
#[cfg(feature = "tensor")]
mod matvec;
mod sample;
mod values;

#[cfg(feature = "tensor")]
pub use blocks::{BlockFormat, Blocks};
#[cfg(feature = "gpu")]
pub use decode::{AttendShape, DecodeShape, Finish, Norm, RowPlace};
#[cfg(feature = "gpu")]
pub use gpu::{draw_words, outcome_of};
#[cfg(feature = "gpu")]
pub use matvec::WeightParts;
#[cfg(feature = "tensor")]
pub use matvec::{QuantizedWeights, matvec};
pub use sample::{RowDraw, RowOutcome, sample_rows};
pub use values::Values;

use thiserror::Error;

/// A kernel that could not run or be read back.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum KernelError {
    /// The device failed.
    #[error("{0}")]
    Device(String),
}

impl KernelError {
    /// What a device says of a failure, without the trail of everything that failed after it.
    #[cfg(feature = "tensor")]
    pub(crate) fn device(error: impl std::fmt::Display) -> Self {
        let told = error.to_string();
        Self::Device(told.lines().next().unwrap_or_default().to_owned())
    }
}
