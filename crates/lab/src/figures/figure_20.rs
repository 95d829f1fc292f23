//! Figure 20: how reward-model scores are distributed, stage by stage, and how true quality is.
//!
//! In the paper (Touvron et al. 2023, section 5.1 and appendix) the distribution moves to the right from SFT on, and the
//! worst answers go first. Here the oracle's score of the same answers stands beside the reward: where the two part, a
//! policy has learned to please the reward model and not to answer better.
//!
//! Sampled at T = 1. All stages share their bins.

use anyhow::{Result, ensure};
use serde::{Deserialize, Serialize};

use super::sampling::{PromptSet, Protocol, StageFile, sample};
use super::statistics::{Spread, deciles, means_of_tenths};
use super::{Score, TrueQuality};
use crate::corpus::Kind;

/// Width of a bin of whitened rewards, in standard deviations.
const REWARD_BIN: f64 = 0.25;
/// Bins of true quality, which is from 0 to 1.
const QUALITY_BINS: usize = 20;
/// Rewards further than this from 0 are counted in the outermost bins.
const WIDEST_REWARD: f64 = 10.0;
/// Answers shown per stage and kind.
const EXAMPLES: usize = 20;

/// The distributions of all stages.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Figure20 {
    /// How it was asked.
    pub protocol: Protocol,
    /// Edges of the bins of rewards, one more than bins; rewards are whitened.
    pub reward_edges: Vec<f64>,
    /// Edges of the bins of true quality, likewise.
    pub quality_edges: Vec<f64>,
    /// In the order of the files.
    pub stages: Vec<StageScores>,
}

/// One stage.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StageScores {
    /// The stage's id in the manifest.
    pub id: String,
    /// The file's name.
    pub file: String,
    /// Answers to creative prompts.
    pub creative: KindScores,
    /// Answers to factual prompts.
    pub factual: KindScores,
}

/// Answers of one kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KindScores {
    /// Whitened rewards.
    pub reward: Distribution,
    /// True quality, 0 to 1.
    pub quality: Distribution,
    /// Answers spread evenly over the range of rewards, the lowest first.
    pub examples: Vec<ScoredAnswer>,
}

/// A distribution of scores.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Distribution {
    /// Mean and standard deviation.
    pub spread: Spread,
    /// From the lowest value (0%) by tenths to the highest (100%).
    pub deciles: Vec<f64>,
    /// Mean of each tenth of the answers, the worst tenth first; unlike a quantile it moves when the share of a score
    /// that is only 0 or 1 does.
    pub tenth_means: Vec<f64>,
    /// Answers in each bin.
    pub counts: Vec<u32>,
}

/// An example.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ScoredAnswer {
    /// What was asked.
    pub prompt: String,
    /// What was answered.
    pub answer: String,
    /// Its reward, whitened.
    pub reward: f64,
    /// Its true quality.
    pub quality: f64,
}

impl StageScores {
    /// The scores of a kind.
    #[must_use]
    pub fn of(&self, kind: Kind) -> &KindScores {
        match kind {
            Kind::Creative => &self.creative,
            Kind::Factual => &self.factual,
        }
    }
}

