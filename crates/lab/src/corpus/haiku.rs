//! Composes haiku: five, seven and five syllables, without rhyme.
//!
//! The first line names the topic's own noun or says what it does, the second goes on or looks at its company, the
//! third lands. Every template says in a comment how its syllables add up.

use super::form::is_haiku;
use super::grammar::{article, is_mass};
use super::haiku_lines::{ASIDES, DOINGS, LANDINGS, PLACED, SETTINGS_OF_THREE, SETTINGS_OF_TWO};
use super::lexicon::Lexicon;
use super::poem::Flaw;
use super::poet::Poet;
use super::random::Chance;
use super::verse::{Line, punctuate, stop_early};

/// What a first line does, which decides how the second may go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Opening {
    /// Names the subject and nothing else: `a red fox at dawn`.
    Names,
    /// Says what it does.
    Acts,
    /// Says what it is like.
    Is,
}

/// A haiku about the topic at `place`. A poet who breaks rhymes elsewhere miscounts here.
pub(super) fn haiku(lexicon: &Lexicon, place: usize, flaw: Flaw, chance: &mut Chance) -> String {
    let Some(topic) = lexicon.topics.get(place) else { return String::new() };
    for _ in 0..400 {
        if let Some(written) = Poet::new(lexicon, topic, chance).haiku(flaw) {
            let text = punctuate(&written);
            // A line that was meant to miscount may come out right after all.
            if is_haiku(&text.lines().collect::<Vec<_>>()) == (flaw == Flaw::BreaksRhyme) {
                continue;
            }
            return if flaw == Flaw::StopsEarly { stop_early(&text) } else { text };
        }
    }
    String::new()
}

/// All last lines and settings, slots as in the rhyme tables.
pub(super) fn phrases() -> impl Iterator<Item = String> {
    let rows = [LANDINGS, DOINGS, ASIDES, SETTINGS_OF_TWO, SETTINGS_OF_THREE].into_iter().flat_map(rows);
    rows.flat_map(|(_, texts)| texts.split(';')).flat_map(with_pronouns)
}

/// The text with each pronoun that a subject may have; other slots stay.
pub(super) fn with_pronouns(text: &str) -> Vec<String> {
    let pronouns: &[&str] = if text.contains("{it}") { &["it", "they", "she", "he"] } else { &[""] };
    let does = |text: String| ["does", "do"].map(|does| text.replace("{does}", does));
    pronouns.iter().flat_map(|pronoun| does(text.replace("{it}", pronoun))).collect()
}

fn rows(table: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    table.lines().filter_map(|row| row.split_once('|'))
}

