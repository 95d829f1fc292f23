//! Truth beside reward: what the oracle says of a policy, and what the reward model says of the same answers.
//!
//! Measured at T = 1 on prompts of training's kind that training did not ask, and on subjects and topics held out from all of
//! RLHF. The numbers here are of the unquantized weights while training goes on; `evaluate` measures the published files.

use std::collections::BTreeMap;

use anyhow::Result;
use serde::{Deserialize, Serialize};
use thermostat::metrics::{self_bleu, words};

use super::config::TruthConfig;
use super::reward_model::RewardModel;
use super::setting::{Ask, Purpose, Setting, with_prompts};
use crate::corpus::{Kind, creative_page_prompts, factual_page_prompts};
use crate::panel::{held_out_rlhf_prompts, rlhf_prompt};
use crate::step::Workers;

/// Temperatures at which likeness is watched.
const LIKENESS_TEMPERATURES: [f32; 3] = [0.5, 1.0, 1.4];

/// Measurements of one policy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Truth {
    /// Facts at T = 1.
    pub facts: FactTruth,
    /// Facts about subjects held out from RLHF.
    pub facts_held_out: FactTruth,
    /// Poems at T = 1.
    pub poems: PoemTruth,
    /// Poems on topics held out from RLHF.
    pub poems_held_out: PoemTruth,
    /// How alike the answers to the page's prompts are.
    pub likeness: Vec<Likeness>,
}

/// Self-BLEU of 25 answers at one temperature, mean over the page's prompts of each kind. Watched, never trained on.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Likeness {
    /// Temperature.
    pub temperature: f32,
    /// Of poems; 1 is all alike.
    pub creative: f64,
    /// Of facts.
    pub factual: f64,
}

/// Shares from 0 to 1, rewards whitened by the reward model's scale.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct FactTruth {
    /// Subject and answer right.
    pub strict: f64,
    /// The oracle's mean score.
    pub quality: f64,
    /// The reward model's mean score.
    pub reward: f64,
    /// Answers.
    pub answers: usize,
}

/// Shares from 0 to 1, rewards whitened by the reward model's scale.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct PoemTruth {
    /// The oracle's mean score.
    pub quality: f64,
    /// Line ends rhyme, of the poems that must.
    pub rhymes: f64,
    /// The topic is carried.
    pub on_topic: f64,
    /// Whole poems.
    pub whole: f64,
    /// A line or end word comes twice.
    pub repeats: f64,
    /// Words that the corpus knows.
    pub known_words: f64,
    /// Mean number of lines.
    pub lines: f64,
    /// Share of lines that begin with the most common first two words.
    pub commonest_opening: f64,
    /// Share of lines that end with the most common last two words.
    pub commonest_ending: f64,
    /// Share of lines that are the most common line.
    pub commonest_line: f64,
    /// The reward model's mean score.
    pub reward: f64,
    /// Poems.
    pub answers: usize,
}

impl Truth {
    /// One number for early stopping: facts and poems alike, held-out ones not used.
    #[must_use]
    pub fn quality(&self) -> f64 {
        0.5 * (self.facts.quality + self.poems.quality)
    }

    /// One number for the reward, likewise.
    #[must_use]
    pub fn reward(&self) -> f64 {
        0.5 * (self.facts.reward + self.poems.reward)
    }

    /// One line for people.
    #[must_use]
    pub fn summary(&self) -> String {
        let likeness: Vec<String> = self
            .likeness
            .iter()
            .map(|l| format!("T = {}: {:.2}/{:.2}", l.temperature, l.factual, l.creative))
            .collect();
        format!(
            "facts right {:.3} (held-out subjects {:.3}), poems {:.3} (rhyme {:.2}, on topic {:.2}, repeats {:.2}), reward {:.2}/{:.2}, Self-BLEU facts/poems {}",
            self.facts.strict,
            self.facts_held_out.strict,
            self.poems.quality,
            self.poems.rhymes,
            self.poems.on_topic,
            self.poems.repeats,
            self.facts.reward,
            self.poems.reward,
            likeness.join(", "),
        )
    }
}

