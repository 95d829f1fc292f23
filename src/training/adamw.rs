//! AdamW (Loshchilov and Hutter 2019, arXiv 1711.05101, algorithm 2) over one flat vector, with clipping of the
//! gradient's norm.

use serde::{Deserialize, Serialize};
use std::ops::Range;

/// Hyper-parameters; the defaults are those of the Llama 2 paper (section 2.2), except for the learning rate, which
/// belongs to the schedule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdamConfig {
    /// Decay of the mean of gradients.
    pub beta_1: f32,
    /// Decay of the mean of squared gradients.
    pub beta_2: f32,
    /// Keeps the step finite where gradients vanish.
    pub epsilon: f32,
    /// Pull towards zero, per step and unit of learning rate; matrices only.
    pub weight_decay: f32,
    /// Largest Euclidean norm of the whole gradient.
    pub clip_norm: f32,
}

impl Default for AdamConfig {
    fn default() -> Self {
        Self { beta_1: 0.9, beta_2: 0.95, epsilon: 1e-8, weight_decay: 0.1, clip_norm: 1.0 }
    }
}

/// The optimizer's memory.
#[derive(Debug, Clone, PartialEq)]
pub struct AdamW {
    /// Mean of gradients.
    pub mean: Vec<f32>,
    /// Mean of squared gradients.
    pub mean_square: Vec<f32>,
    /// Steps taken.
    pub steps: u64,
}

impl AdamW {
    /// For a vector of `parameters` values.
    #[must_use]
    pub fn new(parameters: usize) -> Self {
        Self { mean: vec![0.0; parameters], mean_square: vec![0.0; parameters], steps: 0 }
    }

    /// Takes one step. `decaying`: the parts on which weight decay pulls. Returns the gradient's norm before clipping.
    pub fn step(
        &mut self,
        config: &AdamConfig,
        learning_rate: f32,
        decaying: &[Range<usize>],
        gradient: &[f32],
        weights: &mut [f32],
    ) -> f32 {
        self.steps += 1;
        let norm = gradient.iter().map(|&g| f64::from(g) * f64::from(g)).sum::<f64>().sqrt() as f32;
        let scale = if norm > config.clip_norm { config.clip_norm / norm } else { 1.0 };
        for range in decaying {
            let keep = 1.0 - learning_rate * config.weight_decay;
            weights[range.clone()].iter_mut().for_each(|w| *w *= keep);
        }
        let correction = |beta: f32| (1.0 - f64::from(beta).powf(self.steps as f64)) as f32;
        let rate = learning_rate / correction(config.beta_1);
        let inverse_square = 1.0 / correction(config.beta_2);
        let moments = self.mean.iter_mut().zip(&mut self.mean_square);
        for ((w, g), (m, v)) in weights.iter_mut().zip(gradient).zip(moments) {
            let g = g * scale;
            *m = config.beta_1 * *m + (1.0 - config.beta_1) * g;
            *v = config.beta_2 * *v + (1.0 - config.beta_2) * g * g;
            *w -= rate * *m / ((*v * inverse_square).sqrt() + config.epsilon);
        }
        norm
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_step_has_the_length_of_the_learning_rate() {
        let config = AdamConfig { weight_decay: 0.0, ..AdamConfig::default() };
        let mut weights = [1.0, -2.0];
        let norm = AdamW::new(2).step(&config, 0.01, &[], &[0.3, -0.4], &mut weights);
        assert!((norm - 0.5).abs() < 1e-6);
        assert!((weights[0] - 0.99).abs() < 1e-6 && (weights[1] + 1.99).abs() < 1e-6);
    }

    #[test]
    fn decay_pulls_only_where_it_should() {
        let config = AdamConfig::default();
        let mut weights = [1.0, 1.0];
        AdamW::new(2).step(&config, 0.1, std::slice::from_ref(&(0..1)), &[0.0, 0.0], &mut weights);
        assert!((weights[0] - 0.99).abs() < 1e-6);
        assert_eq!(weights[1], 1.0);
    }

    #[test]
    fn a_bowl_is_descended() {
        let config = AdamConfig { weight_decay: 0.0, ..AdamConfig::default() };
        let mut optimizer = AdamW::new(1);
        let mut weights = [3.0];
        for _ in 0..500 {
            let gradient = [weights[0] - 1.0];
            optimizer.step(&config, 0.02, &[], &gradient, &mut weights);
        }
        assert!((weights[0] - 1.0).abs() < 0.02, "{}", weights[0]);
    }
}
