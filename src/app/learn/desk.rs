//! The chapter's effects: the visitor's votes, a simulated annotator's, the trainer, and the file of the stage that comes of it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use yew::platform::spawn_local;
use yew::{Callback, UseReducerDispatcher};

use super::gathering::{Gathering, prompts};
use super::state::{Action, Notice, Outcome, Phase, State, Teacher};
use crate::app::language::Language;
use crate::app::own::OwnStage;
use crate::app::state::Action as PageAction;
use crate::learning::{Lesson, News, Order};
use crate::manifest::Stage;
use crate::platform::blob::{hold, release};
use crate::platform::clock::now_ms;
use crate::platform::download::download_address;
use crate::platform::random::random_bytes;
use crate::platform::store::VoteStore;
use crate::platform::store::files::FileStore;
use crate::preference::{StoreError, Taste};
use crate::protocol::{ErrorKind, ModelSource, RequestId, VisitorError};
use crate::worker::client::Client;
use crate::worker::switchboard::Update;
use crate::worker::trainer_client::Trainer;

/// Name of the file for the visitor, and in it.
const FILE_NAME: &str = "thermostat-you.gguf";
const MODEL_NAME: &str = "Thermostat you";
/// Fresh answers before and after, shared out among the prompts.
const FRESH_ANSWERS: usize = 120;

/// Does what the state asks for.
#[derive(Clone)]
pub struct Desk(Rc<Inner>);

struct Inner {
    client: Client,
    dispatch: UseReducerDispatcher<State>,
    act: Callback<PageAction>,
    /// The attempt that is being carried out; 0 before the first.
    begun: Cell<u32>,
    /// Requests of a simulated annotator's pairs.
    requests: RefCell<Vec<RequestId>>,
    trainer: RefCell<Option<Trainer>>,
}

impl Desk {
    /// A desk that does nothing yet. `act`: tells the page of the new stage.
    pub fn new(client: Client, dispatch: UseReducerDispatcher<State>, act: Callback<PageAction>) -> Self {
        Self(Rc::new(Inner {
            client,
            dispatch,
            act,
            begun: Cell::new(0),
            requests: RefCell::default(),
            trainer: RefCell::default(),
        }))
    }

    /// Begins what a new state asks for, and ends what it does not ask for any more. `stages`: the published ones, SFT first.
    pub fn follow(&self, state: &State, stages: &[ModelSource]) {
        match state.phase {
            Phase::Resting => self.stop(),
            Phase::Gathering { ticket } if self.0.begun.replace(ticket) != ticket => {
                self.stop();
                let Some(first) = stages.first().cloned() else { return };
                match state.teacher {
                    Teacher::Visitor => self.learn_from_visitor(ticket, first),
                    Teacher::Simulated(taste) => self.gather(ticket, taste, state.votes, stages),
                }
            }
            Phase::Gathering { .. } | Phase::Learning { .. } => {}
        }
    }

    /// Stops whatever is under way; its memory is free at once.
    pub fn stop(&self) {
        for request in self.0.requests.take() {
            self.0.client.cancel(request);
        }
        if let Some(trainer) = self.0.trainer.take() {
            trainer.close();
        }
    }

    /// Counts the visitor's votes that prefer something.
    pub fn count(&self) {
        let desk = self.clone();
        spawn_local(async move {
            // Where votes cannot be read, the annotator's chapter says so.
            let lessons = kept_lessons().await.unwrap_or_default();
            desk.0.dispatch.dispatch(Action::Counted(lessons.len()));
        });
    }

    fn learn_from_visitor(&self, ticket: u32, first: ModelSource) {
        let desk = self.clone();
        spawn_local(async move {
            match kept_lessons().await {
                Ok(lessons) => desk.train(ticket, Teacher::Visitor, first, lessons),
                Err(_) => {
                    desk.0.dispatch.dispatch(Action::Cancel);
                    desk.tell(Notice::NotRead);
                }
            }
        });
    }

    /// Asks all stages for answers to all prompts, and lets a taste vote on them.
    fn gather(&self, ticket: u32, taste: Taste, votes: usize, stages: &[ModelSource]) {
        stages.iter().for_each(|stage| self.0.client.want(stage.clone()));
        let gathering = Gathering::new(stages, taste, seed());
        let jobs = gathering.jobs.clone();
        let gathering = Rc::new(RefCell::new(gathering));
        let first = stages[0].clone();
        let requests = jobs.into_iter().enumerate().map(|(job, request)| {
            let (desk, gathering, first) = (self.clone(), Rc::clone(&gathering), first.clone());
            self.0.client.generate(request, move |update| match update {
                Update::Tokens(deltas) => gathering.borrow_mut().extend(job, &deltas),
                Update::Restarted => gathering.borrow_mut().restart(job),
                Update::Finished(_) => {
                    let is_done = gathering.borrow_mut().finish_job();
                    let (done, all) = gathering.borrow().progress();
                    desk.progress(ticket, None, done as u32, all as u32);
                    if is_done {
                        let lessons = gathering.borrow().votes(votes);
                        desk.train(ticket, Teacher::Simulated(taste), first.clone(), lessons);
                    }
                }
                Update::Failed(error) => desk.fail(ticket, error),
                Update::Cancelled | Update::Inspected(_) | Update::Scored(_) => {}
            })
        });
        let requests = requests.collect();
        self.0.requests.replace(requests);
    }

