//! Grouped-query attention, twice: over a prompt (causal), and for rows that share a prefix.
//!
//! Both are exact softmax attention; keys of several parts are joined before the softmax, never approximated.

use burn::tensor::{Device, Tensor, TensorData, activation::softmax};

use super::cache::PrefixLayer;
use crate::model::LlamaConfig;

/// Stands for minus infinity in masks: far below any score, and safe in `f32` arithmetic and in shaders.
const MASKED: f32 = -1.0e30;

/// Attention of a run of new prompt tokens over what came before them and over each other.
///
/// # Shapes
/// - `query`: `[tokens, heads, head_length]`
/// - `layer`: keys and values of everything up to and including the new tokens, `[kv_heads, all, head_length]`
/// - `mask`: `[tokens, all]`, from [`causal_mask`]
/// - out: `[tokens, heads * head_length]`
pub fn attend_sequence(
    config: &LlamaConfig,
    query: Tensor<3>,
    layer: &PrefixLayer,
    mask: &Tensor<2>,
) -> Tensor<2> {
    let [tokens, heads, length] = query.dims();
    let (kv_heads, group) = (config.head_count_kv, config.group());
    let all = layer.keys.dims()[1];
    // [kv_heads, group * tokens, head_length]: all queries that share a key head, one below the other
    let query = query.swap_dims(0, 1).reshape([kv_heads, group * tokens, length]);
    let scores = query.matmul(layer.keys.clone().swap_dims(1, 2)).mul_scalar(scale(length));
    let scores = scores.reshape([kv_heads, group, tokens, all]) + mask.clone().reshape([1, 1, tokens, all]);
    let weights = softmax(scores, 3).reshape([kv_heads, group * tokens, all]);
    let mixed = weights.matmul(layer.values.clone());
    mixed.reshape([heads, tokens, length]).swap_dims(0, 1).reshape([tokens, heads * length])
}

/// Attention of one new token per row over the shared prefix and over the row's own tokens.
///
/// # Shapes
/// - `query`: `[rows, heads, head_length]`
/// - `prefix`: `[kv_heads, prefix, head_length]`
/// - `own_keys`, `own_values`: `[rows, kv_heads, own, head_length]`, the new token included
/// - out: `[rows, heads * head_length]`
pub fn attend_rows(
    config: &LlamaConfig,
    query: Tensor<3>,
    prefix: &PrefixLayer,
    own_keys: Tensor<4>,
    own_values: Tensor<4>,
) -> Tensor<2> {
    let [rows, heads, length] = query.dims();
    let (kv_heads, group) = (config.head_count_kv, config.group());
    let shared = prefix.keys.dims()[1];
    let own = own_keys.dims()[2];
    let query = query.mul_scalar(scale(length)).reshape([rows, kv_heads, group, length]);

    // The prefix is the same for all rows, so their queries form one tall matrix per key head.
    let tall = query.clone().swap_dims(0, 1).reshape([kv_heads, rows * group, length]);
    let shared_scores = tall
        .matmul(prefix.keys.clone().swap_dims(1, 2))
        .reshape([kv_heads, rows, group, shared])
        .swap_dims(0, 1);
    let own_scores = query.matmul(own_keys.swap_dims(2, 3));
    let weights = softmax(Tensor::cat(vec![shared_scores, own_scores], 3), 3);

    let shared_weights = weights.clone().narrow(3, 0, shared);
    let own_weights = weights.narrow(3, shared, own);
    let shared_mixed = shared_weights
        .swap_dims(0, 1)
        .reshape([kv_heads, rows * group, shared])
        .matmul(prefix.values.clone())
        .reshape([kv_heads, rows, group, length])
        .swap_dims(0, 1);
    let own_mixed = own_weights.matmul(own_values);
    (shared_mixed + own_mixed).reshape([rows, heads * length])
}

/// `[tokens, before + tokens]`: zero where token `t` may look (all that is not later), far below zero elsewhere.
pub fn causal_mask(before: usize, tokens: usize, device: &Device) -> Tensor<2> {
    let all = before + tokens;
    let mut mask = vec![0.0_f32; tokens * all];
    for (t, row) in mask.chunks_exact_mut(all).enumerate() {
        row[before + t + 1..].fill(MASKED);
    }
    Tensor::from_data(TensorData::new(mask, [tokens, all]), device)
}

fn scale(head_length: usize) -> f32 {
    1.0 / (head_length as f32).sqrt()
}
