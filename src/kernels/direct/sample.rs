//! `shaders/sample_rows.wgsl`, which burn's launches use too.

use super::graphics::{Dispatch, Graphics, Kernel, Part};

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

/// Draws a token for each of so many rows.
#[must_use]
pub fn sample(graphics: &Graphics, rows: u32, buffers: SampleBuffers<'_>) -> Dispatch {
    let kernel = Kernel::new(
        "sample_rows",
        include_str!("../../../shaders/sample_rows.wgsl"),
        &[
            include_str!("../../../shaders/shared/philox.wgsl"),
            include_str!("../../../shaders/shared/natural_log.wgsl"),
        ],
    );
    let SampleBuffers { shape, logits, draws, outcomes } = buffers;
    graphics.bind(&kernel, &[logits, draws, outcomes, shape], [rows, 1])
}
