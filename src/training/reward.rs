//! A reward model of few votes: a scalar head on the frozen stage's states, the last of an answer and the mean of all.
//!
//! The paper tunes the whole decoder and reads the last state alone (Touvron et al. 2023, section 3.2.2). With sixty votes the
//! head alone foretells other votes nearly as well (`crates/lab/README.md` has the measurements), and as the states are computed once for
//! all fits, every vote can be held back once in about the time of that.
//!
//! 1. Run every answer once; its features are its last state and the mean of its states, in units of their deviation over all
//!    answers.
//! 2. Fit the head by `-ln sigmoid(r_chosen - r_rejected - m(rating))` and a pull towards zero, all votes at once.

use std::collections::HashSet;

use super::TrainingError;
use super::adamw::{AdamConfig, AdamW};
use super::documents::{Document, in_shards};
use super::network::{ModelShape, Pass, Shard};
use super::order::shuffled;
use super::pair_loss::pair_loss;
use crate::learning::{HeldBack, Share};

/// Steps of a fit; by then the loss stands still.
const STEPS: usize = 300;
/// The rate at its highest; it falls to nothing in a line.
const LEARNING_RATE: f32 = 0.02;
/// Pull towards zero: half of this times the head's square is added to the mean loss.
const PULL: f32 = 0.1;
/// Parts into which votes are divided, each held back once.
const FOLDS: usize = 10;

/// Features of the chosen and the rejected answer of each vote.
pub type Features = Vec<[Vec<f32>; 2]>;

/// The last state of each answer, and the mean of its states: `[documents][2 width]`. An answer without tokens has zeros.
pub fn features(shape: &ModelShape, weights: &[f32], documents: &[&Document]) -> Vec<Vec<f32>> {
    let mut pass = Pass::new(shape);
    let mut features = Vec::with_capacity(documents.len());
    for part in in_shards(documents, |document| document.tokens.len()) {
        let mut shard = Shard::default();
        part.iter().for_each(|document| document.push_states(&mut shard));
        let mut rest = pass.states(weights, &shard);
        for document in part {
            let count = document.answer_tokens();
            let (own, others) = rest.split_at(count * shape.width);
            rest = others;
            let mut both = vec![0.0; 2 * shape.width];
            let (last, mean) = both.split_at_mut(shape.width);
            for row in own.chunks_exact(shape.width) {
                last.copy_from_slice(row);
                mean.iter_mut().zip(row).for_each(|(m, x)| *m += x / count as f32);
            }
            features.push(both);
        }
    }
    features
}

/// A fitted reward model.
#[derive(Debug, Clone, PartialEq)]
pub struct RewardHead {
    /// One per feature.
    head: Vec<f32>,
    /// Added to the product, so that the mean reward over the answers voted on is 0.
    bias: f32,
}

impl RewardHead {
    /// Fits a head to votes. Rewards have mean 0 and deviation 1 over the answers voted on.
    ///
    /// # Errors
    /// [`TrainingError::TooFew`] without a vote, [`TrainingError::NotANumber`].
    pub fn fit(votes: &Features, margins: &[f32]) -> Result<Self, TrainingError> {
        let all: Vec<&Vec<f32>> = votes.iter().flatten().collect();
        let width = all.first().ok_or(TrainingError::TooFew(0))?.len();
        let count = all.len() as f32;
        let mean_of = |i: usize| all.iter().map(|x| x[i]).sum::<f32>() / count;
        let means: Vec<f32> = (0..width).map(mean_of).collect();
        let deviation = |i: usize| {
            let square = all.iter().map(|x| (x[i] - means[i]).powi(2)).sum::<f32>() / count;
            square.sqrt().max(1e-3)
        };
        let scales: Vec<f32> = (0..width).map(|i| 1.0 / deviation(i)).collect();
        let scaled: Vec<Vec<f32>> = all
            .iter()
            .map(|x| x.iter().zip(&means).zip(&scales).map(|((x, mean), scale)| (x - mean) * scale).collect())
            .collect();

        let adam = AdamConfig { weight_decay: 0.0, clip_norm: f32::INFINITY, ..AdamConfig::default() };
        let mut optimizer = AdamW::new(width);
        let mut head = vec![0.0; width];
        let mut gradient = vec![0.0; width];
        for step in 0..STEPS {
            let rewards: Vec<f32> = scaled.iter().map(|x| product(x, &head)).collect();
            let (loss, slopes) = pair_loss(&rewards, margins, 1.0 / margins.len() as f32);
            if !loss.is_finite() {
                return Err(TrainingError::NotANumber);
            }
            gradient.iter_mut().zip(&head).for_each(|(g, h)| *g = PULL * h);
            for (x, slope) in scaled.iter().zip(slopes) {
                gradient.iter_mut().zip(x).for_each(|(g, x)| *g += slope * x);
            }
            let rate = LEARNING_RATE * (1.0 - step as f32 / STEPS as f32);
            optimizer.step(&adam, rate, &[], &gradient, &mut head);
        }

        // Whiten, and undo the scaling of the features.
        let rewards: Vec<f32> = scaled.iter().map(|x| product(x, &head)).collect();
        let spread = (rewards.iter().map(|r| r * r).sum::<f32>() / count).sqrt().max(1e-6);
        let head: Vec<f32> = head.iter().zip(&scales).map(|(h, scale)| h * scale / spread).collect();
        let bias = -product(&means, &head);
        Ok(Self { head, bias })
    }

    /// The reward of an answer with these features.
    #[must_use]
    pub fn reward(&self, features: &[f32]) -> f32 {
        product(features, &self.head) + self.bias
    }

