//! The decoder: pre-norm blocks of attention and SwiGLU (Touvron et al. 2023, arXiv 2302.13971, section 2.2).

use super::cache::{PrefixCache, Row, RowCache, no_tokens};
use super::linear::Linear;
use super::rope::Rope;
use super::scratch::{BATCH, Scratch};
use crate::gguf::Gguf;
use crate::kernels::cpu::{KeyValues, attend, rms_norm, swiglu};
use crate::model::file::{BlockWeights, ModelFile};
use crate::model::weights::HostMatrix;
use crate::model::{LlamaConfig, ModelError};
use crate::units::TokenId;

/// One block. Matrices that read the same input are stacked into one product.
#[derive(Debug, Clone)]
struct Block {
    /// `[embedding_length]`
    attention_norm: Vec<f32>,
    /// `embedding_length` to `query_length + 2 kv_length`
    query_key_value: Linear,
    /// `query_length` to `embedding_length`
    attention_out: Linear,
    /// `[embedding_length]`
    feed_forward_norm: Vec<f32>,
    /// `embedding_length` to `2 feed_forward_length`
    gate_up: Linear,
    /// `feed_forward_length` to `embedding_length`
    down: Linear,
}

impl From<BlockWeights> for Block {
    fn from(weights: BlockWeights) -> Self {
        Self {
            attention_norm: weights.attention_norm,
            query_key_value: Linear::new(&weights.query_key_value),
            attention_out: Linear::new(&weights.attention_out),
            feed_forward_norm: weights.feed_forward_norm,
            gate_up: Linear::new(&weights.gate_up),
            down: Linear::new(&weights.down),
        }
    }
}

/// One number for a state: `state . weight + bias`.
#[derive(Debug, Clone)]
struct ScoreHead {
    /// `embedding_length` to 1
    weight: Linear,
    bias: f32,
}

/// A Llama-family model in plain memory.
#[derive(Debug, Clone)]
pub struct Decoder {
    config: LlamaConfig,
    /// The embeddings, as in the file; a step unpacks one row per answer.
    embedding: HostMatrix,
    blocks: Vec<Block>,
    /// `[embedding_length]`
    output_norm: Vec<f32>,
    /// `embedding_length` to `vocabulary`
    output: Linear,
    /// What makes a reward model of it.
    score_head: Option<ScoreHead>,
    rope: Rope,
    parameters: u64,
}

/// What a token brings to attention in one layer. `[heads, head_length]` each; queries and keys are turned.
struct Turned<'a> {
    query: &'a [f32],
    key: &'a [f32],
    value: &'a [f32],
}

/// Where the tokens of a batch stand, and what they attend to.
trait Reading {
    /// The position of a token of the batch that has not been taken in at this layer.
    fn position(&self, layer: usize, row: usize) -> usize;
    /// Takes a token's keys and values in and attends over everything before it and itself.
    fn attend(&mut self, layer: usize, row: usize, turned: &Turned, scores: &mut Vec<f32>, out: &mut [f32]);
}

/// Consecutive tokens of one text: each sees those before it because those after it are taken in later.
struct Sequence<'a> {
    config: &'a LlamaConfig,
    layers: &'a mut [KeyValues],
    before: usize,
}

impl Reading for Sequence<'_> {
    fn position(&self, _: usize, row: usize) -> usize {
        self.before + row
    }

    fn attend(&mut self, layer: usize, _: usize, turned: &Turned, scores: &mut Vec<f32>, out: &mut [f32]) {
        let layer = &mut self.layers[layer];
        layer.push(turned.key, turned.value);
        let LlamaConfig { head_count_kv, head_length, .. } = *self.config;
        attend(turned.query, &[layer], head_count_kv, head_length, scores, out);
    }
}

/// The newest tokens of rows.
struct Rows<'a> {
    config: &'a LlamaConfig,
    rows: &'a mut [Row],
}

impl Reading for Rows<'_> {
    fn position(&self, layer: usize, row: usize) -> usize {
        let Row { prefix, own } = &self.rows[row];
        prefix.layers[layer].tokens() + own[layer].tokens()
    }

    fn attend(&mut self, layer: usize, row: usize, turned: &Turned, scores: &mut Vec<f32>, out: &mut [f32]) {
        let Row { prefix, own } = &mut self.rows[row];
        own[layer].push(turned.key, turned.value);
        let LlamaConfig { head_count_kv, head_length, .. } = *self.config;
        attend(turned.query, &[&prefix.layers[layer], &own[layer]], head_count_kv, head_length, scores, out);
    }
}

