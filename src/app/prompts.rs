//! The built-in prompts: ten creative, ten factual.
//!
//! They are the prompts that the lab trains and measures for the page (`crates/lab/src/corpus/prompts.rs`).
//!
//! A prompt's short name goes into links, so it must never change its meaning; new prompts get new names.

use crate::experiment::plan::Kind;

/// The two columns of the instrument.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    /// Prompts with many good answers.
    Creative,
    /// Prompts with one right answer.
    Factual,
}

impl Side {
    /// Both, in the order of the page.
    pub const ALL: [Side; 2] = [Side::Creative, Side::Factual];

    /// Position in arrays with one entry per side.
    #[must_use]
    pub fn index(self) -> usize {
        match self {
            Side::Creative => 0,
            Side::Factual => 1,
        }
    }

    /// Short name in element ids.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Side::Creative => "creative",
            Side::Factual => "factual",
        }
    }

    /// Id of its column of answers.
    #[must_use]
    pub const fn column(self) -> &'static str {
        match self {
            Side::Creative => "column-creative",
            Side::Factual => "column-factual",
        }
    }

    /// The prompts of this side.
    #[must_use]
    pub fn prompts(self) -> &'static [BuiltIn] {
        match self {
            Side::Creative => &CREATIVE,
            Side::Factual => &FACTUAL,
        }
    }
}

/// The side of the page on which an experiment's prompts of a kind stand.
#[must_use]
pub fn side(kind: Kind) -> Side {
    match kind {
        Kind::Creative => Side::Creative,
        Kind::Factual => Side::Factual,
    }
}

/// A prompt that the page offers.
#[derive(Debug, PartialEq, Eq)]
pub struct BuiltIn {
    /// Short name in links: lower-case letters.
    pub name: &'static str,
    /// What the model is asked.
    pub text: &'static str,
}

const fn prompt(name: &'static str, text: &'static str) -> BuiltIn {
    BuiltIn { name, text }
}

const CREATIVE: [BuiltIn; 10] = [
    prompt("sea", "Write a poem about the sea"),
    prompt("moon", "Write a poem about the moon"),
    prompt("autumn", "Write a short poem about autumn"),
    prompt("fox", "A rhyme about a fox, please"),
    prompt("cat", "Can you write two lines about a cat?"),
    prompt("love", "Write a poem about love"),
    prompt("rain", "Write a poem about the rain"),
    prompt("tea", "Write four lines about tea"),
    prompt("dragon", "Write a poem about a dragon"),
    prompt("clock", "Write a rhyme about a clock"),
];

const FACTUAL: [BuiltIn; 10] = [
    prompt("france", "What is the capital of France?"),
    prompt("japan", "What is the capital of Japan?"),
    prompt("kenya", "Capital of Kenya?"),
    prompt("australia", "Which city is the capital of Australia?"),
    prompt("hot", "What is the opposite of hot?"),
    prompt("spider", "How many legs does a spider have?"),
    prompt("tomato", "What colour is a ripe tomato?"),
    prompt("dog", "What is a young dog called?"),
    prompt("gold", "What is the chemical symbol for gold?"),
    prompt("may", "Which month comes after May?"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_plain() {
        for side in Side::ALL {
            let prompts = side.prompts();
            assert_eq!(prompts.len(), 10);
            for (i, prompt) in prompts.iter().enumerate() {
                assert!(prompt.name.bytes().all(|b| b.is_ascii_lowercase()), "{}", prompt.name);
                assert!(prompts[..i].iter().all(|p| p.name != prompt.name), "{} twice", prompt.name);
                assert_ne!(prompt.name, "own");
            }
        }
    }
}
