//! A model file as every decoder reads it: the names of its tensors, rows reordered for RoPE, matrices that read the same
//! input stacked, the head of a reward model.

use super::rope::neighbours_to_halves;
use super::weights::{HostMatrix, read_vector};
use super::{LlamaConfig, ModelError};
use crate::gguf::Gguf;

/// The weights of one block. Matrices that read the same input are stacked into one product.
#[derive(Debug)]
pub(super) struct BlockWeights {
    /// `[embedding_length]`
    pub attention_norm: Vec<f32>,
    /// `embedding_length` to `query_length + 2 kv_length`; queries and keys ordered for RoPE on halves.
    pub query_key_value: HostMatrix,
    /// `query_length` to `embedding_length`
    pub attention_out: HostMatrix,
    /// `[embedding_length]`
    pub feed_forward_norm: Vec<f32>,
    /// `embedding_length` to `2 feed_forward_length`
    pub gate_up: HostMatrix,
    /// `feed_forward_length` to `embedding_length`
    pub down: HostMatrix,
}

/// What makes a reward model of a file.
#[derive(Debug)]
pub(super) struct HeadWeights {
    /// `embedding_length` to 1
    pub weight: HostMatrix,
    pub bias: f32,
}

/// A file whose configuration has been read. Tensors are read when they are asked for, so that one block at a time is there twice.
#[derive(Debug)]
pub(super) struct ModelFile<'a> {
    gguf: &'a Gguf,
    pub config: LlamaConfig,
    query_order: Vec<usize>,
    key_order: Vec<usize>,
}

impl<'a> ModelFile<'a> {
    /// Reads the configuration.
    ///
    /// # Errors
    /// Whatever [`LlamaConfig::from_gguf`] refuses.
    pub fn open(gguf: &'a Gguf) -> Result<Self, ModelError> {
        let config = LlamaConfig::from_gguf(gguf)?;
        let order = |heads| neighbours_to_halves(heads, config.head_length, config.rope_length);
        let (query_order, key_order) = (order(config.head_count), order(config.head_count_kv));
        Ok(Self { gguf, config, query_order, key_order })
    }

    /// Block after block. The file may lie about how many there are: the first that is missing is an error.
    pub fn blocks(&self) -> impl Iterator<Item = Result<BlockWeights, ModelError>> {
        (0..self.config.block_count).map(|block| self.block(block))
    }

    fn block(&self, block: usize) -> Result<BlockWeights, ModelError> {
        let LlamaConfig { embedding_length: width, feed_forward_length: inner, .. } = self.config;
        let (queries, keys) = (self.config.query_length(), self.config.kv_length());
        let name = |part: &str| format!("blk.{block}.{part}.weight");
        let read = |part: &str, columns, rows| HostMatrix::read(self.gguf, &name(part), columns, rows);
        Ok(BlockWeights {
            attention_norm: read_vector(self.gguf, &name("attn_norm"), width)?,
            query_key_value: HostMatrix::stack(vec![
                read("attn_q", width, queries)?.with_rows(&self.query_order),
                read("attn_k", width, keys)?.with_rows(&self.key_order),
                read("attn_v", width, keys)?,
            ]),
            attention_out: read("attn_output", queries, width)?,
            feed_forward_norm: read_vector(self.gguf, &name("ffn_norm"), width)?,
            gate_up: HostMatrix::stack(vec![read("ffn_gate", width, inner)?, read("ffn_up", width, inner)?]),
            down: read("ffn_down", inner, width)?,
        })
    }

    /// The embeddings: a row for each token.
    pub fn embedding(&self) -> Result<HostMatrix, ModelError> {
        self.table("token_embd.weight")
    }

    /// `embedding_length` to `vocabulary`; none where the embeddings are the output's weights too.
    pub fn output(&self) -> Result<Option<HostMatrix>, ModelError> {
        const OUTPUT: &str = "output.weight";
        self.gguf.tensor(OUTPUT).ok().map(|_| self.table(OUTPUT)).transpose()
    }

    /// `[embedding_length]`
    pub fn output_norm(&self) -> Result<Vec<f32>, ModelError> {
        read_vector(self.gguf, "output_norm.weight", self.config.embedding_length)
    }

    /// The head of a reward model, as llama.cpp names it; none in a model that only writes.
    pub fn head(&self) -> Result<Option<HeadWeights>, ModelError> {
        const WEIGHT: &str = "cls.output.weight";
        if self.gguf.tensor(WEIGHT).is_err() {
            return Ok(None);
        }
        let weight = HostMatrix::read(self.gguf, WEIGHT, self.config.embedding_length, 1)?;
        let bias = read_vector(self.gguf, "cls.output.bias", 1)?.first().copied().unwrap_or_default();
        Ok(Some(HeadWeights { weight, bias }))
    }

    /// Number of values in all tensors.
    pub fn parameters(&self) -> u64 {
        self.gguf.tensors().map(|t| t.shape().iter().product::<usize>() as u64).sum()
    }

    fn table(&self, name: &str) -> Result<HostMatrix, ModelError> {
        HostMatrix::read(self.gguf, name, self.config.embedding_length, self.config.vocabulary)
    }
}
