//! The lexicon, parsed once from the tables: nouns with what they do, rhyme classes, topics. Knows no chance.

use std::collections::HashMap;

use super::closers::CLOSERS;
use super::deeds::DEEDS;
use super::nouns::{CLASSES, NOUNS, SCENERY};
use super::rhymes_first::RHYMES_FIRST;
use super::rhymes_second::RHYMES_SECOND;
use super::topics::{COMPANY, TOPICS};

/// What a class of nouns can do.
#[derive(Debug)]
pub(crate) struct Class {
    pub(crate) name: &'static str,
    /// One syllable, plain form.
    pub(crate) verbs: Vec<&'static str>,
    /// Verb and particle, two syllables, plain form.
    pub(crate) particles: Vec<&'static str>,
    /// Two syllables, stress first.
    pub(crate) adverbs: Vec<&'static str>,
}

/// A noun and its frame.
#[derive(Debug)]
pub(crate) struct Noun {
    pub(crate) word: &'static str,
    pub(crate) class: usize,
    pub(crate) countable: bool,
    pub(crate) mine: bool,
    pub(crate) plural: bool,
    pub(crate) two_syllables: bool,
    pub(crate) long_adjectives: Vec<&'static str>,
    pub(crate) short_adjectives: Vec<&'static str>,
}

/// An ending or a closing line.
#[derive(Debug)]
pub(crate) struct Ending {
    pub(crate) form: char,
    pub(crate) worlds: &'static str,
    pub(crate) text: &'static str,
}

/// A topic of poems.
#[derive(Debug)]
pub(crate) struct Topic {
    pub(crate) phrase: &'static str,
    pub(crate) worlds: &'static str,
    pub(crate) own: Vec<usize>,
    pub(crate) company: Vec<usize>,
}

/// Everything the poet knows.
#[derive(Debug)]
pub(crate) struct Lexicon {
    pub(crate) classes: Vec<Class>,
    pub(crate) nouns: Vec<Noun>,
    pub(crate) rhymes: Vec<Vec<Ending>>,
    pub(crate) topics: Vec<Topic>,
    pub(crate) scenery: HashMap<&'static str, Vec<&'static str>>,
    /// The rhyme class of every word that ends a line, as the tables write it and in lower case.
    pub(crate) sounds: HashMap<String, usize>,
    /// The topic of every phrase, without `the`.
    named: HashMap<&'static str, usize>,
}

impl Lexicon {
    /// Parses the tables. Rows that name unknown things are left out; a test asserts that there are none.
    pub(crate) fn new() -> Self {
        let classes: Vec<Class> = CLASSES.lines().filter_map(class).collect();
        let nouns: Vec<Noun> =
            NOUNS.lines().chain(COMPANY.lines()).filter_map(|row| noun(row, &classes)).collect();
        let mut rhymes = rhymes(RHYMES_FIRST).chain(rhymes(RHYMES_SECOND)).collect::<Vec<_>>();
        // Both tables stand in the order of the classes; a test asserts that the names agree.
        let deeds = DEEDS.lines().map(|row| (['V', 'L'], row)).enumerate();
        for (place, (forms, row)) in deeds.chain(CLOSERS.lines().map(|row| (['C', 'D'], row)).enumerate()) {
            let mut parts = row.split('|').skip(1);
            for form in forms {
                let texts = parts.next().unwrap_or_default().split(';').filter(|text| !text.is_empty());
                if let Some(endings) = rhymes.get_mut(place) {
                    endings.extend(texts.map(|text| Ending { form, worlds: "a", text }));
                }
            }
        }
        let topics: Vec<Topic> = TOPICS.lines().filter_map(|row| topic(row, &nouns)).collect();
        let phrases = topics.iter().map(|topic| topic.phrase.strip_prefix("the ").unwrap_or(topic.phrase));
        let named = phrases.enumerate().map(|(place, phrase)| (phrase, place)).collect();
        let scenery = SCENERY
            .lines()
            .filter_map(|row| row.split_once(' '))
            .map(|(word, adjectives)| (word, adjectives.split(',').collect()))
            .collect();
        let mut sounds = HashMap::new();
        for (place, endings) in rhymes.iter().enumerate() {
            for ending in endings {
                // `June` is heard in whatever case a line has it.
                let word = last_word(ending.text);
                sounds.insert(word.to_owned(), place);
                sounds.insert(word.to_lowercase(), place);
            }
        }
        Self { classes, nouns, rhymes, topics, scenery, sounds, named }
    }

