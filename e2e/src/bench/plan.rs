//! What is measured: engines, settings, and how often.

use super::models::Model;
use crate::onnx::Precision;

/// The prompt that is sampled.
pub const PROMPT: &str = "Write a poem about the sea.";
/// Prompts that are asked once each, for the time until the first token: no engine has read them before.
pub const OTHER_PROMPTS: [&str; 3] =
    ["What is the capital of Italy?", "Tell me about a river.", "Name a colour, please."];
/// Most tokens of an answer: about a poem.
pub const MOST_TOKENS: u32 = 45;
/// The same where an adapter is imitated by the processor: enough to see that it works.
pub const MOST_TOKENS_IMITATED: u32 = 6;
/// Answers to one prompt: a column of the page at its most.
pub const ANSWERS: u32 = 25;
/// Temperatures of a block of Figure 21.
pub const TEMPERATURES: u32 = 15;

/// Which program computes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// This project's.
    Thermostat,
    /// `@wllama/wllama`.
    Wllama,
    /// `@huggingface/transformers`, on weights stored so.
    Transformers(Precision),
}

impl Engine {
    /// Its module in `e2e/bench`.
    #[must_use]
    pub fn module(self) -> &'static str {
        match self {
            Self::Thermostat => "thermostat",
            Self::Wllama => "wllama",
            Self::Transformers(_) => "transformers",
        }
    }

    /// Its name in tables.
    #[must_use]
    pub fn title(self) -> String {
        match self {
            Self::Thermostat => "this engine".to_owned(),
            Self::Wllama => "wllama".to_owned(),
            Self::Transformers(precision) => format!("transformers.js {}", precision.name()),
        }
    }
}

/// Where it computes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Device {
    /// On the processor with so many threads or workers.
    Cpu(u32),
    /// On the graphics adapter.
    WebGpu,
}

impl Device {
    /// Its name in tables.
    #[must_use]
    pub fn title(self) -> String {
        match self {
            Self::Cpu(1) => "CPU, 1 thread".to_owned(),
            Self::Cpu(threads) => format!("CPU, {threads} threads"),
            Self::WebGpu => "WebGPU".to_owned(),
        }
    }
}

/// An engine in a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting {
    /// Which.
    pub engine: Engine,
    /// Where.
    pub device: Device,
}

/// How often each thing is measured in one round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Runs {
    /// Single answers.
    pub one: u32,
    /// Columns of 25 answers.
    pub many: u32,
    /// Whether a block of 375 is measured in every round (this engine), in the first only (peers), or not at all.
    pub block: bool,
}

/// What is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// The peers too.
    pub peers: bool,
    /// On the processor too, and not only on the graphics adapter.
    pub processor: bool,
    /// Rounds: every setting is measured once in each, so that what disturbs the machine meanwhile disturbs all.
    pub rounds: u32,
}

/// The settings for a model on the processor.
#[must_use]
pub fn on_processor(model: &Model, wanted: Wanted) -> Vec<Setting> {
    // The large model is measured with two threads only, for the time that it takes.
    let threads: &[u32] = if model.large { &[2] } else { &[1, 2] };
    threads.iter().flat_map(|&threads| settings(model, Device::Cpu(threads), wanted)).collect()
}

/// The settings for a model on the graphics adapter.
#[must_use]
pub fn on_adapter(model: &Model, wanted: Wanted) -> Vec<Setting> {
    settings(model, Device::WebGpu, wanted)
}

fn settings(model: &Model, device: Device, wanted: Wanted) -> Vec<Setting> {
    let mut engines = vec![Engine::Thermostat];
    if wanted.peers {
        engines.push(Engine::Wllama);
        engines.extend(model.precisions(device).iter().map(|&precision| Engine::Transformers(precision)));
    }
    engines.into_iter().map(|engine| Setting { engine, device }).collect()
}

/// How often, for a model on the processor.
#[must_use]
pub fn runs(model: &Model) -> Runs {
    if model.large { Runs { one: 3, many: 1, block: false } } else { Runs { one: 7, many: 3, block: true } }
}

/// How often on an adapter that the processor imitates.
pub const RUNS_IMITATED: Runs = Runs { one: 1, many: 1, block: false };
