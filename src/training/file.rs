//! From a GGUF file to the trainer's flat weights, and back into a file.
//!
//! What is measured with the trainer's own decoder is thus measured on the published bytes too, rounding included.

use std::ops::Range;

use super::TrainingError;
use super::network::{Layout, ModelShape};
use crate::gguf::{Gguf, GgufWriter, TensorType, dequantize};
use crate::model::LlamaConfig;

/// Shape and weights of a file of our architecture, output and embedding tied.
///
/// # Errors
/// A file that is damaged, of another architecture, or whose tensors do not fit its metadata.
pub fn weights(gguf: &Gguf) -> Result<(ModelShape, Vec<f32>), TrainingError> {
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
    if config.rope_length != config.head_length {
        return Err(TrainingError::PartialRope { turned: config.rope_length, length: config.head_length });
    }
    let layout = Layout::new(&shape);
    let mut weights = vec![0.0; layout.parameters()];
    for (name, range) in places(&shape, &layout) {
        let tensor = gguf.tensor(&name)?;
        let values = dequantize(tensor.kind(), tensor.bytes());
        if values.len() != range.len() {
            return Err(TrainingError::Size(name));
        }
        weights[range].copy_from_slice(&values);
    }
    Ok((shape, weights))
}

/// A file like `gguf` with other weights: same tokenizer, template and shape. Norms stay `f32`, matrices become `kind`. `name`: for
/// people.
///
/// # Errors
/// As [`weights`]; a file with tensors that the trainer's decoder does not have, a reward head for example; rows that are
/// not whole blocks of `kind`.
pub fn with_weights(
    gguf: &Gguf,
    shape: &ModelShape,
    weights: &[f32],
    name: &str,
    kind: TensorType,
) -> Result<Vec<u8>, TrainingError> {
    let places = places(shape, &Layout::new(shape));
    let mut writer = GgufWriter::new();
    for (key, value) in gguf.metadata() {
        match key {
            "general.name" => writer.set(key, name)?,
            "general.file_type" => writer.set(key, kind.file_type())?,
            _ => writer.set(key, value.clone())?,
        };
    }
    for tensor in gguf.tensors() {
        let place = places.iter().find(|(place, _)| place == tensor.name());
        let values = place.and_then(|(_, range)| weights.get(range.clone()));
        let Some(values) = values.filter(|values| values.len() == tensor.shape().iter().product::<usize>())
        else {
            return Err(TrainingError::Size(tensor.name().to_owned()));
        };
        let kind = if tensor.shape().len() == 1 { TensorType::F32 } else { kind };
        writer.add_tensor(tensor.name(), tensor.shape(), kind, values)?;
    }
    Ok(writer.finish())
}

/// Where each tensor of a file lies in the flat weights.
fn places(shape: &ModelShape, layout: &Layout) -> Vec<(String, Range<usize>)> {
    let mut places = vec![("token_embd.weight".to_owned(), layout.embedding.clone())];
    let (queries, keys) = (shape.query_length(), shape.kv_length());
    for (number, block) in layout.blocks.iter().enumerate() {
        let mut part = |names: &[(&str, usize)], columns: usize, range: &Range<usize>| {
            let mut from = range.start;
            for (name, rows) in names {
                let end = from + rows * columns;
                places.push((format!("blk.{number}.{name}.weight"), from..end));
                from = end;
            }
        };
        part(&[("attn_norm", 1)], shape.width, &block.attention_norm);
        let stacked = [("attn_q", queries), ("attn_k", keys), ("attn_v", keys)];
        part(&stacked, shape.width, &block.query_key_value);
        part(&[("attn_output", shape.width)], queries, &block.attention_out);
        part(&[("ffn_norm", 1)], shape.width, &block.feed_forward_norm);
        part(&[("ffn_gate", shape.inner), ("ffn_up", shape.inner)], shape.width, &block.gate_up);
        part(&[("ffn_down", shape.width)], shape.inner, &block.down);
    }
    places.push(("output_norm.weight".to_owned(), layout.output_norm.clone()));
    places
}
