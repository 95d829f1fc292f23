//! Composes poems: a rhyme scheme, then a line for each place of it, filled from the topic's frame.
//!
//! Metre: iambic tetrameter (eight syllables) throughout, and in ballads six syllables in lines two and four. Every
//! template says in a comment how its feet add up.

use super::grammar::progressive;
use super::lexicon::Lexicon;
use super::poet::Poet;
use super::random::Chance;
use super::verse::{Line, punctuate, stop_early};

/// What an unskilled poet gets wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flaw {
    None,
    /// No rhyme; in a haiku other syllables, in a list no pattern.
    BreaksRhyme,
    Drifts,
    StopsEarly,
}

const SEES: [&str; 5] = ["I watch", "I see", "we watch", "come watch", "I love to"];

/// A poem of `lines` lines (two, three or four) about the topic at `place`.
pub(crate) fn poem(lexicon: &Lexicon, place: usize, lines: usize, flaw: Flaw, chance: &mut Chance) -> String {
    let Some(topic) = lexicon.topics.get(place) else { return String::new() };
    for _ in 0..400 {
        if let Some(written) = Poet::new(lexicon, topic, chance).write(lines, flaw) {
            let mut text = punctuate(&written);
            if flaw == Flaw::StopsEarly {
                text = stop_early(&text);
            }
            return text;
        }
    }
    String::new()
}

