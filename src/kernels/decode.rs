//! What the kernels of a decode step are told, by the shaders as by their twins.

use super::BlockFormat;

/// RMSNorm before a product.
#[derive(Debug, Clone, Copy)]
pub struct Norm<'a> {
    /// One a column.
    pub gains: &'a [f32],
    /// Added to the mean of squares.
    pub epsilon: f32,
}

/// What becomes of a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Finish {
    /// It is the result.
    Store,
    /// It is added to what is there.
    Add,
    /// SwiGLU: the first half of the outputs, through SiLU, times the second.
    Gate,
}

/// The shape of a model's attention.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AttendShape {
    /// Query heads.
    pub heads: usize,
    /// Key and value heads; divides `heads`.
    pub kv_heads: usize,
    /// Width of a head.
    pub length: usize,
    /// Pairs that RoPE turns; at most half of `length`.
    pub half: usize,
}

/// The shape of a model that one kernel takes rows through.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DecodeShape {
    /// Width of the residual stream.
    pub width: usize,
    /// Inner width of the SwiGLU.
    pub inner: usize,
    /// Of its attention.
    pub attention: AttendShape,
    /// Number of blocks.
    pub blocks: usize,
    /// Number of tokens there are.
    pub vocabulary: usize,
    /// Most tokens of prompt and answer together.
    pub context: usize,
    /// Added to means of squares.
    pub epsilon: f32,
    /// Whether the embeddings are the output's weights too.
    pub tied: bool,
    /// That of all matrices.
    pub format: BlockFormat,
}

/// Where a row stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowPlace {
    /// Where its own keys and values are.
    pub slot: u32,
    /// Tokens of its own before the one that is being read.
    pub own_tokens: u32,
    /// Its prefix's first token within the buffers of prefixes.
    pub first: u32,
    /// Tokens of its prefix.
    pub prefix_tokens: u32,
}

impl RowPlace {
    /// As the shader reads it.
    #[must_use]
    pub fn words(self) -> [u32; 4] {
        [self.slot, self.own_tokens, self.first, self.prefix_tokens]
    }
}
