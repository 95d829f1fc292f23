//! Rows that a [`DirectDecoder`] advances: their caches, their counters, and the dispatches of a step.

use std::rc::Rc;

use burn::tensor::Tensor;

use super::cache::{PrefixCache, PrefixLayer};
use super::direct::DirectDecoder;
use crate::kernels::direct::{
    AttendBuffers, Dispatch, EmbedBuffers, Part, ProjectBuffers, Projection, Reports, SampleBuffers, Watch,
    attend_rows, embed_rows, part_of, project_rows, sample,
};
use crate::kernels::{
    Finish, KernelError, RowDraw, RowOutcome, RowPlace, WeightParts, draw_words, outcome_of,
};
use crate::units::TokenId;

/// Most steps that are submitted together. While they run nothing can be cancelled, and a row that has ended goes on for
/// nothing; with fewer, the way to the host and back weighs more.
pub const MOST_STEPS: usize = 8;

/// Every device aligns parts of a buffer to this or less.
const ALIGNMENT: u64 = 256;

/// A row, as it goes on.
#[derive(Debug, Clone, Copy)]
pub struct RowStart {
    /// Where its own keys and values are: below the number of places.
    pub slot: usize,
    /// Which of the prompts it continues.
    pub prefix: usize,
    /// Tokens of its own that have been read.
    pub own_tokens: usize,
    /// Its newest token, which has not been read.
    pub newest: TokenId,
    /// How its next token is drawn.
    pub draw: RowDraw,
}

/// The prompts that rows continue, one behind the other.
#[derive(Debug, Default)]
struct Prefixes {
    /// First token and number of tokens of each.
    places: Vec<[u32; 2]>,
    /// Keys and values of each block, `[kv_heads, tokens of all, head_length]` each.
    layers: Vec<[Part; 2]>,
}

/// Keys and values of one block, `[places, kv_heads, capacity, head_length]` each.
#[derive(Debug)]
struct BlockCache {
    own_keys: Part,
    own_values: Part,
}

/// Working memory, enough for a row in each place.
#[derive(Debug)]
struct Scratch {
    x: Part,
    projected: Part,
    mixed: Part,
    inner: Part,
    logits: Part,
    places: Part,
    draws: Part,
    /// A ring of [`MOST_STEPS`] parts, one a step.
    outcomes: Part,
}

/// The dispatches of a step. The first and the last depend on its place in the ring.
#[derive(Debug)]
struct Step {
    /// Made when the place in the ring is first used.
    ends: [Option<[Dispatch; 2]>; MOST_STEPS],
    middle: Vec<Dispatch>,
    /// Uniforms of the first and of the last.
    shapes: [Part; 2],
}

/// Rows on the device.
#[derive(Debug)]
pub struct DirectRows {
    decoder: Rc<DirectDecoder>,
    prefixes: Prefixes,
    caches: Vec<BlockCache>,
    scratch: Scratch,
    /// Rows that there is memory for.
    places: usize,
    capacity: usize,
    /// Rows that are advanced.
    live: usize,
    outcome_bytes: u64,
    /// Where in the ring the next step puts its outcomes.
    cursor: usize,
    step: Option<Step>,
    /// What the device had against buffers and writes, the earliest first.
    reports: Vec<Reports>,
}

impl DirectRows {
    /// Places for so many rows, each of which will have at most `capacity` tokens of its own. Nothing runs before
    /// [`share`](Self::share) and [`go_on_with`](Self::go_on_with).
    #[must_use]
    pub fn new(decoder: Rc<DirectDecoder>, places: usize, capacity: usize) -> Self {
        let watch = Watch::new(&decoder.graphics);
        let config = &decoder.config;
        let floats = |per_row: usize| decoder.graphics.empty((places * per_row * size_of::<f32>()) as u64);
        let capacity = capacity.max(1);
        let own = config.kv_length() * capacity;
        let caches =
            decoder.blocks.iter().map(|_| BlockCache { own_keys: floats(own), own_values: floats(own) });
        let caches = caches.collect();
        let outcome_bytes = ((places * size_of::<[u32; 4]>()) as u64).next_multiple_of(ALIGNMENT);
        let scratch = Scratch {
            x: floats(config.embedding_length),
            projected: floats(config.query_length() + 2 * config.kv_length()),
            mixed: floats(config.query_length()),
            inner: floats(config.feed_forward_length),
            logits: floats(config.vocabulary),
            places: floats(4),
            draws: floats(8),
            outcomes: decoder.graphics.empty(outcome_bytes * MOST_STEPS as u64),
        };
        Self {
            prefixes: Prefixes::default(),
            caches,
            scratch,
            places,
            capacity,
            live: 0,
            outcome_bytes,
            cursor: 0,
            step: None,
            reports: vec![watch.end()],
            decoder,
        }
    }

