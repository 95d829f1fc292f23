//! Prompts as people type them: without capitals, without the last stop or an apostrophe, with two spaces, with a slip of
//! the finger. And how such a prompt is read.
//!
//! A slip never touches the subject or the topic, which a template has in braces; and it is only made where it can be
//! read back: every slip of every word of the wordings is known, so reading is a look-up and no guess.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use super::facts::Facts;
use super::lexicon::Lexicon;
use super::prompts::{HELD_OUT_WORDINGS, WORDINGS};
use super::random::Chance;

/// Prompts typed carelessly, per cent.
const SHARE: usize = 12;
/// Of them, how many in two ways, per cent.
const TWICE: usize = 35;
/// Letters that a word has at least for a finger to slip on it.
const SHORTEST: usize = 4;

/// A way of typing carelessly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Habit {
    NoCapitals,
    NoStop,
    NoApostrophe,
    NoArticle,
    TwoSpaces,
    Slip,
}

/// The habits and how often each is drawn.
const HABITS: [(Habit, usize); 6] = [
    (Habit::NoCapitals, 5),
    (Habit::NoStop, 3),
    (Habit::NoApostrophe, 3),
    (Habit::NoArticle, 2),
    (Habit::TwoSpaces, 1),
    (Habit::Slip, 4),
];

/// The prompt that a template with slots becomes when somebody types it: mostly as it should be. The slots are filled
/// by `fill`.
pub(crate) fn typed(template: &str, fill: impl Fn(&str) -> String, chance: &mut Chance) -> String {
    if !chance.per_cent(SHARE) {
        return fill(template);
    }
    let mut text = template.to_owned();
    let (mut lower, mut left) = (false, if chance.per_cent(TWICE) { 2 } else { 1 });
    while left > 0 {
        let habit = chance.weighted(&HABITS.map(|(_, weight)| weight));
        let Some((habit, _)) = HABITS.get(habit) else { break };
        // Not every template has what a habit leaves out: then another one shows.
        let changed = match habit {
            Habit::NoCapitals => (!lower).then(|| text.clone()),
            Habit::NoStop => text.strip_suffix(['.', '?']).map(str::to_owned),
            Habit::NoApostrophe => without_apostrophe(&text),
            Habit::NoArticle => text.contains(" the ").then(|| text.replacen(" the ", " ", 1)),
            Habit::TwoSpaces => two_spaces(&text, chance),
            Habit::Slip => with_slip(&text, chance),
        };
        let Some(changed) = changed else { continue };
        lower |= *habit == Habit::NoCapitals;
        text = changed;
        left -= 1;
    }
    let text = fill(&text);
    if lower { text.to_lowercase() } else { text }
}

/// A prompt as it was meant, in plain words: lower case, no punctuation around words, no apostrophes, no `the`, slips
/// mended. Two prompts that mean the same word for word are read alike.
pub(crate) fn read(prompt: &str) -> String {
    let mut text = String::with_capacity(prompt.len());
    for word in prompt.split_whitespace() {
        let word = bare(word);
        let word = meant().get(&word).unwrap_or(&word);
        if !(word.is_empty() || word == "the") {
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(word);
        }
    }
    text
}

/// A word in lower case, without apostrophes and without punctuation around it.
fn bare(word: &str) -> String {
    let word = word.trim_matches(|c: char| ".!?,;:\"".contains(c)).to_lowercase();
    word.replace(['\'', '’'], "")
}

/// Without the apostrophe of a word that is not the subject's.
fn without_apostrophe(text: &str) -> Option<String> {
    let word = text.split(' ').find(|word| word.contains('\'') && !word.contains('{'))?;
    Some(text.replacen(word, &word.replace('\'', ""), 1))
}

fn two_spaces(text: &str, chance: &mut Chance) -> Option<String> {
    let spaces: Vec<usize> = text.match_indices(' ').map(|(place, _)| place).collect();
    let &place = chance.pick(&spaces)?;
    Some(format!("{}  {}", text.get(..place)?, text.get(place + 1..)?))
}

