//! Rotary position embedding on halves; see [`crate::model::rope`].

use crate::model::LlamaConfig;
use crate::model::rope::cosines_and_sines;

/// Cosines and sines for every position of the context.
#[derive(Debug, Clone)]
pub(super) struct Rope {
    /// `[context, rope_length / 2]`
    cosines: Vec<f32>,
    /// `[context, rope_length / 2]`
    sines: Vec<f32>,
    half: usize,
    head_length: usize,
}

impl Rope {
    /// Tables for all positions of the context.
    pub fn new(config: &LlamaConfig) -> Self {
        let (cosines, sines) = cosines_and_sines(config);
        Self { cosines, sines, half: config.rope_length / 2, head_length: config.head_length }
    }

    /// Turns heads that stand at one position. `x`: `[heads, head_length]`.
    #[inline(never)]
    pub fn turn(&self, x: &mut [f32], position: usize) {
        let table = position * self.half..(position + 1) * self.half;
        let (cosines, sines) = (&self.cosines[table.clone()], &self.sines[table]);
        for head in x.chunks_exact_mut(self.head_length) {
            let (first, rest) = head.split_at_mut(self.half);
            for (((a, b), cosine), sine) in first.iter_mut().zip(rest).zip(cosines).zip(sines) {
                (*a, *b) = (*a * cosine - *b * sine, *a * sine + *b * cosine);
            }
        }
    }
}
