//! One shard of a batch, forward and backward.

use super::attention::{attend, attend_gradient};
use super::head::{HeadGradient, HeadScratch, cross_entropy, losses_and_entropies};
use super::loops::{
    Rope, add, linear, linear_input_gradient, linear_weight_gradient, rms_norm, rms_norm_gradient, swiglu,
    swiglu_gradient,
};
use super::{Layout, ModelShape};

/// Some whole documents, one after the other, and which of their tokens are to be predicted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shard {
    /// All tokens.
    pub tokens: Vec<u32>,
    /// Length of each document; they sum to `tokens.len()`.
    pub lengths: Vec<usize>,
    /// Positions in `tokens` that are wanted: from which the next token is to be predicted (never a document's last then),
    /// or of which a scalar is.
    pub positions: Vec<usize>,
}

impl Shard {
    /// Adds a document. `answer_from`: index of the first token that is to be predicted; at least 1.
    pub fn push(&mut self, document: &[u32], answer_from: usize) {
        let start = self.tokens.len();
        self.tokens.extend(document);
        self.lengths.push(document.len());
        self.positions.extend((answer_from.max(1)..document.len()).map(|i| start + i - 1));
    }

    /// Adds a document, not empty, of which only the last position is wanted: for a scalar, as no next token is there to
    /// predict.
    pub fn push_last(&mut self, document: &[u32]) {
        self.tokens.extend(document);
        self.lengths.push(document.len());
        self.positions.push(self.tokens.len() - 1);
    }

    /// What each position is to predict. Not for shards with documents of [`Shard::push_last`].
    fn targets(&self) -> Vec<u32> {
        self.positions.iter().map(|&p| self.tokens[p + 1]).collect()
    }
}

/// What one block keeps for the way back.
#[derive(Debug, Default)]
pub(super) struct Kept {
    /// Input of the block, `[n, width]`.
    x: Vec<f32>,
    attention_inverse_rms: Vec<f32>,
    attention_normed: Vec<f32>,
    /// `[n, qkv_length]`, turned by RoPE.
    pub(super) qkv: Vec<f32>,
    /// For each document `[heads, length, length]`.
    attention_weights: Vec<f32>,
    /// `[n, query_length]`
    mixed: Vec<f32>,
    /// After attention, `[n, width]`.
    middle: Vec<f32>,
    feed_forward_inverse_rms: Vec<f32>,
    feed_forward_normed: Vec<f32>,
    /// `[n, 2 inner]`
    gate_up: Vec<f32>,
    /// `[n, inner]`
    act: Vec<f32>,
}

/// The working memory of one thread. Made once, used for every shard.
#[derive(Debug)]
pub struct Pass {
    pub(super) shape: ModelShape,
    pub(super) layout: Layout,
    pub(super) rope: Rope,
    pub(super) kept: Vec<Kept>,
    /// Residual stream, `[n, width]`.
    x: Vec<f32>,
    /// Rows whose next token is wanted: before and after the norm, `[positions, width]`.
    picked: Vec<f32>,
    picked_inverse_rms: Vec<f32>,
    pub(super) picked_normed: Vec<f32>,
    /// Gradients of the same name.
    dx: Vec<f32>,
    pub(super) d_width: Vec<f32>,
    d_qkv: Vec<f32>,
    d_act: Vec<f32>,
    scratch: Vec<f32>,
    head: HeadScratch,
}

impl Pass {
    /// Working memory for a model.
    #[must_use]
    pub fn new(shape: &ModelShape) -> Self {
        Self {
            layout: Layout::new(shape),
            rope: Rope::new(shape.context, shape.head_length, shape.rope_base),
            kept: (0..shape.blocks).map(|_| Kept::default()).collect(),
            shape: shape.clone(),
            x: Vec::new(),
            picked: Vec::new(),
            picked_inverse_rms: Vec::new(),
            picked_normed: Vec::new(),
            dx: Vec::new(),
            d_width: Vec::new(),
            d_qkv: Vec::new(),
            d_act: Vec::new(),
            scratch: Vec::new(),
            head: HeadScratch::default(),
        }
    }

