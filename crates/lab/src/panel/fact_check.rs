//! Checks facts: whether an answer names the asked subject, or none, and its right answer, in whatever wording.
//!
//! An answer is first read by the wordings of its family, with any of the family's names in their slots. An answer in
//! no known wording is read by what it mentions: the right answer once, no other name, only words of the family's
//! wordings and none of them twice, a beginning and an end that some wording has. So a blend of wordings is right, and
//! what babbles, stops early or evades is not.

use std::collections::{HashMap, HashSet};

use super::vocabulary::words;
use crate::corpus::facts::{Facts, Family, Item};

/// Words after which something must follow.
pub(super) const OPEN: [&str; 19] = [
    "is", "the", "of", "has", "in", "a", "called", "be", "as", "its", "comes", "after", "for", "says", "it",
    "would", "are", "on", "goes",
];

/// What is true of an answer to a question of the tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FactFound {
    /// Subject and answer are right.
    pub(super) right: bool,
    /// No other subject is named.
    pub(super) on_subject: bool,
    /// Begins and ends as an answer does.
    pub(super) whole: bool,
    /// The answer or a word of the wording comes twice.
    pub(super) repeats: bool,
}

#[derive(Debug, Clone)]
enum Part {
    Word(String),
    /// `s`, `x`, `y` or `a`.
    Slot(char),
}

/// What a name may be the name of.
#[derive(Debug, Clone, Copy, Default)]
struct Name {
    subject: bool,
    answer: bool,
}

#[derive(Debug, Default)]
struct FamilyWords {
    wordings: Vec<Vec<Part>>,
    fillers: HashSet<String>,
    /// Fillers that begin and end a wording.
    first: HashSet<String>,
    last: HashSet<String>,
    names: HashMap<String, Name>,
    /// Words in the longest name.
    longest: usize,
    /// Whether a subject may be another's answer, so that order decides what is said.
    mixed: bool,
}

/// The own names of an item, in plain words.
#[derive(Debug, Default)]
struct ItemWords {
    subject: String,
    parts: [String; 2],
    answers: Vec<String>,
}

/// The tables.
#[derive(Debug)]
pub(super) struct FactCheck {
    facts: Facts,
    places: HashMap<String, (usize, usize)>,
    families: Vec<FamilyWords>,
    items: Vec<Vec<ItemWords>>,
}

/// An answer in plain words, and where they stand.
struct Said {
    text: String,
    places: Vec<(usize, usize)>,
}

impl Said {
    fn new(answer: &str) -> Self {
        let (mut text, mut places) = (String::with_capacity(answer.len()), Vec::with_capacity(12));
        for word in words(answer) {
            if !text.is_empty() {
                text.push(' ');
            }
            let start = text.len();
            text.extend(word.chars().flat_map(char::to_lowercase));
            places.push((start, text.len()));
        }
        Self { text, places }
    }

    /// The words from one place to before another; empty where there are not so many.
    fn words(&self, from: usize, to: usize) -> &str {
        match (self.places.get(from), to.checked_sub(1).and_then(|last| self.places.get(last))) {
            (Some(&(start, _)), Some(&(_, end))) if start < end => self.text.get(start..end).unwrap_or(""),
            _ => "",
        }
    }
}

impl FactCheck {
    pub(super) fn new(facts: Facts) -> Self {
        let mut families: Vec<FamilyWords> = facts.families.iter().map(family_words).collect();
        // Words of two families, such as `that would be`, are of all: no wording is preferred.
        let shared: Vec<[HashSet<String>; 3]> = (0..families.len())
            .map(|place| {
                let others = || families.iter().enumerate().filter(move |(other, _)| *other != place);
                let common = |part: fn(&FamilyWords) -> &HashSet<String>| {
                    let known = |word: &&String| {
                        others().filter(|(_, family)| family.fillers.contains(*word)).count() >= 2
                            || families[place].fillers.contains(*word)
                    };
                    others().flat_map(|(_, family)| part(family)).filter(known).cloned().collect()
                };
                [
                    common(|family| &family.fillers),
                    common(|family| &family.first),
                    common(|family| &family.last),
                ]
            })
            .collect();
        for (family, [fillers, first, last]) in families.iter_mut().zip(shared) {
            family.fillers.extend(fillers);
            family.first.extend(first);
            family.last.extend(last);
        }
        let items = facts.families.iter().map(|family| family.items.iter().map(item_words).collect());
        Self { places: facts.places(), families, items: items.collect(), facts }
    }

    /// Checks an answer; nothing when the prompt is not a question of the tables.
    pub(super) fn check(&self, prompt: &str, answer: &str) -> Option<FactFound> {
        let (family, item) = self.facts.place(prompt, &self.places)?;
        let (family, item) = (self.families.get(family)?, self.items.get(family)?.get(item)?);
        let said = Said::new(answer);
        let mut readings = Vec::new();
        for wording in &family.wordings {
            family.read(wording, &said, 0, &mut Vec::new(), item, &mut readings);
        }
        if let Some(&(right, on_subject)) = readings.iter().max() {
            return Some(FactFound { right, on_subject, whole: true, repeats: false });
        }
        Some(family.mentions(&said, item))
    }
}

