//! What can be wrong with a tokenizer or with text given to it.

use thiserror::Error;

use crate::gguf::GgufError;

/// Errors of the text room.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TextError {
    /// A metadata value is missing or mistyped.
    #[error(transparent)]
    Gguf(#[from] GgufError),
    /// A tokenizer model that is not supported.
    #[error("the tokenizer `{0}` cannot be used here")]
    Model(String),
    /// A pre-tokenizer that is not supported.
    #[error("the pre-tokenizer `{0}` cannot be used here")]
    Pretokenizer(String),
    /// Lists of different length, or an id outside the vocabulary.
    #[error("the tokenizer in the file contradicts itself: {0}")]
    Inconsistent(&'static str),
    /// A chat template that is not known.
    #[error("the model's chat template is not one that this page knows")]
    Template,
    /// A byte of the text for which the vocabulary has no token.
    #[error("the text holds the byte {0:#04x}, for which this vocabulary has no token")]
    NoToken(u8),
}
