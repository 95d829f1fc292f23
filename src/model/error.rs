//! What can be wrong with a model file or with what is asked of a model.

use thiserror::Error;

use crate::gguf::GgufError;

/// Errors of the model room.
#[derive(Debug, Error)]
pub enum ModelError {
    /// The container or one of its values is not what it must be.
    #[error(transparent)]
    Gguf(#[from] GgufError),
    /// An architecture other than `llama`.
    #[error("this is a model of the architecture `{0}`; only the Llama family can be run here")]
    Architecture(String),
    /// A number in the metadata that cannot be.
    #[error("the model file says {key} = {value}, which cannot be: {reason}")]
    Config {
        /// The metadata key.
        key: &'static str,
        /// Its value.
        value: u64,
        /// Why it cannot be.
        reason: &'static str,
    },
    /// A tensor whose shape is not the one that the metadata promise.
    #[error("tensor `{name}` has the shape {found:?}, not {expected:?}")]
    Shape {
        /// The tensor.
        name: String,
        /// Shape by the metadata, GGUF order (row length first).
        expected: Vec<usize>,
        /// Shape in the file.
        found: Vec<usize>,
    },
    /// More tokens than the context holds.
    #[error("{tokens} tokens do not fit into the model's context of {context}")]
    ContextFull {
        /// Tokens asked for.
        tokens: usize,
        /// The limit.
        context: usize,
    },
    /// A token id that is not in the vocabulary.
    #[error("token {token} is not in the vocabulary of {vocabulary}")]
    Token {
        /// The id.
        token: u32,
        /// Number of tokens there are.
        vocabulary: usize,
    },
    /// As many tokens as there are rows must come.
    #[error("{tokens} tokens were given to {rows} answers")]
    Rows {
        /// Tokens given.
        tokens: usize,
        /// Rows there are.
        rows: usize,
    },
    /// Caches that belong to a decoder in another place.
    #[cfg(feature = "tensor")]
    #[error("what was read belongs to a model on another device")]
    OtherPlace,
    /// Nothing to run.
    #[error("a prompt needs at least one token")]
    EmptyPrompt,
}