impl Decoder {
    /// Reads all weights of a GGUF file and lays them out.
    ///
    /// # Errors
    /// Whatever [`LlamaConfig::from_gguf`] refuses, and tensors that are missing or misshapen.
    #[inline(never)]
    pub fn load(gguf: &Gguf) -> Result<Self, ModelError> {
        let file = ModelFile::open(gguf)?;
        let blocks = file.blocks().map(|block| block.map(Block::from)).collect::<Result<_, _>>()?;
        let embedding = file.embedding()?;
        let output = Linear::new(file.output()?.as_ref().unwrap_or(&embedding));
        let head = file.head()?;
        Ok(Self {
            embedding,
            blocks,
            output_norm: file.output_norm()?,
            output,
            score_head: head.map(|head| ScoreHead { weight: Linear::new(&head.weight), bias: head.bias }),
            rope: Rope::new(&file.config),
            parameters: file.parameters(),
            config: file.config,
        })
    }

    /// The model's shape.
    #[must_use]
    pub fn config(&self) -> &LlamaConfig {
        &self.config
    }

    /// Number of values in all tensors of the file.
    #[must_use]
    pub fn parameters(&self) -> u64 {
        self.parameters
    }

    /// Runs a prompt once. Returns the cache that rows share and the logits after the last token, `[vocabulary]`.
    ///
    /// # Errors
    /// An empty prompt, one that does not fit the context, or an unknown token.
    #[inline(never)]
    pub fn prefill(&self, tokens: &[TokenId]) -> Result<(PrefixCache, Vec<f32>), ModelError> {
        let mut logits = vec![0.0; self.config.vocabulary];
        let mut scratch = Scratch::default();
        let cache = self.read(tokens, &mut scratch, |_, _| {})?;
        let rows = scratch.x.len() / self.config.embedding_length;
        self.logits(&mut scratch, rows - 1, &mut logits);
        Ok((cache, logits))
    }

    /// The logits after every token of a text, `[tokens, vocabulary]`.
    ///
    /// # Errors
    /// As [`Self::prefill`].
    #[inline(never)]
    pub fn all_logits(&self, tokens: &[TokenId]) -> Result<Vec<f32>, ModelError> {
        let vocabulary = self.config.vocabulary;
        let mut logits = Vec::new();
        self.read(tokens, &mut Scratch::default(), |scratch, rows| {
            let at = logits.len();
            logits.resize(at + rows * vocabulary, 0.0);
            self.logits(scratch, 0, &mut logits[at..]);
        })?;
        Ok(logits)
    }

    /// Whether it is a reward model: one that gives scores.
    #[must_use]
    pub fn gives_scores(&self) -> bool {
        self.score_head.is_some()
    }

    /// The scores of states, `[rows]`; none where this is no reward model. `states`: from [`Self::advance`].
    #[must_use]
    pub fn scores(&self, states: &[f32]) -> Option<Vec<f32>> {
        let head = self.score_head.as_ref()?;
        let mut normed = vec![0.0; states.len()];
        rms_norm(states, &self.output_norm, self.config.rms_epsilon, &mut normed);
        let mut scores = vec![0.0; states.len() / self.config.embedding_length];
        head.weight.forward(&normed, &mut Default::default(), &mut scores);
        scores.iter_mut().for_each(|score| *score += head.bias);
        Some(scores)
    }

    /// Advances every row by one token. `tokens`: the newest token of each row. Returns `[rows, vocabulary]` logits.
    ///
    /// # Errors
    /// A full context or an unknown token; the caches are then as they were.
    #[inline(never)]
    pub fn decode_step(&self, own: &mut RowCache, tokens: &[TokenId]) -> Result<Vec<f32>, ModelError> {
        let vocabulary = self.config.vocabulary;
        let mut logits = vec![0.0; tokens.len() * vocabulary];
        let mut out = logits.chunks_mut(BATCH * vocabulary);
        self.step(own, tokens, |scratch| {
            self.logits(scratch, 0, out.next().unwrap_or_default());
        })?;
        Ok(logits)
    }

    /// As [`Self::decode_step`], but returns the states, `[rows, embedding_length]`, that logits and scores are made of.
    ///
    /// # Errors
    /// As [`Self::decode_step`].
    pub fn advance(&self, own: &mut RowCache, tokens: &[TokenId]) -> Result<Vec<f32>, ModelError> {
        let mut states = Vec::with_capacity(tokens.len() * self.config.embedding_length);
        self.step(own, tokens, |scratch| states.extend_from_slice(&scratch.x))?;
        Ok(states)
    }

