//! One draw.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::philox::gumbel;
use super::truncate::threshold;
use crate::units::{Seed, Temperature, TokenId, Truncation};

/// A drawn token and the distribution it came from, at T = 1 and before truncation.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Draw {
    /// The token.
    pub id: TokenId,
    /// Natural log of its probability.
    pub log_prob: f32,
    /// Entropy of the distribution, in nats.
    pub entropy: f32,
}

/// Why nothing could be drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SampleError {
    /// A logit is NaN or infinite, or there are none.
    #[error("the model gave logits that are not numbers")]
    NotANumber,
}

/// Draws one token of a row at a step.
///
/// Gumbel-max: `argmax(logit / T + g)` over the tokens that truncation leaves, with `g` standard Gumbel noise keyed by
/// (`seed`, `row`, `step`, token); the lowest id wins a tie. This samples exactly from `softmax(logits / T)` restricted to
/// those tokens, up to the noise's 23 bits. `f32` like the shader, sums in `f64`.
///
/// # Errors
/// [`SampleError::NotANumber`].
pub fn sample_row(
    logits: &[f32],
    temperature: Temperature,
    truncation: Truncation,
    seed: Seed,
    row: u32,
    step: u32,
) -> Result<Draw, SampleError> {
    if logits.is_empty() || !logits.iter().all(|l| l.is_finite()) {
        return Err(SampleError::NotANumber);
    }
    let id = match temperature {
        Temperature::Greedy => argmax(logits.iter().copied()),
        Temperature::Value(t) => {
            let inverse = 1.0 / t;
            let lowest = threshold(logits, inverse, truncation);
            let noisy = logits.chunks(4).zip(0..).flat_map(|(chunk, block)| {
                let noise = gumbel(block, step, row, seed);
                chunk
                    .iter()
                    .zip(noise)
                    .map(|(&l, g)| if l >= lowest { l * inverse + g } else { f32::NEG_INFINITY })
            });
            argmax(noisy)
        }
    };
    let (log_sum, entropy) = log_sum_and_entropy(logits);
    let log_prob = (f64::from(logits[id]) - log_sum) as f32;
    Ok(Draw { id: id as TokenId, log_prob, entropy: entropy as f32 })
}

/// Index of the largest value, the first of equals.
fn argmax(values: impl Iterator<Item = f32>) -> usize {
    let mut best = (0, f32::NEG_INFINITY);
    for (index, value) in values.enumerate() {
        if value > best.1 {
            best = (index, value);
        }
    }
    best.0
}

/// `log sum exp(l)` and the entropy `log S - sum(p l)` in nats.
fn log_sum_and_entropy(logits: &[f32]) -> (f64, f64) {
    let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let (mut sum, mut weighted) = (0.0_f64, 0.0_f64);
    for &l in logits {
        let shifted = l - largest;
        let weight = f64::from(shifted.exp());
        sum += weight;
        weighted += weight * f64::from(shifted);
    }
    (f64::from(largest) + sum.ln(), (sum.ln() - weighted / sum).max(0.0))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use proptest::prelude::*;

    fn draw(logits: &[f32], temperature: f32, truncation: Truncation, step: u32) -> Draw {
        sample_row(logits, Temperature::Value(temperature), truncation, 7, 3, step).unwrap()
    }

    /// Frequencies of 40,000 draws against the exact distribution. With 8 outcomes the total variation distance of an
    /// exact sampler is about 0.005; 0.015 is far outside its reach and well inside that of a wrong temperature.
    #[test]
    fn frequencies_are_those_of_softmax() {
        let logits = [0.0, 1.0, -1.0, 2.0, 0.5, -3.0, 1.5, 0.25];
        for temperature in [0.3, 1.0, 1.5] {
            let weights: Vec<f64> = logits.iter().map(|l: &f32| f64::from(l / temperature).exp()).collect();
            let sum: f64 = weights.iter().sum();
            let mut counts = [0_u32; 8];
            let draws = 40_000;
            for step in 0..draws {
                counts[draw(&logits, temperature, Truncation::default(), step).id as usize] += 1;
            }
            let distance: f64 = weights
                .iter()
                .zip(counts)
                .map(|(w, c)| (w / sum - f64::from(c) / f64::from(draws)).abs())
                .sum::<f64>()
                / 2.0;
            assert!(distance < 0.015, "T = {temperature}: total variation {distance}");
        }
    }

    #[test]
    fn truncated_tokens_are_never_drawn() {
        let logits = [3.0, 2.0, 1.0, 0.0, -1.0];
        let truncation = Truncation { top_k: Some(2), top_p: None };
        assert!((0..500).all(|step| draw(&logits, 1.5, truncation, step).id < 2));
    }

    #[test]
    fn numbers_are_those_of_temperature_one() {
        let uniform = [0.0; 16];
        let d = draw(&uniform, 0.2, Truncation::default(), 0);
        assert!((d.entropy - 16.0_f32.ln()).abs() < 1e-6);
        assert!((d.log_prob + 16.0_f32.ln()).abs() < 1e-6);
    }

    #[test]
    fn greedy_takes_the_first_of_equals() {
        let d = sample_row(&[1.0, 4.0, 4.0], Temperature::Greedy, Truncation::default(), 0, 0, 0).unwrap();
        assert_eq!(d.id, 1);
    }

    #[test]
    fn logits_that_are_not_numbers_are_refused() {
        for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            let drawn = sample_row(&[0.0, bad], Temperature::Greedy, Truncation::default(), 0, 0, 0);
            assert_eq!(drawn, Err(SampleError::NotANumber));
        }
        let none = sample_row(&[], Temperature::Greedy, Truncation::default(), 0, 0, 0);
        assert_eq!(none, Err(SampleError::NotANumber));
    }

    proptest! {
        #[test]
        fn a_draw_depends_on_its_key_alone(
            logits in prop::collection::vec(-9.0_f32..9.0, 1..40),
            seed: u32,
            row: u32,
            step: u32,
            temperature in 0.1_f32..2.0,
        ) {
            let t = Temperature::Value(temperature);
            let once = sample_row(&logits, t, Truncation::default(), seed, row, step);
            prop_assert_eq!(once, sample_row(&logits, t, Truncation::default(), seed, row, step));
            prop_assert!(once.unwrap().log_prob <= 0.0);
        }
    }
}
