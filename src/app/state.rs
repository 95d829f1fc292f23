//! Everything that the page knows, and how each action changes it. Pure: effects are in [`session`](super::session).

use std::rc::Rc;

use super::column::{Column, Phase};
use super::memory::Memory;
use super::models::source_of;
use super::own::{OWN_ID, with_own};
use super::prompts::Side;
use super::settings::{Change, Settings};
use super::slot::{Place, Slot};
use crate::experiment::recorded::RecordedExperiment;
use crate::manifest::{Manifest, Stage};
use crate::protocol::{DeviceReport, ModelInfo, ModelSource, VisitorError};
use crate::worker::switchboard::{Declined, News, Update};

/// Where the engine stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Engine {
    /// The worker or the manifest is on its way.
    #[default]
    Starting,
    /// A model is on its way.
    Loading {
        /// Name of its stage.
        stage: String,
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

/// What is to be said of the graphics card while it is not in use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GpuNote {
    /// It is being looked at.
    Opening,
    /// It was lost, and is looked at once more.
    Reopening,
    /// It stays unused.
    Declined(Declined),
}

/// The page's state.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct State {
    /// What the visitor has chosen.
    pub settings: Settings,
    /// The published models, once known, and the stage that was trained in this browser, if there is one.
    pub manifest: Option<Rc<Manifest>>,
    /// Where the engine stands.
    pub engine: Engine,
    /// The device in use, once known.
    pub device: Option<DeviceReport>,
    /// How many workers share the rows; 0 or 1 where nothing is shared.
    pub workers: usize,
    /// Why the graphics card is not in use, or that it is on its way.
    pub gpu_note: Option<GpuNote>,
    /// Models that the device in use holds.
    pub models: Vec<ModelInfo>,
    /// One per [`Slot`].
    pub columns: [Rc<Column>; 4],
    /// Curves that the lab recorded, if there are any.
    pub recorded: Option<Rc<RecordedExperiment>>,
    /// Self-BLEU so far.
    pub memory: Rc<Memory>,
    /// Counts the visitor's retries.
    pub attempt: u32,
    /// The published models alone.
    published: Option<Rc<Manifest>>,
    /// The stage that was trained in this browser; none until it is known whether there is one.
    own: Option<Option<Rc<Stage>>>,
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
    /// The stage that was trained in this browser, or that there is none.
    Own(Option<Rc<Stage>>),
    /// The recorded curves arrived.
    Recorded(Rc<RecordedExperiment>),
    /// What the engine said since the last frame.
    Heard(Vec<Heard>),
}

/// One thing that the engine said.
#[derive(Debug, Clone, PartialEq)]
pub enum Heard {
    /// About itself.
    News(News),
    /// About the answers of one run.
    Answers {
        /// Which; no two columns ever have the same.
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

    /// A column of the chosen stage.
    #[must_use]
    pub fn column(&self, side: Side) -> &Rc<Column> {
        self.at(Slot { side, place: Place::Chosen })
    }

    /// The column of a slot.
    #[must_use]
    pub fn at(&self, slot: Slot) -> &Rc<Column> {
        &self.columns[slot.index()]
    }

    /// The columns that the page shows: two, or four with a stage beside.
    #[must_use]
    pub fn shown(&self) -> &[Rc<Column>] {
        if self.settings.beside.is_some() { &self.columns } else { &self.columns[..2] }
    }

    /// Whether any column is running.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.columns.iter().any(|column| column.phase == Phase::Running)
    }

    /// The chosen stage, once the manifest is known.
    #[must_use]
    pub fn stage(&self) -> Option<&Stage> {
        self.stage_of(&self.settings.stage)
    }

    /// The stage that stands beside, once the manifest is known.
    #[must_use]
    pub fn stage_beside(&self) -> Option<&Stage> {
        self.stage_of(self.settings.beside.as_ref()?)
    }

    fn stage_of(&self, id: &str) -> Option<&Stage> {
        self.manifest.as_ref()?.stages.iter().find(|stage| stage.id == id)
    }

    /// The model of a stage.
    #[must_use]
    pub fn source(&self, stage: &str) -> Option<ModelSource> {
        source_of(self.stage_of(stage)?)
    }

