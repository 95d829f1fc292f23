//! Checks poems: rhyme, topic, metre, wholeness, repetition.

use std::collections::{HashMap, HashSet};

use super::vocabulary::words;
use crate::corpus::facts::plain;
use crate::corpus::lexicon::{Lexicon, Topic, last_word, rhyme_root};
use crate::corpus::prompts::WORDINGS;

/// What is true of a poem.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct VerseFound {
    pub(super) rhymes: bool,
    pub(super) on_topic: bool,
    /// How far the topic is carried through, from 0 to 1.
    pub(super) topic: f64,
    /// Share of lines in metre; half for those that are two syllables off.
    pub(super) metre: f64,
    pub(super) whole: bool,
    /// A line or an end word comes twice.
    pub(super) repeats: bool,
    /// Further words of weight that come again, the topic's own apart.
    pub(super) echoes: usize,
    /// Lines asked for; 0 when the prompt does not say.
    pub(super) asked: usize,
}

/// The tables.
#[derive(Debug)]
pub(super) struct VerseCheck {
    lexicon: Lexicon,
    /// Rhyme class by end word, in lower case.
    sounds: HashMap<String, usize>,
    topics: HashMap<&'static str, usize>,
    /// Noun by word, plurals too.
    nouns: HashMap<String, usize>,
    /// Nouns that stand in lines of any topic, such as `grandma says`.
    free: HashSet<usize>,
    /// Worlds that a scenery word belongs to.
    worlds: HashMap<&'static str, String>,
    /// Prompt openings with the number of lines they ask for.
    openings: Vec<(String, usize)>,
}

impl VerseCheck {
    pub(super) fn new(lexicon: Lexicon) -> Self {
        let topics = lexicon.topics.iter().enumerate().map(|(place, topic)| (topic.phrase, place)).collect();
        let mut nouns = HashMap::new();
        for (place, noun) in lexicon.nouns.iter().enumerate() {
            nouns.entry(noun.word.to_owned()).or_insert(place);
            nouns.entry(format!("{}s", noun.word)).or_insert(place);
        }
        let mut worlds: HashMap<&'static str, String> = HashMap::new();
        for ending in lexicon.rhymes.iter().flatten() {
            if !ending.worlds.contains(['a', 'l']) {
                worlds.entry(last_word(ending.text)).or_default().push_str(ending.worlds);
            }
        }
        let free = free(&lexicon).iter().filter_map(|word| nouns.get(word).copied()).collect();
        let openings = WORDINGS
            .iter()
            .filter(|(_, lines, _)| *lines > 0)
            .filter_map(|(text, lines, _)| Some((plain(text.split("{t}").next()?), *lines)))
            .collect();
        let sounds = lexicon.sounds.iter().map(|(word, class)| (word.to_lowercase(), *class)).collect();
        Self { lexicon, sounds, topics, nouns, free, worlds, openings }
    }

    /// Checks a poem.
    pub(super) fn check(&self, prompt: &str, answer: &str) -> VerseFound {
        let asked = plain(prompt);
        let lines: Vec<String> =
            (answer.lines().map(str::trim).filter(|line| !line.is_empty())).map(str::to_lowercase).collect();
        let ends: Vec<&str> = lines.iter().map(|line| last_word(line)).collect();
        let counts: Vec<usize> = lines.iter().map(|line| words(line).map(syllables).sum()).collect();
        let (on_topic, topic) = self.topic(&asked, &lines);
        let full = |place: usize| lines.get(place).is_some_and(|line| words(line).nth(2).is_some());
        let stopped = answer.trim_end().ends_with(['.', '!', '?']);
        let ended = stopped
            || ends.last().is_some_and(|end| self.sounds.contains_key(*end))
                && counts.last().is_some_and(|&count| count >= 5);
        let roots: Vec<&str> = ends.iter().map(|end| rhyme_root(end)).collect();
        VerseFound {
            rhymes: self.scheme(&ends),
            on_topic,
            topic,
            metre: metre(&counts),
            whole: lines.len() >= 2 && (0..lines.len()).all(full) && ended,
            repeats: twice(&roots)
                || twice(
                    &lines
                        .iter()
                        .map(|line| line.trim_end_matches(|c: char| !c.is_alphanumeric()))
                        .collect::<Vec<_>>(),
                ),
            echoes: 0,
            asked: self
                .openings
                .iter()
                .find(|(text, _)| asked.starts_with(text.as_str()))
                .map_or(0, |(_, lines)| *lines),
        }
    }

