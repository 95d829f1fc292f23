//! Proximal policy optimisation: v5 (Touvron et al. 2023, section 3.2.3; Schulman et al. 2017, arXiv 1707.06347).
//!
//! For every step:
//! 1. Roll out: answers of the current policy to new prompts.
//! 2. Score: the reward model's score, whitened, at the last token; at every token minus `kl_weight` times the
//!    log-ratio to the initial policy ("R(g|p) = R~c(g|p) - beta D_KL(pi_theta(g|p) || pi_0(g|p))").
//! 3. Estimate advantages: generalised advantage estimation (arXiv 1506.02438) with a value model, whitened over the batch.
//! 4. Improve: `epochs` passes over the batch with the clipped surrogate; the value model with a clipped squared error.
//!
//! The details that papers leave out follow Huang et al. 2024 (arXiv 2403.17031): the value model is a network of its own
//! that begins as the reward model, advantages are whitened with their mean, one answer is one episode with gamma = 1.
//! Deviation: an answer that does not end within the limit is scored as if it had ended there, and one deviation less.
//!
//! Training stops when true quality has not improved by `least_gain` for `patience` measurements, and the last policy that
//! did improve is kept.

use anyhow::{Result, ensure};
use serde::{Deserialize, Serialize};
use thermostat::training::order::shuffled;

use super::config::{LineageConfig, PpoConfig};
use super::progress::Progress;
use super::reward_model::RewardModel;
use super::setting::{Ask, Purpose, Setting, with_prompts};
use super::truth::{Truth, measure};
use crate::adamw::AdamW;
use crate::network::{Layout, Shard};
use crate::panel::rlhf_prompt;
use crate::step::{Part, Workers, parts};

/// One measurement on the way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Milestone {
    /// Steps done.
    pub step: usize,
    /// Mean KL divergence from the initial policy over the last batch, nats per answer.
    pub kl: f64,
    /// What the oracle and the reward model say.
    pub truth: Truth,
}

/// What a run did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PpoReport {
    /// One line per step.
    pub steps: Vec<StepReport>,
    /// Measurements, the first before any step.
    pub milestones: Vec<Milestone>,
    /// The step whose policy was kept.
    pub kept_step: usize,
}

/// Means over one step's batch.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct StepReport {
    /// Whitened reward of the answers, without the KL penalty.
    pub reward: f64,
    /// Sum over an answer's tokens of the log-ratio to the initial policy, nats.
    pub kl: f64,
    /// Tokens of an answer.
    pub length: f64,
    /// Share of tokens whose ratio was clipped, over all passes.
    pub clipped: f64,
    /// Squared error of the value model, over all passes.
    pub value_loss: f64,
}

/// A batch of answers and all that is held constant while the policy moves.
struct Batch {
    shards: Vec<Shard>,
    /// Per shard and wanted position.
    log_probs: Vec<Vec<f32>>,
    values: Vec<Vec<f32>>,
    advantages: Vec<Vec<f32>>,
    returns: Vec<Vec<f32>>,
}

