//! Twin of `shaders/sample_rows.wgsl`.

use crate::kernels::{RowDraw, RowOutcome};
use crate::sampling::sample_row;

/// Draws one token per row. `logits`: `[rows.len(), vocabulary]`.
#[must_use]
pub fn sample_rows(logits: &[f32], vocabulary: usize, rows: &[RowDraw]) -> Vec<RowOutcome> {
    logits
        .chunks_exact(vocabulary)
        .zip(rows)
        .map(|(logits, r)| sample_row(logits, r.temperature, r.truncation, r.seed, r.row, r.step))
        .collect()
}