    /// Two lines rhyme; of three, the last with another; of four, ABCB, AABB or ABBA; of more, the last with another
    /// and at least half of all with some other.
    fn scheme(&self, ends: &[&str]) -> bool {
        let rhyme = |first: usize, second: usize| self.rhyme(ends[first], ends[second]);
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

    fn rhyme(&self, first: &str, second: &str) -> bool {
        if rhyme_root(first) == rhyme_root(second) {
            return false;
        }
        match (self.sounds.get(first), self.sounds.get(second)) {
            (Some(first), Some(second)) => first == second,
            _ => false,
        }
    }

    fn topic_of(&self, asked: &str) -> Option<&Topic> {
        let about = asked.split_once(" about ")?.1;
        let about = about.strip_suffix(", please").or(about.strip_suffix(" for me")).unwrap_or(about);
        self.lexicon.topics.get(*self.topics.get(about)?)
    }

    fn topic(&self, asked: &str, lines: &[String]) -> (bool, f64) {
        let Some(topic) = self.topic_of(asked) else { return (false, 0.0) };
        let (mut named, mut sum, mut before) = (false, 0.0, 0.3_f64);
        for line in lines {
            let (mut value, mut foreign): (f64, bool) = (0.0, false);
            let end = last_word(line);
            for word in words(line) {
                match self.nouns.get(word) {
                    Some(noun) if topic.own.contains(noun) => {
                        named = true;
                        value = 1.0;
                    }
                    Some(noun) if topic.company.contains(noun) => value = 1.0,
                    Some(noun) if word != end && !self.free.contains(noun) => foreign = true,
                    _ => {}
                }
            }
            let scene = self
                .worlds
                .get(end)
                .is_some_and(|worlds| topic.worlds.chars().any(|world| worlds.contains(world)));
            if value == 0.0 && scene {
                value = 0.9;
            }
            if value == 0.0 && !foreign {
                value = 0.8 * before;
            }
            sum += value;
            before = value;
        }
        let share = sum / lines.len().max(1) as f64;
        (named, if named { share } else { 0.3 * share })
    }
}

/// Words inside lines of any topic, adjectives of scenery (`garden swing`) and verbs (`leaves its cares behind`).
fn free(lexicon: &Lexicon) -> HashSet<String> {
    let anywhere = lexicon.rhymes.iter().flatten().filter(|ending| ending.worlds.contains(['a', 'l']));
    let inside = anywhere.flat_map(|ending| {
        let text = ending.text.replace("{s}", "s");
        let end = last_word(&text).to_owned();
        words(&text).filter(|word| *word != end).map(str::to_lowercase).collect::<Vec<_>>()
    });
    inside.chain(lexicon.scenery.values().flatten().map(|word| (*word).to_owned())).collect()
}

fn twice(items: &[&str]) -> bool {
    items.iter().enumerate().any(|(place, item)| items[..place].contains(item))
}

/// Tetrameter has eight syllables a line, a ballad six in its even ones; one off is free, two off counts half.
fn metre(counts: &[usize]) -> f64 {
    let fit = |(place, &count): (usize, &usize)| {
        let off = if place % 2 == 1 && counts.len() == 4 {
            count.abs_diff(8).min(count.abs_diff(6))
        } else {
            count.abs_diff(8)
        };
        match off {
            0 | 1 => 1.0,
            2 => 0.5,
            _ => 0.0,
        }
    };
    counts.iter().enumerate().map(fit).sum::<f64>() / counts.len().max(1) as f64
}

/// Syllables by vowel groups, a silent final e apart.
fn syllables(word: &str) -> usize {
    let mut count: usize = 0;
    let mut vowel = false;
    for letter in word.chars() {
        let now = "aeiouy".contains(letter);
        count += usize::from(now && !vowel);
        vowel = now;
    }
    if word.ends_with('e') && !word.ends_with("le") && count > 1 {
        count -= 1;
    }
    count.max(1)
}