impl FamilyWords {
    /// All ways to read the words from `place` on by a wording, each as (right, about the asked subject).
    fn read(
        &self,
        wording: &[Part],
        said: &Said,
        place: usize,
        heard: &mut Vec<(char, (usize, usize))>,
        item: &ItemWords,
        readings: &mut Vec<(bool, bool)>,
    ) {
        match wording.split_first() {
            None if place == said.places.len() => {
                let named = |slot: char, own: &str| {
                    heard.iter().all(|&(known, (from, to))| known != slot || said.words(from, to) == own)
                };
                let on_subject =
                    named('s', &item.subject) && named('x', &item.parts[0]) && named('y', &item.parts[1]);
                let right = item.answers.iter().any(|answer| named('a', answer));
                readings.push((right && on_subject, on_subject));
            }
            Some((Part::Word(word), rest)) if said.words(place, place + 1) == word => {
                self.read(rest, said, place + 1, heard, item, readings);
            }
            Some((Part::Slot(slot), rest)) => {
                for to in place + 1..=(place + self.longest).min(said.places.len()) {
                    let fits = |name: &Name| if *slot == 'a' { name.answer } else { name.subject };
                    if self.names.get(said.words(place, to)).is_some_and(fits) {
                        heard.push((*slot, (place, to)));
                        self.read(rest, said, to, heard, item, readings);
                        heard.pop();
                    }
                }
            }
            _ => {}
        }
    }

    /// Judges an answer in no known wording by what it mentions.
    fn mentions(&self, said: &Said, item: &ItemWords) -> FactFound {
        const LONGEST_ANSWER: usize = 12;
        let count = said.places.len();
        let (mut place, mut answers, mut subjects, mut others) = (0, 0, 0, false);
        let (mut repeats, mut strange, mut begins, mut ends) = (false, false, false, false);
        let mut fillers: Vec<&str> = Vec::new();
        let mut wrong_subject = false;
        while place < count {
            let name = (place + 1..=(place + self.longest).min(count))
                .rev()
                .find(|&to| self.names.contains_key(said.words(place, to)));
            let to = name.unwrap_or(place + 1);
            let text = said.words(place, to);
            let known = if name.is_some() {
                if item.answers.iter().any(|answer| answer == text) {
                    answers += 1;
                } else if text == item.subject || item.parts.iter().any(|part| part == text) {
                    subjects += 1;
                } else {
                    others = true;
                    wrong_subject |= self.names.get(text).is_some_and(|name| name.subject);
                }
                true
            } else {
                repeats |= fillers.contains(&text);
                strange |= !self.fillers.contains(text);
                fillers.push(text);
                false
            };
            begins |= place == 0 && (known || self.first.contains(text));
            ends = known || self.last.contains(text) || answers > 0 && !OPEN.contains(&text);
            place = to;
        }
        repeats |= answers > 1;
        let right = answers == 1
            && subjects <= 2
            && !(self.mixed && subjects > 0)
            && !(others || repeats || strange)
            && begins
            && ends
            && count <= LONGEST_ANSWER;
        FactFound { right, on_subject: !wrong_subject, whole: begins && ends, repeats }
    }
}

fn family_words(family: &Family) -> FamilyWords {
    let mut found = FamilyWords::default();
    for (_, wording) in &family.answers {
        let parts = parts(wording);
        found.fillers.extend(parts.iter().filter_map(filler));
        found.first.extend(parts.first().and_then(filler));
        found.last.extend(parts.last().and_then(filler));
        found.wordings.push(parts);
    }
    for answer in family.items.iter().flat_map(|item| &item.answers) {
        found.names.entry(spoken(answer)).or_default().answer = true;
    }
    for part in family.items.iter().flat_map(|item| item.subject.split('|')) {
        let name = spoken(part);
        found.mixed |= found.names.contains_key(&name) && !own_answer(&family.items, part);
        found.names.entry(name).or_default().subject = true;
    }
    found.longest = found.names.keys().map(|name| name.split(' ').count()).max().unwrap_or(1);
    found
}

/// A text as [`Said`] has it.
fn spoken(text: &str) -> String {
    Said::new(text).text
}

fn own_answer(items: &[Item], part: &str) -> bool {
    items.iter().all(|item| item.subject == part || !item.answers.contains(&part))
}

fn item_words(item: &Item) -> ItemWords {
    let (first, second) = item.subject.split_once('|').unwrap_or((item.subject, item.subject));
    ItemWords {
        subject: spoken(item.subject),
        parts: [spoken(first), spoken(second)],
        answers: item.answers.iter().map(|answer| spoken(answer)).collect(),
    }
}

fn filler(part: &Part) -> Option<String> {
    match part {
        Part::Word(word) => Some(word.clone()),
        Part::Slot(_) => None,
    }
}

fn parts(wording: &str) -> Vec<Part> {
    let mut found = Vec::new();
    for (place, piece) in wording.split(['{', '}']).enumerate() {
        if place % 2 == 1 {
            let slot = piece.chars().next().unwrap_or('a').to_ascii_lowercase();
            found.push(Part::Slot(slot));
        } else {
            found.extend(words(piece).map(|word| Part::Word(word.to_lowercase())));
        }
    }
    found
}
