//! Judges answers: whether a fact is right about the right subject, and whether a poem is a poem on its topic.
//!
//! Facts are judged strictly and only within the families of the corpus; a prompt that asks anything else is not judged.

use std::collections::HashMap;

use super::facts::{Asked, Facts, fill, plain};
use super::form::{AskedForm, Form, judged_form};
use super::lexicon::{Lexicon, last_word, rhyme_root};
use super::typed::read;

/// The verdict on a factual answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FactVerdict {
    /// No other subject of the family is named than the one asked about.
    pub subject_right: bool,
    /// The right answer is given, and no wrong one.
    pub answer_right: bool,
}

/// The verdict on a poem.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PoemVerdict {
    /// Lines that are not empty.
    pub lines: usize,
    /// The form that it is judged by: the one that the prompt asks for, else the one that it has. None where neither says.
    pub form: Option<Form>,
    /// Two lines rhyme; of three, the last with another; of four, AABB, ABAB, ABBA or ABCB.
    pub rhymes: bool,
    /// It has what its form demands: rhyme, or the syllables of a haiku, or the lines of a list that begin alike.
    pub keeps_form: bool,
    /// A noun of the topic occurs (for unknown topics: a word of the prompt).
    pub on_topic: bool,
    /// A line or an end word comes twice.
    pub repeats: bool,
    /// Two lines or more, capitals at their starts, at least three words each, and an end.
    pub whole: bool,
}

impl PoemVerdict {
    /// Whether it is a poem that must rhyme.
    #[must_use]
    pub fn must_rhyme(&self) -> bool {
        self.form.is_none_or(Form::rhymes)
    }
}

/// The judge, with the tables parsed once. The free functions below are for single cases.
#[derive(Debug)]
pub struct Judge {
    lexicon: Lexicon,
    facts: Facts,
    /// Family and item of every question, by its plain text.
    places: HashMap<String, (usize, usize)>,
}

impl Default for Judge {
    fn default() -> Self {
        Self::new()
    }
}

impl Judge {
    /// Parses the tables.
    #[must_use]
    pub fn new() -> Self {
        let facts = Facts::new();
        Self { lexicon: Lexicon::new(), places: facts.places(), facts }
    }

    /// Judges a factual answer; nothing when the prompt is not a question of the corpus.
    #[must_use]
    pub fn fact(&self, prompt: &str, answer: &str) -> Option<FactVerdict> {
        let asked = self.facts.understand(prompt, &self.places)?;
        Some(by_template(asked, answer).unwrap_or_else(|| by_mention(asked, answer)))
    }

    /// Judges a poem.
    #[must_use]
    pub fn poem(&self, prompt: &str, answer: &str) -> PoemVerdict {
        let lines: Vec<&str> = answer.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        let ends: Vec<String> = lines.iter().map(|line| last_word(line).to_lowercase()).collect();
        let rhyme = |first: usize, second: usize| match (ends.get(first), ends.get(second)) {
            (Some(first), Some(second)) => self.rhyme(first, second),
            _ => false,
        };
        let rhymes = match lines.len() {
            0 | 1 => false,
            2 => rhyme(0, 1),
            3 => rhyme(0, 2) || rhyme(1, 2),
            4 => rhyme(1, 3) || (rhyme(0, 1) && rhyme(2, 3)) || (rhyme(0, 3) && rhyme(1, 2)),
            _ => false,
        };
        let (form, keeps_form) = judged_form(AskedForm::of(&read(prompt)), &lines, rhymes);
        let words: Vec<String> = answer.split(|c: char| !c.is_alphabetic()).map(str::to_lowercase).collect();
        let repeated =
            |items: &[String]| items.iter().enumerate().any(|(place, item)| items[..place].contains(item));
        let whole_lines: Vec<String> = lines.iter().map(|line| plain(line)).collect();
        PoemVerdict {
            lines: lines.len(),
            form,
            rhymes,
            keeps_form,
            on_topic: self.topic_words(prompt).iter().any(|topic| words.iter().any(|word| same(word, topic))),
            repeats: repeated(&ends) || repeated(&whole_lines),
            whole: lines.len() >= 2
                && lines.iter().all(|line| {
                    line.starts_with(|first: char| first.is_uppercase())
                        && line.split_whitespace().count() >= 3
                })
                && answer.trim_end().ends_with(['.', '!', '?']),
        }
    }