    /// The cross-entropy in nats of each wanted token of the shard, in order of its positions.
    pub fn losses(&mut self, weights: &[f32], shard: &Shard) -> &[f32] {
        self.forward(weights, shard);
        let embedding = &weights[self.layout.embedding.clone()];
        let width = self.shape.width;
        cross_entropy(&self.picked_normed, embedding, width, &shard.targets(), None, &mut self.head);
        &self.head.losses
    }

    /// The losses as [`Pass::losses`], and at each wanted position the entropy in nats of the next token's distribution at
    /// T = 1.
    pub fn entropies(&mut self, weights: &[f32], shard: &Shard) -> (Vec<f32>, Vec<f32>) {
        self.forward(weights, shard);
        let embedding = &weights[self.layout.embedding.clone()];
        losses_and_entropies(
            &self.picked_normed,
            embedding,
            self.shape.width,
            &shard.targets(),
            &mut self.head,
        )
    }

    /// The sum of the losses of the shard in nats; adds the gradient of `weight` times that sum to `gradient`.
    pub fn train(&mut self, weights: &[f32], shard: &Shard, weight: f32, gradient: &mut [f32]) -> f64 {
        let losses = self.train_weighted(weights, shard, &mut |_, _| weight, gradient);
        losses.iter().map(|&l| f64::from(l)).sum()
    }

    /// The losses of the shard in nats; adds the gradient of the sum of `c_i loss_i` to `gradient`.
    ///
    /// `c_i = coefficient(i, loss_i)` is asked once for every wanted position, in order, when its loss (minus the log of the
    /// token's probability) is known, and is held constant. So a policy gradient needs no second pass: its coefficient may
    /// depend on the ratio to an earlier policy's probability.
    ///
    /// # Shapes
    /// `gradient`: at least `[parameters]`; what is beyond is left alone.
    pub fn train_weighted(
        &mut self,
        weights: &[f32],
        shard: &Shard,
        coefficient: &mut dyn FnMut(usize, f32) -> f32,
        gradient: &mut [f32],
    ) -> &[f32] {
        self.forward(weights, shard);
        self.train_forwarded(weights, shard, coefficient, gradient);
        &self.head.losses
    }

    /// As [`Pass::train_weighted`], where a coefficient may depend on every loss of the shard: for losses of whole answers.
    ///
    /// `coefficients` is given the losses in order and answers with as many coefficients.
    pub fn train_jointly(
        &mut self,
        weights: &[f32],
        shard: &Shard,
        coefficients: &mut dyn FnMut(&[f32]) -> Vec<f32>,
        gradient: &mut [f32],
    ) {
        let chosen = coefficients(self.losses(weights, shard));
        assert_eq!(chosen.len(), shard.positions.len(), "one coefficient for each loss");
        self.train_forwarded(weights, shard, &mut |i, _| chosen[i], gradient);
    }

    /// The way back of a shard that has just gone forward.
    fn train_forwarded(
        &mut self,
        weights: &[f32],
        shard: &Shard,
        coefficient: &mut dyn FnMut(usize, f32) -> f32,
        gradient: &mut [f32],
    ) {
        let (rows, width) = (shard.positions.len(), self.shape.width);
        self.d_width.resize(shard.tokens.len().max(rows) * width, 0.0);
        let output = self.layout.embedding.clone();
        let head_gradient = HeadGradient {
            coefficient,
            dx: &mut self.d_width[..rows * width],
            d_embedding: &mut gradient[output.clone()],
        };
        cross_entropy(
            &self.picked_normed,
            &weights[output],
            width,
            &shard.targets(),
            Some(head_gradient),
            &mut self.head,
        );
        self.backward(weights, shard, gradient);
    }

    /// Logits at every wanted position, `[positions, vocabulary]`. For tests and evaluation; training never holds them all.
    pub fn logits(&mut self, weights: &[f32], shard: &Shard) -> Vec<f32> {
        self.forward(weights, shard);
        let mut out = vec![0.0; shard.positions.len() * self.shape.vocabulary];
        let embedding = &weights[self.layout.embedding.clone()];
        linear(&self.picked_normed, embedding, &mut out, self.shape.width, self.shape.vocabulary);
        out
    }

