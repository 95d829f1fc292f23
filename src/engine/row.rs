//! A row at work: what it is to say next, and what it has said.

use super::batch::JobId;
use crate::kernels::{RowDraw, RowOutcome};
use crate::protocol::{RowDelta, RowSpec, SampledToken, StopReason};
use crate::sampling::Draw;
use crate::text::{StreamDecoder, Tokenizer};
use crate::units::TokenId;

/// A row at work.
#[derive(Debug)]
pub(super) struct LiveRow {
    pub job: JobId,
    spec: RowSpec,
    /// Where its keys and values are, among the places for rows.
    pub slot: usize,
    pub newest: TokenId,
    /// Tokens drawn for it.
    pub drawn: u32,
    /// Most tokens that may be drawn for it.
    pub most: u32,
    decoder: StreamDecoder,
    pub stopped: bool,
}

impl LiveRow {
    /// A row for which nothing was drawn yet.
    pub fn new(job: JobId, spec: RowSpec, slot: usize, most: u32, tokenizer: &Tokenizer) -> Self {
        let decoder = tokenizer.stream_decoder();
        Self { job, spec, slot, newest: 0, drawn: 0, most, decoder, stopped: false }
    }

    /// How its next token is drawn.
    pub fn draw(&self) -> RowDraw {
        let RowSpec { row, seed, temperature, truncation } = self.spec;
        RowDraw { temperature, truncation, seed, row, step: self.drawn }
    }

    /// It has gained nothing yet.
    pub fn no_gain(&self) -> RowDelta {
        RowDelta { row: self.spec.row, tokens: Vec::new(), text: String::new(), stop: None }
    }

    /// Adds a drawn token to what the row gained, or stops it: at the latest when it has all it may have.
    pub fn take_in(&mut self, tokenizer: &Tokenizer, outcome: RowOutcome, delta: &mut RowDelta) {
        self.drawn += 1;
        match outcome {
            Err(_) => delta.stop = Some(StopReason::NotANumber),
            Ok(draw) if tokenizer.is_end(draw.id) => delta.stop = Some(StopReason::EndOfAnswer),
            Ok(Draw { id, log_prob, entropy }) => {
                self.newest = id;
                delta.text.push_str(&self.decoder.push(tokenizer, id));
                delta.tokens.push(SampledToken { id, log_prob, entropy });
                if self.drawn >= self.most {
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
