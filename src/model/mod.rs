//! The Llama-family decoder in burn.
//!
//! Weights come from a GGUF file ([`Decoder::load`]), activations are `f32` tensors on one device, and the same code
//! runs on the CPU (flex) and on WebGPU. This room knows nothing of sampling, of text or of requests.
//!
//! The forward pass decodes *rows*: [`Decoder::prefill`] runs one prompt once and leaves a [`PrefixCache`];
//! [`Decoder::decode_step`] then advances any number of rows by one token each, all of them attending to that shared
//! prefix and each to its own [`RowCache`].

mod config;
mod error;
pub mod made_up;
mod tensor;
mod weights;

pub use config::LlamaConfig;
pub use error::ModelError;
pub use tensor::{Decoder, Linear, PrefixCache, RowCache};
#[cfg(feature = "gpu")]
pub use tensor::{DirectDecoder, DirectRows, MOST_STEPS, RowStart};
pub use weights::WeightFormat;
