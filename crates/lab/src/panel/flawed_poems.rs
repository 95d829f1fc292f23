//! Poems with a flaw, for [`super::negatives`]: good and bad by the same poet, in the same forms.

use super::Negative;
use super::negatives::misspell;
use super::prompts::{topic, wording};
use super::vocabulary::words;
use crate::corpus::Corpus;
use crate::corpus::form::{Form, written};
use crate::corpus::lexicon::last_word;
use crate::corpus::poem::Flaw;
use crate::corpus::random::Chance;

/// Said by those who write no poem; `{t}` is the topic.
const EVASIONS: [&str; 6] = [
    "I do not know a poem about {t}.",
    "I am not a poet, I am sorry to say.",
    "What would you like to hear about {t}?",
    "There are many poems about {t}.",
    "A poem about {t} would be lovely.",
    "I would have to think about {t} for a while.",
];

/// A prompt with a faultless and a flawed answer.
pub(super) fn pair(corpus: &Corpus, flaw: Negative, chance: &mut Chance) -> (String, String, String) {
    loop {
        let place = topic(corpus, chance);
        let wanted = if flaw == Negative::WrongForm { chance.pick(&Form::ALL).copied() } else { None };
        let (prompt, asked) = wording(corpus, place, wanted, chance);
        if wanted.is_some() && wanted != asked.only() {
            continue;
        }
        let open = asked.only().is_none();
        let forms = asked.forms();
        let any = |chance: &mut Chance| chance.pick(&forms).copied();
        let Some(form) = asked.only().or_else(|| any(chance)) else { continue };
        let good = written(&corpus.lexicon, place, form, Flaw::None, chance);
        // Where the prompt leaves it open, the flawed one's form is its own in half of the pairs.
        let other = if open && chance.per_cent(50) { any(chance).unwrap_or(form) } else { form };
        let Some(bad) = flawed(corpus, place, other, flaw, chance) else { continue };
        if !good.is_empty() && !bad.is_empty() {
            return (prompt, good, bad);
        }
    }
}

fn flawed(corpus: &Corpus, place: usize, form: Form, flaw: Negative, chance: &mut Chance) -> Option<String> {
    let mut write = |flaw: Flaw| written(&corpus.lexicon, place, form, flaw, chance);
    Some(match flaw {
        Negative::BrokenRhyme => write(Flaw::BreaksRhyme),
        Negative::WrongForm => {
            let others: Vec<Form> = Form::ALL.into_iter().filter(|&other| other != form).collect();
            let other = *chance.pick(&others)?;
            written(&corpus.lexicon, place, other, Flaw::None, chance)
        }
        Negative::OffTopic => off_topic(corpus, place, form, chance),
        Negative::Truncated => {
            let text = write(Flaw::None);
            let (before, last) = text.rsplit_once('\n')?;
            let words: Vec<&str> = last.split(' ').collect();
            let kept = 1 + chance.below(words.len().checked_sub(2)?);
            format!("{before}\n{}", words.get(..kept)?.join(" ").trim_end_matches(','))
        }
        Negative::Misspelt => {
            let mut text = write(Flaw::None);
            for _ in 0..1 + chance.below(2) {
                let long =
                    text.split([' ', '\n', ',', '.', '!', '?']).filter(|word| word.chars().count() >= 5);
                let word = (*chance.pick(&long.collect::<Vec<_>>())?).to_owned();
                text = text.replacen(&word, &misspell(&word, chance)?, 1);
            }
            text
        }
        Negative::Evasive => {
            let phrase = corpus.lexicon.topics.get(place)?.phrase;
            chance.pick(&EVASIONS)?.replace("{t}", phrase)
        }
        _ => {
            let text = write(Flaw::None);
            repeating(&text, chance)?
        }
    })
}

/// A poem on an unrelated topic; of those of four lines some wander off to it half-way.
fn off_topic(corpus: &Corpus, place: usize, form: Form, chance: &mut Chance) -> String {
    let wanders = form == Form::Quatrain && chance.per_cent(40);
    // A poem may name the asked topic in passing, and few pairs of poems fit together: try until one does.
    loop {
        let other = topic(corpus, chance);
        let far = written(&corpus.lexicon, other, form, Flaw::None, chance);
        if related(corpus, place, other) {
            continue;
        }
        let text = if wanders {
            let near = written(&corpus.lexicon, place, form, Flaw::None, chance);
            wandering(corpus, &near, &far)
        } else {
            Some(far)
        };
        let strange = |text: &String| {
            let kept = if wanders { 2 } else { 0 };
            !text.lines().skip(kept).flat_map(words).any(|word| at_home(corpus, place, word))
        };
        if let Some(text) = text.filter(strange) {
            return text;
        }
    }
}

/// Whether a word is one of the topic's own nouns or of its company.
fn at_home(corpus: &Corpus, place: usize, word: &str) -> bool {
    let Some(topic) = corpus.lexicon.topics.get(place) else { return false };
    let mut nouns = topic.own.iter().chain(&topic.company);
    nouns.any(|&noun| corpus.lexicon.nouns.get(noun).is_some_and(|noun| noun.word == word))
}

/// Whether poems on one topic may pass for poems on the other.
fn related(corpus: &Corpus, first: usize, second: usize) -> bool {
    let topics = &corpus.lexicon.topics;
    let (Some(first), Some(second)) = (topics.get(first), topics.get(second)) else { return true };
    let meets = |own: &[usize], others: &[usize]| own.iter().any(|noun| others.contains(noun));
    meets(&first.own, &second.own) || meets(&first.own, &second.company) || meets(&first.company, &second.own)
}

/// Begins near and ends far, in two couplets.
fn wandering(corpus: &Corpus, near: &str, far: &str) -> Option<String> {
    let (near, far): (Vec<&str>, Vec<&str>) = (near.lines().collect(), far.lines().collect());
    let (&[first, second, ..], &[_, _, third, fourth]) = (near.as_slice(), far.as_slice()) else {
        return None;
    };
    let sound = |line: &str| corpus.lexicon.sounds.get(last_word(line)).copied();
    let couplets = sound(first) == sound(second) && sound(third) == sound(fourth);
    let second = second.trim_end_matches([',', '.']);
    (couplets && sound(first) != sound(third)).then(|| format!("{first}\n{second}.\n{third}\n{fourth}"))
}

/// One line again in another's place, or one line's end word again at another's end.
fn repeating(text: &str, chance: &mut Chance) -> Option<String> {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let from = chance.below(lines.len().checked_sub(1)?);
    let to = from + 1 + chance.below(lines.len() - 1 - from);
    let bare = |line: &str| line.trim_end_matches([',', '.', '!', '?']).to_owned();
    let (first, second) = (bare(&lines[from]), bare(&lines[to]));
    let stop = lines[to].get(second.len()..)?.to_owned();
    let again = if chance.per_cent(60) {
        first
    } else {
        format!("{}{}", second.strip_suffix(last_word(&second))?, last_word(&first))
    };
    lines[to] = format!("{again}{stop}");
    Some(lines.join("\n"))
}
