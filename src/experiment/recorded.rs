//! `www/models/recorded.json`: curves of an experiment as the lab recorded them.
//!
//! The lab writes it and the page reads it; the page works without it. Means and standard deviations are over prompts,
//! as in Figure 21 of the paper: each prompt's answers give one Self-BLEU.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::plan::Kind;
use crate::units::Seed;

/// Version of the schema.
pub const RECORDED_VERSION: u32 = 1;

/// One recorded experiment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RecordedExperiment {
    /// [`RECORDED_VERSION`].
    pub version: u32,
    /// Date of the recording, ISO 8601.
    pub recorded_on: String,
    /// Commit of the code that recorded it, or `unknown`.
    pub commit: String,
    /// What was asked.
    pub protocol: Protocol,
    /// One per training stage, in their order.
    pub stages: Vec<RecordedStage>,
}

/// No number that is read is NaN. So two handles of one recording are equal without a look at its numbers.
impl Eq for RecordedExperiment {}

/// What was asked, of every stage alike.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Protocol {
    /// Answers per prompt and temperature: 25 in the paper.
    pub answers_per_prompt: u32,
    /// Temperatures, rising: 0.1 to 1.5 by 0.1 in the paper.
    pub temperatures: Vec<f32>,
    /// The creative prompts.
    pub creative_prompts: Vec<String>,
    /// The factual prompts.
    pub factual_prompts: Vec<String>,
    /// Key of the random draws.
    pub seed: Seed,
}

/// The curves of one stage.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RecordedStage {
    /// Id of the stage in the manifest.
    pub id: String,
    /// Name of the model file that answered.
    pub file: String,
    /// Lower-case hex SHA-256 of that file.
    pub sha256: String,
    /// One point per temperature, over the creative prompts.
    pub creative: Vec<Point>,
    /// One point per temperature, over the factual prompts.
    pub factual: Vec<Point>,
}

/// One temperature.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// The temperature.
    pub temperature: f32,
    /// Mean Self-BLEU, 0 to 1.
    pub self_bleu_mean: f64,
    /// Standard deviation of Self-BLEU over prompts.
    pub self_bleu_deviation: f64,
    /// Mean number of different answers per prompt, 1 to [`Protocol::answers_per_prompt`].
    pub distinct_mean: f64,
}

/// Why a recording cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RecordedError {
    /// Not JSON of this shape.
    #[error("the recorded curves cannot be read: {0}")]
    Unreadable(String),
    /// Another version.
    #[error("the recorded curves have version {0}; this program reads {RECORDED_VERSION}")]
    Version(u32),
    /// A number outside what it may be.
    #[error("the recorded curves of stage {0:?} hold a number that cannot be")]
    Range(String),
}

impl RecordedExperiment {
    /// Reads a recording and checks its numbers once.
    ///
    /// # Errors
    /// [`RecordedError`].
    pub fn read(bytes: &[u8]) -> Result<Self, RecordedError> {
        /// The version alone, so that a file of another version is named as one.
        #[derive(Deserialize)]
        struct Versioned {
            version: u32,
        }
        let unreadable = |error: serde_json::Error| RecordedError::Unreadable(error.to_string());
        let version = serde_json::from_slice::<Versioned>(bytes).map_err(unreadable)?.version;
        if version != RECORDED_VERSION {
            return Err(RecordedError::Version(version));
        }
        let recorded: Self = serde_json::from_slice(bytes).map_err(unreadable)?;
        for stage in &recorded.stages {
            if !stage.creative.iter().chain(&stage.factual).all(Point::is_sound) {
                return Err(RecordedError::Range(stage.id.clone()));
            }
        }
        Ok(recorded)
    }

    /// The curves of a stage, where they were recorded from these weights.
    #[must_use]
    pub fn of_weights(&self, id: &str, sha256: &str) -> Option<&RecordedStage> {
        self.stage(id).filter(|stage| stage.sha256 == sha256)
    }

