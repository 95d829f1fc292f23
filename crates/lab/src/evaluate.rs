//! Measures a published file: are facts right, are poems poems, how varied are answers.
//!
//! Every number is measured on answers that the engine samples from the file itself, so quantization is included. Prompts
//! come from a seed that training does not use; "held-out wording" means a phrasing that training never shows at all.

use std::collections::BTreeSet;

use anyhow::Result;
use serde::{Deserialize, Serialize};
use thermostat::metrics::{distinct_answers, self_bleu, words};
use thermostat::units::Temperature;

use crate::answers::Answerer;
use crate::corpus::{Corpus, Judge, Kind, creative_page_prompts, factual_page_prompts, held_out_prompts};

/// Seed of the prompts and of the draws; training uses other ones.
const EVALUATION_SEED: u64 = 1 << 33;
/// Seed of the engine's draws.
const DRAW_SEED: u32 = 20;
/// Answers per prompt of the page: as many as in Figure 21 of the paper.
const FIGURE_ANSWERS: u32 = 25;

/// How much is sampled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvaluationSize {
    /// Different fact prompts.
    pub facts: usize,
    /// Different poem prompts.
    pub poems: usize,
    /// Answers to each of them at T = 1.
    pub answers: u32,
    /// Prompts of the page of each kind whose diversity is measured, at most 10.
    pub page_prompts: usize,
}

impl Default for EvaluationSize {
    fn default() -> Self {
        Self { facts: 400, poems: 100, answers: 4, page_prompts: 10 }
    }
}

impl EvaluationSize {
    /// A few seconds' worth.
    #[must_use]
    pub fn smoke() -> Self {
        Self { facts: 10, poems: 5, answers: 2, page_prompts: 1 }
    }
}

/// How often facts are right. Shares from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct FactRates {
    /// Right answer about the right subject, sampled at T = 1.
    pub right: f64,
    /// The same for greedy decoding.
    pub right_greedy: f64,
    /// Prompts asked.
    pub prompts: usize,
}

/// What poems are like at T = 1. Shares from 0 to 1; the rules are those of the corpus's judge.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PoemRates {
    /// Line ends rhyme, of the poems that must.
    pub rhymes: f64,
    /// What the form demands is there: rhyme, syllables, a pattern. Not measured before there were forms without rhyme.
    pub keeps_form: Option<f64>,
    /// A word of the topic occurs.
    pub on_topic: f64,
    /// Two lines or more, whole.
    pub whole: f64,
    /// A line or an end word comes twice.
    pub repeats: f64,
    /// Mean number of lines.
    pub lines: f64,
    /// Poems judged.
    pub poems: usize,
}

/// Diversity of the page's prompts at one temperature, 25 answers each.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Diversity {
    /// Temperature.
    pub temperature: f32,
    /// Mean Self-BLEU of poem prompts (`thermostat::metrics`); 1 = all alike.
    pub creative_self_bleu: f64,
    /// Mean Self-BLEU of fact prompts.
    pub factual_self_bleu: f64,
    /// Mean number of different answers to poem prompts.
    pub creative_distinct: f64,
    /// Mean number of different answers to fact prompts.
    pub factual_distinct: f64,
}

/// All measurements of one file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// How much was sampled.
    pub size: EvaluationSize,
    /// Facts in wordings that training shows.
    pub facts: FactRates,
    /// Facts in wordings that it never shows.
    pub facts_held_out_wording: FactRates,
    /// Poems on prompts that training shows.
    pub poems: PoemRates,
    /// Poems on prompts in wordings that it never shows.
    pub poems_held_out_wording: PoemRates,
    /// Diversity at several temperatures.
    pub diversity: Vec<Diversity>,
}

/// Measures a model.
///
/// # Errors
/// A model that fails while it answers.
pub fn evaluate(model: &Answerer, size: EvaluationSize) -> Result<Evaluation> {
    let (corpus, judge) = (Corpus::new(), Judge::default());
    let facts = sampled_prompts(&corpus, Kind::Factual, size.facts);
    let poems = sampled_prompts(&corpus, Kind::Creative, size.poems);
    let spread = |prompts: Vec<String>, count: usize| -> Vec<String> {
        let step = (prompts.len() / count.max(1)).max(1);
        prompts.into_iter().step_by(step).take(count).collect()
    };
    let facts_held_out = spread(held_out_prompts(Kind::Factual), size.facts);
    let poems_held_out = spread(held_out_prompts(Kind::Creative), size.poems);
    Ok(Evaluation {
        size,
        facts: fact_rates(model, &judge, &facts, size.answers)?,
        facts_held_out_wording: fact_rates(model, &judge, &facts_held_out, size.answers)?,
        poems: poem_rates(model, &judge, &poems, size.answers)?,
        poems_held_out_wording: poem_rates(model, &judge, &poems_held_out, size.answers)?,
        diversity: [0.5, 1.0, 1.5]
            .into_iter()
            .map(|temperature| diversity(model, temperature, size.page_prompts))
            .collect::<Result<_>>()?,
    })
}

