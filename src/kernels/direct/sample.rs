//! `shaders/sample_rows.wgsl`, which burn's launches use too.

use super::graphics::{Dispatch, Graphics, Kernel, Part};
use super::reduction::Reduction;

/// What draws a token, but for the reductions.
pub(crate) const DRAW_ROW: [&str; 3] = [
    include_str!("../../../shaders/shared/draw_row.wgsl"),
    include_str!("../../../shaders/shared/philox.wgsl"),
    include_str!("../../../shaders/shared/natural_log.wgsl"),
];

/// What the kernel is bound to.
#[derive(Debug, Clone, Copy)]
pub struct SampleBuffers<'a> {
    /// Uniform: rows, vocabulary.
    pub shape: &'a Part,
    /// `[rows, vocabulary]`
    pub logits: &'a Part,
    /// `[rows, 8]`
    pub draws: &'a Part,
    /// `[rows, 4]`; written.
    pub outcomes: &'a Part,
}

fn kernel(reduction: Reduction) -> Kernel {
    const BARRIERS: &[&str] = &[DRAW_ROW[0], DRAW_ROW[1], DRAW_ROW[2], Reduction::Barriers.shader()];
    const SUBGROUPS: &[&str] = &[DRAW_ROW[0], DRAW_ROW[1], DRAW_ROW[2], Reduction::Subgroups.shader()];
    let shared = match reduction {
        Reduction::Barriers => BARRIERS,
        Reduction::Subgroups => SUBGROUPS,
    };
    let template = include_str!("../../../shaders/sample_rows.wgsl");
    Kernel::new("sample_rows", template, shared).reducing_by(reduction)
}

pub(super) fn permutations() -> Vec<Kernel> {
    Reduction::ALL.map(kernel).into()
}

/// Draws a token for each of so many rows.
#[must_use]
pub fn sample(graphics: &Graphics, rows: u32, buffers: SampleBuffers<'_>) -> Dispatch {
    let SampleBuffers { shape, logits, draws, outcomes } = buffers;
    graphics.bind(&kernel(graphics.reduction()), &[logits, draws, outcomes, shape], [rows, 1])
}
