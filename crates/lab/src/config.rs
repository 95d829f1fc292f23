//! The configuration of a training run. The defaults are the recipe of the published model.

use serde::{Deserialize, Serialize};

use crate::adamw::AdamConfig;
use crate::network::ModelShape;

/// Everything that decides what an SFT run learns. Saved with each run; the same configuration gives the same weights
/// on the same kind of processor.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SftConfig {
    /// Seed of the corpus and of the initial weights.
    pub seed: u64,
    /// The decoder.
    pub shape: ModelShape,
    /// Examples from which the vocabulary is made.
    pub vocabulary_examples: u64,
    /// Optimizer.
    pub adam: AdamConfig,
    /// Number of optimizer steps. The schedule ends at zero here, so another number is another run.
    pub steps: u64,
    /// Steps over which the learning rate rises from zero.
    pub warm_up_steps: u64,
    /// Highest learning rate.
    pub learning_rate: f32,
    /// Shards per step.
    pub shards: usize,
    /// A shard is full when the next example would take it past this many tokens.
    pub shard_tokens: usize,
    /// Standard deviation of the initial weights.
    pub initial_deviation: f32,
    /// Examples of other seeds on which the loss is measured.
    pub held_out_examples: u64,
}

impl Default for SftConfig {
    fn default() -> Self {
        Self {
            seed: 1,
            shape: ModelShape::default(),
            vocabulary_examples: 40_000,
            adam: AdamConfig::default(),
            steps: 12_000,
            warm_up_steps: 200,
            learning_rate: 4e-3,
            shards: 2,
            shard_tokens: 1024,
            initial_deviation: 0.02,
            held_out_examples: 2000,
        }
    }
}

impl SftConfig {
    /// The whole path at a size that takes seconds: for continuous integration.
    #[must_use]
    pub fn smoke() -> Self {
        Self {
            shape: ModelShape {
                vocabulary: 512,
                width: 64,
                blocks: 2,
                heads: 2,
                kv_heads: 1,
                inner: 96,
                ..ModelShape::default()
            },
            vocabulary_examples: 2000,
            steps: 60,
            warm_up_steps: 10,
            held_out_examples: 100,
            ..Self::default()
        }
    }

    /// The learning rate of a step (counted from 0): linear warm-up, then half a cosine down to zero at the last step
    /// (Touvron et al. 2023 use the same shape).
    #[must_use]
    pub fn learning_rate_at(&self, step: u64) -> f32 {
        if step < self.warm_up_steps {
            return self.learning_rate * (step + 1) as f32 / self.warm_up_steps as f32;
        }
        let rest = (self.steps - self.warm_up_steps.min(self.steps)).max(1);
        let done = (step - self.warm_up_steps) as f32 / rest as f32;
        self.learning_rate * 0.5 * (1.0 + (std::f32::consts::PI * done.min(1.0)).cos())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schedule_rises_and_ends_at_nothing() {
        let config = SftConfig::default();
        assert!(config.learning_rate_at(0) > 0.0);
        assert!((config.learning_rate_at(config.warm_up_steps) - config.learning_rate).abs() < 1e-9);
        assert!(config.learning_rate_at(config.steps - 1) < config.learning_rate * 1e-5);
        let rates: Vec<f32> =
            (config.warm_up_steps..config.steps).map(|s| config.learning_rate_at(s)).collect();
        assert!(rates.is_sorted_by(|a, b| a >= b));
    }
}