/// Improves a policy. With `patience` 0 the last policy is kept, else the last whose measured quality was a clear gain.
///
/// # Errors
/// A text that cannot be encoded; values that are not numbers.
pub fn improve(
    setting: &Setting,
    config: &LineageConfig,
    ppo: &PpoConfig,
    purpose: Purpose,
    initial: &[f32],
    reward_model: &RewardModel,
) -> Result<(Vec<f32>, PpoReport)> {
    let parameters = initial.len();
    let decaying = Layout::new(&setting.shape).decays();
    let mut policy = initial.to_vec();
    let mut value_model = value_model(setting, reward_model, parameters);
    let mut policy_optimizer = AdamW::new(parameters);
    let mut value_optimizer = AdamW::new(value_model.len());
    let mut workers = Workers::new(&setting.shape, setting.threads);
    let truth = measure(setting, &config.milestone, &policy, Some(reward_model))?;
    let mut best = (truth.quality(), policy.clone(), 0);
    let mut report = PpoReport {
        steps: Vec::new(),
        milestones: vec![Milestone { step: 0, kl: 0.0, truth }],
        kept_step: 0,
    };
    let mut progress = Progress::new("policy optimisation", ppo.steps);

    for step in 0..ppo.steps {
        // 1. to 3.
        let (batch, mut line) = roll_out(
            setting,
            ppo,
            purpose,
            step,
            &policy,
            initial,
            &value_model,
            reward_model,
            &mut workers,
        )?;
        // 4.
        let mut passes = 0;
        for epoch in 0..ppo.epochs {
            let order = shuffled(
                batch.shards.len(),
                setting.stream(purpose, u32::MAX, (step * ppo.epochs + epoch) as u64),
            );
            for chosen in order.chunks(ppo.shards) {
                let tokens: usize = chosen.iter().map(|&s| batch.shards[s].positions.len()).sum();
                let weight = 1.0 / tokens.max(1) as f32;
                let jobs: Vec<(usize, Part)> = chosen
                    .iter()
                    .flat_map(|&s| parts(&batch.shards[s], 1).into_iter().map(move |part| (s, part)))
                    .collect();
                let (clipped, gradient) = workers.gradient_of(jobs.len(), 0, |pass, index, gradient| {
                    let (whole, Part { shard, positions, .. }) = &jobs[index];
                    let old = &batch.log_probs[*whole][positions.clone()];
                    let advantages = &batch.advantages[*whole][positions.clone()];
                    let mut clipped = 0_usize;
                    let mut coefficient = |i: usize, loss: f32| {
                        let slope = surrogate_slope(loss, old[i], advantages[i], ppo.clip);
                        clipped += usize::from(slope.is_none());
                        weight * slope.unwrap_or(0.0)
                    };
                    pass.train_weighted(&policy, shard, &mut coefficient, gradient);
                    clipped
                });
                line.clipped += clipped.iter().sum::<usize>() as f64 / tokens.max(1) as f64;
                policy_optimizer.step(&config.adam, ppo.learning_rate, &decaying, gradient, &mut policy);

                let (errors, gradient) =
                    workers.gradient_of(jobs.len(), setting.shape.width + 1, |pass, index, gradient| {
                        let (whole, Part { shard, positions, .. }) = &jobs[index];
                        let old = &batch.values[*whole][positions.clone()];
                        let returns = &batch.returns[*whole][positions.clone()];
                        let mut error = 0.0;
                        let mut slope = |values: &[f32]| {
                            let parts = values.iter().zip(old).zip(returns);
                            parts
                                .map(|((&value, &old), &wanted)| {
                                    let (loss, slope) = value_loss(value, old, wanted, ppo.value_clip);
                                    error += f64::from(loss);
                                    weight * slope
                                })
                                .collect()
                        };
                        let (weights, head) = value_model.split_at(parameters);
                        let (gradient, d_head) = gradient.split_at_mut(parameters);
                        pass.train_scalars(weights, head, shard, &mut slope, gradient, d_head);
                        error
                    });
                line.value_loss += errors.iter().sum::<f64>() / tokens.max(1) as f64;
                let rate = ppo.value_learning_rate;
                value_optimizer.step(&config.adam, rate, &decaying, gradient, &mut value_model);
                passes += 1;
            }
        }
        line.clipped /= passes.max(1) as f64;
        line.value_loss /= passes.max(1) as f64;
        ensure!(
            line.reward.is_finite() && line.value_loss.is_finite() && policy.iter().all(|w| w.is_finite()),
            "policy optimisation went to values that are not numbers at step {step}: lower the learning rate"
        );
        report.steps.push(line);
        progress.at(
            step + 1,
            &format!("reward {:.2}, KL {:.1}, clipped {:.2}", line.reward, line.kl, line.clipped),
        );

        // Early stopping on true quality.
        if (step + 1) % ppo.measure_every == 0 || step + 1 == ppo.steps {
            let truth = measure(setting, &config.milestone, &policy, Some(reward_model))?;
            println!("step {}: KL {:.2}, {}", step + 1, line.kl, truth.summary());
            let quality = truth.quality();
            report.milestones.push(Milestone { step: step + 1, kl: line.kl, truth });
            if quality > best.0 + ppo.least_gain || ppo.patience == 0 {
                best = (quality, policy.clone(), step + 1);
            } else if step + 1 >= best.2 + ppo.patience * ppo.measure_every {
                break;
            }
        }
    }
    report.kept_step = best.2;
    progress.finish(&format!("kept the policy of step {}", best.2));
    Ok((best.1, report))
}

/// The value model begins as the reward model, with its scores whitened by way of the head.
fn value_model(setting: &Setting, reward_model: &RewardModel, parameters: usize) -> Vec<f32> {
    let mut values = reward_model.values.clone();
    let scale = reward_model.scale;
    let head = &mut values[parameters..];
    head.iter_mut().for_each(|v| *v /= scale.deviation);
    head[setting.shape.width] -= scale.mean / scale.deviation;
    values
}

