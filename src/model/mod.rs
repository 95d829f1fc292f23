//! The Llama-family decoder.
//!
//! Weights come from a GGUF file ([`Decoder::load`]). There are two decoders behind one front: [`host`] in plain memory, for the
//! processor, and with the feature `tensor` one in burn's tensors, for the devices that burn knows. This room knows nothing
//! of sampling, of text or of requests.
//!
//! The forward pass decodes *rows*: [`Decoder::prefill`] runs one prompt once and leaves a [`PrefixCache`];
//! [`Decoder::decode_step`] then advances any number of rows by one token each, each of them attending to the
//! prefix that it continues and to its own tokens, which are in a [`RowCache`].

mod config;
mod decoder;
mod error;
mod file;
pub mod host;
pub mod made_up;
mod rope;
#[cfg(feature = "tensor")]
mod tensor;
mod weights;

pub use config::LlamaConfig;
pub use decoder::{Decoder, Place, PrefixCache, RowCache};
pub use error::ModelError;
#[cfg(feature = "tensor")]
pub use tensor::Linear;
#[cfg(feature = "gpu")]
pub use tensor::{DirectDecoder, GpuRows, RowStart};
#[cfg(feature = "tensor")]
pub use weights::WeightFormat;
