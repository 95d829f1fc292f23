//! `shaders/decode_rows.wgsl`.

use super::graphics::{Dispatch, Graphics, Kernel, Part};
use super::reduction::Reduction;
use super::sample::DRAW_ROW;
use crate::gguf::BLOCK_LENGTH;
use crate::kernels::{AttendShape, BlockFormat, DecodeShape};

/// Invocations of a workgroup.
const LANES: usize = 256;

/// What the kernel is bound to: see the shader.
#[derive(Debug, Clone, Copy)]
pub struct DecodeBuffers<'a> {
    /// Uniform: rows, steps, own tokens that a slot can hold, most steps that `outcomes` has room for.
    pub shape: &'a Part,
    /// All matrices, one behind the other.
    pub quants: &'a Part,
    /// Gains, scales and turns.
    pub floats: &'a Part,
    /// Prompts, one behind the other, each `[blocks, 2, kv_heads, tokens, length]`.
    pub prefixes: &'a Part,
    /// `[slots, blocks, 2, kv_heads, capacity, length]`; the new tokens' are written.
    pub own: &'a Part,
    /// `[rows, 4]`; counted on.
    pub places: &'a Part,
    /// `[rows, 8]`; counted on.
    pub draws: &'a Part,
    /// `[rows, most steps, 4]`; written.
    pub outcomes: &'a Part,
}

impl DecodeShape {
    /// Whether the kernel can work in this shape, with so much workgroup memory.
    #[must_use]
    pub fn fits_shader(&self, workgroup_bytes: u32) -> bool {
        let &Self { width, attention: AttendShape { heads, length, .. }, .. } = self;
        let queries = heads * length;
        let whole = width.is_multiple_of(BLOCK_LENGTH) && queries.is_multiple_of(BLOCK_LENGTH);
        let lanes = width <= 4 * LANES && queries <= 4 * LANES && heads <= LANES;
        whole && length.is_multiple_of(4) && lanes && self.workgroup_bytes() <= workgroup_bytes as usize
    }

    /// Workgroup memory of the shader, where lanes reduce in the way that takes more.
    fn workgroup_bytes(&self) -> usize {
        const FLOAT: usize = 4;
        let &Self { width, inner, attention, vocabulary, context, .. } = self;
        let AttendShape { heads, kv_heads, length, .. } = attention;
        let queries = heads * length;
        let projected = queries + 2 * kv_heads * length;
        let slices = |outputs: usize, columns: usize| (LANES / outputs).clamp(1, columns / BLOCK_LENGTH);
        let products = [
            projected * slices(projected, width),
            2 * inner * slices(2 * inner, width),
            width * slices(width, queries).max(slices(width, inner)),
            vocabulary,
            heads * context + queries * (4 * LANES / queries),
        ];
        let input = width.max(queries).max(inner);
        let partials = 2 * heads * (LANES / heads).min(16);
        let reductions = 2 * LANES + 2 * LANES / 32;
        (input + products.into_iter().max().unwrap_or_default() + partials + reductions + 8) * FLOAT
    }
}

fn kernel(shape: DecodeShape, reads: bool, reduction: Reduction) -> Kernel {
    const fn shared(format: BlockFormat, reduction: Reduction) -> [&'static str; 5] {
        [format.shader(), DRAW_ROW[0], DRAW_ROW[1], DRAW_ROW[2], reduction.shader()]
    }
    const Q8_0: [&[&str]; 2] =
        [&shared(BlockFormat::Q8_0, Reduction::Barriers), &shared(BlockFormat::Q8_0, Reduction::Subgroups)];
    const Q4_0: [&[&str]; 2] =
        [&shared(BlockFormat::Q4_0, Reduction::Barriers), &shared(BlockFormat::Q4_0, Reduction::Subgroups)];
    let DecodeShape { width, inner, attention, blocks, vocabulary, context, epsilon, tied, format } = shape;
    let AttendShape { heads, kv_heads, length, half } = attention;
    let of_format = match format {
        BlockFormat::Q8_0 => Q8_0,
        BlockFormat::Q4_0 => Q4_0,
    };
    let shared = match reduction {
        Reduction::Barriers => of_format[0],
        Reduction::Subgroups => of_format[1],
    };
    Kernel::new("decode_rows", include_str!("../../../shaders/decode_rows.wgsl"), shared)
        .with("weights", format.kind().name())
        .with("words", format.words())
        .with("width", width)
        .with("inner", inner)
        .with("heads", heads)
        .with("kv_heads", kv_heads)
        .with("length", length)
        .with("half", half)
        .with("blocks", blocks)
        .with("vocabulary", vocabulary)
        .with("context", context)
        .with("epsilon", epsilon)
        .with("tied", tied)
        .with("reads", reads)
        .reducing_by(reduction)
}

