//! Which worker does what: the client's decisions, without a browser.
//!
//! News come in, commands go out. There are two lanes. The CPU lane opens at once, with one worker, the lead, which answers
//! first; after its first answers helpers join it and share the rows of every job. The GPU lane has one worker. It opens
//! later and takes over between requests, when its worker has passed the self-test and holds the same models; then the
//! helpers go. When it fails, the lead, which stays, takes its requests back, and helpers come again. Answers depend on
//! seeds alone, so a request that is shared, or begins anew elsewhere, gives the same answers.

use super::crew::{Crew, Worker};
use super::gathering::Gathering;
pub use super::news::{Command, Declined, GpuPolicy, Job, Lane, News, Seat, Update};
use super::requests::Requests;
use super::split::{deal, part};
use crate::protocol::{
    DeviceReport, ErrorKind, Event, ModelInfo, ModelSource, Request, RequestId, VisitorError,
};

/// How often the lead is replaced when it crashes before the visitor is asked. A helper that crashes is not replaced: what
/// broke it, memory perhaps, is likely to break the next one too, and the others can do without.
const MOST_CRASHES: u32 = 2;
/// Most models that a worker holds. The whole lineage fits (a stage takes 5.5 MB unpacked); whoever tries more is kept to
/// this: the one that was wanted longest ago is forgotten, and fetched again, from the browser's cache, when it is wanted.
pub const MOST_MODELS: usize = 8;

/// The client's state.
#[derive(Debug)]
pub struct Switchboard {
    policy: GpuPolicy,
    crew: Crew,
    active: Lane,
    /// The GPU lane was tried.
    gpu_settled: bool,
    /// A graphics card that had been at work was lost, and opened again.
    gpu_was_lost: bool,
    /// Why a GPU worker would be declined unless any adapter will do.
    no_real_gpu: bool,
    answered_once: bool,
    /// The page is whole, and does not need the processor for itself.
    page_is_whole: bool,
    sources: Vec<ModelSource>,
    requests: Requests,
    crashes: u32,
    /// How many workers the page believes to be at work.
    told_workers: usize,
    next_id: RequestId,
    commands: Vec<Command>,
}

impl Switchboard {
    /// Nothing runs yet; later at most `workers` on the processor, the lead among them.
    #[must_use]
    pub fn new(policy: GpuPolicy, workers: u8) -> Self {
        Self {
            policy,
            crew: Crew::new(workers),
            active: Lane::Cpu,
            gpu_settled: false,
            gpu_was_lost: false,
            no_real_gpu: false,
            answered_once: false,
            page_is_whole: false,
            sources: Vec::new(),
            requests: Requests::default(),
            crashes: 0,
            told_workers: 1,
            next_id: 1,
            commands: Vec::new(),
        }
    }

    /// What is to be done since the last call, in order.
    pub fn take_commands(&mut self) -> Vec<Command> {
        let workers = self.crew.at_work(self.active).max(1);
        if std::mem::replace(&mut self.told_workers, workers) != workers {
            self.commands.push(Command::News(News::Workers(workers)));
        }
        std::mem::take(&mut self.commands)
    }

    /// Opens the CPU lane; also after it was stopped or given up.
    pub fn start(&mut self) {
        self.crashes = 0;
        for seat in self.crew.helpers() {
            self.crew.at_mut(seat).given_up = false;
        }
        if !self.crew.at(Seat::LEAD).open {
            self.open(Seat::LEAD);
        } else {
            self.load_everywhere();
        }
        self.open_helpers_if_due();
        self.open_gpu_if_due();
    }

