//! The poet at work: who is being spoken of, what has been used, and words chosen from the subject's frame.
//!
//! Knows lines and words, not forms: `poem` makes rhymed verse with it, `haiku` and `list` what their names say.

use super::grammar::{article, present};
use super::lexicon::{Ending, Lexicon, Noun, Topic, last_word, rhyme_root};
use super::random::Chance;
use super::verse::{Line, stem, weighty};

const FRONTS: [&str; 8] =
    ["today", "at last", "once more", "and still", "and then", "and soon", "but still", "and now"];

/// The poem in the making: what has been used, and who is being spoken of.
pub(super) struct Poet<'a> {
    pub(super) lexicon: &'a Lexicon,
    pub(super) topic: &'a Topic,
    pub(super) chance: &'a mut Chance,
    pub(super) used: Vec<String>,
    pub(super) roots: Vec<String>,
    pub(super) subject: usize,
    /// Whether the verb that follows takes its plain form.
    pub(super) plain: bool,
    /// `her` or `his`, for people.
    pub(super) owner: &'static str,
}

impl<'a> Poet<'a> {
    /// A poet before the first line; people of the poem are `her` or `his` alike often.
    pub(super) fn new(lexicon: &'a Lexicon, topic: &'a Topic, chance: &'a mut Chance) -> Self {
        let owner = if chance.per_cent(50) { "her" } else { "his" };
        Self { lexicon, topic, chance, used: Vec::new(), roots: Vec::new(), subject: 0, plain: false, owner }
    }
}

