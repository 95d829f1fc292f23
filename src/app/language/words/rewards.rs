//! Chapter "Beyond supervision".

use super::OfStage;

/// The chapter.
pub struct Rewards {
    /// What it is about.
    pub lede: &'static str,
    /// Button: begin, at a temperature.
    pub begin: fn(&str) -> String,
    /// Button: so many temperatures.
    pub sweep: fn(usize) -> String,
    /// What is asked: prompts of each kind, answers to each, bytes of all models.
    pub plan: fn(usize, u32, &str) -> String,
    /// Button: stop.
    pub stop: &'static str,
    /// Name of the bar, for screen readers.
    pub bar: &'static str,
    /// Parts done, parts in all, answers to a prompt.
    pub part: fn(usize, usize, u32) -> String,
    /// It was stopped after so many of so many parts.
    pub stopped: fn(usize, usize) -> String,
    /// Name of the switch of kinds of prompts, for screen readers.
    pub prompts: &'static str,
    /// Name of the switch of stages, for screen readers.
    pub answers_of: &'static str,
    /// Title of the ridges; the prompts.
    pub ridges: fn(&str) -> String,
    /// Title of the best of N; the prompts.
    pub best_of_n: fn(&str) -> String,
    /// Title of the best by temperature; the prompts, answers to each.
    pub best_by_temperature: fn(&str, u32) -> String,
    /// Name of an axis.
    pub reward: &'static str,
    /// Name of an axis.
    pub n: &'static str,
    /// The ridges in words: of each stage, mean and mean of the worst tenth.
    pub ridges_spoken: fn(&[OfStage<'_, 2>]) -> String,
    /// The best of N in words: title, and of each stage the rewards of one, of the best of 5 and of 25.
    pub best_spoken: fn(&str, &[OfStage<'_, 3>]) -> String,
    /// The best by temperature in words: title, and of each stage the highest and where.
    pub highest_spoken: fn(&str, &[OfStage<'_, 2>]) -> String,
    /// A bar's rewards: from, to; the first bar has no lower end, the last no upper one.
    pub between: fn(Option<&str>, Option<&str>) -> String,
    /// A bar: the stage, its rewards, answers in it, answers in all.
    pub bar_holds: fn(&str, &str, usize, usize) -> String,
    /// How a bar is chosen, for screen readers.
    pub choose_bar: &'static str,
    /// So many more answers than are listed.
    pub unlisted: fn(usize) -> String,
    /// Button: from a bar's answers back to those of the worst, the middle and the best.
    pub leave_bar: &'static str,
    /// Columns of the table: mean, worst tenth.
    pub columns: [&'static str; 2],
    /// Column: the best of so many.
    pub column_best: fn(usize) -> String,
    /// Column: the best of so many at a temperature.
    pub column_best_at: fn(u32, &str) -> String,
    /// What the charts show; the temperature.
    pub caption: fn(&str) -> String,
    /// Headings: the worst, in the middle, the best.
    pub parts: [&'static str; 3],
    /// It runs, for screen readers.
    pub running: &'static str,
    /// It is done, for screen readers.
    pub is_done: &'static str,
}
