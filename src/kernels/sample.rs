//! Sampling where the logits are.

use super::{KernelError, Values, cpu};
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

/// Draws one token per row. `logits`: `[rows.len(), vocabulary]`, or `[1, vocabulary]` for all rows alike.
///
/// # Errors
/// [`KernelError::Device`] when the outcomes cannot be read back.
pub async fn sample_rows(
    logits: impl Into<Values>,
    rows: &[RowDraw],
) -> Result<Vec<RowOutcome>, KernelError> {
    let logits = logits.into();
    #[cfg(feature = "gpu")]
    if let Values::Tensor(logits) = &logits
        && super::gpu::runs_on(&logits.device())
    {
        let logits = logits.clone().expand([rows.len(), logits.dims()[1]]);
        return super::gpu::sample_rows(logits, rows).await;
    }
    let [_, vocabulary] = logits.dims();
    Ok(cpu::sample_rows(&logits.read().await?, vocabulary, rows))
}
