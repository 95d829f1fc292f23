//! One job being sampled: a prompt run once, then rows advanced together, one token a step, on a graphics card several.
//!
//! As many rows are at work as the [`Budget`] has memory for; the others wait. Rows that have stopped are compacted away before
//! the next step, and waiting ones take their places ("continuous batching", Yu et al. 2022, Orca). What a row says
//! depends on its own seed, number and temperature only: not on which other rows run beside it (on a graphics card but for
//! rounding, as other numbers of rows are summed by other kernels).

use std::collections::VecDeque;
use std::rc::Rc;

use super::advance::Advance;
use super::budget::Budget;
use super::{EngineError, LoadedModel};
use crate::kernels::{self, RowDraw, RowOutcome, Values};
use crate::protocol::{GenerateJob, RowDelta, RowSpec, SampledToken, StopReason};
use crate::sampling::Draw;
use crate::text::{StreamDecoder, Tokenizer};
use crate::units::TokenId;

/// Most rows in one job: 15 temperatures by 25 samples, a Figure 21 block.
pub const MOST_ROWS: usize = 375;

/// Waiting rows are admitted when at least one place in so many is free, or no row is at work: on a graphics card others make
/// it build its dispatches anew.
const ADMIT_AT: usize = 8;

/// A row at work.
#[derive(Debug)]
pub(super) struct LiveRow {
    spec: RowSpec,
    /// Where its keys and values are, among the places for rows.
    pub(super) slot: usize,
    pub(super) newest: TokenId,
    /// Tokens drawn for it.
    pub(super) drawn: u32,
    decoder: StreamDecoder,
    stopped: bool,
}

impl LiveRow {
    /// How its next token is drawn.
    pub(super) fn draw(&self) -> RowDraw {
        let RowSpec { row, seed, temperature, truncation } = self.spec;
        RowDraw { temperature, truncation, seed, row, step: self.drawn }
    }
}

/// A job being sampled.
#[derive(Debug)]
pub struct Run {
    model: Rc<LoadedModel>,
    advance: Advance,
    rows: Vec<LiveRow>,
    /// Rows that have not begun, in order.
    waiting: VecDeque<RowSpec>,
    /// Rows at work at a time.
    places: usize,
    /// Logits of the prompt's last token, `[1, vocabulary]`: what every row's first token is drawn from.
    first_logits: Values,
    most_steps: u32,
    prompt_tokens: u32,
    sampled_tokens: u32,
}

