//! The panel: simulated people who compare two answers, and the true quality that their votes are noisy views of.
//!
//! Text in, judgements out. Touvron et al. 2023, section 3.2.1: an annotator sees two answers to a prompt, must choose
//! one, and says how much better it is on four points. Here annotators are rules ([`VOTERS`]) that are published with
//! the lineage; [`rules_markdown`] prints them all. Every vote is a pure function of a seed and an index.
//!
//! The room refuses to know tensors, tokens and models. Training sees [`Comparison`]s and nothing else of it: the
//! oracle's score serves reports and early stopping only.

mod agreement;
mod fact_check;
mod flawed_facts;
mod flawed_poems;
mod negatives;
mod neighbours;
mod oracle;
mod prompts;
mod report;
mod rules;
mod tastes;
#[cfg(test)]
mod tests;
mod topic_check;
mod verse_check;
mod vocabulary;
mod word_table;

use serde::{Deserialize, Serialize};

pub use agreement::{Agreement, Share};
pub use negatives::{Negative, hard_negative};
pub use oracle::{Oracle, Quality};
pub use prompts::{held_out_names, held_out_rlhf_prompts, is_held_out, rlhf_prompt};
pub use report::{corpus_pairs, panel_text};
pub use rules::rules_markdown;
pub use tastes::{VOTERS, Voter};

use crate::corpus::Kind;
use crate::corpus::random::Chance;

/// How much better the chosen answer is: the paper's four points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rating {
    /// Significantly better.
    Significantly,
    /// Better.
    Better,
    /// Slightly better.
    Slightly,
    /// Negligibly better, or unsure.
    Negligibly,
}

impl Rating {
    /// All ratings, the strongest first.
    pub const ALL: [Self; 4] = [Self::Significantly, Self::Better, Self::Slightly, Self::Negligibly];

    /// The small margin of the reward model's loss (Touvron et al. 2023, table 27).
    #[must_use]
    pub fn margin_small(self) -> f64 {
        match self {
            Self::Significantly => 1.0,
            Self::Better => 2.0 / 3.0,
            Self::Slightly => 1.0 / 3.0,
            Self::Negligibly => 0.0,
        }
    }

    /// The large margin of the reward model's loss (Touvron et al. 2023, table 27).
    #[must_use]
    pub fn margin_large(self) -> f64 {
        3.0 * self.margin_small()
    }

    /// The words that a person reads.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Significantly => "significantly better",
            Self::Better => "better",
            Self::Slightly => "slightly better",
            Self::Negligibly => "negligibly better or unsure",
        }
    }
}

/// Where the two answers of a comparison come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// Samples of policies.
    Policy,
    /// A faultless answer against one with a known flaw, both generated.
    HardNegative(Negative),
}

/// One vote: what the reward model learns from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comparison {
    /// Poem or fact.
    pub kind: Kind,
    /// What was asked.
    pub prompt: String,
    /// The answer that the annotator prefers.
    pub chosen: String,
    /// The other one.
    pub rejected: String,
    /// How much better the chosen one is.
    pub rating: Rating,
    /// Place in [`VOTERS`].
    pub annotator: u8,
    /// Where the answers come from.
    pub source: Source,
}

/// The annotators, with the tables that their judgements need.
#[derive(Debug, Default)]
pub struct Panel {
    oracle: Oracle,
}

impl Panel {
    /// Parses the tables.
    #[must_use]
    pub fn new() -> Self {
        Self { oracle: Oracle::new() }
    }

    /// The judge of true quality. Its score is for reports and early stopping, never for training.
    #[must_use]
    pub fn oracle(&self) -> &Oracle {
        &self.oracle
    }

    /// One annotator's vote on two answers. Annotator and noise are a pure function of `seed` and `index`.
    #[must_use]
    #[expect(clippy::too_many_arguments, reason = "the parts of one comparison, each named")]
    pub fn compare(
        &self,
        kind: Kind,
        prompt: &str,
        first: &str,
        second: &str,
        source: Source,
        seed: u64,
        index: u64,
    ) -> Comparison {
        let mut chance = Chance::new(seed, index);
        let annotator = tastes::draw(&mut chance);
        let qualities = [self.oracle.quality(kind, prompt, first), self.oracle.quality(kind, prompt, second)];
        let vote = tastes::vote(&VOTERS[annotator], kind, &qualities, &mut chance);
        let (chosen, rejected) = if vote.first { (first, second) } else { (second, first) };
        Comparison {
            kind,
            prompt: prompt.to_owned(),
            chosen: chosen.to_owned(),
            rejected: rejected.to_owned(),
            rating: vote.rating,
            annotator: u8::try_from(annotator).unwrap_or(0),
            source,
        }
    }
}