impl Poet<'_> {
    /// Tries a line until one fits: no word of weight twice, no end word twice.
    pub(super) fn attempt(&mut self, make: impl Fn(&mut Self) -> Option<Line>) -> Option<Line> {
        let (subject, plain) = (self.subject, self.plain);
        for _ in 0..40 {
            (self.subject, self.plain) = (subject, plain);
            let Some(line) = make(self) else { continue };
            let end = rhyme_root(last_word(&line.text)).to_owned();
            let words = weighty(&line.text);
            let own = stem(self.noun().word);
            let fresh = words.iter().all(|word| *word == own || !self.used.contains(word));
            let inside = words.iter().filter(|word| **word == stem(&end)).count() <= 1;
            let mut once = words.clone();
            once.sort();
            once.dedup();
            if fresh && inside && once.len() == words.len() && !self.roots.contains(&end) {
                self.used.extend(words);
                self.roots.push(end);
                return Some(line);
            }
        }
        None
    }

    pub(super) fn noun(&self) -> &Noun {
        self.lexicon.nouns.get(self.subject).unwrap_or(&self.lexicon.nouns[0])
    }

    pub(super) fn front(&mut self) -> Option<&'static str> {
        let known = if self.roots.is_empty() { 4 } else { FRONTS.len() };
        self.chance.pick(FRONTS.get(..known)?).copied()
    }

    pub(super) fn living(&self) -> bool {
        ["person", "beast", "bird", "fish"].contains(&self.class_name())
    }

    pub(super) fn class_name(&self) -> &'static str {
        self.lexicon.classes.get(self.noun().class).map_or("", |class| class.name)
    }

    pub(super) fn take(&mut self, from: &[usize]) -> Option<()> {
        self.subject = *self.chance.pick(from)?;
        self.plain = self.noun().plural;
        Some(())
    }

    pub(super) fn verb(&mut self) -> Option<String> {
        let verb = self.plain_verb()?;
        self.inflect(verb)
    }

    /// The verb as the subject wants it; nothing where `dances` would add a syllable to `dance` and break the metre.
    pub(super) fn inflect(&self, verb: &str) -> Option<String> {
        let head = verb.split(' ').next().unwrap_or(verb);
        let grows = ["ce", "se", "sh", "ch", "ge", "ze"].iter().any(|end| head.ends_with(end));
        if grows && !self.plain { None } else { Some(present(verb, self.plain)) }
    }

    pub(super) fn plain_verb(&mut self) -> Option<&'static str> {
        let class = self.lexicon.classes.get(self.noun().class)?;
        self.chance.pick(&class.verbs).copied()
    }

    pub(super) fn adverb(&mut self) -> Option<&'static str> {
        let class = self.lexicon.classes.get(self.noun().class)?;
        self.chance.pick(&class.adverbs).copied()
    }

    pub(super) fn long(&mut self) -> Option<&'static str> {
        let noun = self.lexicon.nouns.get(self.subject)?;
        self.chance.pick(&noun.long_adjectives).copied()
    }

    pub(super) fn short_adjective(&mut self) -> Option<&'static str> {
        let noun = self.lexicon.nouns.get(self.subject)?;
        self.chance.pick(&noun.short_adjectives).copied()
    }

    /// An ending of the wanted form in the class, themed ones three times as likely.
    pub(super) fn ending(&mut self, class: usize, form: char, room: bool) -> Option<String> {
        let (worlds, living) = (self.topic.worlds, self.living());
        let fits = |ending: &&Ending| {
            ending.form == form
                && (!room || ending.text.contains('~'))
                && ending
                    .worlds
                    .chars()
                    .any(|world| world == 'a' || (world == 'l' && living) || worlds.contains(world))
        };
        let found: Vec<&Ending> = self.lexicon.rhymes.get(class)?.iter().filter(fits).collect();
        let weights: Vec<usize> =
            found.iter().map(|ending| if ["a", "l"].contains(&ending.worlds) { 1 } else { 3 }).collect();
        if found.is_empty() {
            return None;
        }
        let text = found.get(self.chance.weighted(&weights))?.text;
        let text = self.agreeing(text);
        if room {
            let adjective = self.chance.pick(self.lexicon.scenery.get(last_word(&text))?)?;
            return Some(text.replace('~', &format!("{adjective} ")));
        }
        Some(text.replace('~', ""))
    }

    /// `it` and `its` for the subject, as they must be for it.
    fn pronouns(&self) -> [&'static str; 2] {
        let person = |owner: &str| if owner == "her" { ["she", "her"] } else { ["he", "his"] };
        let noun = self.noun();
        match self.class_name() {
            _ if noun.plural => ["they", "their"],
            "person" => match noun.word {
                "mother" | "grandma" => person("her"),
                "king" | "knight" => person("his"),
                "crowd" | "band" | "robot" => ["it", "its"],
                _ => person(self.owner),
            },
            _ => ["it", "its"],
        }
    }

    /// A text of the tables with verbs and pronouns that agree with the subject. Slots: `{s}` and `{es}` a verb's ending,
    /// `{has}`, `{is}`, `{does}`, `{it}`, and `{p}` for its.
    pub(super) fn agreeing(&self, text: &str) -> String {
        let [it, its] = self.pronouns();
        let (ending, more, has, is, does) =
            if self.plain { ("", "", "have", "are", "do") } else { ("s", "es", "has", "is", "does") };
        let text = text.replace("{p}", its).replace("{s}", ending).replace("{es}", more);
        text.replace("{has}", has).replace("{is}", is).replace("{does}", does).replace("{it}", it)
    }

    /// What the subject does, four syllables; after a modal verb what follows takes its plain form too.
    pub(super) fn deed(&mut self, class: usize, form: char) -> Option<String> {
        let deed = self.ending(class, form, false)?;
        self.plain |= ["will ", "would ", "must "].iter().any(|modal| deed.starts_with(modal));
        Some(deed)
    }

    /// The subject with its article, as a line may begin with it.
    pub(super) fn named(&mut self, adjective: &str) -> String {
        let (mine, countable, word) = (self.noun().mine, self.noun().countable, self.noun().word);
        let first = if word == "time" {
            "old"
        } else if mine {
            if self.chance.per_cent(70) { "my" } else { "our" }
        } else if countable && self.roots.is_empty() && self.chance.per_cent(35)
            || countable && !self.topic.own.contains(&self.subject) && self.chance.per_cent(30)
        {
            article(if adjective.is_empty() { word } else { adjective })
        } else {
            "the"
        };
        if adjective.is_empty() { format!("{first} {word}") } else { format!("{first} {adjective} {word}") }
    }

    pub(super) fn the(&self) -> String {
        let noun = self.noun();
        let first = match noun.word {
            "time" => "old",
            _ if noun.mine => "my",
            _ => "the",
        };
        format!("{first} {}", noun.word)
    }
}