    /// Advances every row by one token; `finish` sees the residual stream of one batch of rows after the other.
    fn step(
        &self,
        own: &mut RowCache,
        tokens: &[TokenId],
        mut finish: impl FnMut(&mut Scratch),
    ) -> Result<(), ModelError> {
        let config = &self.config;
        self.check(tokens, own.most_tokens() + 1)?;
        if tokens.len() != own.rows.len() {
            return Err(ModelError::Rows { tokens: tokens.len(), rows: own.rows.len() });
        }
        let RowCache { rows, scratch, .. } = own;
        for (tokens, rows) in tokens.chunks(BATCH).zip(rows.chunks_mut(BATCH)) {
            self.run(tokens, &mut Rows { config, rows }, scratch);
            finish(scratch);
        }
        Ok(())
    }

    /// Reads a text; `finish` sees the residual stream of one batch of its tokens after the other, and how many they are.
    fn read(
        &self,
        tokens: &[TokenId],
        scratch: &mut Scratch,
        mut finish: impl FnMut(&mut Scratch, usize),
    ) -> Result<PrefixCache, ModelError> {
        self.check(tokens, tokens.len())?;
        if tokens.is_empty() {
            return Err(ModelError::EmptyPrompt);
        }
        let config = &self.config;
        let mut layers = no_tokens(config);
        for (before, tokens) in (0..).step_by(BATCH).zip(tokens.chunks(BATCH)) {
            self.run(tokens, &mut Sequence { config, layers: &mut layers, before }, scratch);
            finish(scratch, tokens.len());
        }
        Ok(PrefixCache { layers: layers.into() })
    }

    /// Refuses tokens that are not in the vocabulary, and more `length` than the context has.
    fn check(&self, tokens: &[TokenId], length: usize) -> Result<(), ModelError> {
        let LlamaConfig { context_length: context, vocabulary, .. } = self.config;
        if length > context {
            return Err(ModelError::ContextFull { tokens: length, context });
        }
        let known = |token: TokenId| usize::try_from(token).is_ok_and(|token| token < vocabulary);
        match tokens.iter().find(|&&token| !known(token)) {
            Some(&token) => Err(ModelError::Token { token, vocabulary }),
            None => Ok(()),
        }
    }

    /// Runs at most [`BATCH`] known tokens through all blocks; leaves the residual stream in `scratch.x`.
    fn run(&self, tokens: &[TokenId], reading: &mut impl Reading, scratch: &mut Scratch) {
        let width = self.config.embedding_length;
        scratch.fit(&self.config, tokens.len());
        for (&token, x) in tokens.iter().zip(scratch.x.chunks_exact_mut(width)) {
            x.copy_from_slice(&self.embedding.row_f32(token as usize));
        }
        for (layer, block) in self.blocks.iter().enumerate() {
            self.attention(layer, block, reading, scratch);
            self.feed_forward(block, scratch);
        }
    }

    #[inline(never)]
    fn attention(&self, layer: usize, block: &Block, reading: &mut impl Reading, scratch: &mut Scratch) {
        let Scratch { x, normed, query_key_value, mixed, added, scores, quantized, .. } = scratch;
        let (queries, keys) = (self.config.query_length(), self.config.kv_length());
        rms_norm(x, &block.attention_norm, self.config.rms_epsilon, normed);
        block.query_key_value.forward(normed, quantized, query_key_value);
        let rows = query_key_value.chunks_exact_mut(queries + 2 * keys).zip(mixed.chunks_exact_mut(queries));
        for (row, (query_key_value, mixed)) in rows.enumerate() {
            let (query_key, value) = query_key_value.split_at_mut(queries + keys);
            self.rope.turn(query_key, reading.position(layer, row));
            let (query, key) = query_key.split_at(queries);
            reading.attend(layer, row, &Turned { query, key, value }, scores, mixed);
        }
        block.attention_out.forward(mixed, quantized, added);
        add(x, added);
    }

    #[inline(never)]
    fn feed_forward(&self, block: &Block, scratch: &mut Scratch) {
        let Scratch { x, normed, gate_up, inner, added, quantized, .. } = scratch;
        rms_norm(x, &block.feed_forward_norm, self.config.rms_epsilon, normed);
        block.gate_up.forward(normed, quantized, gate_up);
        swiglu(gate_up, self.config.feed_forward_length, inner);
        block.down.forward(inner, quantized, added);
        add(x, added);
    }

    /// The logits of the batch's rows from the `first` on, into `[rows, vocabulary]`.
    fn logits(&self, scratch: &mut Scratch, first: usize, out: &mut [f32]) {
        let Scratch { x, normed, quantized, .. } = scratch;
        let from = first * self.config.embedding_length;
        rms_norm(&x[from..], &self.output_norm, self.config.rms_epsilon, &mut normed[from..]);
        self.output.forward(&normed[from..], quantized, out);
    }
}

fn add(x: &mut [f32], added: &[f32]) {
    for (x, added) in x.iter_mut().zip(added) {
        *x += added;
    }
}
