//! The effects: what the state asks for is done here, and what comes back goes into the state once per frame.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use yew::UseReducerDispatcher;
use yew::platform::spawn_local;

use super::column::Phase;
use super::models::{MODELS_URL, read_manifest};
use super::prompts::Side;
use super::settings::DeviceWish;
use super::state::{Action, Engine, Heard, State};
use crate::platform::adapter::{Adapter, look_for_adapter};
use crate::platform::fetch::fetch_bytes;
use crate::platform::frame::next_frame;
use crate::protocol::{ErrorKind, RequestId, VisitorError};
use crate::worker::client::Client;
use crate::worker::switchboard::GpuPolicy;

type Dispatch = UseReducerDispatcher<State>;

/// What the session's work depends on: where this is equal, there is nothing to do.
#[derive(Debug, Clone, PartialEq)]
pub struct Wishes {
    attempt: u32,
    engine: &'static str,
    device: DeviceWish,
    model: Option<String>,
    columns: [(u32, &'static str); 2],
}

impl Wishes {
    /// The wishes of a state.
    #[must_use]
    pub fn of(state: &State) -> Self {
        Self {
            attempt: state.attempt,
            engine: state.engine.id(),
            device: state.settings.device,
            model: state.source().map(|source| source.key),
            columns: Side::ALL.map(|side| (state.column(side).run, state.column(side).phase.id())),
        }
    }
}

/// The one session of a page.
pub struct Session {
    /// The engine.
    pub client: Client,
    inbox: Rc<Inbox>,
    dispatch: Dispatch,
    /// Per side: the run that was asked for, and under which request.
    asked: RefCell<[Option<(u32, RequestId)>; 2]>,
    attempt: Cell<u32>,
    stopped: Cell<bool>,
}

/// What the engine said since the last frame.
struct Inbox {
    heard: RefCell<Vec<Heard>>,
    dispatch: Dispatch,
}

impl Inbox {
    fn push(self: &Rc<Self>, heard: Heard) {
        let mut waiting = self.heard.borrow_mut();
        waiting.push(heard);
        if waiting.len() == 1 {
            let inbox = Rc::clone(self);
            next_frame(move || {
                let heard = inbox.heard.take();
                inbox.dispatch.dispatch(Action::Heard(heard));
            });
        }
    }
}

impl Session {
    /// Starts the engine and fetches the manifest.
    pub fn start(wish: DeviceWish, dispatch: Dispatch) -> Self {
        let inbox = Rc::new(Inbox { heard: RefCell::default(), dispatch: dispatch.clone() });
        let news = Rc::clone(&inbox);
        let client = Client::new(policy(wish), move |said| news.push(Heard::News(said)));
        client.start();
        fetch_manifest(dispatch.clone());
        spawn_local(rule_out_gpu(client.clone()));
        Self {
            client,
            inbox,
            dispatch,
            asked: RefCell::default(),
            attempt: Cell::new(0),
            stopped: Cell::new(false),
        }
    }

    /// Brings the engine in line with the state.
    pub fn follow(&self, state: &State) {
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
        let Some(source) = state.source() else { return };
        self.client.want(source.clone());
        for side in Side::ALL {
            self.follow_column(state, side, &source.key);
        }
    }

    fn follow_column(&self, state: &State, side: Side, model: &str) {
        let column = state.column(side);
        let running = column.phase == Phase::Running;
        let asked = self.asked.borrow()[side.index()];
        if let Some((run, request)) = asked
            && (!running || run != column.run)
        {
            self.asked.borrow_mut()[side.index()] = None;
            self.client.cancel(request);
        }
        if running
            && asked.is_none_or(|(run, _)| run != column.run)
            && let Some(plan) = &column.plan
        {
            let (inbox, run) = (Rc::clone(&self.inbox), column.run);
            let request = self.client.generate(plan.job(model), move |update| {
                inbox.push(Heard::Answers { side, run, update });
            });
            self.asked.borrow_mut()[side.index()] = Some((run, request));
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
        Adapter::NoWebGpu => client.rule_out_gpu("This browser has no WebGPU."),
        Adapter::Missing => client.rule_out_gpu("This browser found no graphics adapter for WebGPU."),
        Adapter::Software => client.rule_out_gpu("WebGPU here is software, slower than the processor."),
        Adapter::Real => {}
    }
}

fn fetch_manifest(dispatch: Dispatch) {
    spawn_local(async move {
        let manifest = match fetch_bytes(&format!("{MODELS_URL}manifest.json"), |_, _| {}).await {
            Ok(bytes) => read_manifest(&bytes).map(Rc::new),
            Err(error) => Err(VisitorError {
                kind: ErrorKind::Network,
                message: format!("The list of models could not be loaded: {error}."),
                remedy: "Check the connection and try again.".to_owned(),
            }),
        };
        dispatch.dispatch(Action::Manifest(manifest));
    });
}
