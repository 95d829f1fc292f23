//! `shaders/project_rows.wgsl`, and for many rows `shaders/project_tiles.wgsl`.

use super::graphics::{Dispatch, Graphics, Kernel, Part};
use crate::kernels::{BlockFormat, Finish, WeightParts};

const OUTPUTS_PER_WORKGROUP: u32 = 64;

/// What the kernel is bound to.
#[derive(Debug, Clone, Copy)]
pub struct ProjectBuffers<'a> {
    /// `[rows, columns]`
    pub x: &'a Part,
    /// `[columns]`, and what is added to the mean of squares; none without RMSNorm.
    pub norm: Option<(&'a Part, f32)>,
    /// The matrix.
    pub weights: &'a WeightParts,
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
    /// So many rows a workgroup, 1, 4 or 8, and many workgroups: for few rows.
    Rows(u32),
    /// Tiles of so many rows, 32 or 64: for many.
    Tiles(u32),
}

impl Plan {
    /// From that for most rows to that for one.
    const ALL: [Self; 5] = [Self::Tiles(64), Self::Tiles(32), Self::Rows(8), Self::Rows(4), Self::Rows(1)];

    /// The plan for so many rows on a device with so much workgroup memory. WebGPU promises 16 KiB, which the gated plans for
    /// many rows exceed; nearly all adapters have 32.
    fn of(rows: u32, finish: Finish, workgroup_bytes: u32) -> Self {
        let wanted = match rows {
            0..=1 => Self::Rows(1),
            2..=8 => Self::Rows(8),
            9..=32 => Self::Tiles(32),
            _ => Self::Tiles(64),
        };
        let fits = |plan: &Self| plan.workgroup_bytes(finish) <= workgroup_bytes;
        let from_wanted = Self::ALL.into_iter().skip_while(|plan| *plan != wanted);
        from_wanted.into_iter().find(fits).unwrap_or(Self::Rows(1))
    }

    /// Workgroup memory of the shader.
    fn workgroup_bytes(self, finish: Finish) -> u32 {
        const FLOAT: u32 = 4;
        match self {
            Self::Rows(rows) => (parts(finish) * rows * OUTPUTS_PER_WORKGROUP * 4 + 256) * FLOAT,
            Self::Tiles(rows) => {
                (32 * (rows + 4) + parts(finish) * 32 * OUTPUTS_PER_WORKGROUP + rows * 8) * FLOAT
            }
        }
    }

    /// Rows a workgroup.
    fn rows(self) -> u32 {
        match self {
            Self::Rows(rows) | Self::Tiles(rows) => rows,
        }
    }

    fn kernel(self, format: BlockFormat, norm: bool, finish: Finish) -> Kernel {
        let kernel = match self {
            Self::Rows(rows) => {
                let template = include_str!("../../../shaders/project_rows.wgsl");
                Kernel::of_format("project_rows", template, format).with("rows", rows)
            }
            Self::Tiles(rows) => {
                let template = include_str!("../../../shaders/project_tiles.wgsl");
                let kernel = Kernel::of_format("project_tiles", template, format);
                kernel.with("tile", rows).with("invocations", rows * 4)
            }
        };
        kernel.with("norm", norm).with("add", finish == Finish::Add).with("parts", parts(finish))
    }
}

/// Matrices that a product reads: gate and up, or one.
fn parts(finish: Finish) -> u32 {
    if finish == Finish::Gate { 2 } else { 1 }
}

pub(super) fn permutations() -> Vec<Kernel> {
    let finishes =
        [(true, Finish::Store), (true, Finish::Gate), (false, Finish::Add), (false, Finish::Store)];
    let of = |format, plan: Plan| finishes.map(|(norm, finish)| plan.kernel(format, norm, finish));
    BlockFormat::ALL.into_iter().flat_map(|format| Plan::ALL.map(|plan| of(format, plan))).flatten().collect()
}

/// A product of rows and weights.
#[must_use]
pub fn project_rows(graphics: &Graphics, projection: Projection, buffers: ProjectBuffers<'_>) -> Dispatch {
    let Projection { rows, columns, outputs, finish } = projection;
    let ProjectBuffers { x, norm, weights: WeightParts { format, scales, quants }, y } = buffers;
    let plan = Plan::of(rows, finish, graphics.workgroup_bytes());
    let epsilon = norm.map_or(0.0, |(_, epsilon)| epsilon);
    let shape = graphics.uniform([rows, columns, outputs, epsilon.to_bits()]);
    // Without RMSNorm the gains are bound, and not read.
    let gains = norm.map_or(x, |(gains, _)| gains);
    let kernel = plan.kernel(*format, norm.is_some(), finish);
    let workgroups = [outputs.div_ceil(OUTPUTS_PER_WORKGROUP), rows.div_ceil(plan.rows())];
    graphics.bind(&kernel, &[&shape, x, gains, scales, quants, y], workgroups)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_workgroups_have_little_memory_fewer_rows_share_one() {
        let plan = |rows, finish, kib: u32| Plan::of(rows, finish, kib * 1024);
        assert_eq!(plan(375, Finish::Gate, 32), Plan::Tiles(64));
        assert_eq!(plan(25, Finish::Gate, 32), Plan::Tiles(32));
        assert_eq!(plan(375, Finish::Gate, 16), Plan::Rows(4));
        assert_eq!(plan(375, Finish::Add, 16), Plan::Tiles(32));
        assert_eq!(plan(1, Finish::Gate, 16), Plan::Rows(1));
    }
}
