//! How the rows of a run are advanced: by a decoder one token a step, or on a graphics card by our own kernels several.

#[cfg(feature = "gpu")]
use std::rc::Rc;

use super::run::LiveRow;
use super::{EngineError, LoadedModel};
use crate::kernels::{self, RowDraw, RowOutcome};
#[cfg(feature = "gpu")]
use crate::model::{DirectRows, MOST_STEPS, RowStart};
use crate::model::{PrefixCache, RowCache};
use crate::units::TokenId;

/// The caches of a run's rows, and what works on them.
#[derive(Debug)]
#[cfg_attr(feature = "gpu", expect(clippy::large_enum_variant, reason = "a run has one of these"))]
pub(super) enum Advance {
    /// Whichever decoder it is, token by token.
    OneByOne { prefix: PrefixCache, own: RowCache },
    /// Our own kernels, on a GPU.
    #[cfg(feature = "gpu")]
    Direct {
        rows: DirectRows,
        /// The device does not know yet which rows go on.
        changed: bool,
    },
}

impl Advance {
    /// Caches for so many rows that sample at most `most_steps` tokens each.
    #[cfg_attr(
        not(feature = "gpu"),
        expect(clippy::unnecessary_wraps, unused_variables, reason = "without a GPU there is one way")
    )]
    pub fn new(
        model: &LoadedModel,
        prefix: PrefixCache,
        rows: usize,
        most_steps: u32,
    ) -> Result<Self, EngineError> {
        #[cfg(feature = "gpu")]
        if let (Some(direct), PrefixCache::Tensor(prefix)) = (&model.direct, &prefix) {
            let rows = DirectRows::new(Rc::clone(direct), prefix, rows, most_steps as usize)?;
            return Ok(Self::Direct { rows, changed: true });
        }
        Ok(Self::OneByOne { prefix, own: model.decoder.row_cache(rows) })
    }

    /// Reads the newest token of each row, which is its token number `step - 1`, and draws the next. Returns the outcomes of one
    /// step or more, step by step; at most `most_steps` tokens are drawn in all.
    #[cfg_attr(
        not(feature = "gpu"),
        expect(unused_variables, reason = "without a GPU steps are taken one by one")
    )]
    pub async fn step(
        &mut self,
        model: &LoadedModel,
        rows: &[LiveRow],
        step: u32,
        most_steps: u32,
    ) -> Result<Vec<Vec<RowOutcome>>, EngineError> {
        match self {
            Self::OneByOne { prefix, own } => {
                let newest: Vec<TokenId> = rows.iter().map(|row| row.newest).collect();
                let draws: Vec<RowDraw> = rows.iter().map(|row| row.draw(step)).collect();
                let logits = model.decoder.decode_step(prefix, own, &newest)?;
                Ok(vec![kernels::sample_rows(logits, &draws).await?])
            }
            #[cfg(feature = "gpu")]
            Self::Direct { rows: direct, changed } => {
                if std::mem::take(changed) {
                    let start = |row: &LiveRow| RowStart {
                        slot: row.slot,
                        own_tokens: step as usize - 1,
                        newest: row.newest,
                        draw: row.draw(step),
                    };
                    direct.go_on_with(&rows.iter().map(start).collect::<Vec<_>>());
                }
                // The first tokens are to be seen at once; later ones come several at a time.
                let steps = (step as usize).min(MOST_STEPS).min((most_steps - step) as usize);
                Ok(direct.advance(steps).await?)
            }
        }
    }

    /// Goes on with some of the rows only: those at these places, which ascend.
    pub fn keep(&mut self, kept: &[usize]) {
        match self {
            Self::OneByOne { own, .. } => own.keep(kept),
            #[cfg(feature = "gpu")]
            Self::Direct { changed, .. } => *changed = true,
        }
    }
}
