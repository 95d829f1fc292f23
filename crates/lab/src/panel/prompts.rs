//! Prompts for preference data and RLHF, and the subjects and topics that are held out of all of it.
//!
//! About one subject in twelve (8.2%) and one topic in ten (10.1%), as the hash falls, never occur in a comparison or an
//! RLHF prompt, so that the reward model and the effect can be measured where neither was trained. SFT knows them: what
//! is held out is reward, not knowledge. The rule is a hash of the name, so that it depends on nothing else; the page's
//! own prompts are kept in.

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::corpus::facts::{self, Facts, fill};
use crate::corpus::form::{AskedForm, Form};
use crate::corpus::lexicon::Lexicon;
use crate::corpus::prompts::{WORDINGS, held_out as wording_held_out};
use crate::corpus::random::Chance;
use crate::corpus::typed::{read, typed};
use crate::corpus::{Corpus, Kind, creative_page_prompts, factual_page_prompts};

/// Chance of a name to be held out, per cent.
const HELD_OUT: usize = 7;
/// How often capitals are asked for, in units of another family's share: they are most of the items.
const CAPITALS_WEIGHT: usize = 3;

/// The tables with the names that are held out.
#[derive(Debug)]
struct HeldOut {
    facts: Facts,
    lexicon: Lexicon,
    places: HashMap<String, (usize, usize)>,
    /// By family and item.
    subjects: Vec<Vec<bool>>,
    topics: Vec<bool>,
}

fn tables() -> &'static HeldOut {
    static TABLES: OnceLock<HeldOut> = OnceLock::new();
    TABLES.get_or_init(HeldOut::new)
}

impl HeldOut {
    fn new() -> Self {
        let Corpus { facts, lexicon } = Corpus::new();
        let places = facts.places();
        let asked: Vec<String> = (factual_page_prompts().iter())
            .filter_map(|prompt| {
                let (family, item) = facts.place(prompt, &places)?;
                Some(bare(facts.families.get(family)?.items.get(item)?.subject).to_owned())
            })
            .collect();
        let subjects = (facts.families.iter())
            .map(|family| {
                let names = family.items.iter().map(|item| bare(item.subject));
                names.map(|name| chosen(name) && !asked.iter().any(|kept| kept == name)).collect()
            })
            .collect();
        let page = creative_page_prompts();
        let topics = (lexicon.topics.iter())
            .map(|topic| {
                let about = format!(" about {}", topic.phrase);
                chosen(topic.phrase) && !page.iter().any(|prompt| prompt.contains(&about))
            })
            .collect();
        Self { facts, lexicon, places, subjects, topics }
    }

    fn topic(&self, prompt: &str) -> Option<usize> {
        self.lexicon.topic_of(&read(prompt))
    }
}

/// A subject without its article: `a fox` and `fox` are held out together.
fn bare(subject: &str) -> &str {
    ["a ", "an ", "the "].iter().find_map(|article| subject.strip_prefix(article)).unwrap_or(subject)
}

/// The rule: FNV-1a of the name as a seed, and one draw.
fn chosen(name: &str) -> bool {
    let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    Chance::new(hash, 0).per_cent(HELD_OUT)
}

/// Whether an item of a family is held out.
pub(super) fn subject_held_out(family: usize, item: usize) -> bool {
    tables().subjects.get(family).and_then(|items| items.get(item)).copied().unwrap_or(false)
}

/// Whether a topic is held out.
pub(super) fn topic_held_out(topic: usize) -> bool {
    tables().topics.get(topic).copied().unwrap_or(false)
}

/// Whether a prompt's subject or topic is held out of preference data and RLHF.
#[must_use]
pub fn is_held_out(kind: Kind, prompt: &str) -> bool {
    let tables = tables();
    match kind {
        Kind::Factual => (tables.facts.place(prompt, &tables.places))
            .is_some_and(|(family, item)| subject_held_out(family, item)),
        Kind::Creative => tables.topic(prompt).is_some_and(topic_held_out),
    }
}

/// The names of subjects, without articles, or of topics that are held out.
#[must_use]
pub fn held_out_names(kind: Kind) -> Vec<String> {
    let tables = tables();
    let mut names: Vec<String> = match kind {
        Kind::Factual => (tables.facts.families.iter().zip(&tables.subjects))
            .flat_map(|(family, held)| family.items.iter().zip(held))
            .filter(|(_, held)| **held)
            .map(|(item, _)| bare(item.subject).replace('|', ", "))
            .collect(),
        Kind::Creative => (tables.lexicon.topics.iter().zip(&tables.topics))
            .filter(|(_, held)| **held)
            .map(|(topic, _)| topic.phrase.to_owned())
            .collect(),
    };
    names.sort();
    names.dedup();
    names
}

