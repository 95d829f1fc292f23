//! The reward model: a score for an answer, learned from comparisons.
//!
//! 1. Begin with the SFT weights and a scalar head of zeros on the last token's hidden state (Touvron et al. 2023,
//!    section 3.2.2: "the classification head for next-token prediction is replaced with a regression head for outputting
//!    a scalar reward"). Deviation: the reward models of later versions begin as the one before, and see the new
//!    comparisons and as many old ones.
//! 2. For every step: gradient of `-ln sigmoid(r_chosen - r_rejected - m(rating))`, equation 2, with the small margins.
//!    Deviation: beside the pairs it rehearses examples of the SFT corpus with SFT's own loss, so that it does not forget
//!    facts that no comparison is about; see [`RewardConfig::language_model_weight`](super::config::RewardConfig).
//! 3. Measure: accuracy by rating, by kind and by source, on pairs kept apart and on held-out subjects; calibration.
//! 4. Note mean and deviation of its scores, by which later stages whiten them.

use std::collections::BTreeMap;

use anyhow::{Result, ensure};
use serde::{Deserialize, Serialize};
use thermostat::learning::{Judged, bins};
use thermostat::training::order::shuffled;
use thermostat::training::pair_loss::pair_loss;

use super::comparisons::Gathered;
use super::config::LineageConfig;
use super::progress::Progress;
use super::setting::{Purpose, Setting, learning_rate_at};
use crate::adamw::AdamW;
use crate::batches::Batches;
use crate::corpus::Kind;
use crate::network::{Layout, Shard};
use crate::panel::{Comparison, Rating, Source};
use crate::step::{Part, Workers, parts};

/// A trained reward model.
#[derive(Debug, Clone, PartialEq)]
pub struct RewardModel {
    /// The decoder's weights, then the head: one per channel and a bias.
    pub values: Vec<f32>,
    /// How its scores lie.
    pub scale: RewardScale,
}

/// Mean and standard deviation of the scores of the answers that were compared.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct RewardScale {
    /// Mean.
    pub mean: f32,
    /// Standard deviation.
    pub deviation: f32,
}

impl RewardScale {
    /// A score with the mean taken away, in standard deviations.
    #[must_use]
    pub fn whiten(&self, score: f32) -> f32 {
        (score - self.mean) / self.deviation
    }
}

/// How often the model and the panel agree on some pairs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Accuracy {
    /// Share of pairs whose chosen answer scores higher; NaN never: 0 where there are none.
    pub accuracy: f64,
    /// Number of pairs.
    pub pairs: usize,
}

/// One bin of the calibration curve.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// Mean of the predicted probability that the higher answer is chosen.
    pub predicted: f64,
    /// Share in which it was.
    pub observed: f64,
    /// Number of pairs.
    pub pairs: usize,
}

/// What was measured of a reward model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RewardReport {
    /// Version for which it was made.
    pub version: u32,
    /// Comparisons learned from.
    pub comparisons: usize,
    /// Mean loss over the last tenth of the steps.
    pub final_loss: f64,
    /// How its scores lie.
    pub scale: RewardScale,
    /// All pairs kept apart.
    pub overall: Accuracy,
    /// By the panel's rating: significantly, better, slightly, negligibly.
    pub by_rating: BTreeMap<String, Accuracy>,
    /// Poems and facts.
    pub by_kind: BTreeMap<String, Accuracy>,
    /// Sampled pairs and each kind of hard negative.
    pub by_source: BTreeMap<String, Accuracy>,
    /// On subjects and topics in no comparison learned from.
    pub held_out: BTreeMap<String, Accuracy>,
    /// On the pairs whose true quality differs: how often the truly better answer scores higher.
    pub agrees_with_oracle: BTreeMap<String, Accuracy>,
    /// Calibration on the pairs kept apart.
    pub calibration: Vec<Calibration>,
}

/// Some pairs in one shard: chosen and rejected in turn, and their margins. Wanted are the states after every token of an
/// answer; the last is the reward.
struct PairShard {
    shard: Shard,
    /// Wanted positions of each document.
    lengths: Vec<usize>,
    margins: Vec<f32>,
}

