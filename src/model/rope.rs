//! Rotary position embedding (Su et al. 2021, arXiv 2104.09864), by GGUF's convention for the Llama family: what does not
//! hang on where a model runs.
//!
//! A GGUF file of this family stores the query and key rows so that the pairs that turn together are *neighbours*
//! (`2i`, `2i + 1`). Turning neighbours needs strided reads on every token, so [`neighbours_to_halves`] reorders the
//! rows of the query and key matrices once at load: pair `i` becomes (`i`, `i + n/2`). Queries and keys are reordered
//! alike, so every attention score, a sum over the head's width, stays the same.

use super::LlamaConfig;

/// Cosines and sines, `[context, rope_length / 2]` each, for all positions of the context. Computed in `f64`.
#[must_use]
#[inline(never)]
pub fn cosines_and_sines(config: &LlamaConfig) -> (Vec<f32>, Vec<f32>) {
    let half = config.rope_length / 2;
    let mut cosines = Vec::with_capacity(config.context_length * half);
    let mut sines = Vec::with_capacity(config.context_length * half);
    for position in 0..config.context_length {
        for i in 0..half {
            let exponent = -2.0 * i as f64 / config.rope_length as f64;
            let angle = position as f64 * f64::from(config.rope_freq_base).powf(exponent);
            cosines.push(angle.cos() as f32);
            sines.push(angle.sin() as f32);
        }
    }
    (cosines, sines)
}

/// Where each output row of a query or key matrix must come from, so that pairs of neighbours become pairs of halves.
///
/// `heads * head_length` entries: row `r` of the reordered matrix is row `order[r]` of the file's.
#[must_use]
#[inline(never)]
pub fn neighbours_to_halves(heads: usize, head_length: usize, rope_length: usize) -> Vec<usize> {
    let half = rope_length / 2;
    let mut order = Vec::with_capacity(heads * head_length);
    for head in 0..heads {
        let base = head * head_length;
        order.extend((0..half).map(|i| base + 2 * i));
        order.extend((0..half).map(|i| base + 2 * i + 1));
        order.extend((rope_length..head_length).map(|i| base + i));
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reordering_is_a_permutation_that_parts_neighbours() {
        let order = neighbours_to_halves(2, 8, 4);
        assert_eq!(order, [0, 2, 1, 3, 4, 5, 6, 7, 8, 10, 9, 11, 12, 13, 14, 15]);
    }
}
