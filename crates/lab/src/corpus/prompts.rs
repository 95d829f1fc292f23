//! The wordings of prompts for poems, which of them are held out, and what the page's pickers offer.

use super::facts::Facts;
use super::lexicon::Lexicon;
use super::random::Chance;
use super::{Corpus, Kind};

/// Wording with `{t}` for the topic, how many lines it asks for (0: any), and its weight.
pub(crate) const WORDINGS: [(&str, usize, usize); 24] = [
    ("Write a poem about {t}", 0, 14),
    ("Write a poem about {t}.", 0, 4),
    ("Write a short poem about {t}", 0, 6),
    ("Write me a poem about {t}", 0, 4),
    ("Write me a short poem about {t}.", 0, 3),
    ("Please write a poem about {t}.", 0, 4),
    ("Can you write a poem about {t}?", 0, 5),
    ("Can you write a short poem about {t}?", 0, 3),
    ("A poem about {t}, please", 0, 4),
    ("A rhyme about {t}, please", 0, 4),
    ("Write a rhyme about {t}", 0, 4),
    ("Make up a poem about {t}", 0, 3),
    ("Make up a verse about {t}.", 0, 3),
    ("Give me a poem about {t}", 0, 3),
    ("Tell me a poem about {t}", 0, 3),
    ("I would like a poem about {t}", 0, 3),
    ("Poem about {t}", 0, 3),
    ("A little verse about {t}", 0, 2),
    ("Write two lines about {t}", 2, 4),
    ("Can you write two lines about {t}?", 2, 4),
    ("Write a couplet about {t}", 2, 4),
    ("Write three lines about {t}", 3, 3),
    ("Write four lines about {t}", 4, 4),
    ("Can you write four lines about {t}?", 4, 4),
];

/// Wordings that no example uses.
const HELD_OUT_WORDINGS: [&str; 2] =
    ["Could you make a verse about {t} for me?", "Please, some lines about {t}"];

/// Whether this topic is never asked for in this wording. The first wording is always used.
pub(crate) fn held_out(topic: usize, wording: usize) -> bool {
    wording > 0 && (topic * 5 + wording * 7) % 23 == 4
}

/// A prompt for a poem about a topic, with the number of lines it asks for.
pub(crate) fn creative(lexicon: &Lexicon, topic: usize, chance: &mut Chance) -> (String, usize) {
    let phrase = lexicon.topics.get(topic).map_or("", |topic| topic.phrase);
    let weights = WORDINGS.map(|(_, _, weight)| weight);
    let mut wording = chance.weighted(&weights);
    if held_out(topic, wording) {
        wording = 0;
    }
    let (text, lines, _) = WORDINGS.get(wording).copied().unwrap_or(WORDINGS[0]);
    (text.replace("{t}", phrase), lines)
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
                prompts.extend(seen.map(|(_, (text, _, _))| text.replace("{t}", topic.phrase)));
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
