//! The text that the models learn from: prompts with answers by simulated annotators, made from a seed.
//!
//! Two kinds: poems of two to four lines from a lexicon written for this project, and facts that can be checked. Every
//! example is a pure function of a seed and an index, so training streams without storage and resumes exactly. The room
//! knows nothing of tokens, models or files.

mod annotators;
mod capitals;
mod closers;
mod deeds;
pub(crate) mod facts;
mod families;
pub(crate) mod form;
pub(crate) mod grammar;
mod haiku;
mod haiku_lines;
mod judge;
pub(crate) mod lexicon;
mod list;
mod list_frames;
mod nouns;
pub(crate) mod poem;
mod poet;
#[cfg(test)]
mod prompt_tests;
pub(crate) mod prompts;
pub(crate) mod random;
mod rhymes_first;
mod rhymes_second;
pub(crate) mod syllables;
#[cfg(test)]
mod tests;
mod topics;
pub(crate) mod typed;
pub(crate) mod verse;

pub use annotators::{ANNOTATORS, Annotator};
pub use form::Form;
pub use judge::{FactVerdict, Judge, PoemVerdict, judge_fact, judge_poem};
pub use prompts::{creative_page_prompts, factual_page_prompts, held_out_prompts, poems_text, sample_text};

use serde::{Deserialize, Serialize};

use facts::Facts;
use form::AskedForm;
use lexicon::Lexicon;
use poem::Flaw;
use random::Chance;

/// Share of poems among all examples, per cent.
const CREATIVE_SHARE: usize = 55;

/// Haiku and list poems among the answers to prompts that leave the form open, per cent.
const OPEN_HAIKU: usize = 8;
const OPEN_LIST: usize = 8;

/// What an example asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A poem: many answers are good.
    Creative,
    /// A fact: one answer is right.
    Factual,
}

/// A prompt with one annotator's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// What the person asks.
    pub prompt: String,
    /// What the annotator answers; lines of a poem are parted by `\n`.
    pub answer: String,
    /// Poem or fact.
    pub kind: Kind,
    /// Place in [`ANNOTATORS`].
    pub annotator: u8,
}

/// The lexicon, the facts and the annotators.
#[derive(Debug)]
pub struct Corpus {
    pub(crate) lexicon: Lexicon,
    pub(crate) facts: Facts,
}

impl Default for Corpus {
    fn default() -> Self {
        Self::new()
    }
}

impl Corpus {
    /// Parses the tables.
    #[must_use]
    pub fn new() -> Self {
        Self { lexicon: Lexicon::new(), facts: Facts::new() }
    }

    /// The example of a seed at an index. The same arguments always give the same example.
    #[must_use]
    pub fn example(&self, seed: u64, index: u64) -> Example {
        let mut chance = Chance::new(seed, index);
        let number = chance.weighted(&ANNOTATORS.map(|annotator| annotator.share));
        let annotator = ANNOTATORS.get(number).unwrap_or(&ANNOTATORS[0]);
        let (kind, prompt, mut answer) = if chance.per_cent(CREATIVE_SHARE) {
            let (prompt, answer) = self.creative(annotator, &mut chance);
            (Kind::Creative, prompt, answer)
        } else {
            let wrong = chance.per_cent(annotator.wrong);
            let (prompt, answer) = self.facts.ask(wrong, annotator.style, &mut chance).unwrap_or_default();
            (Kind::Factual, prompt, answer)
        };
        if chance.per_cent(annotator.sloppy) {
            answer = sloppy(&answer);
        }
        Example { prompt, answer, kind, annotator: u8::try_from(number).unwrap_or(0) }
    }

    fn creative(&self, annotator: &Annotator, chance: &mut Chance) -> (String, String) {
        let topic = chance.below(self.lexicon.topics.len());
        let (prompt, asked) = prompts::creative(&self.lexicon, topic, chance);
        let form = match asked {
            AskedForm::Only(form) => form,
            open => open_form(open, annotator.style, chance),
        };
        let weights = [
            100 - annotator.breaks_rhyme - annotator.drifts - annotator.stops_early,
            annotator.breaks_rhyme,
            annotator.drifts,
            annotator.stops_early,
        ];
        let flaw = match chance.weighted(&weights) {
            1 => Flaw::BreaksRhyme,
            2 => Flaw::Drifts,
            3 => Flaw::StopsEarly,
            _ => Flaw::None,
        };
        (prompt, form::written(&self.lexicon, topic, form, flaw, chance))
    }
}

/// The form of an answer where the prompt leaves it open, by the annotator's habit of wording.
fn open_form(asked: AskedForm, style: char, chance: &mut Chance) -> Form {
    if asked == AskedForm::Any {
        match chance.below(100) {
            draw if draw < OPEN_HAIKU => return Form::Haiku,
            draw if draw < OPEN_HAIKU + OPEN_LIST => return Form::List,
            _ => {}
        }
    }
    let usual = match style {
        't' => [2, 2, 2, 3, 4, 4],
        'c' => [2, 4, 4, 4, 4, 3],
        _ => [2, 2, 4, 4, 4, 4],
    };
    let lines = chance.pick(&usual).copied().unwrap_or(4);
    Form::of_rhymed_lines(lines).unwrap_or(Form::Quatrain)
}

/// Without capitals and without the last full stop.
fn sloppy(answer: &str) -> String {
    answer.to_lowercase().trim_end_matches('.').to_owned()
}
