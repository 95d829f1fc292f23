//! Twin of `shaders/matvec_q8_0.wgsl`.

use half::f16;

use crate::gguf::BLOCK_LENGTH;

const BLOCK_BYTES: usize = 34;

/// `y[r, o] = sum_i x[r, i] W[o, i]`.
///
/// # Shapes
/// `x`: `[rows, columns]`, `blocks`: `outputs` rows of `columns / 32` Q8_0 blocks; out: `[rows, outputs]`.
#[must_use]
pub fn matvec_q8_0(x: &[f32], blocks: &[u8], outputs: usize, columns: usize) -> Vec<f32> {
    let row_bytes = columns / BLOCK_LENGTH * BLOCK_BYTES;
    let mut y = Vec::with_capacity(x.len() / columns * outputs);
    for row in x.chunks_exact(columns) {
        for weights in blocks.chunks_exact(row_bytes).take(outputs) {
            let sum: f32 = weights
                .chunks_exact(BLOCK_BYTES)
                .zip(row.chunks_exact(BLOCK_LENGTH))
                .map(|(block, x)| {
                    let scale = f16::from_le_bytes([block[0], block[1]]).to_f32();
                    let dot: f32 = block[2..].iter().zip(x).map(|(&q, x)| f32::from(q as i8) * x).sum();
                    scale * dot
                })
                .sum();
            y.push(sum);
        }
    }
    y
}
