//! Keys and values of what has been read: one shared prefix, and each row's own tokens.

use burn::tensor::{Device, Int, Tensor};

use crate::model::LlamaConfig;

/// Own tokens are stored in steps of this many, so that the buffers are reallocated rarely.
const CAPACITY_STEP: usize = 32;

/// Keys and values of one layer. `[kv_heads, tokens, head_length]` each.
#[derive(Debug, Clone)]
pub struct PrefixLayer {
    /// Keys, turned by RoPE.
    pub keys: Tensor<3>,
    /// Values.
    pub values: Tensor<3>,
}

/// A prompt that was run once, to be shared by all rows that continue it.
#[derive(Debug, Clone)]
pub struct PrefixCache {
    pub(super) layers: Vec<PrefixLayer>,
    pub(super) tokens: usize,
}

impl PrefixCache {
    /// Number of tokens held.
    #[must_use]
    pub fn tokens(&self) -> usize {
        self.tokens
    }
}

/// Keys and values of one layer. `[rows, kv_heads, capacity, head_length]` each; the first `tokens` are in use.
#[derive(Debug)]
pub(super) struct RowLayer {
    keys: Tensor<4>,
    values: Tensor<4>,
}

/// Each row's own tokens. All rows have the same number of them, since they advance together.
#[derive(Debug)]
pub struct RowCache {
    layers: Vec<RowLayer>,
    tokens: usize,
    rows: usize,
}

impl RowCache {
    /// An empty cache for `rows` rows; for none it holds no tensors.
    #[must_use]
    pub fn new(config: &LlamaConfig, rows: usize, device: &Device) -> Self {
        let blocks = if rows == 0 { 0 } else { config.block_count };
        let shape = [rows, config.head_count_kv, CAPACITY_STEP, config.head_length];
        let layers = (0..blocks)
            .map(|_| RowLayer { keys: Tensor::zeros(shape, device), values: Tensor::zeros(shape, device) })
            .collect();
        Self { layers, tokens: 0, rows }
    }

    /// Tokens that each row has of its own.
    #[must_use]
    pub fn tokens(&self) -> usize {
        self.tokens
    }

    /// Number of rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Stores the keys and values of the newest token, `[rows, kv_heads, head_length]` each, in one layer and returns
    /// all of that layer so far, `[rows, kv_heads, tokens + 1, head_length]` each.
    pub(super) fn push(
        &mut self,
        layer: usize,
        keys: Tensor<3>,
        values: Tensor<3>,
    ) -> (Tensor<4>, Tensor<4>) {
        let at = self.tokens;
        let RowLayer { keys: all_keys, values: all_values } = &mut self.layers[layer];
        (store(all_keys, keys, at), store(all_values, values, at))
    }

    /// To be called once all layers of a step were pushed.
    pub(super) fn advance(&mut self) {
        self.tokens += 1;
    }

    /// Keeps only the given rows, in the given order.
    pub fn keep(&mut self, rows: &[usize]) {
        self.rows = rows.len();
        if rows.is_empty() {
            self.layers.clear();
            return;
        }
        let index: Vec<i32> = rows.iter().map(|&r| r as i32).collect();
        for layer in &mut self.layers {
            let index = Tensor::<1, Int>::from_ints(index.as_slice(), &layer.keys.device());
            layer.keys.inplace(|k| k.select(0, index.clone()));
            layer.values.inplace(|v| v.select(0, index.clone()));
        }
    }
}

/// Writes `new` at position `at` of `all`, growing it when it is full; returns the part in use.
fn store(all: &mut Tensor<4>, new: Tensor<3>, at: usize) -> Tensor<4> {
    let [rows, heads, capacity, length] = all.dims();
    if at == capacity {
        let more = Tensor::zeros([rows, heads, CAPACITY_STEP, length], &all.device());
        all.inplace(|t| Tensor::cat(vec![t, more], 2));
    }
    let new = new.reshape([rows, heads, 1, length]);
    all.inplace(|t| t.slice_assign([0..rows, 0..heads, at..at + 1, 0..length], new));
    all.clone().narrow(2, 0, at + 1)
}