/// Trains a reward model on the comparisons so far. `before`: the reward model of the version before, if there is one.
///
/// # Errors
/// A text that cannot be encoded; a loss that is not a number.
pub fn train(
    setting: &Setting,
    config: &LineageConfig,
    version: u32,
    sft: &[f32],
    before: Option<&RewardModel>,
    gathered: &[Gathered],
) -> Result<(RewardModel, RewardReport)> {
    // 1. The beginning.
    let reward = &config.reward;
    let extra = setting.shape.width + 1;
    let parameters = sft.len();
    let (mut values, epochs) = match before {
        Some(before) => (before.values.clone(), reward.epochs),
        None => ([sft, &vec![0.0; extra]].concat(), reward.first_epochs),
    };
    let decaying = Layout::new(&setting.shape).decays();
    let mut optimizer = AdamW::new(values.len());
    let mut workers = Workers::new(&setting.shape, setting.threads);
    let new: &[Comparison] = gathered.last().map_or(&[], |g| &g.train);
    let old: Vec<&Comparison> =
        gathered[..gathered.len().saturating_sub(1)].iter().flat_map(|g| &g.train).collect();
    let again = shuffled(old.len(), setting.stream(Purpose::Order, version, u64::MAX));
    let again = again.into_iter().take(new.len()).map(|place| old[place]);
    let comparisons: Vec<&Comparison> = new.iter().chain(again).collect();

    // 2. Steps.
    let mut batches: Vec<Vec<PairShard>> = Vec::new();
    let rehearsal_seed = setting.stream(Purpose::Rehearsal, version, 0);
    let context = setting.shape.context;
    let mut examples = Batches::of_seed(
        &setting.corpus,
        &setting.tokenizer,
        rehearsal_seed,
        reward.language_model_tokens,
        context,
    );
    for epoch in 0..epochs as u64 {
        let order = shuffled(comparisons.len(), setting.stream(Purpose::Order, version, epoch));
        let mut shards = pair_shards(setting, &order.iter().map(|&i| comparisons[i]).collect::<Vec<_>>())?;
        while !shards.is_empty() {
            let rest = shards.split_off(reward.shards.min(shards.len()));
            batches.push(std::mem::replace(&mut shards, rest));
        }
    }
    let steps = batches.len();
    let mut progress = Progress::new(&format!("reward model for v{version}"), steps);
    let mut losses = Vec::with_capacity(steps);
    for (step, batch) in batches.iter().enumerate() {
        let pairs: usize = batch.iter().map(|s| s.margins.len()).sum();
        let weight = 1.0 / pairs.max(1) as f32;
        let rehearsed: Vec<Shard> = match reward.language_model_weight {
            0.0 => Vec::new(),
            _ => batch.iter().map(|_| examples.next_shard()).collect::<Result<_>>()?,
        };
        let tokens: usize = rehearsed.iter().map(|shard| shard.positions.len()).sum();
        let token_weight = reward.language_model_weight / tokens.max(1) as f32;
        let pairs: Vec<PairShard> = batch.iter().flat_map(PairShard::parts).collect();
        let rehearsed: Vec<Part> = rehearsed.iter().flat_map(|shard| parts(shard, 1)).collect();
        let (sums, gradient) = {
            let (weights, head) = values.split_at(parameters);
            workers.gradient_of(pairs.len() + rehearsed.len(), extra, |pass, index, gradient| {
                let (gradient, d_head) = gradient.split_at_mut(parameters);
                let Some(part) = pairs.get(index) else {
                    pass.train(weights, &rehearsed[index - pairs.len()].shard, token_weight, gradient);
                    return 0.0;
                };
                let mut sum = 0.0;
                let mut slope = |scores: &[f32]| {
                    let (loss, slopes) = part.loss(scores, weight, reward.prefix_weight);
                    sum = loss;
                    slopes
                };
                pass.train_scalars(weights, head, &part.shard, &mut slope, gradient, d_head);
                sum
            })
        };
        let loss = sums.iter().sum::<f64>();
        ensure!(loss.is_finite(), "the reward model's loss is not a number at step {step}");
        losses.push(loss);
        let rate = learning_rate_at(reward.learning_rate, step, steps);
        optimizer.step(&config.adam, rate, &decaying, gradient, &mut values);
        progress.at(step + 1, &format!("loss {loss:.3}"));
    }
    let last = &losses[losses.len() - losses.len().div_ceil(10)..];
    let final_loss = last.iter().sum::<f64>() / last.len().max(1) as f64;

    // 3. and 4. Measure.
    let mut model = RewardModel { values, scale: RewardScale { mean: 0.0, deviation: 1.0 } };
    let report =
        measure(setting, &mut workers, &mut model, version, gathered, comparisons.len(), final_loss)?;
    progress.finish(&format!(
        "loss {final_loss:.3}, accuracy {:.3} (facts {:.3}, poems {:.3})",
        report.overall.accuracy,
        report.by_kind.get("factual").map_or(0.0, |a| a.accuracy),
        report.by_kind.get("creative").map_or(0.0, |a| a.accuracy),
    ));
    Ok((model, report))
}

