//! Chapter "The experiment".

use super::OfStage;
use crate::app::experiment::state::{Notice, Outcome};
use crate::app::prompts::Side;
use crate::experiment::plan::Length;
use crate::experiment::verdict::Verdict;

/// The chapter.
pub struct Experiment {
    /// What it is about.
    pub lede: &'static str,
    /// Button: stop for now.
    pub pause: &'static str,
    /// Button while it runs: throw it away.
    pub stop: &'static str,
    /// Button: go on.
    pub resume: &'static str,
    /// Buttons: begin, quick and full.
    pub begin: [&'static str; 2],
    /// The same where there is an experiment already.
    pub begin_again: [&'static str; 2],
    /// Button: throw it away.
    pub discard: &'static str,
    /// Button: bring back the one before.
    pub bring_back: &'static str,
    /// Name of the bar, for screen readers.
    pub bar: &'static str,
    /// All parts are done.
    pub done: fn(usize) -> String,
    /// Which part of how many; the time left, if known.
    pub part: fn(usize, usize, Option<f64>) -> String,
    /// So many of so many parts are done and kept.
    pub paused: fn(usize, usize) -> String,
    /// What the numbers say to the chapter's question: names of the two stages, the numbers.
    pub verdict: fn([&str; 2], &Verdict) -> String,
    /// Name of the legend, for screen readers.
    pub stages: &'static str,
    /// What the bands and the numbers are.
    pub bands: &'static str,
    /// Where it ran.
    pub engine: fn(&str) -> String,
    /// The experiment in a sentence: its length, seed, and what was asked.
    pub caption: fn(Length, u32, &str) -> String,
    /// What was asked: stages, creative and factual prompts, answers, temperatures, the first and the last of them.
    pub protocol: fn(usize, usize, usize, u32, usize, &str, &str) -> String,
    /// Before an experiment is begun: what the recorded curves are.
    pub only_recorded: &'static str,
    /// Name of a panel for screen readers; the side's prompts.
    pub panel: fn(&str) -> String,
    /// Opens the curves of each prompt.
    pub multiples: &'static str,
    /// A prompt's drawing in words: temperatures from and to, and of each stage the values there.
    pub multiple: fn([&str; 2], &[OfStage<'_, 2>]) -> String,
    /// Opens the tables.
    pub tables: &'static str,
    /// Name of a table; the side.
    pub table: fn(Side) -> String,
    /// Buttons: CSV, SVG, PNG, JSON.
    pub files: [&'static str; 4],
    /// Button: open a file.
    pub open: &'static str,
    /// It runs, for screen readers.
    pub running: &'static str,
    /// It is done, for screen readers.
    pub is_done: &'static str,
    /// It rests, for screen readers: parts done, parts in all.
    pub resting: fn(usize, usize) -> String,
    /// What came of something that the visitor wanted.
    pub notice: fn(&Notice) -> String,
    /// What came of handing out or taking in a file, or of keeping the experiment.
    pub outcome: fn(&Outcome) -> String,
    /// What stands in the picture that is handed out.
    pub picture: Picture,
}

/// What stands in the picture of an experiment.
pub struct Picture {
    /// Answers and seed.
    pub caption: fn(u32, u32) -> String,
    /// What the dotted curves are.
    pub dotted: &'static str,
}
