//! Twin of `shaders/matvec.wgsl`.

use half::f16;

use crate::gguf::BLOCK_LENGTH;
use crate::kernels::Blocks;

/// `y[r, o] = sum_i x[r, i] W[o, i]`.
///
/// # Shapes
/// `x`: `[rows, columns]`, `weights`: `outputs` rows of `columns / 32` blocks; out: `[rows, outputs]`.
#[must_use]
pub fn matvec(x: &[f32], weights: Blocks<'_>, outputs: usize, columns: usize) -> Vec<f32> {
    let Blocks { format, bytes } = weights;
    let row_bytes = columns / BLOCK_LENGTH * format.bytes();
    let mut y = Vec::with_capacity(x.len() / columns * outputs);
    for row in x.chunks_exact(columns) {
        for weights in bytes.chunks_exact(row_bytes).take(outputs) {
            let sum: f32 = weights
                .chunks_exact(format.bytes())
                .zip(row.chunks_exact(BLOCK_LENGTH))
                .map(|(block, x)| {
                    let scale = f16::from_le_bytes([block[0], block[1]]).to_f32();
                    let dot: f32 =
                        format.numbers(block).into_iter().zip(x).map(|(q, x)| f32::from(q) * x).sum();
                    scale * dot
                })
                .sum();
            y.push(sum);
        }
    }
    y
}