pub(super) fn permutations() -> Vec<Kernel> {
    let shape = |width, inner, heads, kv_heads, length, vocabulary, tied| DecodeShape {
        width,
        inner,
        attention: AttendShape { heads, kv_heads, length, half: length / 2 },
        blocks: 6,
        vocabulary,
        context: 256,
        epsilon: 1e-5,
        tied,
        format: BlockFormat::Q4_0,
    };
    let shapes = [
        shape(128, 352, 4, 2, 32, 2048, true),
        shape(64, 96, 4, 2, 16, 259, true),
        shape(96, 256, 6, 1, 16, 1000, false),
        shape(576, 1536, 9, 3, 64, 3000, true),
    ];
    let formats = |shape| BlockFormat::ALL.map(|format| DecodeShape { format, ..shape });
    let ways = |shape: DecodeShape| {
        [false, true].into_iter().flat_map(move |reads| Reduction::ALL.map(|way| kernel(shape, reads, way)))
    };
    shapes.into_iter().flat_map(formats).flat_map(ways).collect()
}

/// Has both ways of the kernel compiled, so that whoever needs one first does not wait for it.
pub fn prepare(graphics: &Graphics, shape: DecodeShape) {
    for reads in [true, false] {
        graphics.pipeline(&kernel(shape, reads, graphics.reduction()));
    }
}

/// Some steps for each of so many rows. The shape must be one that fits the shader on this device.
#[must_use]
pub fn decode_rows(
    graphics: &Graphics,
    shape: DecodeShape,
    rows: u32,
    buffers: DecodeBuffers<'_>,
) -> Dispatch {
    let DecodeBuffers { quants, floats, prefixes, own, places, draws, outcomes, .. } = buffers;
    let parts = [buffers.shape, quants, floats, prefixes, own, places, draws, outcomes];
    graphics.bind(&kernel(shape, false, graphics.reduction()), &parts, [rows, 1])
}

/// What the kernel is bound to where it reads a prompt: see the shader.
#[derive(Debug, Clone, Copy)]
pub struct ReadBuffers<'a> {
    /// Uniform: 1, tokens, tokens.
    pub shape: &'a Part,
    /// As in [`DecodeBuffers`].
    pub quants: &'a Part,
    /// As in [`DecodeBuffers`].
    pub floats: &'a Part,
    /// `[blocks, 2, kv_heads, tokens, length]`; written.
    pub prefix: &'a Part,
    /// `[tokens]`
    pub tokens: &'a Part,
    /// Four words, whatever they are.
    pub unused: &'a Part,
    /// `[vocabulary]`; written.
    pub logits: &'a Part,
}

/// Reads a prompt, token by token. The shape must be one that fits the shader on this device.
#[must_use]
pub fn read_prompt(graphics: &Graphics, shape: DecodeShape, buffers: ReadBuffers<'_>) -> Dispatch {
    let ReadBuffers { quants, floats, prefix, tokens, unused, logits, .. } = buffers;
    let parts = [buffers.shape, quants, floats, floats, prefix, unused, tokens, logits];
    graphics.bind(&kernel(shape, true, graphics.reduction()), &parts, [1, 1])
}
