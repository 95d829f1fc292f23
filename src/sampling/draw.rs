//! One draw.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::elementary::exp_of_negative;
use super::philox::{GROUP, LARGEST_NOISE, gumbel, gumbel_bounds, noise_words_of_group};
use super::truncate::threshold;
use crate::eight::{Eight, LANES, Number, WideSums, Words};
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

/// Largest `1 / T` that is used: at a temperature below its inverse noise has no say any more.
const LARGEST_INVERSE: f32 = 1e20;

/// Scores are kept finite by this.
const LARGEST_SCORE: f32 = 3.0e38;

/// `1 / T` for a temperature, bounded so that products with logits stay finite.
#[must_use]
pub fn inverse_temperature(temperature: f32) -> f32 {
    (1.0 / temperature).min(LARGEST_INVERSE)
}

/// What the noise is added to: `logit / T`, kept finite. Scores that rounding or the bound makes equal go to the lowest id.
#[inline]
#[must_use]
pub fn score(logit: f32, inverse: f32) -> f32 {
    (logit * inverse).clamp(-LARGEST_SCORE, LARGEST_SCORE)
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
    let (id, largest) = choose(logits, temperature, truncation, seed, row, step)?;
    let (log_sum, entropy) = log_sum_and_entropy(logits, largest);
    let log_prob = (f64::from(logits[id as usize]) - log_sum) as f32;
    Ok(Draw { id, log_prob, entropy: entropy as f32 })
}

/// The token that [`sample_row`] draws, without the numbers about it.
///
/// # Errors
/// [`SampleError::NotANumber`].
pub fn sample_token(
    logits: &[f32],
    temperature: Temperature,
    truncation: Truncation,
    seed: Seed,
    row: u32,
    step: u32,
) -> Result<TokenId, SampleError> {
    choose(logits, temperature, truncation, seed, row, step).map(|(id, _)| id)
}

/// The drawn token, and the largest logit.
fn choose(
    logits: &[f32],
    temperature: Temperature,
    truncation: Truncation,
    seed: Seed,
    row: u32,
    step: u32,
) -> Result<(TokenId, f32), SampleError> {
    let largest = largest(logits).ok_or(SampleError::NotANumber)?;
    let most_likely = place_of(logits, largest);
    let id = match temperature {
        Temperature::Greedy => most_likely,
        Temperature::Value(t) => {
            let inverse = inverse_temperature(t);
            let lowest = threshold(logits, inverse, truncation);
            noisy_argmax(logits, most_likely, inverse, lowest, |token| {
                noise_words_of_group(token / 4, step, row, seed)
            })
        }
    };
    Ok((id as TokenId, largest))
}

/// Index of the largest `score + noise` among the tokens with a logit of at least `lowest`, the first of equals.
///
/// `words` gives the random words of the tokens from a multiple of [`GROUP`] on. Only few tokens have a chance: the others are
/// told by the largest noise there is, or by a cheap bound of their own, and their logarithms are never taken. The answer
/// is the same as if they were.
fn noisy_argmax(
    logits: &[f32],
    most_likely: usize,
    inverse: f32,
    lowest: f32,
    words: impl Fn(u32) -> [Words; EIGHTS],
) -> usize {
    // The most likely token goes first: it sets a bar that most tokens cannot reach.
    let group = words((most_likely / GROUP * GROUP) as u32).map(Words::to_array);
    let word = group.as_flattened()[most_likely % GROUP];
    let mut best = (most_likely, score(logits[most_likely], inverse) + gumbel(word));
    let (least, most) = (Eight::all(-LARGEST_SCORE), Eight::all(LARGEST_SCORE));
    let scores = |logits: Eight| (logits * Eight::all(inverse)).or_larger(least).or_smaller(most);
    for (group, logits) in logits.chunks(GROUP).enumerate() {
        let first = group * GROUP;
        let eights = eights_of(logits);
        let [a, b, c, d] = eights;
        let top = a.or_larger(b).or_larger(c.or_larger(d));
        if !top.any_at_least(lowest) || !(scores(top) + Eight::all(LARGEST_NOISE)).any_at_least(best.1) {
            continue;
        }
        let words = words(first as u32);
        let hopes: [Eight; EIGHTS] = std::array::from_fn(|i| scores(eights[i]) + gumbel_bounds(words[i]));
        if !hopes.iter().any(|hopes| hopes.any_at_least(best.1)) {
            continue;
        }
        let (hopes, words) = (hopes.map(Eight::to_array), words.map(Words::to_array));
        let (hopes, words) = (hopes.as_flattened(), words.as_flattened());
        for (part, (&logit, &hope)) in logits.iter().zip(hopes).enumerate() {
            if logit < lowest || hope < best.1 {
                continue;
            }
            let token = first + part;
            let noisy = score(logit, inverse) + gumbel(words[part]);
            if noisy > best.1 || (noisy == best.1 && token < best.0) {
                best = (token, noisy);
            }
        }
    }
    best.0
}

/// Eights of a [`GROUP`].
const EIGHTS: usize = GROUP / LANES;

