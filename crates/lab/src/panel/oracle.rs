//! True quality: what an attentive reader with the tables in hand would say of an answer.
//!
//! Never used for training, except through the annotators' noisy votes; it reports, and stops training early when
//! reward and quality part. It has no taste for a template, a form or a vocabulary: every right fact scores alike in
//! whatever wording, and a clean poem scores alike as couplet, tercet, quatrain, ballad, haiku or list (tests hold it to that).
//! A score says how many things are wrong, not how beautiful the rest is.

use serde::{Deserialize, Serialize};

use super::fact_check::FactCheck;
use super::verse_check::VerseCheck;
use super::vocabulary::Vocabulary;
use crate::corpus::{Corpus, Form, Kind};

/// What is true of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Quality {
    /// The whole judgement, from 0 to 1.
    pub score: f64,
    /// Facts: subject and answer are right. None for poems, and for questions that the tables do not answer.
    pub strict: Option<bool>,
    /// Poems: the lines rhyme as one of the known schemes does.
    pub rhymes: bool,
    /// Poems: the form that it is judged by, which is the one that the prompt asks for, else the one that it has.
    pub form: Option<Form>,
    /// Poems: it has what its form demands, which is rhyme for all forms but haiku and list poems.
    pub keeps_form: bool,
    /// Poems: a noun of the topic occurs. Facts: no other subject is named.
    pub on_topic: bool,
    /// Neither cut off nor too little to be an answer.
    pub whole: bool,
    /// Poems: a line or an end word comes twice. Facts: a word of the wording or the answer does.
    pub repeats: bool,
    /// Share of words that the corpus ever uses.
    pub known_words: f64,
    /// Lines that are not empty.
    pub lines: usize,
    /// As many lines as the prompt asks for, in no other form than it names; a prompt that does not say takes two to
    /// eight, a fact one.
    pub asked_lines_kept: bool,
    /// Poems: how far the topic is carried through the lines, from 0 to 1.
    pub topic: f64,
    /// Poems: share of lines of the length that the metre wants, from 0 to 1.
    pub metre: f64,
    /// Poems: share of neighbouring words that the corpus's poet ever puts side by side, from 0 to 1.
    pub fluent: f64,
    /// Poems: words of weight that come again, the topic's own apart.
    pub echoes: usize,
    /// Words that the corpus never uses, such as `Grennight`.
    pub invented: usize,
    /// Begins with a capital letter, every line of it, and ends with a full stop or its like.
    pub polished: bool,
    /// Words.
    pub words: usize,
    /// Letters per word.
    pub letters: f64,
}

/// What flaws of a poem cost: shares of the score that the others leave.
pub(super) struct Costs {
    /// Or not the syllables of a haiku, or no pattern in a list.
    pub(super) no_rhyme: f64,
    /// None of the topic carried through.
    pub(super) no_topic: f64,
    /// No line in metre.
    pub(super) no_metre: f64,
    pub(super) cut: f64,
    /// A line or an end word twice.
    pub(super) repeated: f64,
    /// Each further word of weight that comes again.
    pub(super) echo: f64,
    /// Each word that does not exist.
    pub(super) invented: f64,
    /// Times the share of neighbouring words that do not belong together.
    pub(super) strange: f64,
    pub(super) other_length: f64,
    /// Capitals or the last full stop left out; of facts, too.
    pub(super) careless: f64,
}

/// The costs. A flaw that a listener cannot miss costs about half.
pub(super) const COSTS: Costs = Costs {
    no_rhyme: 0.55,
    no_topic: 0.7,
    no_metre: 0.4,
    cut: 0.55,
    repeated: 0.6,
    echo: 0.1,
    invented: 0.4,
    strange: 2.5,
    other_length: 0.5,
    careless: 0.02,
};

impl Quality {
    /// Poems: whether it is one that must rhyme.
    #[must_use]
    pub fn must_rhyme(&self) -> bool {
        self.form.is_none_or(Form::rhymes)
    }
}

/// Judges answers, with the tables parsed once.
#[derive(Debug)]
pub struct Oracle {
    facts: FactCheck,
    verse: VerseCheck,
    vocabulary: &'static Vocabulary,
}

impl Default for Oracle {
    fn default() -> Self {
        Self::new()
    }
}

