//! The effects: what the state asks for is done here, and what comes back goes into the state once a frame at most.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use yew::UseReducerDispatcher;
use yew::platform::spawn_local;

use super::column::{Column, Phase};
use super::models::{MODELS_URL, read_manifest};
use super::own::OwnStage;
use super::settings::DeviceWish;
use super::slot::Slot;
use super::state::{Action, Engine, Heard, State};
use super::turns::Newest;
use crate::experiment::recorded::RecordedExperiment;
use crate::platform::adapter::{Adapter, look_for_adapter};
use crate::platform::blob::hold;
use crate::platform::cores::cores;
use crate::platform::fetch::fetch_now;
use crate::platform::frame::after_frame;
use crate::platform::listener::{OfActs, WindowListener};
use crate::platform::press::{is_pressed, let_go, pressed};
use crate::platform::stillness::visitor_acted;
use crate::platform::store::files::FileStore;
use crate::platform::turn::in_turn;
use crate::protocol::{ErrorKind, RequestId, VisitorError};
use crate::worker::client::Client;
use crate::worker::switchboard::{Declined, GpuPolicy};

type Dispatch = UseReducerDispatcher<State>;

/// What the session's work depends on: where this is equal, there is nothing to do.
#[derive(Debug, Clone, PartialEq)]
pub struct Wishes {
    attempt: u32,
    engine: &'static str,
    device: DeviceWish,
    models: Vec<String>,
    columns: [(u32, &'static str); 4],
}

impl Wishes {
    /// The wishes of a state.
    #[must_use]
    pub fn of(state: &State) -> Self {
        Self {
            attempt: state.attempt,
            engine: state.engine.id(),
            device: state.settings.device,
            models: state.sources().into_iter().map(|source| source.key).collect(),
            columns: Slot::ALL.map(|slot| (state.at(slot).run, state.at(slot).phase.id())),
        }
    }
}

/// The one session of a page.
pub struct Session {
    /// The engine.
    pub client: Client,
    inbox: Rc<Inbox>,
    _on_acts: (OfActs, WindowListener),
    _on_presses: [WindowListener; 3],
    dispatch: Dispatch,
    /// Runs that were asked for, and under which request.
    asked: RefCell<Vec<(u32, RequestId)>>,
    /// Keys of the models that were wanted last.
    wanted: RefCell<Vec<String>>,
    attempt: Cell<u32>,
    stopped: Cell<bool>,
    /// The newest state, where the engine has not been brought in line with it.
    unfollowed: Newest<State>,
}

/// What the engine said and the page was not told yet. It is told at once, but once a frame at most, never while something is pressed, and
/// never inside a frame: that would be drawn later for it.
struct Inbox {
    heard: RefCell<Vec<Heard>>,
    /// The page was told, and no frame has been drawn since.
    has_told: Cell<bool>,
    /// The visitor did something, and no frame has been drawn since: it is drawn first.
    has_acted: Cell<bool>,
    dispatch: Dispatch,
}

impl Inbox {
    fn push(self: &Rc<Self>, heard: Heard) {
        let mut waiting = self.heard.borrow_mut();
        waiting.push(heard);
        if waiting.len() == 1 {
            let inbox = Rc::clone(self);
            let tell = move || inbox.tell();
            if self.has_told.get() {
                in_turn(tell);
            } else {
                Timeout::new(0, tell).forget();
            }
        }
    }

    /// The visitor did something: what the engine says waits for one frame, once. Whether it is the first since the last frame.
    fn wait(self: &Rc<Self>) -> bool {
        let is_first = !self.has_acted.replace(true);
        if is_first {
            let inbox = Rc::clone(self);
            after_frame(move || inbox.has_acted.set(false));
        }
        is_first
    }

    fn tell(self: &Rc<Self>) {
        if self.has_acted.get() || is_pressed() {
            let inbox = Rc::clone(self);
            return in_turn(move || inbox.tell_now());
        }
        self.tell_now();
    }

    fn tell_now(self: &Rc<Self>) {
        self.has_told.set(true);
        let inbox = Rc::clone(self);
        after_frame(move || inbox.has_told.set(false));
        self.dispatch.dispatch(Action::Heard(self.heard.take()));
    }
}

impl Session {
    /// Starts the engine and fetches the manifest.
    pub fn start(wish: DeviceWish, dispatch: Dispatch) -> Self {
        let inbox = Rc::new(Inbox {
            heard: RefCell::default(),
            has_told: Cell::new(false),
            has_acted: Cell::new(false),
            dispatch: dispatch.clone(),
        });
        let news = Rc::clone(&inbox);
        let client = Client::new(policy(wish), cores(), move |said| news.push(Heard::News(said)));
        let on_acts = {
            let (inbox, client) = (Rc::clone(&inbox), client.clone());
            let act = move || {
                visitor_acted();
                if inbox.wait() {
                    client.give_way();
                }
            };
            // Who points at a button is about to press it: then the processor is free by that time.
            (WindowListener::of_acts(act.clone()), WindowListener::of_pointing(act))
        };
        // Each in a turn of its own: the one that calls this draws the page for the first time.
        {
            let (client, dispatch, for_own) = (client.clone(), dispatch.clone(), dispatch.clone());
            Timeout::new(0, move || fetch_manifest(dispatch)).forget();
            Timeout::new(0, move || client.start()).forget();
            // A link may ask for it, and then the list of models waits for it.
            in_turn(move || spawn_local(find_own(for_own)));
        }
        Self {
            client,
            inbox,
            _on_acts: on_acts,
            _on_presses: WindowListener::of_presses(pressed, let_go),
            dispatch,
            asked: RefCell::default(),
            wanted: RefCell::default(),
            attempt: Cell::new(0),
            stopped: Cell::new(false),
            unfollowed: Newest::default(),
        }
    }

    /// The first chapter stands: what it can do without for a while comes, one thing a turn.
    pub fn page_stands(&self) {
        let client = self.client.clone();
        // First: when the page is whole, the engine for a card that was not ruled out is fetched.
        in_turn(move || spawn_local(rule_out_gpu(client)));
        let dispatch = self.dispatch.clone();
        in_turn(move || fetch_recorded(dispatch));
    }

    /// Brings the engine in line with the state: after the frame that shows the visitor what was done, if none has yet.
    pub fn follow(self: &Rc<Self>, state: State) {
        let session = Rc::clone(self);
        let at_once = !self.inbox.has_acted.get();
        self.unfollowed.follow(state, at_once, move |state| session.follow_now(&state));
    }

    fn follow_now(&self, state: &State) {
        let stop = state.engine == Engine::Stopped;
        if self.stopped.replace(stop) != stop && stop {
            self.client.stop();
        }
        if self.attempt.replace(state.attempt) != state.attempt {
            self.client.start();
            if state.manifest.is_none() {
                fetch_manifest(self.dispatch.clone());
            }
        }
        self.client.set_policy(policy(state.settings.device));
        // Only when they change: wanting a model again would try again to load one that failed.
        let sources = state.sources();
        let keys: Vec<String> = sources.iter().map(|source| source.key.clone()).collect();
        if self.wanted.replace(keys.clone()) != keys {
            sources.into_iter().for_each(|source| self.client.want(source));
        }
        self.follow_runs(state);
    }

    /// Cancels the runs that ended or were given up, and asks for those that began.
    fn follow_runs(&self, state: &State) {
        let running: Vec<&Column> =
            state.columns.iter().map(Rc::as_ref).filter(|column| column.phase == Phase::Running).collect();
        let is_running = |run: u32| running.iter().any(|column| column.run == run);
        let asked = self.asked.take();
        let (kept, over): (Vec<_>, Vec<_>) = asked.into_iter().partition(|(run, _)| is_running(*run));
        *self.asked.borrow_mut() = kept;
        over.into_iter().for_each(|(_, request)| self.client.cancel(request));
        for column in running {
            let run = column.run;
            if self.asked.borrow().iter().any(|(asked, _)| *asked == run) {
                continue;
            }
            let Some(plan) = &column.plan else { continue };
            let Some(source) = state.source(&plan.stage) else { continue };
            let job = plan.job(&source.key);
            self.client.want(source); // it may have been forgotten meanwhile
            let inbox = Rc::clone(&self.inbox);
            let request = self.client.generate(job, move |update| inbox.push(Heard::Answers { run, update }));
            self.asked.borrow_mut().push((run, request));
        }
    }
}

fn policy(wish: DeviceWish) -> GpuPolicy {
    match wish {
        DeviceWish::Auto => GpuPolicy::WhenReal,
        DeviceWish::Cpu => GpuPolicy::Never,
        DeviceWish::Gpu => GpuPolicy::Any,
    }
}

/// Spares the visitor the download of a GPU engine that would not be used.
async fn rule_out_gpu(client: Client) {
    match look_for_adapter().await {
        Adapter::NoWebGpu => client.rule_out_gpu(Declined::NoWebGpu),
        Adapter::Missing => client.rule_out_gpu(Declined::NoAdapter),
        Adapter::Software => client.rule_out_gpu(Declined::Software(None)),
        Adapter::Real => {}
    }
}

fn fetch_manifest(dispatch: Dispatch) {
    spawn_local(async move {
        let manifest = match fetch_now(&format!("{MODELS_URL}manifest.json")).await {
            Ok(bytes) => read_manifest(&bytes).map(Rc::new),
            Err(error) => Err(VisitorError::new(ErrorKind::NoList, error)),
        };
        // To read the list was work enough for one turn.
        Timeout::new(0, move || dispatch.dispatch(Action::Manifest(manifest))).forget();
    });
}

/// Looks for a stage that was trained in this browser. One that cannot be read is none: whoever trains again is told why.
async fn find_own(dispatch: Dispatch) {
    let found = FileStore::default().kept().await.ok().flatten().and_then(|(about, file)| {
        let own: OwnStage = serde_json::from_str(&about).ok()?;
        Some(Rc::new(own.stage(&hold(&file)?)))
    });
    dispatch.dispatch(Action::Own(found));
}

/// Recorded curves are an extra: without them, or with some that cannot be read, the chart has no ghosts.
fn fetch_recorded(dispatch: Dispatch) {
    spawn_local(async move {
        let Ok(bytes) = fetch_now(&format!("{MODELS_URL}recorded.json")).await else { return };
        if let Ok(recorded) = RecordedExperiment::read(&bytes) {
            dispatch.dispatch(Action::Recorded(Rc::new(recorded)));
        }
    });
}