impl PairShard {
    /// Its parts; the two answers of a pair stay together.
    fn parts(&self) -> impl Iterator<Item = Self> {
        parts(&self.shard, 2).into_iter().map(|Part { shard, documents, .. }| Self {
            shard,
            lengths: self.lengths[documents.clone()].to_vec(),
            margins: self.margins[documents.start / 2..documents.end / 2].to_vec(),
        })
    }

    /// The loss of the last scores, and the slope of it and of the prefix loss together.
    ///
    /// The prefix loss is the same loss on the mean of an answer's scores after each of its tokens. It tells the state after a
    /// wrong word that it is wrong, instead of only the state after the last; with few comparisons that teaches faster, and
    /// the value model, which begins as the reward model, has seen prefixes.
    fn loss(&self, scores: &[f32], weight: f32, prefix_weight: f32) -> (f64, Vec<f32>) {
        let (mut last, mut mean, mut at) = (Vec::new(), Vec::new(), 0);
        for &length in &self.lengths {
            let own = &scores[at..at + length];
            last.push(own[length - 1]);
            mean.push(own.iter().sum::<f32>() / length as f32);
            at += length;
        }
        let (loss, last_slopes) = pair_loss(&last, &self.margins, weight);
        let (_, mean_slopes) = pair_loss(&mean, &self.margins, weight * prefix_weight);
        let mut slopes = Vec::with_capacity(scores.len());
        for ((&length, last), mean) in self.lengths.iter().zip(last_slopes).zip(mean_slopes) {
            slopes.extend(std::iter::repeat_n(mean / length as f32, length));
            if let Some(slope) = slopes.last_mut() {
                *slope += last;
            }
        }
        (loss, slopes)
    }
}

fn pair_shards(setting: &Setting, comparisons: &[&Comparison]) -> Result<Vec<PairShard>> {
    let mut shards: Vec<PairShard> = Vec::new();
    for comparison in comparisons {
        let chosen = setting.document(&comparison.prompt, &comparison.chosen)?;
        let rejected = setting.document(&comparison.prompt, &comparison.rejected)?;
        let length = chosen.0.len() + rejected.0.len();
        if shards.last().is_none_or(|s| s.shard.tokens.len() + length > setting.shard_tokens) {
            shards.push(PairShard { shard: Shard::default(), lengths: Vec::new(), margins: Vec::new() });
        }
        if let Some(PairShard { shard, lengths, margins }) = shards.last_mut() {
            for (tokens, answer_from) in [&chosen, &rejected] {
                let start = shard.tokens.len();
                shard.tokens.extend(tokens);
                shard.lengths.push(tokens.len());
                shard.positions.extend((*answer_from..tokens.len()).map(|i| start + i));
                lengths.push(tokens.len() - answer_from);
            }
            margins.push(comparison.rating.margin_small() as f32);
        }
    }
    Ok(shards)
}

impl RewardModel {
    /// The scores of answers to prompts, not whitened.
    ///
    /// # Errors
    /// A text that cannot be encoded.
    pub fn scores(
        &self,
        setting: &Setting,
        workers: &mut Workers,
        answers: &[(&str, &str)],
    ) -> Result<Vec<f32>> {
        let documents: Vec<Vec<u32>> = answers
            .iter()
            .map(|(prompt, answer)| setting.document(prompt, answer).map(|(tokens, _)| tokens))
            .collect::<Result<_>>()?;
        let shards = setting.pack(&documents, Vec::len, |shard, document| shard.push_last(document));
        let (weights, head) = self.values.split_at(self.values.len() - setting.shape.width - 1);
        Ok(workers.each(shards.len(), |pass, index| pass.scalars(weights, head, &shards[index])).concat())
    }
}

