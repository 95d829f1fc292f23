//! Keys and values of what has been read: one shared prefix, and each row's own tokens.

use std::mem::take;

use super::scratch::Scratch;
use crate::kernels::cpu::KeyValues;
use crate::model::LlamaConfig;

/// A prompt that was run once, to be shared by all rows that continue it.
#[derive(Debug, Clone)]
pub struct PrefixCache {
    pub(super) layers: Vec<KeyValues>,
}

impl PrefixCache {
    pub(super) fn new(config: &LlamaConfig) -> Self {
        Self { layers: no_tokens(config) }
    }

    /// Number of tokens held.
    #[must_use]
    pub fn tokens(&self) -> usize {
        self.layers.first().map_or(0, KeyValues::tokens)
    }
}

/// Each row's own tokens, and working memory for steps.
#[derive(Debug)]
pub struct RowCache {
    /// By row, then by layer.
    pub(super) rows: Vec<Vec<KeyValues>>,
    pub(super) scratch: Scratch,
}

impl RowCache {
    /// An empty cache for `rows` rows.
    #[must_use]
    pub fn new(config: &LlamaConfig, rows: usize) -> Self {
        Self { rows: vec![no_tokens(config); rows], scratch: Scratch::default() }
    }

    /// Adds rows without tokens after those that are there.
    pub fn admit(&mut self, config: &LlamaConfig, rows: usize) {
        self.rows.resize(self.rows.len() + rows, no_tokens(config));
    }

    /// Tokens of the row that has most.
    #[must_use]
    pub fn most_tokens(&self) -> usize {
        let tokens = |row: &Vec<KeyValues>| row.first().map_or(0, KeyValues::tokens);
        self.rows.iter().map(tokens).max().unwrap_or(0)
    }

    /// Number of rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows.len()
    }

    /// Keeps only the given rows, each at most once, in the given order. Nothing is copied.
    pub fn keep(&mut self, rows: &[usize]) {
        self.rows = rows.iter().map(|&row| take(&mut self.rows[row])).collect();
    }
}

fn no_tokens(config: &LlamaConfig) -> Vec<KeyValues> {
    vec![KeyValues::new(config.head_count_kv, config.head_length); config.block_count]
}
