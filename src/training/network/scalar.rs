//! A number for each wanted position: the reward of an answer at its end, or the value of the answer so far.
//!
//! The head is one row of weights and a bias on the decoder's last, normed hidden state (Ouyang et al. 2022, arXiv
//! 2203.02155, section 3.5: the model "with the final unembedding layer removed"). It lies outside the flat vector of the
//! decoder's weights, because what is published has none.

use super::loops::dot;
use super::{Pass, Shard};

impl Pass {
    /// The last, normed hidden state at each wanted position, `[positions, width]`: what heads see.
    pub fn states(&mut self, weights: &[f32], shard: &Shard) -> &[f32] {
        self.forward(weights, shard);
        &self.picked_normed
    }

    /// The scalars of the shard, in order of its positions.
    ///
    /// # Shapes
    /// `head`: `[width + 1]`, weights and then the bias.
    pub fn scalars(&mut self, weights: &[f32], head: &[f32], shard: &Shard) -> Vec<f32> {
        self.forward(weights, shard);
        self.apply(head)
    }

    /// The scalars of the shard; adds the gradient of a loss of all of them to `gradient` and `d_head`.
    ///
    /// `slope` is given the scalars and answers with the loss's derivative with respect to each, as many as there are.
    ///
    /// # Shapes
    /// `head` and `d_head`: `[width + 1]`; `gradient`: at least `[parameters]`, what is beyond is left alone.
    pub fn train_scalars(
        &mut self,
        weights: &[f32],
        head: &[f32],
        shard: &Shard,
        slope: &mut dyn FnMut(&[f32]) -> Vec<f32>,
        gradient: &mut [f32],
        d_head: &mut [f32],
    ) -> Vec<f32> {
        self.forward(weights, shard);
        let scalars = self.apply(head);
        let slopes = slope(&scalars);
        assert_eq!(slopes.len(), scalars.len(), "one slope for each scalar");
        let width = self.shape.width;
        self.d_width.resize(shard.tokens.len() * width, 0.0);
        let rows = self.picked_normed.chunks_exact(width).zip(self.d_width.chunks_exact_mut(width));
        for ((x, dx), &slope) in rows.zip(&slopes) {
            for ((d, h), (d_h, x)) in dx.iter_mut().zip(head).zip(d_head.iter_mut().zip(x)) {
                *d = slope * h;
                *d_h += slope * x;
            }
            d_head[width] += slope;
        }
        self.backward(weights, shard, gradient);
        scalars
    }

    /// The head on every picked row.
    fn apply(&self, head: &[f32]) -> Vec<f32> {
        let (row, bias) = head.split_at(self.shape.width);
        self.picked_normed.chunks_exact(row.len()).map(|x| dot(x, row) + bias[0]).collect()
    }
}