/// Measures files, at T = 1 (`protocol` with [`Protocol::at_one`]).
///
/// # Errors
/// A file that the engine refuses, a prompt that does not fit, or scores that are missing or not numbers.
pub fn figure_20(
    stages: &[StageFile<'_>],
    prompts: &PromptSet,
    protocol: &Protocol,
    score: Score<'_>,
    quality: TrueQuality<'_>,
    threads: usize,
) -> Result<Figure20> {
    let mut scored: Vec<[Vec<ScoredAnswer>; 2]> = Vec::new();
    for stage in stages {
        let mut kinds = [Vec::new(), Vec::new()];
        for ((kind, prompt), groups) in
            prompts.all().into_iter().zip(sample(stage, prompts, protocol, threads)?)
        {
            let answers: Vec<&str> = groups.iter().flatten().map(|answer| answer.text.as_str()).collect();
            let rewards = score(&answers.iter().map(|answer| (prompt, *answer)).collect::<Vec<_>>())?;
            ensure!(rewards.len() == answers.len(), "the reward model left out answers to {prompt:?}");
            for (answer, reward) in answers.into_iter().zip(rewards) {
                let (reward, quality) = (f64::from(reward), quality(kind, prompt, answer));
                ensure!(
                    reward.is_finite() && quality.is_finite(),
                    "an answer to {prompt:?} got no number: {answer:?}"
                );
                let (prompt, answer) = (prompt.to_owned(), answer.to_owned());
                kinds[place(kind)].push(ScoredAnswer { prompt, answer, reward, quality });
            }
        }
        scored.push(kinds);
    }
    let reward_edges = reward_edges(scored.iter().flatten().flatten().map(|answer| answer.reward));
    let quality_edges: Vec<f64> = (0..=QUALITY_BINS).map(|edge| edge as f64 / QUALITY_BINS as f64).collect();
    let kind_scores = |answers: Vec<ScoredAnswer>| -> Option<KindScores> {
        let of = |value: &dyn Fn(&ScoredAnswer) -> f64| answers.iter().map(value).collect::<Vec<f64>>();
        Some(KindScores {
            reward: distribution(&of(&|answer| answer.reward), &reward_edges)?,
            quality: distribution(&of(&|answer| answer.quality), &quality_edges)?,
            examples: examples(answers),
        })
    };
    let stages = stages.iter().zip(scored).map(|(stage, [creative, factual])| {
        let (id, file) = (stage.id.to_owned(), stage.file.to_owned());
        match (kind_scores(creative), kind_scores(factual)) {
            (Some(creative), Some(factual)) => Ok(StageScores { id, file, creative, factual }),
            _ => anyhow::bail!("Figure 20 needs a creative and a factual prompt"),
        }
    });
    let stages = stages.collect::<Result<_>>()?;
    Ok(Figure20 { protocol: protocol.clone(), reward_edges, quality_edges, stages })
}

fn place(kind: Kind) -> usize {
    match kind {
        Kind::Creative => 0,
        Kind::Factual => 1,
    }
}

/// Whole bins around all rewards.
fn reward_edges(rewards: impl Iterator<Item = f64>) -> Vec<f64> {
    let bins = |reward: f64| reward.clamp(-WIDEST_REWARD, WIDEST_REWARD) / REWARD_BIN;
    let (low, high) = rewards.fold((0.0_f64, 0.0_f64), |(low, high), reward| {
        (low.min(bins(reward).floor()), high.max(bins(reward).ceil()))
    });
    (low as i32..=high.max(low + 1.0) as i32).map(|edge| f64::from(edge) * REWARD_BIN).collect()
}

/// `None` without values. Values outside the edges are counted in the outermost bins.
fn distribution(values: &[f64], edges: &[f64]) -> Option<Distribution> {
    let mut counts = vec![0; edges.len().checked_sub(1)?];
    for value in values {
        let bin = edges.partition_point(|edge| edge <= value).saturating_sub(1);
        *counts.get_mut(bin.min(edges.len() - 2))? += 1;
    }
    Some(Distribution {
        spread: Spread::of(values)?,
        deciles: deciles(values),
        tenth_means: means_of_tenths(values),
        counts,
    })
}

/// The answers nearest to evenly spaced rewards, each once.
fn examples(mut answers: Vec<ScoredAnswer>) -> Vec<ScoredAnswer> {
    answers.sort_by(|a, b| a.reward.total_cmp(&b.reward));
    let (Some(low), Some(high)) = (answers.first().map(|a| a.reward), answers.last().map(|a| a.reward))
    else {
        return answers;
    };
    let mut found: Vec<ScoredAnswer> = Vec::new();
    for step in 0..EXAMPLES {
        let wanted = low + (high - low) * step as f64 / (EXAMPLES - 1) as f64;
        let new = |answer: &&ScoredAnswer| {
            found.iter().all(|known| known.prompt != answer.prompt || known.answer != answer.answer)
        };
        let distance = |answer: &ScoredAnswer| (answer.reward - wanted).abs();
        let nearest = answers.iter().filter(new).min_by(|a, b| distance(a).total_cmp(&distance(b))).cloned();
        found.extend(nearest);
    }
    found.sort_by(|a, b| a.reward.total_cmp(&b.reward));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_answer_is_in_one_bin() {
        let edges = reward_edges([-1.1, 0.3, 2.0, 50.0].into_iter());
        assert_eq!((edges[0], edges[edges.len() - 1]), (-1.25, 10.0));
        let found = distribution(&[-1.25, -1.1, -1.0, 0.3, 2.0, 50.0], &edges).expect("values");
        assert_eq!((found.counts[0], found.counts[1]), (2, 1));
        assert_eq!(found.counts.iter().sum::<u32>(), 6);
        assert_eq!(found.counts.last(), Some(&1));
        assert_eq!(distribution(&[], &edges), None);
    }

    #[test]
    fn equal_rewards_have_a_bin_too() {
        assert_eq!(reward_edges([0.0, 0.0].into_iter()), [0.0, 0.25]);
    }

    #[test]
    fn examples_span_the_range_and_come_once() {
        let answer = |i: u32| ScoredAnswer {
            prompt: "p".to_owned(),
            answer: (i / 2).to_string(),
            reward: f64::from(i / 2).powi(2),
            quality: 0.5,
        };
        let found = examples((0..200).map(answer).collect());
        assert_eq!(found.len(), EXAMPLES);
        assert_eq!((found[0].reward, found[EXAMPLES - 1].reward), (0.0, 99.0 * 99.0));
        assert!(found.windows(2).all(|pair| pair[0].reward < pair[1].reward));
        assert_eq!(examples((0..6).map(answer).collect()).len(), 3);
        assert!(examples(Vec::new()).is_empty());
    }
}
