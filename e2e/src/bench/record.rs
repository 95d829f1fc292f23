//! What a run of the benchmark found, as it is kept in JSON. Tables are rendered from it and from nothing else.

use serde::{Deserialize, Serialize};

use super::machine::Machine;
use super::statistics::Spread;

/// One run of the benchmark.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// Day and time, UTC, ISO 8601.
    pub date: String,
    /// What was typed.
    pub command: String,
    /// Where it ran.
    pub machine: Machine,
    /// Commit of this repository, with `+` where files differed from it.
    pub commit: String,
    /// The folder of the built page's program, which is named by its contents: with `--skip-build` it may be older than the commit.
    pub page: String,
    /// Versions of the peers' packages, as `name version`.
    pub peers: Vec<String>,
    /// Prompt of every sample.
    pub prompt: String,
    /// Most tokens of an answer.
    pub most_tokens: u32,
    /// What was measured, in the order of the tables.
    pub models: Vec<ModelRecord>,
    /// What was not measured, and why.
    pub skipped: Vec<String>,
    /// What the native benchmark printed.
    pub native: Vec<String>,
}

/// One model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelRecord {
    /// Title of its tables.
    pub title: String,
    /// Size of the GGUF file.
    pub size_bytes: u64,
    /// One entry for each engine and setting.
    pub series: Vec<Series>,
}

/// One engine in one setting on one model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Series {
    /// Name, with what it makes of the weights if that is not the file's own: `transformers.js q8`.
    pub engine: String,
    /// Whether it is this project's.
    pub ours: bool,
    /// Where it ran, for example `CPU, 2 threads`; series on the same device are compared.
    pub device: String,
    /// What it said of itself.
    pub about: String,
    /// From nothing to being able to answer.
    pub load_ms: Vec<f64>,
    /// From a new prompt to the first token.
    pub first_ms: Vec<f64>,
    /// One answer at a time.
    pub one: Vec<Sample>,
    /// 25 answers to one prompt.
    pub many: Vec<Sample>,
    /// 25 answers at each of 15 temperatures.
    pub block: Vec<Sample>,
    /// Why it was not measured or not to the end.
    pub trouble: Option<String>,
    /// By how much our engine prefers other tokens to its greedy ones, in nats, at most; and how many tokens were compared.
    pub check: Option<Check>,
}

/// The greedy answer, compared with our engine.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Check {
    /// Tokens compared.
    pub tokens: u32,
    /// The largest gap, in nats.
    pub largest_gap: f64,
}

/// One run.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Sample {
    /// Answers asked for.
    pub answers: u32,
    /// Tokens sampled, those that end an answer included, as the engine counts them.
    pub sampled: u32,
    /// From the request to the last token, the prompt included.
    pub ms: f64,
}

impl Sample {
    /// Tokens per second.
    #[must_use]
    pub fn rate(&self) -> f64 {
        f64::from(self.sampled) / self.ms * 1000.0
    }
}

impl Series {
    /// Mean length of a sampled answer, if any was sampled at T = 1.
    #[must_use]
    pub fn mean_length(&self) -> Option<f64> {
        let samples = || self.one.iter().chain(&self.many);
        let answers: u32 = samples().map(|sample| sample.answers).sum();
        let sampled: u32 = samples().map(|sample| sample.sampled).sum();
        (answers > 0).then(|| f64::from(sampled) / f64::from(answers))
    }
}

/// Tokens per second over some runs.
#[must_use]
pub fn rates(samples: &[Sample]) -> Option<Spread> {
    Spread::of(samples.iter().map(Sample::rate))
}

/// Seconds over some runs.
#[must_use]
pub fn seconds(samples: &[Sample]) -> Option<Spread> {
    Spread::of(samples.iter().map(|sample| sample.ms / 1000.0))
}
