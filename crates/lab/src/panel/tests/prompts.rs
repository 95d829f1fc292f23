//! Prompts: held out is held out, and everything else is asked for.

use std::collections::{BTreeMap, HashSet};

use super::*;
use crate::corpus::{Judge, creative_page_prompts, factual_page_prompts, held_out_prompts};

const MANY: u64 = 40_000;

#[test]
fn about_eight_per_cent_are_held_out_and_nothing_of_the_page() {
    let corpus = Corpus::new();
    let topics = held_out_names(Kind::Creative).len() as f64 / corpus.lexicon.topics.len() as f64;
    let items: usize = corpus.facts.families.iter().map(|family| family.items.len()).sum();
    let held = corpus.facts.families.iter().enumerate().flat_map(|(place, family)| {
        (0..family.items.len()).filter(move |&item| crate::panel::prompts::subject_held_out(place, item))
    });
    let subjects = held.count() as f64 / items as f64;
    println!("topics {topics:.3}, subjects {subjects:.3}: {:?}", held_out_names(Kind::Factual));
    assert!((0.05..0.12).contains(&topics) && (0.06..0.10).contains(&subjects), "{topics} {subjects}");
    assert!(creative_page_prompts().iter().all(|prompt| !is_held_out(Kind::Creative, prompt)));
    assert!(factual_page_prompts().iter().all(|prompt| !is_held_out(Kind::Factual, prompt)));
}

#[test]
fn nothing_held_out_is_asked_or_compared() {
    let corpus = Corpus::new();
    let unseen: HashSet<String> =
        [Kind::Creative, Kind::Factual].into_iter().flat_map(held_out_prompts).collect();
    let subjects = held_out_names(Kind::Factual);
    for index in 0..MANY {
        let (kind, prompt) = rlhf_prompt(&corpus, 6, index);
        assert!(!is_held_out(kind, &prompt) && !unseen.contains(&prompt), "{prompt}");
        let (kind, prompt, good, bad, _) = hard_negative(&corpus, 6, index);
        assert!(!is_held_out(kind, &prompt) && !unseen.contains(&prompt), "{prompt}");
        if kind == Kind::Factual && prompt.contains("apital") {
            for text in [good, bad] {
                assert!(!subjects.iter().any(|name| text.contains(&format!("capital of {name}"))), "{text}");
            }
        }
    }
}

#[test]
fn the_held_out_prompts_are_held_out_and_can_be_judged() {
    for kind in [Kind::Creative, Kind::Factual] {
        let prompts = held_out_rlhf_prompts(kind);
        assert!(prompts.len() > 100, "{}", prompts.len());
        assert!(prompts.iter().all(|prompt| is_held_out(kind, prompt)));
    }
    let prompts = held_out_rlhf_prompts(Kind::Factual);
    let judge = Judge::new();
    assert!(prompts.iter().all(|prompt| judge.fact(prompt, "?").is_some()));
}

#[test]
fn all_families_and_all_questions_are_asked() {
    let corpus = Corpus::new();
    let mut asked: HashSet<String> = HashSet::new();
    let mut kinds: BTreeMap<bool, u64> = BTreeMap::new();
    for index in 0..MANY {
        let (kind, prompt) = rlhf_prompt(&corpus, 7, index);
        *kinds.entry(kind == Kind::Factual).or_default() += 1;
        asked.insert(prompt);
    }
    assert!((kinds[&true] as f64 / MANY as f64 - 0.5).abs() < luck(MANY));
    let places = corpus.facts.places();
    let found: Vec<(usize, usize)> =
        asked.iter().filter_map(|prompt| corpus.facts.place(prompt, &places)).collect();
    let mut missing = 0;
    for (place, family) in corpus.facts.families.iter().enumerate() {
        let subjects: HashSet<usize> =
            found.iter().filter(|(family, _)| *family == place).map(|(_, item)| *item).collect();
        let open = (0..family.items.len())
            .filter(|&item| !crate::panel::prompts::subject_held_out(place, item))
            .count();
        missing += open - subjects.len();
        for question in &family.questions {
            let opening = question.split('{').next().unwrap_or("");
            assert!(asked.iter().any(|prompt| prompt.starts_with(opening)), "{question}");
        }
    }
    assert!(missing <= 3, "{missing} subjects never asked about");
}
