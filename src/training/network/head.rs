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

/// Where the gradient goes, and what it is of: the sum of `coefficient(row, loss)` times `loss`, the coefficient held constant.
pub(super) struct HeadGradient<'a> {
    /// Asked once for every row, in order, when that row's loss is known.
    pub coefficient: &'a mut dyn FnMut(usize, f32) -> f32,
    /// `[rows, width]`, written.
    pub dx: &'a mut [f32],
    /// `[vocabulary, width]`, added to.
    pub d_embedding: &'a mut [f32],
}

/// Computes the cross-entropy in nats of each row's target; they are left in `scratch.losses`.
///
/// # Shapes
/// `x`: `[rows, width]`, normed; `embedding`: `[vocabulary, width]`; `targets`: `[rows]`
pub(super) fn cross_entropy(
    x: &[f32],
    embedding: &[f32],
    width: usize,
    targets: &[u32],
    mut gradient: Option<HeadGradient<'_>>,
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
        let rows_of_chunk = logits.chunks_exact_mut(vocabulary).zip(targets).zip(losses);
        for (number, ((row, &target), loss)) in rows_of_chunk.enumerate() {
            let wanted = row[target as usize];
            let largest = largest(row);
            let sum = exp_sum(row, largest);
            *loss = sum.ln() + largest - wanted;
            if let Some(gradient) = &mut gradient {
                let weight = (gradient.coefficient)(at + number, *loss);
                let scale = weight / sum;
                row.iter_mut().for_each(|v| *v *= scale);
                row[target as usize] -= weight;
            }
        }
        if let Some(HeadGradient { dx, d_embedding, .. }) = &mut gradient {
            linear_input_gradient(logits, embedding, &mut dx[rows.clone()], width, vocabulary);
            linear_weight_gradient(logits, &x[rows], d_embedding, width, vocabulary);
        }
    }
}

/// The cross-entropy of each row's target, and the entropy of each row's distribution, both in nats.
///
/// With `s` the logits less the largest and `S` the sum of `exp(s)`: the entropy is `ln S - sum(exp(s) s) / S`.
///
/// # Shapes
/// As [`cross_entropy`].
pub(super) fn losses_and_entropies(
    x: &[f32],
    embedding: &[f32],
    width: usize,
    targets: &[u32],
    scratch: &mut HeadScratch,
) -> (Vec<f32>, Vec<f32>) {
    let vocabulary = embedding.len() / width;
    scratch.logits.resize(CHUNK_ROWS * vocabulary, 0.0);
    let (mut losses, mut entropies) = (Vec::new(), Vec::new());
    for (x, targets) in x.chunks(CHUNK_ROWS * width).zip(targets.chunks(CHUNK_ROWS)) {
        let logits = &mut scratch.logits[..targets.len() * vocabulary];
        linear(x, embedding, logits, width, vocabulary);
        for (row, &target) in logits.chunks_exact_mut(vocabulary).zip(targets) {
            let wanted = row[target as usize];
            let (mut weighted, mut part) = (0.0, [0.0; 64]);
            let largest = largest(row);
            for logits in row.chunks(64) {
                for (p, &l) in part.iter_mut().zip(logits) {
                    *p = exp(l - largest) * (l - largest);
                }
                weighted += part[..logits.len()].iter().sum::<f32>();
            }
            let sum = exp_sum(row, largest);
            losses.push(sum.ln() + largest - wanted);
            entropies.push((sum.ln() - weighted / sum).max(0.0));
        }
    }
    (losses, entropies)
}

fn largest(row: &[f32]) -> f32 {
    row.iter().fold(f32::NEG_INFINITY, |m, &v| if v > m { v } else { m })
}

/// Replaces the logits of a row by `exp(logit - largest)`. Returns their sum.
fn exp_sum(row: &mut [f32], largest: f32) -> f32 {
    let mut sum = 0.0;
    for part in row.chunks_mut(64) {
        part.iter_mut().for_each(|v| *v = exp(*v - largest));
        sum += part.iter().sum::<f32>();
    }
    sum
}