    /// The models that the page needs now: that of the chosen stage first.
    #[must_use]
    pub fn sources(&self) -> Vec<ModelSource> {
        self.stage().into_iter().chain(self.stage_beside()).filter_map(source_of).collect()
    }

    /// The first model that is needed and not there yet, and the name of its stage.
    fn missing(&self) -> Option<(ModelSource, String)> {
        let stages = self.stage().into_iter().chain(self.stage_beside());
        let mut needed = stages.filter_map(|stage| Some((source_of(stage)?, stage.label.clone())));
        needed.find(|(source, _)| self.models.iter().all(|model| model.key != source.key))
    }

    /// The state after an action.
    #[must_use]
    pub fn after(mut self, action: Action) -> Self {
        match action {
            Action::Change(change) => {
                let is_other_stage = matches!(change, Change::Stage(_) | Change::Beside(_));
                self.change(change);
                if is_other_stage && matches!(self.engine, Engine::Failed(_)) {
                    self.retry(); // another model may well be there
                }
            }
            Action::Open(settings) => {
                self.settings = settings;
                self.check_stage();
                if self.settings.beside.is_none() {
                    self.clear_beside();
                }
                self.run(false);
            }
            Action::Settle => self.run(false),
            Action::RunAgain if self.is_halted() => self.retry(),
            Action::RunAgain => self.run(true),
            Action::Cancel => self.cancel(),
            Action::Retry => self.retry(),
            Action::Manifest(Ok(manifest)) => {
                self.published = Some(manifest);
                self.offer();
            }
            Action::Own(own) => {
                self.own = Some(own);
                self.offer();
            }
            Action::Manifest(Err(error)) => self.engine = Engine::Failed(error),
            Action::Recorded(recorded) => self.recorded = Some(recorded),
            Action::Heard(all) => {
                for heard in all {
                    match heard {
                        Heard::News(news) => self.news(news),
                        Heard::Answers { run, update } => self.answers(run, update),
                    }
                }
            }
        }
        self
    }

    /// Offers the stages that there are. A link to the own stage waits until it is known whether there is one.
    fn offer(&mut self) {
        let Some(published) = &self.published else { return };
        let is_wanted = self.settings.stage == OWN_ID || self.settings.beside.as_deref() == Some(OWN_ID);
        if self.own.is_none() && is_wanted {
            return;
        }
        let own = self.own.iter().flatten().next();
        let offered = with_own(published, own.map(Rc::as_ref));
        // The same list stays the same in memory, so that parts which take it see at a glance that it is.
        if self.manifest.as_deref() != Some(&offered) {
            self.manifest = Some(Rc::new(offered));
        }
        self.check_stage();
        self.run(false);
    }

    fn change(&mut self, change: Change) {
        let (stage, beside) = (self.settings.stage.clone(), self.settings.beside.clone());
        self.settings.apply(change);
        self.check_stage();
        if self.settings.beside.is_none() {
            self.clear_beside();
        } else if self.settings.beside == Some(stage) && beside == Some(self.settings.stage.clone()) {
            // The two stages changed places, and their answers with them.
            self.columns.rotate_left(2);
        }
    }

    /// Forgets the answers of the stage that stood beside.
    fn clear_beside(&mut self) {
        for column in &mut self.columns[2..] {
            *column = Rc::default();
        }
    }

    /// A stage that does not exist (in an old link) becomes the first that does; beside it, none.
    fn check_stage(&mut self) {
        let Some(manifest) = &self.manifest else { return };
        let usable = |stage: &&Stage| !stage.files.is_empty();
        if !manifest.stages.iter().filter(usable).any(|stage| stage.id == self.settings.stage)
            && let Some(first) = manifest.stages.iter().find(usable)
        {
            self.settings.stage = first.id.clone();
        }
        let stands = |id: &String| {
            *id != self.settings.stage && manifest.stages.iter().filter(usable).any(|stage| stage.id == *id)
        };
        self.settings.beside = self.settings.beside.take().filter(stands);
    }