    /// Most tokens of its own that a row can have.
    #[must_use]
    pub fn capacity(&self) -> usize {
        self.capacity
    }

    /// Makes sure that there are so many places. Rows that are under way keep theirs, and their prompts;
    /// [`go_on_with`](Self::go_on_with) must follow.
    pub fn make_room(&mut self, places: usize) {
        if places <= self.places {
            return;
        }
        let mut larger = Self::new(Rc::clone(&self.decoder), places, self.capacity);
        let watch = Watch::new(&self.decoder.graphics);
        let copies = self
            .caches
            .iter()
            .zip(&larger.caches)
            .flat_map(|(from, to)| [[&from.own_keys, &to.own_keys], [&from.own_values, &to.own_values]]);
        self.decoder.graphics.copy(copies);
        larger.reports.push(watch.end());
        larger.reports.splice(0..0, std::mem::take(&mut self.reports));
        larger.prefixes = std::mem::take(&mut self.prefixes);
        *self = larger;
    }

    /// Lays prompts one behind the other, for rows to continue any of them; [`go_on_with`](Self::go_on_with) must follow.
    ///
    /// # Errors
    /// A device that fails.
    pub fn share(&mut self, prompts: &[&PrefixCache]) -> Result<(), KernelError> {
        let mut first = 0;
        let place = |prompt: &&PrefixCache| {
            let place = [first, prompt.tokens as u32];
            first += place[1];
            place
        };
        let places = prompts.iter().map(place).collect();
        let together = |of: fn(&PrefixLayer) -> &Tensor<3>, layer: usize| {
            let all: Vec<Tensor<3>> =
                prompts.iter().map(|prompt| of(&prompt.layers[layer]).clone()).collect();
            match <[Tensor<3>; 1]>::try_from(all) {
                // One alone need not be copied.
                Ok([only]) => part_of(only),
                Err(all) => part_of(Tensor::cat(all, 1)),
            }
        };
        let layers = (0..self.caches.len())
            .map(|layer| Ok([together(|of| &of.keys, layer)?, together(|of| &of.values, layer)?]));
        self.prefixes = Prefixes { places, layers: layers.collect::<Result<_, KernelError>>()? };
        self.step = None;
        Ok(())
    }

    /// Says which rows are advanced from now on.
    pub fn go_on_with(&mut self, rows: &[RowStart]) {
        let (places, draws) = (places_of(rows, &self.prefixes.places), draws_of(rows));
        let newest: Vec<[u32; 4]> = rows.iter().map(|row| [row.newest, 0, 0, 0]).collect();
        let graphics = &self.decoder.graphics;
        let watch = Watch::new(graphics);
        graphics.write(&self.scratch.places, &places);
        graphics.write(&self.scratch.draws, &draws);
        graphics.write(&self.outcomes(self.cursor + MOST_STEPS - 1), &newest);
        self.reports.push(watch.end());
        if self.live != rows.len() {
            self.live = rows.len();
            self.step = None;
        }
    }

    /// Draws `steps` tokens, at most [`MOST_STEPS`], for every row; each is read before the next is drawn. Returns the
    /// outcomes step by step, those of one step in the order of the rows. The rows must have room for them. After an error, or when
    /// the future was dropped before its end, the rows are of no use any more.
    ///
    /// # Errors
    /// A device that fails or has not enough memory.
    pub async fn advance(&mut self, steps: usize) -> Result<Vec<Vec<RowOutcome>>, KernelError> {
        let steps = steps.clamp(1, MOST_STEPS);
        let watch = Watch::new(&self.decoder.graphics);
        let mut step = self.step.take().unwrap_or_else(|| self.step());
        let ring = (self.cursor..self.cursor + steps).map(|place| place % MOST_STEPS);
        for place in ring.clone() {
            step.ends[place].get_or_insert_with(|| self.ends(&step.shapes, place));
        }
        self.reports.push(watch.end());
        let dispatches = ring.clone().filter_map(|place| {
            let [first, last] = step.ends[place].as_ref()?;
            Some(std::iter::once(first).chain(&step.middle).chain([last]))
        });
        let result = self.decoder.graphics.submit(dispatches.flatten(), &self.scratch.outcomes);
        self.step = Some(step);
        self.cursor = (self.cursor + steps) % MOST_STEPS;
        for reports in std::mem::take(&mut self.reports) {
            reports.heard().await?;
        }
        let words = result.words().await?;
        let words_a_step = self.outcome_bytes as usize / size_of::<u32>();
        let of_step = |place: usize| {
            let (outcomes, _) = words[place * words_a_step..].as_chunks::<4>();
            outcomes.iter().take(self.live).copied().map(outcome_of).collect()
        };
        Ok(ring.map(of_step).collect())
    }

    fn outcomes(&self, place: usize) -> Part {
        let offset = (place % MOST_STEPS) as u64 * self.outcome_bytes;
        self.scratch.outcomes.slice(offset, self.outcome_bytes)
    }