/// Measures a model on all pairs kept apart, and notes its scale.
fn measure(
    setting: &Setting,
    workers: &mut Workers,
    model: &mut RewardModel,
    version: u32,
    gathered: &[Gathered],
    comparisons: usize,
    final_loss: f64,
) -> Result<RewardReport> {
    let mut score = |pairs: &[&Comparison]| -> Result<Vec<f32>> {
        let texts: Vec<(&str, &str)> = pairs
            .iter()
            .flat_map(|c| [(c.prompt.as_str(), c.chosen.as_str()), (c.prompt.as_str(), c.rejected.as_str())])
            .collect();
        model.scores(setting, workers, &texts)
    };
    let test: Vec<&Comparison> = gathered.iter().flat_map(|g| &g.test).collect();
    let held_out: Vec<&Comparison> = gathered.iter().flat_map(|g| &g.held_out).collect();
    let (test_scores, held_out_scores) = (score(&test)?, score(&held_out)?);
    let pairs = |scores: &[f32]| -> Vec<(f32, f32)> {
        scores.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect()
    };
    let (test_pairs, held_out_pairs) = (pairs(&test_scores), pairs(&held_out_scores));

    // The scale is that of sampled answers: what later stages will score.
    let sampled: Vec<f32> = test
        .iter()
        .zip(&test_pairs)
        .filter(|(c, _)| c.source == Source::Policy)
        .flat_map(|(_, &(chosen, rejected))| [chosen, rejected])
        .collect();
    let count = sampled.len().max(1) as f64;
    let mean = sampled.iter().map(|&s| f64::from(s)).sum::<f64>() / count;
    let variance = sampled.iter().map(|&s| (f64::from(s) - mean).powi(2)).sum::<f64>() / count;
    let scale = RewardScale { mean: mean as f32, deviation: variance.sqrt().max(1e-3) as f32 };
    model.scale = scale;

    let by = |comparisons: &[&Comparison], pairs: &[(f32, f32)], name: &dyn Fn(&Comparison) -> String| {
        let named = comparisons.iter().zip(pairs);
        accuracies(named.map(|(comparison, (chosen, rejected))| (name(comparison), chosen > rejected)))
    };
    let kind = |c: &Comparison| kind_name(c.kind).to_owned();
    let overall = by(&test, &test_pairs, &|_| String::new());
    Ok(RewardReport {
        version,
        comparisons,
        final_loss,
        scale,
        overall: overall.get("").copied().unwrap_or_default(),
        by_rating: by(&test, &test_pairs, &|c| rating_name(c.rating)),
        by_kind: by(&test, &test_pairs, &kind),
        by_source: by(&test, &test_pairs, &|c| source_name(c.source)),
        held_out: by(&held_out, &held_out_pairs, &kind),
        agrees_with_oracle: oracle_agreement(setting, &test, &test_pairs),
        calibration: calibration(&test_pairs),
    })
}

/// How often the truly better answer scores higher, where the oracle sees a difference.
fn oracle_agreement(
    setting: &Setting,
    comparisons: &[&Comparison],
    pairs: &[(f32, f32)],
) -> BTreeMap<String, Accuracy> {
    /// Differences of true quality below this are no differences.
    const SEEN: f64 = 0.1;
    accuracies(comparisons.iter().zip(pairs).filter_map(|(comparison, (chosen, rejected))| {
        let quality =
            |answer: &str| setting.oracle().quality(comparison.kind, &comparison.prompt, answer).score;
        let difference = quality(&comparison.chosen) - quality(&comparison.rejected);
        let agrees = (chosen > rejected) == (difference > 0.0);
        (difference.abs() >= SEEN).then(|| (kind_name(comparison.kind).to_owned(), agrees))
    }))
}

/// The share of pairs that are right, by name.
fn accuracies(pairs: impl Iterator<Item = (String, bool)>) -> BTreeMap<String, Accuracy> {
    let mut counts: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for (name, is_right) in pairs {
        let (right, all) = counts.entry(name).or_default();
        *right += usize::from(is_right);
        *all += 1;
    }
    let accuracy =
        |(right, all): (usize, usize)| Accuracy { accuracy: right as f64 / all as f64, pairs: all };
    counts.into_iter().map(|(name, counts)| (name, accuracy(counts))).collect()
}

/// Ten bins of the predicted probability that the higher-scored answer is the chosen one, from a half to one.
fn calibration(pairs: &[(f32, f32)]) -> Vec<Calibration> {
    let judged = |(chosen, rejected): &(f32, f32)| {
        let difference = f64::from(chosen - rejected);
        Judged { margin: difference.abs(), agrees: difference > 0.0 }
    };
    bins(&pairs.iter().map(judged).collect::<Vec<_>>(), 10)
        .into_iter()
        .map(|bin| Calibration {
            predicted: bin.predicted,
            observed: bin.agreed.value().unwrap_or_default(),
            pairs: bin.agreed.of as usize,
        })
        .collect()
}

/// The name of a kind in reports.
#[must_use]
pub fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Creative => "creative",
        Kind::Factual => "factual",
    }
}

/// Numbered, so that a sorted table keeps the paper's order.
fn rating_name(rating: Rating) -> String {
    let number = Rating::ALL.iter().position(|r| *r == rating).map_or(0, |place| place + 1);
    format!("{number} {}", rating.name())
}

fn source_name(source: Source) -> String {
    match source {
        Source::Policy => "sampled".to_owned(),
        Source::HardNegative(negative) => format!("{negative:?}"),
    }
}
