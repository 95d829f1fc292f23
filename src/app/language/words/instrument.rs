//! Chapter 1: the slider, its controls, the columns and the chart.

use crate::app::prompts::Side;

/// The slider and the columns.
pub struct Instrument {
    /// What to do here, in a line.
    pub lede: &'static str,
    /// Label of the slider, and name of the axis.
    pub temperature: &'static str,
    /// A word for a temperature: from cold to very hot.
    pub warmth: [&'static str; 7],
    /// What such a temperature does to the model's choice of words.
    pub effects: [&'static str; 7],
    /// Titles of the columns: creative, factual.
    pub sides: [&'static str; 2],
    /// What is to be seen in the columns.
    pub hints: [&'static str; 2],
    /// Names of both kinds of prompts.
    pub prompts: [&'static str; 2],
    /// Name of the answers of a side, after the name of their stage where two stand side by side; the temperature if known.
    pub answers: fn(Option<&str>, Side, Option<&str>) -> String,
}

/// The controls below the slider.
pub struct Controls {
    /// Label of the switch of stages.
    pub stage: &'static str,
    /// Label of the picker of a second stage.
    pub compare: &'static str,
    /// Its entry for none.
    pub nothing: &'static str,
    /// Label of the picker of a number.
    pub answers: &'static str,
    /// Button: answer once more.
    pub run: &'static str,
    /// Button: stop answering.
    pub cancel: &'static str,
    /// Button: other random draws.
    pub new_seed: &'static str,
    /// What that does.
    pub new_seed_title: &'static str,
    /// Button: copy the address.
    pub copy: &'static str,
    /// It is copied.
    pub copied: &'static str,
    /// What the link is good for.
    pub copy_title: &'static str,
    /// It cannot be copied.
    pub copy_by_hand: &'static str,
    /// Before the stages are known.
    pub no_list: &'static str,
    /// Where there is one stage.
    pub one_stage: &'static str,
}

/// Settings that most leave alone.
pub struct Advanced {
    /// What opens them.
    pub open: &'static str,
    /// Label: key of the random draws.
    pub seed: &'static str,
    /// On that.
    pub seed_note: &'static str,
    /// Where a setting is off.
    pub off: &'static str,
    /// On top-k.
    pub top_k_note: &'static str,
    /// On top-p.
    pub top_p_note: &'static str,
    /// Label of the picker of the device.
    pub device: &'static str,
    /// Its entries: automatic, processor, graphics card.
    pub devices: [&'static str; 3],
    /// On that.
    pub device_note: &'static str,
    /// Label: past the paper's range.
    pub wide: &'static str,
}

/// The pickers of prompts.
pub struct Prompts {
    /// Labels of the pickers.
    pub picker: [&'static str; 2],
    /// The entry for one's own.
    pub own_entry: &'static str,
    /// Label of the field for one's own.
    pub own: &'static str,
    /// In the field while it is empty.
    pub type_here: &'static str,
    /// Button: ask it.
    pub ask: &'static str,
    /// What is worth asking, by side.
    pub learned: [&'static str; 2],
}

/// The three measures of a column.
pub struct Dials {
    /// What Self-BLEU measures.
    pub self_bleu: &'static str,
    /// Name: number of different answers.
    pub distinct: &'static str,
    /// "of 8", after that number.
    pub of: fn(usize) -> String,
    /// What it measures.
    pub distinct_meaning: &'static str,
    /// Name: entropy.
    pub entropy: &'static str,
    /// Its unit.
    pub bits: &'static str,
    /// What it measures; its most, if known.
    pub entropy_meaning: fn(Option<&str>) -> String,
    /// All in a sentence: stage if two stand side by side, side, different answers, answers, Self-BLEU if known.
    pub sentence: fn(Option<&str>, Side, usize, usize, Option<&str>) -> String,
}

/// The cards.
pub struct Answers {
    /// In place of an empty answer.
    pub empty: &'static str,
    /// On one that reached the limit.
    pub cut: &'static str,
    /// How often it was given.
    pub given: fn(usize) -> String,
    /// Button: look into it.
    pub tokens: &'static str,
    /// The rest of that button's name, for screen readers; the answer follows.
    pub of_answer: &'static str,
    /// Button on a phone: shows so many that are folded away.
    pub more: fn(usize) -> String,
    /// And folds them away again.
    pub fewer: &'static str,
}

/// The chart of what was tried.
pub struct Chart {
    /// Its title.
    pub title: &'static str,
    /// How to read it.
    pub note: &'static str,
    /// It in words, from one sentence for each curve.
    pub sentence: fn(&str) -> String,
    /// A side's points in words: the side, and values at temperatures.
    pub points: fn(Side, &[(String, String)]) -> String,
    /// A recorded curve's ends: value at temperature, twice.
    pub recorded_ends: fn([(&str, &str); 2]) -> String,
    /// What curves were recorded from: date, answers, prompts.
    pub recorded: fn(&str, u32, usize) -> String,
    /// Points of so few answers lie lower than recorded curves.
    pub fewer: fn(u8) -> String,
    /// Name of what reads values off a chart, for screen readers; the chart.
    pub read: fn(&str) -> String,
    /// A recorded value.
    pub read_recorded: fn(&str) -> String,
    /// There is no value at a place.
    pub read_nothing: &'static str,
    /// Heading of a column of recorded values; the stage.
    pub recorded_column: fn(&str) -> String,
}

/// How far the answers are.
pub struct Progress {
    /// Name of the bar, for screen readers.
    pub bar: &'static str,
    /// The engine starts.
    pub starting: &'static str,
    /// A stage's model is on its way: received, and of how much if known.
    pub loading: fn(&str, &str, Option<&str>) -> String,
    /// The visitor stopped it.
    pub stopped: &'static str,
    /// So many of so many answers.
    pub answers: fn(usize, usize) -> String,
    /// After that: tokens a second.
    pub speed: fn(&str) -> String,
    /// What it took: answers, tokens, seconds.
    pub done: fn(usize, u32, &str) -> String,
    /// The visitor cancelled it.
    pub cancelled: &'static str,
    /// Button: stop loading.
    pub stop: &'static str,
    /// Button after a failure.
    pub retry: &'static str,
    /// After the visitor stopped the loading.
    pub you_stopped: &'static str,
    /// Button after that.
    pub start_again: &'static str,
    /// Answers have begun to come, for screen readers.
    pub answering: &'static str,
}
