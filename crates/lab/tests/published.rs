//! The published weights are what today's recipe makes: corpus, configuration and files belong together.
//!
//! Training again takes an hour, so this compares what went in. A change to the corpus or to the defaults fails here
//! until the model is trained anew (`cargo run --release -p lab -- sft --models www/models`).

#![allow(clippy::unwrap_used, missing_docs)]

use std::fs;
use std::path::{Path, PathBuf};

use lab::answers::Answerer;
use lab::card::{CardInputs, model_card, other_seeds};
use lab::config::SftConfig;
use lab::corpus::{creative_page_prompts, judge_poem};
use lab::lineage::config::LineageConfig;
use lab::publish::{Metrics, corpus_fingerprint};
use lab::publish_lineage::LineageResults;
use sha2::{Digest, Sha256};
use thermostat::app::facts::line_of;
use thermostat::app::language::Language;
use thermostat::engine::{LoadedModel, block_on, device, score};
use thermostat::experiment::recorded::RecordedExperiment;
use thermostat::manifest::{MANIFEST_VERSION, Manifest};
use thermostat::protocol::ScoreJob;
use thermostat::units::Temperature;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read<T: serde::de::DeserializeOwned>(path: &str) -> T {
    serde_json::from_slice(&fs::read(root().join(path)).unwrap()).unwrap()
}

#[test]
fn the_recipe_is_the_published_one() {
    let config: SftConfig = read("crates/lab/published/sft/config.json");
    assert_eq!(config, SftConfig::default());
    let metrics: Metrics = read("crates/lab/published/sft/metrics.json");
    assert_eq!(
        corpus_fingerprint(config.seed),
        metrics.corpus_sha256,
        "the corpus is not the one that was learned"
    );
}

#[test]
fn the_lineage_is_the_published_one() {
    let config: LineageConfig = read("crates/lab/published/lineage/config.json");
    assert_eq!(config, LineageConfig::default(), "train again: `cargo run --release -p lab -- all`");
    let results: LineageResults = read("crates/lab/published/lineage/results.json");
    assert_eq!(results.config, config);
    let manifest: Manifest = read("www/models/manifest.json");
    let published: Vec<_> = (manifest.stages.iter().chain(&manifest.demonstrations))
        .map(|stage| (&stage.id, &stage.files[0].sha256))
        .collect();
    let measured: Vec<_> =
        results.figures.figure_21.iter().map(|figure| (&figure.id, &figure.sha256)).collect();
    assert_eq!(measured, published);
}

#[test]
fn other_seeds_differ_in_the_seed_alone() {
    let published: LineageResults = read("crates/lab/published/lineage/results.json");
    for (seed, path) in other_seeds(&root().join("crates/lab/published/lineage")).unwrap() {
        let other: LineageResults = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        assert_eq!(other.config, LineageConfig { seed, ..LineageConfig::default() });
        assert_eq!(other.figures.training_seed, seed);
        let asked = |results: &LineageResults| -> Vec<_> {
            let figures = results.figures.figure_21.iter();
            figures.map(|figure| (figure.id.clone(), figure.protocol.clone())).collect()
        };
        assert_eq!(asked(&other), asked(&published));
        // It is a lineage of its own.
        let files = |results: &LineageResults| -> Vec<_> {
            results.figures.figure_21.iter().map(|figure| figure.sha256.clone()).collect()
        };
        assert!(files(&other).iter().all(|file| !files(&published).contains(file)));
    }
}

#[test]
fn the_card_says_what_was_measured() {
    let models = root().join("www/models");
    let inputs = CardInputs::published(&models, &root().join("crates/lab/published/lineage")).unwrap();
    let card = model_card(&inputs);
    let written = fs::read_to_string(models.join("MODEL_CARD.md")).unwrap();
    assert!(card.markdown == written, "make it again: `cargo run --release -p lab -- card`");
    for plot in &card.plots {
        let written = fs::read_to_string(models.join(format!("figures/{}.svg", plot.name))).unwrap();
        assert!(plot.svg() == written, "{}: make the card again", plot.name);
    }
}

