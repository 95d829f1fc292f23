//! Work over the shards of a batch, on one thread or several.
//!
//! Every job has its own gradient, and gradients are added in the order of the jobs, so the result does not depend on the
//! number of threads or on which of them is done first. A shard is parted into jobs in one way, whatever the number of
//! threads ([`parts`]).

use std::ops::Range;
use std::sync::{Mutex, PoisonError};
use std::thread;

use crate::network::{Layout, ModelShape, Pass, Shard};

/// Parts of a shard, at most: a batch of two shards keeps up to eight threads busy. With more, the matrix products become
/// too small and the sum of the gradients too large.
const MOST_PARTS: usize = 4;

/// Documents of a shard that follow each other, as a shard of their own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The documents.
    pub shard: Shard,
    /// Which documents of the whole shard they are.
    pub documents: Range<usize>,
    /// Which of the whole shard's wanted positions they have.
    pub positions: Range<usize>,
}

/// Parts a shard into at most four of about as many tokens each. `together`: so many documents stay together, as the two of a
/// pair do; the shard holds a multiple of it.
#[must_use]
pub fn parts(shard: &Shard, together: usize) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::with_capacity(MOST_PARTS);
    let (mut token, mut position, mut filling) = (0, 0, 0);
    for (number, lengths) in shard.lengths.chunks(together).enumerate() {
        let place = token * MOST_PARTS / shard.tokens.len();
        let end = token + lengths.iter().sum::<usize>();
        let wanted = shard.positions[position..].iter().take_while(|&&p| p < end).count();
        if parts.is_empty() || place > filling {
            filling = place;
            let (documents, positions) = (number * together..number * together, position..position);
            parts.push(Part { shard: Shard::default(), documents, positions });
        }
        if let Some(part) = parts.last_mut() {
            let own = part.shard.tokens.len();
            let moved = shard.positions[position..position + wanted].iter().map(|p| p - token + own);
            part.shard.positions.extend(moved);
            part.shard.tokens.extend(&shard.tokens[token..end]);
            part.shard.lengths.extend(lengths);
            part.documents.end += lengths.len();
            part.positions.end += wanted;
        }
        token = end;
        position += wanted;
    }
    parts
}

/// Working memory for all threads and for all jobs of a batch.
#[derive(Debug)]
pub struct Workers {
    parameters: usize,
    passes: Vec<Pass>,
    /// One gradient per job; more are made when a batch has more of them.
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
    /// Memory for `threads` threads; that for gradients is taken as jobs come.
    #[must_use]
    pub fn new(shape: &ModelShape, threads: usize) -> Self {
        Self {
            parameters: Layout::new(shape).parameters(),
            passes: (0..threads.max(1)).map(|_| Pass::new(shape)).collect(),
            gradients: vec![Vec::new()],
        }
    }

    /// Mean loss over all answer tokens of the batch, and its gradient.
    pub fn gradient(&mut self, weights: &[f32], batch: &[Shard]) -> (BatchLoss, &[f32]) {
        let wanted: usize = batch.iter().map(|s| s.positions.len()).sum();
        let weight = 1.0 / wanted.max(1) as f32;
        let parts: Vec<Part> = batch.iter().flat_map(|shard| parts(shard, 1)).collect();
        let (sums, gradient) = self.gradient_of(parts.len(), 0, |pass, number, gradient| {
            pass.train(weights, &parts[number].shard, weight, gradient)
        });
        let tokens = batch.iter().map(|s| s.tokens.len() as u64).sum();
        (BatchLoss { loss: sums.iter().sum::<f64>() * f64::from(weight), tokens }, gradient)
    }

    /// Does `work` for the jobs `0..count`; the results are in that order.
    pub fn each<T: Send>(&mut self, count: usize, work: impl Fn(&mut Pass, usize) -> T + Sync) -> Vec<T> {
        let mut results: Vec<Option<T>> = (0..count).map(|_| None).collect();
        let jobs = results.iter_mut().enumerate();
        share(&mut self.passes, jobs, |pass, (number, result)| *result = Some(work(pass, number)));
        results.into_iter().flatten().collect()
    }

