//! One optimizer step over the shards of a batch, on one thread or several.
//!
//! Every shard has its own gradient, and gradients are added in the order of the shards, so the result does not depend on
//! the number of threads or on which of them is done first.

use std::thread;

use crate::network::{Layout, ModelShape, Pass, Shard};

/// Working memory for all shards of a batch.
#[derive(Debug)]
pub struct Workers {
    passes: Vec<Pass>,
    /// One gradient per shard.
    gradients: Vec<Vec<f32>>,
}

/// One shard, where its gradient goes, and where the sum of its losses goes.
struct Job<'a> {
    shard: &'a Shard,
    gradient: &'a mut [f32],
    loss_sum: &'a mut f64,
}

/// What a batch gave.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BatchLoss {
    /// Mean cross-entropy of the answer tokens, nats.
    pub loss: f64,
    /// All tokens of the batch.
    pub tokens: u64,
}

impl Workers {
    /// Memory for `threads` threads and `shards` shards.
    #[must_use]
    pub fn new(shape: &ModelShape, threads: usize, shards: usize) -> Self {
        let parameters = Layout::new(shape).parameters();
        Self {
            passes: (0..threads.clamp(1, shards.max(1))).map(|_| Pass::new(shape)).collect(),
            gradients: vec![vec![0.0; parameters]; shards],
        }
    }

    /// Mean loss over all answer tokens of the batch, and its gradient.
    pub fn gradient(&mut self, weights: &[f32], batch: &[Shard]) -> (BatchLoss, &[f32]) {
        let wanted: usize = batch.iter().map(|s| s.positions.len()).sum();
        let weight = 1.0 / wanted.max(1) as f32;
        let threads = self.passes.len();
        let mut sums = vec![0.0_f64; batch.len()];
        let mut jobs: Vec<Vec<Job<'_>>> = (0..threads).map(|_| Vec::new()).collect();
        let outputs = self.gradients.iter_mut().zip(&mut sums);
        for (number, (shard, (gradient, loss_sum))) in batch.iter().zip(outputs).enumerate() {
            jobs[number % threads].push(Job { shard, gradient, loss_sum });
        }
        let work = |pass: &mut Pass, jobs: Vec<Job<'_>>| {
            for job in jobs {
                job.gradient.fill(0.0);
                *job.loss_sum = pass.train(weights, job.shard, weight, job.gradient);
            }
        };
        thread::scope(|scope| {
            let mut all = self.passes.iter_mut().zip(jobs);
            let first = all.next();
            for (pass, jobs) in all {
                scope.spawn(|| work(pass, jobs));
            }
            if let Some((pass, jobs)) = first {
                work(pass, jobs);
            }
        });
        let (total, rest) = self.gradients.split_at_mut(1);
        for gradient in rest.iter().take(batch.len().saturating_sub(1)) {
            total[0].iter_mut().zip(gradient).for_each(|(t, g)| *t += g);
        }
        let tokens = batch.iter().map(|s| s.tokens.len() as u64).sum();
        (BatchLoss { loss: sums.iter().sum::<f64>() * f64::from(weight), tokens }, &self.gradients[0])
    }
}
