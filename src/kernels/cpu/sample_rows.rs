//! Twin of `shaders/sample_rows.wgsl`.

use crate::kernels::{RowDraw, RowOutcome};
use crate::sampling::sample_row;

/// Draws one token per row. `logits`: `[rows.len(), vocabulary]`, or `[1, vocabulary]` for all rows alike.
#[must_use]
#[inline(never)]
pub fn sample_rows(logits: &[f32], vocabulary: usize, rows: &[RowDraw]) -> Vec<RowOutcome> {
    logits
        .chunks_exact(vocabulary)
        .cycle()
        .zip(rows)
        .map(|(logits, r)| sample_row(logits, r.temperature, r.truncation, r.seed, r.row, r.step))
        .collect()
}
