//! Twin of `shaders/attend_rows.wgsl`.

use crate::kernels::{AttendShape, RowPlace};

/// Keys and values, as far as they are stored.
#[derive(Debug, Clone, Copy)]
pub struct KeysAndValues<'a> {
    /// Keys, turned.
    pub keys: &'a [f32],
    /// Values.
    pub values: &'a [f32],
}

/// Attention of one new token a row. Returns `[rows, heads * length]`, and the key, turned, and the value of each row's new
/// token, `[rows, kv_heads, length]` each.
///
/// # Shapes
/// `places`: one a row; `turns`: `[context, half]` pairs of cosine and sine; `projected`:
/// `[rows, (heads + 2 kv_heads) * length]`; `prefix`: `[kv_heads, prefix, length]` each; `own`:
/// `[slots, kv_heads, capacity, length]` each.
#[must_use]
pub fn attend_rows(
    shape: AttendShape,
    places: &[RowPlace],
    turns: &[[f32; 2]],
    projected: &[f32],
    (prefix, prefix_tokens): (KeysAndValues<'_>, usize),
    (own, capacity): (KeysAndValues<'_>, usize),
) -> (Vec<f32>, Vec<f32>, Vec<f32>) {
    let AttendShape { heads, kv_heads, length, half } = shape;
    let group = heads / kv_heads;
    let turned = |from: &[f32], position: usize| -> Vec<f32> {
        let mut to = from.to_vec();
        for (pair, [cos, sin]) in turns[position * half..][..half].iter().enumerate() {
            to[pair] = from[pair] * cos - from[pair + half] * sin;
            to[pair + half] = from[pair] * sin + from[pair + half] * cos;
        }
        to
    };
    let (mut mixed, mut new_keys, mut new_values) = (Vec::new(), Vec::new(), Vec::new());
    for (place, row) in places.iter().zip(projected.chunks_exact((heads + 2 * kv_heads) * length)) {
        let [slot, own_tokens, first, shared] = place.words().map(|word| word as usize);
        let position = shared + own_tokens;
        let part = |index: usize| &row[index * length..][..length];
        for kv_head in 0..kv_heads {
            let key = turned(part(heads + kv_head), position);
            let value = part(heads + kv_heads + kv_head);
            let common = (kv_head * prefix_tokens + first) * length;
            let mine = (slot * kv_heads + kv_head) * capacity * length;
            let at = |all: &'_ [f32], start: usize, tokens: usize| all[start..][..tokens * length].to_vec();
            let keys =
                [at(prefix.keys, common, shared), at(own.keys, mine, own_tokens), key.clone()].concat();
            let values =
                [at(prefix.values, common, shared), at(own.values, mine, own_tokens), value.to_vec()]
                    .concat();
            for head in kv_head * group..(kv_head + 1) * group {
                let query = turned(part(head), position);
                let scale = 1.0 / (length as f32).sqrt();
                let score = |key: &[f32]| key.iter().zip(&query).map(|(k, q)| k * q).sum::<f32>() * scale;
                let scores: Vec<f32> = keys.chunks_exact(length).map(score).collect();
                let largest = scores.iter().copied().fold(f32::MIN, f32::max);
                let weights: Vec<f32> = scores.iter().map(|s| (s - largest).exp()).collect();
                let sum: f32 = weights.iter().sum();
                mixed.extend((0..length).map(|d| {
                    let column = values.iter().skip(d).step_by(length);
                    weights.iter().zip(column).map(|(w, v)| w * v).sum::<f32>() / sum
                }));
            }
            new_keys.extend(key);
            new_values.extend_from_slice(value);
        }
    }
    (mixed, new_keys, new_values)
}
