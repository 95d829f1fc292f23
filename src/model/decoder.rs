//! The decoder wherever it is: one front for the one in plain memory and the one in burn's tensors.

#[cfg(feature = "gpu")]
use std::rc::Rc;

#[cfg(feature = "tensor")]
use burn::tensor::Device;

#[cfg(feature = "tensor")]
use super::tensor;
#[cfg(feature = "tensor")]
use super::weights::WeightFormat;
use super::{LlamaConfig, ModelError, host};
use crate::gguf::Gguf;
use crate::kernels::Values;
use crate::units::TokenId;

/// Where a model is put.
#[derive(Debug, Clone)]
pub enum Place {
    /// Into plain memory: the processor computes.
    Host,
    /// Onto a device of burn's.
    #[cfg(feature = "tensor")]
    Tensor {
        /// burn's handle.
        device: Device,
        /// How weights are best held there.
        keep: WeightFormat,
    },
}

/// A Llama-family model in one place.
#[derive(Debug, Clone)]
#[cfg_attr(
    feature = "tensor",
    expect(clippy::large_enum_variant, reason = "there is one for each model, and it is never moved about")
)]
pub enum Decoder {
    /// In plain memory.
    Host(host::Decoder),
    /// On a device of burn's.
    #[cfg(feature = "tensor")]
    Tensor(tensor::Decoder),
}

/// A prompt that was run once, to be shared by all rows that continue it.
#[derive(Debug, Clone)]
pub enum PrefixCache {
    /// In plain memory.
    Host(host::PrefixCache),
    /// On a device of burn's.
    #[cfg(feature = "tensor")]
    Tensor(tensor::PrefixCache),
    /// On a graphics card, as the kernel for whole rows reads it.
    #[cfg(feature = "gpu")]
    Whole(Rc<tensor::WholePrompt>),
}

/// The prompts that rows continue, and each row's own tokens.
#[derive(Debug)]
pub enum RowCache {
    /// In plain memory.
    Host(host::RowCache),
    /// On a device of burn's.
    #[cfg(feature = "tensor")]
    Tensor {
        /// The prompt that all of them continue.
        prefix: tensor::PrefixCache,
        /// Their own tokens, of all the same number.
        own: tensor::RowCache,
    },
}

impl RowCache {
    /// Keeps only the given rows, each at most once, in the given order.
    pub fn keep(&mut self, rows: &[usize]) {
        match self {
            Self::Host(cache) => cache.keep(rows),
            #[cfg(feature = "tensor")]
            Self::Tensor { own, .. } => own.keep(rows),
        }
    }
}

impl Decoder {
    /// Reads all weights of a GGUF file and puts them into their place.
    ///
    /// # Errors
    /// Whatever [`LlamaConfig::from_gguf`] refuses, and tensors that are missing or misshapen.
    pub fn load(gguf: &Gguf, place: &Place) -> Result<Self, ModelError> {
        match place {
            Place::Host => host::Decoder::load(gguf).map(Self::Host),
            #[cfg(feature = "tensor")]
            Place::Tensor { device, keep } => tensor::Decoder::load(gguf, *keep, device).map(Self::Tensor),
        }
    }

    /// The model's shape.
    #[must_use]
    pub fn config(&self) -> &LlamaConfig {
        match self {
            Self::Host(decoder) => decoder.config(),
            #[cfg(feature = "tensor")]
            Self::Tensor(decoder) => decoder.config(),
        }
    }

    /// Number of values in all tensors of the file.
    #[must_use]
    pub fn parameters(&self) -> u64 {
        match self {
            Self::Host(decoder) => decoder.parameters(),
            #[cfg(feature = "tensor")]
            Self::Tensor(decoder) => decoder.parameters(),
        }
    }

    /// Runs a prompt once. Returns the cache that rows share and the logits after the last token, `[1, vocabulary]`.
    ///
    /// # Errors
    /// An empty prompt, one that does not fit the context, or an unknown token.
    pub fn prefill(&self, tokens: &[TokenId]) -> Result<(PrefixCache, Values), ModelError> {
        match self {
            Self::Host(decoder) => {
                let (cache, logits) = decoder.prefill(tokens)?;
                Ok((PrefixCache::Host(cache), self.logits(logits)))
            }
            #[cfg(feature = "tensor")]
            Self::Tensor(decoder) => {
                let (cache, logits) = decoder.prefill(tokens)?;
                Ok((PrefixCache::Tensor(cache), logits.into()))
            }
        }
    }