    /// Whether two words rhyme: by the lexicon's classes, for words it does not know by their spelling.
    fn rhyme(&self, first: &str, second: &str) -> bool {
        if rhyme_root(first) == rhyme_root(second) {
            return false;
        }
        match (self.lexicon.sounds.get(first), self.lexicon.sounds.get(second)) {
            (Some(first), Some(second)) => first == second,
            _ => {
                let tail = |word: &str| word.chars().rev().take(3).collect::<String>();
                first.chars().count() >= 3 && second.chars().count() >= 3 && tail(first) == tail(second)
            }
        }
    }

    fn topic_words(&self, prompt: &str) -> Vec<String> {
        let known = self.lexicon.topic_of(&read(prompt));
        if let Some(topic) = known.and_then(|place| self.lexicon.topics.get(place)) {
            let nouns = topic.own.iter().filter_map(|&place| self.lexicon.nouns.get(place));
            return nouns.map(|noun| noun.word.to_owned()).collect();
        }
        let padded = format!(" {} ", plain(prompt).replace([',', '?', '.'], " "));
        let after = padded.split_once(" about ").map_or(padded.as_str(), |(_, after)| after);
        let words = after
            .split_whitespace()
            .filter(|word| word.len() > 2 && !["the", "please", "for"].contains(word));
        words.map(str::to_owned).collect()
    }
}

/// As [`Judge::fact`], parsing the tables anew.
#[must_use]
pub fn judge_fact(prompt: &str, answer: &str) -> Option<FactVerdict> {
    Judge::new().fact(prompt, answer)
}

/// As [`Judge::poem`], parsing the tables anew.
#[must_use]
pub fn judge_poem(prompt: &str, answer: &str) -> PoemVerdict {
    Judge::new().poem(prompt, answer)
}

fn same(word: &str, topic: &str) -> bool {
    word == topic || word.strip_suffix('s') == Some(topic) || topic.strip_suffix('s') == Some(word)
}

/// An answer in one of the family's own wordings. A wording that names the asked subject is preferred.
fn by_template(asked: Asked<'_>, answer: &str) -> Option<FactVerdict> {
    const HERE: &str = "\u{1}";
    let answer = plain(answer);
    let given = |middle: &str| {
        let known = asked.family.items.iter().flat_map(|item| &item.answers);
        known.into_iter().any(|known| plain(known) == middle)
    };
    let mut other = None;
    for item in &asked.family.items {
        let (first, second) = item.subject.split_once('|').unwrap_or((item.subject, item.subject));
        let named = answer.contains(&first.to_lowercase()) || answer.contains(&second.to_lowercase());
        let same = std::ptr::eq(item, asked.item);
        if !named && !same {
            continue;
        }
        for (_, template) in &asked.family.answers {
            let names = ["{s}", "{S}", "{x}", "{y}", "{Y}"].iter().any(|slot| template.contains(slot));
            let wording = plain(&fill(template, item.subject, HERE));
            let Some((before, after)) = wording.split_once(HERE) else { continue };
            let middle = answer.strip_prefix(before).and_then(|rest| rest.strip_suffix(after)).map(plain);
            let Some(middle) = middle.filter(|middle| given(middle)) else { continue };
            let answer_right = asked.item.answers.iter().any(|right| plain(right) == middle);
            if same || !names {
                return Some(FactVerdict { subject_right: true, answer_right });
            }
            other = Some(FactVerdict { subject_right: false, answer_right });
        }
    }
    other
}

/// Any other answer: by the subjects and answers that it names, the longest name first.
fn by_mention(asked: Asked<'_>, answer: &str) -> FactVerdict {
    let mut text = format!(" {} ", plain(answer).replace([',', '.', '!', '?', ';', ':'], " "));
    let mut names: Vec<(String, &str)> = Vec::new();
    for item in &asked.family.items {
        for &name in item.subject.split('|').collect::<Vec<_>>().iter().chain(&item.answers) {
            names.push((name.to_lowercase().replace([',', '.'], " ").trim().to_owned(), name));
        }
    }
    names.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    let (mut subject_right, mut found, mut wrong) = (true, false, false);
    for (name, written) in names {
        let padded = format!(" {name} ");
        if !text.contains(&padded) {
            continue;
        }
        text = text.replace(&padded, " | ");
        if asked.item.answers.contains(&written) {
            found = true;
        } else if asked.item.subject.split('|').any(|part| part == written) {
            continue;
        } else if asked.family.items.iter().any(|item| item.answers.contains(&written)) {
            wrong = true;
        } else {
            subject_right = false;
        }
    }
    FactVerdict { subject_right, answer_right: found && !wrong }
}
