//! Rows that one kernel takes through a small model, each in a workgroup of its own: see `shaders/decode_rows.wgsl`.

use std::rc::Rc;

use super::direct::DirectDecoder;
use super::direct_rows::{RowStart, draws_of, places_of};
use super::pace::{MOST_STEPS, Pace};
use super::whole::WholeDecoder;
use crate::kernels::direct::{DecodeBuffers, Dispatch, Part, Reports, Watch, decode_rows, part_of};
use crate::kernels::{KernelError, RowOutcome, outcome_of};
use crate::model::{ModelError, PrefixCache};

/// Rows on the device.
#[derive(Debug)]
pub struct WholeRows {
    decoder: Rc<DirectDecoder>,
    whole: Rc<WholeDecoder>,
    /// Tokens before each prompt, and its own.
    prompts: Vec<[u32; 2]>,
    prefixes: Option<Part>,
    own: Part,
    shape: Part,
    row_places: Part,
    draws: Part,
    outcomes: Part,
    /// Rows that there is memory for.
    places: usize,
    capacity: usize,
    /// Rows that are advanced.
    live: usize,
    pace: Pace,
    /// Bound for them; none if another number of rows or other prompts were given.
    dispatch: Option<Dispatch>,
    /// What the device had against buffers and writes, the earliest first.
    reports: Vec<Reports>,
}

impl WholeRows {
    /// Places for so many rows, each of which will have at most `capacity` tokens of its own. Nothing runs before
    /// [`share`](Self::share) and [`go_on_with`](Self::go_on_with).
    pub(super) fn new(
        decoder: Rc<DirectDecoder>,
        whole: Rc<WholeDecoder>,
        places: usize,
        capacity: usize,
    ) -> Self {
        let watch = Watch::new(&decoder.graphics);
        let capacity = capacity.max(1);
        let words = |count: usize| decoder.graphics.empty((count * size_of::<u32>()) as u64);
        Self {
            prompts: Vec::new(),
            prefixes: None,
            own: words(places * capacity * decoder.config.cache_of_token()),
            shape: decoder.graphics.uniform([0; 4]),
            row_places: words(places * 4),
            draws: words(places * 8),
            outcomes: words(places * MOST_STEPS * 4),
            places,
            capacity,
            live: 0,
            pace: Pace::default(),
            dispatch: None,
            reports: vec![watch.end()],
            decoder,
            whole,
        }
    }

    /// Most tokens of its own that a row can have.
    pub fn capacity(&self) -> usize {
        self.capacity
    }

    /// Makes sure that there are so many places. Rows that are under way keep theirs, and their prompts;
    /// [`go_on_with`](Self::go_on_with) must follow.
    pub fn make_room(&mut self, places: usize) {
        if places <= self.places {
            return;
        }
        let mut larger = Self::new(Rc::clone(&self.decoder), Rc::clone(&self.whole), places, self.capacity);
        let watch = Watch::new(&self.decoder.graphics);
        self.decoder.graphics.copy([[&self.own, &larger.own]]);
        larger.reports.push(watch.end());
        larger.reports.splice(0..0, std::mem::take(&mut self.reports));
        larger.prompts = std::mem::take(&mut self.prompts);
        larger.prefixes = self.prefixes.take();
        larger.pace = self.pace;
        *self = larger;
    }

