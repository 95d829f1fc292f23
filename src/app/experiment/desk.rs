//! The chapter's effects: asking the engine, measuring, keeping what is done, handing out and taking in files.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use yew::UseReducerDispatcher;
use yew::platform::spawn_local;

use super::state::{Action, Notice, Outcome, Phase, State};
use crate::app::errand::Errand;
use crate::app::turns::Newest;
use crate::experiment::drawing::{Captions, WIDTH, height, svg};
use crate::experiment::live::{Experiment, ExperimentError, MOST_BYTES};
use crate::experiment::measure::{measure_group, measured};
use crate::experiment::plan::Block;
use crate::experiment::recorded::RecordedExperiment;
use crate::platform::clock::now_ms;
use crate::platform::download::{DownloadError, download_png, download_text};
use crate::platform::file::{FileError, read_text};
use crate::platform::keep::{forget, keep, kept};
use crate::platform::pause::Pause;
use crate::platform::stillness::{still_in_ms, stillness};
use crate::protocol::{ErrorKind, RowDelta, VisitorError};
use crate::worker::client::Client;
use crate::worker::switchboard::Update;

/// Name under which an experiment is kept.
const NAME: &str = "thermostat-experiment-1";
/// Progress is told at most this often: each time a part of the page is laid out and painted anew.
const TELL_EVERY_MS: f64 = 400.0;

/// Pixels of the PNG for each unit of the SVG.
const PNG_SCALE: f64 = 2.0;

/// Which file the visitor wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Export {
    /// Everything, to be opened here again.
    Json,
    /// The curves, for a spreadsheet.
    Csv,
    /// The chart, to be scaled.
    Svg,
    /// The chart, as pixels.
    Png,
}

/// Does what the state asks for.
pub struct Desk {
    client: Client,
    dispatch: UseReducerDispatcher<State>,
    /// The block under way.
    errand: Errand,
    /// How much of the experiment was kept last: when it began, and its blocks.
    kept: Cell<(u64, usize)>,
    /// The newest state, where nothing has been done about it yet.
    unfollowed: Newest<State>,
}

/// The answers of a block, as far as they have come.
struct Answers {
    texts: Vec<String>,
    stopped: Vec<bool>,
    told_at_ms: f64,
}

impl Desk {
    /// A desk that does nothing yet.
    pub fn new(client: Client, dispatch: UseReducerDispatcher<State>) -> Self {
        Self {
            errand: Errand::new(client.clone()),
            client,
            dispatch,
            kept: Cell::new((0, 0)),
            unfollowed: Newest::default(),
        }
    }

    /// Opens the experiment that was kept, if there is one that can be read.
    pub fn open_kept(&self) {
        if let Some(Ok(experiment)) = kept(NAME).map(|text| Experiment::read(text.as_bytes())) {
            self.kept.set((experiment.began_unix_ms, experiment.done.len()));
            self.dispatch.dispatch(Action::Opened(Rc::new(experiment)));
        }
    }

    /// Begins what a state asks for, ends what it does not ask for any more, and keeps what is new: after the frame that shows the
    /// visitor what was done, if anything was.
    pub fn follow(self: &Rc<Self>, state: State) {
        let desk = Rc::clone(self);
        self.unfollowed.follow(state, still_in_ms() == 0, move |state| desk.follow_now(&state));
    }

    fn follow_now(&self, state: &State) {
        self.keep(state);
        let wanted = match state.phase {
            Phase::Running { ticket, block, .. } => Some((ticket, block)),
            Phase::Resting => None,
        };
        let is_new = self.errand.turn_to(wanted.map(|(ticket, _)| ticket));
        let Some((ticket, block)) = wanted.filter(|_| is_new) else { return };
        let (Some((job, source)), Some(experiment)) = (state.job(), &state.experiment) else { return };
        self.client.want(source);
        let rows = job.rows.len();
        let per_group = experiment.protocol.answers_per_prompt as usize;
        let answers = Rc::new(RefCell::new(Answers::new(rows)));
        let (dispatch, began_ms) = (self.dispatch.clone(), now_ms());
        let hear = move |update| match update {
            Update::Tokens(deltas) => {
                if let Some(answered) = answers.borrow_mut().extend(&deltas) {
                    dispatch.dispatch(Action::Answered { ticket, answers: answered });
                }
            }
            Update::Restarted => *answers.borrow_mut() = Answers::new(rows),
            Update::Finished(_) => {
                let texts = std::mem::take(&mut answers.borrow_mut().texts);
                spawn_local(measure(dispatch.clone(), ticket, block, texts, per_group, began_ms));
            }
            Update::Failed(error) => dispatch.dispatch(Action::Failed { ticket, error }),
            Update::Cancelled | Update::Inspected(_) | Update::Scored(_) => {}
        };
        self.errand.asked(ticket, self.client.generate(job, hear));
    }

