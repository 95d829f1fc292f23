//! The output: logits where an answer is to be learned, cross-entropy and its gradient in one pass.

use super::loops::{exp, linear, linear_input_gradient, linear_weight_gradient};

/// Logits are made this many rows at a time, so that they stay in the cache: 256 rows of 2,048 are 2 MiB.
const CHUNK_ROWS: usize = 256;

/// Buffers that are used again for every shard.
#[derive(Debug, Default)]
pub(super) struct HeadScratch {
    logits: Vec<f32>,
    /// Cross-entropy in nats of each row of the last call.
    pub losses: Vec<f32>,
}

/// Computes the cross-entropy in nats of each row's target; they are left in `scratch.losses`.
///
/// With `gradients`, also writes the gradient of `weight` times their sum with respect to `x`, and adds the one with
/// respect to the embedding.
///
/// # Shapes
/// - `x`: `[rows, width]`, normed; `embedding`: `[vocabulary, width]`; `targets`: `[rows]`
/// - `gradients`: `dx` like `x`, `d_embedding` like `embedding`
pub(super) fn cross_entropy(
    x: &[f32],
    embedding: &[f32],
    width: usize,
    targets: &[u32],
    weight: f32,
    mut gradients: Option<(&mut [f32], &mut [f32])>,
    scratch: &mut HeadScratch,
) {
    let vocabulary = embedding.len() / width;
    scratch.logits.resize(CHUNK_ROWS * vocabulary, 0.0);
    scratch.losses.resize(targets.len(), 0.0);
    for (chunk, targets) in targets.chunks(CHUNK_ROWS).enumerate() {
        let at = chunk * CHUNK_ROWS;
        let rows = at * width..(at + targets.len()) * width;
        let logits = &mut scratch.logits[..targets.len() * vocabulary];
        linear(&x[rows.clone()], embedding, logits, width, vocabulary);
        let losses = &mut scratch.losses[at..at + targets.len()];
        for ((row, &target), loss) in logits.chunks_exact_mut(vocabulary).zip(targets).zip(losses) {
            let wanted = row[target as usize];
            let largest = row.iter().fold(f32::NEG_INFINITY, |m, &v| if v > m { v } else { m });
            let mut sum = 0.0;
            for part in row.chunks_mut(64) {
                part.iter_mut().for_each(|v| *v = exp(*v - largest));
                sum += part.iter().sum::<f32>();
            }
            *loss = sum.ln() + largest - wanted;
            let scale = weight / sum;
            row.iter_mut().for_each(|v| *v *= scale);
            row[target as usize] -= weight;
        }
        if let Some((dx, d_embedding)) = &mut gradients {
            linear_input_gradient(logits, embedding, &mut dx[rows.clone()], width, vocabulary);
            linear_weight_gradient(logits, &x[rows], d_embedding, width, vocabulary);
        }
    }
}
