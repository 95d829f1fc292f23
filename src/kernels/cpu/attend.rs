//! Grouped-query attention of one token over everything before it and itself.
//!
//! Exact softmax attention. What was read may lie in several parts, as a prefix that rows share and a row's own tokens do:
//! every sum goes over the tokens in their order, so that how they are parted changes no bit of the result.

use std::ops::Add;

use super::KeyValues;
use crate::eight::{Eight, LANES, Number};
use crate::sampling::exp_of_negative;

/// Attends. `scores` is working memory.
///
/// # Shapes
/// - `query`: `[heads, head_length]`, turned by RoPE; every `heads / kv_heads` of them share a head of keys
/// - `parts`: one after the other, at least one token in all
/// - out: `[heads, head_length]`
pub fn attend(
    query: &[f32],
    parts: &[&KeyValues],
    kv_heads: usize,
    head_length: usize,
    scores: &mut Vec<f32>,
    out: &mut [f32],
) {
    let group = query.len() / (kv_heads * head_length);
    let shared = group * head_length;
    let groups = query.chunks_exact(shared).zip(out.chunks_exact_mut(shared));
    for (kv_head, (query, out)) in groups.enumerate() {
        let mut queries = query.chunks_exact(2 * head_length);
        let mut outs = out.chunks_exact_mut(2 * head_length);
        for (query, out) in queries.by_ref().zip(outs.by_ref()) {
            heads::<2>(query, parts, kv_head, scores, out);
        }
        let (query, out) = (queries.remainder(), outs.into_remainder());
        if !query.is_empty() {
            heads::<1>(query, parts, kv_head, scores, out);
        }
    }
}

/// `Q` query heads on one head of keys. `query` and `out`: `[Q, head_length]`.
#[inline(never)]
fn heads<const Q: usize>(
    query: &[f32],
    parts: &[&KeyValues],
    kv_head: usize,
    scores: &mut Vec<f32>,
    out: &mut [f32],
) {
    let length = query.len() / Q;
    let tokens: usize = parts.iter().map(|part| part.tokens()).sum();
    // Scores are written eight at a time; those past a part's end are written over by the next part.
    let room = tokens.next_multiple_of(LANES) + LANES;
    scores.resize(Q * room, 0.0);
    let queries: [&[f32]; Q] = std::array::from_fn(|q| &query[q * length..][..length]);
    let scale = 1.0 / (length as f32).sqrt();
    let mut first = 0;
    for part in parts {
        for (eight, keys) in part.keys_of(kv_head).enumerate() {
            let mut sums = [Eight::all(0.0); Q];
            let keys = &keys[..length];
            for (d, keys) in keys.iter().enumerate() {
                let keys = Eight::of(keys);
                for q in 0..Q {
                    sums[q] = sums[q] + Eight::all(queries[q][d]) * keys;
                }
            }
            for (q, sums) in sums.into_iter().enumerate() {
                let at = q * room + first + eight * LANES;
                scores[at..at + LANES].copy_from_slice(&(sums * Eight::all(scale)).to_array());
            }
        }
        first += part.tokens();
    }
    let mut weights: [&[f32]; Q] = [&[]; Q];
    for (weights, scores) in weights.iter_mut().zip(scores.chunks_exact_mut(room)) {
        // Whole eights, filled up with what weighs nothing.
        let (eights, _) = scores.as_chunks_mut::<LANES>();
        let eights = &mut eights[..tokens.div_ceil(LANES)];
        eights.as_flattened_mut()[tokens..].fill(f32::MIN);
        softmax(eights);
        *weights = &scores[..tokens];
    }
    let per_head = length.div_ceil(LANES);
    let mut eights = 0;
    while eights < per_head {
        if per_head - eights >= 2 {
            mix::<Q, 2>(weights, parts, kv_head, eights, out);
            eights += 2;
        } else {
            mix::<Q, 1>(weights, parts, kv_head, eights, out);
            eights += 1;
        }
    }
}

/// Values weighed and summed, for `E` times eight places of the head from the `first` eight on.
#[inline(always)]
fn mix<const Q: usize, const E: usize>(
    mut weights: [&[f32]; Q],
    parts: &[&KeyValues],
    kv_head: usize,
    first: usize,
    out: &mut [f32],
) {
    let length = out.len() / Q;
    let mut sums = [[Eight::all(0.0); E]; Q];
    for part in parts {
        let of_part = weights.map(|weights| &weights[..part.tokens()]);
        weights = weights.map(|weights| &weights[part.tokens()..]);
        for (token, values) in part.values_of(kv_head).enumerate() {
            let values = &values[first..first + E];
            for q in 0..Q {
                let weight = Eight::all(of_part[q][token]);
                for e in 0..E {
                    sums[q][e] = sums[q][e] + weight * Eight::of(&values[e]);
                }
            }
        }
    }
    let from = first * LANES;
    let until = length.min(from + E * LANES);
    for (sums, out) in sums.into_iter().zip(out.chunks_exact_mut(length)) {
        out[from..until].copy_from_slice(&sums.map(Eight::to_array).as_flattened()[..until - from]);
    }
}

