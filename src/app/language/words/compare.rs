//! Chapter "You are the annotator".

use super::calibration::Sureness;
use super::sending::Sending;
use crate::app::compare::second_opinion::View;
use crate::app::compare::state::Notice;
use crate::preference::{Side, StoreError};

/// The chapter.
pub struct Compare {
    /// What it is about; where there are several stages.
    pub lede: &'static str,
    /// The same where there is one stage.
    pub lede_of_one: &'static str,
    /// Label of the picker.
    pub prompt: &'static str,
    /// Its entry for any.
    pub any: &'static str,
    /// Button: the first pair.
    pub first: &'static str,
    /// Button: the next pair.
    pub next: &'static str,
    /// Button after a failure.
    pub retry: &'static str,
    /// Name of the place, for screen readers.
    pub place: &'static str,
    /// Before the prompt, for screen readers.
    pub prompt_spoken: &'static str,
    /// Heading of an answer.
    pub answer: fn(Side) -> String,
    /// Heading of the choices for one.
    pub answer_is: fn(Side) -> String,
    /// Before a choice, for screen readers.
    pub answer_is_spoken: fn(Side) -> String,
    /// Heading of the other choices.
    pub neither: &'static str,
    /// How much better, from strong to weak.
    pub strengths: [&'static str; 4],
    /// Both are bad.
    pub both_bad: &'static str,
    /// No judgement.
    pub skip: &'static str,
    /// On keys.
    pub keys: &'static str,
    /// The temperature of a model that draws nothing.
    pub greedy: &'static str,
    /// Where an answer came from: stage.
    pub stage: &'static str,
    /// What the visitor said.
    pub you_said: &'static str,
    /// Name of the bar, for screen readers.
    pub bar: &'static str,
    /// So many of so many answers.
    pub sampling: fn(usize, usize) -> String,
    /// There is no engine.
    pub no_engine: &'static str,
    /// The engine is on its way.
    pub waiting: &'static str,
    /// Button: do not wait.
    pub cancel: &'static str,
    /// The vote is being kept.
    pub keeping: &'static str,
    /// It is kept.
    pub saved: &'static str,
    /// Button: take it back.
    pub undo: &'static str,
    /// It is not kept; why.
    pub unsaved: fn(&StoreError) -> String,
    /// What to do then.
    pub remedy: fn(&StoreError) -> &'static str,
    /// Button: try once more to keep it.
    pub save_again: &'static str,
    /// Button: take it home instead.
    pub download: &'static str,
    /// All answers were alike.
    pub alike: &'static str,
    /// For screen readers: answers are being sampled; a pair is here; the vote is saved; nothing to compare.
    pub status: [&'static str; 4],
    /// What came of something that the visitor wanted.
    pub notice: fn(&Notice) -> String,
    /// The reward model.
    pub opinion: Opinion,
    /// The votes kept.
    pub sending: Sending,
    /// The votes that are kept.
    pub shelf: Shelf,
    /// The ranking.
    pub leaderboard: Leaderboard,
    /// The reward model's test.
    pub calibration: Sureness,
}

/// What the reward model thinks.
pub struct Opinion {
    /// It is being asked; bytes to fetch, if known.
    pub asking: fn(Option<&str>) -> String,
    /// What it thinks; rewards of both as the language writes numbers.
    pub view: fn(&View, [&str; 2]) -> String,
}

/// The votes kept.
pub struct Shelf {
    /// So many are kept; none until counted.
    pub kept: fn(Option<usize>, bool) -> String,
    /// So many of this visit are not.
    pub unsaved: fn(usize) -> String,
    /// Name of the question, for screen readers.
    pub confirm: &'static str,
    /// The question; how many.
    pub question: fn(usize) -> String,
    /// Button: yes; how many.
    pub delete: fn(usize) -> String,
    /// Button: no.
    pub keep: &'static str,
    /// Button: file for TRL.
    pub for_trl: &'static str,
    /// Button: file of all.
    pub in_full: &'static str,
    /// Button: add a file.
    pub add: &'static str,
    /// Button that leads to the question.
    pub delete_all: &'static str,
}

/// The ranking.
pub struct Leaderboard {
    /// Its heading.
    pub heading: &'static str,
    /// Votes that it needs, and those that there are.
    pub waiting: fn(usize, usize) -> String,
    /// Votes, the best and the worst that can be told apart.
    pub verdict: fn(usize, &str, &str) -> String,
    /// Votes that tell nothing apart.
    pub no_verdict: fn(usize) -> String,
    /// So many votes are on models that are gone.
    pub earlier: fn(usize) -> String,
    /// Name of the table, for screen readers.
    pub table: &'static str,
    /// Column: stage.
    pub stage: &'static str,
    /// Column: the drawing, for screen readers.
    pub drawn: fn(&str) -> String,
    /// Column: wins.
    pub wins: &'static str,
    /// Column: the interval; how much it covers, in per cent.
    pub interval: fn(&str) -> String,
    /// Column: votes.
    pub votes: &'static str,
    /// Opens the details.
    pub details: &'static str,
    /// Name of the table of wins, for screen readers.
    pub wins_table: &'static str,
    /// Its caption.
    pub wins_caption: &'static str,
    /// How it is computed; rounds.
    pub method: fn(u32) -> String,
}