impl Poet<'_> {
    fn write(&mut self, lines: usize, flaw: Flaw) -> Option<Vec<Line>> {
        let mut classes: Vec<usize> = Vec::new();
        while classes.len() < 4 {
            let class = self.chance.below(self.lexicon.rhymes.len());
            if !classes.contains(&class) {
                classes.push(class);
            }
        }
        let ballad = lines == 4 && self.chance.per_cent(40);
        let mut scheme: Vec<usize> = match lines {
            2 => vec![0, 0],
            3 => vec![0, 0, 0],
            _ if ballad => vec![1, 0, 2, 0],
            _ if self.chance.per_cent(30) => vec![0, 1, 0, 1],
            _ => vec![0, 0, 1, 1],
        };
        if flaw == Flaw::BreaksRhyme {
            scheme = vec![0, 1, 2, 3];
            scheme.truncate(lines);
        }
        let mut written = vec![self.attempt(|poet| poet.open(*classes.get(*scheme.first()?)?))?];
        if flaw == Flaw::Drifts {
            self.topic = self.chance.pick(&self.lexicon.topics)?;
            self.subject = *self.topic.own.first()?;
            self.plain = self.noun().plural;
        }
        for (place, &slot) in scheme.iter().enumerate().skip(1) {
            let class = *classes.get(slot)?;
            let last = place + 1 == lines;
            let line = self.attempt(|poet| match (place, ballad) {
                (1, true) => poet.short(class, false),
                (3, true) => poet.short(class, true),
                _ if last && poet.chance.per_cent(if lines == 2 { 55 } else { 72 }) => poet.close(class, 'C'),
                (2, _) => poet.scene(class),
                _ => poet.follow(class),
            })?;
            written.push(line);
        }
        Some(written)
    }

    /// The first line: the topic's own noun, doing something.
    fn open(&mut self, class: usize) -> Option<Line> {
        self.take(&self.topic.own)?;
        self.statement(class)
    }

    /// A line about the company, or about the topic again.
    pub(super) fn scene(&mut self, class: usize) -> Option<Line> {
        if self.chance.per_cent(75) {
            self.take(&self.topic.company)?
        } else {
            self.take(&self.topic.own)?
        }
        self.statement(class)
    }

    /// A whole statement of eight syllables about the subject.
    fn statement(&mut self, class: usize) -> Option<Line> {
        let two = self.noun().two_syllables;
        let (text, continues) = match self.chance.below(if two { 8 } else { 18 }) {
            // the RIV-er SINGS be-NEATH the MOON
            0 | 1 if two => {
                let (named, verb) = (self.named(""), self.verb()?);
                (format!("{named} {verb} {}", self.ending(class, '4', false)?), false)
            }
            // the QUI-et RIV-er SINGS all DAY
            2 | 3 if two => {
                let long = self.long()?;
                let (named, verb) = (self.named(long), self.verb()?);
                (format!("{named} {verb} {}", self.ending(class, '2', false)?), false)
            }
            // oh RIV-er SING be-NEATH the MOON
            4 if two => {
                if self.noun().mine {
                    return None;
                }
                self.plain = true;
                let (word, verb) = (self.noun().word, self.verb()?);
                (addressed(&format!("oh, {word}, {verb} {}", self.ending(class, '4', false)?)), false)
            }
            // the RIV-er STILL has LOST its WAY
            6 | 7 if two => {
                let form = if self.living() && self.chance.per_cent(70) { 'L' } else { 'V' };
                let now = self.chance.pick(&["now", "still", "here"])?.to_owned();
                let (named, deed) = (self.named(""), self.deed(class, form)?);
                (format!("{named} {now} {deed}"), false)
            }
            // and STILL the RIV-er SINGS all DAY
            5 if two => {
                let (front, the, verb) = (self.front()?.to_owned(), self.the(), self.verb()?);
                (format!("{front} {the} {verb} {}", self.ending(class, '2', false)?), joins(&front))
            }
            // the TIDE rolls SOFT-ly TO the SHORE
            0 => {
                let (named, verb, adverb) = (self.named(""), self.verb()?, self.adverb()?);
                (format!("{named} {verb} {adverb} {}", self.ending(class, '3', false)?), false)
            }
            // the SIL-ver TIDE rolls TO the SHORE
            1 | 2 => {
                let long = self.long()?;
                let (named, verb) = (self.named(long), self.verb()?);
                (format!("{named} {verb} {}", self.ending(class, '3', false)?), false)
            }
            // the TIDE rolls IN be-NEATH the MOON
            3 | 4 => {
                let particles = &self.lexicon.classes.get(self.noun().class)?.particles;
                let particle = *self.chance.pick(particles)?;
                let verb = self.inflect(particle)?;
                (format!("{} {verb} {}", self.named(""), self.ending(class, '4', false)?), false)
            }
            // I WATCH the TIDE roll TO the SHORE
            5 => {
                let sees = self.chance.pick(&SEES)?.to_string();
                let sees = if sees == "I love to" { "I see".to_owned() } else { sees };
                self.plain = true;
                let verb = self.verb()?;
                (format!("{sees} {} {verb} {}", self.the(), self.ending(class, '3', false)?), false)
            }
            // the TIDE is SING-ing TO the SHORE
            6 => {
                let (verb, is) = (progressive(self.plain_verb()?), if self.plain { "are" } else { "is" });
                (format!("{} {is} {verb} {}", self.named(""), self.ending(class, '3', false)?), false)
            }
            // oh SIL-ver TIDE, roll TO the SHORE
            7 => {
                if self.noun().mine {
                    return None;
                }
                self.plain = true;
                let (long, verb, word) = (self.long()?, self.verb()?, self.noun().word);
                (addressed(&format!("oh, {long} {word}, {verb} {}", self.ending(class, '3', false)?)), false)
            }
            // the TIDE, so DEEP, rolls TO the SHORE
            8 => {
                let (short, verb) = (self.short_adjective()?, self.verb()?);
                (format!("{}, so {short}, {verb} {}", self.the(), self.ending(class, '3', false)?), false)
            }
            // and STILL the TIDE rolls TO the SHORE
            9 => {
                let (front, the, verb) = (self.front()?.to_owned(), self.the(), self.verb()?);
                (format!("{front} {the} {verb} {}", self.ending(class, '3', false)?), joins(&front))
            }
            // the SIL-ver TIDE has LOST its WAY
            11.. => {
                let long = self.long()?;
                let form = if self.living() && self.chance.per_cent(70) { 'L' } else { 'V' };
                let (named, deed) = (self.named(long), self.deed(class, form)?);
                (format!("{named} {deed}"), false)
            }
            // the SIL-ver TIDE will SING all DAY
            _ => {
                self.plain = true;
                let (long, verb) = (self.long()?, self.plain_verb()?);
                (format!("{} will {verb} {}", self.named(long), self.ending(class, '2', false)?), false)
            }
        };
        Some(Line { text, continues, adjunct: false })
    }

    /// A line that goes on from the subject just named.
    fn follow(&mut self, class: usize) -> Option<Line> {
        let text = match self.chance.below(7) {
            // and SOFT-ly SINGS be-NEATH the MOON
            0 | 1 => {
                let (adverb, verb) = (self.adverb()?, self.verb()?);
                format!("and {adverb} {verb} {}", self.ending(class, '4', false)?)
            }
            // so SOFT, so SLOW, be-NEATH the MOON
            2 => {
                let (first, second) = (self.short_adjective()?, self.short_adjective()?);
                format!("so {first}, so {second}, {}", self.ending(class, '4', false)?)
            }
            // and SINGS and GLOWS be-NEATH the MOON
            3 => {
                let (first, second) = (self.verb()?, self.verb()?);
                format!("and {first} and {second} {}", self.ending(class, '4', false)?)
            }
            // and SINGS be-NEATH the SIL-ver MOON
            4 => {
                let verb = self.verb()?;
                format!("and {verb} {}", self.ending(class, '4', true)?)
            }
            // and EV-ery GULL flies TO the SHORE / and ALL the STARS shine IN the NIGHT
            _ => {
                self.take(&self.topic.company)?;
                let noun = self.noun();
                if noun.two_syllables || noun.mine {
                    return None;
                }
                let (plural, countable, word) = (noun.plural, noun.countable, noun.word);
                let front = if plural {
                    format!("and all the {word}")
                } else if countable && self.chance.per_cent(50) {
                    format!("and every {word}")
                } else {
                    let join = [
                        "and then the",
                        "and soon the",
                        "because the",
                        "until the",
                        "before the",
                        "and oh, the",
                    ];
                    format!("{} {word}", self.chance.pick(&join)?)
                };
                let verb = self.verb()?;
                format!("{front} {verb} {}", self.ending(class, '3', false)?)
            }
        };
        if text.starts_with("and") && text.split(' ').nth(1) == text.split(' ').nth(3) {
            return None;
        }
        Some(Line { text, continues: true, adjunct: false })
    }

    /// A line of six syllables, for ballads.
    fn short(&mut self, class: usize, last: bool) -> Option<Line> {
        if last && self.chance.per_cent(60) {
            return self.close(class, 'D');
        }
        Some(match self.chance.below(4) {
            // be-NEATH the SIL-ver MOON
            0 | 1 => Line { text: self.ending(class, '4', true)?, continues: true, adjunct: true },
            // and SINGS be-NEATH the MOON
            2 => {
                let verb = self.verb()?;
                let text = format!("and {verb} {}", self.ending(class, '4', false)?);
                Line { text, continues: true, adjunct: true }
            }
            // so SOFT be-NEATH the MOON
            _ => {
                let short = self.short_adjective()?;
                let text = format!("so {short} {}", self.ending(class, '4', false)?);
                Line { text, continues: true, adjunct: false }
            }
        })
    }

    /// A closing line written whole, in which a noun of the topic may stand.
    pub(super) fn close(&mut self, class: usize, form: char) -> Option<Line> {
        let mut text = self.ending(class, form, false)?;
        if text.contains("{n}") {
            let nouns: Vec<&'static str> = (self.topic.own.iter().chain(&self.topic.company))
                .filter_map(|&place| self.lexicon.nouns.get(place))
                .filter(|noun| !noun.two_syllables && !noun.plural && !noun.mine)
                .map(|noun| noun.word)
                .collect();
            text = text.replace("{n}", self.chance.pick(&nouns)?);
        }
        let adds = ["a ", "the best", "the happiest", "without "].iter().any(|front| text.starts_with(front));
        let continues = adds || joins(&text);
        Some(Line { text, continues, adjunct: false })
    }
}

/// A line spoken to its subject: what is its own is yours.
fn addressed(line: &str) -> String {
    ["its", "their", "his", "her"]
        .iter()
        .fold(line.to_owned(), |line, owner| line.replace(&format!(" {owner} "), " your "))
}

/// Whether a line that begins so goes on from the one before.
fn joins(front: &str) -> bool {
    let first = front.split(' ').next().unwrap_or(front);
    ["and", "but", "so", "as", "for", "with", "while", "without"].contains(&first)
}
