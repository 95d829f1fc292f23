//! The worker's side: takes requests, runs the engine, sends events.
//!
//! Jobs of one model advance together, and models in turn, one step each, so that both columns of the page stream at once; patient
//! jobs wait for the others. The
//! event loop gets its turn every few milliseconds, so a cancellation takes effect within that time and one step of each.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Poll, Waker};

use gloo_timers::future::TimeoutFuture;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use super::outbox::Outbox;
use super::patience::{Patience, Turn};
use crate::engine::device::{self, Chosen};
use crate::engine::{Batch, EngineError, Gain, LoadedModel, inspect, score};
use crate::platform::digest::sha256;
use crate::platform::fetch::{Cached, fetch_bytes};
use crate::platform::{clock::now_ms, pause::Pause};
use crate::protocol::{
    ErrorKind, Event, GenerateJob, GenerateStats, InspectJob, ModelSource, Request, RequestId, ScoreJob,
    VisitorError,
};

/// How long steps follow each other before the event loop gets its turn, in which a cancellation is heard. A turn takes longer
/// than a step of one row.
const TURN_EVERY_MS: f64 = 4.0;

/// Which device a worker is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    /// The processor.
    Cpu,
    /// The graphics card.
    #[cfg(feature = "gpu")]
    Gpu,
}

/// Starts serving requests; returns at once.
pub fn start(backend: Backend) {
    // A panic ends the worker without an event of the browser's, so the page is told here.
    std::panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        send(&Event::Failed { id: None, error: internal("the engine broke off") });
    }));
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let inbox = Rc::new(Inbox::default());
    let shared = Rc::clone(&inbox);
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        shared.receive(&event.data());
    });
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget(); // it lives as long as the worker
    wasm_bindgen_futures::spawn_local(async move {
        let chosen = match open(backend).await {
            Ok(chosen) => chosen,
            Err(error) => return send(&Event::Failed { id: None, error: error.for_visitor() }),
        };
        send(&Event::Ready { device: chosen.report.clone() });
        match Pause::new() {
            Ok(pause) => {
                let mut host = Host {
                    chosen,
                    models: HashMap::new(),
                    jobs: BTreeMap::new(),
                    batches: Vec::new(),
                    readings: VecDeque::new(),
                    patience: Patience::default(),
                    inbox,
                };
                host.serve(&pause).await;
            }
            Err(_) => {
                send(&Event::Failed { id: None, error: internal("the browser has no message channels") })
            }
        }
    });
}

async fn open(backend: Backend) -> Result<Chosen, EngineError> {
    match backend {
        Backend::Cpu => Ok(device::cpu()),
        #[cfg(feature = "gpu")]
        Backend::Gpu => {
            crate::platform::subgroups::ask_for_subgroups();
            let chosen = device::gpu().await?;
            let graphics = chosen.graphics.map(|graphics| graphics.timed_by(now_ms));
            let chosen = Chosen { graphics, ..chosen };
            let chosen = crate::engine::reduction::with_quicker_reduction(chosen, now_ms).await;
            crate::engine::self_test::self_test(&chosen).await?;
            Ok(chosen)
        }
    }
}

/// A model file that was asked for, or why it did not come.
struct Arrival {
    id: RequestId,
    source: ModelSource,
    /// The file and its checksum.
    file: Result<(Vec<u8>, String), VisitorError>,
}

/// What has arrived and was not taken yet.
#[derive(Default)]
struct Inbox {
    requests: RefCell<VecDeque<Request>>,
    arrivals: RefCell<VecDeque<Arrival>>,
    waker: RefCell<Option<Waker>>,
}

impl Inbox {
    fn receive(&self, message: &JsValue) {
        match serde_wasm_bindgen::from_value(message.clone()) {
            Ok(request) => self.requests.borrow_mut().push_back(request),
            Err(error) => send(&Event::Failed { id: None, error: internal(&error.to_string()) }),
        }
        self.wake();
    }

    fn arrive(&self, arrival: Arrival) {
        self.arrivals.borrow_mut().push_back(arrival);
        self.wake();
    }

    fn wake(&self) {
        if let Some(waker) = self.waker.borrow_mut().take() {
            waker.wake();
        }
    }

    fn take(&self) -> Option<Request> {
        self.requests.borrow_mut().pop_front()
    }

    fn take_arrival(&self) -> Option<Arrival> {
        self.arrivals.borrow_mut().pop_front()
    }

    /// Takes back a request for or about answers that has not begun. Whether there was one.
    fn withdraw(&self, wanted: RequestId) -> bool {
        let mut requests = self.requests.borrow_mut();
        let before = requests.len();
        requests.retain(
            |r| !matches!(r, Request::Generate { id, .. } | Request::Inspect { id, .. } | Request::Score { id, .. } if *id == wanted),
        );
        requests.len() < before
    }

