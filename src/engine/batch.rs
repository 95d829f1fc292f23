//! Jobs of one model being sampled together: each prompt run once, then all rows advanced together, one token a step, on a
//! graphics card several.
//!
//! As many rows are at work as the [`Budget`] has memory for; the others wait. Rows that have stopped are compacted away before
//! the next step, and waiting ones, of whichever job, take their places ("continuous batching", Yu et al. 2022, Orca). What a
//! row says depends on its prompt and on its own seed, number and temperature only: not on which other rows run beside it (on a
//! graphics card but for rounding, as other numbers of rows are summed by other kernels).

use std::collections::VecDeque;
use std::rc::Rc;

use super::advance::{Advance, Newcomers};
use super::budget::Budget;
use super::row::LiveRow;
use super::{EngineError, LoadedModel};
use crate::kernels::{self, RowDraw, RowOutcome, Values};
use crate::model::PrefixCache;
use crate::protocol::{GenerateJob, RowDelta, RowSpec};

/// Most rows in one job: 15 temperatures by 25 samples, a Figure 21 block.
pub const MOST_ROWS: usize = 375;

/// Waiting rows are admitted when at least one place in so many is free, or their job has no row at work: on a graphics card
/// others make it build its dispatches anew.
const ADMIT_AT: usize = 8;

/// Rows of patient jobs at work at a time in plain memory, where more of them make nothing faster: a step is what the visitor
/// waits for before the workers rest, and this many of our models' take some 3 ms of it.
const PATIENT_ROWS: usize = 32;

/// Names a job of a batch; whoever adds it chooses.
pub type JobId = u32;

/// What a row of a job gained.
#[derive(Debug, Clone, PartialEq)]
pub struct Gain {
    /// The job.
    pub job: JobId,
    /// The row, and what it gained.
    pub delta: RowDelta,
}

/// Tokens of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Of its prompt, template included.
    pub prompt_tokens: u32,
    /// Sampled so far over all rows, end tokens included.
    pub sampled_tokens: u32,
}

/// A job of the batch.
#[derive(Debug)]
struct Asked {
    id: JobId,
    prefix: PrefixCache,
    /// Logits of the prompt's last token, `[1, vocabulary]`: what every row's first token is drawn from.
    first_logits: Values,
    /// Most tokens that a row may have.
    most_steps: u32,
    /// Rows that have not begun, in order.
    waiting: VecDeque<RowSpec>,
    at_work: usize,
    counts: Counts,
}

/// Jobs being sampled.
#[derive(Debug)]
pub struct Batch {
    model: Rc<LoadedModel>,
    budget: Budget,
    /// None before the first rows are at work.
    advance: Option<Advance>,
    rows: Vec<LiveRow>,
    jobs: Vec<Asked>,
    /// Most tokens that a row of any job may have.
    capacity: usize,
    /// Whether its jobs are, all of them.
    is_patient: bool,
}

impl Batch {
    /// A batch without jobs. Rows are at work within the budget of the model's device.
    #[must_use]
    pub fn new(model: Rc<LoadedModel>) -> Self {
        Self::within(model.budget(), model)
    }

    /// As [`Batch::new`], within another budget.
    #[must_use]
    pub fn within(budget: Budget, model: Rc<LoadedModel>) -> Self {
        Self {
            model,
            budget,
            advance: None,
            rows: Vec::new(),
            jobs: Vec::new(),
            capacity: 0,
            is_patient: false,
        }
    }

    /// The model that answers.
    #[must_use]
    pub fn model(&self) -> &Rc<LoadedModel> {
        &self.model
    }

    /// Whether its jobs let others go first.
    #[must_use]
    pub fn is_patient(&self) -> bool {
        self.is_patient
    }

    /// Whether a job can join those that are under way. If not, it must have a batch of its own. Patient jobs and others do not mix.
    #[must_use]
    pub fn takes(&self, job: &GenerateJob) -> bool {
        let room = self.room_for(job);
        let has_room = || self.advance.as_ref().is_none_or(|advance| advance.has_room_for(room));
        self.jobs.is_empty() || self.is_patient == job.patient && Advance::mixes(&self.model) && has_room()
    }