/// Turns scores into weights that sum to 1; into NaN, all of them, if one is no finite number.
fn softmax(scores: &mut [[f32; LANES]]) {
    let largest = scores.iter().map(Eight::of).fold(Eight::all(f32::MIN), Number::or_larger).to_array();
    let largest = Eight::all(largest.into_iter().fold(f32::MIN, Number::or_larger));
    // Nothing, but for NaN and the infinities, which the exponential would take for far below zero.
    let zeros = scores.iter().map(|eight| Eight::of(eight) * Eight::all(0.0));
    let mut sums = zeros.fold(Eight::all(0.0), Add::add);
    for eight in &mut *scores {
        let weights = exp_of_negative(Eight::of(eight) - largest);
        *eight = weights.to_array();
        sums = sums + weights;
    }
    let inverse = Eight::all(1.0 / sums.to_array().iter().sum::<f32>());
    for eight in scores {
        *eight = (Eight::of(eight) * inverse).to_array();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(count: usize, seed: u32) -> Vec<f32> {
        (0..count).map(|i| ((i as u32 * 37 + seed * 11) as f32 * 0.77).sin() * 2.0).collect()
    }

    struct Case {
        heads: usize,
        kv_heads: usize,
        length: usize,
        query: Vec<f32>,
        keys: Vec<f32>,
        values: Vec<f32>,
    }

    impl Case {
        fn new(heads: usize, kv_heads: usize, length: usize, tokens: usize) -> Self {
            let width = kv_heads * length;
            Self {
                heads,
                kv_heads,
                length,
                query: numbers(heads * length, 1),
                keys: numbers(tokens * width, 2),
                values: numbers(tokens * width, 3),
            }
        }

        /// The tokens in parts of the given sizes.
        fn attend(&self, sizes: &[usize]) -> Vec<f32> {
            let width = self.kv_heads * self.length;
            let mut tokens = self.keys.chunks(width).zip(self.values.chunks(width));
            let parts: Vec<KeyValues> = sizes
                .iter()
                .map(|&size| {
                    let mut part = KeyValues::new(self.kv_heads, self.length);
                    tokens.by_ref().take(size).for_each(|(key, value)| part.push(key, value));
                    part
                })
                .collect();
            let mut out = vec![f32::NAN; self.heads * self.length];
            let parts: Vec<&KeyValues> = parts.iter().collect();
            attend(&self.query, &parts, self.kv_heads, self.length, &mut Vec::new(), &mut out);
            out
        }

        /// By the definition, in `f64`.
        fn expected(&self) -> Vec<f64> {
            let (width, length) = (self.kv_heads * self.length, self.length);
            let mut out = Vec::new();
            for head in 0..self.heads {
                let kv = head / (self.heads / self.kv_heads) * length;
                let query = &self.query[head * length..][..length];
                let weights: Vec<f64> = self
                    .keys
                    .chunks(width)
                    .map(|keys| query.iter().zip(&keys[kv..]).map(|(&q, &k)| f64::from(q) * f64::from(k)))
                    .map(|products| (products.sum::<f64>() / (length as f64).sqrt()).exp())
                    .collect();
                let sum: f64 = weights.iter().sum();
                out.extend((0..length).map(|d| {
                    let values = self.values.chunks(width).map(|values| f64::from(values[kv + d]));
                    weights.iter().zip(values).map(|(w, v)| w / sum * v).sum::<f64>()
                }));
            }
            out
        }
    }

    #[test]
    fn attention_is_that_of_the_definition_at_odd_sizes() {
        for (heads, kv_heads, length) in [(4, 2, 32), (3, 1, 8), (5, 5, 13), (6, 2, 48), (1, 1, 2)] {
            for tokens in [1, 2, 7, 8, 9, 33] {
                let case = Case::new(heads, kv_heads, length, tokens);
                for (a, b) in case.attend(&[tokens]).iter().zip(case.expected()) {
                    // Scores of up to 4 sqrt(48), each off by some of its units, then weights by as much.
                    assert!((f64::from(*a) - b).abs() < 2e-5, "{a} for {b}: {heads} {length} {tokens}");
                }
            }
        }
    }

    #[test]
    fn how_the_tokens_are_parted_changes_no_bit() {
        let case = Case::new(4, 2, 16, 29);
        let whole = case.attend(&[29]);
        for sizes in [[13, 16], [0, 29], [8, 21], [28, 1]] {
            assert_eq!(case.attend(&sizes), whole, "{sizes:?}");
        }
    }

    #[test]
    fn what_is_no_number_makes_nan_and_not_another_weight() {
        for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            let mut case = Case::new(2, 1, 8, 11);
            case.keys[3 * 8 + 2] = bad;
            assert!(case.attend(&[5, 6]).iter().all(|x| x.is_nan()), "key {bad}");
            let mut case = Case::new(2, 1, 8, 11);
            case.values[3 * 8 + 2] = bad;
            assert!(case.attend(&[11]).iter().any(|x| !x.is_finite()), "value {bad}");
        }
    }
}
