//! What can go wrong while learning.

use thiserror::Error;

use crate::gguf::GgufError;
use crate::model::ModelError;
use crate::text::TextError;

/// Why nothing can be learned.
#[derive(Debug, Error)]
pub enum TrainingError {
    /// The file is no container, or cannot be written as one.
    #[error(transparent)]
    Gguf(#[from] GgufError),
    /// The file's metadata are not those of a model.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// A text cannot be encoded.
    #[error(transparent)]
    Text(#[from] TextError),
    /// Heads that are turned in part only.
    #[error("the trainer's decoder turns whole heads; this file turns {turned} of {length}")]
    PartialRope {
        /// Width that RoPE turns.
        turned: usize,
        /// Width of a head.
        length: usize,
    },
    /// A tensor that is no part of the trainer's decoder, or of another size.
    #[error("{0} has another size than the metadata say")]
    Size(String),
    /// A vocabulary without a token that ends answers.
    #[error("the vocabulary has no token that ends an answer")]
    NoEnd,
    /// Too few examples.
    #[error("there are {0} preferences, too few to learn from")]
    TooFew(usize),
    /// A loss or weight is not a number any more.
    #[error("the loss is not a number any more")]
    NotANumber,
}
