//! The weights of a small model as one kernel reads them that takes rows through all of it: see `shaders/decode_rows.wgsl`.

use std::cell::RefCell;

use super::direct::DirectDecoder;
use crate::kernels::direct::{Part, Reports, Watch, prepare};
use crate::kernels::{DecodeShape, WeightParts};

/// Most bytes of weights, so that they stay in a card's caches: every row reads all of them for every token.
const MOST_BYTES: u64 = 4 << 20;

/// A small model's weights, in two buffers.
#[derive(Debug)]
pub(super) struct WholeDecoder {
    pub shape: DecodeShape,
    pub quants: Part,
    pub floats: Part,
    /// What the device had against that and against prompts, for the first who draws.
    pub reports: RefCell<Vec<Reports>>,
}

impl WholeDecoder {
    /// Copies of a model's weights; none if it is too large, or if the shader does not fit it or the device.
    pub fn new(model: &DirectDecoder, tied: bool) -> Option<Self> {
        let DirectDecoder { graphics, config, attention, .. } = model;
        let shape = DecodeShape {
            width: config.embedding_length,
            inner: config.feed_forward_length,
            attention: *attention,
            blocks: config.block_count,
            vocabulary: config.vocabulary,
            context: config.context_length,
            epsilon: config.rms_epsilon,
            tied,
            format: model.output.format,
        };
        let mut matrices: Vec<&WeightParts> = Vec::new();
        // As the shader has them: gains and scales.
        let mut floats: Vec<&Part> = Vec::new();
        for block in &model.blocks {
            floats.extend([&block.attention_norm, &block.feed_forward_norm]);
            let of_block = [&block.query_key_value, &block.attention_out, &block.gate_up, &block.down];
            floats.extend(of_block.map(|matrix| &matrix.scales));
            matrices.extend(of_block);
        }
        floats.extend([&model.output_norm, &model.output.scales]);
        matrices.push(&model.output);
        if !tied {
            floats.push(&model.embedding.scales);
            matrices.push(&model.embedding);
        }
        floats.push(&model.turns);
        let quants: Vec<&Part> = matrices.iter().map(|matrix| &matrix.quants).collect();
        let small = quants.iter().chain(&floats).map(|part| part.bytes()).sum::<u64>() <= MOST_BYTES;
        let one_format = matrices.iter().all(|matrix| matrix.format == shape.format);
        if !(small && one_format && shape.fits_shader(graphics.workgroup_bytes())) {
            return None;
        }
        let watch = Watch::new(graphics);
        prepare(graphics, shape);
        let (quants, floats) = (graphics.together(&quants), graphics.together(&floats));
        let reports = RefCell::new(vec![watch.end()]);
        Some(Self { shape, quants, floats, reports })
    }
}

impl Drop for WholeDecoder {
    fn drop(&mut self) {
        self.quants.destroy();
        self.floats.destroy();
    }
}