    /// Starts what the settings ask for; a column that answers it already is left alone unless `again`.
    fn run(&mut self, again: bool) {
        if self.manifest.is_none() || self.is_halted() {
            return;
        }
        for slot in Slot::ALL {
            let Some(plan) = self.settings.plan_at(slot) else { continue };
            let column = self.at(slot);
            let answered = matches!(column.phase, Phase::Running | Phase::Finished);
            let empty = plan.prompt.is_empty();
            if empty || (answered && !again && column.plan.as_ref() == Some(&plan)) {
                continue;
            }
            self.runs += 1;
            let run = self.runs;
            self.edit(slot, |column| column.begin(run, plan));
        }
        self.watch_models();
    }

    /// Brings the engine's phase in line with the models that are needed and those that are there.
    fn watch_models(&mut self) {
        if self.is_halted() {
            return;
        }
        self.engine = match (self.missing(), &self.engine) {
            (None, _) if self.manifest.is_some() => Engine::Ready,
            (Some((_, label)), Engine::Loading { stage, .. }) if *stage == label => return,
            (Some((source, stage)), _) if self.device.is_some() => {
                Engine::Loading { stage, received_bytes: 0, total_bytes: source.size_bytes }
            }
            _ => Engine::Starting,
        };
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
        self.end_running(&Phase::Cancelled);
    }

    /// Ends every run that is under way.
    fn end_running(&mut self, phase: &Phase) {
        for slot in Slot::ALL {
            if self.at(slot).phase == Phase::Running {
                self.edit(slot, |column| column.end(phase.clone()));
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
            News::Workers(workers) => self.workers = workers,
            News::LoadProgress { key, received_bytes, total_bytes } => {
                // Models that only the comparison widget asked for are its own affair.
                if !halted && let Some((_, stage)) = self.missing().filter(|(source, _)| source.key == key) {
                    self.engine = Engine::Loading { stage, received_bytes, total_bytes };
                }
            }
            News::Loaded(model) => {
                self.models.retain(|known| known.key != model.key);
                self.models.push(model);
                self.watch_models();
            }
            News::Unloaded(key) => self.models.retain(|known| known.key != key),
            News::LoadFailed { key, error } => {
                if self.sources().iter().any(|source| source.key == key) {
                    self.engine = Engine::Failed(error.clone());
                    self.end_running(&Phase::Failed(error));
                }
            }
            News::GpuOpening => self.gpu_note = Some(GpuNote::Opening),
            News::GpuReopening => self.gpu_note = Some(GpuNote::Reopening),
            News::GpuDeclined(reason) => self.gpu_note = Some(GpuNote::Declined(reason)),
            News::Failed(error) => {
                self.engine = Engine::Failed(error.clone());
                self.models.clear();
                self.end_running(&Phase::Failed(error));
            }
            News::Stopped => {
                self.device = None;
                self.models.clear();
            }
        }
    }

    fn answers(&mut self, run: u32, update: Update) {
        let is_running = |slot: &Slot| self.at(*slot).run == run && self.at(*slot).phase == Phase::Running;
        let Some(slot) = Slot::ALL.into_iter().find(is_running) else {
            return; // late news of an older run
        };
        match update {
            Update::Tokens(deltas) => self.edit(slot, |column| column.extend(&deltas)),
            Update::Finished(stats) => {
                self.edit(slot, |column| {
                    column.end(Phase::Finished);
                    column.stats = Some(stats);
                });
                let column = Rc::clone(self.at(slot));
                if let (Some(plan), Some(self_bleu)) = (&column.shown, column.dials.and_then(|d| d.self_bleu))
                {
                    Rc::make_mut(&mut self.memory).note(plan, self_bleu);
                }
            }
            Update::Cancelled => self.edit(slot, |column| column.end(Phase::Cancelled)),
            Update::Failed(error) => self.edit(slot, |column| column.end(Phase::Failed(error))),
            Update::Restarted => self.edit(slot, Column::restart),
            Update::Inspected(_) | Update::Scored(_) => {} // columns ask for answers only
        }
    }

    fn edit(&mut self, slot: Slot, edit: impl FnOnce(&mut Column)) {
        edit(Rc::make_mut(&mut self.columns[slot.index()]));
    }
}

#[cfg(test)]
#[path = "state_tests.rs"]
mod tests;
