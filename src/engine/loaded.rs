//! A model that is ready to answer: its tokenizer, its weights on a device, and what the page may say of it.

use std::cell::RefCell;
#[cfg(feature = "gpu")]
use std::rc::Rc;

use super::EngineError;
use super::budget::Budget;
use super::device::Chosen;
use super::prompts::Prompts;
use crate::checksum::hex_sha256;
use crate::gguf::{Gguf, TensorType};
use crate::kernels::Values;
#[cfg(feature = "gpu")]
use crate::model::DirectDecoder;
use crate::model::{Decoder, PrefixCache};
use crate::protocol::ModelInfo;
use crate::text::Tokenizer;
use crate::units::TokenId;

/// A loaded model.
#[derive(Debug)]
pub struct LoadedModel {
    /// For the page.
    pub info: ModelInfo,
    /// Text to tokens and back.
    pub tokenizer: Tokenizer,
    /// The weights.
    pub decoder: Decoder,
    /// The same weights for our own kernels, where they can run them.
    #[cfg(feature = "gpu")]
    pub direct: Option<Rc<DirectDecoder>>,
    prompts: RefCell<Prompts>,
}

impl LoadedModel {
    /// Loads a GGUF file onto a device. `expected_sha256`: what the file's checksum must be, if that is known.
    ///
    /// # Errors
    /// Whatever is wrong with the file, as a typed error.
    pub fn load(
        key: &str,
        bytes: Vec<u8>,
        expected_sha256: Option<&str>,
        chosen: &Chosen,
    ) -> Result<Self, EngineError> {
        let sha256 = hex_sha256(&bytes);
        Self::load_summed(key, bytes, sha256, expected_sha256, chosen)
    }

    /// As [`Self::load`], where the checksum of the bytes was computed already.
    ///
    /// # Errors
    /// As [`Self::load`].
    #[inline(never)]
    pub fn load_summed(
        key: &str,
        bytes: Vec<u8>,
        sha256: String,
        expected_sha256: Option<&str>,
        chosen: &Chosen,
    ) -> Result<Self, EngineError> {
        if expected_sha256.is_some_and(|expected| expected != sha256) {
            return Err(EngineError::Checksum);
        }
        let gguf = Gguf::parse(bytes)?;
        let tokenizer = Tokenizer::from_gguf(&gguf)?;
        let decoder = Decoder::load(&gguf, &chosen.place)?;
        let config = decoder.config();
        if tokenizer.vocabulary_len() > config.vocabulary {
            return Err(EngineError::Vocabulary {
                tokens: tokenizer.vocabulary_len(),
                rows: config.vocabulary,
            });
        }
        let info = ModelInfo {
            key: key.to_owned(),
            name: gguf.get_str("general.name").unwrap_or(key).to_owned(),
            parameters: decoder.parameters(),
            vocabulary: config.vocabulary as u32,
            context_tokens: config.context_length as u32,
            sha256,
            quantization: main_format(&gguf).to_owned(),
        };
        Ok(Self {
            info,
            tokenizer,
            #[cfg(feature = "gpu")]
            direct: direct(&decoder, chosen)?,
            decoder,
            prompts: RefCell::default(),
        })
    }

    /// What rows at work may hold where the model is.
    #[must_use]
    pub fn budget(&self) -> Budget {
        #[cfg(feature = "gpu")]
        if let Some(direct) = &self.direct {
            let [buffer, binding] = direct.largest();
            return Budget::of_device(buffer, binding).with_together(direct.parts_together());
        }
        Budget::PROCESSOR
    }

    /// Runs a prompt, unless it was run lately. Returns the cache that rows share and the logits after the last token, `[1, vocabulary]`.
    ///
    /// # Errors
    /// As [`Decoder::prefill`].
    #[inline(never)]
    pub fn prefill(&self, tokens: &[TokenId]) -> Result<(PrefixCache, Values), EngineError> {
        let mut prompts = self.prompts.borrow_mut();
        if let Some(found) = prompts.find(tokens) {
            return Ok(found);
        }
        let (prefix, first_logits) = self.read(tokens)?;
        prompts.keep(self.decoder.config(), tokens, &prefix, &first_logits);
        Ok((prefix, first_logits))
    }

    fn read(&self, tokens: &[TokenId]) -> Result<(PrefixCache, Values), EngineError> {
        #[cfg(feature = "gpu")]
        if let Some(direct) = &self.direct
            && let Some((prompt, first_logits)) = direct.read_prompt(tokens)?
        {
            return Ok((PrefixCache::Whole(Rc::new(prompt)), first_logits));
        }
        Ok(self.decoder.prefill(tokens)?)
    }

    /// Keeps nothing of the prompts that were run.
    pub fn forget_prompts(&self) {
        self.prompts.take();
    }

    /// The tokens of a prompt, in the model's chat template if asked for.
    ///
    /// # Errors
    /// A template that is not known, or text that cannot be encoded.
    pub fn encode(&self, prompt: &str, chat: bool) -> Result<Vec<TokenId>, EngineError> {
        Ok(if chat { self.tokenizer.chat_prompt(prompt)? } else { self.tokenizer.encode(prompt, false)? })
    }
}

#[cfg(feature = "gpu")]
fn direct(decoder: &Decoder, chosen: &Chosen) -> Result<Option<Rc<DirectDecoder>>, EngineError> {
    let (Decoder::Tensor(decoder), Some(graphics)) = (decoder, &chosen.graphics) else { return Ok(None) };
    Ok(DirectDecoder::new(decoder, graphics)?.map(Rc::new))
}

/// The block format that holds most of the file's values.
fn main_format(gguf: &Gguf) -> &'static str {
    let values = |kind: TensorType| -> usize {
        gguf.tensors().filter(|t| t.kind() == kind).map(|t| t.shape().iter().product::<usize>()).sum()
    };
    TensorType::ALL.into_iter().max_by_key(|&kind| values(kind)).map_or("F32", TensorType::name)
}
