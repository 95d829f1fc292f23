//! Which worker does what: the client's decisions, without a browser.
//!
//! News come in, commands go out. There are two lanes, one worker each. The CPU lane opens at once and answers first. The
//! GPU lane opens later and takes over between requests, when its worker has passed the self-test and holds the same
//! models. When it fails, the CPU lane, which stays open, takes its requests back. Answers depend on seeds alone, so
//! a request that begins anew on another worker gives the same answers.

use std::collections::BTreeMap;
use std::rc::Rc;

pub use super::news::{Command, GpuPolicy, Job, Lane, News, Update};
use crate::protocol::{
    DeviceReport, ErrorKind, Event, ModelInfo, ModelSource, Request, RequestId, VisitorError,
};

/// How often a CPU worker that crashes is replaced before the visitor is asked.
const MOST_CRASHES: u32 = 2;
/// Most models that a worker holds. The whole lineage fits (a stage takes 5.5 MB unpacked); whoever tries more is kept to
/// this: the one that was wanted longest ago is forgotten, and fetched again, from the browser's cache, when it is wanted.
pub const MOST_MODELS: usize = 8;

/// One worker, as far as is known.
#[derive(Debug, Default)]
struct Worker {
    open: bool,
    device: Option<DeviceReport>,
    /// Load requests under way: id and model key.
    loading: BTreeMap<RequestId, String>,
    loaded: BTreeMap<String, ModelInfo>,
}

#[derive(Debug)]
struct Waiting {
    job: Job,
    on: Option<Lane>,
}

/// The client's state.
#[derive(Debug)]
pub struct Switchboard {
    policy: GpuPolicy,
    cpu: Worker,
    gpu: Worker,
    active: Lane,
    /// The GPU lane was tried.
    gpu_settled: bool,
    /// Why a GPU worker would be declined unless any adapter will do.
    no_real_gpu: Option<String>,
    answered_once: bool,
    sources: Vec<ModelSource>,
    requests: BTreeMap<RequestId, Waiting>,
    crashes: u32,
    next_id: RequestId,
    commands: Vec<Command>,
}

impl Switchboard {
    /// Nothing runs yet.
    #[must_use]
    pub fn new(policy: GpuPolicy) -> Self {
        Self {
            policy,
            cpu: Worker::default(),
            gpu: Worker::default(),
            active: Lane::Cpu,
            gpu_settled: false,
            no_real_gpu: None,
            answered_once: false,
            sources: Vec::new(),
            requests: BTreeMap::new(),
            crashes: 0,
            next_id: 1,
            commands: Vec::new(),
        }
    }

    /// What is to be done since the last call, in order.
    pub fn take_commands(&mut self) -> Vec<Command> {
        std::mem::take(&mut self.commands)
    }

    /// Opens the CPU lane; also after it was stopped or given up.
    pub fn start(&mut self) {
        self.crashes = 0;
        if !self.cpu.open {
            self.open(Lane::Cpu);
        } else {
            self.load_missing(Lane::Cpu);
        }
        self.open_gpu_if_due();
    }

    /// Stops everything; requests wait until [`start`](Self::start).
    pub fn stop(&mut self) {
        self.close(Lane::Gpu);
        self.close(Lane::Cpu);
        self.active = Lane::Cpu;
        self.commands.push(Command::News(News::Stopped));
    }

    /// Changes when the GPU lane may take over.
    pub fn set_policy(&mut self, policy: GpuPolicy) {
        if self.policy == policy {
            return;
        }
        self.policy = policy;
        if policy == GpuPolicy::Never {
            self.leave_gpu("You chose the processor.");
            self.gpu_settled = false;
        } else {
            if policy == GpuPolicy::Any && !self.gpu.open {
                self.gpu_settled = false;
            }
            self.open_gpu_if_due();
        }
    }

    /// A GPU worker would be declined, so it need not be fetched, unless any adapter will do: there the worker's own
    /// report decides.
    pub fn rule_out_gpu(&mut self, reason: &str) {
        self.no_real_gpu = Some(reason.to_owned());
        if self.policy != GpuPolicy::Any && !self.gpu.open {
            self.commands.push(Command::News(News::GpuDeclined(reason.to_owned())));
        }
    }

    /// Loads a model wherever it will be needed; asking again changes nothing, or tries again where loading had failed.
    pub fn want(&mut self, source: ModelSource) {
        self.sources.retain(|old| old.key != source.key);
        self.sources.push(source);
        self.forget_old();
        self.load_missing(Lane::Cpu);
        self.load_missing(Lane::Gpu);
    }

    /// Asks for something; it comes as [`Update`]s under the id, as soon as engine and model are there.
    pub fn ask(&mut self, job: Job) -> RequestId {
        let id = self.id();
        self.requests.insert(id, Waiting { job, on: None });
        self.post_waiting();
        id
    }

