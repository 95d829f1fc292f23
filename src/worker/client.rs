//! The page's side of the workers: starts them, carries messages, and leaves every decision to the
//! [`switchboard`](super::switchboard).

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{ErrorEvent, MessageEvent, Worker, WorkerOptions, WorkerType};

use super::crew::suitable_size;
use super::switchboard::{Command, Declined, GpuPolicy, Job, News, Seat, Switchboard, Update};
use crate::platform::address::{absolute, program_file};
use crate::protocol::{Event, GenerateJob, InspectJob, ModelSource, Request, RequestId, ScoreJob};

/// A worker that has not said that it is ready by then will not. Slow lines need most of it.
const CPU_START_LIMIT_MS: u32 = 45_000;
/// The GPU worker is ten times as large, and compiles its kernels for the self-test, which takes minutes on software
/// adapters. Nobody waits for it: the processor answers meanwhile.
const GPU_START_LIMIT_MS: u32 = 600_000;

/// Hears about one request.
type Listener = Rc<dyn Fn(Update)>;

/// The engine, as the page sees it. Clones are the same engine.
#[derive(Clone)]
pub struct Client(Rc<Inner>);

impl PartialEq for Client {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client")
            .field("workers", &self.0.ports.borrow().len())
            .field("listeners", &self.0.listeners.borrow().len())
            .finish_non_exhaustive()
    }
}

struct Inner {
    switchboard: RefCell<Switchboard>,
    ports: RefCell<HashMap<Seat, Port>>,
    listeners: RefCell<HashMap<RequestId, Listener>>,
    on_news: Box<dyn Fn(News)>,
    /// Commands are being carried out; what they cause waits its turn.
    busy: Cell<bool>,
}

/// A running worker and what listens to it.
struct Port {
    worker: Worker,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(ErrorEvent)>,
    _limit: Timeout,
}

