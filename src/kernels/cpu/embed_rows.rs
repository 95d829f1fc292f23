//! Twin of `shaders/embed_rows.wgsl`.

use crate::gguf::{BLOCK_LENGTH, dequantize};
use crate::kernels::Blocks;

/// The embeddings of some tokens. `table`: one row of blocks a token; out: `[tokens, columns]`.
#[must_use]
pub fn embed_rows(tokens: &[u32], table: Blocks<'_>, columns: usize) -> Vec<f32> {
    let row_bytes = columns / BLOCK_LENGTH * table.format.bytes();
    let rows = table.bytes.len() / row_bytes;
    let of_token = |&token: &u32| {
        let row = (token as usize).min(rows - 1);
        dequantize(table.format.kind(), &table.bytes[row * row_bytes..][..row_bytes])
    };
    tokens.iter().flat_map(of_token).collect()
}
