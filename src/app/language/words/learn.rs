//! Chapter "Learning from your votes".

use crate::app::learn::state::{Notice, Outcome, Phase, Progress, Report, Teacher};
use crate::learning::HeldBack;

/// The chapter.
pub struct Learn {
    /// What it is about.
    pub lede: &'static str,
    /// Opens [`Self::method`].
    pub how: &'static str,
    /// What the method is, and where it departs from the paper's.
    pub method: &'static str,
    /// Label of the picker of teachers.
    pub whose: &'static str,
    /// Label of the picker of numbers, and heading of the first result.
    pub votes: &'static str,
    /// Label of the group of simulated annotators; what they like follows.
    pub simulated_that: &'static str,
    /// Where a simulated annotator's votes go.
    pub simulated: &'static str,
    /// Button: stop.
    pub cancel: &'static str,
    /// It runs, for screen readers.
    pub running: &'static str,
    /// It is done, for screen readers.
    pub is_done: &'static str,
    /// It was stopped, for screen readers.
    pub stopped: &'static str,
    /// Name of the bar, for screen readers.
    pub progress_of_step: &'static str,
    /// A teacher's name in the picker; the visitor's own votes, once counted.
    pub teacher: fn(Teacher, Option<usize>) -> String,
    /// What can be expected of so many votes of the visitor's own.
    pub expectation: fn(Option<usize>) -> String,
    /// The button that begins.
    pub begin: fn(Teacher, usize) -> String,
    /// What is being done, how far it is, and how long it may take.
    pub progress: fn(Phase, &Progress) -> String,
    /// How many votes were learned from, and whose.
    pub used: fn(&Report) -> String,
    /// Heading of the second result.
    pub reward_model: &'static str,
    /// What the held-back votes say of the reward model.
    pub held_back: fn(&HeldBack) -> String,
    /// Heading of the third result.
    pub policy: &'static str,
    /// How the new stage does against SFT on fresh answers.
    pub wins: fn(&Report, &Outcome) -> String,
    /// How far the policy moved, and what the reward model thinks of it.
    pub movement: fn(&Outcome) -> String,
    /// What more reward does not mean.
    pub goodhart: &'static str,
    /// Above an answer: whose, its reward.
    pub example: fn(&str, f64) -> String,
    /// Whose answers those of the new stage are.
    pub yours: &'static str,
    /// Name of the stage.
    pub stage_label: fn(Teacher) -> &'static str,
    /// One sentence on the stage.
    pub stage_summary: fn(Teacher, usize) -> String,
    /// Heading of what can be done with the stage: its name.
    pub your_stage: fn(&str) -> String,
    /// Button: to the instrument.
    pub look: &'static str,
    /// Button: the file, with its size.
    pub download: fn(&str) -> String,
    /// Button: forget the stage.
    pub forget: &'static str,
    /// News of the stage's file.
    pub notice: fn(Notice) -> &'static str,
}
