//! The wordings of prompts for poems, which of them are held out, and what the page's pickers offer.

use super::facts::Facts;
use super::form::{AskedForm, Form, written};
use super::lexicon::Lexicon;
use super::poem::Flaw;
use super::random::Chance;
use super::typed::typed;
use super::{Corpus, Kind};

/// One way to ask for a poem.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wording {
    /// With `{t}` for the topic.
    pub(crate) text: &'static str,
    /// What it says of the form; a test asserts that readers understand it so.
    pub(crate) asked: AskedForm,
    /// How often it is used, in proportion.
    pub(crate) weight: usize,
}

const fn wording(text: &'static str, asked: AskedForm, weight: usize) -> Wording {
    Wording { text, asked, weight }
}

const ANY: AskedForm = AskedForm::Any;
const RHYME: AskedForm = AskedForm::Rhyme;
const COUPLET: AskedForm = AskedForm::Only(Form::Couplet);
const TERCET: AskedForm = AskedForm::Only(Form::Tercet);
const QUATRAIN: AskedForm = AskedForm::Only(Form::Quatrain);
const HAIKU: AskedForm = AskedForm::Only(Form::Haiku);
const LIST: AskedForm = AskedForm::Only(Form::List);

/// All wordings.
pub(crate) static WORDINGS: [Wording; 58] = [
    wording("Write a poem about {t}", ANY, 14),
    wording("Write a poem about {t}.", ANY, 4),
    wording("Write a short poem about {t}", ANY, 6),
    wording("Write me a poem about {t}", ANY, 4),
    wording("Write me a short poem about {t}.", ANY, 3),
    wording("Please write a poem about {t}.", ANY, 4),
    wording("Can you write a poem about {t}?", ANY, 5),
    wording("Can you write a short poem about {t}?", ANY, 3),
    wording("A poem about {t}, please", ANY, 4),
    wording("A rhyme about {t}, please", RHYME, 4),
    wording("Write a rhyme about {t}", RHYME, 4),
    wording("Make up a poem about {t}", ANY, 3),
    wording("Make up a verse about {t}.", ANY, 3),
    wording("Give me a poem about {t}", ANY, 3),
    wording("Tell me a poem about {t}", ANY, 3),
    wording("I would like a poem about {t}", ANY, 3),
    wording("Poem about {t}", ANY, 3),
    wording("A little verse about {t}", ANY, 2),
    wording("Write two lines about {t}", COUPLET, 4),
    wording("Can you write two lines about {t}?", COUPLET, 4),
    wording("Write a couplet about {t}", COUPLET, 4),
    wording("Write three lines about {t}", TERCET, 3),
    wording("Write four lines about {t}", QUATRAIN, 4),
    wording("Can you write four lines about {t}?", QUATRAIN, 4),
    wording("Could you write a poem about {t}?", ANY, 3),
    wording("I want a poem about {t}", ANY, 3),
    wording("I'd like a poem about {t}, please", ANY, 3),
    wording("Let's have a poem about {t}", ANY, 2),
    wording("Compose a poem about {t}.", ANY, 2),
    wording("Do you know a poem about {t}?", ANY, 2),
    wording("How about a poem about {t}?", ANY, 2),
    wording("Please write me a poem about {t}", ANY, 2),
    wording("Can I have a poem about {t}?", ANY, 2),
    wording("Write something about {t}", ANY, 2),
    wording("Write a few lines about {t}", ANY, 2),
    wording("Write a little poem about {t}", ANY, 3),
    wording("A short poem about {t}, please", ANY, 2),
    wording("What's a good poem about {t}?", ANY, 2),
    wording("Write a rhyming poem about {t}", RHYME, 3),
    wording("Make a rhyme about {t}", RHYME, 2),
    wording("Give me a rhyme about {t}, please", RHYME, 2),
    wording("A couplet about {t}, please", COUPLET, 2),
    wording("Two lines about {t}", COUPLET, 2),
    wording("Three lines about {t}, please", TERCET, 2),
    wording("Give me four lines about {t}", QUATRAIN, 2),
    wording("Write a four-line poem about {t}", QUATRAIN, 2),
    wording("Write a haiku about {t}", HAIKU, 6),
    wording("A haiku about {t}, please", HAIKU, 4),
    wording("Can you write a haiku about {t}?", HAIKU, 3),
    wording("Haiku about {t}", HAIKU, 2),
    wording("Give me a haiku about {t}.", HAIKU, 2),
    wording("I'd love a haiku about {t}", HAIKU, 2),
    wording("Write a list poem about {t}", LIST, 6),
    wording("A list poem about {t}, please", LIST, 3),
    wording("Can you write a list poem about {t}?", LIST, 3),
    wording("List poem about {t}", LIST, 2),
    wording("Make a list poem about {t}.", LIST, 2),
    wording("Let's have a list poem about {t}", LIST, 2),
];