    /// Lays prompts one behind the other, for rows to continue any of them; [`go_on_with`](Self::go_on_with) must follow.
    ///
    /// # Errors
    /// A device that fails, or a prompt that is not on it.
    pub fn share(&mut self, prompts: &[&PrefixCache]) -> Result<(), KernelError> {
        let (mut parts, mut places, mut first) = (Vec::new(), Vec::new(), 0);
        for prompt in prompts {
            let tokens = match prompt {
                PrefixCache::Whole(prompt) => {
                    parts.push(prompt.part.clone());
                    prompt.tokens
                }
                PrefixCache::Tensor(prompt) => {
                    for layer in &prompt.layers {
                        parts.extend([part_of(layer.keys.clone())?, part_of(layer.values.clone())?]);
                    }
                    prompt.tokens
                }
                PrefixCache::Host(_) => return Err(KernelError::device(ModelError::OtherPlace)),
            };
            places.push([first, tokens as u32]);
            first += tokens as u32;
        }
        let watch = Watch::new(&self.decoder.graphics);
        let prefixes = self.decoder.graphics.together(&parts.iter().collect::<Vec<_>>());
        self.reports.push(watch.end());
        self.prompts = places;
        if let Some(former) = self.prefixes.replace(prefixes) {
            former.destroy();
        }
        self.dispatch = None;
        Ok(())
    }

    /// Says which rows are advanced from now on.
    pub fn go_on_with(&mut self, rows: &[RowStart]) {
        let (places, mut draws) = (places_of(rows, &self.prompts), draws_of(rows));
        draws.iter_mut().zip(rows).for_each(|(words, row)| words[7] = row.newest);
        let graphics = &self.decoder.graphics;
        let watch = Watch::new(graphics);
        graphics.write(&self.row_places, &places);
        graphics.write(&self.draws, &draws);
        self.reports.push(watch.end());
        if self.live != rows.len() {
            self.live = rows.len();
            self.dispatch = None;
        }
    }

    /// How many steps to take together.
    pub fn steps(&self) -> usize {
        self.pace.steps()
    }

    /// Draws `steps` tokens, at most [`MOST_STEPS`], for every row. As
    /// [`DirectRows::advance`](super::direct_rows::DirectRows::advance).
    ///
    /// # Errors
    /// A device that fails or has not enough memory.
    pub async fn advance(&mut self, steps: usize) -> Result<Vec<Vec<RowOutcome>>, KernelError> {
        let steps = steps.clamp(1, MOST_STEPS);
        let graphics = &self.decoder.graphics;
        let began_ms = graphics.now_ms();
        let watch = Watch::new(graphics);
        let shape = [self.live, steps, self.capacity, MOST_STEPS].map(|word| word as u32);
        graphics.write(&self.shape, &shape);
        let dispatch = self.dispatch.take().or_else(|| self.bound());
        self.reports.push(watch.end());
        let bytes = (self.live * MOST_STEPS * size_of::<[u32; 4]>()) as u64;
        let result = graphics.submit(&dispatch, &self.outcomes.slice(0, bytes));
        self.dispatch = dispatch;
        let of_model = self.whole.reports.take();
        for reports in of_model.into_iter().chain(std::mem::take(&mut self.reports)) {
            reports.heard().await?;
        }
        let words = result.words().await?;
        let took_ms = began_ms.zip(self.decoder.graphics.now_ms()).map(|(began, now)| now - began);
        self.pace.took(steps, took_ms);
        let (outcomes, _) = words.as_chunks::<4>();
        let of_step = |step: usize| {
            let rows = outcomes.chunks_exact(MOST_STEPS);
            rows.map(|of_row| outcome_of(of_row[step])).collect()
        };
        Ok((0..steps).map(of_step).collect())
    }

    /// The kernel with its buffers; none before there are prompts.
    fn bound(&self) -> Option<Dispatch> {
        let WholeDecoder { shape, quants, floats, .. } = &*self.whole;
        let buffers = DecodeBuffers {
            shape: &self.shape,
            quants,
            floats,
            prefixes: self.prefixes.as_ref()?,
            own: &self.own,
            places: &self.row_places,
            draws: &self.draws,
            outcomes: &self.outcomes,
        };
        Some(decode_rows(&self.decoder.graphics, *shape, self.live as u32, buffers))
    }
}

impl Drop for WholeRows {
    fn drop(&mut self) {
        let Self { prefixes, own, shape, row_places, draws, outcomes, .. } = self;
        [own, shape, row_places, draws, outcomes].into_iter().chain(prefixes).for_each(|part| part.destroy());
    }
}
