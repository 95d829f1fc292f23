//! Our models as ONNX files, so that `@huggingface/transformers` can be measured on the same weights.
//!
//! Written from the GGUF file, weight by weight; nothing is trained, exported or fetched. [`llama`] is the graph, [`protobuf`]
//! the container. It refuses to be a general writer: what the benchmark needs, and no more.

pub mod llama;
mod protobuf;

pub use llama::{Precision, configuration, export};
