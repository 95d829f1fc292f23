//! Rejection sampling: v1 to v4 (Touvron et al. 2023, section 3.2.3).
//!
//! 1. Find the temperature at which the best of K answers scores highest: it changes with each version (Figure 8).
//! 2. Sample K answers to each prompt from the newest policy, score them, keep the best.
//! 3. Fine-tune the newest policy on them, mixed with the best of all earlier versions: the paper's version 3 used only
//!    version 2's samples, "some regression in some capabilities" followed, and later versions went back to mixing.

use std::collections::BTreeMap;

use anyhow::Result;
use serde::{Deserialize, Serialize};
use thermostat::training::order::shuffled;

use super::config::LineageConfig;
use super::progress::Progress;
use super::reward_model::{RewardModel, kind_name};
use super::setting::{Ask, Purpose, Setting, with_prompts};
use super::tuning::{Lesson, fine_tune};
use crate::corpus::Kind;
use crate::panel::rlhf_prompt;
use crate::step::Workers;

/// Whitened reward of an answer that did not end within the limit: below all that the reward model gives.
const UNFINISHED: f32 = -5.0;

/// An answer that was kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Kept {
    /// Poem or fact.
    pub kind: Kind,
    /// The prompt.
    pub prompt: String,
    /// The answer with the highest reward.
    pub answer: String,
    /// Its reward, whitened.
    pub reward: f32,
}

/// What a round did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RejectionReport {
    /// The version it made.
    pub version: u32,
    /// Mean reward (whitened) of the best of K at each temperature tried.
    pub probed: Vec<Probe>,
    /// The temperature taken.
    pub temperature: f32,
    /// By kind: mean reward (whitened) of all answers and of the kept ones.
    pub rewards: BTreeMap<String, KeptRewards>,
    /// Answers trained on, earlier versions' included.
    pub answers: usize,
    /// Mean loss of the last tenth of the steps, nats per answer token.
    pub final_loss: f64,
}

/// One temperature of the probe.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Probe {
    /// Temperature.
    pub temperature: f32,
    /// Mean over prompts of the best of K, whitened.
    pub best: f64,
    /// Mean over all answers, whitened.
    pub mean: f64,
}

/// Rewards before and after the choice, whitened.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct KeptRewards {
    /// Mean of all answers.
    pub all: f64,
    /// Mean of the kept ones.
    pub kept: f64,
}

/// Makes the next version from the newest policy. `earlier`: what earlier versions kept.
///
/// # Errors
/// A text that cannot be encoded; a loss that is not a number.
pub fn next_version(
    setting: &Setting,
    config: &LineageConfig,
    version: u32,
    policy: &[f32],
    reward_model: &RewardModel,
    earlier: &[Vec<Kept>],
) -> Result<(Vec<f32>, Vec<Kept>, RejectionReport)> {
    let rejection = &config.rejection;
    let mut workers = Workers::new(&setting.shape, setting.threads);

    // 1. The temperature.
    let mut probed = Vec::new();
    for &temperature in &rejection.temperatures {
        let asks = asks(setting, config, Purpose::Probe, version, temperature, rejection.probe_prompts);
        let groups = scored(setting, &mut workers, policy, reward_model, &asks)?;
        let best =
            |group: &Vec<(String, f32)>| group.iter().map(|(_, r)| *r).fold(f32::NEG_INFINITY, f32::max);
        let all: Vec<f32> = groups.iter().flatten().map(|(_, r)| *r).collect();
        probed.push(Probe {
            temperature,
            best: groups.iter().map(|g| f64::from(best(g))).sum::<f64>() / groups.len().max(1) as f64,
            mean: all.iter().map(|&r| f64::from(r)).sum::<f64>() / all.len().max(1) as f64,
        });
    }
    let temperature =
        probed.iter().max_by(|a, b| a.best.total_cmp(&b.best)).map_or(1.0, |probe| probe.temperature);

    // 2. The best of K.
    let asks = asks(setting, config, Purpose::Rejection, version, temperature, rejection.prompts);
    let mut progress = Progress::new(&format!("sampling for v{version} at T = {temperature}"), asks.len());
    let mut kept: Vec<Kept> = Vec::new();
    let mut sums: BTreeMap<String, (KeptRewards, usize, usize)> = BTreeMap::new();
    for part in asks.chunks(200) {
        for (ask, group) in part.iter().zip(scored(setting, &mut workers, policy, reward_model, part)?) {
            let (sum, answers, prompts) = sums.entry(kind_name(ask.kind).to_owned()).or_default();
            sum.all += group.iter().map(|(_, r)| f64::from(*r)).sum::<f64>();
            *answers += group.len();
            let Some((answer, reward)) = group.into_iter().max_by(|a, b| a.1.total_cmp(&b.1)) else {
                continue;
            };
            sum.kept += f64::from(reward);
            *prompts += 1;
            kept.push(Kept { kind: ask.kind, prompt: ask.prompt.clone(), answer, reward });
        }
        progress.at(kept.len(), "prompts answered");
    }
    let rewards: BTreeMap<String, KeptRewards> = sums
        .into_iter()
        .map(|(kind, (sum, answers, prompts))| {
            let means =
                KeptRewards { all: sum.all / answers.max(1) as f64, kept: sum.kept / prompts.max(1) as f64 };
            (kind, means)
        })
        .collect();
    let kept = best_share(kept, rejection.share);
    progress.finish(&format!("{} answers kept of {}", kept.len(), asks.len() * rejection.answers as usize));

    // 3. Fine-tune on them and on earlier ones.
    let old: Vec<&Kept> = earlier.iter().flatten().collect();
    let order = shuffled(old.len(), setting.stream(Purpose::Order, version, 0));
    let replayed = order.into_iter().take((kept.len() as f64 * rejection.replay) as usize).map(|i| old[i]);
    let lessons: Vec<Lesson<'_>> = (kept.iter().chain(replayed))
        .map(|k| Lesson { kind: k.kind, prompt: &k.prompt, answer: &k.answer })
        .collect();
    let mut weights = policy.to_vec();
    let final_loss = fine_tune(setting, config, version, &lessons, &mut weights)?;
    let answers = lessons.len();
    let report = RejectionReport { version, probed, temperature, rewards, answers, final_loss };
    Ok((weights, kept, report))
}

