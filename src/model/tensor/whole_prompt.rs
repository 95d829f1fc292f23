//! Prompts that are read by the kernel for whole rows, token by token, instead of by burn's operations, which take a card longer
//! for a short prompt.

use burn::tensor::{Tensor, TensorData};

use super::direct::DirectDecoder;
use super::whole::WholeDecoder;
use crate::kernels::direct::{Part, ReadBuffers, Watch, part_of, read_prompt};
use crate::kernels::{KernelError, Values};
use crate::units::TokenId;

/// Longer ones are left to burn, which reads their tokens together.
const MOST_TOKENS: usize = 64;

/// A prompt that was read.
#[derive(Debug)]
pub struct WholePrompt {
    /// `[blocks, 2, kv_heads, tokens, length]`
    pub(super) part: Part,
    pub(super) tokens: usize,
}

impl Drop for WholePrompt {
    fn drop(&mut self) {
        self.part.destroy();
    }
}

impl DirectDecoder {
    /// Reads a prompt, if the model is one whose rows one kernel takes, and the prompt is short and fits it. Returns it, and the logits
    /// after its last token, `[1, vocabulary]`.
    ///
    /// # Errors
    /// A device that fails.
    pub fn read_prompt(&self, tokens: &[TokenId]) -> Result<Option<(WholePrompt, Values)>, KernelError> {
        let Some(whole) = self.whole.as_deref() else { return Ok(None) };
        let Self { graphics, config, .. } = self;
        let known = tokens.iter().all(|&token| (token as usize) < config.vocabulary);
        if !known || !(1..=MOST_TOKENS.min(config.context_length)).contains(&tokens.len()) {
            return Ok(None);
        }
        let WholeDecoder { shape, quants, floats, .. } = whole;
        let zeros = TensorData::zeros::<f32, _>([1, config.vocabulary]);
        let logits = Tensor::<2>::from_data(zeros, &self.device);
        // burn's own buffer, which it only reads afterwards.
        let logits_there = part_of(logits.clone())?;
        let watch = Watch::new(graphics);
        let count = tokens.len() as u32;
        let uniform = graphics.uniform([1, count, count, 1]);
        let (tokens_there, unused) = (graphics.filled(tokens), graphics.empty(16));
        let part = graphics.empty((tokens.len() * config.cache_of_token() * size_of::<f32>()) as u64);
        let buffers = ReadBuffers {
            shape: &uniform,
            quants,
            floats,
            prefix: &part,
            tokens: &tokens_there,
            unused: &unused,
            logits: &logits_there,
        };
        graphics.run(&read_prompt(graphics, *shape, buffers));
        [uniform, tokens_there, unused].iter().for_each(Part::destroy);
        whole.reports.borrow_mut().push(watch.end());
        Ok(Some((WholePrompt { part, tokens: tokens.len() }, Values::Tensor(logits))))
    }
}