    /// The topic that a prompt asks about, read as [`super::typed::read`] gives it: the longest that follows `about`.
    pub(crate) fn topic_of(&self, read: &str) -> Option<usize> {
        const LONGEST: usize = 3;
        let words: Vec<&str> = read.split(' ').collect();
        let starts = (1..words.len()).filter(|&start| words[start - 1] == "about");
        let named = |start: usize| {
            let mut ends = (start + 1..=words.len().min(start + LONGEST)).rev();
            ends.find_map(|end| Some((end - start, *self.named.get(words[start..end].join(" ").as_str())?)))
        };
        starts.filter_map(named).max_by_key(|(length, _)| *length).map(|(_, topic)| topic)
    }
}

/// The last word of a line, without punctuation.
pub(crate) fn last_word(line: &str) -> &str {
    let line = line.trim_end_matches(|c: char| !c.is_alphabetic());
    line.rsplit(|c: char| !(c.is_alphabetic() || c == '\'')).next().unwrap_or(line)
}

/// The word without a prefix that leaves its sound the same: `tonight` and `night` do not rhyme, they repeat.
pub(crate) fn rhyme_root(word: &str) -> &str {
    match word {
        "tonight" | "goodnight" => "night",
        "today" => "day",
        "away" => "way",
        "awake" => "wake",
        "asleep" => "sleep",
        "around" => "round",
        "along" => "long",
        "farewell" => "well",
        "aglow" => "glow",
        "afar" => "far",
        "anew" | "knew" => "new",
        "nearby" | "goodbye" => "by",
        "ahead" | "overhead" => "head",
        "mankind" => "kind",
        "forevermore" => "more",
        "alone" => "lone",
        "no" => "know",
        other => other,
    }
}

fn class(row: &'static str) -> Option<Class> {
    let mut parts = row.split('|');
    Some(Class {
        name: parts.next()?,
        verbs: parts.next()?.split(',').collect(),
        particles: parts.next()?.split(',').collect(),
        adverbs: parts.next()?.split(',').collect(),
    })
}

fn noun(row: &'static str, classes: &[Class]) -> Option<Noun> {
    let mut parts = row.splitn(4, ' ');
    let (word, class, flags) = (parts.next()?, parts.next()?, parts.next()?);
    let (long, short) = parts.next()?.split_once('/')?;
    Some(Noun {
        word,
        class: classes.iter().position(|known| known.name == class)?,
        countable: flags.contains('c'),
        mine: flags.contains('m'),
        plural: flags.contains('p'),
        two_syllables: flags.contains('2'),
        long_adjectives: long.split(',').collect(),
        short_adjectives: short.split(',').collect(),
    })
}

fn rhymes(table: &'static str) -> impl Iterator<Item = Vec<Ending>> {
    table.split("= ").skip(1).map(|block| {
        let rows = block.lines().skip(1).filter_map(|row| row.split_once(' '));
        rows.flat_map(|(head, entries)| {
            let form = head.chars().next().unwrap_or('C');
            let worlds = head.get(1..).unwrap_or("a");
            entries.split(';').map(move |text| Ending {
                form,
                worlds: if worlds.is_empty() { "a" } else { worlds },
                text,
            })
        })
        .collect()
    })
}

fn topic(row: &'static str, nouns: &[Noun]) -> Option<Topic> {
    let mut parts = row.split('|').skip(1);
    let (phrase, worlds) = (parts.next()?, parts.next()?);
    let find = |list: &str| -> Vec<usize> {
        list.split(',').filter_map(|word| nouns.iter().position(|noun| noun.word == word)).collect()
    };
    Some(Topic { phrase, worlds, own: find(parts.next()?), company: find(parts.next()?) })
}