/// Different prompts of a kind, in the order in which the corpus asks them.
fn sampled_prompts(corpus: &Corpus, kind: Kind, count: usize) -> Vec<String> {
    let mut seen = BTreeSet::new();
    (0..count as u64 * 100)
        .map(|index| corpus.example(EVALUATION_SEED, index))
        .filter(|example| example.kind == kind)
        .map(|example| example.prompt)
        .filter(|prompt| seen.insert(prompt.clone()))
        .take(count)
        .collect()
}

fn fact_rates(model: &Answerer, judge: &Judge, prompts: &[String], answers: u32) -> Result<FactRates> {
    let (mut right, mut asked, mut right_greedy, mut asked_greedy) = (0_u32, 0_u32, 0_u32, 0_u32);
    for prompt in prompts {
        let count = |temperature, answers| -> Result<(u32, u32)> {
            let texts = model.answers(prompt, temperature, answers, DRAW_SEED)?;
            let verdicts = texts.iter().filter_map(|text| judge.fact(prompt, text));
            Ok(verdicts.fold((0, 0), |(right, all), v| {
                (right + u32::from(v.subject_right && v.answer_right), all + 1)
            }))
        };
        let (sampled, all) = count(Temperature::Value(1.0), answers)?;
        let (greedy, all_greedy) = count(Temperature::Greedy, 1)?;
        right += sampled;
        asked += all;
        right_greedy += greedy;
        asked_greedy += all_greedy;
    }
    Ok(FactRates {
        right: share(right, asked),
        right_greedy: share(right_greedy, asked_greedy),
        prompts: asked_greedy as usize,
    })
}

fn poem_rates(model: &Answerer, judge: &Judge, prompts: &[String], answers: u32) -> Result<PoemRates> {
    let (mut on_topic, mut whole, mut repeats, mut lines, mut poems) = (0, 0, 0, 0, 0);
    let (mut rhymes, mut must_rhyme, mut keeps_form) = (0, 0, 0);
    for prompt in prompts {
        for text in model.answers(prompt, Temperature::Value(1.0), answers, DRAW_SEED)? {
            let verdict = judge.poem(prompt, &text);
            rhymes += u32::from(verdict.rhymes && verdict.must_rhyme());
            must_rhyme += u32::from(verdict.must_rhyme());
            keeps_form += u32::from(verdict.keeps_form);
            on_topic += u32::from(verdict.on_topic);
            whole += u32::from(verdict.whole);
            repeats += u32::from(verdict.repeats);
            lines += verdict.lines as u32;
            poems += 1;
        }
    }
    Ok(PoemRates {
        rhymes: share(rhymes, must_rhyme),
        keeps_form: Some(share(keeps_form, poems)),
        on_topic: share(on_topic, poems),
        whole: share(whole, poems),
        repeats: share(repeats, poems),
        lines: share(lines, poems),
        poems: poems as usize,
    })
}

fn diversity(model: &Answerer, temperature: f32, prompts: usize) -> Result<Diversity> {
    let mean = |asked: &[&str]| -> Result<(f64, f64)> {
        let (mut bleu, mut distinct) = (0.0, 0.0);
        for prompt in asked {
            let texts = model.answers(prompt, Temperature::Value(temperature), FIGURE_ANSWERS, DRAW_SEED)?;
            let tokens: Vec<Vec<String>> = texts.iter().map(|text| words(text)).collect();
            bleu += self_bleu(&tokens).unwrap_or(f64::NAN);
            distinct += distinct_answers(&texts) as f64;
        }
        let count = asked.len().max(1) as f64;
        Ok((bleu / count, distinct / count))
    };
    let prompts = prompts.min(10);
    let (creative_self_bleu, creative_distinct) = mean(&creative_page_prompts()[..prompts])?;
    let (factual_self_bleu, factual_distinct) = mean(&factual_page_prompts()[..prompts])?;
    Ok(Diversity { temperature, creative_self_bleu, factual_self_bleu, creative_distinct, factual_distinct })
}

fn share(part: u32, all: u32) -> f64 {
    f64::from(part) / f64::from(all.max(1))
}
