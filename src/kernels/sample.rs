//! Sampling where the logits are.

use burn::tensor::Tensor;

use super::{KernelError, cpu};
use crate::sampling::{Draw, SampleError};
use crate::units::{Seed, Temperature, Truncation};

/// How one row is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RowDraw {
    /// Temperature of the row.
    pub temperature: Temperature,
    /// Truncation of the row.
    pub truncation: Truncation,
    /// Key of the draw.
    pub seed: Seed,
    /// Number of the answer, the second part of the key.
    pub row: u32,
    /// Number of the token within the answer, the third.
    pub step: u32,
}

/// What came of a row: a token, or the news that its logits are not numbers.
pub type RowOutcome = Result<Draw, SampleError>;

/// Draws one token per row. `logits`: `[rows.len(), vocabulary]`.
///
/// # Errors
/// [`KernelError::Device`] when the outcomes cannot be read back.
pub async fn sample_rows(logits: Tensor<2>, rows: &[RowDraw]) -> Result<Vec<RowOutcome>, KernelError> {
    #[cfg(feature = "gpu")]
    if super::gpu::runs_on(&logits.device()) {
        return super::gpu::sample_rows(logits, rows).await;
    }
    let vocabulary = logits.dims()[1];
    let data = logits.into_data_async().await.map_err(KernelError::device)?;
    let data = data.try_into_vec::<f32>().map_err(KernelError::device)?;
    Ok(cpu::sample_rows(&data, vocabulary, rows))
}