    fn train(&self, ticket: u32, teacher: Teacher, model: ModelSource, lessons: Vec<Lesson>) {
        if self.0.begun.get() != ticket {
            return;
        }
        let votes = lessons.len();
        let prompts: Vec<String> = prompts(teacher).map(|prompt| prompt.text.to_owned()).collect();
        self.0.dispatch.dispatch(Action::Voted { ticket, votes });
        let order = Order {
            model,
            lessons,
            answers: (FRESH_ANSWERS / prompts.len().max(1)) as u32,
            prompts,
            name: MODEL_NAME.to_owned(),
            seed: seed(),
        };
        let desk = self.clone();
        match Trainer::start(&order, move |news| desk.heard(ticket, teacher, votes, news)) {
            Ok(trainer) => {
                if let Some(before) = self.0.trainer.replace(Some(trainer)) {
                    before.close();
                }
            }
            Err(error) => self.fail(ticket, error),
        }
    }

    fn heard(&self, ticket: u32, teacher: Teacher, votes: usize, news: News) {
        match news {
            News::Ready => {}
            News::Progress { step, done, all } => self.progress(ticket, Some(step), done, all),
            News::Rewarded(report) => self.0.dispatch.dispatch(Action::Rewarded { ticket, report }),
            News::Failed(error) => self.fail(ticket, error),
            News::Learned { file, sha256, quantization, parameters, fresh, divergence } => {
                // In English, as in the manifest: a language translates what it knows of it.
                let words = &Language::English.words().learn;
                let own = OwnStage {
                    label: (words.stage_label)(teacher).to_owned(),
                    summary: (words.stage_summary)(teacher, votes),
                    quantization,
                    size_bytes: file.len() as u64,
                    sha256,
                    parameters,
                };
                let Some(address) = hold(&file) else {
                    let what = "the browser could not hold the new stage's file";
                    return self.fail(ticket, VisitorError::new(ErrorKind::Internal, what));
                };
                self.0.act.emit(PageAction::Own(Some(Rc::new(own.stage(&address)))));
                self.keep(own, file);
                let outcome = Outcome { fresh, divergence };
                self.0.dispatch.dispatch(Action::Learned { ticket, outcome });
            }
        }
    }

    fn keep(&self, own: OwnStage, file: Vec<u8>) {
        let desk = self.clone();
        spawn_local(async move {
            let is_kept = match serde_json::to_string(&own) {
                Ok(about) => FileStore::default().keep(&about, &file).await.is_ok(),
                Err(_) => false,
            };
            desk.tell(if is_kept { Notice::Kept } else { Notice::NotKept });
        });
    }

    /// Forgets the own stage, here and in the browser's store.
    pub fn forget(&self, stage: &Stage) {
        let (desk, stage) = (self.clone(), stage.clone());
        spawn_local(async move {
            if FileStore::default().forget().await.is_err() {
                return desk.tell(Notice::NotForgotten);
            }
            desk.0.act.emit(PageAction::Own(None));
            if let Some(file) = stage.files.first() {
                release(&file.file);
            }
            desk.tell(Notice::Forgotten);
        });
    }

    /// Hands the own stage's file to the visitor.
    pub fn download(&self, stage: &Stage) {
        let handed = stage.files.first().is_some_and(|file| download_address(FILE_NAME, &file.file).is_ok());
        if !handed {
            self.tell(Notice::NotDownloaded);
        }
    }

    fn tell(&self, notice: Notice) {
        self.0.dispatch.dispatch(Action::Told(notice));
    }

    fn fail(&self, ticket: u32, error: VisitorError) {
        self.0.dispatch.dispatch(Action::Failed { ticket, error });
    }

    fn progress(&self, ticket: u32, step: Option<crate::learning::Step>, done: u32, all: u32) {
        self.0.dispatch.dispatch(Action::Progress { ticket, step, done, all, now_ms: now_ms() });
    }
}

/// The visitor's votes that prefer something.
async fn kept_lessons() -> Result<Vec<Lesson>, StoreError> {
    let kept = VoteStore::default().votes().await?;
    Ok(kept.votes.iter().filter_map(Lesson::of).collect())
}

/// Another one each time; the same where the browser gives no random numbers.
fn seed() -> u32 {
    let bytes = random_bytes().unwrap_or_default();
    u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
}
