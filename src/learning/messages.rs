//! What the page and its trainer say to each other. A trainer takes one order and then says nothing but news; whoever wants it to
//! stop, closes it.

use serde::{Deserialize, Serialize};

use super::{Lesson, Share};
use crate::protocol::{ModelSource, VisitorError};

/// Page to trainer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Order {
    /// The stage to begin from.
    pub model: ModelSource,
    /// What to learn.
    pub lessons: Vec<Lesson>,
    /// Prompts of the fresh answers by which what was learned is judged.
    pub prompts: Vec<String>,
    /// Fresh answers to each prompt, of each of both policies.
    pub answers: u32,
    /// Name of the new model in its file.
    pub name: String,
    /// Key of all that is drawn.
    pub seed: u32,
}

/// What a trainer is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Fetches and unpacks the model to begin from.
    Load,
    /// Fits reward models to parts of the votes, each judged by the votes that it has not seen.
    HoldBack,
    /// Moves the policy.
    Policy,
    /// Samples fresh answers before and after.
    Answers,
}

/// Trainer to page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum News {
    /// It runs and takes an order.
    Ready,
    /// So much of a step is done.
    Progress {
        /// Which.
        step: Step,
        /// Done.
        done: u32,
        /// In all.
        all: u32,
    },
    /// What the votes that were held back say of the reward model.
    Rewarded(HeldBack),
    /// There is a new policy; nothing more comes.
    Learned {
        /// Its GGUF file.
        #[serde(with = "serde_bytes")]
        file: Vec<u8>,
        /// Lower-case hex SHA-256 of the file.
        sha256: String,
        /// Block format of its weights.
        quantization: String,
        /// Number of parameters.
        parameters: u64,
        /// Fresh answers before and after.
        fresh: Vec<FreshPair>,
        /// Mean divergence from the stage it began as, nats per answer, over its own fresh answers.
        divergence: f64,
    },
    /// It cannot be done; nothing more comes.
    Failed(VisitorError),
}

/// How reward models did on votes, each vote judged twice.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct HeldBack {
    /// Votes foretold by a reward model that had not seen them.
    pub unseen: Share,
    /// Votes told by the reward model that had learned them.
    pub seen: Share,
}

/// An answer from before and one from after, to the same prompt.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FreshPair {
    /// What was asked.
    pub prompt: String,
    /// Answers of the stage that it began as and of the new policy.
    pub answers: [String; 2],
    /// What the fitted reward model gives them.
    pub rewards: [f32; 2],
}
