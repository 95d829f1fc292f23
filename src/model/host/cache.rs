//! Keys and values of what has been read: prefixes that rows share, and each row's own tokens.

use std::rc::Rc;

use super::scratch::Scratch;
use crate::kernels::cpu::KeyValues;
use crate::model::LlamaConfig;

/// A prompt that was run once, to be shared by all rows that continue it. Clones are the same.
#[derive(Debug, Clone)]
pub struct PrefixCache {
    pub(super) layers: Rc<[KeyValues]>,
}

impl PrefixCache {
    /// Number of tokens held.
    #[must_use]
    pub fn tokens(&self) -> usize {
        self.layers.first().map_or(0, KeyValues::tokens)
    }
}

/// A row: its prefix, and its own tokens by layer.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub prefix: PrefixCache,
    pub own: Vec<KeyValues>,
}

impl Row {
    fn tokens(&self) -> usize {
        self.prefix.tokens() + self.own.first().map_or(0, KeyValues::tokens)
    }
}

/// Each row's own tokens, and working memory for steps. Rows may continue different prompts.
#[derive(Debug, Default)]
pub struct RowCache {
    pub(super) rows: Vec<Row>,
    pub(super) scratch: Scratch,
}

impl RowCache {
    /// So many rows that continue a prompt and have no tokens of their own.
    #[must_use]
    pub fn new(config: &LlamaConfig, prefix: &PrefixCache, rows: usize) -> Self {
        let mut cache = Self::default();
        cache.admit(config, prefix, rows);
        cache
    }

    /// Adds rows without tokens of their own after those that are there.
    pub fn admit(&mut self, config: &LlamaConfig, prefix: &PrefixCache, rows: usize) {
        let row = Row { prefix: prefix.clone(), own: no_tokens(config) };
        self.rows.resize(self.rows.len() + rows, row);
    }

    /// Tokens of the row that has most, those of its prompt among them.
    #[must_use]
    pub fn most_tokens(&self) -> usize {
        self.rows.iter().map(Row::tokens).max().unwrap_or(0)
    }

    /// Number of rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows.len()
    }

    /// Keeps only the given rows, each at most once, in the given order. Nothing is copied.
    pub fn keep(&mut self, rows: &[usize]) {
        let mut all: Vec<Option<Row>> = std::mem::take(&mut self.rows).into_iter().map(Some).collect();
        self.rows = rows.iter().filter_map(|&row| all.get_mut(row)?.take()).collect();
    }
}

pub(super) fn no_tokens(config: &LlamaConfig) -> Vec<KeyValues> {
    vec![KeyValues::new(config.head_count_kv, config.head_length); config.block_count]
}
