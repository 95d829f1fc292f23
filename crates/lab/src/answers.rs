//! Answers of a published file, sampled by the same engine as in the browser.

use std::future::Future;
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context as TaskContext, Poll, Waker};
use std::thread;

use anyhow::{Context, Result};
use thermostat::engine::{LoadedModel, Run, device};
use thermostat::protocol::{GenerateJob, RowSpec};
use thermostat::units::{Seed, Temperature, Truncation};

/// Longest answer, tokens; poems of four lines have about 50.
const MOST_TOKENS: u32 = 120;

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
        let model = LoadedModel::load("lab", bytes, None, &device::cpu("the lab uses the CPU"))
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
        let rows = (0..count).map(|row| RowSpec { row, seed, temperature, truncation }).collect();
        let job = GenerateJob {
            model: "lab".to_owned(),
            prompt: prompt.to_owned(),
            chat: true,
            rows,
            max_new_tokens: MOST_TOKENS,
        };
        let mut run = Run::start(self.model.clone(), &job)?;
        let mut answers = vec![String::new(); count as usize];
        while !run.is_done() {
            for delta in wait_for(run.step())? {
                answers[delta.row as usize].push_str(&delta.text);
            }
        }
        Ok(answers)
    }
}

/// Runs a future to its end. On the CPU nothing is ever waited for.
fn wait_for<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    let mut context = TaskContext::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
        thread::yield_now();
    }
}
