//! Sampling straight from weights in training, for stages that need many answers after every change of them.
//!
//! The answers are the engine's: draws are `thermostat::sampling`'s, keyed by (seed, row, step), and logits agree to
//! rounding. Unlike there, rows of different prompts and lengths advance together, so that the products of matrices are
//! large. A row depends on nothing but itself: neither on the rows beside it nor on the number of threads.

use std::ops::Range;
use std::rc::Rc;
use std::sync::{Mutex, PoisonError};
use std::thread;

use crate::sampling::sample_token;
use crate::units::{Seed, Temperature, Truncation};

use super::cache::{BlockCache, attend_one};
use super::loops::{add, linear, rms_norm, swiglu};
use super::{ModelShape, Pass, Shard};

/// Rows that advance together on one thread, by measurement (`speed_of_sampling` in `tests.rs`): with fewer the weights are
/// packed for the products more often than they are used, and more are no faster.
const BATCH: usize = 512;
/// Rows of the same prompt that are taken at a time.
const GROUP: usize = 32;
/// Prompts are run about this many tokens at a time.
const PROMPT_TOKENS: usize = 512;
/// Logits are made this many rows at a time, so that they stay in the cache: 256 rows of 2,048 are 2 MiB.
const LOGIT_ROWS: usize = 256;

/// An answer to be sampled.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// All tokens before the answer. Rows of the same prompt should be neighbours: it is then run for all of them at once.
    pub prompt: Vec<u32>,
    /// Its number among the rows of its seed.
    pub row: u32,
    /// Key of its draws.
    pub seed: Seed,
    /// Temperature of its draws; nothing is truncated.
    pub temperature: Temperature,
}

/// A sampled answer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sampled {
    /// Its tokens, with the end token if that was drawn.
    pub tokens: Vec<u32>,
    /// Whether the end token was drawn, rather than the length or the context used up.
    pub finished: bool,
}

/// Samples an answer for each row, of at most `max_new_tokens` tokens and within the context.
///
/// Answers to prompts that are empty or fill the context are empty. A row whose logits are not numbers stops, unfinished.
#[must_use]
pub fn sample(
    weights: &[f32],
    shape: &ModelShape,
    rows: &[Row],
    end: u32,
    max_new_tokens: usize,
    threads: usize,
) -> Vec<Sampled> {
    sample_by(BATCH, weights, shape, rows, end, max_new_tokens, threads)
}

/// [`sample`], with at most about `batch` rows at a time.
pub(super) fn sample_by(
    batch: usize,
    weights: &[f32],
    shape: &ModelShape,
    rows: &[Row],
    end: u32,
    max_new_tokens: usize,
    threads: usize,
) -> Vec<Sampled> {
    let threads = threads.max(1);
    // So that every thread gets its share of few rows.
    let batch = batch.min(rows.len().div_ceil(threads)).max(1);
    let groups = groups(rows, batch.min(GROUP)).into_iter().filter(|group| {
        let length = rows[group.start].prompt.len();
        length > 0 && length < shape.context && max_new_tokens > 0
    });
    let groups = Mutex::new(groups);
    let next_group = || groups.lock().unwrap_or_else(PoisonError::into_inner).next();
    let answers = Mutex::new(vec![Sampled::default(); rows.len()]);
    let hand_in = |index: usize, answer: Sampled| {
        answers.lock().unwrap_or_else(PoisonError::into_inner)[index] = answer;
    };
    let work = || {
        let mut sampler = Sampler::new(weights, shape, end);
        loop {
            // Rows are replaced a quarter of the batch at a time: a few prompts alone would be small matrices.
            while sampler.live.len() <= batch * 3 / 4 {
                let mut taken = Vec::new();
                let (mut tokens, mut free) = (0, batch - sampler.live.len());
                while tokens < PROMPT_TOKENS && free > 0 {
                    let Some(group) = next_group() else { break };
                    let prompt = &rows[group.start].prompt;
                    tokens += prompt.len();
                    free = free.saturating_sub(group.len());
                    let most = max_new_tokens.min(shape.context - prompt.len());
                    taken.push(group.map(|index| (index, &rows[index], most)).collect());
                }
                if taken.is_empty() {
                    break;
                }
                sampler.admit(taken, &hand_in);
            }
            if sampler.live.is_empty() {
                return;
            }
            sampler.step(&hand_in);
        }
    };
    thread::scope(|scope| {
        (1..threads).for_each(|_| {
            scope.spawn(work);
        });
        work();
    });
    answers.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// Neighbours of the same prompt, at most `most` in a group.
fn groups(rows: &[Row], most: usize) -> Vec<Range<usize>> {
    let mut groups: Vec<Range<usize>> = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        match groups.last_mut() {
            Some(group) if group.len() < most && rows[group.start].prompt == row.prompt => group.end += 1,
            _ => groups.push(index..index + 1),
        }
    }
    groups
}

