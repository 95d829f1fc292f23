//! Checks poems: rhyme, topic, metre, wholeness, repetition, words put together as the poet puts them.
//!
//! Every measure has full marks that all clean poems reach, whatever their form, so that nothing is gained beyond.

use std::collections::HashSet;

use super::neighbours::Neighbours;
use super::topic_check::TopicCheck;
use super::vocabulary::words;
use super::word_table::{Word, WordTable, forms};
use crate::corpus::form::{
    self, AskedForm, Form, HAIKU, LIST_CLOSE, LIST_LINE, common_beginning, judged_form,
};
use crate::corpus::lexicon::{Lexicon, Topic};
use crate::corpus::syllables::syllables;
use crate::corpus::typed::read;

/// What is true of a poem.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct VerseFound {
    pub(super) rhymes: bool,
    /// The form that it is judged by, and whether it has what that form demands.
    pub(super) form: Option<Form>,
    pub(super) keeps_form: bool,
    /// A noun of the topic occurs.
    pub(super) on_topic: bool,
    /// How far the topic is carried through, from 0 to 1.
    pub(super) topic: f64,
    /// Share of lines in the metre of the form; half for those that are a little off.
    pub(super) metre: f64,
    pub(super) whole: bool,
    /// A line or an end word comes twice.
    pub(super) repeats: bool,
    /// Words of weight that come again, the topic's own apart.
    pub(super) echoes: usize,
    /// Share of neighbouring words that the poet puts together.
    pub(super) fluent: f64,
    /// As many lines as the prompt asks for, in no other form; where it does not say, two to eight.
    pub(super) as_asked: bool,
}

/// The tables.
#[derive(Debug)]
pub(super) struct VerseCheck {
    table: WordTable,
    topics: TopicCheck,
    neighbours: Neighbours,
    /// Last lines of lists without their nouns, by which one is known to be whole that has no full stop.
    closes: HashSet<String>,
}

/// A line as it is checked.
struct Read<'a> {
    text: &'a str,
    words: Vec<Option<&'a Word>>,
    syllables: usize,
}

impl VerseCheck {
    pub(super) fn new(lexicon: Lexicon) -> Self {
        let table = WordTable::new(&lexicon);
        let neighbours = Neighbours::new(&lexicon, &table);
        let topics = TopicCheck::new(lexicon, &table);
        let closes = form::phrases().into_iter().flat_map(|text| forms(&text, "whale"));
        let closes = closes.map(|text| table.without_nouns(&text)).collect();
        Self { table, topics, neighbours, closes }
    }

    /// Checks a poem.
    pub(super) fn check(&self, prompt: &str, answer: &str) -> VerseFound {
        let (prompt, answer) = (read(prompt), answer.to_lowercase());
        let asked = AskedForm::of(&prompt);
        let lines: Vec<Read<'_>> = answer.lines().filter_map(|line| self.read(line)).collect();
        let ends: Vec<Option<&Word>> =
            lines.iter().map(|line| line.words.last().copied().flatten()).collect();
        let topic = self.topics.topic_of(&prompt);
        let read = lines.iter().map(|line| line.words.as_slice());
        let (on_topic, carried) = topic.map_or((false, 0.0), |topic| self.topics.carried(topic, read));
        // Without a full stop, a last line that is as long as its fellow and has an end that rhymes may be whole.
        let fellow = lines.get(usize::from(lines.len() == 4)).map_or(0, |line| line.syllables);
        let long_enough = || {
            ends.last().is_some_and(|end| end.is_some_and(|end| end.sound.is_some()))
                && lines.last().is_some_and(|line| line.syllables + 1 >= fellow)
        };
        let roots: Vec<usize> = ends.iter().flatten().map(|end| end.root).collect();
        let texts: Vec<&str> = lines.iter().map(|line| line.text).collect();
        let rhymes = scheme(&ends);
        let (form, keeps_form) = judged_form(asked, &texts, rhymes);
        let ended = answer.trim_end().ends_with(['.', '!', '?'])
            || match form {
                Some(Form::Haiku) => keeps_form,
                Some(Form::List) => {
                    texts.last().is_some_and(|last| self.closes.contains(&self.table.without_nouns(last)))
                }
                _ => long_enough(),
            };
        let pairs = lines.iter().map(|line| self.neighbours.strange(&line.words));
        let (pairs, strange) = pairs.fold((0, 0), |sum, line| (sum.0 + line.0, sum.1 + line.1));
        VerseFound {
            rhymes,
            form,
            keeps_form,
            on_topic,
            topic: carried,
            metre: metre(form, &lines),
            whole: lines.len() >= 2 && lines.iter().all(|line| line.words.len() >= 3) && ended,
            repeats: twice(&roots) || twice(&texts),
            echoes: echoes(topic, form, &lines),
            fluent: 1.0 - f64::from(strange as u32) / f64::from(pairs.max(1) as u32),
            as_asked: match asked.only() {
                Some(form) => form.is_meant_by(&texts),
                None => (2..=8).contains(&lines.len()),
            },
        }
    }

