//! What the chapter knows, and how each action changes it. Pure: effects are in `desk`.

use std::rc::Rc;

use crate::app::models::source_of;
use crate::app::prompts::{Side, side};
use crate::experiment::live::{EXPERIMENT_VERSION, Experiment, ExperimentError, ExperimentStage, Measured};
use crate::experiment::plan::{Block, Length, job, protocol};
use crate::manifest::Manifest;
use crate::protocol::{GenerateJob, ModelSource, VisitorError};

/// Key of the random draws. The recorded curves have another, so that live ones are a second sample, not a copy.
const SEED: u32 = 21;

/// Experiments before that stay at hand.
const MOST_FORMER: usize = 4;

/// Where the experiment stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Phase {
    /// Nothing runs.
    #[default]
    Resting,
    /// A block runs.
    Running {
        /// Tells this attempt at a block from others.
        ticket: u32,
        /// The block.
        block: Block,
        /// Answers of it that have stopped.
        answered: u32,
    },
}

/// The chapter's state.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct State {
    /// The published stages and their models.
    pub stages: Vec<(ExperimentStage, ModelSource)>,
    /// The experiment, as far as it has come; none before one is begun.
    pub experiment: Option<Rc<Experiment>>,
    /// Those before that had come to something, the last one last: what is begun, opened or thrown away by mistake takes none away for good.
    pub former: Vec<Rc<Experiment>>,
    /// Where it stands.
    pub phase: Phase,
    /// What to tell the visitor.
    pub notice: Option<Notice>,
    /// How often something was told: the same may be told twice.
    pub told: u32,
    pace: [Pace; 2],
    tickets: u32,
}

/// Something to tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// It was done.
    Done(Outcome),
    /// It was not.
    Problem(Outcome),
    /// A block could not be done.
    Failed(VisitorError),
}

/// What came of handing out or taking in a file, or of keeping the experiment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The file of this name was handed over.
    Written(&'static str),
    /// A file could not be made; more of it, in English.
    Unwritten(String),
    /// The experiment of a file is here.
    Opened,
    /// The browser did not take the file.
    NotHandedOver,
    /// The browser does not keep the experiment.
    NotKept,
    /// The browser could not read the file.
    Unreadable,
    /// The file is no experiment.
    Refused(ExperimentError),
}

/// How long blocks of one kind took.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct Pace {
    blocks: u32,
    total_ms: f64,
}

/// What can happen.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// The published stages are known.
    Offered(Rc<Manifest>),
    /// Begin a new experiment.
    Begin {
        /// How much to ask.
        length: Length,
        /// Now, in milliseconds since 1970.
        unix_ms: u64,
        /// Where it runs.
        engine: String,
    },
    /// Stop for now. The block under way is asked again later.
    Pause,
    /// Go on.
    Resume,
    /// Throw the experiment away.
    Discard,
    /// Bring back the one before; again: the one before that, and so on in a circle.
    BringBack,
    /// Answers of a block have stopped.
    Answered {
        /// The attempt.
        ticket: u32,
        /// How many.
        answers: u32,
    },
    /// A block is done.
    Measured {
        /// The attempt.
        ticket: u32,
        /// Its numbers.
        measured: Measured,
        /// How long it took.
        took_ms: f64,
    },
    /// A block could not be done.
    Failed {
        /// The attempt.
        ticket: u32,
        /// Why.
        error: VisitorError,
    },
    /// An experiment that was kept.
    Opened(Rc<Experiment>),
    /// An experiment from a file.
    Imported(Rc<Experiment>),
    /// Something to tell.
    Told(Notice),
}

impl State {
    /// The state after an action.
    #[must_use]
    pub fn after(mut self, action: Action) -> Self {
        match action {
            Action::Offered(manifest) => {
                let stage = |stage: &crate::manifest::Stage| {
                    let known = ExperimentStage {
                        id: stage.id.clone(),
                        label: stage.label.clone(),
                        sha256: stage.files.first()?.sha256.clone(),
                    };
                    Some((known, source_of(stage)?))
                };
                self.stages = manifest.stages.iter().filter_map(stage).collect();
            }
            Action::Begin { length, unix_ms, engine } => self.begin(length, unix_ms, engine),
            Action::Pause => self.phase = Phase::Resting,
            Action::Resume => {
                self.notice = None;
                self.go_on();
            }
            Action::Discard => {
                self.phase = Phase::Resting;
                self.turn_to(None);
            }
            Action::BringBack => {
                if let Some(former) = self.former.pop() {
                    let others = std::mem::take(&mut self.former);
                    self.phase = Phase::Resting;
                    self.turn_to(Some(former));
                    self.former.extend(others);
                }
            }
            Action::Answered { ticket: heard, answers } => {
                if let Phase::Running { ticket, answered, .. } = &mut self.phase
                    && *ticket == heard
                {
                    *answered = answers;
                }
            }
            Action::Measured { ticket, measured, took_ms } => self.measured(ticket, measured, took_ms),
            Action::Failed { ticket, error } => {
                if self.is_running(ticket) {
                    self.phase = Phase::Resting;
                    self.tell(Notice::Failed(error));
                }
            }
            Action::Opened(experiment) => {
                if self.phase == Phase::Resting {
                    self.turn_to(Some(experiment));
                }
            }
            Action::Imported(experiment) => {
                if self.phase == Phase::Resting {
                    self.turn_to(Some(experiment));
                    self.tell(Notice::Done(Outcome::Opened));
                }
            }
            Action::Told(notice) => self.tell(notice),
        }
        self
    }

