//! Chapter "Inside one token".

use crate::app::prompts::Side;

/// The chapter.
pub struct Inside {
    /// What it is about.
    pub lede: &'static str,
    /// Button: the first factual answer.
    pub factual: &'static str,
    /// Button: the first creative answer.
    pub creative: &'static str,
    /// Button: one's own text.
    pub own: &'static str,
    /// The other way to an answer.
    pub or_press: &'static str,
    /// Label of the prompt's field.
    pub prompt: &'static str,
    /// Label of the answer's field.
    pub answer: &'static str,
    /// In that field while it is empty.
    pub type_here: &'static str,
    /// Button: read it.
    pub read: &'static str,
    /// Button: read once more what failed.
    pub retry: &'static str,
    /// So many of so many stages have read the answer, for screen readers.
    pub have_read: fn(usize, usize) -> String,
    /// It is being read.
    pub reading: &'static str,
    /// There is no answer yet.
    pub no_answer: &'static str,
    /// Where the answer came from: side, stage, temperature.
    pub by_stage: fn(Side, &str, &str) -> String,
    /// It came from the visitor.
    pub by_visitor: &'static str,
    /// Name of the row of tokens, for screen readers.
    pub tokens: &'static str,
    /// A token that ends the answer, in the row.
    pub end: &'static str,
    /// The same beside its bar.
    pub end_bar: &'static str,
    /// The same, spoken.
    pub end_spoken: &'static str,
    /// A token that is a part of a character.
    pub part: &'static str,
    /// A token that ends a line, spoken.
    pub line_end: &'static str,
    /// Label of the picker of the stage that paints.
    pub colours_of: &'static str,
    /// Middle of the scale: as SFT.
    pub scale_middle: fn(&str) -> String,
    /// What the colours mean; the stage.
    pub colours: fn(&str) -> String,
    /// Label of the slider.
    pub temperature: &'static str,
    /// What the bars mean.
    pub bars: &'static str,
    /// A stage's reading is on its way.
    pub on_its_way: &'static str,
    /// A stage's reading could not be had.
    pub not_had: &'static str,
    /// Of the stage that the others are held against.
    pub reference: &'static str,
    /// Before an effective temperature.
    pub effective: &'static str,
    /// The same, spoken, with the number.
    pub effective_spoken: fn(&str) -> String,
    /// SFT is certain here.
    pub no_choice: &'static str,
    /// SFT has this entropy at no temperature.
    pub out_of_reach: &'static str,
    /// All tokens without a bar.
    pub others: &'static str,
    /// A bar in words, after its token: whether that came, its chance now; the temperature and the chance as learned, where that is
    /// another.
    pub bar: fn(bool, &str, Option<[&str; 2]>) -> String,
    /// Button: ask so many more stages; bytes of their models.
    pub ask_more: fn(usize, &str) -> String,
    /// What that costs.
    pub more_note: &'static str,
}