    /// Stops a request.
    pub fn cancel(&mut self, id: RequestId) {
        let Some(request) = self.requests.remove(&id) else { return };
        if let Some(lane) = request.on {
            self.commands.push(Command::Post(lane, Request::Cancel { id }));
        }
        self.commands.push(Command::Tell(id, Update::Cancelled));
        self.move_if_due();
    }

    /// A worker said something.
    pub fn heard(&mut self, lane: Lane, event: Event) {
        if !self.worker(lane).open {
            return; // an echo of a worker that was closed
        }
        match event {
            Event::Ready { device } => self.ready(lane, device),
            Event::LoadProgress { id, received_bytes, total_bytes } => {
                if lane == self.active
                    && let Some(key) = self.worker(lane).loading.get(&id).cloned()
                {
                    self.commands.push(Command::News(News::LoadProgress {
                        key,
                        received_bytes,
                        total_bytes,
                    }));
                }
            }
            Event::Loaded { id, model } => {
                let worker = self.worker(lane);
                worker.loading.remove(&id);
                if self.sources.iter().all(|source| source.key != model.key) {
                    // Forgotten while it was on its way.
                    return self.commands.push(Command::Post(lane, Request::Unload { key: model.key }));
                }
                let worker = self.worker(lane);
                worker.loaded.insert(model.key.clone(), model.clone());
                if lane == self.active {
                    self.commands.push(Command::News(News::Loaded(model)));
                    self.post_waiting();
                }
                self.move_if_due();
            }
            Event::Tokens { id, deltas } => self.tell(id, Update::Tokens(deltas)),
            Event::Finished { id, stats } => {
                self.crashes = 0;
                self.answered_once = true;
                self.conclude(id, Update::Finished(stats));
                self.open_gpu_if_due();
            }
            Event::Inspected { id, inspection } => {
                self.crashes = 0;
                self.conclude(id, Update::Inspected(Rc::new(inspection)));
            }
            Event::Scored { id, scores } => {
                self.crashes = 0;
                self.conclude(id, Update::Scored(scores));
            }
            Event::Cancelled { id } => self.conclude(id, Update::Cancelled),
            Event::Failed { id: Some(id), error } => self.request_failed(lane, id, error),
            Event::Failed { id: None, error } => self.worker_failed(lane, error),
        }
    }

    /// A worker stopped working: it could not be fetched, did not start in time, or crashed.
    pub fn crashed(&mut self, lane: Lane, what: &str) {
        if !self.worker(lane).open {
            return;
        }
        if lane == Lane::Gpu || self.crashes >= MOST_CRASHES {
            let error = VisitorError {
                kind: ErrorKind::Internal,
                message: format!("The engine stopped working: {what}."),
                remedy: "Try again. If it stays so, reload the page or use another browser.".to_owned(),
            };
            return self.worker_failed(lane, error);
        }
        self.crashes += 1;
        self.close(lane);
        self.open(lane);
    }

    /// Whether a worker has said that it is ready, for the shell's time limit.
    #[must_use]
    pub fn is_ready(&self, lane: Lane) -> bool {
        match lane {
            Lane::Cpu => self.cpu.device.is_some(),
            Lane::Gpu => self.gpu.device.is_some(),
        }
    }

    fn ready(&mut self, lane: Lane, device: DeviceReport) {
        if lane == Lane::Gpu && device.software && self.policy != GpuPolicy::Any {
            return self.leave_gpu(&format!(
                "WebGPU here is software ({}), slower than the processor.",
                device.name
            ));
        }
        self.worker(lane).device = Some(device.clone());
        self.load_missing(lane);
        if lane == self.active {
            self.commands.push(Command::News(News::Device(device)));
            self.post_waiting();
        }
        self.move_if_due();
    }

    fn request_failed(&mut self, lane: Lane, id: RequestId, error: VisitorError) {
        if let Some(key) = self.worker(lane).loading.remove(&id) {
            // A file that cannot be fetched is no fault of the graphics card.
            if lane == Lane::Gpu && error.kind != ErrorKind::Network {
                self.leave_gpu(&error.message);
            } else if lane == self.active {
                self.load_failed(key, error);
            }
        } else if lane == Lane::Gpu && error.kind == ErrorKind::Device {
            self.leave_gpu(&error.message);
        } else {
            self.conclude(id, Update::Failed(error));
        }
    }

    /// Tells the page, and whoever waits for that model.
    fn load_failed(&mut self, key: String, error: VisitorError) {
        let waits = |request: &&Waiting| request.on.is_none() && request.job.model() == key;
        let waiting: Vec<RequestId> =
            self.requests.iter().filter(|(_, request)| waits(request)).map(|(id, _)| *id).collect();
        self.commands.push(Command::News(News::LoadFailed { key, error: error.clone() }));
        for id in waiting {
            self.conclude(id, Update::Failed(error.clone()));
        }
    }