/// The slope of `-min(ratio A, clip(ratio) A)` in a token's loss, which is minus its log-probability. None where the clipped
/// side is the smaller one: it does not move with the policy.
fn surrogate_slope(loss: f32, old_log_prob: f32, advantage: f32, clip: f32) -> Option<f32> {
    let ratio = (-loss - old_log_prob).exp();
    let cut = (advantage > 0.0 && ratio > 1.0 + clip) || (advantage < 0.0 && ratio < 1.0 - clip);
    (!cut).then_some(advantage * ratio)
}

/// `max((v - R)^2, (clip(v) - R)^2) / 2` and its slope in `v`.
fn value_loss(value: f32, old: f32, wanted: f32, clip: f32) -> (f32, f32) {
    let clipped = value.clamp(old - clip, old + clip);
    let (free, bound) = (value - wanted, clipped - wanted);
    if free * free >= bound * bound {
        (0.5 * free * free, free)
    } else {
        // The clipped value does not move with `value`.
        (0.5 * bound * bound, 0.0)
    }
}

/// Generalised advantage estimation over one answer: the advantage of each token.
fn advantages(rewards: &[f32], values: &[f32], gamma: f32, lambda: f32) -> Vec<f32> {
    let mut advantages = vec![0.0; rewards.len()];
    let (mut next_advantage, mut next_value) = (0.0, 0.0);
    for i in (0..rewards.len()).rev() {
        let delta = rewards[i] + gamma * next_value - values[i];
        next_advantage = delta + gamma * lambda * next_advantage;
        next_value = values[i];
        advantages[i] = next_advantage;
    }
    advantages
}

/// Steps 1 to 3.
#[allow(clippy::too_many_arguments, reason = "one step of one loop, parted for reading")]
fn roll_out(
    setting: &Setting,
    ppo: &PpoConfig,
    purpose: Purpose,
    step: usize,
    policy: &[f32],
    initial: &[f32],
    value_model: &[f32],
    reward_model: &RewardModel,
    workers: &mut Workers,
) -> Result<(Batch, StepReport)> {
    // 1. Roll out.
    let stream = setting.stream(purpose, 0, u64::MAX);
    let asks: Vec<Ask> = (0..ppo.prompts)
        .map(|index| {
            let index = (step * ppo.prompts + index) as u64;
            let (kind, prompt) = rlhf_prompt(&setting.corpus, stream, index);
            let seed = setting.draw_seed(purpose, 1, index);
            Ask { kind, prompt, temperature: ppo.temperature, answers: ppo.answers, seed }
        })
        .collect();
    let groups = setting.answers(policy, &asks)?;

    // 2. Score.
    let texts = with_prompts(&asks, &groups);
    let scores = reward_model.scores(setting, workers, &texts)?;
    let mut documents: Vec<(Vec<u32>, usize, f32)> = Vec::with_capacity(scores.len());
    let mut scores = scores.into_iter();
    for (ask, group) in asks.iter().zip(&groups) {
        let prompt = setting.tokenizer.chat_prompt(&ask.prompt)?;
        for (answer, score) in group.iter().zip(scores.by_ref()) {
            let mut reward = reward_model.scale.whiten(score);
            if !answer.finished {
                reward -= 1.0;
            }
            documents.push(([prompt.as_slice(), &answer.tokens].concat(), prompt.len(), reward));
        }
    }
    let shards = setting.pack(
        &documents,
        |(tokens, ..)| tokens.len(),
        |shard, (tokens, answer_from, _)| shard.push(tokens, *answer_from),
    );
    let (value_weights, value_head) = value_model.split_at(policy.len());
    let looked_at = workers.each(shards.len(), |pass, index| {
        let shard = &shards[index];
        let log_probs = |losses: &[f32]| losses.iter().map(|l| -l).collect::<Vec<f32>>();
        let now = log_probs(pass.losses(policy, shard));
        let then = log_probs(pass.losses(initial, shard));
        (now, then, pass.scalars(value_weights, value_head, shard))
    });

    // 3. Estimate advantages, answer by answer.
    let mut answers =
        documents.iter().map(|(tokens, answer_from, reward)| (tokens.len() - answer_from, *reward));
    let mut line = StepReport::default();
    let mut batch = Batch {
        shards: Vec::new(),
        log_probs: Vec::new(),
        values: Vec::new(),
        advantages: Vec::new(),
        returns: Vec::new(),
    };
    for (shard, (now, then, values)) in shards.into_iter().zip(looked_at) {
        let (mut shard_advantages, mut returns) = (Vec::new(), Vec::new());
        let mut at = 0;
        for (length, reward) in answers.by_ref().take(shard.lengths.len()) {
            let range = at..at + length;
            let mut rewards: Vec<f32> = now[range.clone()]
                .iter()
                .zip(&then[range.clone()])
                .map(|(now, then)| {
                    line.kl += f64::from(now - then);
                    -ppo.kl_weight * (now - then)
                })
                .collect();
            if let Some(last) = rewards.last_mut() {
                *last += reward;
            }
            line.reward += f64::from(reward);
            line.length += length as f64;
            let own = advantages(&rewards, &values[range.clone()], ppo.gamma, ppo.lambda);
            returns.extend(own.iter().zip(&values[range]).map(|(a, v)| a + v));
            shard_advantages.extend(own);
            at += length;
        }
        batch.shards.push(shard);
        batch.log_probs.push(now);
        batch.values.push(values);
        batch.advantages.push(shard_advantages);
        batch.returns.push(returns);
    }
    whiten(&mut batch.advantages);
    let count = documents.len().max(1) as f64;
    line.reward /= count;
    line.kl /= count;
    line.length /= count;
    Ok((batch, line))
}