fn with_slip(text: &str, chance: &mut Chance) -> Option<String> {
    let words: Vec<&str> = text
        .split(' ')
        .filter(|word| word.len() >= SHORTEST && word.chars().all(char::is_alphabetic))
        .collect();
    let word = *chance.pick(&words)?;
    let known: Vec<String> = slips(word)
        .into_iter()
        .filter(|slip| meant().get(&slip.to_lowercase()) == Some(&bare(word)))
        .collect();
    Some(text.replacen(word, chance.pick(&known)?, 1))
}

/// The word with two letters exchanged, one lost or one doubled, each way once; the first letter is hit.
fn slips(word: &str) -> Vec<String> {
    let letters: Vec<char> = word.chars().collect();
    let mut found = Vec::new();
    for place in 1..letters.len() {
        let mut lost = letters.clone();
        lost.remove(place);
        found.push(lost);
        let mut doubled = letters.clone();
        doubled.insert(place, letters[place]);
        found.push(doubled);
        if place + 1 < letters.len() {
            let mut exchanged = letters.clone();
            exchanged.swap(place, place + 1);
            found.push(exchanged);
        }
    }
    found.into_iter().map(|letters| letters.into_iter().collect()).collect()
}

/// The word that each slip was meant to be. No slip of two words, and none that is a word of a wording, a subject, an
/// answer or a topic.
fn meant() -> &'static HashMap<String, String> {
    static MEANT: OnceLock<HashMap<String, String>> = OnceLock::new();
    MEANT.get_or_init(|| {
        let (facts, lexicon) = (Facts::new(), Lexicon::new());
        let questions = facts.families.iter().flat_map(|family| family.questions.iter().copied());
        let poems = WORDINGS.iter().map(|wording| wording.text).chain(HELD_OUT_WORDINGS.iter().copied());
        let words =
            questions.chain(poems).flat_map(|text| text.split(' ')).filter(|word| !word.contains('{'));
        let words: HashSet<String> = words.map(bare).filter(|word| word.len() >= SHORTEST).collect();
        let items = facts.families.iter().flat_map(|family| &family.items);
        let names = items.flat_map(|item| item.answers.iter().copied().chain([item.subject]));
        let names = names.chain(lexicon.topics.iter().map(|topic| topic.phrase));
        let names: HashSet<String> = names.flat_map(|name| name.split([' ', '|'])).map(bare).collect();
        let mut meant: HashMap<String, Option<String>> = HashMap::new();
        for word in &words {
            for slip in slips(word).into_iter().filter(|slip| !words.contains(slip) && !names.contains(slip))
            {
                let same = |known: &mut Option<String>| {
                    if known.as_ref() != Some(word) {
                        *known = None;
                    }
                };
                meant.entry(slip).and_modify(same).or_insert_with(|| Some(word.clone()));
            }
        }
        meant.into_iter().filter_map(|(slip, word)| Some((slip, word?))).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn careless_prompts_are_read_as_they_were_meant() {
        let asked = read("What's the capital of France?");
        for typed in
            ["what's the capital of france", "Whats the  capital of France", "Whats captial of France?"]
        {
            assert_eq!(read(typed), asked, "{typed}");
        }
        assert_eq!(read("wriet a peom about the sea."), read("Write a poem about the sea"));
    }

    #[test]
    fn names_are_never_mended() {
        for item in Facts::new().families.iter().flat_map(|family| &family.items) {
            for word in item.subject.split([' ', '|']).map(bare) {
                assert!(!meant().contains_key(&word), "{word}");
            }
        }
    }

    #[test]
    fn a_slip_is_read_back_and_the_subject_is_left_alone() {
        let template = "What's the capital of {s}?";
        let fill = |text: &str| text.replace("{s}", "the Netherlands");
        let mut seen = HashSet::new();
        for index in 0..20_000 {
            let prompt = typed(template, fill, &mut Chance::new(3, index));
            assert_eq!(read(&prompt), read("What's the capital of the Netherlands?"), "{prompt}");
            assert!(prompt.to_lowercase().contains("the netherlands"), "{prompt}");
            seen.insert(prompt);
        }
        assert!(seen.len() > 20, "{}", seen.len());
    }
}