    /// Forgets the models that were wanted longest ago, past [`MOST_MODELS`], unless a request is for them.
    fn forget_old(&mut self) {
        while self.sources.len() > MOST_MODELS {
            let older = &self.sources[..self.sources.len() - 1];
            let in_use = |source: &ModelSource| self.requests.values().any(|r| r.job.model() == source.key);
            let Some(place) = older.iter().position(|source| !in_use(source)) else { return };
            let key = self.sources.remove(place).key;
            for lane in [Lane::Cpu, Lane::Gpu] {
                if self.worker(lane).loaded.remove(&key).is_some() {
                    self.commands.push(Command::Post(lane, Request::Unload { key: key.clone() }));
                }
            }
            self.commands.push(Command::News(News::Unloaded(key)));
        }
    }

    fn worker_failed(&mut self, lane: Lane, error: VisitorError) {
        match lane {
            Lane::Gpu => self.leave_gpu(&error.message),
            Lane::Cpu => {
                self.close(Lane::Cpu);
                self.commands.push(Command::News(News::Failed(error)));
            }
        }
    }

    /// Gives the GPU lane up for good; the CPU lane takes its requests.
    fn leave_gpu(&mut self, reason: &str) {
        self.gpu_settled = true;
        self.close(Lane::Gpu);
        self.commands.push(Command::News(News::GpuDeclined(reason.to_owned())));
        if self.active == Lane::Gpu {
            self.active = Lane::Cpu;
            if let Some(device) = self.cpu.device.clone() {
                self.commands.push(Command::News(News::Device(device)));
            }
            self.load_missing(Lane::Cpu);
            self.post_waiting();
        }
    }

    /// Moves to the GPU lane when it holds every model and nothing runs.
    fn move_if_due(&mut self) {
        let holds_all = self.sources.iter().all(|source| self.gpu.loaded.contains_key(&source.key));
        let idle = self.requests.values().all(|request| request.on.is_none());
        if self.active == Lane::Cpu && idle && holds_all && !self.sources.is_empty() {
            let Some(device) = self.gpu.device.clone() else { return };
            self.active = Lane::Gpu;
            self.commands.push(Command::News(News::Device(device)));
            self.post_waiting();
        }
    }

    fn open_gpu_if_due(&mut self) {
        let due = match self.policy {
            GpuPolicy::Never => false,
            GpuPolicy::WhenReal => self.answered_once && self.no_real_gpu.is_none(),
            GpuPolicy::Any => true,
        };
        if due && !self.gpu_settled && !self.gpu.open {
            self.gpu_settled = true;
            self.open(Lane::Gpu);
            self.commands.push(Command::News(News::GpuOpening));
        }
    }

    fn open(&mut self, lane: Lane) {
        *self.worker(lane) = Worker { open: true, ..Worker::default() };
        self.commands.push(Command::Open(lane));
    }

    /// Closes a lane; its requests wait again.
    fn close(&mut self, lane: Lane) {
        if !self.worker(lane).open {
            return;
        }
        *self.worker(lane) = Worker::default();
        self.commands.push(Command::Close(lane));
        for (id, request) in &mut self.requests {
            if request.on == Some(lane) {
                request.on = None;
                self.commands.push(Command::Tell(*id, Update::Restarted));
            }
        }
    }

    fn load_missing(&mut self, lane: Lane) {
        if self.worker(lane).device.is_none() {
            return;
        }
        for source in self.sources.clone() {
            let worker = self.worker(lane);
            if worker.loaded.contains_key(&source.key)
                || worker.loading.values().any(|key| *key == source.key)
            {
                continue;
            }
            let id = self.id();
            self.worker(lane).loading.insert(id, source.key.clone());
            self.commands.push(Command::Post(lane, Request::Load { id, source }));
        }
    }

    /// Posts every request that waits and can be answered.
    fn post_waiting(&mut self) {
        let lane = self.active;
        let worker = match lane {
            Lane::Cpu => &self.cpu,
            Lane::Gpu => &self.gpu,
        };
        for (id, request) in &mut self.requests {
            if request.on.is_none()
                && worker.device.is_some()
                && worker.loaded.contains_key(request.job.model())
            {
                request.on = Some(lane);
                self.commands.push(Command::Post(lane, request.job.request(*id)));
            }
        }
    }

    fn tell(&mut self, id: RequestId, update: Update) {
        if self.requests.contains_key(&id) {
            self.commands.push(Command::Tell(id, update));
        }
    }

    fn conclude(&mut self, id: RequestId, update: Update) {
        if self.requests.remove(&id).is_some() {
            self.commands.push(Command::Tell(id, update));
        }
        self.move_if_due();
    }

    fn worker(&mut self, lane: Lane) -> &mut Worker {
        match lane {
            Lane::Cpu => &mut self.cpu,
            Lane::Gpu => &mut self.gpu,
        }
    }

    fn id(&mut self) -> RequestId {
        self.next_id += 1;
        self.next_id - 1
    }
}

#[cfg(test)]
#[path = "switchboard_tests.rs"]
mod tests;
