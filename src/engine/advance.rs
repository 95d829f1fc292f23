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
    /// No rows yet, but places for so many that sample at most `most_steps` tokens each.
    #[cfg_attr(
        not(feature = "gpu"),
        expect(clippy::unnecessary_wraps, unused_variables, reason = "without a GPU there is one way")
    )]
    pub fn new(
        model: &LoadedModel,
        prefix: PrefixCache,
        places: usize,
        most_steps: u32,
    ) -> Result<Self, EngineError> {
        #[cfg(feature = "gpu")]
        if let (Some(direct), PrefixCache::Tensor(prefix)) = (&model.direct, &prefix) {
            let rows = DirectRows::new(Rc::clone(direct), prefix, places, most_steps as usize)?;
            return Ok(Self::Direct { rows, changed: true });
        }
        Ok(Self::OneByOne { prefix, own: model.decoder.row_cache(0) })
    }

    /// Whether rows may begin while others are under way.
    pub fn takes_newcomers(&self) -> bool {
        match self {
            Self::OneByOne { own, .. } => own.takes_newcomers(),
            #[cfg(feature = "gpu")]
            Self::Direct { .. } => true,
        }
    }

    /// So many rows begin, after those that are under way.
    pub fn admit(&mut self, model: &LoadedModel, count: usize) {
        match self {
            Self::OneByOne { own, .. } => model.decoder.admit(own, count),
            #[cfg(feature = "gpu")]
            Self::Direct { changed, .. } => *changed = true,
        }
    }

    /// Reads the newest token of each row and draws the next. Returns the outcomes of one step or more, step by step; at most
    /// `most_steps` tokens of a row are drawn in all.
    #[cfg_attr(
        not(feature = "gpu"),
        expect(unused_variables, reason = "without a GPU steps are taken one by one")
    )]
    pub async fn step(
        &mut self,
        model: &LoadedModel,
        rows: &[LiveRow],
        most_steps: u32,
    ) -> Result<Vec<Vec<RowOutcome>>, EngineError> {
        match self {
            Self::OneByOne { prefix, own } => {
                let newest: Vec<TokenId> = rows.iter().map(|row| row.newest).collect();
                let draws: Vec<RowDraw> = rows.iter().map(LiveRow::draw).collect();
                let logits = model.decoder.decode_step(prefix, own, &newest)?;
                Ok(vec![kernels::sample_rows(logits, &draws).await?])
            }
            #[cfg(feature = "gpu")]
            Self::Direct { rows: direct, changed } => {
                if std::mem::take(changed) {
                    let start = |row: &LiveRow| RowStart {
                        slot: row.slot,
                        own_tokens: row.drawn as usize - 1,
                        newest: row.newest,
                        draw: row.draw(),
                    };
                    direct.go_on_with(&rows.iter().map(start).collect::<Vec<_>>());
                }
                // The first tokens are to be seen at once; later ones come several at a time.
                let drawn = || rows.iter().map(|row| row.drawn);
                let (fewest, most) = (drawn().min().unwrap_or(1), drawn().max().unwrap_or(1));
                let steps = fewest.min(most_steps - most) as usize;
                Ok(direct.advance(steps.min(MOST_STEPS)).await?)
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