    /// The dispatches of a step for the rows that are live.
    fn step(&self) -> Step {
        let DirectDecoder { graphics, config, attention, .. } = &*self.decoder;
        let Scratch { x, projected, mixed, inner, logits, places, .. } = &self.scratch;
        let rows = self.live as u32;
        let width = config.embedding_length;
        let project = |input, columns, norm, weights: &WeightParts, outputs: usize, finish, y| {
            let projection = Projection { rows, columns: columns as u32, outputs: outputs as u32, finish };
            project_rows(graphics, projection, ProjectBuffers { x: input, norm, weights, y })
        };
        let norm = |gains| Some((gains, config.rms_epsilon));

        let prefix_tokens: u32 = self.prefixes.places.iter().map(|[_, tokens]| tokens).sum();
        let shape = graphics.uniform([rows, prefix_tokens, self.capacity as u32, 0]);
        let mut middle = Vec::with_capacity(5 * self.caches.len() + 1);
        let caches = self.caches.iter().zip(&self.prefixes.layers);
        for (block, (cache, [prefix_keys, prefix_values])) in self.decoder.blocks.iter().zip(caches) {
            let query_key_value = config.query_length() + 2 * config.kv_length();
            let before = norm(&block.attention_norm);
            middle.push(project(
                x,
                width,
                before,
                &block.query_key_value,
                query_key_value,
                Finish::Store,
                projected,
            ));
            let BlockCache { own_keys, own_values } = cache;
            let buffers = AttendBuffers {
                shape: &shape,
                places,
                turns: &self.decoder.turns,
                projected,
                prefix_keys,
                prefix_values,
                own_keys,
                own_values,
                mixed,
            };
            middle.push(attend_rows(graphics, *attention, rows, buffers));
            let out = &block.attention_out;
            middle.push(project(mixed, config.query_length(), None, out, width, Finish::Add, x));
            let (before, gate_up) = (norm(&block.feed_forward_norm), &block.gate_up);
            let length = config.feed_forward_length;
            middle.push(project(x, width, before, gate_up, length, Finish::Gate, inner));
            middle.push(project(inner, length, None, &block.down, width, Finish::Add, x));
        }
        let (before, output) = (norm(&self.decoder.output_norm), &self.decoder.output);
        middle.push(project(x, width, before, output, config.vocabulary, Finish::Store, logits));

        let vocabulary = config.vocabulary as u32;
        let shapes = [
            graphics.uniform([rows, width as u32, vocabulary, 0]),
            graphics.uniform([rows, vocabulary, 0, 0]),
        ];
        Step { ends: [const { None }; MOST_STEPS], middle, shapes }
    }

    /// The first and the last dispatch of a step at a place of the ring.
    fn ends(&self, [embedded, drawn]: &[Part; 2], place: usize) -> [Dispatch; 2] {
        let DirectDecoder { graphics, embedding, .. } = &*self.decoder;
        let Scratch { x, logits, places, draws, .. } = &self.scratch;
        let rows = self.live as u32;
        let before = &self.outcomes(place + MOST_STEPS - 1);
        let embed = EmbedBuffers { shape: embedded, outcomes: before, table: embedding, places, draws, x };
        let outcomes = &self.outcomes(place);
        let draw = SampleBuffers { shape: drawn, logits, draws, outcomes };
        [embed_rows(graphics, rows, embed), sample(graphics, rows, draw)]
    }
}

/// Where rows stand, for a kernel that counts their tokens on before it reads one. `prompts`: first token and number of tokens of each.
pub(super) fn places_of(rows: &[RowStart], prompts: &[[u32; 2]]) -> Vec<[u32; 4]> {
    let place_of = |row: &RowStart| {
        let (slot, own_tokens) = (row.slot as u32, before(row.own_tokens as u32));
        let [first, prefix_tokens] = prompts[row.prefix];
        RowPlace { slot, own_tokens, first, prefix_tokens }.words()
    };
    rows.iter().map(place_of).collect()
}

/// How rows draw, for a kernel that counts their steps on before it draws.
pub(super) fn draws_of(rows: &[RowStart]) -> Vec<[u32; 8]> {
    rows.iter().map(|row| draw_words(&RowDraw { step: before(row.draw.step), ..row.draw })).collect()
}

/// A counter that moves on at the beginning of a step.
fn before(count: u32) -> u32 {
    count.wrapping_sub(1)
}

impl Drop for DirectRows {
    fn drop(&mut self) {
        let Scratch { x, projected, mixed, inner, logits, places, draws, outcomes } = &self.scratch;
        let own = self.caches.iter().flat_map(|cache| [&cache.own_keys, &cache.own_values]);
        own.chain([x, projected, mixed, inner, logits, places, draws, outcomes]).for_each(Part::destroy);
    }
}