/// Takes the mean away and divides by the standard deviation.
fn whiten(parts: &mut [Vec<f32>]) {
    let count = parts.iter().map(Vec::len).sum::<usize>().max(1) as f64;
    let mean = parts.iter().flatten().map(|&v| f64::from(v)).sum::<f64>() / count;
    let variance = parts.iter().flatten().map(|&v| (f64::from(v) - mean).powi(2)).sum::<f64>() / count;
    let scale = 1.0 / (variance.sqrt() + 1e-8);
    parts.iter_mut().flatten().for_each(|v| *v = ((f64::from(*v) - mean) * scale) as f32);
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    /// See `tests/golden/rlhf.py`: torch in `f64`. A few operations in `f32` are right to some 1e-6 of their largest value.
    #[test]
    fn formulas_equal_torch() {
        let golden: Value =
            serde_json::from_str(include_str!("../../../../tests/golden/rlhf.json")).expect("golden values");
        let list = |value: &Value| -> Vec<f32> { serde_json::from_value(value.clone()).expect("numbers") };
        let number = |value: &Value| value.as_f64().expect("a number") as f32;
        let close = |found: &[f32], wanted: &[f32]| {
            let largest = wanted.iter().fold(1.0_f32, |m, v| m.max(v.abs()));
            assert_eq!(found.len(), wanted.len());
            for (f, w) in found.iter().zip(wanted) {
                assert!((f - w).abs() < 1e-5 * largest, "{f} {w}");
            }
        };
        for case in golden["advantages"].as_array().expect("cases") {
            let (rewards, values) = (list(&case["rewards"]), list(&case["values"]));
            let found = advantages(&rewards, &values, number(&case["gamma"]), number(&case["lambda"]));
            close(&found, &list(&case["advantages"]));
        }
        let case = &golden["surrogate"];
        let (old, losses, clip) =
            (list(&case["old_log_probs"]), list(&case["losses"]), number(&case["clip"]));
        let mean = 1.0 / losses.len() as f32;
        let slopes: Vec<f32> = losses
            .iter()
            .zip(&old)
            .zip(list(&case["advantages"]))
            .map(|((&loss, &old), advantage)| {
                mean * surrogate_slope(loss, old, advantage, clip).unwrap_or(0.0)
            })
            .collect();
        close(&slopes, &list(&case["slopes"]));
        let case = &golden["value_loss"];
        let (old, wanted, clip) = (list(&case["old"]), list(&case["wanted"]), number(&case["clip"]));
        let (losses, slopes): (Vec<f32>, Vec<f32>) = list(&case["values"])
            .iter()
            .zip(&old)
            .zip(&wanted)
            .map(|((&value, &old), &wanted)| value_loss(value, old, wanted, clip))
            .unzip();
        close(&losses, &list(&case["losses"]));
        close(&slopes, &list(&case["slopes"]));
    }

    #[test]
    fn with_lambda_one_the_return_is_what_is_still_to_come() {
        let (rewards, values) = ([0.1_f32, -0.2, 1.0], [0.5_f32, 0.2, 0.4]);
        let found = advantages(&rewards, &values, 1.0, 1.0);
        for i in 0..3 {
            let rest: f32 = rewards[i..].iter().sum();
            assert!((found[i] + values[i] - rest).abs() < 1e-6);
        }
    }

    #[test]
    fn whitened_numbers_have_no_mean_and_unit_deviation() {
        let mut parts = vec![vec![1.0, 2.0], vec![3.0, 6.0]];
        whiten(&mut parts);
        let all: Vec<f32> = parts.concat();
        assert!(all.iter().sum::<f32>().abs() < 1e-5);
        assert!((all.iter().map(|v| v * v).sum::<f32>() / 4.0 - 1.0).abs() < 1e-5);
    }
}
