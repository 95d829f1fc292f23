//! A model's numbers, and how transformers.js is told them.

use anyhow::Result;
use serde_json::{Value, json};
use thermostat::gguf::Gguf;

/// A model's numbers.
pub(super) struct Shape {
    pub width: usize,
    pub inner: usize,
    pub blocks: usize,
    pub heads: usize,
    pub kv_heads: usize,
    pub context: usize,
    pub epsilon: f32,
    pub rope_base: f32,
    pub vocabulary: usize,
}

impl Shape {
    pub fn of(gguf: &Gguf) -> Result<Self> {
        let number = |key: &str| -> Result<usize> { Ok(gguf.get_u32(&format!("llama.{key}"))? as usize) };
        Ok(Self {
            width: number("embedding_length")?,
            inner: number("feed_forward_length")?,
            blocks: number("block_count")?,
            heads: number("attention.head_count")?,
            kv_heads: number("attention.head_count_kv")?,
            context: number("context_length")?,
            epsilon: gguf.get_f32("llama.attention.layer_norm_rms_epsilon")?,
            rope_base: gguf.get_f32("llama.rope.freq_base")?,
            vocabulary: gguf.tensor("token_embd.weight")?.shape()[1],
        })
    }

    pub fn head_length(&self) -> usize {
        self.width / self.heads
    }
}

/// `config.json` for transformers.js.
///
/// # Errors
/// When the file lacks a number.
pub fn configuration(gguf: &Gguf) -> Result<Value> {
    let shape = Shape::of(gguf)?;
    let end = gguf.get_u32("tokenizer.ggml.eos_token_id")?;
    Ok(json!({
        "architectures": ["LlamaForCausalLM"],
        "model_type": "llama",
        "hidden_size": shape.width,
        "intermediate_size": shape.inner,
        "num_hidden_layers": shape.blocks,
        "num_attention_heads": shape.heads,
        "num_key_value_heads": shape.kv_heads,
        "head_dim": shape.head_length(),
        "max_position_embeddings": shape.context,
        "rms_norm_eps": shape.epsilon,
        "rope_theta": shape.rope_base,
        "vocab_size": shape.vocabulary,
        "tie_word_embeddings": true,
        "eos_token_id": end,
        "pad_token_id": end,
    }))
}