    pub(super) fn forward(&mut self, weights: &[f32], shard: &Shard) {
        let shape = &self.shape;
        let (width, inner) = (shape.width, shape.inner);
        let n = shard.tokens.len();
        let of = |range: &std::ops::Range<usize>| &weights[range.clone()];

        // 1. Look up the embedding of each token.
        let embedding = of(&self.layout.embedding);
        self.x.resize(n * width, 0.0);
        for (row, &token) in self.x.chunks_exact_mut(width).zip(&shard.tokens) {
            row.copy_from_slice(&embedding[token as usize * width..][..width]);
        }

        // 2. The blocks.
        for (kept, block) in self.kept.iter_mut().zip(&self.layout.blocks) {
            kept.resize(shape, shard);
            kept.x.copy_from_slice(&self.x);
            rms_norm(
                &kept.x,
                of(&block.attention_norm),
                shape.rms_epsilon,
                &mut kept.attention_normed,
                &mut kept.attention_inverse_rms,
            );
            let length = shape.qkv_length();
            linear(&kept.attention_normed, of(&block.query_key_value), &mut kept.qkv, width, length);
            turn(&self.rope, shape, shard, &mut kept.qkv, false);
            let (mut at, mut weights_at) = (0, 0);
            for &document in &shard.lengths {
                let size = shape.heads * document * document;
                attend(
                    shape,
                    &kept.qkv[at * length..(at + document) * length],
                    document,
                    &mut kept.attention_weights[weights_at..weights_at + size],
                    &mut kept.mixed[at * shape.query_length()..(at + document) * shape.query_length()],
                );
                at += document;
                weights_at += size;
            }
            linear(&kept.mixed, of(&block.attention_out), &mut kept.middle, shape.query_length(), width);
            add(&mut kept.middle, &kept.x);
            rms_norm(
                &kept.middle,
                of(&block.feed_forward_norm),
                shape.rms_epsilon,
                &mut kept.feed_forward_normed,
                &mut kept.feed_forward_inverse_rms,
            );
            linear(&kept.feed_forward_normed, of(&block.gate_up), &mut kept.gate_up, width, 2 * inner);
            swiglu(&kept.gate_up, inner, &mut kept.act);
            linear(&kept.act, of(&block.down), &mut self.x, inner, width);
            add(&mut self.x, &kept.middle);
        }

        // 3. Norm the rows whose next token is wanted.
        let rows = shard.positions.len();
        self.picked.resize(rows * width, 0.0);
        self.picked_normed.resize(rows * width, 0.0);
        self.picked_inverse_rms.resize(rows, 0.0);
        for (row, &position) in self.picked.chunks_exact_mut(width).zip(&shard.positions) {
            row.copy_from_slice(&self.x[position * width..][..width]);
        }
        rms_norm(
            &self.picked,
            of(&self.layout.output_norm),
            shape.rms_epsilon,
            &mut self.picked_normed,
            &mut self.picked_inverse_rms,
        );
    }

