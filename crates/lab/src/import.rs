//! From a GGUF file back to the trainer's flat weights: the inverse of [`export`](crate::export).
//!
//! What is measured with the trainer's own decoder is thus measured on the published bytes too, rounding included.

use anyhow::{Context, Result, ensure};
use thermostat::gguf::{Gguf, dequantize};
use thermostat::model::LlamaConfig;

use crate::network::{Layout, ModelShape};

/// Shape and weights of a file that the lab has written.
///
/// # Errors
/// A file that is damaged, of another architecture, or whose tensors do not fit its metadata.
pub fn weights(gguf: &Gguf) -> Result<(ModelShape, Vec<f32>)> {
    let config = LlamaConfig::from_gguf(gguf)?;
    let shape = ModelShape {
        vocabulary: config.vocabulary,
        width: config.embedding_length,
        blocks: config.block_count,
        heads: config.head_count,
        kv_heads: config.head_count_kv,
        head_length: config.head_length,
        inner: config.feed_forward_length,
        context: config.context_length,
        rope_base: config.rope_freq_base,
        rms_epsilon: config.rms_epsilon,
    };
    ensure!(
        config.rope_length == config.head_length,
        "the trainer's decoder turns whole heads; this file turns {} of {}",
        config.rope_length,
        config.head_length
    );
    let layout = Layout::new(&shape);
    let mut weights = vec![0.0; layout.parameters()];
    let mut read = |name: &str, from: usize| -> Result<usize> {
        let tensor = gguf.tensor(name)?;
        let values = dequantize(tensor.kind(), tensor.bytes());
        let place = weights.get_mut(from..from + values.len());
        place.with_context(|| format!("{name} is larger than its place"))?.copy_from_slice(&values);
        Ok(from + values.len())
    };
    let mut end = read("token_embd.weight", layout.embedding.start)?;
    ensure!(end == layout.embedding.end, "the embedding has another size than the metadata say");
    for (number, block) in layout.blocks.iter().enumerate() {
        // Parts of a range follow each other as in `export`.
        let parts: [(&[&str], &std::ops::Range<usize>); 6] = [
            (&["attn_norm"], &block.attention_norm),
            (&["attn_q", "attn_k", "attn_v"], &block.query_key_value),
            (&["attn_output"], &block.attention_out),
            (&["ffn_norm"], &block.feed_forward_norm),
            (&["ffn_gate", "ffn_up"], &block.gate_up),
            (&["ffn_down"], &block.down),
        ];
        for (names, range) in parts {
            end = range.start;
            for name in names {
                end = read(&format!("blk.{number}.{name}.weight"), end)?;
            }
            ensure!(end == range.end, "block {number} has another size than the metadata say");
        }
    }
    end = read("output_norm.weight", layout.output_norm.start)?;
    ensure!(end == layout.output_norm.end, "the output norm has another size than the metadata say");
    Ok((shape, weights))
}
