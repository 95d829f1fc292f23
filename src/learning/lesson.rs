//! What a vote teaches: this answer rather than that one, by so much.

use serde::{Deserialize, Serialize};

use crate::preference::{Answer, Choice, Vote};

/// A preference.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Lesson {
    /// What was asked.
    pub prompt: String,
    /// The better answer.
    pub chosen: Text,
    /// The other one.
    pub rejected: Text,
    /// Margin of the reward model's loss: the paper's small one.
    pub margin: f32,
}

/// An answer's text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    /// As it was shown.
    pub text: String,
    /// Whether the model ended it; false where a limit cut it off.
    pub is_complete: bool,
}

impl Text {
    fn of(answer: &Answer) -> Self {
        Self { text: answer.text.clone(), is_complete: answer.is_complete }
    }
}

impl Lesson {
    /// The lesson of a vote; none of "both bad" and of a skipped pair, which prefer nothing.
    #[must_use]
    pub fn of(vote: &Vote) -> Option<Self> {
        let Choice::Prefer { side, strength } = vote.choice else { return None };
        Some(Self {
            prompt: vote.prompt.clone(),
            chosen: Text::of(vote.answer(side)),
            rejected: Text::of(vote.answer(side.other())),
            margin: strength.margin() as f32,
        })
    }
}