/// The best of each kind by reward, in their old order.
fn best_share(kept: Vec<Kept>, share: f64) -> Vec<Kept> {
    let lowest = |kind: Kind| {
        let mut rewards: Vec<f32> = kept.iter().filter(|k| k.kind == kind).map(|k| k.reward).collect();
        rewards.sort_by(f32::total_cmp);
        let left_out = (rewards.len() as f64 * (1.0 - share)) as usize;
        rewards.get(left_out).copied().unwrap_or(f32::NEG_INFINITY)
    };
    let (creative, factual) = (lowest(Kind::Creative), lowest(Kind::Factual));
    let good = |k: &Kept| match k.kind {
        Kind::Creative => k.reward >= creative,
        Kind::Factual => k.reward >= factual,
    };
    kept.into_iter().filter(good).collect()
}

fn asks(
    setting: &Setting,
    config: &LineageConfig,
    purpose: Purpose,
    version: u32,
    temperature: f32,
    prompts: usize,
) -> Vec<Ask> {
    let stream = setting.stream(purpose, version, u64::MAX);
    (0..prompts as u64)
        .map(|index| {
            let (kind, prompt) = rlhf_prompt(&setting.corpus, stream, index);
            let seed = setting.draw_seed(purpose, version, index);
            Ask { kind, prompt, temperature, answers: config.rejection.answers, seed }
        })
        .collect()
}

/// Answers with their whitened rewards.
fn scored(
    setting: &Setting,
    workers: &mut Workers,
    policy: &[f32],
    reward_model: &RewardModel,
    asks: &[Ask],
) -> Result<Vec<Vec<(String, f32)>>> {
    let groups = setting.answers(policy, asks)?;
    let texts = with_prompts(asks, &groups);
    let mut scores = reward_model.scores(setting, workers, &texts)?.into_iter();
    Ok(groups
        .into_iter()
        .map(|group| {
            group
                .into_iter()
                .zip(scores.by_ref())
                .map(|(answer, score)| {
                    let reward = if answer.finished { reward_model.scale.whiten(score) } else { UNFINISHED };
                    (answer.text, reward)
                })
                .collect()
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_share_of_each_kind_stays_in_its_order() {
        let kept = |kind: Kind, reward: f32| Kept {
            kind,
            prompt: String::new(),
            answer: reward.to_string(),
            reward,
        };
        let all = vec![
            kept(Kind::Creative, 0.1),
            kept(Kind::Factual, -5.0),
            kept(Kind::Creative, 0.4),
            kept(Kind::Creative, 0.2),
            kept(Kind::Factual, 3.0),
            kept(Kind::Creative, 0.3),
        ];
        let rewards: Vec<f32> = best_share(all, 0.5).iter().map(|k| k.reward).collect();
        assert_eq!(rewards, [0.4, 3.0, 0.3]);
    }
}
