//! What the chapter knows, and how each action changes it. Pure: effects are in `desk`.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::app::models::source_of;
use crate::app::prompts::side;
use crate::experiment::plan::{ANSWERS_PER_PROMPT, Kind, MOST_NEW_TOKENS};
use crate::experiment::rewards::{Distribution, ScoredAnswer, bin_of, bins, distribution, expected_best_of};
use crate::manifest::{Manifest, Stage};
use crate::protocol::{GenerateJob, ModelSource, RowSpec, VisitorError};
use crate::units::{Temperature, Truncation};

/// Prompts of each kind.
pub const PROMPTS: usize = 4;
/// Temperatures of a sweep, in tenths.
pub const SWEEP: [u8; 6] = [4, 6, 8, 10, 12, 14];
/// The temperature in tenths at which the odds are as learned.
const LEARNED: u8 = 10;
/// Key of the random draws.
const SEED: u32 = 20;

/// Who answers.
#[derive(Debug, Clone, PartialEq)]
pub struct Entrant {
    /// Id in the manifest.
    pub id: String,
    /// Name for visitors.
    pub label: String,
    /// The model.
    pub source: ModelSource,
    /// Whether it stands beside the lineage, as a warning.
    pub is_warning: bool,
}

/// What was found of an entrant.
#[derive(Debug, Clone, PartialEq)]
pub struct Results<'a> {
    /// Who.
    pub entrant: &'a Entrant,
    /// Its rewards; none before its first answers.
    pub distribution: Option<Distribution>,
    /// The expected reward of the best of N; empty before its first answers.
    pub best_of: Vec<f64>,
    /// Temperature in tenths, and there the expected reward of the best of all answers to a prompt; where all prompts are
    /// answered.
    pub by_temperature: Vec<(u8, f64)>,
}

/// One prompt to one entrant: the piece in which the sampling advances.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// Temperature in tenths.
    pub tenths: u8,
    /// Place of the prompt in its kind.
    pub prompt: usize,
    /// Kind of the prompt.
    pub kind: Kind,
    /// Place of the entrant.
    pub entrant: usize,
}

/// Where the sampling stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Phase {
    /// Nothing runs.
    #[default]
    Resting,
    /// A step runs.
    Running {
        /// Tells this attempt from others.
        ticket: u32,
        /// The step.
        step: Step,
    },
}

/// Scored answers by temperature in tenths, entrant and kind: one list per prompt.
type Answers = BTreeMap<(u8, usize, Kind), Vec<Vec<ScoredAnswer>>>;

/// The chapter's state.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct State {
    /// Who can answer.
    pub entrants: Vec<Entrant>,
    /// The reward model; none where none is published.
    pub judge: Option<ModelSource>,
    /// Where the sampling stands.
    pub phase: Phase,
    /// Temperature in tenths at which the answers shown were sampled.
    pub temperature_tenths: u8,
    /// The temperature in tenths that is shown when a run is over, or the one closest to it.
    home: u8,
    /// Which kind of prompts is shown.
    pub shown: Option<Kind>,
    /// Whose answers are listed: place of the entrant.
    pub listed: usize,
    /// Which of them: those of a bar of the entrant's hill, or the worst, some from the middle and the best.
    pub bar: Option<usize>,
    /// Why it stopped, if something went wrong.
    pub problem: Option<VisitorError>,
    answers: Rc<Answers>,
    /// The temperatures, in tenths, of the last run.
    run: Vec<u8>,
    tickets: u32,
}

/// What can happen.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// The published models are known.
    Offered(Rc<Manifest>),
    /// Begin anew, at a temperature in tenths.
    Begin(u8),
    /// Begin anew, at all temperatures of a sweep.
    Sweep,
    /// Show the answers of another temperature, in tenths.
    At(u8),
    /// Stop; what has been scored stays.
    Stop,
    /// Show another kind of prompts.
    Show(Kind),
    /// List answers of an entrant: the worst, some from the middle, the best.
    List(usize),
    /// List the answers behind a bar of a hill.
    Bar {
        /// Place of the entrant.
        entrant: usize,
        /// Place of the bar, that of the lowest rewards first.
        bar: usize,
    },
    /// A step is done.
    Scored {
        /// The attempt.
        ticket: u32,
        /// Its answers.
        answers: Vec<ScoredAnswer>,
    },
    /// A step could not be done.
    Failed {
        /// The attempt.
        ticket: u32,
        /// Why.
        error: VisitorError,
    },
}

