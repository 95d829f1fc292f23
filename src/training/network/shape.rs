//! The size of a model.

use serde::{Deserialize, Serialize};

/// Hyper-parameters of the decoder. The defaults are the published model's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelShape {
    /// Number of tokens there are.
    pub vocabulary: usize,
    /// Width of the residual stream. A multiple of 32, so that rows are whole quantized blocks.
    pub width: usize,
    /// Number of blocks.
    pub blocks: usize,
    /// Query heads.
    pub heads: usize,
    /// Key and value heads; divides `heads`.
    pub kv_heads: usize,
    /// Width of one head; even.
    pub head_length: usize,
    /// Inner width of the SwiGLU. A multiple of 32.
    pub inner: usize,
    /// Most tokens of prompt and answer together.
    pub context: usize,
    /// Base of the RoPE frequencies.
    pub rope_base: f32,
    /// Epsilon under the root of RMSNorm.
    pub rms_epsilon: f32,
}

impl Default for ModelShape {
    fn default() -> Self {
        Self {
            vocabulary: 2048,
            width: 128,
            blocks: 6,
            heads: 4,
            kv_heads: 2,
            head_length: 32,
            inner: 352,
            context: 256,
            rope_base: 10_000.0,
            rms_epsilon: 1e-5,
        }
    }
}

impl ModelShape {
    /// Width of all query heads together.
    #[must_use]
    pub fn query_length(&self) -> usize {
        self.heads * self.head_length
    }

    /// Width of all key (or value) heads together.
    #[must_use]
    pub fn kv_length(&self) -> usize {
        self.kv_heads * self.head_length
    }

    /// Width of queries, keys and values together.
    #[must_use]
    pub fn qkv_length(&self) -> usize {
        self.query_length() + 2 * self.kv_length()
    }

    /// Query heads per key and value head.
    #[must_use]
    pub fn group(&self) -> usize {
        self.heads / self.kv_heads
    }
}
