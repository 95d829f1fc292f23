//! Gathering comparisons: two answers to one prompt, from different policies and temperatures, judged by the panel.
//!
//! Touvron et al. 2023, section 3.2.1: annotators "write a prompt, then choose between two sampled model responses, based on
//! provided criteria. To maximize the diversity, the two responses are sampled from two different model variants, and
//! varying the temperature hyper-parameter." Each version adds comparisons of the newest policies' answers, so that the
//! reward model knows what it will be asked about. To these come pairs with a hard negative, judged by the same panel.

use anyhow::Result;
use serde::{Deserialize, Serialize};

use super::config::RewardConfig;
use super::progress::Progress;
use super::setting::{Ask, Purpose, Setting};
use crate::corpus::Kind;
use crate::panel::{Comparison, Source, hard_negative, held_out_rlhf_prompts, rlhf_prompt};

/// The comparisons gathered for one version.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Gathered {
    /// To learn from.
    pub train: Vec<Comparison>,
    /// Kept apart to measure accuracy.
    pub test: Vec<Comparison>,
    /// On subjects and topics that are in no comparison learned from.
    pub held_out: Vec<Comparison>,
}

/// Gathers the comparisons of a version. `policies`: all so far, the newest last.
///
/// # Errors
/// A prompt that cannot be encoded.
pub fn gather(
    setting: &Setting,
    config: &RewardConfig,
    version: u32,
    policies: &[&[f32]],
) -> Result<Gathered> {
    let mut progress = Progress::new(&format!("comparisons for v{version}"), 3);
    // 1. Pairs of sampled answers.
    let prompts: Vec<(Kind, String)> = (0..config.policy_pairs as u64)
        .map(|index| {
            rlhf_prompt(&setting.corpus, setting.stream(Purpose::Comparisons, version, u64::MAX), index)
        })
        .collect();
    let mut judged = policy_pairs(setting, config, version, policies, &prompts, 0)?;
    progress.at(1, "answers compared");

    // 2. Pairs with a hard negative.
    let negatives = setting.stream(Purpose::Negatives, version, 0);
    for index in 0..config.negative_pairs as u64 {
        let (kind, prompt, good, bad, negative) = hard_negative(&setting.corpus, negatives, index);
        let votes = setting.stream(Purpose::Votes, version, 1);
        let source = Source::HardNegative(negative);
        judged.push(setting.panel.compare(kind, &prompt, &good, &bad, source, votes, index));
    }
    progress.at(2, "hard negatives compared");

    // 3. Pairs on held-out subjects and topics.
    let asked: Vec<(Kind, String)> = [Kind::Creative, Kind::Factual]
        .into_iter()
        .flat_map(|kind| {
            let prompts = held_out_rlhf_prompts(kind);
            let half = config.held_out_pairs / 2;
            prompts.into_iter().cycle().take(half).map(move |prompt| (kind, prompt))
        })
        .collect();
    let held_out = policy_pairs(setting, config, version, policies, &asked, 1 << 32)?;

    // 4. Keep some apart. Both kinds of pairs are spread evenly.
    let apart = config.test_pairs.min(judged.len() / 2).max(1);
    let every = (judged.len() / apart).max(2);
    let (mut train, mut test) = (Vec::new(), Vec::new());
    for (index, comparison) in judged.into_iter().enumerate() {
        if index % every == 1 { test.push(comparison) } else { train.push(comparison) }
    }
    progress.finish(&format!(
        "{} to learn from, {} and {} to test on",
        train.len(),
        test.len(),
        held_out.len()
    ));
    Ok(Gathered { train, test, held_out })
}

/// One pair for each prompt. Pairs of equal answers are left out: there is nothing to choose.
fn policy_pairs(
    setting: &Setting,
    config: &RewardConfig,
    version: u32,
    policies: &[&[f32]],
    prompts: &[(Kind, String)],
    first_index: u64,
) -> Result<Vec<Comparison>> {
    let newest = policies.len().saturating_sub(1);
    let temperatures = &config.temperatures;
    // The first answer is the newest policy's, the second any policy's, at another temperature.
    let plan: Vec<[(usize, usize); 2]> = (0..prompts.len() as u64)
        .map(|index| {
            let chance = setting.stream(Purpose::Comparisons, version, first_index + index);
            let other = (chance % policies.len() as u64) as usize;
            let warm = (chance >> 16) as usize % temperatures.len();
            let step = 1 + (chance >> 32) as usize % (temperatures.len() - 1).max(1);
            [(newest, warm), (other, (warm + step) % temperatures.len())]
        })
        .collect();
    let mut texts: Vec<[String; 2]> = vec![[String::new(), String::new()]; prompts.len()];
    for (number, weights) in policies.iter().enumerate() {
        let wanted: Vec<(usize, usize, usize)> = plan
            .iter()
            .enumerate()
            .flat_map(|(pair, sides)| sides.iter().enumerate().map(move |(side, &(p, t))| (pair, side, p, t)))
            .filter(|&(_, _, policy, _)| policy == number)
            .map(|(pair, side, _, temperature)| (pair, side, temperature))
            .collect();
        let asks: Vec<Ask> = wanted
            .iter()
            .map(|&(pair, side, temperature)| Ask {
                kind: prompts[pair].0,
                prompt: prompts[pair].1.clone(),
                temperature: temperatures[temperature],
                answers: 1,
                seed: setting.draw_seed(
                    Purpose::Comparisons,
                    version,
                    2 * (first_index + pair as u64) + side as u64,
                ),
            })
            .collect();
        for (&(pair, side, _), answers) in wanted.iter().zip(setting.answers(weights, &asks)?) {
            texts[pair][side] = answers.into_iter().next().map(|a| a.text).unwrap_or_default();
        }
    }
    let votes = setting.stream(Purpose::Votes, version, 0);
    Ok(prompts
        .iter()
        .zip(&texts)
        .enumerate()
        .filter(|(_, (_, [first, second]))| first != second)
        .map(|(index, ((kind, prompt), [first, second]))| {
            let index = first_index + index as u64;
            setting.panel.compare(*kind, prompt, first, second, Source::Policy, votes, index)
        })
        .collect())
}