impl State {
    /// The state after an action.
    #[must_use]
    pub fn after(mut self, action: Action) -> Self {
        match action {
            Action::Offered(manifest) => {
                let entrant = |stage: &Stage, is_warning| {
                    let (id, label) = (stage.id.clone(), stage.label.clone());
                    Some(Entrant { id, label, source: source_of(stage)?, is_warning })
                };
                let stages = manifest.stages.iter().filter_map(|stage| entrant(stage, false));
                let warnings = manifest.demonstrations.iter().filter_map(|stage| entrant(stage, true));
                let entrants: Vec<Entrant> = stages.chain(warnings).collect();
                if entrants != self.entrants {
                    // Another stage was trained, or forgotten: answers belong to places among the entrants.
                    self.phase = Phase::Resting;
                    (self.answers, self.run, self.listed, self.bar) = Default::default();
                }
                self.entrants = entrants;
                self.judge = manifest.reward_models.first().and_then(source_of);
            }
            Action::Begin(tenths) => self.begin(vec![tenths.max(1)], tenths.max(1)),
            Action::Sweep => {
                let has_any = !self.temperatures().is_empty();
                self.begin(SWEEP.to_vec(), if has_any { self.temperature_tenths } else { LEARNED });
            }
            Action::At(tenths) => self.temperature_tenths = tenths,
            Action::Stop => self.phase = Phase::Resting,
            Action::Show(kind) => self.shown = Some(kind),
            Action::List(entrant) => self.list(entrant, None),
            Action::Bar { entrant, bar } => self.list(entrant, Some(bar.min(bins() - 1))),
            Action::Scored { ticket, answers } => {
                if let Phase::Running { ticket: current, step } = self.phase
                    && current == ticket
                {
                    let all = Rc::make_mut(&mut self.answers);
                    all.entry((step.tenths, step.entrant, step.kind)).or_default().push(answers);
                    self.go_on();
                }
            }
            Action::Failed { ticket, error } => {
                if matches!(self.phase, Phase::Running { ticket: current, .. } if current == ticket) {
                    self.phase = Phase::Resting;
                    self.problem = Some(error);
                }
            }
        }
        self
    }

    fn list(&mut self, entrant: usize, bar: Option<usize>) {
        self.listed = entrant.min(self.entrants.len().saturating_sub(1));
        self.bar = bar;
    }

    /// Whether answers can be sampled and scored.
    #[must_use]
    pub fn can_begin(&self) -> bool {
        self.judge.is_some() && !self.entrants.is_empty() && self.phase == Phase::Resting
    }

    /// All models that are needed, the judge's too.
    pub fn sources(&self) -> impl Iterator<Item = &ModelSource> {
        self.judge.iter().chain(self.entrants.iter().map(|entrant| &entrant.source))
    }

    /// Steps of the last run that are done.
    #[must_use]
    pub fn done(&self) -> usize {
        self.run.iter().map(|tenths| self.done_at(*tenths)).sum()
    }

    /// Steps of the last run in all; before the first, of one temperature.
    #[must_use]
    pub fn all(&self) -> usize {
        self.all_at_one() * self.run.len().max(1)
    }

    fn done_at(&self, tenths: u8) -> usize {
        self.answers.iter().filter(|((t, ..), _)| *t == tenths).map(|(_, prompts)| prompts.len()).sum()
    }

    fn all_at_one(&self) -> usize {
        PROMPTS * Kind::ALL.len() * self.entrants.len()
    }

    /// The temperatures, in tenths, that have answers.
    #[must_use]
    pub fn temperatures(&self) -> Vec<u8> {
        let mut all: Vec<u8> = self.answers.keys().map(|(tenths, ..)| *tenths).collect();
        all.dedup();
        all
    }

