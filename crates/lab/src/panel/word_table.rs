//! What is known of each word of the poet's lexicon: its sound, its syllables, the noun it is, where it is at home.
//!
//! Made once from the tables, so that checking a poem is one look-up per word.

use std::collections::HashMap;

use super::vocabulary::{TEMPLATES, words};
use crate::corpus::form;
use crate::corpus::grammar::{plural, present, progressive};
use crate::corpus::lexicon::{Lexicon, last_word, rhyme_root};
use crate::corpus::syllables::syllables;
use crate::corpus::verse::{stem, weighty};

/// A kind of word; words of one kind may stand in each other's place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    Noun,
    Plural,
    Adjective,
    Adverb,
    Verb,
    VerbS,
    VerbIng,
}

/// One word.
#[derive(Debug, Clone, Default)]
pub(super) struct Word {
    /// Number of the word.
    pub(super) id: usize,
    pub(super) syllables: usize,
    /// Rhyme class, of words that end lines.
    pub(super) sound: Option<usize>,
    /// Number that words share which repeat rather than rhyme: `night`, `tonight`.
    pub(super) root: usize,
    /// Number that forms of one word share; none for words without weight.
    pub(super) stem: Option<usize>,
    pub(super) noun: Option<usize>,
    /// Worlds of the scenery that the word ends.
    pub(super) worlds: String,
    pub(super) sorts: Vec<Sort>,
}

/// All words, in lower case.
#[derive(Debug)]
pub(super) struct WordTable {
    words: HashMap<String, Word>,
    numbers: HashMap<String, usize>,
}

impl WordTable {
    pub(super) fn new(lexicon: &Lexicon) -> Self {
        let mut table = Self { words: HashMap::new(), numbers: HashMap::new() };
        let fixed = form::openings()
            .into_iter()
            .chain(form::phrases().into_iter().flat_map(|text| forms(&text, " ")));
        for text in fixed.chain([TEMPLATES.to_owned()]) {
            words(&text).for_each(|word| {
                table.entry(word);
            });
        }
        for class in &lexicon.classes {
            for &verb in &class.verbs {
                table.add(verb, 1, Sort::Verb);
                let after_it = present(verb, false);
                table.add(&after_it, syllables(&after_it), Sort::VerbS);
                table.add(&progressive(verb), 2, Sort::VerbIng);
            }
            for (verb, particle) in class.particles.iter().filter_map(|text| text.split_once(' ')) {
                table.add(verb, 1, Sort::Verb);
                let after_it = present(verb, false);
                table.add(&after_it, syllables(&after_it), Sort::VerbS);
                table.entry(particle);
            }
            class.adverbs.iter().for_each(|adverb| table.add(adverb, 2, Sort::Adverb));
        }
        for (place, noun) in lexicon.nouns.iter().enumerate() {
            let sort = if noun.plural { Sort::Plural } else { Sort::Noun };
            table.add(noun.word, if noun.two_syllables { 2 } else { 1 }, sort);
            table.entry(noun.word).noun = Some(place);
            if noun.countable && !noun.plural {
                let many = plural(noun.word);
                table.add(&many, syllables(&many), Sort::Plural);
                table.entry(&many).noun.get_or_insert(place);
            }
            noun.long_adjectives.iter().for_each(|word| table.add(word, 2, Sort::Adjective));
            noun.short_adjectives.iter().for_each(|word| table.add(word, 1, Sort::Adjective));
        }
        for word in lexicon.scenery.values().flatten() {
            table.add(word, 2, Sort::Adjective);
        }
        for (class, endings) in lexicon.rhymes.iter().enumerate() {
            for ending in endings {
                for text in forms(ending.text, " ") {
                    words(&text).for_each(|word| {
                        table.entry(word);
                    });
                }
                let end = last_word(ending.text).to_lowercase();
                let anywhere = ending.worlds.contains(['a', 'l']);
                let word = table.entry(&end);
                word.sound = Some(class);
                if !anywhere {
                    word.worlds.push_str(ending.worlds);
                }
            }
        }
        table
    }

    /// A word in lower case.
    pub(super) fn get(&self, word: &str) -> Option<&Word> {
        self.words.get(word)
    }

    /// A text in lower case with a star for every noun, and without articles.
    pub(super) fn without_nouns(&self, text: &str) -> String {
        let articles = ["the", "a", "an", "my"];
        let words = words(text).filter(|word| !articles.contains(word));
        let masked = words
            .map(|word| if self.get(word).is_some_and(|known| known.noun.is_some()) { "*" } else { word });
        masked.collect::<Vec<_>>().join(" ")
    }

    pub(super) fn len(&self) -> usize {
        self.words.len()
    }

    fn number(&mut self, text: &str) -> usize {
        let next = self.numbers.len();
        *self.numbers.entry(text.to_owned()).or_insert(next)
    }

    fn entry(&mut self, text: &str) -> &mut Word {
        let text = text.to_lowercase();
        if !self.words.contains_key(&text) {
            let word = Word {
                id: self.words.len(),
                syllables: syllables(&text),
                root: self.number(rhyme_root(&text)),
                stem: if weighty(&text).is_empty() { None } else { Some(self.number(&stem(&text))) },
                ..Word::default()
            };
            self.words.insert(text.clone(), word);
        }
        self.words.entry(text).or_default()
    }

    fn add(&mut self, text: &str, syllables: usize, sort: Sort) {
        let word = self.entry(text);
        word.syllables = syllables;
        if !word.sorts.contains(&sort) {
            word.sorts.push(sort);
        }
    }
}

/// All that an ending of the lexicon may be in a poem, in lower case, with a noun where it leaves room for one.
pub(super) fn forms(ending: &str, noun: &str) -> Vec<String> {
    let text = ending.replace('~', "").replace("{n}", noun).to_lowercase();
    let owners: &[&str] = if text.contains("{p}") { &["its", "their", "his", "her", "your"] } else { &[""] };
    let verbs: &[[&str; 4]] = if text.contains('{') {
        &[["", "", "have", "are"], ["s", "es", "has", "is"]]
    } else {
        &[["", "", "", ""]]
    };
    let mut found = Vec::new();
    for owner in owners {
        for [ends, more, has, is] in verbs {
            let text = text.replace("{p}", owner).replace("{s}", ends).replace("{es}", more);
            found.push(text.replace("{has}", has).replace("{is}", is));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::Corpus;

    #[test]
    fn endings_have_the_syllables_of_their_form() {
        let lexicon = Corpus::new().lexicon;
        let table = WordTable::new(&lexicon);
        for ending in lexicon.rhymes.iter().flatten() {
            let wanted = match ending.form {
                '2' => 2,
                '3' => 3,
                '4' | 'V' | 'L' => 4,
                'C' => 8,
                _ => 6,
            };
            // The forms after `it`, which make `dances` and `wishes` of two syllables.
            let text = ending.text.replace("{s}", "s").replace("{es}", "es").replace("{n}", "sea");
            let text =
                text.replace("{has}", "has").replace("{is}", "is").replace("{p}", "its").replace('~', "");
            let known = |word: &str| table.get(word).map_or_else(|| syllables(word), |known| known.syllables);
            let count: usize = words(&text.to_lowercase()).map(known).sum();
            assert_eq!(count, wanted, "{text}");
        }
    }
}