    /// Does `work` for the jobs `0..count`, each with a gradient of its own to add to. Returns the results and the sum of the
    /// gradients, both in order of the jobs.
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
        add_all(&mut total[0], &rest[..count.saturating_sub(1)], self.passes.len());
        (results.into_iter().flatten().collect(), &self.gradients[0])
    }
}

/// Adds vectors to `total`, in their order; each thread has a stretch of all of them.
fn add_all(total: &mut [f32], others: &[Vec<f32>], threads: usize) {
    let stretch = total.len().div_ceil(threads).max(1);
    thread::scope(|scope| {
        for (number, total) in total.chunks_mut(stretch).enumerate() {
            let mut add = move || {
                for other in others {
                    let own = &other[number * stretch..][..total.len()];
                    total.iter_mut().zip(own).for_each(|(t, o)| *t += o);
                }
            };
            if threads == 1 {
                add();
            } else {
                scope.spawn(add);
            }
        }
    });
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
            // A smaller batch after a larger one.
            let mut workers = Workers::new(&shape(), threads);
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

    /// A shard of documents of these lengths, of whose tokens all but the first are wanted.
    fn long_shard(lengths: &[usize]) -> Shard {
        let mut shard = Shard::default();
        for (document, &length) in lengths.iter().enumerate() {
            shard.push(&(0..length).map(|i| ((document * 11 + i) % 40) as u32).collect::<Vec<_>>(), 1);
        }
        shard
    }

    #[test]
    fn parts_are_the_shard_again() {
        for (lengths, together, expected) in [
            (vec![3, 4, 5, 6, 7, 8, 9, 10], 1, 4),
            (vec![3, 4, 5, 6, 7, 8, 9, 10], 2, 3),
            (vec![30, 2, 2, 2], 1, 2),
            (vec![5, 5], 2, 1),
            (vec![7], 1, 1),
        ] {
            let shard = long_shard(&lengths);
            let parts = parts(&shard, together);
            assert_eq!(parts.len(), expected, "{lengths:?}");
            let mut again = Shard::default();
            let (mut document, mut position) = (0, 0);
            for part in &parts {
                assert_eq!((part.documents.start, part.positions.start), (document, position));
                assert_eq!(part.documents.len(), part.shard.lengths.len());
                assert_eq!(part.positions.len(), part.shard.positions.len());
                assert!(part.documents.len().is_multiple_of(together));
                let start = again.tokens.len();
                again.positions.extend(part.shard.positions.iter().map(|p| p + start));
                again.tokens.extend(&part.shard.tokens);
                again.lengths.extend(&part.shard.lengths);
                (document, position) = (part.documents.end, part.positions.end);
            }
            assert_eq!(again, shard);
        }
        assert!(parts(&Shard::default(), 1).is_empty());
    }

    #[test]
    fn a_parted_shard_has_the_gradient_of_the_whole() {
        let (shard, weights) = (long_shard(&[9, 4, 12, 7, 3, 8, 11]), weights());
        let weight = 1.0 / shard.positions.len() as f32;
        let mut whole = vec![0.0; weights.len()];
        let loss = Pass::new(&shape()).train(&weights, &shard, weight, &mut whole);
        let mut workers = Workers::new(&shape(), 3);
        let (parted, gradient) = workers.gradient(&weights, std::slice::from_ref(&shard));
        assert_eq!(parted.tokens, shard.tokens.len() as u64);
        assert!((parted.loss - loss * f64::from(weight)).abs() < 1e-6);
        // Sums in another order: a few units in the last place of the largest term.
        let largest = whole.iter().fold(0.0_f32, |m, g| m.max(g.abs()));
        for (a, b) in gradient.iter().zip(&whole) {
            assert!((a - b).abs() <= 1e-5 * largest, "{a} {b}");
        }
    }
}