/// A row that has not stopped.
struct Live<'a> {
    /// Where its answer belongs.
    index: usize,
    row: &'a Row,
    /// Most tokens it may have.
    most: usize,
    /// The prompt's keys and values, one cache per block.
    prompt: Rc<Vec<BlockCache>>,
    /// Those of the answer so far.
    own: Vec<BlockCache>,
    answer: Sampled,
}

impl Live<'_> {
    /// Draws the next token. Returns whether the row goes on.
    fn draw(&mut self, logits: &[f32], end: u32) -> bool {
        let (row, step) = (self.row, self.answer.tokens.len() as u32);
        let truncation = Truncation::default();
        let Ok(token) = sample_token(logits, row.temperature, truncation, row.seed, row.row, step) else {
            return false;
        };
        self.answer.tokens.push(token);
        self.answer.finished = token == end;
        !self.answer.finished && self.answer.tokens.len() < self.most
    }
}

/// The rows of one thread, and its working memory.
struct Sampler<'a> {
    weights: &'a [f32],
    end: u32,
    /// Runs prompts. Its tables and layout serve the steps too.
    pass: Pass,
    live: Vec<Live<'a>>,
    /// Residual stream, `[live, width]`.
    x: Vec<f32>,
    normed: Vec<f32>,
    inverse_rms: Vec<f32>,
    /// `[live, qkv_length]`
    qkv: Vec<f32>,
    /// `[live, query_length]`
    mixed: Vec<f32>,
    /// What attention or feed-forward adds to the stream, `[live, width]`.
    change: Vec<f32>,
    /// `[live, 2 inner]`
    gate_up: Vec<f32>,
    /// `[live, inner]`
    act: Vec<f32>,
    scores: Vec<f32>,
    /// `[LOGIT_ROWS, vocabulary]`
    logits: Vec<f32>,
}

impl<'a> Sampler<'a> {
    fn new(weights: &'a [f32], shape: &ModelShape, end: u32) -> Self {
        Self {
            weights,
            end,
            pass: Pass::new(shape),
            live: Vec::new(),
            x: Vec::new(),
            normed: Vec::new(),
            inverse_rms: Vec::new(),
            qkv: Vec::new(),
            mixed: Vec::new(),
            change: Vec::new(),
            gate_up: Vec::new(),
            act: Vec::new(),
            scores: Vec::new(),
            logits: vec![0.0; LOGIT_ROWS * shape.vocabulary],
        }
    }

