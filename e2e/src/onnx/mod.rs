//! Our models as ONNX files, so that `@huggingface/transformers` can be measured on the same weights.
//!
//! Written from the GGUF file, weight by weight; nothing is trained, exported or fetched. [`llama`] is the graph, `weights` what
//! its products multiply, `protobuf` the container. It refuses to be a general writer: what the benchmark needs, and no more.

pub mod llama;
mod protobuf;
mod shape;
mod weights;

pub use llama::export;
pub use shape::configuration;
pub use weights::Precision;
