//! Which words the poet ever puts side by side, by sort where words of a sort are alike: `the silver tide rolls` is
//! put together as poems are, `the tide the rolls of` is not.
//!
//! Learned from the tables and from clean poems in every form, so that it has no taste among them: it finds salad, not style.

use super::vocabulary::words;
use super::word_table::{Word, WordTable, forms};
use crate::corpus::form::{self, Form, written};
use crate::corpus::lexicon::Lexicon;
use crate::corpus::poem::Flaw;
use crate::corpus::random::Chance;

/// Seed of the poems that are learned from; no other room uses it.
const SEED: u64 = 1 << 40;
/// Poems for each topic; further ones add few pairs.
const POEMS_PER_TOPIC: u64 = 200;
/// Stands for all nouns, being nothing else.
const ANY_NOUN: &str = "whale";
/// Numbers before those of words: the sorts, and the borders of a line.
const SORTS: usize = 8;
const BORDER: usize = 7;

/// The pairs, as a square of bits.
#[derive(Debug)]
pub(super) struct Neighbours {
    side: usize,
    seen: Vec<u64>,
}

impl Neighbours {
    /// Learns from poems.
    pub(super) fn new(lexicon: &Lexicon, table: &WordTable) -> Self {
        let side = SORTS + table.len();
        let mut found = Self { side, seen: vec![0; (side * side).div_ceil(64)] };
        // What the tables write out is learned from them, rare as it may be in poems.
        for ending in lexicon.rhymes.iter().flatten() {
            for text in forms(ending.text, ANY_NOUN) {
                let words: Vec<usize> = words(&text).filter_map(|word| table.get(word)).map(number).collect();
                words.windows(2).for_each(|pair| found.learn(pair[0], pair[1]));
                words.last().into_iter().for_each(|last| found.learn(*last, BORDER));
                let whole = ['C', 'D'].contains(&ending.form);
                words.first().filter(|_| whole).into_iter().for_each(|first| found.learn(BORDER, *first));
            }
        }
        for text in form::phrases().iter().flat_map(|text| forms(text, ANY_NOUN)) {
            found.learn_line(&text, table);
        }
        for topic in 0..lexicon.topics.len() {
            for round in 0..POEMS_PER_TOPIC {
                let mut chance = Chance::new(SEED + topic as u64, round);
                let form = Form::ALL[round as usize % Form::ALL.len()];
                let text = written(lexicon, topic, form, Flaw::None, &mut chance).to_lowercase();
                text.lines().for_each(|line| found.learn_line(line, table));
            }
        }
        found
    }

    /// Pairs of neighbours in a line of words, its borders among them, and those that the poet never makes.
    pub(super) fn strange(&self, line: &[Option<&Word>]) -> (usize, usize) {
        let borders =
            (std::iter::once(None).chain(line.iter().map(Some))).zip(line.iter().map(Some).chain([None]));
        let strange = borders.filter(|&(before, after)| match (before, after) {
            (Some(None), _) | (_, Some(None)) => true,
            (before, after) => !numbers(before.copied().flatten())
                .any(|first| numbers(after.copied().flatten()).any(|second| self.known(first, second))),
        });
        (line.len() + 1, strange.count())
    }

    fn learn_line(&mut self, line: &str, table: &WordTable) {
        let mut before = BORDER;
        for word in words(line).filter_map(|word| table.get(word)) {
            self.learn(before, number(word));
            before = number(word);
        }
        self.learn(before, BORDER);
    }

    fn learn(&mut self, first: usize, second: usize) {
        let place = first * self.side + second;
        if let Some(bits) = self.seen.get_mut(place / 64) {
            *bits |= 1 << (place % 64);
        }
    }

    fn known(&self, first: usize, second: usize) -> bool {
        let place = first * self.side + second;
        self.seen.get(place / 64).is_some_and(|bits| bits >> (place % 64) & 1 == 1)
    }
}

/// A word of one sort stands for the sort; others, which may be read in several ways, for themselves.
fn number(word: &Word) -> usize {
    match word.sorts.as_slice() {
        [sort] => *sort as usize,
        _ => SORTS + word.id,
    }
}

/// All that a word may stand for; the border of a line where there is none.
fn numbers(word: Option<&Word>) -> impl Iterator<Item = usize> {
    let sorts = word.map_or(&[][..], |word| &word.sorts).iter().map(|sort| *sort as usize);
    sorts.chain([word.map_or(BORDER, |word| SORTS + word.id)])
}