    /// Runs the prompt of each group once, and draws the first token of each of its rows (index, row, most tokens).
    fn admit(&mut self, groups: Vec<Vec<(usize, &'a Row, usize)>>, hand_in: &impl Fn(usize, Sampled)) {
        let mut shard = Shard::default();
        groups.iter().for_each(|group| shard.push_last(&group[0].1.prompt));
        let logits = self.pass.logits(self.weights, &shard);
        let shape = &self.pass.shape;
        let values = shape.query_length() + shape.kv_length();
        let mut at = 0;
        for ((group, logits), length) in
            groups.into_iter().zip(logits.chunks_exact(shape.vocabulary)).zip(shard.lengths)
        {
            let prompt: Vec<BlockCache> = (self.pass.kept.iter())
                .map(|kept| {
                    let mut cache = BlockCache::default();
                    for row in kept.qkv.chunks_exact(shape.qkv_length()).skip(at).take(length) {
                        cache.push(&row[shape.query_length()..values], &row[values..]);
                    }
                    cache
                })
                .collect();
            at += length;
            let prompt = Rc::new(prompt);
            for (index, row, most) in group {
                let own = vec![BlockCache::default(); shape.blocks];
                let answer = Sampled::default();
                let mut live = Live { index, row, most, prompt: prompt.clone(), own, answer };
                if live.draw(logits, self.end) {
                    self.live.push(live);
                } else {
                    hand_in(index, live.answer);
                }
            }
        }
    }

    /// Advances all rows by one token; those that stop are handed in and make room.
    fn step(&mut self, hand_in: &impl Fn(usize, Sampled)) {
        let (shape, layout) = (&self.pass.shape, &self.pass.layout);
        let of = |range: &Range<usize>| &self.weights[range.clone()];
        let (n, width, inner) = (self.live.len(), shape.width, shape.inner);
        let (queries, length) = (shape.query_length(), shape.qkv_length());
        let values = queries + shape.kv_length();
        for (buffer, size) in [
            (&mut self.x, n * width),
            (&mut self.normed, n * width),
            (&mut self.inverse_rms, n),
            (&mut self.qkv, n * length),
            (&mut self.mixed, n * queries),
            (&mut self.change, n * width),
            (&mut self.gate_up, n * 2 * inner),
            (&mut self.act, n * inner),
        ] {
            buffer.resize(size, 0.0);
        }

        // 1. Look up the embedding of each row's newest token.
        let embedding = of(&layout.embedding);
        for (x, live) in self.x.chunks_exact_mut(width).zip(&self.live) {
            let newest = live.answer.tokens.last().copied().unwrap_or_default();
            x.copy_from_slice(&embedding[newest as usize * width..][..width]);
        }

        // 2. The blocks.
        let epsilon = shape.rms_epsilon;
        for (number, block) in layout.blocks.iter().enumerate() {
            rms_norm(&self.x, of(&block.attention_norm), epsilon, &mut self.normed, &mut self.inverse_rms);
            linear(&self.normed, of(&block.query_key_value), &mut self.qkv, width, length);
            let rows = self.qkv.chunks_exact_mut(length).zip(self.mixed.chunks_exact_mut(queries));
            for (live, (qkv, mixed)) in self.live.iter_mut().zip(rows) {
                let position = live.row.prompt.len() + live.answer.tokens.len() - 1;
                self.pass.rope.turn(&mut qkv[..values], position, false);
                let own = &mut live.own[number];
                own.push(&qkv[queries..values], &qkv[values..]);
                attend_one(shape, &live.prompt[number], own, &qkv[..queries], &mut self.scores, mixed);
            }
            linear(&self.mixed, of(&block.attention_out), &mut self.change, queries, width);
            add(&mut self.x, &self.change);
            rms_norm(&self.x, of(&block.feed_forward_norm), epsilon, &mut self.normed, &mut self.inverse_rms);
            linear(&self.normed, of(&block.gate_up), &mut self.gate_up, width, 2 * inner);
            swiglu(&self.gate_up, inner, &mut self.act);
            linear(&self.act, of(&block.down), &mut self.change, inner, width);
            add(&mut self.x, &self.change);
        }

        // 3. Draw from the logits.
        rms_norm(&self.x, of(&layout.output_norm), epsilon, &mut self.normed, &mut self.inverse_rms);
        let chunks = self.normed.chunks(LOGIT_ROWS * width).zip(self.live.chunks_mut(LOGIT_ROWS));
        let mut goes_on = Vec::with_capacity(n);
        for (x, rows) in chunks {
            let logits = &mut self.logits[..rows.len() * shape.vocabulary];
            linear(x, embedding, logits, width, shape.vocabulary);
            let rows = rows.iter_mut().zip(logits.chunks_exact(shape.vocabulary));
            goes_on.extend(rows.map(|(live, logits)| live.draw(logits, self.end)));
        }
        let mut goes_on = goes_on.into_iter();
        for live in self.live.extract_if(.., |_| goes_on.next() == Some(false)) {
            hand_in(live.index, live.answer);
        }
    }
}
