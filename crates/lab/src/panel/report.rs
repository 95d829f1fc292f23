//! The panel for a person to read: its rules, its agreement, some votes.

use std::collections::HashMap;

use super::{Agreement, Oracle, Panel, Rating, Share, Source, VOTERS, hard_negative, rules_markdown};
use crate::corpus::{Corpus, Kind};

/// A pair of answers to one prompt.
pub type Pair = (Kind, String, String, String);

/// Pairs of answers that the corpus's annotators gave to the same prompt: what an SFT model's samples are like.
#[must_use]
pub fn corpus_pairs(corpus: &Corpus, seed: u64, count: usize) -> Vec<Pair> {
    let mut waiting: HashMap<String, String> = HashMap::new();
    let mut pairs = Vec::with_capacity(count);
    for index in 0.. {
        if pairs.len() == count {
            break;
        }
        let example = corpus.example(seed, index);
        match waiting.remove(&example.prompt) {
            Some(first) if first != example.answer => {
                pairs.push((example.kind, example.prompt, first, example.answer));
            }
            _ => {
                waiting.insert(example.prompt, example.answer);
            }
        }
    }
    pairs
}

/// Rules, agreement over `pairs` pairs of each source, and `samples` votes on each.
#[must_use]
pub fn panel_text(seed: u64, pairs: usize, samples: usize) -> String {
    let (corpus, panel) = (Corpus::new(), Panel::new());
    let hard = (0..pairs as u64).map(|index| {
        let (kind, prompt, good, bad, _) = hard_negative(&corpus, seed, index);
        (kind, prompt, good, bad)
    });
    let hard: Vec<Pair> = hard.collect();
    let usual = corpus_pairs(&corpus, seed, pairs);
    let mut text = rules_markdown();
    text.push_str(
        "\n## Agreement\n\nShare of pairs of which two annotators choose the same answer, and pairs.\n\n",
    );
    text.push_str("| pairs | all | poems | facts |");
    Rating::ALL.iter().for_each(|rating| text.push_str(&format!(" {} |", rating.name())));
    text.push_str("\n|---|---|---|---|---|---|---|---|\n");
    for (name, pairs) in [("answers of the corpus", &usual), ("hard negatives", &hard)] {
        text.push_str(&row(name, &panel.agreement(pairs, seed)));
    }
    text.push_str("\n## Votes\n");
    for (index, (kind, prompt, first, second)) in usual.iter().take(samples).enumerate() {
        text.push_str(&vote(&panel, *kind, prompt, [first, second], Source::Policy, (seed, index as u64)));
    }
    for index in 0..samples as u64 {
        let (kind, prompt, good, bad, flaw) = hard_negative(&corpus, seed, index);
        let source = Source::HardNegative(flaw);
        text.push_str(&vote(&panel, kind, &prompt, [&good, &bad], source, (seed, index)));
    }
    text
}

fn row(name: &str, found: &Agreement) -> String {
    let cell = |share: &Share| format!(" {:.1}% of {} |", 100.0 * share.share, share.pairs);
    let ratings: String = found.by_rating.iter().map(cell).collect();
    format!("| {name} |{}{}{}{ratings}\n", cell(&found.overall), cell(&found.creative), cell(&found.factual))
}

fn vote(
    panel: &Panel,
    kind: Kind,
    prompt: &str,
    answers: [&str; 2],
    source: Source,
    draw: (u64, u64),
) -> String {
    let found = panel.compare(kind, prompt, answers[0], answers[1], source, draw.0, draw.1);
    let oracle: &Oracle = panel.oracle();
    let name = VOTERS.get(usize::from(found.annotator)).map_or("", |voter| voter.name);
    let shown = |answer: &str| {
        let score = oracle.quality(kind, prompt, answer).score;
        format!("> {}\n\n({score:.2})\n", answer.replace('\n', "\n> "))
    };
    let source = match source {
        Source::Policy => "answers of the corpus",
        Source::HardNegative(flaw) => flaw.name(),
    };
    format!(
        "\n**{prompt}** ({source}) {name}: {}\n\n{}\nrather than\n\n{}",
        found.rating.name(),
        shown(&found.chosen),
        shown(&found.rejected)
    )
}
