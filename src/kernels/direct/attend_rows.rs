//! `shaders/attend_rows.wgsl`.

use super::graphics::{Dispatch, Graphics, Kernel, Part};
use crate::kernels::AttendShape;

const MOST_INVOCATIONS: usize = 256;

/// What the kernel is bound to.
#[derive(Debug, Clone, Copy)]
pub struct AttendBuffers<'a> {
    /// Uniform: rows, tokens that the prefix buffers hold, own tokens that a slot can hold.
    pub shape: &'a Part,
    /// `[rows, 4]`
    pub places: &'a Part,
    /// `[context, half, 2]`
    pub turns: &'a Part,
    /// `[rows, (heads + 2 kv_heads) * length]`
    pub projected: &'a Part,
    /// `[kv_heads, prefix, length]`
    pub prefix_keys: &'a Part,
    /// As `prefix_keys`.
    pub prefix_values: &'a Part,
    /// `[slots, kv_heads, capacity, length]`; the new token's are written.
    pub own_keys: &'a Part,
    /// As `own_keys`.
    pub own_values: &'a Part,
    /// `[rows, heads * length]`; written.
    pub mixed: &'a Part,
}

impl AttendShape {
    /// Lanes of each head: the largest power of two such that all heads of a group fit into a workgroup, and none is idle
    /// when components are mixed.
    fn lanes(self) -> usize {
        let group = (self.heads / self.kv_heads.max(1)).max(1);
        1 << (MOST_INVOCATIONS / group).min(self.length).max(1).ilog2()
    }

    /// Whether the kernel can work in this shape.
    #[must_use]
    pub fn fits_shader(self) -> bool {
        let group = self.heads / self.kv_heads.max(1);
        let whole = self.length.is_multiple_of(4) && (4..=256).contains(&self.length);
        whole && (1..=32).contains(&group) && self.length.div_ceil(self.lanes()) <= 4
    }
}

fn kernel(shape: AttendShape) -> Kernel {
    let AttendShape { heads, kv_heads, length, half } = shape;
    let (group, lanes) = (heads / kv_heads, shape.lanes());
    Kernel::new("attend_rows", include_str!("../../../shaders/attend_rows.wgsl"), &[])
        .with("group", group)
        .with("lanes", lanes)
        .with("kv_heads", kv_heads)
        .with("length", length)
        .with("half", half)
        .with("threads", group * lanes)
}

pub(super) fn permutations() -> Vec<Kernel> {
    let shapes =
        [(4, 2, 32, 16), (4, 2, 16, 8), (9, 3, 64, 32), (32, 4, 64, 16), (2, 1, 20, 8), (8, 8, 256, 128)];
    shapes.map(|(heads, kv_heads, length, half)| kernel(AttendShape { heads, kv_heads, length, half })).into()
}

/// Attention of one new token for each of so many rows. The shape must be one that fits the shader.
#[must_use]
pub fn attend_rows(
    graphics: &Graphics,
    shape: AttendShape,
    rows: u32,
    buffers: AttendBuffers<'_>,
) -> Dispatch {
    let AttendBuffers {
        places,
        turns,
        projected,
        prefix_keys,
        prefix_values,
        own_keys,
        own_values,
        mixed,
        ..
    } = buffers;
    let parts =
        [buffers.shape, places, turns, projected, prefix_keys, prefix_values, own_keys, own_values, mixed];
    graphics.bind(&kernel(shape), &parts, [rows, shape.kv_heads as u32])
}