    fn read<'a>(&'a self, line: &'a str) -> Option<Read<'a>> {
        let text = line.trim().trim_end_matches(|c: char| !c.is_alphanumeric());
        let mut read = Read { text, words: Vec::with_capacity(9), syllables: 0 };
        for word in words(text) {
            let known = self.table.get(word);
            read.syllables += known.map_or_else(|| syllables(word), |known| known.syllables);
            read.words.push(known);
        }
        (!line.trim().is_empty()).then_some(read)
    }
}

/// Two lines rhyme; of three, the last with another; of four, ABCB, ABAB, AABB or ABBA; of more, the last with another
/// and at least half of all with some other.
fn scheme(ends: &[Option<&Word>]) -> bool {
    let rhyme = |first: usize, second: usize| match (ends[first], ends[second]) {
        (Some(first), Some(second)) => {
            first.sound.is_some() && first.sound == second.sound && first.root != second.root
        }
        _ => false,
    };
    match ends.len() {
        0 | 1 => false,
        2 => rhyme(0, 1),
        3 => rhyme(0, 2) || rhyme(1, 2),
        4 => rhyme(1, 3) || (rhyme(0, 1) && rhyme(2, 3)) || (rhyme(0, 3) && rhyme(1, 2)),
        many => {
            let paired = |line: usize| (0..many).any(|other| other != line && rhyme(line, other));
            paired(many - 1) && (0..many).filter(|&line| paired(line)).count() * 2 >= many
        }
    }
}

fn twice<T: PartialEq>(items: &[T]) -> bool {
    items.iter().enumerate().any(|(place, item)| items[..place].contains(item))
}

/// Words of weight that stand in the poem a second time, those of the topic apart, and what a list repeats on purpose.
fn echoes(topic: Option<&Topic>, form: Option<Form>, lines: &[Read<'_>]) -> usize {
    let mut stems: Vec<usize> = Vec::with_capacity(24);
    let mut count = 0;
    let items: Vec<&str> =
        lines.split_last().map_or(&[][..], |(_, items)| items).iter().map(|line| line.text).collect();
    let alike = if form == Some(Form::List) { common_beginning(&items) } else { 0 };
    let words = lines.iter().enumerate().flat_map(|(place, line)| {
        let again = if place < items.len() { alike } else { 0 };
        line.words.iter().skip(again)
    });
    for word in words.flatten() {
        let own = |topic: &Topic| {
            word.noun.is_some_and(|noun| topic.own.contains(&noun) || topic.company.contains(&noun))
        };
        let Some(stem) = word.stem.filter(|_| !topic.is_some_and(own)) else { continue };
        count += usize::from(stems.contains(&stem));
        stems.push(stem);
    }
    count
}

/// Tetrameter has eight syllables a line, a ballad six in its even ones; one off is free, two off counts half. A haiku
/// has its five and seven, where one off counts half; a list has short lines.
fn metre(form: Option<Form>, lines: &[Read<'_>]) -> f64 {
    let count = lines.len().max(1) as f64;
    match form {
        Some(Form::Haiku) => {
            let fits = lines.iter().zip(HAIKU).map(|(line, wanted)| match line.syllables.abs_diff(wanted) {
                0 => 1.0,
                1 => 0.5,
                _ => 0.0,
            });
            return fits.sum::<f64>() / count.max(HAIKU.len() as f64);
        }
        Some(Form::List) => {
            let short = lines.iter().enumerate().filter(|(place, line)| {
                line.syllables <= if place + 1 == lines.len() { LIST_CLOSE } else { LIST_LINE }
            });
            return short.count() as f64 / count;
        }
        _ => {}
    }
    let fit = |(place, line): (usize, &Read<'_>)| {
        let long = line.syllables.abs_diff(8);
        let short =
            if place % 2 == 1 && lines.len().is_multiple_of(2) { line.syllables.abs_diff(6) } else { long };
        match long.min(short) {
            0 | 1 => 1.0,
            2 => 0.5,
            _ => 0.0,
        }
    };
    lines.iter().enumerate().map(fit).sum::<f64>() / count
}