    /// Stops everything; requests wait until [`start`](Self::start).
    pub fn stop(&mut self) {
        self.crew.all_seats().for_each(|seat| self.close(seat));
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
            self.leave_gpu(Declined::Unwanted);
            self.gpu_settled = false;
        } else {
            if policy == GpuPolicy::Any && !self.crew.at(Seat::Gpu).open {
                self.gpu_settled = false;
            }
            self.open_gpu_if_due();
        }
    }

    /// The page is whole. Workers beyond the lead may come: before that they would compete with it.
    pub fn page_is_whole(&mut self) {
        self.page_is_whole = true;
        self.open_helpers_if_due();
        self.open_gpu_if_due();
    }

    /// A GPU worker would be declined, so it need not be fetched, unless any adapter will do: there the worker's own
    /// report decides.
    pub fn rule_out_gpu(&mut self, reason: Declined) {
        self.no_real_gpu = true;
        if self.policy != GpuPolicy::Any && !self.crew.at(Seat::Gpu).open {
            self.commands.push(Command::News(News::GpuDeclined(reason)));
        }
    }

    /// Loads a model wherever it will be needed; asking again changes nothing, or tries again where loading had failed.
    pub fn want(&mut self, source: ModelSource) {
        self.sources.retain(|old| old.key != source.key);
        self.sources.push(source);
        self.forget_old();
        self.load_everywhere();
    }

    /// Asks for something; it comes as [`Update`]s under the id, as soon as engine and model are there.
    pub fn ask(&mut self, job: Job) -> RequestId {
        let id = self.id();
        self.requests.add(id, job);
        self.post_waiting();
        id
    }

    /// Stops a request.
    pub fn cancel(&mut self, id: RequestId) {
        self.conclude(id, Update::Cancelled);
    }

    /// The visitor did something: workers with patient jobs rest for a moment.
    pub fn give_way(&mut self) {
        let post = |seat| Command::Post(seat, Request::GiveWay);
        self.commands.extend(self.requests.with_patience().into_iter().map(post));
    }

    /// A worker said something.
    pub fn heard(&mut self, seat: Seat, event: Event) {
        if !self.crew.at(seat).open {
            return; // an echo of a worker that was closed
        }
        match event {
            Event::Ready { device } => self.ready(seat, device),
            Event::LoadProgress { id, received_bytes, total_bytes } => {
                if seat == self.spokesman()
                    && let Some(key) = self.crew.at(seat).loading.get(&id).cloned()
                {
                    self.commands.push(Command::News(News::LoadProgress {
                        key,
                        received_bytes,
                        total_bytes,
                    }));
                }
            }
            Event::Loaded { id, model } => self.loaded(seat, id, model),
            Event::Failed { id: None, error } => self.worker_failed(seat, error),
            Event::Failed { id: Some(id), error } => self.request_failed(seat, id, error),
            Event::Tokens { id, .. }
            | Event::Finished { id, .. }
            | Event::Inspected { id, .. }
            | Event::Scored { id, .. }
            | Event::Cancelled { id } => self.answered(seat, id, event),
        }
    }

    /// A worker stopped working: it could not be fetched, did not start in time, or crashed.
    pub fn crashed(&mut self, seat: Seat, what: &str) {
        if !self.crew.at(seat).open {
            return;
        }
        if seat != Seat::LEAD || self.crashes >= MOST_CRASHES {
            return self.worker_failed(seat, VisitorError::new(ErrorKind::Stopped, what));
        }
        self.crashes += 1;
        self.close(seat);
        self.open(seat);
        self.post_waiting(); // helpers may hold the model
    }

    /// Whether a worker has said that it is ready, for the shell's time limit.
    #[must_use]
    pub fn is_ready(&self, seat: Seat) -> bool {
        self.crew.at(seat).device.is_some()
    }

    /// Whose news of devices and models the page hears.
    fn spokesman(&self) -> Seat {
        match self.active {
            Lane::Cpu => Seat::LEAD,
            Lane::Gpu => Seat::Gpu,
        }
    }

    fn ready(&mut self, seat: Seat, device: DeviceReport) {
        if seat == Seat::Gpu && device.software && self.policy != GpuPolicy::Any {
            return self.leave_gpu(Declined::Software(Some(device.name)));
        }
        self.crew.at_mut(seat).device = Some(device.clone());
        self.load_missing(seat);
        if seat == self.spokesman() {
            self.commands.push(Command::News(News::Device(device)));
            self.post_waiting();
        }
        self.move_if_due();
    }

    fn loaded(&mut self, seat: Seat, id: RequestId, model: ModelInfo) {
        let worker = self.crew.at_mut(seat);
        worker.loading.remove(&id);
        let Some(source) = self.sources.iter().find(|source| source.key == model.key).cloned() else {
            // Forgotten while it was on its way.
            return self.commands.push(Command::Post(seat, Request::Unload { key: model.key }));
        };
        worker.loaded.insert(model.key.clone(), model.clone());
        if seat == self.spokesman() {
            self.commands.push(Command::News(News::Loaded(model)));
        }
        self.post_waiting();
        if seat == Seat::LEAD {
            self.crew.helpers().for_each(|helper| self.load(helper, source.clone()));
            self.open_helpers_if_due();
        }
        self.move_if_due();
    }

    /// A worker said something about a request: `attempt` is what it knows it by.
    fn answered(&mut self, seat: Seat, attempt: RequestId, event: Event) {
        let Some((id, update)) = self.requests.take_in(seat, attempt, event) else { return };
        if !update.is_last() {
            return self.commands.push(Command::Tell(id, update));
        }
        // What helpers finish says nothing of the lead, which is what is counted.
        let answer = matches!(update, Update::Finished(_) | Update::Inspected(_) | Update::Scored(_));
        if answer && !seat.is_helper() {
            self.crashes = 0;
        }
        self.answered_once |= matches!(update, Update::Finished(_));
        self.conclude(id, update);
        self.open_helpers_if_due();
        self.open_gpu_if_due();
    }

    fn request_failed(&mut self, seat: Seat, id: RequestId, error: VisitorError) {
        if let Some(key) = self.crew.at_mut(seat).loading.remove(&id) {
            // A file that cannot be fetched is no fault of the graphics card.
            if seat == Seat::Gpu && error.kind != ErrorKind::Network {
                self.lose_gpu(error);
            } else if seat == self.spokesman() {
                self.load_failed(key, error);
            }
        } else if seat == Seat::Gpu && error.kind == ErrorKind::Device {
            self.lose_gpu(error);
        } else {
            self.answered(seat, id, Event::Failed { id: Some(id), error });
        }
    }

    /// Tells the page, and whoever waits for that model.
    fn load_failed(&mut self, key: String, error: VisitorError) {
        self.commands.push(Command::News(News::LoadFailed { key: key.clone(), error: error.clone() }));
        for id in self.requests.waiting_for(&key) {
            self.conclude(id, Update::Failed(error.clone()));
        }
    }

    /// Forgets the models that were wanted longest ago, past [`MOST_MODELS`], unless a request is for them.
    fn forget_old(&mut self) {
        while self.sources.len() > MOST_MODELS {
            let older = &self.sources[..self.sources.len() - 1];
            let Some(place) = older.iter().position(|source| !self.requests.need(&source.key)) else {
                return;
            };
            let key = self.sources.remove(place).key;
            for seat in self.crew.all_seats() {
                if self.crew.at_mut(seat).loaded.remove(&key).is_some() {
                    self.commands.push(Command::Post(seat, Request::Unload { key: key.clone() }));
                }
            }
            self.commands.push(Command::News(News::Unloaded(key)));
        }
    }

    fn worker_failed(&mut self, seat: Seat, error: VisitorError) {
        match seat {
            Seat::Gpu => self.lose_gpu(error),
            Seat::LEAD => {
                self.crew.seats(Lane::Cpu).for_each(|seat| self.close(seat));
                self.commands.push(Command::News(News::Failed(error)));
            }
            Seat::Cpu(_) => {
                self.close(seat);
                self.crew.at_mut(seat).given_up = true;
                self.post_waiting();
            }
        }
    }

    /// The graphics card failed. One that had been at work is opened once more, as drivers start again and other programs give
    /// memory back; the processor answers meanwhile.
    fn lose_gpu(&mut self, error: VisitorError) {
        let again = self.active == Lane::Gpu && !self.gpu_was_lost;
        self.leave_gpu(Declined::Failed(error));
        if again {
            self.gpu_was_lost = true;
            self.open(Seat::Gpu);
            self.commands.push(Command::News(News::GpuReopening));
        }
    }

    /// Gives the GPU lane up; the CPU lane takes its requests.
    fn leave_gpu(&mut self, reason: Declined) {
        self.gpu_settled = true;
        self.close(Seat::Gpu);
        self.commands.push(Command::News(News::GpuDeclined(reason)));
        if self.active == Lane::Gpu {
            self.active = Lane::Cpu;
            if let Some(device) = self.crew.at(Seat::LEAD).device.clone() {
                self.commands.push(Command::News(News::Device(device)));
            }
            self.load_missing(Seat::LEAD);
            self.post_waiting();
            self.open_helpers_if_due();
        }
    }

    /// Moves to the GPU lane when it holds every model and nothing runs. Helpers would be idle then, and go.
    fn move_if_due(&mut self) {
        let gpu = self.crew.at(Seat::Gpu);
        let holds_all = self.sources.iter().all(|source| gpu.loaded.contains_key(&source.key));
        if self.active == Lane::Cpu && self.requests.are_idle() && holds_all && !self.sources.is_empty() {
            let Some(device) = gpu.device.clone() else { return };
            self.active = Lane::Gpu;
            self.crew.helpers().for_each(|seat| self.close(seat));
            self.commands.push(Command::News(News::Device(device)));
            self.post_waiting();
        }
    }

    /// Helpers come after the first answers and when the page is whole, which they would only delay: they compete for the network
    /// and the cores. What they need, the browser's cache has by then.
    fn open_helpers_if_due(&mut self) {
        let due = self.active == Lane::Cpu && self.answered_once && self.page_is_whole;
        if due && !self.crew.at(Seat::LEAD).loaded.is_empty() {
            for seat in self.crew.helpers() {
                let helper = self.crew.at(seat);
                if !helper.open && !helper.given_up {
                    self.open(seat);
                }
            }
        }
    }

    fn open_gpu_if_due(&mut self) {
        let due = match self.policy {
            GpuPolicy::Never => false,
            GpuPolicy::WhenReal => self.answered_once && self.page_is_whole && !self.no_real_gpu,
            GpuPolicy::Any => true,
        };
        if due && !self.gpu_settled && !self.crew.at(Seat::Gpu).open {
            self.gpu_settled = true;
            self.open(Seat::Gpu);
            self.commands.push(Command::News(News::GpuOpening));
        }
    }

    fn open(&mut self, seat: Seat) {
        *self.crew.at_mut(seat) = Worker { open: true, ..Worker::default() };
        self.commands.push(Command::Open(seat));
    }

    /// Closes a worker. Requests that it had a part of wait again, whole: who else computes them stops.
    fn close(&mut self, seat: Seat) {
        if !self.crew.at(seat).open {
            return;
        }
        *self.crew.at_mut(seat) = Worker::default();
        self.commands.push(Command::Close(seat));
        for (id, gathering) in self.requests.take_back(seat) {
            let others = gathering.under_way().filter(|other| *other != seat);
            self.commands.extend(others.map(|other| recall(other, &gathering)));
            self.commands.push(Command::Tell(id, Update::Restarted));
        }
    }

    /// Loads what is wanted wherever it is not.
    fn load_everywhere(&mut self) {
        self.crew.all_seats().for_each(|seat| self.load_missing(seat));
    }

    /// Loads into a worker what it lacks.
    fn load_missing(&mut self, seat: Seat) {
        self.sources.clone().into_iter().for_each(|source| self.load(seat, source));
    }

    /// Loads a model unless it is there or on its way; into helpers only what the lead holds, so that it is fetched once.
    fn load(&mut self, seat: Seat, source: ModelSource) {
        let worker = self.crew.at(seat);
        if worker.device.is_none() || worker.has_or_awaits(&source.key) {
            return;
        }
        let held_by = |seat: Seat| self.crew.at(seat).loaded.contains_key(&source.key);
        if seat.is_helper() && !held_by(Seat::LEAD) {
            return;
        }
        let from_cache = self.crew.all_seats().any(held_by);
        let id = self.id();
        self.crew.at_mut(seat).loading.insert(id, source.key.clone());
        self.commands.push(Command::Post(seat, Request::Load { id, source, from_cache }));
    }

    /// Posts every request that waits and can be answered, to whoever of the lane holds its model.
    fn post_waiting(&mut self) {
        self.requests.waiting().into_iter().for_each(|id| self.post_parts(id));
    }

    fn post_parts(&mut self, id: RequestId) {
        let Some(asked) = self.requests.get(id) else { return };
        let seats = self.crew.holders(self.active, asked.job.model());
        let loads: Vec<usize> = seats.iter().map(|seat| self.requests.load_on(*seat)).collect();
        let shares = deal(&asked.job, &loads);
        if shares.is_empty() {
            return;
        }
        let parts: Vec<(Seat, Job)> =
            shares.iter().map(|share| (seats[share.worker], part(&asked.job, &share.places))).collect();
        let attempt = self.id();
        let posts = parts.into_iter().map(|(seat, job)| Command::Post(seat, job.request(attempt)));
        self.commands.extend(posts);
        self.requests.begin(id, Gathering::new(attempt, shares, &seats));
    }

    /// Ends a request: whoever still computes a part of it stops.
    fn conclude(&mut self, id: RequestId, update: Update) {
        let Some(asked) = self.requests.remove(id) else { return };
        if let Some(gathering) = asked.gathering {
            self.commands.extend(gathering.under_way().map(|seat| recall(seat, &gathering)));
        }
        self.commands.push(Command::Tell(id, update));
        self.move_if_due();
    }

    fn id(&mut self) -> RequestId {
        self.next_id += 1;
        self.next_id - 1
    }
}

/// What stops a worker's part of a request.
fn recall(seat: Seat, gathering: &Gathering) -> Command {
    Command::Post(seat, Request::Cancel { id: gathering.attempt })
}

#[cfg(test)]
#[path = "switchboard_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "switchboard_sharing_tests.rs"]
mod sharing_tests;
