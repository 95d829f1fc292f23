//! All words that the corpus may use, from its tables: what is not here is misspelt or made up.

use std::collections::HashSet;
use std::sync::OnceLock;

use super::word_table::forms;
use crate::corpus::Corpus;
use crate::corpus::facts::Facts;
use crate::corpus::form;
use crate::corpus::grammar::{plural, present, progressive};
use crate::corpus::lexicon::Lexicon;

/// Words that stand in the poet's templates and in no table.
pub(super) const TEMPLATES: &str = "the a an my our old and so oh is are will has have today at last once more still then soon \
but now I watch see we come love to here all every because until before her his its their your it them us";

/// The words, in lower case.
#[derive(Debug)]
pub(super) struct Vocabulary(HashSet<String>);

/// The vocabulary of the corpus, made on first use.
pub(super) fn known() -> &'static Vocabulary {
    static KNOWN: OnceLock<Vocabulary> = OnceLock::new();
    KNOWN.get_or_init(|| {
        let Corpus { lexicon, facts } = Corpus::new();
        Vocabulary::new(&lexicon, &facts)
    })
}

impl Vocabulary {
    fn new(lexicon: &Lexicon, facts: &Facts) -> Self {
        let mut found = Self(HashSet::new());
        found.add(TEMPLATES);
        for class in &lexicon.classes {
            for verb in class.verbs.iter().chain(&class.particles) {
                found.add(verb);
                found.add(&present(verb, false));
                found.add(&progressive(verb.split(' ').next().unwrap_or(verb)));
            }
            class.adverbs.iter().for_each(|adverb| found.add(adverb));
        }
        for noun in &lexicon.nouns {
            found.add(noun.word);
            if noun.countable {
                found.add(&plural(noun.word));
            }
            noun.long_adjectives.iter().chain(&noun.short_adjectives).for_each(|word| found.add(word));
        }
        form::openings().iter().for_each(|text| found.add(text));
        form::phrases().iter().flat_map(|text| forms(text, " ")).for_each(|text| found.add(&text));
        let endings = lexicon.rhymes.iter().flatten();
        endings.flat_map(|ending| forms(ending.text, " ")).for_each(|text| found.add(&text));
        lexicon.scenery.values().flatten().for_each(|word| found.add(word));
        for family in &facts.families {
            for (_, wording) in &family.answers {
                let bare = ["{s}", "{S}", "{x}", "{y}", "{Y}", "{a}", "{A}"];
                found.add(&bare.iter().fold((*wording).to_owned(), |text, slot| text.replace(slot, " ")));
            }
            for item in &family.items {
                item.subject.split('|').chain(item.answers.iter().copied()).for_each(|name| found.add(name));
            }
        }
        found
    }

    fn add(&mut self, text: &str) {
        self.0.extend(words(text).map(str::to_lowercase));
    }

    /// Takes a word in lower case, as [`words`] finds it.
    pub(super) fn contains(&self, word: &str) -> bool {
        self.0.contains(word)
    }
}

/// The words of a text: letters and digits, with apostrophes and hyphens inside.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_alphanumeric() || c == '\'' || c == '-'))
        .map(|word| word.trim_matches(['\'', '-']))
        .filter(|word| !word.is_empty())
}
