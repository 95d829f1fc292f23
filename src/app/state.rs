//! Everything that the page knows, and how each action changes it. Pure: effects are in [`session`](super::session).

use std::rc::Rc;

use super::column::{Column, Phase};
use super::memory::Memory;
use super::models::source_of;
use super::prompts::Side;
use super::settings::{Change, Settings};
use crate::manifest::{Manifest, Stage};
use crate::protocol::{DeviceReport, ModelInfo, ModelSource, VisitorError};
use crate::worker::switchboard::{News, Update};

/// Where the engine stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Engine {
    /// The worker or the manifest is on its way.
    #[default]
    Starting,
    /// The model is on its way.
    Loading {
        /// Bytes received so far.
        received_bytes: u64,
        /// Bytes in all, if known.
        total_bytes: Option<u64>,
    },
    /// Answers can be had.
    Ready,
    /// The visitor stopped the loading.
    Stopped,
    /// It cannot go on by itself.
    Failed(VisitorError),
}

impl Engine {
    /// Short name for tests and styles.
    #[must_use]
    pub fn id(&self) -> &'static str {
        match self {
            Self::Starting => "starting",
            Self::Loading { .. } => "loading",
            Self::Ready => "ready",
            Self::Stopped => "stopped",
            Self::Failed(_) => "failed",
        }
    }
}

/// The page's state.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct State {
    /// What the visitor has chosen.
    pub settings: Settings,
    /// The published models, once known.
    pub manifest: Option<Rc<Manifest>>,
    /// Where the engine stands.
    pub engine: Engine,
    /// The device in use, once known.
    pub device: Option<DeviceReport>,
    /// Why the graphics card is not in use, or that it is on its way.
    pub gpu_note: Option<String>,
    /// Models that the device in use holds.
    pub models: Vec<ModelInfo>,
    /// One per [`Side`].
    pub columns: [Rc<Column>; 2],
    /// Self-BLEU so far.
    pub memory: Rc<Memory>,
    /// Counts the visitor's retries.
    pub attempt: u32,
    runs: u32,
}

/// What can happen.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// The visitor changed something.
    Change(Change),
    /// A link was opened, or the visitor went back or forward.
    Open(Settings),
    /// The settings have come to rest: answer what they ask for, where it is not being answered.
    Settle,
    /// Answer once more.
    RunAgain,
    /// Stop answering; before the engine is ready, stop loading.
    Cancel,
    /// Try again after a failure.
    Retry,
    /// The manifest arrived, or not.
    Manifest(Result<Rc<Manifest>, VisitorError>),
    /// What the engine said since the last frame.
    Heard(Vec<Heard>),
}

/// One thing that the engine said.
#[derive(Debug, Clone, PartialEq)]
pub enum Heard {
    /// About itself.
    News(News),
    /// About the answers of one column.
    Answers {
        /// Which column.
        side: Side,
        /// Which of its runs.
        run: u32,
        /// What.
        update: Update,
    },
}

