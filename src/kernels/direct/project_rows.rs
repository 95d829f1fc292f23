//! `shaders/project_rows_q8_0.wgsl`, and for many rows `shaders/project_tiles_q8_0.wgsl`.

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

/// How the rows are shared out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Plan {
    /// So many rows a workgroup, 1 or 8, and many workgroups: for few rows.
    Rows(u32),
    /// Tiles of so many rows, 16, 32 or 64: for many.
    Tiles(u32),
}

impl Plan {
    const ALL: [Self; 5] = [Self::Rows(1), Self::Rows(8), Self::Tiles(16), Self::Tiles(32), Self::Tiles(64)];

    fn of(rows: u32) -> Self {
        match rows {
            0..=1 => Self::Rows(1),
            2..=8 => Self::Rows(8),
            9..=16 => Self::Tiles(16),
            17..=32 => Self::Tiles(32),
            _ => Self::Tiles(64),
        }
    }

    /// Rows a workgroup.
    fn rows(self) -> u32 {
        match self {
            Self::Rows(rows) | Self::Tiles(rows) => rows,
        }
    }

    fn kernel(self, norm: bool, finish: Finish) -> Kernel {
        let shared = &[include_str!("../../../shaders/shared/q8_0.wgsl")];
        let kernel = match self {
            Self::Rows(rows) => {
                let template = include_str!("../../../shaders/project_rows_q8_0.wgsl");
                Kernel::new("project_rows_q8_0", template, shared).with("rows", rows)
            }
            Self::Tiles(rows) => {
                let template = include_str!("../../../shaders/project_tiles_q8_0.wgsl");
                let kernel = Kernel::new("project_tiles_q8_0", template, shared);
                kernel.with("tile", rows).with("invocations", rows * 4)
            }
        };
        kernel
            .with("norm", norm)
            .with("add", finish == Finish::Add)
            .with("parts", if finish == Finish::Gate { 2 } else { 1 })
    }
}

pub(super) fn permutations() -> Vec<Kernel> {
    let finishes =
        [(true, Finish::Store), (true, Finish::Gate), (false, Finish::Add), (false, Finish::Store)];
    let of = |plan: Plan| finishes.map(|(norm, finish)| plan.kernel(norm, finish));
    Plan::ALL.into_iter().flat_map(of).collect()
}

/// A product of rows and weights.
#[must_use]
pub fn project_rows(launcher: &Launcher, projection: Projection, buffers: ProjectBuffers<'_>) -> Dispatch {
    let Projection { rows, columns, outputs, finish } = projection;
    let ProjectBuffers { x, norm, scales, quants, y } = buffers;
    let plan = Plan::of(rows);
    let epsilon = norm.map_or(0.0, |(_, epsilon)| epsilon);
    let shape = launcher.uniform([rows, columns, outputs, epsilon.to_bits()]);
    // Without RMSNorm the gains are bound, and not read.
    let gains = norm.map_or(x, |(gains, _)| gains);
    let kernel = plan.kernel(norm.is_some(), finish);
    let workgroups = [outputs.div_ceil(OUTPUTS_PER_WORKGROUP), rows.div_ceil(plan.rows())];
    launcher.bind(&kernel, &[&shape, x, gains, scales, quants, y], workgroups)
}