    /// The kind that is shown.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.shown.unwrap_or(Kind::Creative)
    }

    /// The answers of an entrant to the prompts shown, the worst first.
    #[must_use]
    pub fn scored(&self, entrant: usize) -> Vec<&ScoredAnswer> {
        let of = self.answers.get(&(self.temperature_tenths, entrant, self.kind()));
        let mut all: Vec<&ScoredAnswer> = of.into_iter().flatten().flatten().collect();
        all.sort_by(|a, b| a.reward.total_cmp(&b.reward));
        all
    }

    /// The answers behind a bar of an entrant's hill, the worst first.
    #[must_use]
    pub fn behind(&self, entrant: usize, bar: usize) -> Vec<&ScoredAnswer> {
        self.scored(entrant).into_iter().filter(|answer| bin_of(answer.reward) == bar).collect()
    }

    /// All that is drawn of the entrants, in their order.
    #[must_use]
    pub fn results(&self) -> Vec<Results<'_>> {
        let results = |(place, entrant)| Results {
            entrant,
            distribution: self.distribution(place),
            best_of: self.best_of(place, self.temperature_tenths),
            by_temperature: self.by_temperature(place),
        };
        self.entrants.iter().enumerate().map(results).collect()
    }

    /// The distribution of an entrant's rewards; none before its first answers.
    #[must_use]
    pub fn distribution(&self, entrant: usize) -> Option<Distribution> {
        distribution(&self.scored(entrant).into_iter().map(|answer| answer.reward).collect::<Vec<_>>())
    }

    /// The expected reward of the best of N, N from 1 to [`ANSWERS_PER_PROMPT`], mean over the prompts; empty before any answers.
    #[must_use]
    pub fn best_of(&self, entrant: usize, tenths: u8) -> Vec<f64> {
        let Some(prompts) = self.answers.get(&(tenths, entrant, self.kind())) else { return Vec::new() };
        let curve = |answers: &Vec<ScoredAnswer>| {
            expected_best_of(&answers.iter().map(|answer| answer.reward).collect::<Vec<_>>())
        };
        let curves: Vec<Vec<f64>> = prompts.iter().map(curve).collect();
        let shortest = curves.iter().map(Vec::len).min().unwrap_or(0);
        let mean = |n: usize| curves.iter().map(|curve| curve[n]).sum::<f64>() / curves.len() as f64;
        (0..shortest).map(mean).collect()
    }

    /// The expected reward of the best of all answers by temperature in tenths, where every prompt of the kind is answered.
    fn by_temperature(&self, entrant: usize) -> Vec<(u8, f64)> {
        let is_whole = |tenths: &u8| {
            let prompts = self.answers.get(&(*tenths, entrant, self.kind()));
            prompts.is_some_and(|prompts| prompts.len() == PROMPTS)
        };
        let best = |tenths: u8| Some((tenths, *self.best_of(entrant, tenths).last()?));
        self.temperatures().into_iter().filter(is_whole).filter_map(best).collect()
    }

    /// What the step under way asks.
    #[must_use]
    pub fn job(&self) -> Option<(GenerateJob, ModelSource)> {
        let Phase::Running { step, .. } = self.phase else { return None };
        let entrant = self.entrants.get(step.entrant)?;
        let temperature = Temperature::Value(f32::from(step.tenths) / 10.0);
        let row = |row| RowSpec {
            row,
            seed: SEED + step.prompt as u32,
            temperature,
            truncation: Truncation::default(),
        };
        let job = GenerateJob {
            model: entrant.source.key.clone(),
            prompt: prompt(step)?.to_owned(),
            chat: true,
            rows: (0..ANSWERS_PER_PROMPT).map(row).collect(),
            max_new_tokens: MOST_NEW_TOKENS,
            patient: true,
        };
        Some((job, entrant.source.clone()))
    }

    /// Forgets what is known of some temperatures, and begins to sample there.
    fn begin(&mut self, run: Vec<u8>, home: u8) {
        if self.can_begin() {
            self.home = home;
            Rc::make_mut(&mut self.answers).retain(|(tenths, ..), _| !run.contains(tenths));
            self.problem = None;
            self.run = run;
            self.go_on();
        }
    }

    /// Begins the next step, if there is one: all entrants answer a prompt before any answers the next.
    fn go_on(&mut self) {
        self.phase = Phase::Resting;
        let next = self.run.iter().find(|tenths| self.done_at(**tenths) < self.all_at_one());
        let Some(&tenths) = next else {
            // Not where it happened to end: at the hottest, where every stage stumbles.
            let home = self.home;
            self.temperature_tenths =
                self.temperatures().into_iter().min_by_key(|tenths| tenths.abs_diff(home)).unwrap_or(home);
            return;
        };
        let number = self.done_at(tenths);
        let (entrants, kinds) = (self.entrants.len(), Kind::ALL.len());
        self.temperature_tenths = tenths;
        let step = Step {
            tenths,
            entrant: number % entrants,
            kind: Kind::ALL[number / entrants % kinds],
            prompt: number / entrants / kinds,
        };
        self.tickets += 1;
        self.phase = Phase::Running { ticket: self.tickets, step };
    }
}

/// The text of a step's prompt.
#[must_use]
pub fn prompt(step: Step) -> Option<&'static str> {
    side(step.kind).prompts().get(step.prompt).map(|prompt| prompt.text)
}

#[cfg(test)]
#[path = "state_tests.rs"]
mod tests;