    /// Encodes and runs a prompt; its rows wait for places. The id must be new, and the batch must [take](Self::takes) the job.
    ///
    /// # Errors
    /// A job that cannot be carried out: no rows or too many, or a prompt that leaves no room for an answer.
    #[inline(never)]
    pub fn add(&mut self, id: JobId, job: &GenerateJob) -> Result<(), EngineError> {
        if job.rows.is_empty() || job.rows.len() > MOST_ROWS {
            return Err(EngineError::Rows { rows: job.rows.len(), most: MOST_ROWS });
        }
        let prompt = self.model.encode(&job.prompt, job.chat)?;
        let context = self.model.decoder.config().context_length;
        if prompt.len() >= context {
            return Err(EngineError::PromptTooLong { tokens: prompt.len(), most: context - 1 });
        }
        let room = (context - prompt.len()) as u32;
        let (prefix, first_logits) = self.model.prefill(&prompt)?;
        if self.rows.is_empty() && self.jobs.is_empty() {
            // Nothing is kept of jobs that are over.
            (self.advance, self.capacity) = (None, 0);
        }
        self.is_patient = job.patient;
        self.capacity = self.capacity.max(self.room_for(job));
        self.jobs.push(Asked {
            id,
            prefix,
            first_logits,
            most_steps: job.max_new_tokens.clamp(1, room),
            waiting: job.rows.iter().copied().collect(),
            at_work: 0,
            counts: Counts { prompt_tokens: prompt.len() as u32, sampled_tokens: 0 },
        });
        Ok(())
    }

    /// Forgets a job, whether it is done or not.
    pub fn remove(&mut self, id: JobId) {
        self.jobs.retain(|job| job.id != id);
        self.rows.iter_mut().filter(|row| row.job == id).for_each(|row| row.stopped = true);
        self.compact();
    }

