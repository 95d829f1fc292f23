//! What went wrong, and what to do.

use crate::protocol::VisitorError;

/// What went wrong.
pub struct Faults {
    /// An error in words.
    pub fault: fn(&VisitorError) -> Fault,
    /// What a stage could not do: the stage, and what happened.
    pub of_stage: fn(&str, &str) -> String,
}

/// An error in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What happened, in a sentence.
    pub message: String,
    /// What to do next.
    pub remedy: &'static str,
}