    /// The way back from the wanted rows. The gradient with respect to `picked_normed` is where `d_width` begins.
    pub(super) fn backward(&mut self, weights: &[f32], shard: &Shard, gradient: &mut [f32]) {
        let shape = &self.shape;
        let (width, inner) = (shape.width, shape.inner);
        let n = shard.tokens.len();
        let of = |range: &std::ops::Range<usize>| &weights[range.clone()];

        // 1. The last norm, at the wanted rows only.
        let rows = shard.positions.len();
        let d_picked_normed = &self.d_width[..rows * width];
        // `x` is not needed any more: its rows become those of the picked rows' gradient.
        let d_picked = &mut self.x;
        d_picked.clear();
        d_picked.resize(rows * width, 0.0);
        rms_norm_gradient(
            d_picked_normed,
            &self.picked,
            of(&self.layout.output_norm),
            &self.picked_inverse_rms,
            d_picked,
            &mut gradient[self.layout.output_norm.clone()],
        );
        self.dx.clear();
        self.dx.resize(n * width, 0.0);
        for (row, &position) in d_picked.chunks_exact(width).zip(&shard.positions) {
            add(&mut self.dx[position * width..][..width], row);
        }

        // 2. The blocks, last first.
        self.d_width.resize(n * width, 0.0);
        self.d_qkv.resize(n * shape.qkv_length(), 0.0);
        self.d_act.resize(n * inner, 0.0);
        let longest = shard.lengths.iter().max().copied().unwrap_or(0);
        self.scratch.resize(longest * longest, 0.0);
        for (kept, block) in self.kept.iter_mut().zip(&self.layout.blocks).rev() {
            // Feed-forward part: d_gate_up takes the place of gate_up.
            linear_input_gradient(&self.dx, of(&block.down), &mut self.d_act, inner, width);
            linear_weight_gradient(&self.dx, &kept.act, &mut gradient[block.down.clone()], inner, width);
            swiglu_gradient(&self.d_act, inner, &mut kept.gate_up);
            linear_input_gradient(&kept.gate_up, of(&block.gate_up), &mut self.d_width, width, 2 * inner);
            let d_gate_up = &mut gradient[block.gate_up.clone()];
            linear_weight_gradient(&kept.gate_up, &kept.feed_forward_normed, d_gate_up, width, 2 * inner);
            rms_norm_gradient(
                &self.d_width,
                &kept.middle,
                of(&block.feed_forward_norm),
                &kept.feed_forward_inverse_rms,
                &mut self.dx,
                &mut gradient[block.feed_forward_norm.clone()],
            );

            // Attention part.
            let queries = shape.query_length();
            let d_mixed = &mut self.d_act;
            d_mixed.resize(n * queries, 0.0);
            linear_input_gradient(&self.dx, of(&block.attention_out), d_mixed, queries, width);
            let d_out = &mut gradient[block.attention_out.clone()];
            linear_weight_gradient(&self.dx, &kept.mixed, d_out, queries, width);
            let length = shape.qkv_length();
            let (mut at, mut weights_at) = (0, 0);
            for &document in &shard.lengths {
                let size = shape.heads * document * document;
                attend_gradient(
                    shape,
                    &kept.qkv[at * length..(at + document) * length],
                    document,
                    &kept.attention_weights[weights_at..weights_at + size],
                    &d_mixed[at * queries..(at + document) * queries],
                    &mut self.d_qkv[at * length..(at + document) * length],
                    &mut self.scratch,
                );
                at += document;
                weights_at += size;
            }
            d_mixed.resize(n * inner, 0.0);
            turn(&self.rope, shape, shard, &mut self.d_qkv, true);
            linear_input_gradient(&self.d_qkv, of(&block.query_key_value), &mut self.d_width, width, length);
            let d_qkv = &mut gradient[block.query_key_value.clone()];
            linear_weight_gradient(&self.d_qkv, &kept.attention_normed, d_qkv, width, length);
            rms_norm_gradient(
                &self.d_width,
                &kept.x,
                of(&block.attention_norm),
                &kept.attention_inverse_rms,
                &mut self.dx,
                &mut gradient[block.attention_norm.clone()],
            );
        }

        // 3. The embedding of each token.
        let d_embedding = &mut gradient[self.layout.embedding.clone()];
        for (row, &token) in self.dx.chunks_exact(width).zip(&shard.tokens) {
            add(&mut d_embedding[token as usize * width..][..width], row);
        }
    }
}

impl Kept {
    fn resize(&mut self, shape: &ModelShape, shard: &Shard) {
        let n = shard.tokens.len();
        let squares: usize = shard.lengths.iter().map(|l| l * l).sum();
        for (buffer, length) in [
            (&mut self.x, n * shape.width),
            (&mut self.attention_inverse_rms, n),
            (&mut self.attention_normed, n * shape.width),
            (&mut self.qkv, n * shape.qkv_length()),
            (&mut self.attention_weights, shape.heads * squares),
            (&mut self.mixed, n * shape.query_length()),
            (&mut self.middle, n * shape.width),
            (&mut self.feed_forward_inverse_rms, n),
            (&mut self.feed_forward_normed, n * shape.width),
            (&mut self.gate_up, n * 2 * shape.inner),
            (&mut self.act, n * shape.inner),
        ] {
            buffer.resize(length, 0.0);
        }
    }
}

/// Turns queries and keys, each at its place within its document.
fn turn(rope: &Rope, shape: &ModelShape, shard: &Shard, qkv: &mut [f32], back: bool) {
    let turned = shape.query_length() + shape.kv_length();
    let places = shard.lengths.iter().flat_map(|&length| 0..length);
    for (row, place) in qkv.chunks_exact_mut(shape.qkv_length()).zip(places) {
        rope.turn(&mut row[..turned], place, back);
    }
}
