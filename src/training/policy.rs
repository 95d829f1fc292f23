//! Direct preference optimisation: from votes to a policy without a reward model in between (Rafailov et al. 2023, arXiv
//! 2305.18290).
//!
//! 1. Note the log-probability of every answer under the stage that it begins from: the reference, which stays.
//! 2. For every step: some pairs; the gradient of [`direct_loss`], and of the chosen answers' mean loss per token, which keeps the
//!    policy from making both answers unlikely, and its language whole (Pang et al. 2024, arXiv 2404.19733, equation 1); AdamW.
//!
//! Deviations: no weight decay, as there are few steps; the rate falls to a tenth in a line.

use super::TrainingError;
use super::adamw::{AdamConfig, AdamW};
use super::documents::Document;
use super::network::{ModelShape, Pass, Shard};
use super::order::shuffled;
use super::pair_loss::direct_loss;

/// How a policy is moved. The defaults were chosen by measurement on simulated annotators (`crates/lab/README.md`).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PolicyConfig {
    /// Times that every pair is seen.
    pub epochs: usize,
    /// Pairs of a step.
    pub pairs: usize,
    /// The rate at its highest.
    pub learning_rate: f32,
    /// How dearly departing from the reference is bought: the weight of the divergence in the problem that the loss solves.
    pub beta: f32,
    /// Weight of the chosen answers' mean loss per token.
    pub imitation: f32,
}

impl Default for PolicyConfig {
    fn default() -> Self {
        Self { epochs: 8, pairs: 6, learning_rate: 3e-4, beta: 0.1, imitation: 1.0 }
    }
}

/// A policy that is being moved.
#[derive(Debug)]
pub struct PolicyTraining<'a> {
    config: PolicyConfig,
    pairs: &'a [[Document; 2]],
    /// Negative log-probabilities of each pair's answers under the reference, nats.
    reference: Vec<[f32; 2]>,
    /// The places of the pairs of each step.
    steps: std::vec::IntoIter<Vec<usize>>,
    all: usize,
    pass: Pass,
    optimizer: AdamW,
    gradient: Vec<f32>,
}

impl<'a> PolicyTraining<'a> {
    /// Begins. `pairs`: chosen and rejected answers; `weights`: the reference's. The order of the pairs depends on `seed` alone.
    #[must_use]
    pub fn new(
        shape: &ModelShape,
        config: PolicyConfig,
        pairs: &'a [[Document; 2]],
        weights: &[f32],
        seed: u64,
    ) -> Self {
        let mut pass = Pass::new(shape);
        let reference = pairs.iter().map(|pair| whole(pass.losses(weights, &shard(&[pair])), &[pair])[0]);
        let reference = reference.collect();
        let epoch = |number: usize| shuffled(pairs.len(), seed.wrapping_add(number as u64));
        let steps: Vec<Vec<usize>> = (0..config.epochs)
            .flat_map(|number| {
                epoch(number).chunks(config.pairs.max(1)).map(<[usize]>::to_vec).collect::<Vec<_>>()
            })
            .collect();
        Self {
            config,
            pairs,
            reference,
            all: steps.len(),
            steps: steps.into_iter(),
            pass,
            optimizer: AdamW::new(weights.len()),
            gradient: vec![0.0; weights.len()],
        }
    }

    /// Steps in all, and steps done.
    #[must_use]
    pub fn progress(&self) -> (usize, usize) {
        (self.all - self.steps.len(), self.all)
    }

    /// Takes a step. Its mean [`direct_loss`] per pair; none when there are no steps left.
    ///
    /// # Errors
    /// [`TrainingError::NotANumber`].
    pub fn step(&mut self, weights: &mut [f32]) -> Result<Option<f64>, TrainingError> {
        let done = self.all - self.steps.len();
        let Some(places) = self.steps.next() else { return Ok(None) };
        let pairs: Vec<&[Document; 2]> = places.iter().map(|&place| &self.pairs[place]).collect();
        let weight = 1.0 / pairs.len() as f32;
        let mut sum = 0.0;
        let (reference, PolicyConfig { beta, imitation, .. }) = (&self.reference, self.config);
        let mut coefficients = |losses: &[f32]| {
            let mut coefficients = Vec::with_capacity(losses.len());
            for ((policy, place), pair) in whole(losses, &pairs).into_iter().zip(&places).zip(&pairs) {
                let (loss, slopes) = direct_loss(policy, reference[*place], beta);
                sum += loss;
                for (document, slope, imitation) in
                    [(&pair[0], slopes[0], imitation), (&pair[1], slopes[1], 0.0)]
                {
                    let tokens = document.answer_tokens();
                    let each = weight * (slope + imitation / tokens.max(1) as f32);
                    coefficients.extend(std::iter::repeat_n(each, tokens));
                }
            }
            coefficients
        };
        self.gradient.fill(0.0);
        self.pass.train_jointly(weights, &shard(&pairs), &mut coefficients, &mut self.gradient);
        let loss = sum * f64::from(weight);
        if !loss.is_finite() {
            return Err(TrainingError::NotANumber);
        }
        let adam = AdamConfig { weight_decay: 0.0, ..AdamConfig::default() };
        let rate = self.config.learning_rate * rate_at(done, self.all);
        self.optimizer.step(&adam, rate, &[], &self.gradient, weights);
        Ok(Some(loss))
    }
}

/// Share of the highest rate: a rise over the first tenth of the steps, then down to a tenth.
#[must_use]
pub fn rate_at(step: usize, steps: usize) -> f32 {
    let rise = (step + 1) as f32 / (steps as f32 * 0.1).max(1.0);
    rise.min(1.0) * (1.0 - 0.9 * step as f32 / steps.max(1) as f32)
}

fn shard(pairs: &[&[Document; 2]]) -> Shard {
    let mut shard = Shard::default();
    for document in pairs.iter().copied().flatten() {
        shard.push(&document.tokens, document.answer_from);
    }
    shard
}

/// From the losses of tokens to those of whole answers.
fn whole(losses: &[f32], pairs: &[&[Document; 2]]) -> Vec<[f32; 2]> {
    let mut rest = losses;
    let mut take = |document: &Document| {
        let (own, others) = rest.split_at(document.answer_tokens());
        rest = others;
        own.iter().sum()
    };
    pairs.iter().map(|pair| [take(&pair[0]), take(&pair[1])]).collect()
}
