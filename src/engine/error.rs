//! What can go wrong while loading or sampling.

use thiserror::Error;

use crate::gguf::GgufError;
use crate::kernels::KernelError;
use crate::model::ModelError;
use crate::protocol::{ErrorKind, VisitorError};
use crate::text::TextError;

/// Errors of the engine.
#[derive(Debug, Error)]
pub enum EngineError {
    /// The file is not a usable GGUF container.
    #[error(transparent)]
    Gguf(#[from] GgufError),
    /// The tokenizer in the file cannot be used, or the prompt cannot be encoded.
    #[error(transparent)]
    Text(#[from] TextError),
    /// The weights cannot be used, or the context is full.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// A file that is not the one that was promised.
    #[error("the model file arrived damaged: its checksum is not the published one")]
    Checksum,
    /// The tokenizer and the weights disagree.
    #[error("the tokenizer has {tokens} tokens but the model {rows}")]
    Vocabulary {
        /// Tokens in the tokenizer.
        tokens: usize,
        /// Rows of the embedding.
        rows: usize,
    },
    /// A job with no rows, or with more than a batch may have.
    #[error("{rows} answers were asked for; 1 to {most} are possible at once")]
    Rows {
        /// Rows asked for.
        rows: usize,
        /// The limit.
        most: usize,
    },
    /// A prompt that leaves no room for an answer.
    #[error("the prompt has {tokens} tokens, and this model reads at most {most}")]
    PromptTooLong {
        /// Tokens of the prompt.
        tokens: usize,
        /// The limit.
        most: usize,
    },
    /// A prompt and an answer that are too long to be read together.
    #[error("prompt and answer have {tokens} tokens, and this model reads at most {most}")]
    AnswerTooLong {
        /// Tokens of both.
        tokens: usize,
        /// The limit.
        most: usize,
    },
    /// A model that gives no numbers.
    #[error("this model's numbers broke off at token {place} of the answer")]
    NotANumber {
        /// Counted from 1.
        place: usize,
    },
    /// A model that writes, asked for scores.
    #[error("this model is no reward model: it gives no scores")]
    NoScores,
    /// A score that is no number.
    #[error("the reward model gave a score that is no number")]
    BadScore,
    /// The device stopped working or gave wrong answers.
    #[error("the graphics device failed: {0}")]
    Device(String),
}

impl From<KernelError> for EngineError {
    fn from(error: KernelError) -> Self {
        Self::Device(error.to_string())
    }
}

impl EngineError {
    /// The error as the page hears of it.
    #[must_use]
    pub fn for_visitor(&self) -> VisitorError {
        let kind = match self {
            Self::Gguf(_) | Self::Checksum | Self::Vocabulary { .. } => ErrorKind::BadModel,
            Self::Text(_) => ErrorKind::BadText,
            Self::Model(ModelError::ContextFull { .. } | ModelError::EmptyPrompt)
            | Self::PromptTooLong { .. } => ErrorKind::LongPrompt,
            Self::Model(_) => ErrorKind::OtherModel,
            Self::AnswerTooLong { .. } => ErrorKind::LongAnswer,
            Self::NotANumber { .. } => ErrorKind::NotANumber,
            Self::NoScores | Self::BadScore => ErrorKind::NoScores,
            Self::Rows { .. } => ErrorKind::ManyAnswers,
            Self::Device(_) => ErrorKind::Device,
        };
        VisitorError::new(kind, self)
    }
}
