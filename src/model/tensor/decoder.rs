//! The decoder: pre-norm blocks of attention and SwiGLU (Touvron et al. 2023, arXiv 2302.13971, section 2.2).

use burn::tensor::{Device, Tensor, TensorData, activation::silu};

use super::Linear;
use super::attention::{attend_rows, attend_sequence, causal_mask};
use super::cache::{PrefixCache, PrefixLayer, RowCache};
use super::embedding::Embedding;
use super::rope::Rope;
use crate::gguf::Gguf;
use crate::model::file::{BlockWeights, ModelFile};
use crate::model::weights::{HostMatrix, WeightFormat};
use crate::model::{LlamaConfig, ModelError};
use crate::units::TokenId;

/// Prompts are run in pieces of at most this many tokens, which bounds the attention matrix.
const PREFILL_CHUNK: usize = 256;

/// One block. Matrices that read the same input are stacked into one product.
#[derive(Debug, Clone)]
pub(super) struct Block {
    /// `[embedding_length]`
    pub(super) attention_norm: Tensor<1>,
    /// `embedding_length` to `query_length + 2 kv_length`
    pub(super) query_key_value: Linear,
    /// `query_length` to `embedding_length`
    pub(super) attention_out: Linear,
    /// `[embedding_length]`
    pub(super) feed_forward_norm: Tensor<1>,
    /// `embedding_length` to `2 feed_forward_length`
    pub(super) gate_up: Linear,
    /// `feed_forward_length` to `embedding_length`
    pub(super) down: Linear,
}

/// One number for a state: `state . weight + bias`.
#[derive(Debug, Clone)]
struct ScoreHead {
    /// `embedding_length` to 1
    weight: Linear,
    bias: f32,
}

/// A Llama-family model on one device.
#[derive(Debug, Clone)]
pub struct Decoder {
    pub(super) config: LlamaConfig,
    pub(super) embedding: Embedding,
    pub(super) blocks: Vec<Block>,
    /// `[embedding_length]`
    pub(super) output_norm: Tensor<1>,
    /// `embedding_length` to `vocabulary`
    pub(super) output: Linear,
    /// What makes a reward model of it.
    score_head: Option<ScoreHead>,
    /// The output's weights are the embeddings.
    #[cfg(feature = "gpu")]
    pub(super) tied: bool,
    rope: Rope,
    pub(super) device: Device,
    parameters: u64,
}

impl Decoder {
    /// Reads all weights of a GGUF file and puts them on the device.
    ///
    /// # Errors
    /// Whatever [`LlamaConfig::from_gguf`] refuses, and tensors that are missing or misshapen.
    pub fn load(gguf: &Gguf, keep: WeightFormat, device: &Device) -> Result<Self, ModelError> {
        let file = ModelFile::open(gguf)?;
        let quantized = keep == WeightFormat::Quantized;
        let linear = |matrix: &HostMatrix| Linear::new(matrix, quantized, device);
        let norm = |weights: Vec<f32>| {
            let width = weights.len();
            Tensor::from_data(TensorData::new(weights, [width]), device)
        };
        let block = |weights: BlockWeights| Block {
            attention_norm: norm(weights.attention_norm),
            query_key_value: linear(&weights.query_key_value),
            attention_out: linear(&weights.attention_out),
            feed_forward_norm: norm(weights.feed_forward_norm),
            gate_up: linear(&weights.gate_up),
            down: linear(&weights.down),
        };
        let blocks = file.blocks().map(|weights| weights.map(block)).collect::<Result<_, _>>()?;
        let table = file.embedding()?;
        let own_output = file.output()?;
        let head = file.head()?;
        Ok(Self {
            blocks,
            output: linear(own_output.as_ref().unwrap_or(&table)),
            #[cfg(feature = "gpu")]
            tied: own_output.is_none(),
            embedding: Embedding::new(table),
            output_norm: norm(file.output_norm()?),
            score_head: head
                .map(|head| ScoreHead { weight: Linear::new(&head.weight, false, device), bias: head.bias }),
            rope: Rope::new(&file.config, device),
            device: device.clone(),
            parameters: file.parameters(),
            config: file.config,
        })
    }

