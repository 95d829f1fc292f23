//! Causal grouped-query attention within each document of a shard, and the way back.
//!
//! Documents never see each other: each is exactly what the engine sees, a text that begins at position 0.

use ndarray::{ArrayView2, ArrayViewMut2, linalg::general_mat_mul, s};

use super::ModelShape;
use super::loops::{exp, matrix, matrix_mut};

/// Softmax of the scores of one document, row `i` over columns `0..=i`; the rest becomes zero.
fn causal_softmax(scores: &mut [f32], length: usize) {
    for (i, row) in scores.chunks_exact_mut(length).enumerate() {
        let (seen, hidden) = row.split_at_mut(i + 1);
        hidden.fill(0.0);
        let largest = seen.iter().fold(f32::NEG_INFINITY, |m, &v| m.max(v));
        let mut sum = 0.0;
        for v in seen.iter_mut() {
            *v = exp(*v - largest);
            sum += *v;
        }
        let inverse = 1.0 / sum;
        seen.iter_mut().for_each(|v| *v *= inverse);
    }
}

/// Where head `h`'s queries, keys and values lie in a row of `qkv`.
fn columns(shape: &ModelShape, head: usize) -> [std::ops::Range<usize>; 3] {
    let length = shape.head_length;
    let at = |start: usize| start..start + length;
    let kv = (head / shape.group()) * length;
    let keys = shape.query_length();
    [at(head * length), at(keys + kv), at(keys + shape.kv_length() + kv)]
}

/// Attention of one document.
///
/// # Shapes
/// - `qkv`: `[length, qkv_length]`, queries and keys turned by RoPE
/// - `weights`: `[heads, length, length]`, written: the attention weights, kept for the way back
/// - `mixed`: `[length, query_length]`, written
pub(super) fn attend(shape: &ModelShape, qkv: &[f32], length: usize, weights: &mut [f32], mixed: &mut [f32]) {
    let qkv = matrix(qkv, length, shape.qkv_length());
    let mut mixed = matrix_mut(mixed, length, shape.query_length());
    let scale = 1.0 / (shape.head_length as f32).sqrt();
    for (head, weights) in weights.chunks_exact_mut(length * length).enumerate() {
        let [q, k, v] = columns(shape, head);
        let (query, key) = (qkv.slice(s![.., q.clone()]), qkv.slice(s![.., k]));
        general_mat_mul(scale, &query, &key.t(), 0.0, &mut matrix_mut(weights, length, length));
        causal_softmax(weights, length);
        let mut out = mixed.slice_mut(s![.., q]);
        general_mat_mul(1.0, &matrix(weights, length, length), &qkv.slice(s![.., v]), 0.0, &mut out);
    }
}

/// The way back through [`attend`].
///
/// With `P` the weights: `dV += P^T dM`; `dP = dM V^T`; `dS = P (dP - rowsum(P dP))`; `dQ = scale dS K`;
/// `dK += scale dS^T Q`.
///
/// # Shapes
/// As [`attend`]; `d_mixed` like `mixed`, `d_qkv` like `qkv` (overwritten), `scratch`: at least `[length, length]`.
pub(super) fn attend_gradient(
    shape: &ModelShape,
    qkv: &[f32],
    length: usize,
    weights: &[f32],
    d_mixed: &[f32],
    d_qkv: &mut [f32],
    scratch: &mut [f32],
) {
    d_qkv.fill(0.0);
    let qkv: ArrayView2<'_, f32> = matrix(qkv, length, shape.qkv_length());
    let d_mixed = matrix(d_mixed, length, shape.query_length());
    let mut d_qkv: ArrayViewMut2<'_, f32> = matrix_mut(d_qkv, length, shape.qkv_length());
    let scale = 1.0 / (shape.head_length as f32).sqrt();
    let scratch = &mut scratch[..length * length];
    for (head, weights) in weights.chunks_exact(length * length).enumerate() {
        let [q, k, v] = columns(shape, head);
        let d_out = d_mixed.slice(s![.., q.clone()]);
        let probabilities = matrix(weights, length, length);
        general_mat_mul(1.0, &probabilities.t(), &d_out, 1.0, &mut d_qkv.slice_mut(s![.., v.clone()]));
        general_mat_mul(
            1.0,
            &d_out,
            &qkv.slice(s![.., v]).t(),
            0.0,
            &mut matrix_mut(scratch, length, length),
        );
        for (i, (d, p)) in scratch.chunks_exact_mut(length).zip(weights.chunks_exact(length)).enumerate() {
            let (d, hidden) = d.split_at_mut(i + 1);
            hidden.fill(0.0);
            let sum: f32 = d.iter().zip(p).map(|(d, p)| d * p).sum();
            d.iter_mut().zip(p).for_each(|(d, p)| *d = p * (*d - sum));
        }
        let d_scores = matrix(scratch, length, length);
        let key = qkv.slice(s![.., k.clone()]);
        general_mat_mul(scale, &d_scores, &key, 0.0, &mut d_qkv.slice_mut(s![.., q.clone()]));
        let query = qkv.slice(s![.., q]);
        general_mat_mul(scale, &d_scores.t(), &query, 1.0, &mut d_qkv.slice_mut(s![.., k]));
    }
}