    fn is_empty(&self) -> bool {
        self.requests.borrow().is_empty() && self.arrivals.borrow().is_empty()
    }

    /// Waits until something is there.
    async fn wait(&self) {
        self.wait_or(std::future::pending()).await;
    }

    /// Waits until something is there, or something else has happened.
    async fn wait_or(&self, mut other: impl Future<Output = ()> + Unpin) {
        poll_fn(|context| {
            if !self.is_empty() {
                return Poll::Ready(());
            }
            *self.waker.borrow_mut() = Some(context.waker().clone());
            Pin::new(&mut other).poll(context)
        })
        .await;
    }
}

/// A job under way, as the page hears of it.
struct Job {
    outbox: Outbox,
    prefill_ms: f64,
    began_ms: f64,
}

/// A request about answers that are there already.
enum Reading {
    Inspect(InspectJob),
    Score(ScoreJob),
}

struct Host {
    chosen: Chosen,
    models: HashMap<String, Rc<LoadedModel>>,
    jobs: BTreeMap<RequestId, Job>,
    /// The jobs, as they are computed: those of one model together, as far as they can be.
    batches: Vec<Batch>,
    /// Answers to be read or scored: one request a round, between the steps of the jobs.
    readings: VecDeque<(RequestId, Reading)>,
    patience: Patience,
    inbox: Rc<Inbox>,
}

impl Host {
    async fn serve(&mut self, pause: &Pause) {
        let mut turned_at_ms = now_ms();
        loop {
            while let Some(request) = self.inbox.take() {
                self.accept(request);
            }
            while let Some(arrival) = self.inbox.take_arrival() {
                self.open(arrival);
            }
            if self.jobs.is_empty() && self.readings.is_empty() {
                self.inbox.wait().await;
                continue;
            }
            let readings = self.readings.iter().map(|_| false);
            let waiting = self.batches.iter().map(Batch::is_patient).chain(readings);
            let turn = self.patience.turn(now_ms(), waiting);
            if let Turn::Rest(rest_ms) = turn {
                self.inbox.wait_or(TimeoutFuture::new(rest_ms.ceil() as u32)).await;
                turned_at_ms = now_ms();
                continue;
            }
            if let Some((id, job)) = self.readings.pop_front() {
                let event = self.read(id, &job).await;
                send(&event.unwrap_or_else(|error| Event::Failed { id: Some(id), error }));
            }
            for mut batch in std::mem::take(&mut self.batches) {
                if turn == Turn::All || !batch.is_patient() {
                    self.advance(&mut batch).await;
                }
                if !batch.is_empty() {
                    self.batches.push(batch);
                }
            }
            if now_ms() - turned_at_ms >= TURN_EVERY_MS {
                pause.turn().await;
                turned_at_ms = now_ms();
            }
        }
    }

    #[inline(never)]
    fn accept(&mut self, request: Request) {
        match request {
            Request::Load { id, source, from_cache } => self.load(id, source, from_cache),
            Request::Unload { key } => {
                self.models.remove(&key);
            }
            Request::Generate { id, job } => {
                if let Err(error) = self.begin(id, &job) {
                    send(&Event::Failed { id: Some(id), error });
                }
            }
            Request::Inspect { id, job } => self.readings.push_back((id, Reading::Inspect(job))),
            Request::Score { id, job } => self.readings.push_back((id, Reading::Score(job))),
            Request::GiveWay => self.patience.visitor_acted(now_ms()),
            Request::Cancel { id } => {
                let under_way = |host: &Self| host.jobs.len() + host.readings.len();
                let before = under_way(self);
                self.jobs.remove(&id);
                self.batches.iter_mut().for_each(|batch| batch.remove(id));
                self.batches.retain(|batch| !batch.is_empty());
                self.readings.retain(|(reading, _)| *reading != id);
                if under_way(self) < before || self.inbox.withdraw(id) {
                    send(&Event::Cancelled { id });
                }
            }
        }
    }

    /// Fetches a model's file beside the jobs, so that answers of another model stream on meanwhile.
    fn load(&self, id: RequestId, source: ModelSource, from_cache: bool) {
        if let Some(model) = self.models.get(&source.key) {
            return send(&Event::Loaded { id, model: model.info.clone() });
        }
        let inbox = Rc::clone(&self.inbox);
        wasm_bindgen_futures::spawn_local(async move {
            let progress = |received_bytes, total_bytes: Option<u64>| {
                let total_bytes = source.size_bytes.or(total_bytes);
                send(&Event::LoadProgress { id, received_bytes, total_bytes });
            };
            let cached = if from_cache { Cached::HoweverOld } else { Cached::WhileFresh };
            let file = match fetch_bytes(&source.url, cached, progress).await {
                Ok(bytes) => {
                    let sum = sha256(&bytes).await;
                    Ok((bytes, sum))
                }
                Err(error) => Err(VisitorError::new(ErrorKind::Network, error)),
            };
            inbox.arrive(Arrival { id, source, file });
        });
    }