impl State {
    /// The state at the start, from a link.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self { settings, ..Self::default() }
    }

    /// A column.
    #[must_use]
    pub fn column(&self, side: Side) -> &Rc<Column> {
        &self.columns[side.index()]
    }

    /// Whether any column is running.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.columns.iter().any(|column| column.phase == Phase::Running)
    }

    /// The chosen stage, once the manifest is known.
    #[must_use]
    pub fn stage(&self) -> Option<&Stage> {
        self.manifest.as_ref()?.stages.iter().find(|stage| stage.id == self.settings.stage)
    }

    /// The model of the chosen stage.
    #[must_use]
    pub fn source(&self) -> Option<ModelSource> {
        source_of(self.stage()?)
    }

    /// The loaded model of the chosen stage.
    #[must_use]
    pub fn model(&self) -> Option<&ModelInfo> {
        let key = self.source()?.key;
        self.models.iter().find(|model| model.key == key)
    }

    /// The state after an action.
    #[must_use]
    pub fn after(mut self, action: Action) -> Self {
        match action {
            Action::Change(change) => {
                self.settings.apply(change);
                self.check_stage();
            }
            Action::Open(settings) => {
                self.settings = settings;
                self.check_stage();
                self.run(false);
            }
            Action::Settle => self.run(false),
            Action::RunAgain if self.is_halted() => self.retry(),
            Action::RunAgain => self.run(true),
            Action::Cancel => self.cancel(),
            Action::Retry => self.retry(),
            Action::Manifest(Ok(manifest)) => {
                self.manifest = Some(manifest);
                self.check_stage();
                self.run(false);
            }
            Action::Manifest(Err(error)) => self.engine = Engine::Failed(error),
            Action::Heard(all) => {
                for heard in all {
                    match heard {
                        Heard::News(news) => self.news(news),
                        Heard::Answers { side, run, update } => self.answers(side, run, update),
                    }
                }
            }
        }
        self
    }

    /// A stage that does not exist (in an old link) becomes the first that does.
    fn check_stage(&mut self) {
        let Some(manifest) = &self.manifest else { return };
        let usable = |stage: &&Stage| !stage.files.is_empty();
        if !manifest.stages.iter().filter(usable).any(|stage| stage.id == self.settings.stage)
            && let Some(first) = manifest.stages.iter().find(usable)
        {
            self.settings.stage = first.id.clone();
        }
    }

    /// Starts what the settings ask for; a column that answers it already is left alone unless `again`.
    fn run(&mut self, again: bool) {
        if self.manifest.is_none() || self.is_halted() {
            return;
        }
        for side in Side::ALL {
            let plan = self.settings.plan(side);
            let column = self.column(side);
            let answered = matches!(column.phase, Phase::Running | Phase::Finished);
            let empty = plan.prompt.is_empty();
            if empty || (answered && !again && column.plan.as_ref() == Some(&plan)) {
                continue;
            }
            self.runs += 1;
            let run = self.runs;
            self.edit(side, |column| column.begin(run, plan));
        }
        if self.model().is_none() && self.engine == Engine::Ready {
            self.engine = Engine::Starting; // another stage's model must be loaded first
        } else if self.model().is_some() && self.engine == Engine::Starting {
            self.engine = Engine::Ready;
        }
    }

    fn retry(&mut self) {
        self.attempt += 1;
        self.engine = Engine::Starting;
        self.run(false);
    }

    /// Whether the engine waits for the visitor.
    fn is_halted(&self) -> bool {
        matches!(self.engine, Engine::Stopped | Engine::Failed(_))
    }

    fn cancel(&mut self) {
        if self.engine != Engine::Ready {
            self.engine = Engine::Stopped;
        }
        for side in Side::ALL {
            if self.column(side).phase == Phase::Running {
                self.edit(side, |column| column.end(Phase::Cancelled));
            }
        }
    }

    fn news(&mut self, news: News) {
        let halted = self.is_halted();
        match news {
            News::Device(device) => {
                self.gpu_note =
                    self.gpu_note.take().filter(|_| device.device == crate::protocol::DeviceKind::Cpu);
                self.device = Some(device);
            }
            News::LoadProgress { received_bytes, total_bytes } => {
                if !halted && self.model().is_none() {
                    self.engine = Engine::Loading { received_bytes, total_bytes };
                }
            }
            News::Loaded(model) => {
                self.models.retain(|known| known.key != model.key);
                self.models.push(model);
                if !halted && self.model().is_some() {
                    self.engine = Engine::Ready;
                }
            }
            News::GpuOpening => self.gpu_note = Some("Looking at the graphics card …".to_owned()),
            News::GpuDeclined(reason) => self.gpu_note = Some(reason),
            News::Failed(error) => {
                self.engine = Engine::Failed(error.clone());
                self.models.clear();
                for side in Side::ALL {
                    if self.column(side).phase == Phase::Running {
                        self.edit(side, |column| column.end(Phase::Failed(error.clone())));
                    }
                }
            }
            News::Stopped => {
                self.device = None;
                self.models.clear();
            }
        }
    }

    fn answers(&mut self, side: Side, run: u32, update: Update) {
        let column = self.column(side);
        if column.run != run || column.phase != Phase::Running {
            return; // late news of an older run
        }
        match update {
            Update::Tokens(deltas) => self.edit(side, |column| column.extend(&deltas)),
            Update::Finished(stats) => {
                self.edit(side, |column| {
                    column.end(Phase::Finished);
                    column.stats = Some(stats);
                });
                let column = Rc::clone(self.column(side));
                if let (Some(plan), Some(self_bleu)) = (&column.shown, column.dials.and_then(|d| d.self_bleu))
                {
                    Rc::make_mut(&mut self.memory).note(plan, self_bleu);
                }
            }
            Update::Cancelled => self.edit(side, |column| column.end(Phase::Cancelled)),
            Update::Failed(error) => self.edit(side, |column| column.end(Phase::Failed(error))),
            Update::Restarted => self.edit(side, Column::restart),
        }
    }

    fn edit(&mut self, side: Side, edit: impl FnOnce(&mut Column)) {
        edit(Rc::make_mut(&mut self.columns[side.index()]));
    }
}

#[cfg(test)]
#[path = "state_tests.rs"]
mod tests;