#[test]
fn the_manifest_describes_the_files_beside_it() {
    let manifest: Manifest = read("www/models/manifest.json");
    assert_eq!(manifest.version, MANIFEST_VERSION);
    let ids: Vec<&str> = manifest.stages.iter().map(|stage| stage.id.as_str()).collect();
    assert_eq!(ids, ["sft", "rlhf-v1", "rlhf-v2", "rlhf-v3", "rlhf-v4", "rlhf-v5"]);
    assert_eq!(manifest.stages[0].config, serde_json::to_value(SftConfig::default()).unwrap());
    let all = manifest.stages.iter().chain(&manifest.demonstrations).chain(&manifest.reward_models);
    for stage in all {
        for file in &stage.files {
            let bytes = fs::read(root().join("www/models").join(&file.file)).unwrap();
            let sha256: String = Sha256::digest(&bytes).iter().map(|b| format!("{b:02x}")).collect();
            assert_eq!((bytes.len() as u64, sha256), (file.size_bytes, file.sha256.clone()), "{}", file.file);
            assert!(bytes.len() <= 2_000_000, "{} is too large for a visitor's first minute", file.file);
        }
    }
    for stage in manifest.stages.iter().chain(&manifest.demonstrations) {
        let line = line_of(stage, Language::English.words());
        assert!(
            line.measures.iter().all(|value| value.ends_with('%')),
            "the page's table has gaps: {line:?}"
        );
    }
    for stage in &manifest.stages {
        assert_eq!(
            stage.files[0].quantization, "Q4_0",
            "the page takes the first file, and Q4_0 is the light one"
        );
    }
}

#[test]
fn the_recorded_curves_are_those_of_the_published_files() {
    let bytes = fs::read(root().join("www/models/recorded.json")).unwrap();
    let recorded = RecordedExperiment::read(&bytes).unwrap();
    let manifest: Manifest = read("www/models/manifest.json");
    let published: Vec<_> = manifest.stages.iter().map(|stage| (&stage.id, &stage.files[0].sha256)).collect();
    let found: Vec<_> = recorded.stages.iter().map(|stage| (&stage.id, &stage.sha256)).collect();
    assert_eq!(found, published);
}

#[test]
fn every_published_model_answers_as_it_was_measured_to() {
    let manifest: Manifest = read("www/models/manifest.json");
    for file in manifest.stages.iter().flat_map(|stage| &stage.files) {
        let name = &file.file;
        let model = Answerer::load(fs::read(root().join("www/models").join(name)).unwrap()).unwrap();
        let fact = model.answers("What is the capital of France?", Temperature::Greedy, 1, 1).unwrap();
        assert!(fact[0].contains("Paris"), "{name}: {fact:?}");
        // Measured: at least 94 of 100 poems on their topic. Of 20, fewer than 15 would be another model.
        let prompt = creative_page_prompts()[0];
        let poems = model.answers(prompt, Temperature::Value(1.0), 20, 1).unwrap();
        let on_topic = poems.iter().filter(|p| judge_poem(prompt, p).on_topic).count();
        assert!(on_topic >= 15, "{name}: {on_topic} of 20 on their topic");
    }
}

/// The page scores with the published file what the lab scored when it measured: the engine's rows and caches against the
/// lab's own forward pass. The file is Q8_0 and the lab's weights were F32, so whitened scores may differ by what blocks of
/// eight bits round away: .004 of a deviation in the mean when this was written, .02 at most.
#[test]
fn the_published_reward_model_scores_as_the_lab_did() {
    let results: LineageResults = read("crates/lab/published/lineage/results.json");
    let manifest: Manifest = read("www/models/manifest.json");
    let file = &manifest.reward_models[0].files[0];
    let bytes = fs::read(root().join("www/models").join(&file.file)).unwrap();
    let model = LoadedModel::load("reward", bytes, Some(&file.sha256), &device::cpu()).unwrap();
    let figure = results.figures.figure_20.as_ref().unwrap();
    let (mut differences, mut lone) = (Vec::new(), None);
    for stage in &figure.stages {
        for example in stage.creative.examples.iter().chain(&stage.factual.examples) {
            let job = |answers| ScoreJob {
                model: "reward".to_owned(),
                prompt: example.prompt.clone(),
                chat: true,
                answers,
            };
            // Beside others, longer and shorter: a row's score is its own.
            let answers = vec![
                "Yes.".to_owned(),
                example.answer.clone(),
                "The sea is wide and the moon is white.".to_owned(),
            ];
            let scores = block_on(score(&model, &job(answers))).unwrap();
            let alone = lone.get_or_insert_with(|| {
                block_on(score(&model, &job(vec![example.answer.clone()]))).unwrap()[0]
            });
            if differences.is_empty() {
                assert!((scores[1] - *alone).abs() < 1e-4, "{} beside others, {alone} alone", scores[1]);
            }
            differences.push((f64::from(scores[1]) - example.reward).abs());
        }
    }
    let largest = differences.iter().copied().fold(0.0, f64::max);
    let mean = differences.iter().sum::<f64>() / differences.len() as f64;
    println!("{} answers: mean difference {mean:.4}, largest {largest:.4}", differences.len());
    assert!(differences.len() > 200 && mean < 0.01 && largest < 0.06, "mean {mean}, largest {largest}");
}
