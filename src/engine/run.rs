//! One job being sampled: a batch with nothing else in it.

use std::rc::Rc;

use super::batch::Batch;
use super::budget::Budget;
use super::{EngineError, LoadedModel};
use crate::protocol::{GenerateJob, RowDelta};

/// The only job of a run.
const ONLY: u32 = 0;

/// A job being sampled.
#[derive(Debug)]
pub struct Run {
    batch: Batch,
}

impl Run {
    /// Encodes and runs the prompt. Rows are at work within the budget of the model's device.
    ///
    /// # Errors
    /// As [`Batch::add`].
    pub fn start(model: Rc<LoadedModel>, job: &GenerateJob) -> Result<Self, EngineError> {
        let budget = model.budget();
        Self::start_within(budget, model, job)
    }

    /// As [`Run::start`], within another budget.
    ///
    /// # Errors
    /// As [`Run::start`].
    pub fn start_within(
        budget: Budget,
        model: Rc<LoadedModel>,
        job: &GenerateJob,
    ) -> Result<Self, EngineError> {
        let mut batch = Batch::within(budget, model);
        batch.add(ONLY, job)?;
        Ok(Self { batch })
    }

    /// Whether every row has stopped.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.batch.is_done(ONLY)
    }

    /// Rows at work at a time; the others wait.
    #[must_use]
    pub fn places(&self) -> usize {
        self.batch.places()
    }

    /// Tokens of the prompt.
    #[must_use]
    pub fn prompt_tokens(&self) -> u32 {
        self.batch.counts(ONLY).prompt_tokens
    }

    /// Tokens sampled so far, end tokens included.
    #[must_use]
    pub fn sampled_tokens(&self) -> u32 {
        self.batch.counts(ONLY).sampled_tokens
    }

    /// Draws a token, on a graphics card several, for the rows at work, or the first tokens of rows that take free places.
    /// Returns what each of them gained.
    ///
    /// # Errors
    /// A device that fails.
    pub async fn step(&mut self) -> Result<Vec<RowDelta>, EngineError> {
        let gains = self.batch.step().await?;
        Ok(gains.into_iter().map(|gain| gain.delta).collect())
    }
}
