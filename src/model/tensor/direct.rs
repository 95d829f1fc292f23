//! Decoding rows with our own kernels alone, on the buffers of burn's tensors.
//!
//! burn reads prompts, answers and scores; what runs once a token runs here: five dispatches a block and two for the
//! output, where burn's operations are some fifty a block. See `src/kernels/direct`.

use std::rc::Rc;

use burn::tensor::{Device, Tensor};

use super::decoder::Decoder;
use super::linear::Linear;
use super::whole::WholeDecoder;
use crate::kernels::direct::{Graphics, Part, part_of};
use crate::kernels::{AttendShape, KernelError, QuantizedWeights, WeightParts};
use crate::model::LlamaConfig;
use crate::model::rope::cosines_and_sines;

/// One block's weights.
#[derive(Debug)]
pub(super) struct DirectBlock {
    pub attention_norm: Part,
    pub query_key_value: WeightParts,
    pub attention_out: WeightParts,
    pub feed_forward_norm: Part,
    pub gate_up: WeightParts,
    pub down: WeightParts,
}

/// A model's weights, where the kernels read them.
#[derive(Debug)]
pub struct DirectDecoder {
    pub(super) graphics: Graphics,
    pub(super) device: Device,
    pub(super) config: LlamaConfig,
    pub(super) attention: AttendShape,
    pub(super) embedding: WeightParts,
    pub(super) blocks: Vec<DirectBlock>,
    pub(super) output_norm: Part,
    pub(super) output: WeightParts,
    /// `[context, half, 2]`
    pub(super) turns: Part,
    /// The same weights for the kernel that takes rows through all of a small model.
    pub(super) whole: Option<Rc<WholeDecoder>>,
}

impl DirectDecoder {
    /// The weights of a decoder that lives on this device; none if not all of its matrices are quantized, or its attention
    /// does not fit the shader.
    ///
    /// # Errors
    /// A device that fails.
    pub fn new(decoder: &Decoder, graphics: &Graphics) -> Result<Option<Self>, KernelError> {
        let config = decoder.config().clone();
        let attention = AttendShape {
            heads: config.head_count,
            kv_heads: config.head_count_kv,
            length: config.head_length,
            half: config.rope_length / 2,
        };
        if !attention.fits_shader() {
            return Ok(None);
        }
        let mut blocks = Vec::with_capacity(decoder.blocks.len());
        for block in &decoder.blocks {
            let matrices = [&block.query_key_value, &block.attention_out, &block.gate_up, &block.down];
            let [Some(query_key_value), Some(attention_out), Some(gate_up), Some(down)] =
                matrices.map(quantized)
            else {
                return Ok(None);
            };
            blocks.push(DirectBlock {
                attention_norm: vector(&block.attention_norm)?,
                query_key_value: query_key_value.parts()?,
                attention_out: attention_out.parts()?,
                feed_forward_norm: vector(&block.feed_forward_norm)?,
                gate_up: gate_up.parts()?,
                down: down.parts()?,
            });
        }
        let Some(output) = quantized(&decoder.output) else { return Ok(None) };
        let embedding = if decoder.tied {
            output.parts()?
        } else {
            let Some(table) = decoder.embedding.blocks() else { return Ok(None) };
            let (tokens, width) = (config.vocabulary, config.embedding_length);
            QuantizedWeights::new(table, tokens, width, &decoder.device).parts()?
        };
        let mut all = Self {
            embedding,
            blocks,
            output_norm: vector(&decoder.output_norm)?,
            output: output.parts()?,
            turns: graphics.filled(&turns(&config)),
            attention,
            config,
            graphics: graphics.clone(),
            device: decoder.device().clone(),
            whole: None,
        };
        all.whole = WholeDecoder::new(&all, decoder.tied).map(Rc::new);
        Ok(Some(all))
    }
}

impl DirectDecoder {
    /// The same, but a step is always a kernel for each product, as where a model is large.
    #[must_use]
    pub fn stepwise(self) -> Self {
        Self { whole: None, ..self }
    }

    /// Parts of all rows' keys and values that must lie in one buffer, where a block has two.
    #[must_use]
    pub fn parts_together(&self) -> usize {
        if self.whole.is_some() { 2 * self.config.block_count } else { 1 }
    }

    /// The largest buffer of the device, and the largest part of one that a kernel can be bound to, in bytes.
    #[must_use]
    pub fn largest(&self) -> [u64; 2] {
        self.graphics.largest()
    }
}

/// Cosine and sine of each position and pair, side by side.
fn turns(config: &LlamaConfig) -> Vec<[f32; 2]> {
    let (cosines, sines) = cosines_and_sines(config);
    cosines.into_iter().zip(sines).map(|(cosine, sine)| [cosine, sine]).collect()
}

fn quantized(matrix: &Linear) -> Option<&QuantizedWeights> {
    match matrix {
        Linear::Dense(_) => None,
        Linear::Quantized(weights) => Some(weights),
    }
}

fn vector(values: &Tensor<1>) -> Result<Part, KernelError> {
    part_of(values.clone())
}