impl Run {
    /// Encodes and runs the prompt. Rows are at work within the budget of the model's device.
    ///
    /// # Errors
    /// A job that cannot be carried out: no rows or too many, or a prompt that leaves no room for an answer.
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
        if job.rows.is_empty() || job.rows.len() > MOST_ROWS {
            return Err(EngineError::Rows { rows: job.rows.len(), most: MOST_ROWS });
        }
        let prompt = model.encode(&job.prompt, job.chat)?;
        let context = model.decoder.config().context_length;
        if prompt.len() >= context {
            return Err(EngineError::PromptTooLong { tokens: prompt.len(), most: context - 1 });
        }
        let room = (context - prompt.len()) as u32;
        let most_steps = job.max_new_tokens.clamp(1, room);
        let (prefix, logits) = model.decoder.prefill(&prompt)?;
        let places = budget.rows(model.decoder.config(), most_steps as usize).min(job.rows.len());
        Ok(Self {
            advance: Advance::new(&model, prefix, places, most_steps)?,
            rows: Vec::new(),
            waiting: job.rows.iter().copied().collect(),
            places,
            first_logits: logits,
            most_steps,
            prompt_tokens: prompt.len() as u32,
            sampled_tokens: 0,
            model,
        })
    }

    /// Whether every row has stopped.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.rows.is_empty() && self.waiting.is_empty()
    }

    /// Rows at work at a time; the others wait.
    #[must_use]
    pub fn places(&self) -> usize {
        self.places
    }

    /// Tokens of the prompt.
    #[must_use]
    pub fn prompt_tokens(&self) -> u32 {
        self.prompt_tokens
    }

    /// Tokens sampled so far, end tokens included.
    #[must_use]
    pub fn sampled_tokens(&self) -> u32 {
        self.sampled_tokens
    }

    /// Draws a token, on a graphics card several, for the rows at work, or the first tokens of rows that take free places.
    /// Returns what each of them gained.
    ///
    /// # Errors
    /// A device that fails.
    pub async fn step(&mut self) -> Result<Vec<RowDelta>, EngineError> {
        if self.admits() {
            return self.admit().await;
        }
        if self.rows.is_empty() {
            return Ok(Vec::new());
        }
        let outcomes = self.advance.step(&self.model, &self.rows, self.most_steps).await?;
        Ok(self.take_in(0, outcomes))
    }

    /// Whether it is time for waiting rows to begin.
    fn admits(&self) -> bool {
        let free = self.places - self.rows.len();
        let room = self.advance.takes_newcomers() && free * ADMIT_AT >= self.places;
        !self.waiting.is_empty() && (self.rows.is_empty() || room)
    }

    /// Gives waiting rows the free places, and draws their first tokens.
    async fn admit(&mut self) -> Result<Vec<RowDelta>, EngineError> {
        let before = self.rows.len();
        let mut taken = vec![false; self.places];
        self.rows.iter().for_each(|row| taken[row.slot] = true);
        let free = (0..self.places).filter(|&slot| !taken[slot]);
        for (slot, spec) in free.zip(self.waiting.drain(..self.waiting.len().min(self.places - before))) {
            let decoder = self.model.tokenizer.stream_decoder();
            self.rows.push(LiveRow { spec, slot, newest: 0, drawn: 0, decoder, stopped: false });
        }
        let newcomers = &self.rows[before..];
        self.advance.admit(&self.model, newcomers.len());
        let draws: Vec<RowDraw> = newcomers.iter().map(LiveRow::draw).collect();
        let first = kernels::sample_rows(self.first_logits.clone(), &draws).await?;
        Ok(self.take_in(before, vec![first]))
    }

    /// Turns what was drawn for the rows from `first` on, step by step, into deltas, and drops the rows that stopped.
    fn take_in(&mut self, first: usize, steps: Vec<Vec<RowOutcome>>) -> Vec<RowDelta> {
        let rows = &mut self.rows[first..];
        let mut deltas: Vec<RowDelta> = rows
            .iter()
            .map(|row| RowDelta { row: row.spec.row, tokens: Vec::new(), text: String::new(), stop: None })
            .collect();
        for outcomes in steps {
            for ((row, delta), outcome) in rows.iter_mut().zip(&mut deltas).zip(outcomes) {
                if !row.stopped {
                    self.sampled_tokens += u32::from(outcome.is_ok());
                    row.take_in(&self.model.tokenizer, outcome, self.most_steps, delta);
                }
            }
        }
        if self.rows.iter().any(|row| row.stopped) {
            let kept: Vec<usize> = (0..self.rows.len()).filter(|&index| !self.rows[index].stopped).collect();
            self.rows.retain(|row| !row.stopped);
            self.advance.keep(&kept);
        }
        deltas
    }
}

impl LiveRow {
    /// Adds a drawn token to what the row gained, or stops it: at the latest after `most` tokens.
    fn take_in(&mut self, tokenizer: &Tokenizer, outcome: RowOutcome, most: u32, delta: &mut RowDelta) {
        self.drawn += 1;
        match outcome {
            Err(_) => delta.stop = Some(StopReason::NotANumber),
            Ok(draw) if tokenizer.is_end(draw.id) => delta.stop = Some(StopReason::EndOfAnswer),
            Ok(Draw { id, log_prob, entropy }) => {
                self.newest = id;
                delta.text.push_str(&self.decoder.push(tokenizer, id));
                delta.tokens.push(SampledToken { id, log_prob, entropy });
                if self.drawn >= most {
                    delta.stop = Some(StopReason::Length);
                }
            }
        }
        if delta.stop.is_some() {
            self.stopped = true;
            delta.text.push_str(&self.decoder.finish());
        }
    }
}