/// Measures a policy. The same prompts and draws for every policy.
///
/// # Errors
/// A text that cannot be encoded.
pub fn measure(
    setting: &Setting,
    config: &TruthConfig,
    policy: &[f32],
    reward_model: Option<&RewardModel>,
) -> Result<Truth> {
    let stream = setting.stream(Purpose::Truth, 0, u64::MAX);
    let trained = |kind: Kind| -> Vec<String> {
        (0..)
            .map(|index| rlhf_prompt(&setting.corpus, stream, index))
            .filter(|(found, _)| *found == kind)
            .map(|(_, prompt)| prompt)
            .take(config.prompts)
            .collect()
    };
    let held_out = |kind: Kind| -> Vec<String> {
        let prompts = held_out_rlhf_prompts(kind);
        let every = (prompts.len() / config.prompts.max(1)).max(1);
        prompts.into_iter().step_by(every).take(config.prompts).collect()
    };
    let mut workers = Workers::new(&setting.shape, setting.threads);
    let mut run = |kind: Kind, prompts: Vec<String>| -> Result<Vec<(String, String, f32)>> {
        let asks: Vec<Ask> = prompts
            .into_iter()
            .enumerate()
            .map(|(index, prompt)| Ask {
                kind,
                prompt,
                temperature: 1.0,
                answers: config.answers,
                seed: setting.draw_seed(Purpose::Truth, kind as u32, index as u64),
            })
            .collect();
        let answers = setting.answers(policy, &asks)?;
        let texts = with_prompts(&asks, &answers);
        let rewards = match reward_model {
            Some(model) => model.scores(setting, &mut workers, &texts)?,
            None => vec![0.0; texts.len()],
        };
        let whiten = |r: f32| reward_model.map_or(0.0, |m| m.scale.whiten(r));
        Ok(texts
            .iter()
            .zip(rewards)
            .map(|((prompt, answer), r)| ((*prompt).to_owned(), (*answer).to_owned(), whiten(r)))
            .collect())
    };
    Ok(Truth {
        facts: fact_truth(setting, &run(Kind::Factual, trained(Kind::Factual))?),
        facts_held_out: fact_truth(setting, &run(Kind::Factual, held_out(Kind::Factual))?),
        poems: poem_truth(setting, &run(Kind::Creative, trained(Kind::Creative))?),
        poems_held_out: poem_truth(setting, &run(Kind::Creative, held_out(Kind::Creative))?),
        likeness: LIKENESS_TEMPERATURES
            .into_iter()
            .map(|temperature| likeness(setting, config, policy, temperature))
            .collect::<Result<_>>()?,
    })
}

fn likeness(setting: &Setting, config: &TruthConfig, policy: &[f32], temperature: f32) -> Result<Likeness> {
    let mean = |kind: Kind, prompts: [&str; 10]| -> Result<f64> {
        let asks: Vec<Ask> = prompts
            .iter()
            .enumerate()
            .map(|(index, prompt)| Ask {
                kind,
                prompt: (*prompt).to_owned(),
                temperature,
                answers: config.alike,
                seed: setting.draw_seed(Purpose::Truth, 10 + kind as u32, index as u64),
            })
            .collect();
        let groups = setting.answers(policy, &asks)?;
        let bleu = groups.iter().filter_map(|group| {
            self_bleu(&group.iter().map(|answer| words(&answer.text)).collect::<Vec<_>>())
        });
        Ok(bleu.sum::<f64>() / groups.len() as f64)
    };
    Ok(Likeness {
        temperature,
        creative: mean(Kind::Creative, creative_page_prompts())?,
        factual: mean(Kind::Factual, factual_page_prompts())?,
    })
}

fn fact_truth(setting: &Setting, answers: &[(String, String, f32)]) -> FactTruth {
    let mut sum = FactTruth { answers: answers.len(), ..FactTruth::default() };
    for (prompt, answer, reward) in answers {
        let quality = setting.oracle().quality(Kind::Factual, prompt, answer);
        sum.strict += f64::from(u8::from(quality.strict == Some(true)));
        sum.quality += quality.score;
        sum.reward += f64::from(*reward);
    }
    let count = answers.len().max(1) as f64;
    FactTruth { strict: sum.strict / count, quality: sum.quality / count, reward: sum.reward / count, ..sum }
}

fn poem_truth(setting: &Setting, answers: &[(String, String, f32)]) -> PoemTruth {
    let mut sum = PoemTruth { answers: answers.len(), ..PoemTruth::default() };
    let share = |yes: bool| f64::from(u8::from(yes));
    let mut must_rhyme = 0.0;
    let (mut openings, mut endings, mut lines) = (Counts::default(), Counts::default(), Counts::default());
    for (prompt, answer, reward) in answers {
        let quality = setting.oracle().quality(Kind::Creative, prompt, answer);
        sum.quality += quality.score;
        sum.rhymes += share(quality.rhymes && quality.must_rhyme());
        must_rhyme += share(quality.must_rhyme());
        sum.on_topic += share(quality.on_topic);
        sum.whole += share(quality.whole);
        sum.repeats += share(quality.repeats);
        sum.known_words += quality.known_words;
        sum.lines += quality.lines as f64;
        sum.reward += f64::from(*reward);
        for line in answer.lines().map(str::to_lowercase) {
            let words: Vec<&str> = line.split_whitespace().collect();
            openings.add(&words[..words.len().min(2)].join(" "));
            endings.add(&words[words.len().saturating_sub(2)..].join(" "));
            lines.add(&line);
        }
    }
    let count = answers.len().max(1) as f64;
    for value in [
        &mut sum.quality,
        &mut sum.on_topic,
        &mut sum.whole,
        &mut sum.repeats,
        &mut sum.known_words,
        &mut sum.lines,
        &mut sum.reward,
    ] {
        *value /= count;
    }
    PoemTruth {
        rhymes: sum.rhymes / must_rhyme.max(1.0),
        commonest_opening: openings.largest_share(),
        commonest_ending: endings.largest_share(),
        commonest_line: lines.largest_share(),
        ..sum
    }
}

/// How often each text came.
#[derive(Debug, Default)]
struct Counts {
    counts: BTreeMap<String, usize>,
    all: usize,
}

impl Counts {
    fn add(&mut self, text: &str) {
        *self.counts.entry(text.to_owned()).or_default() += 1;
        self.all += 1;
    }

    fn largest_share(&self) -> f64 {
        self.counts.values().max().copied().unwrap_or(0) as f64 / self.all.max(1) as f64
    }
}
