//! Forms: each is judged by what it demands, and none is better than another.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::*;
use crate::corpus::Form;
use crate::corpus::form::written;

fn oracle() -> &'static Oracle {
    static ORACLE: OnceLock<Oracle> = OnceLock::new();
    ORACLE.get_or_init(Oracle::new)
}

fn quality(prompt: &str, answer: &str) -> Quality {
    oracle().quality(Kind::Creative, prompt, answer)
}

fn clean_in(corpus: &Corpus, topic: usize, form: Form, seed: u64) -> (String, String) {
    let text = written(&corpus.lexicon, topic, form, Flaw::None, &mut Chance::new(seed, topic as u64));
    (format!("Write a poem about {}", corpus.lexicon.topics[topic].phrase), text)
}

const HAIKU: &str = "A red fox at dawn\nCounts one star, and then one more.\nIt has other plans.";
const LIST: &str =
    "A fox likes the moon.\nA fox likes the snow.\nA fox likes the hare.\nNobody has asked the hare yet.";
const COUPLET: &str = "The clever fox will hum a tune,\nAnd softly runs beneath the moon.";

#[test]
fn clean_poems_of_all_forms_score_alike_under_open_prompts() {
    let corpus = Corpus::new();
    for form in Form::ALL {
        let found: Vec<(String, Quality)> = (0..40)
            .flat_map(|round| (0..corpus.lexicon.topics.len()).map(move |topic| (round, topic)))
            .map(|(round, topic)| {
                let (prompt, text) = clean_in(&corpus, topic, form, 500 + round);
                let found = quality(&prompt, &text);
                (text, found)
            })
            .collect();
        let mean =
            |part: fn(&Quality) -> f64| found.iter().map(|(_, q)| part(q)).sum::<f64>() / found.len() as f64;
        println!(
            "{}: score {:.4} topic {:.4} metre {:.4} fluent {:.4} echoes {:.4} polished {:.4} kept {:.4}",
            form.name(),
            mean(|q| q.score),
            mean(|q| q.topic),
            mean(|q| q.metre),
            mean(|q| q.fluent),
            mean(|q| q.echoes as f64),
            mean(|q| f64::from(u8::from(q.polished))),
            mean(|q| f64::from(u8::from(q.keeps_form))),
        );
        let poor: Vec<&(String, Quality)> = found.iter().filter(|(_, q)| q.score < 0.8).collect();
        for (text, found) in poor.iter().take(5) {
            println!("{text}\n{found:?}\n");
        }
        assert!(mean(|q| q.score) > 0.985, "{}", form.name());
        assert!(poor.len() * 100 < found.len(), "{}: {} of {}", form.name(), poor.len(), found.len());
    }
}

#[test]
fn a_prompt_that_names_a_form_wants_that_form() {
    for (prompt, right) in [
        ("Write a haiku about a fox", HAIKU),
        ("Write a list poem about a fox", LIST),
        ("Write two lines about a fox", COUPLET),
    ] {
        for poem in [HAIKU, LIST, COUPLET] {
            let found = quality(prompt, poem);
            if poem == right {
                assert!(
                    found.score > 0.9 && found.asked_lines_kept && found.keeps_form,
                    "{prompt} {found:?}"
                );
            } else {
                assert!(found.score < 0.5 && !found.asked_lines_kept, "{prompt} {poem} {found:?}");
            }
        }
    }
    for poem in [HAIKU, LIST, COUPLET] {
        assert!(quality("Write a poem about a fox", poem).score > 0.9, "{poem}");
    }
    assert!(quality("Write a rhyme about a fox", HAIKU).score < 0.5);
    assert!(quality("Write a rhyme about a fox", COUPLET).score > 0.9);
}

#[test]
fn only_forms_that_rhyme_must_rhyme() {
    let open = "Write a poem about a fox";
    assert!(!quality(open, HAIKU).must_rhyme() && !quality(open, LIST).must_rhyme());
    assert!(quality(open, COUPLET).must_rhyme());
    let unrhymed =
        "The clever fox will hum a tune,\nAnd softly runs beneath the sky.\nThe hen is wide awake.";
    let found = quality(open, unrhymed);
    assert!(found.must_rhyme() && !found.keeps_form, "{found:?}");
}

#[test]
fn broken_forms_are_marked_down() {
    let miscounted = "A red fox at dawn\nHas lost its way.\nIt has other plans.";
    let patternless =
        "A fox likes the moon.\nHello, silver snow.\nA fox likes the hare.\nNobody asked the hare.";
    for (prompt, poem) in [
        ("Write a haiku about a fox", miscounted),
        ("Write a poem about a fox", miscounted),
        ("Write a list poem about a fox", patternless),
        ("Write a poem about a fox", patternless),
    ] {
        let found = quality(prompt, poem);
        assert!(!found.keeps_form && found.score < 0.55, "{prompt} {poem} {found:?}");
    }
    // Careless, but nothing is missing.
    let careless = HAIKU.to_lowercase();
    assert!(quality("Write a haiku about a fox", careless.trim_end_matches('.')).score > 0.85);
}

#[test]
fn no_form_is_preferred_where_the_prompt_leaves_it_open() {
    const MANY: u64 = 30_000;
    let (corpus, panel) = (Corpus::new(), Panel::new());
    let mut wins: BTreeMap<(Form, Form), (u64, u64)> = BTreeMap::new();
    for index in 0..MANY {
        let mut chance = Chance::new(33, index);
        let topic = chance.below(corpus.lexicon.topics.len());
        let forms = [0, 1].map(|_| *chance.pick(&Form::ALL).expect("forms"));
        let (prompt, first) = clean_in(&corpus, topic, forms[0], 2 * index);
        let (_, second) = clean_in(&corpus, topic, forms[1], 2 * index + 1);
        if first == second {
            continue;
        }
        let vote = panel.compare(Kind::Creative, &prompt, &first, &second, Source::Policy, 7, index);
        let row = wins.entry((forms[0], forms[1])).or_default();
        *row = (row.0 + 1, row.1 + u64::from(vote.chosen == first));
    }
    for (forms, (count, won)) in wins {
        let share = won as f64 / count as f64;
        println!("{forms:?}: {share:.3} of {count}");
        assert!((share - 0.5).abs() < luck(count), "{forms:?}: {share} of {count}");
    }
}
