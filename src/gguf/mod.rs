//! The GGUF container (version 3) and its block formats, read and write.
//!
//! Bytes from outside are parsed once, into typed values; every length is checked against what is there before
//! anything is allocated for it. Tensor data stay where they are: a [`TensorView`] is a window into the file's bytes.
//!
//! Source: the format description in ggml's `docs/gguf.md`.

mod blocks;
mod convert;
mod error;
mod reader;
mod value;
mod writer;

#[cfg(test)]
mod tests;

pub use blocks::{BLOCK_LENGTH, TensorType, dequantize, quantize};
pub use convert::converted;
pub use error::GgufError;
pub use reader::{Gguf, TensorView};
pub use value::{Array, Value};
pub use writer::GgufWriter;

/// The first four bytes of every file.
pub const MAGIC: [u8; 4] = *b"GGUF";
/// The version that is read and written.
pub const VERSION: u32 = 3;
/// Alignment of tensor data where the file does not say.
pub const DEFAULT_ALIGNMENT: usize = 32;
/// Metadata key of the alignment.
pub const ALIGNMENT_KEY: &str = "general.alignment";
