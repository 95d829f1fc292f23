//! Checks whether a poem stays with its topic: which nouns its lines are about.
//!
//! A line is connected by a noun of the topic or of its company; a line about another noun is not; any other line is by
//! where it is set, such as a shore for the sea, or by going on from the line before. Once lines are connected well
//! enough on the whole there is nothing to gain by naming the topic again.

use std::collections::HashSet;

use super::vocabulary::words;
use super::word_table::{Sort, Word, WordTable, forms};
use crate::corpus::form;
use crate::corpus::lexicon::{Lexicon, Topic};

/// Part of its connection that a line without nouns takes over from the line before.
const CARRIED: f64 = 0.8;
/// Connection of a line that ends in the topic's world.
const SCENE: f64 = 0.9;
/// Mean connection from which on the topic counts as carried through.
const CARRIED_THROUGH: f64 = 0.8;
/// Connection that a first line without nouns has, and share of the rest where the topic is never named.
const UNNAMED: f64 = 0.3;

/// The tables.
#[derive(Debug)]
pub(super) struct TopicCheck {
    lexicon: Lexicon,
    /// Neighbours in lines that the lexicon writes out for any topic, such as `every child knows`.
    fixed: HashSet<(usize, usize)>,
    /// Words that stand before a noun.
    articles: Vec<usize>,
}

impl TopicCheck {
    pub(super) fn new(lexicon: Lexicon, table: &WordTable) -> Self {
        let mut fixed = HashSet::new();
        let phrases = form::phrases();
        let phrases = phrases.iter().flat_map(|text| forms(text, " "));
        let endings = lexicon.rhymes.iter().flatten().flat_map(|ending| forms(ending.text, " "));
        for text in endings.chain(phrases) {
            let ids: Vec<usize> =
                words(&text).filter_map(|word| table.get(word)).map(|word| word.id).collect();
            fixed.extend(ids.windows(2).map(|pair| (pair[0], pair[1])));
        }
        let articles = ["the", "a", "an", "my", "our", "your", "every", "its", "their", "his", "her", "one"];
        let articles = articles.iter().filter_map(|word| table.get(word)).map(|word| word.id).collect();
        Self { lexicon, fixed, articles }
    }

    /// The topic that a prompt asks for, as it is read.
    pub(super) fn topic_of(&self, asked: &str) -> Option<&Topic> {
        self.lexicon.topics.get(self.lexicon.topic_of(asked)?)
    }

    /// Whether a noun of the topic occurs, and how far the topic is carried through, from 0 to 1.
    pub(super) fn carried<'a>(
        &self,
        topic: &Topic,
        lines: impl ExactSizeIterator<Item = &'a [Option<&'a Word>]>,
    ) -> (bool, f64) {
        let (count, mut named, mut sum, mut before) = (lines.len(), false, 0.0, UNNAMED);
        for line in lines {
            let nouns = || (0..line.len()).filter_map(|place| self.noun(line, place));
            let own = nouns().any(|noun| topic.own.contains(&noun));
            named |= own;
            let scene = || {
                let end = line.last().copied().flatten();
                end.is_some_and(|end| end.worlds.contains(|world| topic.worlds.contains(world)))
            };
            before = if own || nouns().any(|noun| topic.company.contains(&noun)) {
                1.0
            } else if (0..line.len()).any(|place| self.about_another(line, place)) {
                0.0
            } else if before > 0.0 && scene() {
                SCENE
            } else {
                CARRIED * before
            };
            sum += before;
        }
        let share = (sum / count.max(1) as f64 / CARRIED_THROUGH).min(1.0);
        (named, if named { share } else { UNNAMED * share })
    }

    /// The noun at a place; what may be a verb is a noun only after an article or an adjective.
    fn noun(&self, line: &[Option<&Word>], place: usize) -> Option<usize> {
        let word = at(line, place)?;
        let before = || place.checked_sub(1).and_then(|before| at(line, before));
        let introduced = || {
            before()
                .is_some_and(|word| word.sorts.contains(&Sort::Adjective) || self.articles.contains(&word.id))
        };
        let verb = word.sorts.contains(&Sort::Verb) || word.sorts.contains(&Sort::VerbS);
        word.noun.filter(|_| !verb || introduced())
    }

    /// Whether the word is a noun that the line is about. Not an end word, which is there for its rhyme, or what
    /// describes it, such as `garden` in `the garden wall`; nor a noun in the lexicon's own phrases.
    fn about_another(&self, line: &[Option<&Word>], place: usize) -> bool {
        let Some(word) = at(line, place).filter(|_| self.noun(line, place).is_some()) else { return false };
        let last = place + 1 == line.len();
        let describes = place + 2 == line.len() && word.sorts.contains(&Sort::Adjective);
        let fixed = |first: Option<&Word>, second: Option<&Word>| match (first, second) {
            (Some(first), Some(second)) => self.fixed.contains(&(first.id, second.id)),
            _ => false,
        };
        let phrase =
            (place == 0 || fixed(at(line, place - 1), Some(word))) && fixed(Some(word), at(line, place + 1));
        !(last || describes || phrase)
    }
}

fn at<'a>(line: &[Option<&'a Word>], place: usize) -> Option<&'a Word> {
    line.get(place).copied().flatten()
}