    /// The stages of the experiment, or before one is begun those that are published.
    #[must_use]
    pub fn stages_shown(&self) -> Vec<ExperimentStage> {
        match &self.experiment {
            Some(experiment) => experiment.stages.clone(),
            None => self.stages.iter().map(|(stage, _)| stage.clone()).collect(),
        }
    }

    /// Whether an experiment can be begun.
    #[must_use]
    pub fn can_begin(&self) -> bool {
        !self.stages.is_empty() && self.phase == Phase::Resting
    }

    /// Whether the experiment can go on: something is left, and its models are the published ones.
    #[must_use]
    pub fn can_resume(&self) -> bool {
        let Some(experiment) = &self.experiment else { return false };
        self.phase == Phase::Resting
            && !experiment.remaining().is_empty()
            && (experiment.stages.iter()).all(|stage| self.stages.iter().any(|(known, _)| known == stage))
    }

    /// The request for the block under way, and its model.
    #[must_use]
    pub fn job(&self) -> Option<(GenerateJob, ModelSource)> {
        let (Phase::Running { block, .. }, Some(experiment)) = (&self.phase, &self.experiment) else {
            return None;
        };
        let stage = experiment.stages.get(usize::from(block.stage))?;
        let (_, source) = self.stages.iter().find(|(known, _)| known == stage)?;
        Some((job(&experiment.protocol, *block, &source.key)?, source.clone()))
    }

    /// Share that is done, 0 to 1, the block under way by its answers.
    #[must_use]
    pub fn share_done(&self) -> f64 {
        let Some(experiment) = &self.experiment else { return 0.0 };
        let (done, all) = experiment.progress();
        (done as f64 + self.share_of_block()) / all.max(1) as f64
    }

    /// Time that the rest will take, in milliseconds; none before a block is done.
    #[must_use]
    pub fn left_ms(&self) -> Option<f64> {
        let experiment = self.experiment.as_ref()?;
        let remaining = experiment.remaining();
        let blocks: u32 = self.pace.iter().map(|pace| pace.blocks).sum();
        let all_ms: f64 = self.pace.iter().map(|pace| pace.total_ms).sum();
        if blocks == 0 {
            return None;
        }
        let of = |block: &Block| match self.pace[side(block.kind).index()] {
            Pace { blocks: 0, .. } => all_ms / f64::from(blocks),
            pace => pace.total_ms / f64::from(pace.blocks),
        };
        let first = remaining.first().map_or(0.0, |block| of(block) * self.share_of_block());
        Some((remaining.iter().map(of).sum::<f64>() - first).max(0.0))
    }

    fn share_of_block(&self) -> f64 {
        let (Phase::Running { answered, .. }, Some(experiment)) = (&self.phase, &self.experiment) else {
            return 0.0;
        };
        let protocol = &experiment.protocol;
        f64::from(*answered)
            / (protocol.temperatures.len() as f64 * f64::from(protocol.answers_per_prompt)).max(1.0)
    }

    fn is_running(&self, wanted: u32) -> bool {
        matches!(self.phase, Phase::Running { ticket, .. } if ticket == wanted)
    }

    fn begin(&mut self, length: Length, unix_ms: u64, engine: String) {
        if !self.can_begin() {
            return;
        }
        let prompts = |side: Side| side.prompts().iter().map(|prompt| prompt.text).collect::<Vec<_>>();
        let experiment = Experiment {
            version: EXPERIMENT_VERSION,
            began_unix_ms: unix_ms,
            length,
            protocol: protocol(length, &prompts(Side::Creative), &prompts(Side::Factual), SEED),
            engine,
            stages: self.stages.iter().map(|(stage, _)| stage.clone()).collect(),
            done: Vec::new(),
        };
        self.turn_to(Some(Rc::new(experiment)));
        self.go_on();
    }

    /// Has another experiment, or none. The one that was here stays at hand, unless nothing of it was done.
    fn turn_to(&mut self, experiment: Option<Rc<Experiment>>) {
        self.notice = None;
        if self.experiment == experiment {
            return; // what is kept is opened again whenever the stages change
        }
        let before = std::mem::replace(&mut self.experiment, experiment);
        if let Some(before) = before.filter(|before| !before.done.is_empty()) {
            self.former.push(before);
            self.former.drain(..self.former.len().saturating_sub(MOST_FORMER));
        }
        self.pace = Default::default();
    }

    fn tell(&mut self, notice: Notice) {
        self.notice = Some(notice);
        self.told += 1;
    }

    /// Begins the next block, if there is one.
    fn go_on(&mut self) {
        self.phase = Phase::Resting;
        if !self.can_resume() {
            return;
        }
        if let Some(block) =
            self.experiment.as_ref().and_then(|experiment| experiment.remaining().first().copied())
        {
            self.tickets += 1;
            self.phase = Phase::Running { ticket: self.tickets, block, answered: 0 };
        }
    }

    fn measured(&mut self, ticket: u32, measured: Measured, took_ms: f64) {
        if !self.is_running(ticket) {
            return;
        }
        let pace = &mut self.pace[side(measured.block.kind).index()];
        *pace = Pace { blocks: pace.blocks + 1, total_ms: pace.total_ms + took_ms.max(0.0) };
        if let Some(experiment) = &mut self.experiment {
            Rc::make_mut(experiment).take_in(measured);
        }
        self.go_on();
    }
}

#[cfg(test)]
#[path = "state_tests.rs"]
mod tests;
