//! The configuration of a lineage. The defaults are the recipe of the published one.

use serde::{Deserialize, Serialize};

use crate::adamw::AdamConfig;

/// Everything after SFT that decides what the versions learn. Saved with each run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineageConfig {
    /// Seed of prompts, draws and annotators.
    pub seed: u64,
    /// Optimizer of every stage.
    pub adam: AdamConfig,
    /// Longest answer, tokens.
    pub most_tokens: usize,
    /// A shard is full when the next document would take it past this many tokens.
    pub shard_tokens: usize,
    /// The reward models.
    pub reward: RewardConfig,
    /// v1 to v4.
    pub rejection: RejectionConfig,
    /// v5.
    pub ppo: PpoConfig,
    /// The run that is kept to show over-optimisation: PPO without a leash.
    pub over_optimised: PpoConfig,
    /// How much is sampled to measure a finished stage.
    pub truth: TruthConfig,
    /// How much is sampled to measure a policy on its way.
    pub milestone: TruthConfig,
}

/// A reward model and the comparisons it learns from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RewardConfig {
    /// New pairs of sampled answers for each version.
    pub policy_pairs: usize,
    /// New pairs with a hard negative for each version.
    pub negative_pairs: usize,
    /// Pairs kept from training to measure accuracy, of each version's new ones.
    pub test_pairs: usize,
    /// Pairs on held-out subjects and topics, for measuring only.
    pub held_out_pairs: usize,
    /// Temperatures at which answers are sampled for comparison.
    pub temperatures: Vec<f32>,
    /// Times each comparison is seen by the first reward model, which begins as the SFT model.
    pub first_epochs: usize,
    /// Times each is seen by a later one, which begins as the one before and sees the new comparisons and as many old ones.
    pub epochs: usize,
    /// Shards per step.
    pub shards: usize,
    /// Weight of the same loss on the mean of the scores after every token of an answer.
    pub prefix_weight: f32,
    /// Weight of the language-model loss, nats per answer token, on new examples of the SFT corpus beside the pairs; 0: none.
    /// A reward model that must go on predicting answers keeps what SFT knows, and with it an opinion on subjects that no
    /// comparison is about (Yang et al. 2024, arXiv 2406.10216, regularise with SFT's loss likewise).
    pub language_model_weight: f32,
    /// Most tokens of each of those examples' shards; there is one for every shard of pairs.
    pub language_model_tokens: usize,
    /// Highest learning rate.
    pub learning_rate: f32,
}

/// Rejection sampling and the fine-tuning on what it keeps.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RejectionConfig {
    /// Versions made so.
    pub versions: u32,
    /// Prompts for each version.
    pub prompts: usize,
    /// Answers sampled for each prompt; the best is kept. Many prompts with few answers taught more than few with many, at the
    /// price of as many samples: the best of 6 is not as good as the best of 16, but no answer need be learned twice.
    pub answers: u32,
    /// Temperatures of which the one with the best best-of-K is taken, anew for each version (Figure 8). None is below 1:
    /// training at T = 1 on answers sampled colder would sharpen all answers alike, poems too, whatever the reward says.
    pub temperatures: Vec<f32>,
    /// Prompts on which they are tried.
    pub probe_prompts: usize,
    /// Share of the kept answers of each kind, the best by reward, that are trained on. The best of K bad answers is bad:
    /// ranking over all prompts leaves it out (Dong et al. 2023, arXiv 2304.06767, rank likewise).
    pub share: f64,
    /// Best answers of earlier versions that are mixed in, as a share of the new ones.
    pub replay: f64,
    /// Times each kept answer is seen.
    pub epochs: usize,
    /// Shards per step.
    pub shards: usize,
    /// Highest learning rate.
    pub learning_rate: f32,
}

