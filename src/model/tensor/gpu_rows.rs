//! Rows on a graphics card, advanced as is quicker for their model: each by one kernel through all of it, or all of them by a
//! kernel for each of its products.

use std::rc::Rc;

use super::direct::DirectDecoder;
use super::direct_rows::{DirectRows, MOST_STEPS, RowStart};
use super::whole_rows::WholeRows;
use crate::kernels::{KernelError, RowOutcome};
use crate::model::{ModelError, PrefixCache};

/// Rows on the device.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "a batch has one of these")]
pub enum GpuRows {
    /// A small model's.
    Whole(WholeRows),
    /// Any model's.
    Stepwise(DirectRows),
}

impl GpuRows {
    /// Places for so many rows, each of which will have at most `capacity` tokens of its own. Nothing runs before
    /// [`share`](Self::share) and [`go_on_with`](Self::go_on_with).
    #[must_use]
    pub fn new(decoder: Rc<DirectDecoder>, places: usize, capacity: usize) -> Self {
        match decoder.whole.clone() {
            Some(whole) => Self::Whole(WholeRows::new(decoder, whole, places, capacity)),
            None => Self::Stepwise(DirectRows::new(decoder, places, capacity)),
        }
    }

    /// Most tokens of its own that a row can have.
    #[must_use]
    pub fn capacity(&self) -> usize {
        match self {
            Self::Whole(rows) => rows.capacity(),
            Self::Stepwise(rows) => rows.capacity(),
        }
    }

    /// Makes sure that there are so many places. Rows that are under way keep theirs, and their prompts;
    /// [`go_on_with`](Self::go_on_with) must follow.
    pub fn make_room(&mut self, places: usize) {
        match self {
            Self::Whole(rows) => rows.make_room(places),
            Self::Stepwise(rows) => rows.make_room(places),
        }
    }

    /// Gives the device prompts, for rows to continue any of them; [`go_on_with`](Self::go_on_with) must follow.
    ///
    /// # Errors
    /// A device that fails, or a prompt that is not on it.
    pub fn share(&mut self, prompts: &[&PrefixCache]) -> Result<(), KernelError> {
        match self {
            Self::Whole(rows) => rows.share(prompts),
            Self::Stepwise(rows) => {
                let all = prompts.iter().map(|prompt| match prompt {
                    PrefixCache::Tensor(prompt) => Ok(prompt),
                    _ => Err(KernelError::device(ModelError::OtherPlace)),
                });
                rows.share(&all.collect::<Result<Vec<_>, _>>()?)
            }
        }
    }

    /// Says which rows are advanced from now on.
    pub fn go_on_with(&mut self, rows: &[RowStart]) {
        match self {
            Self::Whole(all) => all.go_on_with(rows),
            Self::Stepwise(all) => all.go_on_with(rows),
        }
    }

    /// Steps to take together for rows of which the shortest has drawn so many tokens, none of which may draw more than `room`: the
    /// first tokens are to be seen at once, later ones come several at a time.
    #[must_use]
    pub fn steps(&self, drawn: u32, room: u32) -> usize {
        let most = match self {
            Self::Whole(rows) => rows.steps(),
            Self::Stepwise(_) => MOST_STEPS.min(drawn as usize),
        };
        most.min(room as usize).max(1)
    }

    /// Draws so many tokens for every row; each is read before the next is drawn. Returns the outcomes step by step, those of one
    /// step in the order of the rows. The rows must have room for them. After an error, or when the future was dropped before its
    /// end, the rows are of no use any more.
    ///
    /// # Errors
    /// A device that fails or has not enough memory.
    pub async fn advance(&mut self, steps: usize) -> Result<Vec<Vec<RowOutcome>>, KernelError> {
        match self {
            Self::Whole(rows) => rows.advance(steps).await,
            Self::Stepwise(rows) => rows.advance(steps).await,
        }
    }
}