impl Poet<'_> {
    fn haiku(&mut self, flaw: Flaw) -> Option<Vec<Line>> {
        self.take(&self.topic.own)?;
        let opening = match self.chance.below(10) {
            0..=6 if self.noun().word != "time" => Opening::Names,
            0..=8 => Opening::Acts,
            _ => Opening::Is,
        };
        let miscounts = if flaw == Flaw::BreaksRhyme { 1 + self.chance.below(3) } else { 0 };
        let first = self.attempt(|poet| poet.first(opening))?;
        if flaw == Flaw::Drifts {
            self.topic = self.chance.pick(&self.lexicon.topics)?;
            self.subject = *self.topic.own.first()?;
            self.plain = self.noun().plural;
        }
        // Whoever miscounts writes a line of eight syllables or of six, which rhymes with nothing.
        let (long, short) = (self.rhyme_class(), self.rhyme_class());
        let second = if miscounts & 1 == 1 {
            self.attempt(|poet| poet.scene(long))?
        } else {
            self.attempt(|poet| poet.second(opening))?
        };
        let third = if miscounts & 2 == 2 {
            self.attempt(|poet| poet.close(short, 'D'))?
        } else {
            self.attempt(Self::landing)?
        };
        Some(vec![first, second, third])
    }

    /// Any rhyme class: nothing in a haiku is bound to it.
    fn rhyme_class(&mut self) -> usize {
        self.chance.below(self.lexicon.rhymes.len())
    }

    /// Five syllables that name one of the topic's own nouns, or a sentence about it.
    fn first(&mut self, opening: Opening) -> Option<Line> {
        let noun = self.noun();
        let (two, bare, word) = (noun.two_syllables, noun.plural || is_mass(noun.word), noun.word);
        let draw = self.chance.below(4);
        let text = match (opening, two, draw) {
            // Look, a si-lent whale / look, a red ro-bin
            (Opening::Names, _, 0) => {
                let adjective = if two { self.short_adjective()? } else { self.long()? };
                format!("look, {}", self.introduced(adjective))
            }
            // a red fox at dawn
            (Opening::Names, false, 1) => {
                let short = self.short_adjective()?;
                format!("{} {}", self.introduced(short), self.setting(SETTINGS_OF_TWO)?)
            }
            // soft rain on the roof / sil-ver rain at dawn
            (Opening::Names, false, _) if bare => {
                let (adjective, setting) = if draw == 2 {
                    (self.short_adjective()?, SETTINGS_OF_THREE)
                } else {
                    (self.long()?, SETTINGS_OF_TWO)
                };
                format!("{adjective} {word} {}", self.setting(setting)?)
            }
            // one fox by the gate
            (Opening::Names, false, 2) => {
                let one = if self.noun().mine { "my" } else { "one" };
                format!("{one} {word} {}", self.setting(SETTINGS_OF_THREE)?)
            }
            // a small and sly fox
            (Opening::Names, false, _) => {
                let (first, second) = (self.short_adjective()?, self.short_adjective()?);
                self.introduced(&format!("{first} and {second}"))
            }
            // the spi-der at dawn
            (Opening::Names, true, 1) => format!("{} {}", self.the(), self.setting(SETTINGS_OF_TWO)?),
            // a qui-et ri-ver
            (Opening::Names, true, _) => {
                let long = self.long()?;
                self.introduced(long)
            }
            // the tide rolls at night
            (Opening::Acts, false, 0 | 1) => {
                let verb = self.verb()?;
                format!("{} {verb} {}", self.the(), self.setting(SETTINGS_OF_TWO)?)
            }
            // the fox is so sly / the spi-der is shy
            (Opening::Is, ..) => {
                let is = if self.plain { "are" } else { "is" };
                let so = if two { "" } else { "so " };
                format!("{} {is} {so}{}", self.the(), self.short_adjective()?)
            }
            // the sil-ver tide rolls
            (Opening::Acts, false, _) => {
                let (long, verb) = (self.long()?, self.verb()?);
                format!("{} {verb}", self.introduced(long))
            }
            // the shy spi-der waits
            (Opening::Acts, true, _) => {
                let (short, verb) = (self.short_adjective()?, self.verb()?);
                format!("{} {verb}", self.introduced(short))
            }
        };
        Some(Line { text, continues: false, adjunct: false })
    }

    /// Seven syllables that go on from the noun just named or from its sentence, or that look elsewhere.
    fn second(&mut self, opening: Opening) -> Option<Line> {
        match (opening, self.chance.below(10)) {
            (Opening::Names, 0..=6) => self.does(),
            (Opening::Names, 7) => self.inventory(),
            (Opening::Acts | Opening::Is, 0..=2) => self.goes_on(),
            // the tide rolls at night, soft-ly and slow-ly, at last
            (Opening::Acts, 3) => {
                let (first, second) = (self.adverb()?, self.adverb()?);
                let text = format!("{first} and {second}, {}", self.setting(SETTINGS_OF_TWO)?);
                Some(Line { text, continues: true, adjunct: false })
            }
            _ => self.elsewhere(),
        }
    }

    /// What the noun of the first line does; no stop stands between.
    fn does(&mut self) -> Option<Line> {
        let class = self.rhyme_class();
        let text = match self.chance.below(16) {
            // creeps soft-ly be-neath the moon
            0 => format!("{} {} {}", self.verb()?, self.adverb()?, self.ending(class, '4', false)?),
            // flies home and sings in the grass
            1 | 2 => {
                // Going home is of another place than the subject's own.
                let particle = self.particle().filter(|text| !text.ends_with(" home"))?;
                format!("{particle} and {} {}", self.verb()?, self.setting(SETTINGS_OF_THREE)?)
            }
            // sings and glows be-neath the moon
            3 | 4 => format!("{} and {} {}", self.verb()?, self.verb()?, self.ending(class, '4', false)?),
            // leaves small prints all down the lane
            _ => {
                let found = self.tagged(DOINGS);
                let weights: Vec<usize> =
                    found.iter().map(|(tag, _)| if *tag == "a" { 1 } else { 2 }).collect();
                let (_, text) = *found.get(self.chance.weighted(&weights))?;
                self.agreeing(text)
            }
        };
        Some(Line { text, continues: false, adjunct: true })
    }

    /// Goes on from a sentence.
    fn goes_on(&mut self) -> Option<Line> {
        // and hums soft-ly in the grass
        let text = format!("and {} {} {}", self.verb()?, self.adverb()?, self.setting(SETTINGS_OF_THREE)?);
        Some(Line { text, continues: true, adjunct: false })
    }

    /// Three things that are there as well: a roof, a street, and the frog.
    fn inventory(&mut self) -> Option<Line> {
        let mut things = Vec::new();
        for _ in 0..3 {
            self.take(&self.topic.company)?;
            if self.noun().two_syllables || self.noun().mine {
                return None;
            }
            things.push(self.introduced(""));
        }
        self.plain = true;
        let text = format!("{}, {}, and {}", things.first()?, things.get(1)?, things.get(2)?);
        Some(Line { text, continues: true, adjunct: false })
    }

    /// A sentence about the company.
    fn elsewhere(&mut self) -> Option<Line> {
        let class = self.rhyme_class();
        self.take(&self.topic.company)?;
        // What things do that are not alive is said better in the asides.
        let (living, draw) = (self.living(), self.chance.below(8));
        let mut continues = false;
        let text = match (self.noun().two_syllables, draw) {
            // the ri-ver sings in the dark
            (true, _) if draw < 4 || !living => {
                let verb = self.verb()?;
                format!("{} {verb} {}", self.the(), self.setting(SETTINGS_OF_THREE)?)
            }
            // the ri-ver has lost its way
            (true, _) => format!("{} {}", self.the(), self.deed(class, 'L')?),
            // the gull flies home by the sea
            (false, 0) => {
                let particle = self.particle()?;
                format!("{} {particle} {}", self.the(), self.setting(SETTINGS_OF_THREE)?)
            }
            // the sleep-y owl calls at night
            (false, 1) => {
                let (long, verb) = (self.long()?, self.verb()?);
                format!("{} {verb} {}", self.introduced(long), self.setting(SETTINGS_OF_TWO)?)
            }
            // and the moon has lost its way
            (false, 2) if living => {
                continues = true;
                format!("and {} {}", self.the(), self.deed(class, 'L')?)
            }
            // the red fox has lost its way
            (false, 3) if living => {
                let short = self.short_adjective()?;
                format!("{} {}", self.introduced(short), self.deed(class, 'L')?)
            }
            // the owl looks the oth-er way
            (false, _) => {
                let found = self.tagged(ASIDES);
                let (_, text) = *self.chance.pick(&found)?;
                format!("{} {}", self.the(), self.agreeing(text))
            }
        };
        Some(Line { text, continues, adjunct: false })
    }

    /// The last line, of five syllables; one that fits this subject or its world three times as likely.
    fn landing(&mut self) -> Option<Line> {
        self.plain = self.noun().plural;
        let found = self.tagged(LANDINGS);
        let weights: Vec<usize> = found.iter().map(|(tag, _)| if *tag == "a" { 1 } else { 3 }).collect();
        let (_, text) = *found.get(self.chance.weighted(&weights))?;
        let mut text = self.agreeing(text);
        if text.contains("{n}") {
            let nouns: Vec<&'static str> = (self.topic.company.iter())
                .filter_map(|&place| self.lexicon.nouns.get(place))
                .filter(|noun| !(noun.two_syllables || noun.plural || noun.mine || noun.word == "time"))
                .map(|noun| noun.word)
                .collect();
            text = text.replace("{n}", self.chance.pick(&nouns)?);
        }
        let continues = text.starts_with("and ");
        Some(Line { text, continues, adjunct: false })
    }

    /// Where or when, in as many syllables as the table has.
    fn setting(&mut self, table: &'static str) -> Option<&'static str> {
        let found = self.tagged(table);
        self.chance.pick(&found).map(|(_, text)| *text)
    }

    /// The texts of a table that suit the topic's worlds and the subject.
    fn tagged(&self, table: &'static str) -> Vec<(&'static str, &'static str)> {
        let (class, worlds) = (self.class_name(), self.topic.worlds);
        let settings = [SETTINGS_OF_TWO, SETTINGS_OF_THREE].contains(&table);
        let suits = |tag: &str| match tag {
            "a" => true,
            "time" => !["light", "season"].contains(&class),
            "living" => self.living(),
            world if world.len() == 1 => worlds.contains(world) && (!settings || PLACED.contains(&class)),
            classes => classes.split(',').any(|known| known == class),
        };
        let rows = rows(table).filter(|(tag, _)| suits(tag));
        rows.flat_map(|(tag, texts)| texts.split(';').map(move |text| (tag, text))).collect()
    }

    /// Verb and particle of the subject.
    fn particle(&mut self) -> Option<String> {
        let particles = &self.lexicon.classes.get(self.noun().class)?.particles;
        let particle = *self.chance.pick(particles)?;
        self.inflect(particle)
    }

    /// The subject with a determiner of one syllable, as it is first spoken of.
    pub(super) fn introduced(&mut self, adjective: &str) -> String {
        let noun = self.noun();
        let (word, countable) = (noun.word, noun.countable && !noun.plural);
        if !countable || self.chance.per_cent(30) {
            let the = self.the();
            return if adjective.is_empty() { the } else { the.replacen(' ', &format!(" {adjective} "), 1) };
        }
        let next = if adjective.is_empty() { word } else { adjective };
        let noun = if adjective.is_empty() { word.to_owned() } else { format!("{adjective} {word}") };
        format!("{} {noun}", article(next))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::form::Form;
    use crate::corpus::syllables::of_line;

    #[test]
    fn landings_have_five_syllables_and_settings_their_own() {
        for (table, wanted) in
            [(LANDINGS, 5), (DOINGS, 7), (ASIDES, 5), (SETTINGS_OF_TWO, 2), (SETTINGS_OF_THREE, 3)]
        {
            for text in rows(table).flat_map(|(_, texts)| texts.split(';')) {
                let it = text.replace("{it}", "it").replace("{s}", "s").replace("{es}", "es");
                let it = it.replace("{has}", "has").replace("{is}", "is").replace("{does}", "does");
                let it = it.replace("{p}", "its").replace("{n}", "moon");
                assert_eq!(of_line(&it), wanted, "{it}");
            }
        }
    }

    #[test]
    fn a_haiku_keeps_its_form_and_a_miscounted_one_does_not() {
        let lexicon = Lexicon::new();
        for topic in 0..lexicon.topics.len() {
            for round in 0..60 {
                let mut chance = Chance::new(round, topic as u64);
                for (flaw, kept) in [(Flaw::None, true), (Flaw::Drifts, true), (Flaw::BreaksRhyme, false)] {
                    let text = haiku(&lexicon, topic, flaw, &mut chance);
                    let counts: Vec<usize> = text.lines().map(of_line).collect();
                    assert_eq!(counts == [5, 7, 5], kept, "{flaw:?}: {text}");
                    let lines: Vec<&str> = text.lines().collect();
                    assert!(Form::Haiku.is_meant_by(&lines), "{text}");
                }
            }
        }
    }
}
