//! `shaders/embed_rows.wgsl`.

use super::graphics::{Dispatch, Graphics, Kernel, Part};

/// What the kernel is bound to.
#[derive(Debug, Clone, Copy)]
pub struct EmbedBuffers<'a> {
    /// Uniform: rows, columns, vocabulary.
    pub shape: &'a Part,
    /// `[rows, 4]`, of the step before.
    pub outcomes: &'a Part,
    /// `[columns / 32, vocabulary]`
    pub scales: &'a Part,
    /// `[columns / 4, vocabulary]`
    pub quants: &'a Part,
    /// `[rows, 4]`; counted on.
    pub places: &'a Part,
    /// `[rows, 8]`; counted on.
    pub draws: &'a Part,
    /// `[rows, columns]`; written.
    pub x: &'a Part,
}

fn kernel() -> Kernel {
    let template = include_str!("../../../shaders/embed_rows.wgsl");
    Kernel::new("embed_rows", template, &[include_str!("../../../shaders/shared/q8_0.wgsl")])
}

pub(super) fn permutations() -> Vec<Kernel> {
    vec![kernel()]
}

/// Begins a step of so many rows.
#[must_use]
pub fn embed_rows(graphics: &Graphics, rows: u32, buffers: EmbedBuffers<'_>) -> Dispatch {
    let EmbedBuffers { shape, outcomes, scales, quants, places, draws, x } = buffers;
    graphics.bind(&kernel(), &[shape, outcomes, scales, quants, places, draws, x], [rows, 1])
}