    /// Verifies and unpacks a model whose file has come.
    #[inline(never)]
    fn open(&mut self, Arrival { id, source, file }: Arrival) {
        let loaded = file.and_then(|(bytes, sum)| {
            LoadedModel::load_summed(&source.key, bytes, sum, source.sha256.as_deref(), &self.chosen)
                .map_err(|error| error.for_visitor())
        });
        match loaded {
            Ok(model) => {
                send(&Event::Loaded { id, model: model.info.clone() });
                self.models.insert(source.key, Rc::new(model));
            }
            Err(error) => send(&Event::Failed { id: Some(id), error }),
        }
    }

    fn model(&self, key: &str) -> Result<&Rc<LoadedModel>, VisitorError> {
        self.models.get(key).ok_or_else(|| VisitorError::new(ErrorKind::NotLoaded, key))
    }

    /// Boxed: what runs now and then is not to be part of what runs at every step.
    fn read<'a>(
        &'a self,
        id: RequestId,
        reading: &'a Reading,
    ) -> Pin<Box<dyn Future<Output = Result<Event, VisitorError>> + 'a>> {
        Box::pin(async move {
            match reading {
                Reading::Inspect(job) => {
                    let found = inspect(self.model(&job.model)?, job).await;
                    found.map(|inspection| Event::Inspected { id, inspection })
                }
                Reading::Score(job) => {
                    score(self.model(&job.model)?, job).await.map(|scores| Event::Scored { id, scores })
                }
            }
            .map_err(|error| error.for_visitor())
        })
    }

    #[inline(never)]
    fn begin(&mut self, id: RequestId, job: &GenerateJob) -> Result<(), VisitorError> {
        let model = Rc::clone(self.model(&job.model)?);
        let before = now_ms();
        let joins = |batch: &&mut Batch| Rc::ptr_eq(batch.model(), &model) && batch.takes(job);
        match self.batches.iter_mut().find(joins) {
            Some(batch) => batch.add(id, job).map_err(|error| error.for_visitor())?,
            None => {
                let mut batch = Batch::new(model);
                batch.add(id, job).map_err(|error| error.for_visitor())?;
                self.batches.push(batch);
            }
        }
        let began_ms = now_ms();
        let prefill_ms = began_ms - before;
        self.jobs.insert(id, Job { outbox: Outbox::new(job.patient), prefill_ms, began_ms });
        Ok(())
    }

    /// One step of the jobs of a batch. Those that are over leave it.
    async fn advance(&mut self, batch: &mut Batch) {
        let gains = batch.step().await;
        self.report(batch, gains);
    }

    /// Tells the page what a step gave, and ends the jobs that are over.
    #[inline(never)]
    fn report(&mut self, batch: &mut Batch, gains: Result<Vec<Gain>, EngineError>) {
        let failure = match gains {
            Ok(gains) => {
                for Gain { job, delta } in gains {
                    if let Some(job) = self.jobs.get_mut(&job) {
                        job.outbox.gain(delta);
                    }
                }
                None
            }
            Err(error) => Some(error.for_visitor()),
        };
        let now = now_ms();
        for id in batch.ids() {
            let Some(job) = self.jobs.get_mut(&id) else { continue };
            let done = batch.is_done(id);
            if let Some(error) = &failure {
                send(&Event::Failed { id: Some(id), error: error.clone() });
            } else {
                if let Some(deltas) = job.outbox.take(now, done) {
                    send(&Event::Tokens { id, deltas });
                }
                if !done {
                    continue;
                }
                let counts = batch.counts(id);
                let stats = GenerateStats {
                    prompt_tokens: counts.prompt_tokens,
                    sampled_tokens: counts.sampled_tokens,
                    prefill_ms: job.prefill_ms,
                    decode_ms: now - job.began_ms,
                };
                send(&Event::Finished { id, stats });
            }
            self.jobs.remove(&id);
            batch.remove(id);
        }
    }
}

fn internal(what: &str) -> VisitorError {
    VisitorError::new(ErrorKind::Internal, what)
}

/// Sends an event. A failure here means that the page is gone, so there is nobody to tell.
fn send(event: &Event) {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    if let Ok(value) = serde_wasm_bindgen::to_value(event) {
        let _ = scope.post_message(&value);
    }
}
