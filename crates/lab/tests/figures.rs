//! The figures, on the published SFT file and few answers.

#![allow(clippy::unwrap_used, missing_docs)]

use std::fs;
use std::path::Path;

use lab::answers::Answerer;
use lab::corpus::Kind;
use lab::figures::{
    PromptSet, Protocol, StageFile, effective_temperatures, figure_8, figure_20, figure_21,
    recorded_experiment, temperatures,
};
use thermostat::experiment::recorded::RecordedExperiment;
use thermostat::units::Temperature;

fn bytes() -> Vec<u8> {
    let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../www/models");
    fs::read(models.join("thermostat-sft-q4_0.gguf")).unwrap()
}

fn stage(bytes: &[u8]) -> StageFile<'_> {
    StageFile { id: "sft", file: "thermostat-sft-q4_0.gguf", bytes }
}

fn few(answers_per_prompt: u32, temperatures: &[f32]) -> Protocol {
    Protocol { answers_per_prompt, temperatures: temperatures.to_vec(), seed: 5 }
}

#[test]
fn temperatures_are_the_papers() {
    let all = temperatures(1, 15);
    assert_eq!((all.len(), all[0], all[9], all[14]), (15, 0.1, 1.0, 1.5));
}

#[test]
fn answers_at_several_temperatures_are_those_of_each_alone() {
    let model = Answerer::load(bytes()).unwrap();
    let prompt = "Write a poem about the sea";
    // More rows than fit one job.
    let groups = model.answers_at(prompt, &[0.2, 1.0, 1.4], 130, 7).unwrap();
    assert!(groups.iter().all(|group| group.len() == 130));
    assert!(groups.iter().flatten().all(|a| !a.text.is_empty() && !a.tokens.is_empty()));
    // The first temperature's rows are numbered as the page numbers them.
    let alone = model.answers(prompt, Temperature::Value(0.2), 4, 7).unwrap();
    let together: Vec<String> = groups[0].iter().take(4).map(|a| a.text.clone()).collect();
    assert_eq!(alone, together);
    assert!(model.answers_at(prompt, &[0.0], 1, 7).is_err());
}

#[test]
fn figure_21_is_the_same_on_any_number_of_threads_and_becomes_a_recording() {
    let (bytes, held_out) = (bytes(), PromptSet::of_the_page().first(1));
    let protocol = few(3, &[0.3, 1.5]);
    let once = figure_21(&stage(&bytes), Some(&held_out), &protocol, 1).unwrap();
    assert_eq!(once, figure_21(&stage(&bytes), Some(&held_out), &protocol, 3).unwrap());
    for kind in [Kind::Creative, Kind::Factual] {
        let points = once.page.of(kind);
        assert_eq!(points.len(), 2);
        assert!(points[0].self_bleu.mean > points[1].self_bleu.mean, "{kind:?}: {points:?}");
        assert!(points[0].vendi.mean < points[1].vendi.mean);
        assert_eq!(once.held_out.as_ref().unwrap().of(kind).len(), 2);
    }
    let recorded = recorded_experiment(&[once], "2026-01-01", "unknown").unwrap();
    let read = RecordedExperiment::read(&serde_json::to_vec(&recorded).unwrap()).unwrap();
    assert_eq!(read, recorded);
    assert_eq!(read.protocol.creative_prompts.len(), 10);
}

#[test]
fn the_best_of_more_is_better_and_long_answers_win_where_length_is_the_reward() {
    let (bytes, prompts) = (bytes(), PromptSet::of_the_page().first(2));
    let length = |answers: &[(&str, &str)]| Ok(answers.iter().map(|(_, text)| text.len() as f32).collect());
    let protocol = few(6, &[0.6, 1.2]);
    let best = figure_8(&stage(&bytes), &prompts, &protocol, &length, 2).unwrap();
    assert!(best.creative.iter().chain(&best.factual).all(|curve| curve.best.is_sorted()));
    assert!(best.best_temperature(Kind::Creative, 6).unwrap().1 > best.creative[0].best[0]);
    let broken = |answers: &[(&str, &str)]| Ok(vec![f32::NAN; answers.len()]);
    assert!(figure_8(&stage(&bytes), &prompts, &protocol, &broken, 2).is_err());

    let quality = |_: Kind, _: &str, answer: &str| if answer.ends_with('.') { 1.0 } else { 0.0 };
    let files = [stage(&bytes), stage(&bytes)];
    let protocol = Protocol::at_one(10, 5);
    let spread = figure_20(&files, &prompts, &protocol, &length, &quality, 2).unwrap();
    assert_eq!(spread.stages[0], spread.stages[1]);
    let poems = spread.stages[0].of(Kind::Creative);
    assert_eq!(poems.reward.counts.iter().sum::<u32>(), 20);
    assert_eq!((poems.reward.deciles.len(), poems.examples.len()), (11, 20));
}

#[test]
fn a_stage_has_temperature_one_against_itself() {
    let bytes = bytes();
    let prompts = PromptSet::of_the_page().first(2);
    let protocol = Protocol::at_one(3, 5);
    let found = effective_temperatures(&stage(&bytes), &stage(&bytes), &prompts, &protocol, 2).unwrap();
    for kind in [&found.creative, &found.factual] {
        assert!(kind.open.tokens > 0 && kind.open.tokens < kind.all.tokens);
        assert_eq!(kind.all.mean_entropy, kind.all.mean_sft_entropy);
        assert!(kind.open.mean_ln.unwrap().abs() < 1e-6, "{kind:?}");
        assert_eq!(kind.open.undefined, 0.0);
    }
}
