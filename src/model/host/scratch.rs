//! What a step works on: allocated at the first step, used again by every later one.

use crate::kernels::cpu::QuantizedRows;
use crate::model::LlamaConfig;

/// Most rows that run through the blocks together. A batch of this size keeps what it works on in the processor's cache, and
/// is large enough that reading the weights anew for the next batch costs nothing that can be measured.
pub(super) const BATCH: usize = 32;

/// Activations of up to [`BATCH`] rows.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    /// The residual stream, `[rows, embedding_length]`.
    pub x: Vec<f32>,
    /// `[rows, embedding_length]`
    pub normed: Vec<f32>,
    /// `[rows, query_length + 2 kv_length]`
    pub query_key_value: Vec<f32>,
    /// What attention mixed, `[rows, query_length]`.
    pub mixed: Vec<f32>,
    /// `[rows, 2 feed_forward_length]`
    pub gate_up: Vec<f32>,
    /// `[rows, feed_forward_length]`
    pub inner: Vec<f32>,
    /// What a block adds to the residual stream, `[rows, embedding_length]`.
    pub added: Vec<f32>,
    /// Scores of attention.
    pub scores: Vec<f32>,
    /// The input of a product.
    pub quantized: QuantizedRows,
}

impl Scratch {
    /// Makes room for exactly `rows` rows.
    pub fn fit(&mut self, config: &LlamaConfig, rows: usize) {
        let (width, inner) = (config.embedding_length, config.feed_forward_length);
        let queries = config.query_length();
        let sizes = [
            (&mut self.x, width),
            (&mut self.normed, width),
            (&mut self.query_key_value, queries + 2 * config.kv_length()),
            (&mut self.mixed, queries),
            (&mut self.gate_up, 2 * inner),
            (&mut self.inner, inner),
            (&mut self.added, width),
        ];
        for (buffer, width) in sizes {
            buffer.resize(rows * width, 0.0);
        }
    }
}