    /// How it orders some votes' answers; equal rewards count half.
    fn tells(&self, votes: impl Iterator<Item = impl std::borrow::Borrow<[Vec<f32>; 2]>>, share: &mut Share) {
        for vote in votes {
            let [chosen, rejected] = vote.borrow();
            let gap = self.reward(chosen) - self.reward(rejected);
            share.count(if gap == 0.0 { 0.5 } else { f64::from(gap > 0.0) });
        }
    }
}

/// Holds every vote back once: fits to the others and asks about it. `progress` hears of each part done, and how many there are.
///
/// Votes of one of the `groups`, one number for each vote, are held back together: those that share an answer, which would
/// otherwise be known. Where all are of one group none can be held back, and none is.
///
/// # Errors
/// [`TrainingError::TooFew`] for fewer than two votes; [`TrainingError::NotANumber`].
pub fn held_back(
    votes: &Features,
    margins: &[f32],
    groups: &[usize],
    seed: u64,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<HeldBack, TrainingError> {
    if votes.len() < 2 {
        return Err(TrainingError::TooFew(votes.len()));
    }
    let place_of_group = shuffled(groups.iter().max().map_or(0, |last| last + 1), seed);
    let distinct: HashSet<usize> = groups.iter().copied().collect();
    let folds = FOLDS.min(distinct.len());
    let mut unseen = Share::default();
    for fold in (0..folds).filter(|_| folds > 1) {
        let is_back = |vote: usize| place_of_group[groups[vote]] % folds == fold;
        let places = |back: bool| (0..votes.len()).filter(move |&vote| is_back(vote) == back);
        if places(false).next().is_none() {
            continue;
        }
        let others: Features = places(false).map(|vote| votes[vote].clone()).collect();
        let their_margins: Vec<f32> = places(false).map(|vote| margins[vote]).collect();
        RewardHead::fit(&others, &their_margins)?.tells(places(true).map(|vote| &votes[vote]), &mut unseen);
        progress(fold + 1, folds);
    }
    let mut seen = Share::default();
    RewardHead::fit(votes, margins)?.tells(votes.iter(), &mut seen);
    Ok(HeldBack { unseen, seen })
}

fn product(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers in (-1, 1).
    fn noise(state: &mut u64) -> f32 {
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((*state >> 40) as f32 / (1_u64 << 23) as f32) - 1.0
    }

    /// Votes for the larger first feature, or for neither in particular.
    fn votes(count: usize, by_first: bool) -> (Features, Vec<f32>) {
        let mut state = 5;
        let answer = |state: &mut u64| -> Vec<f32> { (0..32).map(|_| noise(state)).collect() };
        let vote = |_| {
            let (a, b) = (answer(&mut state), answer(&mut state));
            if by_first && a[0] < b[0] { [b, a] } else { [a, b] }
        };
        ((0..count).map(vote).collect(), vec![1.0 / 3.0; count])
    }

    /// Every vote is a group of its own.
    fn each(count: usize) -> Vec<usize> {
        (0..count).collect()
    }

    #[test]
    fn votes_that_share_an_answer_are_held_back_together() {
        // Noise that comes twice: whoever had seen the other of the two would know it.
        let (once, _) = votes(20, false);
        let twice: Features = once.iter().flat_map(|vote| [vote.clone(), vote.clone()]).collect();
        let margins = vec![0.0; 40];
        let unseen = |groups: &[usize]| {
            held_back(&twice, &margins, groups, 1, &mut |_, _| ())
                .expect("a report")
                .unseen
                .value()
                .expect("votes")
        };
        let together: Vec<usize> = (0..40).map(|vote| vote / 2).collect();
        assert!(unseen(&each(40)) > 0.8 && unseen(&together) < 0.75);
        let one = held_back(&twice, &margins, &[0; 40], 1, &mut |_, _| ()).expect("a report");
        assert_eq!((one.unseen.of, one.seen.of), (0, 40));
    }

    #[test]
    fn what_the_votes_have_in_common_is_foretold() {
        let (votes, margins) = votes(60, true);
        let mut told = Vec::new();
        let report =
            held_back(&votes, &margins, &each(votes.len()), 1, &mut |done, all| told.push((done, all)))
                .expect("a report");
        assert_eq!((report.unseen.of, report.seen.of), (60, 60));
        assert!(report.unseen.value() > Some(0.8), "{report:?}");
        assert_eq!((told.len(), told[9]), (10, (10, 10)));
    }

    #[test]
    fn what_has_nothing_in_common_is_learned_by_heart_and_not_foretold() {
        let (votes, margins) = votes(20, false);
        let report = held_back(&votes, &margins, &each(votes.len()), 1, &mut |_, _| ()).expect("a report");
        assert!(report.seen.value() > Some(0.9), "{report:?}");
        let (low, high) = report.unseen.interval();
        assert!(low < 0.5 && high > 0.4, "{report:?}");
    }

    #[test]
    fn rewards_are_whitened_over_the_answers_voted_on() {
        let (votes, margins) = votes(40, true);
        let head = RewardHead::fit(&votes, &margins).expect("a head");
        let rewards: Vec<f32> = votes.iter().flatten().map(|x| head.reward(x)).collect();
        let mean = rewards.iter().sum::<f32>() / 80.0;
        let square = rewards.iter().map(|r| (r - mean).powi(2)).sum::<f32>() / 80.0;
        assert!(mean.abs() < 1e-4 && (square - 1.0).abs() < 1e-3, "{mean} {square}");
    }

    #[test]
    fn without_votes_nothing_is_fitted() {
        assert!(matches!(RewardHead::fit(&Vec::new(), &[]), Err(TrainingError::TooFew(0))));
        let (votes, margins) = votes(1, true);
        assert!(matches!(
            held_back(&votes, &margins, &each(votes.len()), 1, &mut |_, _| ()),
            Err(TrainingError::TooFew(1))
        ));
    }
}