/// A group of logits; what is missing from the last one is less than any.
#[inline(always)]
fn eights_of(logits: &[f32]) -> [Eight; EIGHTS] {
    if let (eights @ [_, _, _, _], _) = logits.as_chunks::<LANES>() {
        return std::array::from_fn(|i| Eight::of(&eights[i]));
    }
    let mut padded = [f32::MIN; GROUP];
    padded[..logits.len()].copy_from_slice(logits);
    let (eights, _) = padded.as_chunks::<LANES>();
    std::array::from_fn(|i| Eight::of(&eights[i]))
}

/// All logits; what is missing from the last eight is less than any.
#[inline(always)]
fn in_eights(logits: &[f32]) -> impl Iterator<Item = Eight> {
    let (eights, rest) = logits.as_chunks::<LANES>();
    eights.iter().map(Eight::of).chain([Eight::padded(rest, f32::MIN)])
}

/// The largest logit; `None` if there are none or one is not a finite number.
fn largest(logits: &[f32]) -> Option<f32> {
    let mut largest = Eight::all(f32::MIN);
    // Zero as long as all are finite, NaN from the first on that is not.
    let mut broken = Eight::all(0.0);
    in_eights(logits).for_each(|eight| {
        largest = largest.or_larger(eight);
        broken = broken + eight * Eight::all(0.0);
    });
    let usable = !logits.is_empty() && broken.to_array().iter().all(|&zero| zero == 0.0);
    usable.then(|| largest.to_array().into_iter().fold(f32::MIN, Number::or_larger))
}

/// Where the largest logit is, or the first of equals.
fn place_of(logits: &[f32], largest: f32) -> usize {
    let groups = || logits.chunks(GROUP);
    let group = groups().position(|group| eights_of(group).iter().any(|eight| eight.any_at_least(largest)));
    let from = group.unwrap_or(0) * GROUP;
    logits[from..].iter().position(|&logit| logit == largest).map_or(0, |place| from + place)
}

/// `log sum exp(l)` and the entropy `log S - sum(p l)` in nats.
fn log_sum_and_entropy(logits: &[f32], largest: f32) -> (f64, f64) {
    /// Differences of finite numbers may be infinite.
    const LOWEST: f32 = -1e30;
    let (mut sums, mut weighted_sums) = (WideSums::none(), WideSums::none());
    // Past the end they are 0, and so is what they weigh.
    in_eights(logits).for_each(|eight| {
        let shifted = Eight::all(LOWEST).or_larger(eight - Eight::all(largest));
        let weights = exp_of_negative(shifted);
        sums = sums.plus(weights);
        weighted_sums = weighted_sums.plus(weights * shifted);
    });
    let (sum, weighted) = (sums.total(), weighted_sums.total());
    (f64::from(largest) + sum.ln(), (sum.ln() - weighted / sum).max(0.0))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::super::philox::noise_words;
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
    fn extreme_temperatures_and_logits_stay_finite() {
        let logits = [-3.0e38, 0.0, 3.0e38, 1.0];
        for temperature in [1e-38, 1e-3, 1.0, 1e38] {
            let drawn = draw(&logits, temperature, Truncation { top_k: Some(3), top_p: Some(0.9) }, 0);
            assert!(drawn.entropy.is_finite(), "T = {temperature}");
        }
        assert_eq!(draw(&logits, 1e-38, Truncation::default(), 0).id, 2);
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

    /// The definition, with every logarithm taken.
    fn plain_argmax(logits: &[f32], inverse: f32, lowest: f32, words: impl Fn(u32) -> [u32; 4]) -> usize {
        let mut best = (0, f32::MIN);
        for (token, &logit) in logits.iter().enumerate() {
            let noisy = score(logit, inverse) + gumbel(words((token / 4) as u32)[token % 4]);
            if logit >= lowest && noisy > best.1 {
                best = (token, noisy);
            }
        }
        best.0
    }

    proptest! {
        #[test]
        fn leaving_out_hopeless_tokens_changes_nothing(
            logits in prop::collection::vec(-12.0_f32..12.0, 1..300),
            seed: u32,
            step: u32,
            temperature in 0.05_f32..3.0,
            lowest in -20.0_f32..0.0,
        ) {
            let largest = largest(&logits).unwrap();
            let lowest = lowest.min(largest);
            let most_likely = logits.iter().position(|&l| l == largest).unwrap();
            let inverse = inverse_temperature(temperature);
            let words = |block| noise_words(block, step, 3, seed);
            let of_group = |token| noise_words_of_group(token / 4, step, 3, seed);
            prop_assert_eq!(
                noisy_argmax(&logits, most_likely, inverse, lowest, of_group),
                plain_argmax(&logits, inverse, lowest, words)
            );
        }

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
            let token = sample_token(&logits, t, Truncation::default(), seed, row, step);
            prop_assert_eq!(once.map(|draw| draw.id), token);
            prop_assert_eq!(once, sample_row(&logits, t, Truncation::default(), seed, row, step));
            prop_assert!(once.unwrap().log_prob <= 0.0);
        }
    }
}
