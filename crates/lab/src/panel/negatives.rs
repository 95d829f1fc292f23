//! Hard negatives: a faultless answer beside one with a single known flaw.
//!
//! Policies rarely show every flaw early, and a reward model that never saw one is wrong about it: a policy trained
//! against a model whose pairs never swapped the *subject* learned to answer about another country. So each flaw has its
//! pairs here. Good and bad are drawn from the same wordings, lengths and forms, half of the time with the very same
//! ones, so that there is nothing to learn from but the flaw.

use serde::{Deserialize, Serialize};

use super::{flawed_facts, flawed_poems};
use crate::corpus::random::Chance;
use crate::corpus::{Corpus, Kind};

/// What is wrong with the rejected answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Negative {
    /// Facts: another answer of the family about the asked subject.
    WrongAnswer,
    /// Facts: names another subject, with that one's answer or with the asked one's.
    WrongSubject,
    /// Poems: about another topic, or wandering off to one half-way.
    OffTopic,
    /// A line, an end word or an answer comes twice.
    Repetition,
    /// Poems: no two lines rhyme; a haiku of other syllables; a list whose lines do not begin alike.
    BrokenRhyme,
    /// Breaks off.
    Truncated,
    /// Says nothing.
    Evasive,
    /// A word that does not exist.
    Misspelt,
    /// Poems: another number of lines, or another form, than the prompt asks for.
    WrongForm,
}

impl Negative {
    /// All flaws.
    pub const ALL: [Self; 9] = [
        Self::WrongAnswer,
        Self::WrongSubject,
        Self::OffTopic,
        Self::Repetition,
        Self::BrokenRhyme,
        Self::Truncated,
        Self::Evasive,
        Self::Misspelt,
        Self::WrongForm,
    ];

    /// The name in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::WrongAnswer => "wrong answer",
            Self::WrongSubject => "wrong subject",
            Self::OffTopic => "off topic",
            Self::Repetition => "repetition",
            Self::BrokenRhyme => "broken rhyme",
            Self::Truncated => "truncated",
            Self::Evasive => "evasive",
            Self::Misspelt => "misspelt",
            Self::WrongForm => "wrong form",
        }
    }

    /// How it is made.
    #[must_use]
    pub fn note(self) -> &'static str {
        match self {
            Self::WrongAnswer => "the asked subject with another subject's answer",
            Self::WrongSubject => "another subject, with its own answer or the asked one's",
            Self::OffTopic => "a clean poem on an unrelated topic, or two couplets of which the second is",
            Self::Repetition => "a poem's line or end word again; an answer or a whole sentence twice",
            Self::BrokenRhyme => "the same poet without rhyme",
            Self::Truncated => "cut in the last line; cut inside a name or after a word that wants another",
            Self::Evasive => "nothing said, most of it in the wordings of answers",
            Self::Misspelt => "letters exchanged, doubled, lost or replaced, in one word or two",
            Self::WrongForm => "a clean poem of another number of lines than asked for",
        }
    }
}

/// Flaws of facts and how often each is drawn, per cent.
pub(super) const OF_FACTS: [(Negative, usize); 6] = [
    (Negative::WrongSubject, 34),
    (Negative::WrongAnswer, 30),
    (Negative::Evasive, 10),
    (Negative::Truncated, 10),
    (Negative::Misspelt, 8),
    (Negative::Repetition, 8),
];

/// Flaws of poems and how often each is drawn, per cent.
pub(super) const OF_POEMS: [(Negative, usize); 7] = [
    (Negative::OffTopic, 26),
    (Negative::BrokenRhyme, 22),
    (Negative::Repetition, 16),
    (Negative::Truncated, 12),
    (Negative::Misspelt, 12),
    (Negative::WrongForm, 8),
    (Negative::Evasive, 4),
];

/// A prompt, a faultless answer, a flawed one, and the flaw: a pure function of `seed` and `index`. Facts and poems half
/// and half; never a held-out subject or topic, in prompt or answers.
#[must_use]
pub fn hard_negative(corpus: &Corpus, seed: u64, index: u64) -> (Kind, String, String, String, Negative) {
    let mut chance = Chance::new(seed, index);
    if chance.per_cent(50) {
        let flaw = drawn(&OF_FACTS, &mut chance);
        let (prompt, good, bad) = flawed_facts::pair(corpus, flaw, &mut chance);
        (Kind::Factual, prompt, good, bad, flaw)
    } else {
        let flaw = drawn(&OF_POEMS, &mut chance);
        let (prompt, good, bad) = flawed_poems::pair(corpus, flaw, &mut chance);
        (Kind::Creative, prompt, good, bad, flaw)
    }
}

fn drawn(table: &[(Negative, usize)], chance: &mut Chance) -> Negative {
    let weights: Vec<usize> = table.iter().map(|(_, weight)| *weight).collect();
    table.get(chance.weighted(&weights)).map_or(Negative::Repetition, |(flaw, _)| *flaw)
}

/// The word with two letters exchanged, one doubled, one lost or one replaced, so that it is no word of the corpus.
pub(super) fn misspell(word: &str, chance: &mut Chance) -> Option<String> {
    for _ in 0..20 {
        let mut letters: Vec<char> = word.chars().collect();
        let place = 1 + chance.below(letters.len().checked_sub(2)?);
        match chance.below(4) {
            0 => letters.swap(place, place + 1),
            1 => letters.insert(place, *letters.get(place)?),
            2 => {
                letters.remove(place);
            }
            _ => {
                *letters.get_mut(place)? =
                    *chance.pick(&['a', 'e', 'i', 'o', 'n', 'r', 's', 't', 'l', 'm'])?
            }
        }
        let misspelt: String = letters.into_iter().collect();
        if !super::vocabulary::known().contains(&misspelt.to_lowercase()) {
            return Some(misspelt);
        }
    }
    None
}
