//! How the rows of a batch are advanced: by a decoder one token a step, or on a graphics card by our own kernels several.

#[cfg(feature = "gpu")]
use std::rc::Rc;

use super::batch::JobId;
use super::row::LiveRow;
use super::{EngineError, LoadedModel};
use crate::kernels::{self, RowDraw, RowOutcome};
#[cfg(feature = "gpu")]
use crate::model::{GpuRows, RowStart};
use crate::model::{PrefixCache, RowCache};
use crate::units::TokenId;

/// The caches of a batch's rows, and what works on them.
#[derive(Debug)]
#[cfg_attr(feature = "gpu", expect(clippy::large_enum_variant, reason = "a batch has one of these"))]
pub(super) enum Advance {
    /// Whichever decoder it is, token by token.
    OneByOne(RowCache),
    /// Our own kernels, on a GPU.
    #[cfg(feature = "gpu")]
    Direct {
        rows: GpuRows,
        /// Whose prompts the device has, in order.
        prompts: Vec<JobId>,
        /// The device does not know yet which rows go on.
        changed: bool,
    },
}

/// A job that has rows at work, and how many of them begin now.
#[derive(Debug)]
pub(super) struct Newcomers<'a> {
    #[cfg_attr(
        not(feature = "gpu"),
        expect(dead_code, reason = "a decoder is given its prompt with each row")
    )]
    pub job: JobId,
    pub prefix: &'a PrefixCache,
    pub count: usize,
}

impl Advance {
    /// Whether rows can be advanced together that continue several prompts, or begin while others are under way, where a model is.
    pub fn mixes(model: &LoadedModel) -> bool {
        #[cfg(feature = "gpu")]
        if model.direct.is_some() {
            return true;
        }
        model.decoder.mixes_prompts()
    }

    /// No rows yet, but `slots` places for some that sample at most `capacity` tokens each; `prefix`: of one of them.
    #[cfg_attr(
        not(feature = "gpu"),
        expect(unused_variables, reason = "without a GPU memory is taken as rows grow")
    )]
    pub fn new(
        model: &LoadedModel,
        prefix: &PrefixCache,
        slots: usize,
        capacity: usize,
    ) -> Result<Self, EngineError> {
        #[cfg(feature = "gpu")]
        if let Some(direct) = &model.direct {
            let rows = GpuRows::new(Rc::clone(direct), slots, capacity);
            return Ok(Self::Direct { rows, prompts: Vec::new(), changed: true });
        }
        Ok(Self::OneByOne(model.decoder.row_cache(prefix, 0)?))
    }

    /// Whether a row of so many tokens of its own finds room here.
    #[cfg_attr(
        not(feature = "gpu"),
        expect(unused_variables, reason = "without a GPU memory is taken as rows grow")
    )]
    pub fn has_room_for(&self, tokens: usize) -> bool {
        match self {
            Self::OneByOne(_) => true,
            #[cfg(feature = "gpu")]
            Self::Direct { rows, .. } => tokens <= rows.capacity(),
        }
    }

    /// Rows begin, after those that are under way. `jobs`: all that have rows at work; `slots`: places that there must be.
    #[cfg_attr(
        not(feature = "gpu"),
        expect(unused_variables, reason = "without a GPU memory is taken as rows grow")
    )]
    pub fn admit(
        &mut self,
        model: &LoadedModel,
        jobs: &[Newcomers<'_>],
        slots: usize,
    ) -> Result<(), EngineError> {
        match self {
            Self::OneByOne(own) => {
                for Newcomers { prefix, count, .. } in jobs.iter().filter(|job| job.count > 0) {
                    model.decoder.admit(own, prefix, *count)?;
                }
            }
            #[cfg(feature = "gpu")]
            Self::Direct { rows, prompts, changed } => {
                rows.make_room(slots);
                if jobs.iter().any(|job| !prompts.contains(&job.job)) {
                    *prompts = jobs.iter().map(|job| job.job).collect();
                    rows.share(&jobs.iter().map(|job| job.prefix).collect::<Vec<_>>())?;
                }
                *changed = true;
            }
        }
        Ok(())
    }

    /// Reads the newest token of each row and draws the next. Returns the outcomes of one step or more, step by step; no row
    /// gets more tokens than it may have.
    pub async fn step(
        &mut self,
        model: &LoadedModel,
        rows: &[LiveRow],
    ) -> Result<Vec<Vec<RowOutcome>>, EngineError> {
        match self {
            Self::OneByOne(own) => {
                let newest: Vec<TokenId> = rows.iter().map(|row| row.newest).collect();
                let draws: Vec<RowDraw> = rows.iter().map(LiveRow::draw).collect();
                let logits = model.decoder.decode_step(own, &newest)?;
                Ok(vec![kernels::sample_rows(logits, &draws).await?])
            }
            #[cfg(feature = "gpu")]
            Self::Direct { rows: direct, prompts, changed } => {
                if std::mem::take(changed) {
                    let start = |row: &LiveRow| RowStart {
                        slot: row.slot,
                        prefix: prompts.iter().position(|&job| job == row.job).unwrap_or_default(),
                        own_tokens: row.drawn as usize - 1,
                        newest: row.newest,
                        draw: row.draw(),
                    };
                    direct.go_on_with(&rows.iter().map(start).collect::<Vec<_>>());
                }
                let fewest = rows.iter().map(|row| row.drawn).min().unwrap_or(1);
                let room = rows.iter().map(|row| row.most - row.drawn).min().unwrap_or(1);
                Ok(direct.advance(direct.steps(fewest, room)).await?)
            }
        }
    }

    /// Goes on with some of the rows only: those at these places, which ascend.
    pub fn keep(&mut self, kept: &[usize]) {
        match self {
            Self::OneByOne(own) => own.keep(kept),
            #[cfg(feature = "gpu")]
            Self::Direct { changed, .. } => *changed = true,
        }
    }
}