    /// The curves of a stage, by its id in the manifest.
    #[must_use]
    pub fn stage(&self, id: &str) -> Option<&RecordedStage> {
        self.stages.iter().find(|stage| stage.id == id)
    }
}

impl RecordedStage {
    /// Temperature and mean Self-BLEU of a kind of prompts, as they were recorded.
    #[must_use]
    pub fn curve(&self, kind: Kind) -> Vec<(f64, f64)> {
        let points = match kind {
            Kind::Creative => &self.creative,
            Kind::Factual => &self.factual,
        };
        points.iter().map(|point| (f64::from(point.temperature), point.self_bleu_mean)).collect()
    }
}

impl Point {
    fn is_sound(&self) -> bool {
        let at_least_zero = |value: f64| value.is_finite() && value >= 0.0;
        self.temperature.is_finite()
            && self.temperature > 0.0
            && (0.0..=1.0).contains(&self.self_bleu_mean)
            && at_least_zero(self.self_bleu_deviation)
            && at_least_zero(self.distinct_mean)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recorded() -> RecordedExperiment {
        let point =
            Point { temperature: 0.1, self_bleu_mean: 0.9, self_bleu_deviation: 0.05, distinct_mean: 2.5 };
        RecordedExperiment {
            version: RECORDED_VERSION,
            recorded_on: "2026-01-01".to_owned(),
            commit: "unknown".to_owned(),
            protocol: Protocol {
                answers_per_prompt: 25,
                temperatures: vec![0.1],
                creative_prompts: vec!["Write a poem about the sea".to_owned()],
                factual_prompts: vec!["What is the capital of France?".to_owned()],
                seed: 1,
            },
            stages: vec![RecordedStage {
                id: "sft".to_owned(),
                file: "sft.gguf".to_owned(),
                sha256: "ab".to_owned(),
                creative: vec![point],
                factual: vec![point],
            }],
        }
    }

    fn written(recorded: &RecordedExperiment) -> Vec<u8> {
        serde_json::to_vec(recorded).expect("JSON")
    }

    #[test]
    fn a_recording_is_read_as_it_was_written() {
        let recorded = recorded();
        assert_eq!(RecordedExperiment::read(&written(&recorded)), Ok(recorded.clone()));
        assert!(recorded.stage("sft").is_some() && recorded.stage("rlhf-v1").is_none());
    }

    #[test]
    fn the_names_of_version_one_stay_as_they_are() {
        let value = serde_json::to_value(recorded()).expect("JSON");
        assert_eq!(value["protocol"]["answers_per_prompt"], 25);
        let point = &value["stages"][0]["factual"][0];
        for name in ["temperature", "self_bleu_mean", "self_bleu_deviation", "distinct_mean"] {
            assert!(point[name].is_number(), "{name}");
        }
    }

    #[test]
    fn the_published_recording_can_be_read() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/www/models/recorded.json");
        RecordedExperiment::read(&std::fs::read(path).expect("the file")).expect("a recording");
    }

    #[test]
    fn another_version_is_named_even_where_the_rest_differs() {
        assert_eq!(RecordedExperiment::read(br#"{"version": 2}"#), Err(RecordedError::Version(2)));
    }

    #[test]
    fn what_cannot_be_is_refused() {
        assert!(matches!(RecordedExperiment::read(b"<!doctype html>"), Err(RecordedError::Unreadable(_))));
        for spoil in [
            |point: &mut Point| point.self_bleu_mean = 1.5,
            |point: &mut Point| point.self_bleu_deviation = -1.0,
            |point: &mut Point| point.temperature = 0.0,
        ] {
            let mut recorded = recorded();
            spoil(&mut recorded.stages[0].factual[0]);
            assert_eq!(
                RecordedExperiment::read(&written(&recorded)),
                Err(RecordedError::Range("sft".to_owned()))
            );
        }
    }
}
