//! Facts with a flaw, for [`super::negatives`]: the same wordings for good and bad.

use super::Negative;
use super::fact_check::OPEN;
use super::negatives::misspell;
use super::prompts::{other_subject, question, subject};
use crate::corpus::Corpus;
use crate::corpus::facts::{Family, Item, fill};
use crate::corpus::random::Chance;

/// Put in an answer's place by those who do not know; no answer of any family.
const VAGUE: [&str; 8] = [
    "hard to say",
    "a good question",
    "not certain",
    "well known",
    "easy to find",
    "something else",
    "the usual one",
    "quite simple",
];

/// Said by those who do not answer at all.
const EVASIONS: [&str; 6] = [
    "I do not know.",
    "I am not sure.",
    "That is hard to say.",
    "It depends.",
    "I would have to look it up.",
    "Many people ask that.",
];

/// A prompt with a faultless and a flawed answer.
pub(super) fn pair(corpus: &Corpus, flaw: Negative, chance: &mut Chance) -> (String, String, String) {
    loop {
        let (place, number) = subject(corpus, chance);
        let Some(family) = corpus.facts.families.get(place) else { continue };
        let Some(item) = family.items.get(number) else { continue };
        let other = family.items.get(other_subject(corpus, place, chance)).unwrap_or(item);
        let Some((good, bad)) = answers(family, item, other, flaw, chance) else { continue };
        return (question(corpus, place, number, chance), good, bad);
    }
}

fn answers(
    family: &Family,
    item: &Item,
    other: &Item,
    flaw: Negative,
    chance: &mut Chance,
) -> Option<(String, String)> {
    let right = *item.answers.first()?;
    let usable = |wording: &&'static str| match flaw {
        // What does not name the subject cannot name a wrong one; what is named must differ.
        Negative::WrongSubject => fill(wording, item.subject, "") != fill(wording, other.subject, ""),
        _ => true,
    };
    let wordings: Vec<&str> = wordings(family).into_iter().filter(usable).collect();
    let first = *chance.pick(&wordings)?;
    let second = if chance.per_cent(50) { first } else { *chance.pick(&wordings)? };
    let good = fill(first, item.subject, right);
    let bad = match flaw {
        Negative::WrongAnswer => fill(second, item.subject, mistake(family, item, other, chance)?),
        Negative::WrongSubject => {
            if std::ptr::eq(item, other) {
                return None;
            }
            let answer = if chance.per_cent(50) { right } else { *other.answers.first()? };
            fill(second, other.subject, answer)
        }
        Negative::Evasive if chance.per_cent(70) => {
            let vague = *chance.pick(&VAGUE)?;
            let bare = vague.strip_prefix("a ").filter(|_| second.contains(" a {a}"));
            fill(second, item.subject, bare.unwrap_or(vague))
        }
        Negative::Evasive => (*chance.pick(&EVASIONS)?).to_owned(),
        Negative::Truncated => cut(second, item.subject, right, chance)?,
        Negative::Misspelt => {
            let long = right.split(' ').filter(|word| word.chars().count() >= 4);
            let word = *chance.pick(&long.collect::<Vec<_>>())?;
            let answer = right.replacen(word, &misspell(word, chance)?, 1);
            fill(second, item.subject, &answer)
        }
        _ => repeat(second, item.subject, right, chance),
    };
    Some((good, bad))
}

/// The family's wordings, each once.
fn wordings(family: &Family) -> Vec<&'static str> {
    let mut found: Vec<&str> = Vec::new();
    for (_, wording) in &family.answers {
        if !found.contains(wording) {
            found.push(wording);
        }
    }
    found
}

/// Half of the time from the item's own group, where mistakes are plausible, else from the whole family.
fn mistake<'a>(family: &'a Family, item: &Item, other: &'a Item, chance: &mut Chance) -> Option<&'a str> {
    let answer = *other.answers.first()?;
    let near = other.group == item.group || family.name == "continent" || chance.per_cent(50);
    (near && !item.answers.contains(&answer)).then_some(answer)
}

/// The answer broken off inside a name, or after a word that something must follow.
fn cut(wording: &str, subject: &str, answer: &str, chance: &mut Chance) -> Option<String> {
    let text = fill(wording, subject, answer);
    let text = text.trim_end_matches(['.', '!']);
    let mut ends: Vec<usize> = Vec::new();
    for (place, _) in text.match_indices(' ') {
        let last = text.get(..place)?.rsplit(' ').next()?.to_lowercase();
        if OPEN.contains(&last.as_str()) {
            ends.push(place);
        }
    }
    if let Some(start) = text.to_lowercase().rfind(&answer.to_lowercase()) {
        ends.extend(start + 2..start + answer.len() - answer.len() / 3);
    }
    let end = *chance.pick(&ends)?;
    Some(text.get(..end)?.trim_end().to_owned())
}

/// Says it twice, or goes round in a circle.
fn repeat(wording: &str, subject: &str, answer: &str, chance: &mut Chance) -> String {
    match chance.below(3) {
        0 => fill(wording, subject, &format!("{answer} {answer}")),
        1 => fill(wording, subject, &format!("{answer}, {answer}")),
        _ => {
            let text = fill(wording, subject, answer);
            format!("{text} {text}")
        }
    }
}
