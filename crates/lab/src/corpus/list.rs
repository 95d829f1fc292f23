//! Composes list poems: two or three short lines that say the same of different things, and a last one that does not.
//!
//! What makes it a list poem is that the lines begin alike until the last does not, which [`super::form`] checks. It may
//! rhyme or not.

use super::form::{LIST_LINE, is_haiku, is_list};
use super::grammar::{article, is_mass, plural};
use super::haiku::with_pronouns;
use super::lexicon::{Lexicon, Noun, Topic, last_word};
use super::list_frames::{FRAMES, Frame, Suits, Things};
use super::poem::Flaw;
use super::poet::Poet;
use super::random::Chance;
use super::syllables::of_line;
use super::verse::{Line, punctuate, stop_early};

const COUNTS: [&str; 3] = ["one", "two", "three"];

/// A list poem about the topic at `place`. A poet who breaks rhymes elsewhere breaks the pattern here.
pub(super) fn list(lexicon: &Lexicon, place: usize, flaw: Flaw, chance: &mut Chance) -> String {
    let Some(topic) = lexicon.topics.get(place) else { return String::new() };
    for _ in 0..400 {
        let Some(written) = Poet::new(lexicon, topic, chance).list(flaw) else { continue };
        let text = punctuate(&written);
        let lines: Vec<&str> = text.lines().collect();
        let short = lines.iter().rev().skip(1).all(|line| of_line(line) <= LIST_LINE);
        // Lists of three lines may have the syllables of a haiku, and then would be one.
        if short && !is_haiku(&lines) && is_list(&lines) != (flaw == Flaw::BreaksRhyme) {
            return if flaw == Flaw::StopsEarly { stop_early(&text) } else { text };
        }
    }
    String::new()
}

/// All last lines, slots as in the rhyme tables, and a noun's for what has an article too.
pub(super) fn phrases() -> impl Iterator<Item = String> {
    let closes = FRAMES.iter().flat_map(|frame| frame.closes.split(';'));
    let noun = |text: &str| {
        text.replace("{own}", "the {n}").replace("{an own}", "a {n}").replace("{last}", "the {n}")
    };
    closes.flat_map(move |text| with_pronouns(&noun(text)))
}

/// The words that frames begin lines with: for whoever must know every word of the corpus.
pub(super) fn openings() -> impl Iterator<Item = String> {
    let bare = |text: &str| text.split(['{', '}']).step_by(2).collect::<Vec<_>>().join(" ");
    let frames = FRAMES.iter().map(move |frame| bare(frame.item));
    frames.chain(COUNTS.iter().chain(&["is", "are", "come", "comes"]).map(|&word| word.to_owned()))
}