/// Wordings that no example uses.
pub(crate) static HELD_OUT_WORDINGS: [&str; 4] = [
    "Could you make a verse about {t} for me?",
    "Please, some lines about {t}",
    "Would you make a haiku about {t} for me?",
    "Please, a list poem about {t}",
];

/// Whether this topic is never asked for in this wording. The first wording is always used.
pub(crate) fn held_out(topic: usize, wording: usize) -> bool {
    wording > 0 && (topic * 5 + wording * 7) % 23 == 4
}

/// A prompt for a poem about a topic, with what it says of the form.
pub(crate) fn creative(lexicon: &Lexicon, topic: usize, chance: &mut Chance) -> (String, AskedForm) {
    let phrase = lexicon.topics.get(topic).map_or("", |topic| topic.phrase);
    let weights: Vec<usize> = WORDINGS.iter().map(|wording| wording.weight).collect();
    let mut wording = chance.weighted(&weights);
    if held_out(topic, wording) {
        wording = 0;
    }
    let wording = WORDINGS.get(wording).unwrap_or(&WORDINGS[0]);
    (typed(wording.text, |text| text.replace("{t}", phrase), chance), wording.asked)
}

/// Prompts that no example gives, for evaluation: unseen wordings, and seen wordings never used with their topic.
#[must_use]
pub fn held_out_prompts(kind: Kind) -> Vec<String> {
    match kind {
        Kind::Creative => {
            let lexicon = Lexicon::new();
            let mut prompts = Vec::new();
            for (place, topic) in lexicon.topics.iter().enumerate() {
                prompts.extend(HELD_OUT_WORDINGS.iter().map(|text| text.replace("{t}", topic.phrase)));
                let seen = WORDINGS.iter().enumerate().filter(|&(wording, _)| held_out(place, wording));
                prompts.extend(seen.map(|(_, wording)| wording.text.replace("{t}", topic.phrase)));
            }
            prompts
        }
        Kind::Factual => Facts::new().held_out_prompts(),
    }
}

/// The poem prompts that the page offers.
#[must_use]
pub fn creative_page_prompts() -> [&'static str; 10] {
    [
        "Write a poem about the sea",
        "Write a poem about the moon",
        "Write a short poem about autumn",
        "A rhyme about a fox, please",
        "Can you write two lines about a cat?",
        "Write a poem about love",
        "Write a poem about the rain",
        "Write four lines about tea",
        "Write a poem about a dragon",
        "Write a rhyme about a clock",
    ]
}

/// The fact prompts that the page offers.
#[must_use]
pub fn factual_page_prompts() -> [&'static str; 10] {
    [
        "What is the capital of France?",
        "What is the capital of Japan?",
        "Capital of Kenya?",
        "Which city is the capital of Australia?",
        "What is the opposite of hot?",
        "How many legs does a spider have?",
        "What colour is a ripe tomato?",
        "What is a young dog called?",
        "What is the chemical symbol for gold?",
        "Which month comes after May?",
    ]
}

/// Some examples as text, for a person to read.
#[must_use]
pub fn sample_text(seed: u64, count: u64) -> String {
    let corpus = Corpus::new();
    let mut text = String::new();
    for index in 0..count {
        let example = corpus.example(seed, index);
        let name = super::ANNOTATORS.get(usize::from(example.annotator)).map_or("", |known| known.name);
        text.push_str(&format!("[{name}] {}\n{}\n\n", example.prompt, example.answer));
    }
    text
}

/// Poems of one form on topics drawn at random, for a person to read.
#[must_use]
pub fn poems_text(form: Form, seed: u64, count: u64) -> String {
    let lexicon = Lexicon::new();
    let poem = |index| {
        let mut chance = Chance::new(seed, index);
        let topic = chance.below(lexicon.topics.len());
        let text = written(&lexicon, topic, form, Flaw::None, &mut chance);
        format!("({})\n{text}\n\n", lexicon.topics.get(topic).map_or("", |topic| topic.phrase))
    };
    (0..count).map(poem).collect()
}
