//! From a plan to a pair: what the engine is asked, and which of its answers are shown.

use super::state::{Pair, PromptWish, all_prompts};
use crate::app::prompts::BuiltIn;
use crate::experiment::plan::MOST_NEW_TOKENS;
use crate::preference::{
    Answer, CANDIDATES_PER_SIDE, Device, PairPlan, PairingRule, PreferenceError, SidePlan, Source,
    differing_pair,
};
use crate::protocol::{GenerateJob, ModelSource, RowDelta, RowSpec, StopReason};
use crate::sampling::philox4x32_10;
use crate::units::{Seed, TokenId, Truncation};

/// Second half of the key for drawing prompts.
const PROMPT_STREAM: u32 = 0x5052_4D54;

/// A stage that can be asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Offer {
    /// Its id in the manifest.
    pub stage: String,
    /// Its name for visitors.
    pub label: String,
    /// Its model file.
    pub source: ModelSource,
    /// SHA-256 of its model file.
    pub model_sha256: String,
}

/// The pairs of one visit, in order.
#[derive(Debug, Clone, PartialEq)]
pub struct Sequence {
    seed: Seed,
    drawn: u32,
    rule: PairingRule,
}

impl Sequence {
    /// The sequence of a seed.
    #[must_use]
    pub fn new(seed: Seed) -> Self {
        Self { seed, drawn: 0, rule: PairingRule::default() }
    }

    /// The next prompt and plan. `met`: votes there are on each two stages, as for [`PairingRule::plan`].
    ///
    /// # Errors
    /// Without a stage.
    pub fn next(
        &mut self,
        wish: PromptWish,
        met: &[Vec<usize>],
    ) -> Result<(&'static BuiltIn, PairPlan), PreferenceError> {
        let number = self.drawn;
        self.drawn += 1;
        let plan = self.rule.plan(self.seed, number, met)?;
        let prompt = match wish {
            PromptWish::This(prompt) => prompt,
            PromptWish::Any => {
                let prompts: Vec<_> = all_prompts().collect();
                let [word, ..] = philox4x32_10([number, 0, 0, 0], [self.seed, PROMPT_STREAM]);
                prompts[word as usize % prompts.len()]
            }
        };
        Ok((prompt, plan))
    }
}

/// One candidate, as far as it has come.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Draft {
    text: String,
    token_ids: Vec<TokenId>,
    stop: Option<StopReason>,
}

/// Answers on their way.
#[derive(Debug, Clone, PartialEq)]
pub struct Sampling {
    /// Tells it from others.
    pub serial: u32,
    /// Which attempt at a pair this is, from 1.
    pub attempt: u32,
    /// What the engine is asked: one job, or one per stage.
    pub jobs: Vec<GenerateJob>,
    prompt: &'static str,
    plan: PairPlan,
    /// Of sides A and B.
    offers: [Offer; 2],
    drafts: Vec<Draft>,
    finished_jobs: usize,
}

impl Sampling {
    /// Begins. The plan's stages are indices into `offers`.
    #[must_use]
    pub fn new(
        serial: u32,
        attempt: u32,
        prompt: &'static BuiltIn,
        plan: PairPlan,
        offers: &[Offer],
    ) -> Self {
        let [a, b] = plan.sides;
        let job = |stage: usize, rows: Vec<RowSpec>| GenerateJob {
            model: offers[stage].source.key.clone(),
            prompt: prompt.text.to_owned(),
            chat: true,
            rows,
            max_new_tokens: MOST_NEW_TOKENS,
            patient: false,
        };
        let (rows_a, rows_b) = (rows(&a, plan.seed), rows(&b, plan.seed));
        let jobs = if a.stage == b.stage {
            vec![job(a.stage, rows_a.chain(rows_b).collect())]
        } else {
            vec![job(a.stage, rows_a.collect()), job(b.stage, rows_b.collect())]
        };
        Self {
            serial,
            attempt,
            jobs,
            prompt: prompt.text,
            plan,
            offers: [offers[a.stage].clone(), offers[b.stage].clone()],
            drafts: vec![Draft::default(); 2 * CANDIDATES_PER_SIDE as usize],
            finished_jobs: 0,
        }
    }

    /// The models that the jobs need.
    pub fn sources(&self) -> impl Iterator<Item = &ModelSource> {
        self.offers.iter().map(|offer| &offer.source)
    }

    /// Candidates that have stopped, and all candidates.
    #[must_use]
    pub fn progress(&self) -> (usize, usize) {
        (self.drafts.iter().filter(|draft| draft.stop.is_some()).count(), self.drafts.len())
    }

    /// Takes in new tokens.
    pub fn extend(&mut self, deltas: &[RowDelta]) {
        for delta in deltas {
            if let Some(draft) = self.drafts.get_mut(delta.row as usize) {
                draft.text.push_str(&delta.text);
                draft.token_ids.extend(delta.tokens.iter().map(|token| token.id));
                draft.stop = delta.stop.or(draft.stop);
            }
        }
    }

    /// Forgets the rows of one job, because they will come again.
    pub fn restart(&mut self, job: usize) {
        let rows = self.jobs.get(job).map_or(&[][..], |job| &job.rows);
        for row in rows {
            if let Some(draft) = self.drafts.get_mut(row.row as usize) {
                *draft = Draft::default();
            }
        }
    }

    /// Notes that one job has ended.
    pub fn finish_job(&mut self) {
        self.finished_jobs += 1;
    }

    /// Whether every job has ended.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.finished_jobs >= self.jobs.len()
    }

    /// The first two candidates that differ; none where all are alike. `device` is where they were sampled.
    #[must_use]
    pub fn pair(&self, device: Device) -> Option<Pair> {
        let (a, b) = self.drafts.split_at(CANDIDATES_PER_SIDE as usize);
        // An answer that broke off in nonsense numbers is none.
        let text = |draft: &Draft| match draft.stop {
            Some(StopReason::EndOfAnswer | StopReason::Length) => draft.text.trim().to_owned(),
            Some(StopReason::NotANumber) | None => String::new(),
        };
        let texts = |drafts: &[Draft]| drafts.iter().map(text).collect::<Vec<_>>();
        let (i, j) = differing_pair(&texts(a), &texts(b))?;
        let answer = |side: usize, index: usize| {
            let (draft, plan, offer) = (&[a, b][side][index], &self.plan.sides[side], &self.offers[side]);
            Answer {
                text: text(draft),
                token_ids: draft.token_ids.clone(),
                is_complete: draft.stop == Some(StopReason::EndOfAnswer),
                source: Source {
                    stage: offer.stage.clone(),
                    model_sha256: offer.model_sha256.clone(),
                    temperature: plan.temperature(),
                    top_k: None,
                    top_p: None,
                    seed: self.plan.seed,
                    row: plan.first_row + index as u32,
                    max_new_tokens: MOST_NEW_TOKENS,
                    device,
                },
            }
        };
        Some(Pair { prompt: self.prompt.to_owned(), answers: [answer(0, i), answer(1, j)] })
    }
}

fn rows(side: &SidePlan, seed: Seed) -> impl Iterator<Item = RowSpec> + use<> {
    let (temperature, first) = (side.temperature(), side.first_row);
    (first..first + CANDIDATES_PER_SIDE).map(move |row| RowSpec {
        row,
        seed,
        temperature,
        truncation: Truncation::default(),
    })
}
