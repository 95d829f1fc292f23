//! Work over the shards of a batch, on one thread or several.
//!
//! Every shard has its own gradient, and gradients are added in the order of the shards, so the result does not depend on
//! the number of threads or on which of them is done first.

use std::sync::{Mutex, PoisonError};
use std::thread;

use crate::network::{Layout, ModelShape, Pass, Shard};

/// Working memory for all threads and for all shards of a batch.
#[derive(Debug)]
pub struct Workers {
    parameters: usize,
    passes: Vec<Pass>,
    /// One gradient per shard; more are made when a batch has more shards.
    gradients: Vec<Vec<f32>>,
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
    /// Memory for `threads` threads and, to begin with, `shards` shards.
    #[must_use]
    pub fn new(shape: &ModelShape, threads: usize, shards: usize) -> Self {
        Self {
            parameters: Layout::new(shape).parameters(),
            passes: (0..threads.max(1)).map(|_| Pass::new(shape)).collect(),
            gradients: vec![Vec::new(); shards.max(1)],
        }
    }

    /// Mean loss over all answer tokens of the batch, and its gradient.
    pub fn gradient(&mut self, weights: &[f32], batch: &[Shard]) -> (BatchLoss, &[f32]) {
        let wanted: usize = batch.iter().map(|s| s.positions.len()).sum();
        let weight = 1.0 / wanted.max(1) as f32;
        let (sums, gradient) = self.gradient_of(batch.len(), 0, |pass, number, gradient| {
            pass.train(weights, &batch[number], weight, gradient)
        });
        let tokens = batch.iter().map(|s| s.tokens.len() as u64).sum();
        (BatchLoss { loss: sums.iter().sum::<f64>() * f64::from(weight), tokens }, gradient)
    }

    /// Does `work` for the shards `0..count`; the results are in that order.
    pub fn each<T: Send>(&mut self, count: usize, work: impl Fn(&mut Pass, usize) -> T + Sync) -> Vec<T> {
        let mut results: Vec<Option<T>> = (0..count).map(|_| None).collect();
        let jobs = results.iter_mut().enumerate();
        share(&mut self.passes, jobs, |pass, (number, result)| *result = Some(work(pass, number)));
        results.into_iter().flatten().collect()
    }

    /// Does `work` for the shards `0..count`, each with a gradient of its own to add to. Returns the results and the sum of
    /// the gradients, both in order of the shards.
    ///
    /// # Shapes
    /// Gradients: `[parameters + extra]`, zero at first; `extra` is for what lies outside the decoder, such as a scalar head.
    pub fn gradient_of<T: Send>(
        &mut self,
        count: usize,
        extra: usize,
        work: impl Fn(&mut Pass, usize, &mut [f32]) -> T + Sync,
    ) -> (Vec<T>, &[f32]) {
        let size = self.parameters + extra;
        if self.gradients.len() < count {
            self.gradients.resize(count, Vec::new());
        }
        let clear = |gradient: &mut Vec<f32>| {
            gradient.clear();
            gradient.resize(size, 0.0);
        };
        if count == 0 {
            clear(&mut self.gradients[0]);
        }
        let mut results: Vec<Option<T>> = (0..count).map(|_| None).collect();
        let jobs = results.iter_mut().zip(&mut self.gradients).enumerate();
        share(&mut self.passes, jobs, |pass, (number, (result, gradient))| {
            clear(gradient);
            *result = Some(work(pass, number, gradient));
        });
        let (total, rest) = self.gradients.split_at_mut(1);
        for gradient in rest.iter().take(count.saturating_sub(1)) {
            total[0].iter_mut().zip(gradient).for_each(|(t, g)| *t += g);
        }
        (results.into_iter().flatten().collect(), &self.gradients[0])
    }
}

/// Does all jobs, on one thread for each pass; a thread that is done takes the next job.
fn share<J: Send>(
    passes: &mut [Pass],
    jobs: impl ExactSizeIterator<Item = J> + Send,
    work: impl Fn(&mut Pass, J) + Sync,
) {
    let threads = jobs.len().min(passes.len());
    let jobs = Mutex::new(jobs);
    let work_on = |pass: &mut Pass| {
        loop {
            let job = jobs.lock().unwrap_or_else(PoisonError::into_inner).next();
            let Some(job) = job else { break };
            work(pass, job);
        }
    };
    thread::scope(|scope| {
        if let Some((first, others)) = passes[..threads].split_first_mut() {
            others.iter_mut().for_each(|pass| {
                scope.spawn(|| work_on(pass));
            });
            work_on(first);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape() -> ModelShape {
        ModelShape {
            vocabulary: 40,
            width: 32,
            blocks: 1,
            heads: 2,
            kv_heads: 1,
            head_length: 16,
            inner: 32,
            context: 32,
            ..ModelShape::default()
        }
    }

    fn shards() -> Vec<Shard> {
        (2_u32..9)
            .map(|length| {
                let mut shard = Shard::default();
                shard.push(&(0..length).map(|i| i * 7 % 40).collect::<Vec<_>>(), 1);
                shard
            })
            .collect()
    }

    fn weights() -> Vec<f32> {
        let mut state = 1_u32;
        Layout::new(&shape()).initial_weights(0.2, || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (f64::from(state) + 0.5) / 4_294_967_296.0
        })
    }

    #[test]
    fn the_number_of_threads_changes_nothing() {
        let (shards, weights) = (shards(), weights());
        let work = |threads: usize| {
            // Room for fewer shards than there are, and a smaller batch after a larger one.
            let mut workers = Workers::new(&shape(), threads, 2);
            let losses = workers.each(shards.len(), |pass, i| pass.losses(&weights, &shards[i]).to_vec());
            let mut gradients = Vec::new();
            for (count, extra) in [(7, 33), (3, 0), (0, 5)] {
                let (sums, gradient) = workers.gradient_of(count, extra, |pass, i, gradient| {
                    gradient[weights.len()..].fill(1.0);
                    pass.train(&weights, &shards[i], 0.3, gradient)
                });
                assert_eq!(gradient.len(), weights.len() + extra);
                assert!(gradient[weights.len()..].iter().all(|&g| g == count as f32));
                gradients.push((sums, gradient.to_vec()));
            }
            (losses, gradients)
        };
        let expected = work(1);
        assert_eq!(expected.0.iter().map(Vec::len).collect::<Vec<_>>(), [1, 2, 3, 4, 5, 6, 7]);
        assert!(expected.1[0].1[..weights.len()].iter().any(|&g| g != 0.0));
        for threads in [2, 3, 20] {
            assert_eq!(work(threads), expected);
        }
    }
}
