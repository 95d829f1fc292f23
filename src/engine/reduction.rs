//! Which way to reduce is quicker on this device, by a trial.
//!
//! Whether subgroup operations are quicker than barriers depends on the card and its driver, so both are timed on the visitor's,
//! on a small job of the sampler. It is a matter of speed alone: what is in doubt is left with barriers.

use super::device::Chosen;
use crate::kernels::direct::{Dispatch, Graphics, Part, Reduction, SampleBuffers, Watch, sample};
use crate::kernels::{KernelError, RowDraw, RowOutcome, draw_words, outcome_of};
use crate::units::{Temperature, Truncation};

/// Rows of the job: a third each without truncation, with top-k and with top-p.
const ROWS: u32 = 9;

/// Logits of a row: about as many as our models have, and no multiple of the lanes, so that these leave their loops at different
/// times.
const VOCABULARY: u32 = 2083;

/// Times that the job is launched for one measurement. A browser's clock may tick in tenths of a millisecond; the quickest card
/// known to us needs some 15 µs a launch.
const LAUNCHES: usize = 32;

/// Measurements of either way, in turns.
const ROUNDS: usize = 5;

/// After so long no other round begins. A card that takes longer shows a difference in fewer rounds.
const LONG_ENOUGH_MS: f64 = 100.0;

/// Largest difference of an entropy or log-probability that is put down to rounding: sums of 2,083 weights in another order differ by
/// about 1e-6 of themselves, and what is reckoned from them by little more.
const LARGEST_DIFFERENCE: f32 = 1e-4;

/// Gives a device the quicker way to reduce, and its report that way's name, if it has both and is real hardware: software
/// adapters compute only where a visitor asks for them, and take long for the trial. `now_ms` is a clock. Awaits the device, and never blocks.
pub async fn with_quicker_reduction(chosen: Chosen, now_ms: impl Fn() -> f64) -> Chosen {
    let software = chosen.report.software;
    match chosen.graphics {
        Some(graphics) if graphics.has_subgroups() && !software => {
            // A device that fails here fails in the self-test as well, where it is told.
            let quicker = quicker_reduction(&graphics, now_ms).await.unwrap_or_default();
            let mut report = chosen.report;
            // Where there was a choice, whoever looks at the page's badge sees what came of it.
            report.name = format!("{}, {}", report.name, quicker.name());
            Chosen { graphics: Some(graphics.reducing_by(quicker)), report, ..chosen }
        }
        _ => chosen,
    }
}

/// Times both ways on a device that has both. Other draws than by barriers are not worth any speed.
///
/// # Errors
/// A device that fails.
pub async fn quicker_reduction(
    graphics: &Graphics,
    now_ms: impl Fn() -> f64,
) -> Result<Reduction, KernelError> {
    // A driver may refuse a shader: an error like any other.
    let watch = Watch::new(graphics);
    let [barriers, subgroups] = Reduction::ALL.map(|way| Job::new(&graphics.clone().reducing_by(way)));
    watch.end().heard().await?;
    // Before the clock runs: the first launch may wait for a compiler.
    if !agree(&barriers.draw(1).await?, &subgroups.draw(1).await?) {
        return Ok(Reduction::Barriers);
    }
    let began_ms = now_ms();
    let [mut with_barriers, mut with_subgroups] = [const { Vec::new() }; 2];
    for _ in 0..ROUNDS {
        for (job, times) in [(&barriers, &mut with_barriers), (&subgroups, &mut with_subgroups)] {
            let begin_ms = now_ms();
            job.draw(LAUNCHES).await?;
            times.push(now_ms() - begin_ms);
        }
        if now_ms() - began_ms > LONG_ENOUGH_MS {
            break;
        }
    }
    Ok(if median(with_subgroups) < median(with_barriers) {
        Reduction::Subgroups
    } else {
        Reduction::Barriers
    })
}

/// Whether every row says the same, but for rounding.
fn agree(expected: &[RowOutcome], found: &[RowOutcome]) -> bool {
    let near = |a: f32, b: f32| (a - b).abs() <= LARGEST_DIFFERENCE;
    let same = |pair: (&RowOutcome, &RowOutcome)| match pair {
        (Ok(a), Ok(b)) => a.id == b.id && near(a.log_prob, b.log_prob) && near(a.entropy, b.entropy),
        _ => false,
    };
    expected.len() == found.len() && expected.iter().zip(found).all(same)
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_unstable_by(f64::total_cmp);
    times[times.len() / 2]
}

/// Draws for a few made-up rows.
struct Job {
    graphics: Graphics,
    dispatch: Dispatch,
    logits: Part,
    outcomes: Part,
}

impl Job {
    fn new(graphics: &Graphics) -> Self {
        let truncations = [
            Truncation::default(),
            Truncation { top_k: Some(40), top_p: None },
            Truncation { top_k: None, top_p: Some(0.9) },
        ];
        let draws: Vec<[u32; 8]> = (0..ROWS)
            .map(|row| {
                let truncation = truncations[row as usize % truncations.len()];
                draw_words(&RowDraw {
                    temperature: Temperature::Value(1.0),
                    truncation,
                    seed: 11,
                    row,
                    step: 0,
                })
            })
            .collect();
        let logits: Vec<f32> = (0..ROWS * VOCABULARY).map(|i| 4.0 * (i as f32 * 0.7).sin()).collect();
        let (logits, outcomes) = (graphics.filled(&logits), graphics.empty(u64::from(ROWS) * 16));
        let buffers = SampleBuffers {
            shape: &graphics.uniform([ROWS, VOCABULARY, 0, 0]),
            logits: &logits,
            draws: &graphics.filled(draws.as_flattened()),
            outcomes: &outcomes,
        };
        let dispatch = sample(graphics, ROWS, buffers);
        Self { graphics: graphics.clone(), dispatch, logits, outcomes }
    }

    /// Launches it so many times and waits for the end.
    async fn draw(&self, launches: usize) -> Result<Vec<RowOutcome>, KernelError> {
        let all = std::iter::repeat_n(&self.dispatch, launches);
        let words = self.graphics.submit(all, &self.outcomes).words().await?;
        Ok(words.as_chunks::<4>().0.iter().copied().map(outcome_of).collect())
    }
}

impl Drop for Job {
    fn drop(&mut self) {
        self.logits.destroy();
        self.outcomes.destroy();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sampling::{Draw, SampleError};

    #[test]
    fn rounding_is_accepted_and_another_token_or_sum_is_not() {
        let draw = Draw { id: 7, log_prob: -3.0, entropy: 5.0 };
        let agrees = |other| agree(&[Ok(draw), Ok(draw)], &[Ok(draw), other]);
        assert!(agrees(Ok(draw)));
        assert!(agrees(Ok(Draw { log_prob: -3.000_01, entropy: 4.999_99, ..draw })));
        assert!(!agrees(Ok(Draw { id: 8, ..draw })));
        assert!(!agrees(Ok(Draw { log_prob: -3.01, ..draw })));
        assert!(!agrees(Ok(Draw { entropy: f32::NAN, ..draw })));
        assert!(!agrees(Err(SampleError::NotANumber)));
        assert!(!agree(&[Ok(draw), Ok(draw)], &[Ok(draw)]));
    }
}