    /// The logits after every token of a text, `[tokens, vocabulary]`.
    ///
    /// # Errors
    /// As [`Self::prefill`].
    pub fn all_logits(&self, tokens: &[TokenId]) -> Result<Values, ModelError> {
        match self {
            Self::Host(decoder) => decoder.all_logits(tokens).map(|logits| self.logits(logits)),
            #[cfg(feature = "tensor")]
            Self::Tensor(decoder) => decoder.all_logits(tokens).map(Values::from),
        }
    }

    /// A cache for so many rows that continue a prompt.
    ///
    /// # Errors
    /// A prompt that was run by a decoder in another place.
    pub fn row_cache(&self, prefix: &PrefixCache, rows: usize) -> Result<RowCache, ModelError> {
        match (self, prefix) {
            (Self::Host(decoder), PrefixCache::Host(prefix)) => {
                Ok(RowCache::Host(host::RowCache::new(decoder.config(), prefix, rows)))
            }
            #[cfg(feature = "tensor")]
            (Self::Tensor(decoder), PrefixCache::Tensor(prefix)) => Ok(RowCache::Tensor {
                prefix: prefix.clone(),
                own: tensor::RowCache::new(decoder.config(), rows, decoder.device()),
            }),
            #[cfg(feature = "tensor")]
            _ => Err(ModelError::OtherPlace),
        }
    }

    /// So many rows that continue a prompt begin, after those that the cache has; where [rows are not mixed](Self::mixes_prompts), in their stead.
    ///
    /// # Errors
    /// As [`Self::row_cache`].
    pub fn admit(&self, own: &mut RowCache, prefix: &PrefixCache, rows: usize) -> Result<(), ModelError> {
        match (own, prefix) {
            (RowCache::Host(own), PrefixCache::Host(prefix)) => own.admit(self.config(), prefix, rows),
            #[cfg(feature = "tensor")]
            (own, prefix) => *own = self.row_cache(prefix, rows)?,
        }
        Ok(())
    }

    /// Whether rows can be advanced together that continue several prompts, or begin while others are under way: in plain memory; in
    /// burn's tensors all rows have one prompt and the same number of tokens.
    #[must_use]
    pub fn mixes_prompts(&self) -> bool {
        matches!(self, Self::Host(_))
    }

    /// Whether it is a reward model: one that gives scores.
    #[must_use]
    pub fn gives_scores(&self) -> bool {
        match self {
            Self::Host(decoder) => decoder.gives_scores(),
            #[cfg(feature = "tensor")]
            Self::Tensor(decoder) => decoder.gives_scores(),
        }
    }

    /// The scores of states, `[rows, 1]`; none where this is no reward model. `states`: from [`Self::advance`].
    #[must_use]
    pub fn scores(&self, states: Values) -> Option<Values> {
        match (self, states) {
            (Self::Host(decoder), Values::Host { values, .. }) => {
                decoder.scores(&values).map(|values| Values::Host { values, columns: 1 })
            }
            #[cfg(feature = "tensor")]
            (Self::Tensor(decoder), Values::Tensor(states)) => decoder.scores(states).map(Values::from),
            #[cfg(feature = "tensor")]
            _ => None,
        }
    }

    /// Advances every row by one token. `tokens`: the newest token of each row. Returns `[rows, vocabulary]` logits.
    ///
    /// # Errors
    /// A full context, an unknown token, or a cache of a decoder in another place.
    pub fn decode_step(&self, own: &mut RowCache, tokens: &[TokenId]) -> Result<Values, ModelError> {
        match (self, own) {
            (Self::Host(decoder), RowCache::Host(own)) => {
                decoder.decode_step(own, tokens).map(|logits| self.logits(logits))
            }
            #[cfg(feature = "tensor")]
            (Self::Tensor(decoder), RowCache::Tensor { prefix, own }) => {
                decoder.decode_step(prefix, own, tokens).map(Values::from)
            }
            #[cfg(feature = "tensor")]
            _ => Err(ModelError::OtherPlace),
        }
    }

    /// As [`Self::decode_step`], but returns the states, `[rows, embedding_length]`, that scores are made of.
    ///
    /// # Errors
    /// As [`Self::decode_step`].
    pub fn advance(&self, own: &mut RowCache, tokens: &[TokenId]) -> Result<Values, ModelError> {
        match (self, own) {
            (Self::Host(decoder), RowCache::Host(own)) => {
                let columns = decoder.config().embedding_length;
                Ok(Values::Host { values: decoder.advance(own, tokens)?, columns })
            }
            #[cfg(feature = "tensor")]
            (Self::Tensor(decoder), RowCache::Tensor { prefix, own }) => {
                decoder.advance(prefix, own, tokens).map(Values::from)
            }
            #[cfg(feature = "tensor")]
            _ => Err(ModelError::OtherPlace),
        }
    }

    fn logits(&self, values: Vec<f32>) -> Values {
        Values::Host { values, columns: self.config().vocabulary }
    }
}