impl Poet<'_> {
    fn list(&mut self, flaw: Flaw) -> Option<Vec<Line>> {
        self.take(&self.topic.own)?;
        let frame = self.frame()?;
        let count = if self.chance.per_cent(25) { 2 } else { 3 };
        let mut things = self.things(frame, count)?;
        if flaw == Flaw::Drifts {
            let other: &Topic = self.chance.pick(&self.lexicon.topics)?;
            self.topic = other;
            things.truncate(1);
            let others = [other.own.as_slice(), &other.company].concat();
            things.extend(self.listed(&self.suitable(frame, &others), count - 1)?);
        }
        let broken = (flaw == Flaw::BreaksRhyme).then(|| 1 + self.chance.below(count - 1));
        let mut lines = Vec::new();
        for (place, thing) in things.iter().enumerate() {
            let frame = if broken == Some(place) { self.frame()? } else { frame };
            if self.suitable(frame, &[*thing]).is_empty() {
                return None;
            }
            lines.push(self.item(frame, *thing, place)?);
        }
        if flaw == Flaw::Drifts {
            self.take(&self.topic.own)?;
        }
        let closes: Vec<&str> = frame.closes.split(';').collect();
        let close = *self.chance.pick(&closes)?;
        let last = self.lexicon.nouns.get(*things.last()?)?;
        lines.push(self.with_own(close)?.replace("{last}", &with_article(last)));
        // No end word twice.
        let mut once: Vec<&str> = lines.iter().map(|line| last_word(line)).collect();
        once.sort_unstable();
        once.dedup();
        let line = |text: String| Line { text, continues: false, adjunct: false };
        (once.len() == lines.len()).then(|| lines.into_iter().map(line).collect())
    }

    /// A kind of list that suits the subject.
    fn frame(&mut self) -> Option<&'static Frame> {
        let living = self.living();
        let suits = |frame: &&Frame| match frame.suits {
            Suits::All => true,
            Suits::Living => living,
            Suits::Lifeless => !living,
        };
        let found: Vec<&'static Frame> = FRAMES.iter().filter(suits).collect();
        self.chance.pick(&found).copied()
    }

    /// The things to list, each once.
    fn things(&mut self, frame: &Frame, count: usize) -> Option<Vec<usize>> {
        let own = self.subject;
        let company = self.suitable(frame, &self.topic.company);
        match frame.things {
            Things::Company => self.listed(&company, count),
            Things::WithOwn => {
                let mut things = self.listed(&company, count - 1)?;
                let place = self.chance.below(count);
                things.insert(place, own);
                Some(things)
            }
        }
    }

    /// Those of the things that can be counted, where the frame does it.
    fn suitable(&self, frame: &Frame, things: &[usize]) -> Vec<usize> {
        let countable = ["{count}", "{a}"].iter().any(|slot| frame.item.contains(slot));
        let suits = |&place: &usize| {
            self.lexicon.nouns.get(place).is_some_and(|noun| !countable || noun.countable && !noun.plural)
        };
        things.iter().copied().filter(suits).collect()
    }

    fn listed(&mut self, from: &[usize], count: usize) -> Option<Vec<usize>> {
        let mut left = from.to_vec();
        let mut things = Vec::new();
        while things.len() < count {
            if left.is_empty() {
                return None;
            }
            things.push(left.remove(self.chance.below(left.len())));
        }
        Some(things)
    }

    /// One line of the list.
    fn item(&mut self, frame: &Frame, thing: usize, place: usize) -> Option<String> {
        let noun = self.lexicon.nouns.get(thing)?;
        // No adjective twice in a poem.
        let fresh = |words: &[&'static str], used: &[String]| -> Vec<&'static str> {
            words.iter().copied().filter(|word| !used.iter().any(|known| known == word)).collect()
        };
        let long = *self.chance.pick(&fresh(&noun.long_adjectives, &self.used))?;
        let short = *self.chance.pick(&fresh(&noun.short_adjectives, &self.used))?;
        let text = (frame.item.replace("{the}", &with_article(noun)))
            .replace("{a long}", &indefinite(noun, long))
            .replace("{a}", &indefinite(noun, ""))
            .replace("{n s}", &if place == 0 { noun.word.to_owned() } else { plural(noun.word) })
            .replace("{n}", noun.word)
            .replace("{long}", long)
            .replace("{short}", short)
            .replace("{count}", COUNTS.get(place)?)
            .replace("{are}", if noun.plural { "are" } else { "is" })
            .replace("{come}", if noun.plural { "come" } else { "comes" });
        self.used.extend([long.to_owned(), short.to_owned()]);
        self.with_own(&text)
    }

    /// The text with the topic's noun, and what agrees with it.
    fn with_own(&mut self, text: &str) -> Option<String> {
        self.plain = self.noun().plural;
        let (own, an_own) = (with_article(self.noun()), indefinite(self.noun(), ""));
        Some(self.agreeing(&text.replace("{own}", &own).replace("{an own}", &an_own)))
    }
}

/// The noun with `the`, with `my` where it is one's own, or old where it is time.
fn with_article(noun: &Noun) -> String {
    match noun.word {
        "time" => "old time".to_owned(),
        word if noun.mine => format!("my {word}"),
        word => format!("the {word}"),
    }
}

/// The noun as something new: with `a`, or without where there are many or it is a mass.
fn indefinite(noun: &Noun, adjective: &str) -> String {
    let named =
        if adjective.is_empty() { noun.word.to_owned() } else { format!("{adjective} {}", noun.word) };
    match named {
        named if noun.mine => format!("my {named}"),
        named if !(noun.plural || is_mass(noun.word)) => format!("{} {named}", article(&named)),
        named => named,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::form::Form;
    use crate::corpus::grammar::capital;

    #[test]
    fn a_list_keeps_its_pattern_and_a_broken_one_does_not() {
        let lexicon = Lexicon::new();
        for topic in 0..lexicon.topics.len() {
            for round in 0..60 {
                let mut chance = Chance::new(round, topic as u64);
                for (flaw, kept) in [(Flaw::None, true), (Flaw::Drifts, true), (Flaw::BreaksRhyme, false)] {
                    let text = list(&lexicon, topic, flaw, &mut chance);
                    let lines: Vec<&str> = text.lines().collect();
                    assert!((3..=4).contains(&lines.len()), "{text}");
                    assert_eq!(is_list(&lines), kept, "{flaw:?}: {text}");
                    assert!(Form::List.is_meant_by(&lines), "{text}");
                }
            }
        }
    }

    #[test]
    fn capitals_begin_every_line_and_a_stop_ends_it() {
        let lexicon = Lexicon::new();
        for topic in 0..lexicon.topics.len() {
            let text = list(&lexicon, topic, Flaw::None, &mut Chance::new(1, topic as u64));
            for line in text.lines() {
                assert!(
                    line == capital(line) && line.ends_with(['.', '?']) && !line.contains("?."),
                    "{text}"
                );
            }
        }
    }
}