    /// The model's shape.
    #[must_use]
    pub fn config(&self) -> &LlamaConfig {
        &self.config
    }

    /// Where the model lives.
    #[must_use]
    pub fn device(&self) -> &Device {
        &self.device
    }

    /// Number of values in all tensors of the file.
    #[must_use]
    pub fn parameters(&self) -> u64 {
        self.parameters
    }

    /// Runs a prompt once. Returns the cache that rows share and the logits after the last token, `[1, vocabulary]`.
    ///
    /// # Errors
    /// An empty prompt, one that does not fit the context, or an unknown token.
    pub fn prefill(&self, tokens: &[TokenId]) -> Result<(PrefixCache, Tensor<2>), ModelError> {
        self.check_room(tokens.len())?;
        let mut cache = PrefixCache { layers: Vec::new(), tokens: 0 };
        let mut last = None;
        for chunk in tokens.chunks(PREFILL_CHUNK) {
            last = Some(self.prefill_chunk(&mut cache, chunk)?);
        }
        let hidden = last.ok_or(ModelError::EmptyPrompt)?;
        let rows = hidden.dims()[0];
        Ok((cache, self.logits(hidden.narrow(0, rows - 1, 1))))
    }

    /// The logits after every token of a text, `[tokens, vocabulary]`.
    ///
    /// # Errors
    /// As [`Self::prefill`].
    pub fn all_logits(&self, tokens: &[TokenId]) -> Result<Tensor<2>, ModelError> {
        self.check_room(tokens.len())?;
        let mut cache = PrefixCache { layers: Vec::new(), tokens: 0 };
        let mut all = Vec::new();
        for chunk in tokens.chunks(PREFILL_CHUNK) {
            let hidden = self.prefill_chunk(&mut cache, chunk)?;
            all.push(self.logits(hidden));
        }
        if all.is_empty() { Err(ModelError::EmptyPrompt) } else { Ok(Tensor::cat(all, 0)) }
    }

    /// Whether it is a reward model: one that gives scores.
    #[must_use]
    pub fn gives_scores(&self) -> bool {
        self.score_head.is_some()
    }

    /// The scores of states, `[rows, 1]`; none where this is no reward model. `states`: from [`Self::advance`].
    #[must_use]
    pub fn scores(&self, states: Tensor<2>) -> Option<Tensor<2>> {
        let head = self.score_head.as_ref()?;
        Some(head.weight.forward(self.norm(states, &self.output_norm)).add_scalar(head.bias))
    }

    /// Advances every row by one token. `tokens`: the newest token of each row. Returns `[rows, vocabulary]` logits.
    ///
    /// # Errors
    /// A full context or an unknown token.
    pub fn decode_step(
        &self,
        prefix: &PrefixCache,
        own: &mut RowCache,
        tokens: &[TokenId],
    ) -> Result<Tensor<2>, ModelError> {
        Ok(self.logits(self.advance(prefix, own, tokens)?))
    }

    /// As [`Self::decode_step`], but returns the states, `[rows, embedding_length]`, that logits and scores are made of.
    ///
    /// # Errors
    /// As [`Self::decode_step`].
    pub fn advance(
        &self,
        prefix: &PrefixCache,
        own: &mut RowCache,
        tokens: &[TokenId],
    ) -> Result<Tensor<2>, ModelError> {
        let rows = tokens.len();
        let position = prefix.tokens + own.tokens();
        self.check_room(position + 1)?;
        let mut x = self.embedding.look_up(tokens, &self.device)?;
        for (layer, block) in self.blocks.iter().enumerate() {
            let turn = |x| self.rope.turn_rows(x, position);
            let (query, key, value) = self.query_key_value(block, x.clone(), rows, turn);
            let (keys, values) = own.push(layer, key, value);
            let mixed = attend_rows(&self.config, query, &prefix.layers[layer], keys, values);
            x = self.finish_block(block, x, mixed);
        }
        own.advance();
        Ok(x)
    }

