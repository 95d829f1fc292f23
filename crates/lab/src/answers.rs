//! Answers of a published file, sampled by the same engine as in the browser.

use std::rc::Rc;

use anyhow::{Context, Result};
use thermostat::engine::{LoadedModel, MOST_ROWS, Run, block_on, device};
use thermostat::protocol::{GenerateJob, RowSpec, SampledToken, StopReason};
use thermostat::units::{Seed, Temperature, Truncation};

/// Longest answer, tokens; poems of four lines have about 50.
const MOST_TOKENS: u32 = 120;

/// A sampled answer.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Answer {
    /// Its text.
    pub text: String,
    /// Its tokens, without the one that ends it.
    pub tokens: Vec<SampledToken>,
    /// Whether the model ended it; otherwise it was cut off.
    pub ended: bool,
}

/// A model that answers.
#[derive(Debug)]
pub struct Answerer {
    model: Rc<LoadedModel>,
}

impl Answerer {
    /// Loads a GGUF file on the CPU.
    ///
    /// # Errors
    /// A file that the engine refuses.
    pub fn load(bytes: Vec<u8>) -> Result<Self> {
        let model = LoadedModel::load("lab", bytes, None, &device::cpu())
            .context("loading the model into the engine")?;
        Ok(Self { model: Rc::new(model) })
    }

    /// The loaded model.
    #[must_use]
    pub fn model(&self) -> &LoadedModel {
        &self.model
    }

    /// `count` answers to a prompt, numbered from 0: the same ones that the page shows for this seed.
    ///
    /// # Errors
    /// A prompt that does not fit.
    pub fn answers(
        &self,
        prompt: &str,
        temperature: Temperature,
        count: u32,
        seed: Seed,
    ) -> Result<Vec<String>> {
        let truncation = Truncation::default();
        let rows: Vec<_> = (0..count).map(|row| RowSpec { row, seed, temperature, truncation }).collect();
        Ok(self.sample(prompt, &rows)?.into_iter().map(|answer| answer.text).collect())
    }

    /// `count` answers to a prompt at each temperature, `[temperatures][count]`: a Figure 21 block is one job. Rows are
    /// numbered through, the first temperature's first.
    ///
    /// # Errors
    /// A prompt that does not fit; a temperature that is not finite and above zero.
    pub fn answers_at(
        &self,
        prompt: &str,
        temperatures: &[f32],
        count: u32,
        seed: Seed,
    ) -> Result<Vec<Vec<Answer>>> {
        let mut rows = Vec::with_capacity(temperatures.len() * count as usize);
        for &value in temperatures {
            let (temperature, truncation) = (Temperature::new(value)?, Truncation::default());
            rows.extend((0..count).map(|_| RowSpec { row: 0, seed, temperature, truncation }));
        }
        rows.iter_mut().zip(0..).for_each(|(spec, row)| spec.row = row);
        let mut answers = self.sample(prompt, &rows)?.into_iter();
        Ok(temperatures.iter().map(|_| answers.by_ref().take(count as usize).collect()).collect())
    }

    /// Answers of some rows, in their order. A row's answer does not depend on the others, so as many rows as the engine
    /// takes are one job.
    fn sample(&self, prompt: &str, rows: &[RowSpec]) -> Result<Vec<Answer>> {
        let mut answers = Vec::with_capacity(rows.len());
        for part in rows.chunks(MOST_ROWS) {
            let job = GenerateJob {
                model: "lab".to_owned(),
                prompt: prompt.to_owned(),
                chat: true,
                rows: part.to_vec(),
                max_new_tokens: MOST_TOKENS,
                patient: false,
            };
            let first = part.first().map_or(0, |spec| spec.row);
            let before = answers.len();
            answers.resize(before + part.len(), Answer::default());
            let mut run = Run::start(self.model.clone(), &job)?;
            while !run.is_done() {
                for delta in block_on(run.step())? {
                    let answer = &mut answers[before + (delta.row - first) as usize];
                    answer.text.push_str(&delta.text);
                    answer.tokens.extend(delta.tokens);
                    answer.ended |= delta.stop == Some(StopReason::EndOfAnswer);
                }
            }
        }
        Ok(answers)
    }
}
