//! `shaders/embed_rows.wgsl`.

use super::graphics::{Dispatch, Graphics, Kernel, Part};
use crate::kernels::{BlockFormat, WeightParts};

/// What the kernel is bound to.
#[derive(Debug, Clone, Copy)]
pub struct EmbedBuffers<'a> {
    /// Uniform: rows, columns, vocabulary.
    pub shape: &'a Part,
    /// `[rows, 4]`, of the step before.
    pub outcomes: &'a Part,
    /// The embeddings, one an output.
    pub table: &'a WeightParts,
    /// `[rows, 4]`; counted on.
    pub places: &'a Part,
    /// `[rows, 8]`; counted on.
    pub draws: &'a Part,
    /// `[rows, columns]`; written.
    pub x: &'a Part,
}

fn kernel(format: BlockFormat) -> Kernel {
    Kernel::of_format("embed_rows", include_str!("../../../shaders/embed_rows.wgsl"), format)
}

pub(super) fn permutations() -> Vec<Kernel> {
    BlockFormat::ALL.map(kernel).to_vec()
}

/// Begins a step of so many rows.
#[must_use]
pub fn embed_rows(graphics: &Graphics, rows: u32, buffers: EmbedBuffers<'_>) -> Dispatch {
    let EmbedBuffers { shape, outcomes, table: WeightParts { format, scales, quants }, places, draws, x } =
        buffers;
    graphics.bind(&kernel(*format), &[shape, outcomes, scales, quants, places, draws, x], [rows, 1])
}
