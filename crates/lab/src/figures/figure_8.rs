//! Figure 8: the reward of the best of N answers, by N and by temperature.
//!
//! The paper plots the maximum reward among N samples for T from 0.6 to 1.5 (Touvron et al. 2023, section 3.2.3): for
//! each version there is a temperature at which sampling many and keeping the best pays most.
//!
//! One set of answers serves every N: the expected maximum of N of them drawn without replacement is computed exactly
//! from the order statistics. Sorted upwards, the i-th of n is the maximum with probability C(i - 1, N - 1) / C(n, N).
//! For N much smaller than n this hardly differs from fresh samples; at N = n it is the maximum of this one set.

use anyhow::{Result, ensure};
use serde::{Deserialize, Serialize};

use super::Score;
use super::sampling::{PromptSet, Protocol, StageFile, sample};
use super::statistics::sorted;
use crate::corpus::Kind;

/// The curves of one file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Figure8 {
    /// The stage's id in the manifest.
    pub id: String,
    /// The file's name.
    pub file: String,
    /// How it was asked.
    pub protocol: Protocol,
    /// Over creative prompts, one entry per temperature.
    pub creative: Vec<BestOfN>,
    /// Over factual prompts, one entry per temperature.
    pub factual: Vec<BestOfN>,
}

/// One temperature.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BestOfN {
    /// Temperature.
    pub temperature: f32,
    /// Expected reward of the best of N, whitened, mean over prompts; the entry for N is at N - 1.
    pub best: Vec<f64>,
}

impl Figure8 {
    /// The curves of a kind.
    #[must_use]
    pub fn of(&self, kind: Kind) -> &[BestOfN] {
        match kind {
            Kind::Creative => &self.creative,
            Kind::Factual => &self.factual,
        }
    }

    /// The temperature with the highest reward of the best of `answers`, and that reward; the lowest such temperature.
    #[must_use]
    pub fn best_temperature(&self, kind: Kind, answers: usize) -> Option<(f32, f64)> {
        let at = |curve: &BestOfN| Some((curve.temperature, *curve.best.get(answers.checked_sub(1)?)?));
        let better = |best: (f32, f64), next: (f32, f64)| if next.1 > best.1 { next } else { best };
        self.of(kind).iter().filter_map(at).reduce(better)
    }
}

/// Measures a file.
///
/// # Errors
/// A file that the engine refuses, a prompt that does not fit, or scores that are missing or not numbers.
pub fn figure_8(
    stage: &StageFile<'_>,
    prompts: &PromptSet,
    protocol: &Protocol,
    score: Score<'_>,
    threads: usize,
) -> Result<Figure8> {
    let answers = sample(stage, prompts, protocol, threads)?;
    let asked = prompts.all();
    let of_kind = |wanted: Kind| -> Result<Vec<BestOfN>> {
        let mut curves: Vec<BestOfN> = protocol
            .temperatures
            .iter()
            .map(|&temperature| BestOfN {
                temperature,
                best: vec![0.0; protocol.answers_per_prompt as usize],
            })
            .collect();
        let of_this_kind = || asked.iter().zip(&answers).filter(|((kind, _), _)| *kind == wanted);
        let count = of_this_kind().count().max(1) as f64;
        for ((_, prompt), groups) in of_this_kind() {
            for (group, curve) in groups.iter().zip(&mut curves) {
                let texts: Vec<(&str, &str)> = group.iter().map(|a| (*prompt, a.text.as_str())).collect();
                let rewards: Vec<f64> = score(&texts)?.into_iter().map(f64::from).collect();
                ensure!(
                    rewards.len() == texts.len() && rewards.iter().all(|reward| reward.is_finite()),
                    "the reward model gave no number for an answer to {prompt:?}"
                );
                let expected = expected_best_of(&rewards);
                curve.best.iter_mut().zip(expected).for_each(|(sum, value)| *sum += value / count);
            }
        }
        Ok(curves)
    };
    Ok(Figure8 {
        id: stage.id.to_owned(),
        file: stage.file.to_owned(),
        protocol: protocol.clone(),
        creative: of_kind(Kind::Creative)?,
        factual: of_kind(Kind::Factual)?,
    })
}

