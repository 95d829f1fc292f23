//! One job being sampled: a prompt run once, then all rows advanced together, one token a step, on a graphics card several.
//!
//! Rows that have stopped are compacted away before the next step, so the work shrinks as answers end. What a row says
//! depends on its own seed, number and temperature only: not on which other rows run beside it (on a graphics card but for
//! rounding, as other numbers of rows are summed by other kernels).

use std::rc::Rc;

use super::advance::Advance;
use super::{EngineError, LoadedModel};
use crate::kernels::{self, RowDraw, RowOutcome, Values};
use crate::protocol::{GenerateJob, RowDelta, RowSpec, SampledToken, StopReason};
use crate::sampling::Draw;
use crate::text::{StreamDecoder, Tokenizer};
use crate::units::TokenId;

/// Most rows in one job: 15 temperatures by 25 samples, a Figure 21 block.
pub const MOST_ROWS: usize = 375;

/// A row that has not stopped.
#[derive(Debug)]
pub(super) struct LiveRow {
    spec: RowSpec,
    /// Its place among all rows of the job.
    #[cfg_attr(
        not(feature = "gpu"),
        expect(dead_code, reason = "only the kernels on a GPU keep rows in slots")
    )]
    pub(super) slot: usize,
    pub(super) newest: TokenId,
    decoder: StreamDecoder,
    stopped: bool,
}

impl LiveRow {
    /// How its token number `step` is drawn.
    pub(super) fn draw(&self, step: u32) -> RowDraw {
        let RowSpec { row, seed, temperature, truncation } = self.spec;
        RowDraw { temperature, truncation, seed, row, step }
    }
}

/// A job being sampled.
#[derive(Debug)]
pub struct Run {
    model: Rc<LoadedModel>,
    advance: Advance,
    rows: Vec<LiveRow>,
    /// Logits of the prompt's last token, `[1, vocabulary]`: what every row's first token is drawn from.
    first_logits: Option<Values>,
    step: u32,
    most_steps: u32,
    prompt_tokens: u32,
    sampled_tokens: u32,
}

impl Run {
    /// Encodes and runs the prompt.
    ///
    /// # Errors
    /// A job that cannot be carried out: no rows or too many, or a prompt that leaves no room for an answer.
    pub fn start(model: Rc<LoadedModel>, job: &GenerateJob) -> Result<Self, EngineError> {
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
        let rows = job
            .rows
            .iter()
            .enumerate()
            .map(|(slot, &spec)| {
                let decoder = model.tokenizer.stream_decoder();
                LiveRow { spec, slot, newest: 0, decoder, stopped: false }
            })
            .collect();
        Ok(Self {
            advance: Advance::new(&model, prefix, job.rows.len(), most_steps)?,
            rows,
            first_logits: Some(logits),
            step: 0,
            most_steps,
            prompt_tokens: prompt.len() as u32,
            sampled_tokens: 0,
            model,
        })
    }

    /// Whether every row has stopped.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.rows.is_empty()
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

    /// Draws a token, on a graphics card several, for every row that has not stopped. Returns what each of them gained.
    ///
    /// # Errors
    /// A device that fails.
    pub async fn step(&mut self) -> Result<Vec<RowDelta>, EngineError> {
        if self.rows.is_empty() {
            return Ok(Vec::new());
        }
        let outcomes = match self.first_logits.take() {
            Some(logits) => {
                let draws: Vec<RowDraw> = self.rows.iter().map(|row| row.draw(0)).collect();
                vec![kernels::sample_rows(logits, &draws).await?]
            }
            None => self.advance.step(&self.model, &self.rows, self.step, self.most_steps).await?,
        };
        Ok(self.take_in(outcomes))
    }

    /// Turns drawn tokens, step by step, into deltas, and drops the rows that stopped.
    fn take_in(&mut self, steps: Vec<Vec<RowOutcome>>) -> Vec<RowDelta> {
        let mut deltas: Vec<RowDelta> = self
            .rows
            .iter()
            .map(|row| RowDelta { row: row.spec.row, tokens: Vec::new(), text: String::new(), stop: None })
            .collect();
        for outcomes in steps {
            self.step += 1;
            let at_limit = self.step >= self.most_steps;
            for ((row, delta), outcome) in self.rows.iter_mut().zip(&mut deltas).zip(outcomes) {
                if !row.stopped {
                    self.sampled_tokens += u32::from(outcome.is_ok());
                    row.take_in(&self.model.tokenizer, outcome, at_limit, delta);
                }
            }
        }
        if self.rows.iter().any(|row| row.stopped) {
            let kept: Vec<usize> = (0..self.rows.len()).filter(|&index| !self.rows[index].stopped).collect();
            self.rows.retain(|row| !row.stopped);
            if !kept.is_empty() {
                self.advance.keep(&kept);
            }
        }
        deltas
    }
}

impl LiveRow {
    /// Adds a drawn token to what the row gained, or stops it.
    fn take_in(&mut self, tokenizer: &Tokenizer, outcome: RowOutcome, at_limit: bool, delta: &mut RowDelta) {
        match outcome {
            Err(_) => delta.stop = Some(StopReason::NotANumber),
            Ok(draw) if tokenizer.is_end(draw.id) => delta.stop = Some(StopReason::EndOfAnswer),
            Ok(Draw { id, log_prob, entropy }) => {
                self.newest = id;
                delta.text.push_str(&self.decoder.push(tokenizer, id));
                delta.tokens.push(SampledToken { id, log_prob, entropy });
                if at_limit {
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