/// All prompts about held-out subjects or topics, in wordings that SFT has seen with them.
#[must_use]
pub fn held_out_rlhf_prompts(kind: Kind) -> Vec<String> {
    let tables = tables();
    let mut prompts = Vec::new();
    match kind {
        Kind::Factual => {
            for (place, family) in tables.facts.families.iter().enumerate() {
                for (number, item) in family.items.iter().enumerate() {
                    let asked = family.questions.iter().enumerate();
                    let asked = asked.filter(|&(question, _)| !facts::held_out(number, question));
                    if subject_held_out(place, number) {
                        prompts.extend(asked.map(|(_, text)| fill(text, item.subject, "")));
                    }
                }
            }
        }
        Kind::Creative => {
            for (place, topic) in tables.lexicon.topics.iter().enumerate() {
                let asked = WORDINGS.iter().enumerate();
                let asked = asked.filter(|&(wording, _)| !wording_held_out(place, wording));
                if topic_held_out(place) {
                    prompts.extend(asked.map(|(_, wording)| wording.text.replace("{t}", topic.phrase)));
                }
            }
        }
    }
    prompts
}

/// A prompt of RLHF: facts and poems half and half, never a held-out subject or topic, never a wording that SFT holds
/// out for its subject. Families are equally likely, but for capitals; subjects and questions of a family too.
#[must_use]
pub fn rlhf_prompt(corpus: &Corpus, seed: u64, index: u64) -> (Kind, String) {
    let mut chance = Chance::new(seed, index);
    if chance.per_cent(50) {
        let (family, item) = subject(corpus, &mut chance);
        (Kind::Factual, question(corpus, family, item, &mut chance))
    } else {
        let topic = topic(corpus, &mut chance);
        (Kind::Creative, wording(corpus, topic, None, &mut chance).0)
    }
}

/// A family and an item that are not held out.
pub(super) fn subject(corpus: &Corpus, chance: &mut Chance) -> (usize, usize) {
    let families = &corpus.facts.families;
    let weight = |name: &str| if name == "capital" { CAPITALS_WEIGHT } else { 1 };
    let weights: Vec<usize> = families.iter().map(|family| weight(family.name)).collect();
    let family = chance.weighted(&weights);
    (family, other_subject(corpus, family, chance))
}

/// An item of the family that is not held out.
pub(super) fn other_subject(corpus: &Corpus, family: usize, chance: &mut Chance) -> usize {
    let count = corpus.facts.families.get(family).map_or(0, |family| family.items.len());
    loop {
        let item = chance.below(count);
        if !subject_held_out(family, item) {
            return item;
        }
    }
}

/// One of the questions about an item.
pub(super) fn question(corpus: &Corpus, family: usize, item: usize, chance: &mut Chance) -> String {
    let Some(family) = corpus.facts.families.get(family) else { return String::new() };
    let mut question = chance.below(family.questions.len());
    if facts::held_out(item, question) {
        question = 0;
    }
    let subject = family.items.get(item).map_or("", |item| item.subject);
    let question = family.questions.get(question).copied().unwrap_or("");
    typed(question, |text| fill(text, subject, ""), chance)
}

/// A topic that is not held out.
pub(super) fn topic(corpus: &Corpus, chance: &mut Chance) -> usize {
    loop {
        let topic = chance.below(corpus.lexicon.topics.len());
        if !topic_held_out(topic) {
            return topic;
        }
    }
}

/// A prompt for a poem about a topic with what it says of the form, by the corpus's weights; one that asks for `form`,
/// where SFT has one for the topic.
pub(super) fn wording(
    corpus: &Corpus,
    topic: usize,
    form: Option<Form>,
    chance: &mut Chance,
) -> (String, AskedForm) {
    let weights = WORDINGS.iter().enumerate().map(|(place, wording)| {
        let wanted = form.is_none() || form == wording.asked.only();
        if wanted && !wording_held_out(topic, place) { wording.weight } else { 0 }
    });
    let wording = chance.weighted(&weights.collect::<Vec<_>>());
    let phrase = corpus.lexicon.topics.get(topic).map_or("", |topic| topic.phrase);
    let wording = WORDINGS.get(wording).unwrap_or(&WORDINGS[0]);
    (typed(wording.text, |text| text.replace("{t}", phrase), chance), wording.asked)
}
