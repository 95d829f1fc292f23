//! What the [`switchboard`](super::switchboard) has to say: to the workers, to whoever asked, to the page.

use std::rc::Rc;

use crate::protocol::{
    DeviceReport, GenerateJob, GenerateStats, InspectJob, Inspection, ModelInfo, Request, RequestId,
    RowDelta, ScoreJob, VisitorError,
};

/// What workers compute on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    /// The processor.
    Cpu,
    /// The graphics card.
    Gpu,
}

/// One worker's place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Seat {
    /// On the processor, counted from 0.
    Cpu(u8),
    /// On the graphics card; there is one.
    Gpu,
}

impl Seat {
    /// The worker that opens first.
    pub const LEAD: Self = Self::Cpu(0);

    /// Whether it shares the lead's work.
    #[must_use]
    pub fn is_helper(self) -> bool {
        self.lane() == Lane::Cpu && self != Self::LEAD
    }

    /// What it computes on.
    #[must_use]
    pub fn lane(self) -> Lane {
        match self {
            Self::Cpu(_) => Lane::Cpu,
            Self::Gpu => Lane::Gpu,
        }
    }
}

/// Why the graphics card is not used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Declined {
    /// The browser has no WebGPU.
    NoWebGpu,
    /// The browser has WebGPU, but no adapter for it.
    NoAdapter,
    /// The adapter imitates a graphics card on the processor; its name, if known.
    Software(Option<String>),
    /// The visitor chose the processor.
    Unwanted,
    /// It failed, or its results were wrong.
    Failed(VisitorError),
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
    Open(Seat),
    /// Stop a worker.
    Close(Seat),
    /// Send a request to a worker.
    Post(Seat, Request),
    /// Tell the one who asked.
    Tell(RequestId, Update),
    /// Tell the page.
    News(News),
}

/// What can be asked of a model.
#[derive(Debug, Clone, PartialEq)]
pub enum Job {
    /// New answers.
    Generate(GenerateJob),
    /// The reading of an answer.
    Inspect(InspectJob),
    /// The scores of some answers.
    Score(ScoreJob),
}

impl Job {
    /// Key of the model.
    #[must_use]
    pub fn model(&self) -> &str {
        match self {
            Self::Generate(job) => &job.model,
            Self::Inspect(job) => &job.model,
            Self::Score(job) => &job.model,
        }
    }

    /// Whether it lets others go first.
    #[must_use]
    pub fn is_patient(&self) -> bool {
        matches!(self, Self::Generate(job) if job.patient)
    }

    /// As a worker is asked.
    #[must_use]
    pub fn request(self, id: RequestId) -> Request {
        match self {
            Self::Generate(job) => Request::Generate { id, job },
            Self::Inspect(job) => Request::Inspect { id, job },
            Self::Score(job) => Request::Score { id, job },
        }
    }
}

/// News of one request for answers, or for the reading of one.
#[derive(Debug, Clone, PartialEq)]
pub enum Update {
    /// New tokens of some rows.
    Tokens(Vec<RowDelta>),
    /// All rows have stopped; nothing more comes.
    Finished(GenerateStats),
    /// The answer has been read; nothing more comes.
    Inspected(Rc<Inspection>),
    /// The scores, one per answer; nothing more comes.
    Scored(Vec<f32>),
    /// Cancelled; nothing more comes.
    Cancelled,
    /// It failed; nothing more comes.
    Failed(VisitorError),
    /// The worker was replaced: forget the rows so far, they come again.
    Restarted,
}

impl Update {
    /// Whether nothing more comes.
    #[must_use]
    pub fn is_last(&self) -> bool {
        match self {
            Self::Tokens(_) | Self::Restarted => false,
            Self::Finished(_) | Self::Inspected(_) | Self::Scored(_) | Self::Cancelled | Self::Failed(_) => {
                true
            }
        }
    }
}

/// News of the engine as a whole.
#[derive(Debug, Clone, PartialEq)]
pub enum News {
    /// This device answers from now on.
    Device(DeviceReport),
    /// So many workers share the rows of a job from now on. One, until something else is said.
    Workers(usize),
    /// Bytes of a model for the device in use.
    LoadProgress {
        /// Key of the model.
        key: String,
        /// Bytes received so far.
        received_bytes: u64,
        /// Bytes in all, if known.
        total_bytes: Option<u64>,
    },
    /// The device in use holds this model.
    Loaded(ModelInfo),
    /// The device in use does not hold this model any more.
    Unloaded(String),
    /// This model could not be loaded; the others are not concerned.
    LoadFailed {
        /// Key of the model.
        key: String,
        /// Why.
        error: VisitorError,
    },
    /// The GPU worker is on its way.
    GpuOpening,
    /// The graphics card was lost, and is tried once more.
    GpuReopening,
    /// The graphics card stays unused, for this reason.
    GpuDeclined(Declined),
    /// The engine cannot go on unless the visitor tries again.
    Failed(VisitorError),
    /// The visitor stopped the engine.
    Stopped,
}