/// Proximal policy optimisation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PpoConfig {
    /// Most steps: one batch of answers each.
    pub steps: usize,
    /// Prompts per step.
    pub prompts: usize,
    /// Answers to each of them.
    pub answers: u32,
    /// Temperature of the rollouts.
    pub temperature: f32,
    /// Passes over each batch.
    pub epochs: usize,
    /// Shards per optimizer step.
    pub shards: usize,
    /// Weight of the KL divergence from the initial policy, in units of the whitened reward per nat.
    pub kl_weight: f32,
    /// How far the probability ratio may move before its gradient is cut (epsilon of Schulman et al. 2017).
    pub clip: f32,
    /// How far a value may move before its gradient is cut.
    pub value_clip: f32,
    /// Discount.
    pub gamma: f32,
    /// Decay of generalised advantage estimation (Schulman et al. 2016).
    pub lambda: f32,
    /// Learning rate of the policy.
    pub learning_rate: f32,
    /// Learning rate of the value model.
    pub value_learning_rate: f32,
    /// Steps between measurements of true quality.
    pub measure_every: usize,
    /// By how much true quality must exceed the best so far to be better: about twice its standard error in a
    /// measurement with 300 answers of each kind, so that a policy does not wander on where nothing is gained.
    pub least_gain: f64,
    /// Measurements without a better one after which training stops; 0: never.
    pub patience: usize,
}

/// The size of a measurement of true quality.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TruthConfig {
    /// Prompts of each kind.
    pub prompts: usize,
    /// Answers to each.
    pub answers: u32,
    /// Answers to each prompt of the page, for Self-BLEU.
    pub alike: u32,
}

impl Default for LineageConfig {
    fn default() -> Self {
        Self {
            seed: 1,
            adam: AdamConfig { weight_decay: 0.0, ..AdamConfig::default() },
            most_tokens: 96,
            shard_tokens: 1024,
            reward: RewardConfig::default(),
            rejection: RejectionConfig::default(),
            ppo: PpoConfig::default(),
            over_optimised: PpoConfig {
                steps: 120,
                kl_weight: 0.0,
                learning_rate: 4e-4,
                value_learning_rate: 5e-4,
                patience: 0,
                ..PpoConfig::default()
            },
            truth: TruthConfig { prompts: 300, answers: 4, alike: 25 },
            milestone: TruthConfig { prompts: 100, answers: 3, alike: 10 },
        }
    }
}

impl Default for RewardConfig {
    fn default() -> Self {
        Self {
            policy_pairs: 10_000,
            negative_pairs: 14_000,
            test_pairs: 1000,
            held_out_pairs: 1000,
            temperatures: vec![0.7, 1.0, 1.3],
            first_epochs: 3,
            epochs: 1,
            shards: 2,
            prefix_weight: 1.0,
            language_model_weight: 0.5,
            language_model_tokens: 512,
            learning_rate: 1e-3,
        }
    }
}

impl Default for RejectionConfig {
    fn default() -> Self {
        Self {
            versions: 4,
            prompts: 16_000,
            answers: 6,
            temperatures: vec![1.0, 1.2, 1.4],
            probe_prompts: 100,
            share: 0.85,
            replay: 0.5,
            epochs: 1,
            shards: 2,
            learning_rate: 5e-4,
        }
    }
}

impl Default for PpoConfig {
    fn default() -> Self {
        Self {
            steps: 150,
            prompts: 64,
            answers: 4,
            temperature: 1.0,
            epochs: 2,
            shards: 2,
            kl_weight: 0.1,
            clip: 0.2,
            value_clip: 0.2,
            gamma: 1.0,
            lambda: 0.95,
            learning_rate: 1e-4,
            value_learning_rate: 3e-4,
            measure_every: 10,
            least_gain: 0.02,
            patience: 6,
        }
    }
}

impl LineageConfig {
    /// All stages at a size that takes seconds: for continuous integration.
    #[must_use]
    pub fn smoke() -> Self {
        let ppo = PpoConfig { steps: 2, prompts: 6, answers: 2, measure_every: 1, ..PpoConfig::default() };
        Self {
            most_tokens: 24,
            reward: RewardConfig {
                policy_pairs: 60,
                negative_pairs: 60,
                test_pairs: 20,
                held_out_pairs: 20,
                first_epochs: 12,
                epochs: 6,
                // With as much to rehearse, few steps would show little of what is learned from pairs.
                language_model_weight: 0.1,
                language_model_tokens: 64,
                ..RewardConfig::default()
            },
            rejection: RejectionConfig {
                versions: 1,
                prompts: 20,
                answers: 4,
                temperatures: vec![0.8, 1.2],
                probe_prompts: 4,
                ..RejectionConfig::default()
            },
            over_optimised: PpoConfig { kl_weight: 0.0, ..ppo.clone() },
            ppo,
            truth: TruthConfig { prompts: 6, answers: 2, alike: 3 },
            milestone: TruthConfig { prompts: 6, answers: 1, alike: 3 },
            ..Self::default()
        }
    }
}
