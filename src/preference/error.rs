//! What can be wrong with a vote, and with keeping it.

use thiserror::Error;

/// Why a vote, or a plan for a pair, was refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PreferenceError {
    /// Written by a newer version of this program.
    #[error("the vote has schema {found}, and this version knows schemas up to {known}; use a newer version")]
    FutureSchema {
        /// The schema it says it has.
        found: u64,
        /// The newest that is known here.
        known: u32,
    },
    /// No version of this program ever wrote it.
    #[error("the vote has schema {found}, which does not exist")]
    NoSuchSchema {
        /// The schema it says it has.
        found: u64,
    },
    /// Not JSON, or fields missing, unknown, doubled or of another type.
    #[error("the vote cannot be read: {0}")]
    Malformed(String),
    /// A field holds what it may not.
    #[error("the vote's {field} {problem}")]
    Field {
        /// Path of the field, for example `answer_a.source.temperature`.
        field: String,
        /// What is wrong with it, as the end of a sentence.
        problem: &'static str,
    },
    /// Both answers are the same text.
    #[error("both answers of the vote are equal")]
    EqualAnswers,
    /// One line of many.
    #[error("line {line}: {error}")]
    Line {
        /// Counted from 1.
        line: usize,
        /// What is wrong with it.
        error: Box<PreferenceError>,
    },
    /// A rule without enough temperatures or stages.
    #[error("pairs need {0}")]
    Rule(&'static str),
}

/// Why votes could not be kept or read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum StoreError {
    /// Private window, or storage switched off.
    #[error("this browser does not let the page keep anything")]
    Forbidden,
    /// The disk, or the page's share of it, is full.
    #[error("there is no room left to keep votes")]
    Full,
    /// The database has a newer layout.
    #[error("the votes in this browser were kept by a newer version of this page")]
    Newer,
    /// No answer in time.
    #[error("the store of this browser does not answer")]
    Blocked,
    /// A vote that must not be kept.
    #[error("the vote is not in order: {0}")]
    BadVote(#[from] PreferenceError),
    /// Anything else.
    #[error("the store of this browser failed ({0})")]
    Failed(String),
}
