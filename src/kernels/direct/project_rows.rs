//! `shaders/project_rows_q8_0.wgsl`.

use super::launcher::{Dispatch, Kernel, Launcher, Part};
use crate::kernels::Finish;

const OUTPUTS_PER_WORKGROUP: u32 = 64;

/// What the kernel is bound to.
#[derive(Debug, Clone, Copy)]
pub struct ProjectBuffers<'a> {
    /// `[rows, columns]`
    pub x: &'a Part,
    /// `[columns]`, and what is added to the mean of squares; none without RMSNorm.
    pub norm: Option<(&'a Part, f32)>,
    /// `[columns / 32, outputs]`
    pub scales: &'a Part,
    /// `[columns / 4, outputs]`
    pub quants: &'a Part,
    /// `[rows, outputs]`, where gated half as many; written.
    pub y: &'a Part,
}

/// How large a product is, and what becomes of it.
#[derive(Debug, Clone, Copy)]
pub struct Projection {
    /// Rows of `x`.
    pub rows: u32,
    /// Columns of `x`; a multiple of 32.
    pub columns: u32,
    /// Columns of `y`.
    pub outputs: u32,
    /// What becomes of it.
    pub finish: Finish,
}

fn kernel(rows_per_workgroup: u32, norm: bool, finish: Finish) -> Kernel {
    let template = include_str!("../../../shaders/project_rows_q8_0.wgsl");
    Kernel::new("project_rows_q8_0", template, &[include_str!("../../../shaders/shared/q8_0.wgsl")])
        .with("rows", rows_per_workgroup)
        .with("norm", norm)
        .with("add", finish == Finish::Add)
        .with("parts", if finish == Finish::Gate { 2 } else { 1 })
}

pub(super) fn permutations() -> Vec<Kernel> {
    let finishes =
        [(true, Finish::Store), (true, Finish::Gate), (false, Finish::Add), (false, Finish::Store)];
    let of = |rows| finishes.map(|(norm, finish)| kernel(rows, norm, finish));
    [1, 8].into_iter().flat_map(of).collect()
}

/// A product of rows and weights.
#[must_use]
pub fn project_rows(launcher: &Launcher, projection: Projection, buffers: ProjectBuffers<'_>) -> Dispatch {
    let Projection { rows, columns, outputs, finish } = projection;
    let ProjectBuffers { x, norm, scales, quants, y } = buffers;
    let rows_per_workgroup = if rows == 1 { 1 } else { 8 };
    let epsilon = norm.map_or(0.0, |(_, epsilon)| epsilon);
    let shape = launcher.uniform([rows, columns, outputs, epsilon.to_bits()]);
    // Without RMSNorm the gains are bound, and not read.
    let gains = norm.map_or(scales, |(gains, _)| gains);
    let kernel = kernel(rows_per_workgroup, norm.is_some(), finish);
    let workgroups = [outputs.div_ceil(OUTPUTS_PER_WORKGROUP), rows.div_ceil(rows_per_workgroup)];
    launcher.bind(&kernel, &[&shape, x, gains, scales, quants, y], workgroups)
}