    /// Whether there is no job.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.jobs.is_empty()
    }

    /// The jobs that were added and not removed.
    #[must_use]
    pub fn ids(&self) -> Vec<JobId> {
        self.jobs.iter().map(|job| job.id).collect()
    }

    /// Whether every row of a job has stopped. So it is with a job that is not there.
    #[must_use]
    pub fn is_done(&self, id: JobId) -> bool {
        self.job(id).is_none_or(|job| job.waiting.is_empty() && job.at_work == 0)
    }

    /// Tokens of a job.
    #[must_use]
    pub fn counts(&self, id: JobId) -> Counts {
        self.job(id).map(|job| job.counts).unwrap_or_default()
    }

    /// Rows at work at a time, of all jobs; the others wait.
    #[must_use]
    pub fn places(&self) -> usize {
        let most = self.budget.rows(self.model.decoder.config(), self.capacity);
        if self.is_patient && self.model.decoder.mixes_prompts() { most.min(PATIENT_ROWS) } else { most }
    }

    /// Draws a token, on a graphics card several, for the rows at work, or the first tokens of rows that take free places.
    /// Returns what each of them gained, the rows of a job in order.
    ///
    /// # Errors
    /// A device that fails; no job of the batch can go on.
    pub async fn step(&mut self) -> Result<Vec<Gain>, EngineError> {
        let gains = self.go_on().await;
        if gains.is_err() {
            // A device that failed may have failed at a prompt, which only shows when what it left is read.
            self.model.forget_prompts();
        }
        gains
    }

    async fn go_on(&mut self) -> Result<Vec<Gain>, EngineError> {
        if self.admits() {
            return self.admit().await;
        }
        let Some(advance) = self.advance.as_mut().filter(|_| !self.rows.is_empty()) else {
            return Ok(Vec::new());
        };
        let outcomes = advance.step(&self.model, &self.rows).await?;
        Ok(self.take_in(0, outcomes))
    }

    /// Whether it is time for waiting rows to begin.
    fn admits(&self) -> bool {
        let (places, at_work) = (self.places(), self.rows.len());
        let enough = places.saturating_sub(at_work) * ADMIT_AT >= places;
        let waits = |job: &Asked| !job.waiting.is_empty() && (enough || job.at_work == 0);
        let may = at_work == 0 || at_work < places && Advance::mixes(&self.model);
        may && self.jobs.iter().any(waits)
    }

    /// Gives waiting rows the free places, and draws their first tokens.
    async fn admit(&mut self) -> Result<Vec<Gain>, EngineError> {
        let before = self.rows.len();
        let counts = self.deal();
        let slots = self.seat(&counts);
        let newcomers: Vec<Newcomers<'_>> = self
            .jobs
            .iter()
            .zip(counts)
            .filter(|(job, _)| job.at_work > 0)
            .map(|(job, count)| Newcomers { job: job.id, prefix: &job.prefix, count })
            .collect();
        let advance = match &mut self.advance {
            Some(advance) => advance,
            none => none.insert(Advance::new(&self.model, &self.jobs[0].prefix, slots, self.capacity)?),
        };
        advance.admit(&self.model, &newcomers, slots)?;
        let mut first = Vec::with_capacity(self.rows.len() - before);
        let of_jobs = self.rows[before..].chunk_by(|a, b| a.job == b.job);
        for (rows, job) in of_jobs.filter_map(|rows| Some((rows, self.job(rows[0].job)?))) {
            let draws: Vec<RowDraw> = rows.iter().map(LiveRow::draw).collect();
            first.extend(kernels::sample_rows(job.first_logits.clone(), &draws).await?);
        }
        Ok(self.take_in(before, vec![first]))
    }

    /// Puts so many waiting rows of each job to work. Returns how many places for keys and values there must be.
    #[inline(never)]
    fn seat(&mut self, counts: &[usize]) -> usize {
        let all = self.rows.len() + self.jobs.iter().map(|job| job.waiting.len()).sum::<usize>();
        let slots = all.min(self.places());
        let mut taken = vec![false; slots];
        self.rows.iter().filter(|row| row.slot < slots).for_each(|row| taken[row.slot] = true);
        let mut free = (0..slots).filter(|&slot| !taken[slot]);
        for (job, &count) in self.jobs.iter_mut().zip(counts) {
            for (spec, slot) in job.waiting.drain(..count).zip(free.by_ref()) {
                self.rows.push(LiveRow::new(job.id, spec, slot, job.most_steps, &self.model.tokenizer));
            }
            job.at_work += count;
        }
        slots
    }

    /// How many rows of each job get a place: always one of the job that has fewest.
    #[inline(never)]
    fn deal(&self) -> Vec<usize> {
        let mut counts = vec![0; self.jobs.len()];
        for _ in self.rows.len()..self.places() {
            let waits = |&index: &usize| counts[index] < self.jobs[index].waiting.len();
            let fewest = (0..self.jobs.len())
                .filter(waits)
                .min_by_key(|&index| self.jobs[index].at_work + counts[index]);
            match fewest {
                Some(index) => counts[index] += 1,
                None => break,
            }
        }
        counts
    }

    /// Turns what was drawn for the rows from `first` on, step by step, into gains, and drops the rows that stopped.
    #[inline(never)]
    fn take_in(&mut self, first: usize, steps: Vec<Vec<RowOutcome>>) -> Vec<Gain> {
        let rows = &mut self.rows[first..];
        let mut gains: Vec<Gain> =
            rows.iter().map(|row| Gain { job: row.job, delta: row.no_gain() }).collect();
        for outcomes in steps {
            for ((row, gain), outcome) in rows.iter_mut().zip(&mut gains).zip(outcomes) {
                if row.stopped {
                    continue;
                }
                if let Some(job) = self.jobs.iter_mut().find(|job| job.id == row.job) {
                    job.counts.sampled_tokens += u32::from(outcome.is_ok());
                }
                row.take_in(&self.model.tokenizer, outcome, &mut gain.delta);
            }
        }
        self.compact();
        gains
    }

    /// Drops the rows that stopped.
    #[inline(never)]
    fn compact(&mut self) {
        if !self.rows.iter().any(|row| row.stopped) {
            return;
        }
        let kept: Vec<usize> = (0..self.rows.len()).filter(|&index| !self.rows[index].stopped).collect();
        self.rows.retain(|row| !row.stopped);
        for job in &mut self.jobs {
            job.at_work = self.rows.iter().filter(|row| row.job == job.id).count();
        }
        if let Some(advance) = &mut self.advance {
            advance.keep(&kept);
        }
    }

    /// Own tokens that a row of a job has at most, whatever its prompt.
    fn room_for(&self, job: &GenerateJob) -> usize {
        (job.max_new_tokens.max(1) as usize).min(self.model.decoder.config().context_length)
    }

    fn job(&self, id: JobId) -> Option<&Asked> {
        self.jobs.iter().find(|job| job.id == id)
    }
}