/// The expected maximum of N of these values drawn without replacement, for N = 1 ... n; the entry for N is at N - 1.
#[must_use]
pub fn expected_best_of(values: &[f64]) -> Vec<f64> {
    let values = sorted(values);
    let n = values.len();
    let expected = |draws: usize| {
        // From the largest value down: it is the maximum with probability N / n; each next one's probability is the last
        // one's times C(i - 2, N - 1) / C(i - 1, N - 1) = (i - N) / (i - 1).
        let mut probability = draws as f64 / n as f64;
        let mut sum = 0.0;
        for place in (draws..=n).rev() {
            sum += probability * values[place - 1];
            if place > draws {
                probability *= (place - draws) as f64 / (place - 1) as f64;
            }
        }
        sum
    };
    (1..=n).map(expected).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use thermostat::sampling::philox4x32_10;

    fn values(count: u32, seed: u32) -> Vec<f64> {
        (0..count).map(|i| f64::from(philox4x32_10([i, 0, 0, 0], [seed, 0])[0] % 1000) / 100.0).collect()
    }

    /// All subsets of a size, each as likely.
    fn brute_force(values: &[f64], draws: u32) -> f64 {
        let (mut sum, mut count) = (0.0, 0);
        for subset in 0_u32..1 << values.len() {
            if subset.count_ones() == draws {
                let drawn = values.iter().enumerate().filter(|(i, _)| subset >> i & 1 == 1);
                sum += drawn.map(|(_, &v)| v).fold(f64::NEG_INFINITY, f64::max);
                count += 1;
            }
        }
        sum / f64::from(count)
    }

    #[test]
    fn order_statistics_equal_the_mean_over_all_subsets() {
        for (count, seed) in [(1, 1), (2, 2), (7, 3), (12, 4)] {
            let values = values(count, seed);
            let expected = expected_best_of(&values);
            assert_eq!(expected.len(), values.len());
            for draws in 1..=count {
                let (ours, theirs) = (expected[draws as usize - 1], brute_force(&values, draws));
                assert!(
                    (ours - theirs).abs() < 1e-12 * theirs.abs().max(1.0),
                    "{draws} of {count}: {ours} {theirs}"
                );
            }
        }
    }

    #[test]
    fn more_answers_never_make_the_best_worse() {
        let values = values(100, 5);
        let expected = expected_best_of(&values);
        assert!(expected.is_sorted());
        let mean = values.iter().sum::<f64>() / 100.0;
        assert!((expected[0] - mean).abs() < 1e-12);
        assert!((expected[99] - values.iter().copied().fold(0.0, f64::max)).abs() < 1e-12);
    }

    #[test]
    fn no_answers_have_no_best() {
        assert!(expected_best_of(&[]).is_empty());
    }

    #[test]
    fn the_best_temperature_depends_on_the_number_of_answers() {
        let curve = |temperature, best: [f64; 2]| BestOfN { temperature, best: best.to_vec() };
        let figure = Figure8 {
            id: String::new(),
            file: String::new(),
            protocol: Protocol::figure_8(1),
            creative: vec![curve(0.6, [1.0, 1.1]), curve(1.2, [0.5, 1.5])],
            factual: Vec::new(),
        };
        assert_eq!(figure.best_temperature(Kind::Creative, 1), Some((0.6, 1.0)));
        assert_eq!(figure.best_temperature(Kind::Creative, 2), Some((1.2, 1.5)));
        assert_eq!(figure.best_temperature(Kind::Creative, 3), None);
        assert_eq!(figure.best_temperature(Kind::Creative, 0), None);
        assert_eq!(figure.best_temperature(Kind::Factual, 1), None);
    }
}
