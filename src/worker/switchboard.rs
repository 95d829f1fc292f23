//! Which worker does what: the client's decisions, without a browser.
//!
//! News come in, commands go out. There are two lanes, one worker each. The CPU lane opens at once and answers first. The
//! GPU lane opens later and takes over between requests, when its worker has passed the self-test and holds the same
//! models. When it fails, the CPU lane, which stays open, takes its requests back. Answers depend on seeds alone, so
//! a request that begins anew on another worker gives the same answers.

use std::collections::BTreeMap;

use crate::protocol::{
    DeviceReport, ErrorKind, Event, GenerateJob, GenerateStats, ModelInfo, ModelSource, Request, RequestId,
    RowDelta, VisitorError,
};

/// How often a CPU worker that crashes is replaced before the visitor is asked.
const MOST_CRASHES: u32 = 2;

/// One worker's place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lane {
    /// The processor.
    Cpu,
    /// The graphics card.
    Gpu,
}

/// When the GPU lane may open and take over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum GpuPolicy {
    /// Never.
    Never,
    /// After the first answers; only to an adapter that is not software.
    #[default]
    WhenReal,
    /// At once; to any adapter that passes the self-test.
    Any,
}

/// What the shell around the switchboard must do.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Start a worker.
    Open(Lane),
    /// Stop a worker.
    Close(Lane),
    /// Send a request to a worker.
    Post(Lane, Request),
    /// Tell the one who asked.
    Tell(RequestId, Update),
    /// Tell the page.
    News(News),
}

/// News of one generate request.
#[derive(Debug, Clone, PartialEq)]
pub enum Update {
    /// New tokens of some rows.
    Tokens(Vec<RowDelta>),
    /// All rows have stopped; nothing more comes.
    Finished(GenerateStats),
    /// Cancelled; nothing more comes.
    Cancelled,
    /// It failed; nothing more comes.
    Failed(VisitorError),
    /// The worker was replaced: forget the rows so far, they come again.
    Restarted,
}

/// News of the engine as a whole.
#[derive(Debug, Clone, PartialEq)]
pub enum News {
    /// This device answers from now on.
    Device(DeviceReport),
    /// Bytes of a model for the device in use, while nothing can be generated yet.
    LoadProgress {
        /// Bytes received so far.
        received_bytes: u64,
        /// Bytes in all, if known.
        total_bytes: Option<u64>,
    },
    /// The device in use holds this model.
    Loaded(ModelInfo),
    /// The GPU worker is on its way.
    GpuOpening,
    /// The graphics card stays unused, for this reason.
    GpuDeclined(String),
    /// The engine cannot go on unless the visitor tries again.
    Failed(VisitorError),
    /// The visitor stopped the engine.
    Stopped,
}

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
    job: GenerateJob,
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

    /// Loads a model wherever it will be needed; asking again changes nothing.
    pub fn want(&mut self, source: ModelSource) {
        if !self.sources.contains(&source) {
            self.sources.retain(|old| old.key != source.key);
            self.sources.push(source);
        }
        self.load_missing(Lane::Cpu);
        self.load_missing(Lane::Gpu);
    }

    /// Asks for answers; they come as [`Update`]s under the id, as soon as engine and model are there.
    pub fn generate(&mut self, job: GenerateJob) -> RequestId {
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
            Event::LoadProgress { received_bytes, total_bytes, .. } => {
                if lane == self.active {
                    self.commands.push(Command::News(News::LoadProgress { received_bytes, total_bytes }));
                }
            }
            Event::Loaded { id, model } => {
                let worker = self.worker(lane);
                worker.loading.remove(&id);
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
        let was_load = self.worker(lane).loading.remove(&id).is_some();
        match (lane, was_load || error.kind == ErrorKind::Device) {
            (Lane::Gpu, true) => self.leave_gpu(&error.message),
            (Lane::Cpu, _) if was_load => self.commands.push(Command::News(News::Failed(error))),
            _ => self.conclude(id, Update::Failed(error)),
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
                && worker.loaded.contains_key(&request.job.model)
            {
                request.on = Some(lane);
                self.commands
                    .push(Command::Post(lane, Request::Generate { id: *id, job: request.job.clone() }));
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
