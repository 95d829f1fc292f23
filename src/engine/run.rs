//! One job being sampled: a prompt run once, then all rows advanced together, one token a step.
//!
//! Rows that have stopped are compacted away before the next step, so the work shrinks as answers end. What a row says
//! depends on its own seed, number and temperature only: not on which other rows run beside it.

use std::rc::Rc;

use super::{EngineError, LoadedModel};
use crate::kernels::{self, RowDraw, RowOutcome, Values};
use crate::model::{PrefixCache, RowCache};
use crate::protocol::{GenerateJob, RowDelta, RowSpec, SampledToken, StopReason};
use crate::text::StreamDecoder;
use crate::units::TokenId;

/// Most rows in one job: 15 temperatures by 25 samples, a Figure 21 block.
pub const MOST_ROWS: usize = 375;

/// A row that has not stopped.
#[derive(Debug)]
struct LiveRow {
    spec: RowSpec,
    newest: TokenId,
    decoder: StreamDecoder,
}

/// A job being sampled.
#[derive(Debug)]
pub struct Run {
    model: Rc<LoadedModel>,
    prefix: PrefixCache,
    own: RowCache,
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
        let (prefix, logits) = model.decoder.prefill(&prompt)?;
        let rows = job
            .rows
            .iter()
            .map(|&spec| LiveRow { spec, newest: 0, decoder: model.tokenizer.stream_decoder() })
            .collect();
        Ok(Self {
            own: model.decoder.row_cache(job.rows.len()),
            prefix,
            rows,
            first_logits: Some(logits),
            step: 0,
            most_steps: job.max_new_tokens.clamp(1, room),
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

    /// Draws one token for every row that has not stopped. Returns what each of them gained.
    ///
    /// # Errors
    /// A device that fails.
    pub async fn step(&mut self) -> Result<Vec<RowDelta>, EngineError> {
        if self.rows.is_empty() {
            return Ok(Vec::new());
        }
        let logits = match self.first_logits.take() {
            Some(logits) => logits,
            None => {
                let newest: Vec<TokenId> = self.rows.iter().map(|r| r.newest).collect();
                self.model.decoder.decode_step(&self.prefix, &mut self.own, &newest)?
            }
        };
        let draws: Vec<RowDraw> = self
            .rows
            .iter()
            .map(|r| RowDraw {
                temperature: r.spec.temperature,
                truncation: r.spec.truncation,
                seed: r.spec.seed,
                row: r.spec.row,
                step: self.step,
            })
            .collect();
        let outcomes =
            kernels::sample_rows(logits, &draws).await.map_err(|e| EngineError::Device(e.to_string()))?;
        self.step += 1;
        Ok(self.take_in(outcomes))
    }

    /// Turns drawn tokens into deltas, and drops the rows that stopped.
    fn take_in(&mut self, outcomes: Vec<RowOutcome>) -> Vec<RowDelta> {
        let tokenizer = &self.model.tokenizer;
        let at_limit = self.step >= self.most_steps;
        let mut deltas = Vec::with_capacity(self.rows.len());
        let mut kept = Vec::with_capacity(self.rows.len());
        for (index, (row, outcome)) in self.rows.iter_mut().zip(outcomes).enumerate() {
            let mut delta =
                RowDelta { row: row.spec.row, tokens: Vec::new(), text: String::new(), stop: None };
            match outcome {
                Err(_) => delta.stop = Some(StopReason::NotANumber),
                Ok(draw) => {
                    self.sampled_tokens += 1;
                    if tokenizer.is_end(draw.id) {
                        delta.stop = Some(StopReason::EndOfAnswer);
                    } else {
                        row.newest = draw.id;
                        delta.text = row.decoder.push(tokenizer, draw.id);
                        delta.tokens.push(SampledToken {
                            id: draw.id,
                            log_prob: draw.log_prob,
                            entropy: draw.entropy,
                        });
                        if at_limit {
                            delta.stop = Some(StopReason::Length);
                        }
                    }
                }
            }
            if delta.stop.is_some() {
                delta.text.push_str(&row.decoder.finish());
            } else {
                kept.push(index);
            }
            deltas.push(delta);
        }
        if kept.len() < self.rows.len() {
            let mut index = 0;
            self.rows.retain(|_| {
                let keep = kept.binary_search(&index).is_ok();
                index += 1;
                keep
            });
            if !kept.is_empty() {
                self.own.keep(&kept);
            }
        }
        deltas
    }
}
