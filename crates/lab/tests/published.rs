//! The published weights are what today's recipe makes: corpus, configuration and files belong together.
//!
//! Training again takes an hour, so this compares what went in. A change to the corpus or to the defaults fails here
//! until the model is trained anew (`cargo run --release -p lab -- sft --models www/models`).

#![allow(clippy::unwrap_used, missing_docs)]

use std::fs;
use std::path::{Path, PathBuf};

use lab::answers::Answerer;
use lab::config::SftConfig;
use lab::corpus::{creative_page_prompts, judge_poem};
use lab::publish::{Metrics, corpus_fingerprint};
use sha2::{Digest, Sha256};
use thermostat::manifest::{MANIFEST_VERSION, Manifest};
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
fn the_manifest_describes_the_files_beside_it() {
    let manifest: Manifest = read("www/models/manifest.json");
    assert_eq!(manifest.version, MANIFEST_VERSION);
    let stage = manifest.stages.iter().find(|s| s.id == "sft").unwrap();
    assert_eq!(stage.config, serde_json::to_value(SftConfig::default()).unwrap());
    assert_eq!(
        stage.files[0].quantization, "Q4_0",
        "the page takes the first file, and Q4_0 is the light one"
    );
    for file in &stage.files {
        let bytes = fs::read(root().join("www/models").join(&file.file)).unwrap();
        let sha256: String = Sha256::digest(&bytes).iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!((bytes.len() as u64, sha256), (file.size_bytes, file.sha256.clone()), "{}", file.file);
    }
}

#[test]
fn the_published_model_answers_as_it_was_measured_to() {
    for file in ["thermostat-sft-q8_0.gguf", "thermostat-sft-q4_0.gguf"] {
        let model = Answerer::load(fs::read(root().join("www/models").join(file)).unwrap()).unwrap();
        let fact = model.answers("What is the capital of France?", Temperature::Greedy, 1, 1).unwrap();
        assert!(fact[0].contains("Paris"), "{file}: {fact:?}");
        // Measured: 99 of 100 poems on their topic. Of 20, fewer than 15 would be another model.
        let prompt = creative_page_prompts()[0];
        let poems = model.answers(prompt, Temperature::Value(1.0), 20, 1).unwrap();
        let on_topic = poems.iter().filter(|p| judge_poem(prompt, p).on_topic).count();
        assert!(on_topic >= 15, "{file}: {on_topic} of 20 on their topic");
    }
}
