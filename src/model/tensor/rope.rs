//! Rotary position embedding (Su et al. 2021, arXiv 2104.09864), by GGUF's convention for the Llama family.
//!
//! Pairs that turn together are halves (`i`, `i + n/2`): see [`crate::model::rope`].

use burn::tensor::{Device, Tensor, TensorData};

use crate::model::LlamaConfig;
use crate::model::rope::cosines_and_sines;

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
    /// Tables for all positions below `config.context_length`.
    #[must_use]
    pub fn new(config: &LlamaConfig, device: &Device) -> Self {
        let half = config.rope_length / 2;
        let (cos, sin) = cosines_and_sines(config);
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
