//! Twin of `shaders/embed_rows.wgsl`.

use crate::gguf::{TensorType, dequantize};

/// The embeddings of some tokens. `blocks`: one row of Q8_0 blocks a token; out: `[tokens, columns]`.
#[must_use]
pub fn embed_rows(tokens: &[u32], blocks: &[u8], columns: usize) -> Vec<f32> {
    let row_bytes = columns / 32 * 34;
    let rows = blocks.len() / row_bytes;
    let of_token = |&token: &u32| {
        let row = (token as usize).min(rows - 1);
        dequantize(TensorType::Q8_0, &blocks[row * row_bytes..][..row_bytes])
    };
    tokens.iter().flat_map(of_token).collect()
}