    fn check_room(&self, tokens: usize) -> Result<(), ModelError> {
        let context = self.config.context_length;
        if tokens > context { Err(ModelError::ContextFull { tokens, context }) } else { Ok(()) }
    }

    /// Appends some prompt tokens to the cache. Returns their hidden states, `[tokens, embedding_length]`.
    fn prefill_chunk(&self, cache: &mut PrefixCache, tokens: &[TokenId]) -> Result<Tensor<2>, ModelError> {
        let (before, count) = (cache.tokens, tokens.len());
        let mask = causal_mask(before, count, &self.device);
        let mut x = self.embedding.look_up(tokens, &self.device)?;
        for (layer, block) in self.blocks.iter().enumerate() {
            let turn = |x| self.rope.turn_sequence(x, before);
            let (query, key, value) = self.query_key_value(block, x.clone(), count, turn);
            let keys = key.swap_dims(0, 1);
            let values = value.swap_dims(0, 1);
            match cache.layers.get_mut(layer) {
                Some(old) => {
                    old.keys.inplace(|k| Tensor::cat(vec![k, keys], 1));
                    old.values.inplace(|v| Tensor::cat(vec![v, values], 1));
                }
                None => cache.layers.push(PrefixLayer { keys, values }),
            }
            let mixed = attend_sequence(&self.config, query, &cache.layers[layer], &mask);
            x = self.finish_block(block, x, mixed);
        }
        cache.tokens += count;
        Ok(x)
    }

    /// Queries `[n, heads, head_length]`, keys and values `[n, kv_heads, head_length]` of `x`, `[n, embedding_length]`.
    /// `turn` is RoPE; queries and keys stand at the same positions and are turned together.
    fn query_key_value(
        &self,
        block: &Block,
        x: Tensor<2>,
        n: usize,
        turn: impl FnOnce(Tensor<3>) -> Tensor<3>,
    ) -> (Tensor<3>, Tensor<3>, Tensor<3>) {
        let LlamaConfig { head_count, head_count_kv, head_length, .. } = self.config;
        let turned = head_count + head_count_kv;
        let all = block.query_key_value.forward(self.norm(x, &block.attention_norm));
        let all = all.reshape([n, turned + head_count_kv, head_length]);
        let query_key = turn(all.clone().narrow(1, 0, turned));
        let query = query_key.clone().narrow(1, 0, head_count);
        let key = query_key.narrow(1, head_count, head_count_kv);
        (query, key, all.narrow(1, turned, head_count_kv))
    }

    /// Adds what attention mixed, then the feed-forward part. `x`: `[n, embedding_length]`; `mixed`: `[n, query_length]`.
    fn finish_block(&self, block: &Block, x: Tensor<2>, mixed: Tensor<2>) -> Tensor<2> {
        let inner = self.config.feed_forward_length;
        let x = x + block.attention_out.forward(mixed);
        let gate_up = block.gate_up.forward(self.norm(x.clone(), &block.feed_forward_norm));
        let gate = gate_up.clone().narrow(1, 0, inner);
        let up = gate_up.narrow(1, inner, inner);
        x + block.down.forward(silu(gate) * up)
    }

    /// `x`: `[n, embedding_length]`; out: `[n, vocabulary]`.
    fn logits(&self, x: Tensor<2>) -> Tensor<2> {
        self.output.forward(self.norm(x, &self.output_norm))
    }

    /// RMSNorm (Zhang and Sennrich 2019, arXiv 1910.07467). `x`: `[n, embedding_length]`.
    fn norm(&self, x: Tensor<2>, weight: &Tensor<1>) -> Tensor<2> {
        let mean_square = x.clone().square().mean_dim(1);
        x / mean_square.add_scalar(self.config.rms_epsilon).sqrt() * weight.clone().unsqueeze::<2>()
    }
}