    fn keep(&self, state: &State) {
        let now = state.experiment.as_ref().map_or((0, 0), |e| (e.began_unix_ms, e.done.len()));
        if self.kept.replace(now) == now {
            return;
        }
        match &state.experiment {
            None => forget(NAME),
            Some(experiment) => {
                let text = serde_json::to_string(&**experiment);
                if let Some(Err(_)) = text.ok().map(|text| keep(NAME, &text)) {
                    self.dispatch.dispatch(Action::Told(Notice::Problem(Outcome::NotKept)));
                }
            }
        }
    }

    /// Hands out the experiment.
    pub fn export(
        &self,
        experiment: &Experiment,
        recorded: Option<&RecordedExperiment>,
        captions: &Captions,
        export: Export,
    ) {
        let (name, media_type, text) = match export {
            Export::Csv => ("thermostat-experiment.csv", "text/csv", Ok(experiment.csv())),
            Export::Svg => {
                ("thermostat-experiment.svg", "image/svg+xml", Ok(svg(experiment, recorded, captions)))
            }
            Export::Json => {
                ("thermostat-experiment.json", "application/json", serde_json::to_string_pretty(experiment))
            }
            Export::Png => {
                let (dispatch, picture) = (self.dispatch.clone(), svg(experiment, recorded, captions));
                let size = [WIDTH, height(experiment)].map(|length| (length * PNG_SCALE) as u32);
                return spawn_local(async move {
                    let name = "thermostat-experiment.png";
                    let result = download_png(name, &picture, size[0], size[1]).await;
                    dispatch.dispatch(Action::Told(handed_over(name, result)));
                });
            }
        };
        let notice = match text {
            Ok(text) => handed_over(name, download_text(name, media_type, &text)),
            Err(error) => Notice::Problem(Outcome::Unwritten(error.to_string())),
        };
        self.dispatch.dispatch(Action::Told(notice));
    }

    /// Takes in a file that the visitor chose.
    pub fn import(&self, file: web_sys::File) {
        let dispatch = self.dispatch.clone();
        spawn_local(async move {
            let action = match read(&file).await {
                Ok(experiment) => Action::Imported(Rc::new(experiment)),
                Err(reason) => Action::Told(Notice::Problem(reason)),
            };
            dispatch.dispatch(action);
        });
    }
}

fn handed_over(name: &'static str, result: Result<(), DownloadError>) -> Notice {
    match result {
        Ok(()) => Notice::Done(Outcome::Written(name)),
        Err(DownloadError) => Notice::Problem(Outcome::NotHandedOver),
    }
}

async fn read(file: &web_sys::File) -> Result<Experiment, Outcome> {
    let text = read_text(file, MOST_BYTES).await.map_err(|error| match error {
        FileError::TooLarge => Outcome::Refused(ExperimentError::TooLarge),
        FileError::Unreadable => Outcome::Unreadable,
    })?;
    Experiment::read(text.as_bytes()).map_err(Outcome::Refused)
}

impl Answers {
    fn new(rows: usize) -> Self {
        Self { texts: vec![String::new(); rows], stopped: vec![false; rows], told_at_ms: now_ms() }
    }

    /// Takes in new tokens; the number of answers that have stopped, if it is time to tell.
    fn extend(&mut self, deltas: &[RowDelta]) -> Option<u32> {
        for delta in deltas {
            let row = delta.row as usize;
            if let (Some(text), Some(stopped)) = (self.texts.get_mut(row), self.stopped.get_mut(row)) {
                text.push_str(&delta.text);
                *stopped |= delta.stop.is_some();
            }
        }
        let now = now_ms();
        if now - self.told_at_ms < TELL_EVERY_MS || still_in_ms() > 0 {
            return None;
        }
        self.told_at_ms = now;
        Some(self.stopped.iter().filter(|stopped| **stopped).count() as u32)
    }
}

/// Measures a block, one temperature at a time and only while the visitor is still, so that the page stays at hand. Without timers, which
/// browsers hold back in tabs that nobody sees.
async fn measure(
    dispatch: UseReducerDispatcher<State>,
    ticket: u32,
    block: Block,
    texts: Vec<String>,
    per_group: usize,
    began_ms: f64,
) {
    let mut groups = Vec::new();
    let pause = Pause::new().ok();
    for answers in texts.chunks(per_group.max(1)) {
        let Some(group) = measure_group(answers) else {
            let error = VisitorError::new(ErrorKind::OddResult, "no measure of a group of answers");
            return dispatch.dispatch(Action::Failed { ticket, error });
        };
        groups.push(group);
        if let Some(pause) = &pause {
            stillness(pause).await;
        }
    }
    let measured = measured(block, groups);
    dispatch.dispatch(Action::Measured { ticket, measured, took_ms: now_ms() - began_ms });
}