impl Port {
    /// Stops the worker. What it had said and was not heard yet is dropped: it must not be taken for its successor's.
    fn close(&self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

impl Drop for Port {
    fn drop(&mut self) {
        self.close();
    }
}

impl Client {
    /// An engine that is not started, for a processor of so many cores. `on_news` hears about the engine as a whole.
    pub fn new(policy: GpuPolicy, cores: usize, on_news: impl Fn(News) + 'static) -> Self {
        Self(Rc::new(Inner {
            switchboard: RefCell::new(Switchboard::new(policy, suitable_size(cores))),
            ports: RefCell::default(),
            listeners: RefCell::default(),
            on_news: Box::new(on_news),
            busy: Cell::new(false),
        }))
    }

    /// Starts the engine, or tries again after a failure.
    pub fn start(&self) {
        self.0.switchboard.borrow_mut().start();
        self.carry_out();
    }

    /// Stops all workers. Requests wait until [`start`](Self::start).
    pub fn stop(&self) {
        self.0.switchboard.borrow_mut().stop();
        self.carry_out();
    }

    /// Changes when the graphics card may take over.
    pub fn set_policy(&self, policy: GpuPolicy) {
        self.0.switchboard.borrow_mut().set_policy(policy);
        self.carry_out();
    }

    /// The page is whole: more workers may come.
    pub fn page_is_whole(&self) {
        self.0.switchboard.borrow_mut().page_is_whole();
        self.carry_out();
    }

    /// The visitor did something: what is patient rests for a moment, so that the page has the processor.
    pub fn give_way(&self) {
        self.0.switchboard.borrow_mut().give_way();
        self.carry_out();
    }

    /// The graphics card is known to be of no use, so its worker need not be fetched.
    pub fn rule_out_gpu(&self, reason: Declined) {
        self.0.switchboard.borrow_mut().rule_out_gpu(reason);
        self.carry_out();
    }

    /// Loads a model; asking again changes nothing.
    pub fn want(&self, source: ModelSource) {
        let source = ModelSource { url: absolute(&source.url), ..source };
        self.0.switchboard.borrow_mut().want(source);
        self.carry_out();
    }

    /// Asks for answers. The request waits by itself until the engine and its model are ready.
    pub fn generate(&self, job: GenerateJob, listener: impl Fn(Update) + 'static) -> RequestId {
        self.ask(Job::Generate(job), listener)
    }

    /// Asks for an answer to be read, as [`generate`](Self::generate) asks for new ones.
    pub fn inspect(&self, job: InspectJob, listener: impl Fn(Update) + 'static) -> RequestId {
        self.ask(Job::Inspect(job), listener)
    }

    /// Asks a reward model for scores.
    pub fn score(&self, job: ScoreJob, listener: impl Fn(Update) + 'static) -> RequestId {
        self.ask(Job::Score(job), listener)
    }

    fn ask(&self, job: Job, listener: impl Fn(Update) + 'static) -> RequestId {
        let id = self.0.switchboard.borrow_mut().ask(job);
        self.0.listeners.borrow_mut().insert(id, Rc::new(listener));
        self.carry_out();
        id
    }

    /// Stops a request. Its listener hears [`Update::Cancelled`], unless it had ended.
    pub fn cancel(&self, id: RequestId) {
        self.0.switchboard.borrow_mut().cancel(id);
        self.carry_out();
    }

    fn heard(&self, seat: Seat, event: Event) {
        self.0.switchboard.borrow_mut().heard(seat, event);
        self.carry_out();
    }

    fn crashed(&self, seat: Seat, what: &str) {
        self.0.switchboard.borrow_mut().crashed(seat, what);
        self.carry_out();
    }

    /// Does what the switchboard decided, until it has nothing more.
    fn carry_out(&self) {
        if self.0.busy.replace(true) {
            return; // called from a listener: the loop below goes on with it
        }
        loop {
            let commands = self.0.switchboard.borrow_mut().take_commands();
            if commands.is_empty() {
                break;
            }
            for command in commands {
                self.obey(command);
            }
        }
        self.0.busy.set(false);
    }

    fn obey(&self, command: Command) {
        match command {
            Command::Open(seat) => match self.open(seat) {
                Ok(port) => {
                    self.0.ports.borrow_mut().insert(seat, port);
                }
                Err(what) => self.0.switchboard.borrow_mut().crashed(seat, &what),
            },
            Command::Close(seat) => {
                // Dropped later: this may run inside a callback that the port owns.
                let port = self.0.ports.borrow_mut().remove(&seat);
                if let Some(port) = port {
                    port.close();
                    Timeout::new(0, move || drop(port)).forget();
                }
            }
            Command::Post(seat, request) => self.post(seat, &request),
            Command::Tell(id, update) => {
                let listener = self.0.listeners.borrow().get(&id).cloned();
                if update.is_last() {
                    self.0.listeners.borrow_mut().remove(&id);
                }
                if let Some(listener) = listener {
                    listener(update);
                }
            }
            Command::News(news) => (self.0.on_news)(news),
        }
    }

    fn post(&self, seat: Seat, request: &Request) {
        let sent = match (serde_wasm_bindgen::to_value(request), self.0.ports.borrow().get(&seat)) {
            (Ok(value), Some(port)) => port.worker.post_message(&value).is_ok(),
            _ => false,
        };
        if !sent {
            self.0.switchboard.borrow_mut().crashed(seat, "it takes no messages");
        }
    }

    fn open(&self, seat: Seat) -> Result<Port, String> {
        let (name, limit_ms) = match seat {
            Seat::Cpu(_) => ("worker_cpu_loader.js", CPU_START_LIMIT_MS),
            Seat::Gpu => ("worker_gpu_loader.js", GPU_START_LIMIT_MS),
        };
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let worker = Worker::new_with_options(&program_file(name), &options)
            .map_err(|_| "this browser refuses to start workers".to_owned())?;

        let client = self.clone();
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| {
            match serde_wasm_bindgen::from_value::<Event>(message.data()) {
                Ok(event) => client.heard(seat, event),
                Err(_) => client.crashed(seat, "it said something that this page does not understand"),
            }
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));

        let client = self.clone();
        let on_error = Closure::<dyn FnMut(ErrorEvent)>::new(move |error: ErrorEvent| {
            error.prevent_default();
            // A worker that could not be fetched gives a plain event without a message.
            let message = js_sys::Reflect::get(&error, &"message".into()).ok().and_then(|m| m.as_string());
            let message = message.filter(|message| !message.is_empty());
            client.crashed(seat, message.as_deref().unwrap_or("its program could not be loaded"));
        });
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));

        let client = self.clone();
        let limit = Timeout::new(limit_ms, move || {
            if !client.0.switchboard.borrow().is_ready(seat) {
                client.crashed(seat, "it did not start in time");
            }
        });
        Ok(Port { worker, _on_message: on_message, _on_error: on_error, _limit: limit })
    }
}
