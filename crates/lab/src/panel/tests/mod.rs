//! What the panel promises.

#![allow(clippy::expect_used, reason = "a failed expectation is a failed test")]

mod forms;
mod negatives;
mod oracle;
mod prompts;
mod votes;

use super::*;
use crate::corpus::Corpus;
use crate::corpus::poem::{Flaw, poem};

/// How far a share of `count` coin tosses may be from a half: four standard deviations, passed by one test in 16,000.
fn luck(count: u64) -> f64 {
    2.0 / (count as f64).sqrt()
}

/// A prompt that leaves the number of lines open, and a faultless poem of `lines` lines for it.
fn clean(corpus: &Corpus, topic: usize, lines: usize, seed: u64) -> (String, String) {
    let phrase = corpus.lexicon.topics.get(topic).map_or("", |topic| topic.phrase);
    let text = poem(&corpus.lexicon, topic, lines, Flaw::None, &mut Chance::new(seed, topic as u64));
    (format!("Write a poem about {phrase}"), text)
}
