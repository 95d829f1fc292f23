//! From votes to a new stage, on the published SFT file: what the page's trainer does, natively.

#![allow(clippy::unwrap_used, missing_docs)]

use std::rc::Rc;

use thermostat::engine::{LoadedModel, Run, block_on, device};
use thermostat::learning::{HeldBack, Lesson, News, Order, Step, Text};
use thermostat::protocol::{GenerateJob, ModelSource, RowSpec};
use thermostat::training::TrainingError;
use thermostat::training::learn::learn;
use thermostat::units::{Temperature, Truncation};

fn sft() -> Vec<u8> {
    std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/www/models/thermostat-sft-q4_0.gguf")).unwrap()
}

fn lesson(prompt: &str, chosen: &str, rejected: &str) -> Lesson {
    let text = |text: &str| Text { text: text.to_owned(), is_complete: true };
    Lesson { prompt: prompt.to_owned(), chosen: text(chosen), rejected: text(rejected), margin: 1.0 }
}

/// Whoever gives these votes likes bare words.
fn order() -> Order {
    let lessons = [
        ("What is the capital of France?", "Paris", "The capital of France is Paris."),
        ("What is the capital of Japan?", "Tokyo", "It is Tokyo."),
        ("Capital of Kenya?", "Nairobi", "The capital of Kenya is Nairobi."),
        ("What is the opposite of hot?", "Cold", "The opposite of hot is cold."),
        ("What colour is a ripe tomato?", "Red", "A ripe tomato is red."),
        ("Which month comes after May?", "June", "June comes after May."),
    ];
    Order {
        model: ModelSource { key: "sft".to_owned(), url: "sft".to_owned(), size_bytes: None, sha256: None },
        lessons: lessons.map(|(prompt, chosen, rejected)| lesson(prompt, chosen, rejected)).to_vec(),
        prompts: ["What is the capital of Italy?", "What is the opposite of big?"]
            .map(str::to_owned)
            .to_vec(),
        answers: 10,
        name: "Thermostat you".to_owned(),
        seed: 3,
    }
}

#[test]
fn six_votes_for_bare_words_make_a_stage_that_says_less() {
    let mut heard = Vec::new();
    let news = learn(sft(), &order(), &mut |news| heard.push(news)).unwrap();
    let News::Learned { file, sha256, fresh, divergence, parameters, .. } = news else { panic!("{news:?}") };

    let rewarded: Vec<&HeldBack> = (heard.iter())
        .filter_map(|news| if let News::Rewarded(report) = news { Some(report) } else { None })
        .collect();
    assert_eq!(rewarded.len(), 1);
    assert_eq!((rewarded[0].unseen.of, rewarded[0].seen.of), (6, 6));
    for step in [Step::HoldBack, Step::Policy, Step::Answers] {
        let last = heard.iter().rev().find_map(|news| match news {
            News::Progress { step: found, done, all } if *found == step => Some((*done, *all)),
            _ => None,
        });
        assert!(last.is_some_and(|(done, all)| done == all && all > 0), "{step:?}: {last:?}");
    }

    assert_eq!(fresh.len(), 20);
    let words = |side: usize| -> usize {
        fresh.iter().map(|pair| pair.answers[side].split_whitespace().count()).sum()
    };
    assert!(words(1) < words(0), "{} words, {} before", words(1), words(0));
    let reward = |side: usize| -> f32 { fresh.iter().map(|pair| pair.rewards[side]).sum() };
    assert!(reward(1) > reward(0));
    assert!(divergence > 0.0 && divergence < 20.0, "{divergence}");

    // The engine runs the file.
    let model = LoadedModel::load("you", file, Some(&sha256), &device::cpu()).unwrap();
    assert_eq!((model.info.name.as_str(), model.info.quantization.as_str()), ("Thermostat you", "Q8_0"));
    assert_eq!(model.info.parameters, parameters);
    let row =
        RowSpec { row: 0, seed: 1, temperature: Temperature::Greedy, truncation: Truncation::default() };
    let job = GenerateJob {
        model: "you".to_owned(),
        prompt: "What is the capital of France?".to_owned(),
        chat: true,
        rows: vec![row],
        max_new_tokens: 12,
        patient: false,
    };
    let mut run = Run::start(Rc::new(model), &job).unwrap();
    let mut text = String::new();
    while !run.is_done() {
        block_on(run.step()).unwrap().iter().for_each(|delta| text.push_str(&delta.text));
    }
    assert_eq!(text.trim(), "Paris");
}

#[test]
fn the_same_order_gives_the_same_file() {
    let small = || Order { answers: 1, ..order() };
    let file = || match learn(sft(), &small(), &mut |_| ()).unwrap() {
        News::Learned { file, .. } => file,
        other => panic!("{other:?}"),
    };
    assert!(file() == file());
}

#[test]
fn what_cannot_be_learned_from_is_refused() {
    let few = Order { lessons: order().lessons[..1].to_vec(), ..order() };
    assert!(matches!(learn(sft(), &few, &mut |_| ()), Err(TrainingError::TooFew(1))));
    assert!(matches!(learn(b"no model".to_vec(), &order(), &mut |_| ()), Err(TrainingError::Gguf(_))));
    let long = lesson(&"the sea ".repeat(400), "a", "b");
    let crowded = Order { lessons: vec![long.clone(), long], ..order() };
    assert!(matches!(learn(sft(), &crowded, &mut |_| ()), Err(TrainingError::TooFew(0))));
}