impl Oracle {
    /// Parses the tables.
    #[must_use]
    pub fn new() -> Self {
        let Corpus { lexicon, facts } = Corpus::new();
        Self {
            verse: VerseCheck::new(lexicon),
            facts: FactCheck::new(facts),
            vocabulary: super::vocabulary::known(),
        }
    }

    /// What is true of an answer to a prompt.
    #[must_use]
    pub fn quality(&self, kind: Kind, prompt: &str, answer: &str) -> Quality {
        let seen = self.surface(answer);
        match kind {
            Kind::Factual => self.fact(prompt, answer, seen),
            Kind::Creative => self.poem(prompt, answer, seen),
        }
    }

    /// Right is 1 and wrong is 0, in whatever wording; carelessness with capitals and stops costs a fiftieth.
    fn fact(&self, prompt: &str, answer: &str, seen: Quality) -> Quality {
        let Some(found) = self.facts.check(prompt, answer) else { return Quality { whole: true, ..seen } };
        let score = match (found.right, seen.polished) {
            (false, _) => 0.0,
            (true, false) => 1.0 - COSTS.careless,
            (true, true) => 1.0,
        };
        Quality {
            score,
            strict: Some(found.right),
            on_topic: found.on_subject,
            whole: found.whole,
            repeats: found.repeats,
            asked_lines_kept: seen.lines == 1,
            ..seen
        }
    }

    /// A product, so that any flaw costs a share of what is left, and two flaws cost both.
    fn poem(&self, prompt: &str, answer: &str, seen: Quality) -> Quality {
        let found = self.verse.check(prompt, answer);
        let unless = |held: bool, cost: f64| if held { 1.0 } else { 1.0 - cost };
        let each = |count: usize, cost: f64| (1.0 - cost).powi(i32::try_from(count).unwrap_or(i32::MAX));
        let score = unless(found.keeps_form, COSTS.no_rhyme)
            * (1.0 - COSTS.no_topic * (1.0 - found.topic))
            * (1.0 - COSTS.no_metre * (1.0 - found.metre))
            * unless(found.whole, COSTS.cut)
            * unless(!found.repeats, COSTS.repeated)
            * each(found.echoes, COSTS.echo)
            * each(seen.invented, COSTS.invented)
            * (1.0 - COSTS.strange * (1.0 - found.fluent)).max(0.1)
            * unless(found.as_asked, COSTS.other_length)
            * unless(seen.polished, COSTS.careless);
        Quality {
            score,
            rhymes: found.rhymes,
            form: found.form,
            keeps_form: found.keeps_form,
            on_topic: found.on_topic,
            whole: found.whole,
            repeats: found.repeats,
            asked_lines_kept: found.as_asked,
            topic: found.topic,
            metre: found.metre,
            fluent: found.fluent,
            echoes: found.echoes,
            ..seen
        }
    }

    /// What can be seen without understanding.
    fn surface(&self, answer: &str) -> Quality {
        let lines = answer.lines().map(str::trim).filter(|line| !line.is_empty());
        let (mut count, mut words, mut letters, mut invented, mut capitals) = (0, 0, 0, 0, true);
        let mut word_of_line = String::new();
        for line in lines {
            count += 1;
            capitals &= line.starts_with(|first: char| first.is_uppercase());
            for word in super::vocabulary::words(line) {
                words += 1;
                letters += word.chars().count();
                word_of_line.clear();
                word_of_line.extend(word.chars().flat_map(char::to_lowercase));
                invented += usize::from(!self.vocabulary.contains(&word_of_line));
            }
        }
        let all = words.max(1) as f64;
        Quality {
            score: 0.0,
            strict: None,
            rhymes: false,
            form: None,
            keeps_form: false,
            on_topic: false,
            whole: false,
            repeats: false,
            known_words: if words == 0 { 0.0 } else { 1.0 - invented as f64 / all },
            lines: count,
            asked_lines_kept: false,
            topic: 0.0,
            metre: 0.0,
            fluent: 0.0,
            echoes: 0,
            invented,
            polished: count > 0 && capitals && answer.trim_end().ends_with(['.', '!', '?']),
            words,
            letters: letters as f64 / all,
        }
    }
}
