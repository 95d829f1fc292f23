//! Rotary position embedding (Su et al. 2021, arXiv 2104.09864), by GGUF's convention for the Llama family.
//!
//! A GGUF file of this family stores the query and key rows so that the pairs that turn together are *neighbours*
//! (`2i`, `2i + 1`). Turning neighbours needs strided reads on every token, so [`neighbours_to_halves`] reorders the
//! rows of the query and key matrices once at load: pair `i` becomes (`i`, `i + n/2`). Queries and keys are reordered
//! alike, so every attention score, a sum over the head's width, stays the same.

use burn::tensor::{Device, Tensor, TensorData};

use crate::model::LlamaConfig;

/// Cosines and sines for every position of the context.
#[derive(Debug, Clone)]
pub struct Rope {
    /// `[context, rope_length / 2]`
    cos: Tensor<2>,
    /// `[context, rope_length / 2]`
    sin: Tensor<2>,
    half: usize,
    head_length: usize,
}

impl Rope {
    /// Tables for all positions below `config.context_length`, computed in `f64`.
    #[must_use]
    pub fn new(config: &LlamaConfig, device: &Device) -> Self {
        let half = config.rope_length / 2;
        let (cos, sin): (Vec<f32>, Vec<f32>) = turns(config).into_iter().map(|[cos, sin]| (cos, sin)).unzip();
        let shape = [config.context_length, half];
        Self {
            cos: Tensor::from_data(TensorData::new(cos, shape), device),
            sin: Tensor::from_data(TensorData::new(sin, shape), device),
            half,
            head_length: config.head_length,
        }
    }

    /// Turns a run of consecutive positions.
    ///
    /// `x`: `[tokens, heads, head_length]`, token `t` at position `start + t`. Same shape out.
    #[must_use]
    pub fn turn_sequence(&self, x: Tensor<3>, start: usize) -> Tensor<3> {
        let tokens = x.dims()[0];
        let table = |t: &Tensor<2>| t.clone().narrow(0, start, tokens).reshape([tokens, 1, self.half]);
        self.turn(x, table(&self.cos), table(&self.sin))
    }

    /// Turns rows that all stand at the same position. `x`: `[rows, heads, head_length]`. Same shape out.
    #[must_use]
    pub fn turn_rows(&self, x: Tensor<3>, position: usize) -> Tensor<3> {
        let table = |t: &Tensor<2>| t.clone().narrow(0, position, 1).reshape([1, 1, self.half]);
        self.turn(x, table(&self.cos), table(&self.sin))
    }

    fn turn(&self, x: Tensor<3>, cos: Tensor<3>, sin: Tensor<3>) -> Tensor<3> {
        let first = x.clone().narrow(2, 0, self.half);
        let second = x.clone().narrow(2, self.half, self.half);
        let turned_first = first.clone() * cos.clone() - second.clone() * sin.clone();
        let turned_second = first * sin + second * cos;
        let rest = self.head_length - 2 * self.half;
        let mut parts = vec![turned_first, turned_second];
        if rest > 0 {
            parts.push(x.narrow(2, 2 * self.half, rest));
        }
        Tensor::cat(parts, 2)
    }
}

/// Cosine and sine for every position of the context and every pair, `[context, rope_length / 2]`, computed in `f64`.
#[must_use]
pub fn turns(config: &LlamaConfig) -> Vec<[f32; 2]> {
    let half = config.rope_length / 2;
    let of = |position: usize, pair: usize| {
        let exponent = -2.0 * pair as f64 / config.rope_length as f64;
        let angle = position as f64 * f64::from(config.rope_freq_base).powf(exponent);
        [angle.cos() as f32, angle.sin() as f32]
    };
    (0..config.context_length).flat_map(|position| (0..half).map(move |pair| of(position, pair))).collect()
}

/// Where each output row of a query or key matrix must come from, so that pairs of neighbours become pairs of halves.
///
/// `heads * head_length` entries: row `r` of the reordered matrix is row `order[r]` of the file's.
#[must_use]
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
