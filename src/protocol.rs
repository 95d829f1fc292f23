//! What the page and the worker say to each other.
//!
//! Plain data, serialised with `serde-wasm-bindgen`. It knows neither Yew nor burn.

mod packed;
pub mod rest;

use serde::{Deserialize, Serialize};

use crate::units::{Seed, Temperature, TokenId, Truncation};

/// Names a request; the page counts up. Every event about a request carries its id.
pub type RequestId = u32;

/// Page to worker.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Request {
    /// Fetch (or take from the cache), verify and load a model. Answered by `LoadProgress`, then `Loaded` or `Failed`.
    Load {
        /// This request.
        id: RequestId,
        /// Which file.
        source: ModelSource,
        /// Another worker has it already: what the browser's cache has is taken as it is.
        #[serde(default)]
        from_cache: bool,
    },
    /// Sample answers. Answered by `Tokens` many times, then `Finished`, `Cancelled` or `Failed`.
    Generate {
        /// This request.
        id: RequestId,
        /// What to sample.
        job: GenerateJob,
    },
    /// Read an answer token by token: what a model makes of each. Answered by `Inspected`, `Cancelled` or `Failed`.
    Inspect {
        /// This request.
        id: RequestId,
        /// What to read.
        job: InspectJob,
    },
    /// Score answers with a reward model. Answered by `Scored`, `Cancelled` or `Failed`.
    Score {
        /// This request.
        id: RequestId,
        /// What to score.
        job: ScoreJob,
    },
    /// Forget a model. A job that uses it goes on; there is no answer.
    Unload {
        /// Key of the model.
        key: String,
    },
    /// The visitor did something, and patient jobs rest for a moment. There is no answer.
    GiveWay,
    /// Stop a running or waiting request within a few milliseconds and one decode step (on a graphics card eight).
    Cancel {
        /// The request to stop.
        id: RequestId,
    },
}

/// Where a model file is and what it must be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelSource {
    /// Short stable name, for example `sft-q4_0`; later requests name the model by it.
    pub key: String,
    /// URL, absolute or relative to the page.
    pub url: String,
    /// Size of the file, if known beforehand.
    pub size_bytes: Option<u64>,
    /// Lower-case hex SHA-256 that the file must have, if known.
    pub sha256: Option<String>,
}

/// One prompt, many rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GenerateJob {
    /// Key of a loaded model.
    pub model: String,
    /// The visitor's prompt, without template.
    pub prompt: String,
    /// Wrap the prompt in the model's chat template.
    pub chat: bool,
    /// Answers to sample, one entry each.
    pub rows: Vec<RowSpec>,
    /// Upper limit of tokens per answer.
    pub max_new_tokens: u32,
    /// It lets others go first, rests while the visitor does something, and sends each answer whole, when it has ended.
    #[serde(default)]
    pub patient: bool,
}

/// An answer that a model is to read, whoever wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InspectJob {
    /// Key of a loaded model.
    pub model: String,
    /// The visitor's prompt, without template.
    pub prompt: String,
    /// Wrap the prompt in the model's chat template.
    pub chat: bool,
    /// The answer.
    pub answer: ReadAnswer,
}

/// An answer, as it is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "answer", rename_all = "snake_case")]
pub enum ReadAnswer {
    /// As a model gave it, without the token that ends it.
    Tokens(Vec<TokenId>),
    /// As somebody typed it.
    Text(String),
}

/// Answers to one prompt that a reward model is to score.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScoreJob {
    /// Key of a loaded reward model.
    pub model: String,
    /// The prompt that they answer, without template.
    pub prompt: String,
    /// Wrap the prompt in the model's chat template.
    pub chat: bool,
    /// The answers, as text.
    pub answers: Vec<String>,
}

/// How one answer is sampled. The draw for step `t` depends on (`seed`, `row`, `t`) and on nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct RowSpec {
    /// Number of the answer; names the row in events and keys its random draws.
    pub row: u32,
    /// Key of the random draws.
    pub seed: Seed,
    /// Temperature of this row.
    pub temperature: Temperature,
    /// Truncation of this row.
    pub truncation: Truncation,
}

/// Worker to page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Event {
    /// The worker runs and has chosen a device; sent once at start, and again after a fallback.
    Ready {
        /// The device in use.
        device: DeviceReport,
    },
    /// Bytes of a model file so far.
    LoadProgress {
        /// The request.
        id: RequestId,
        /// Bytes received so far.
        received_bytes: u64,
        /// Bytes in all, if known.
        total_bytes: Option<u64>,
    },
    /// A model is ready.
    Loaded {
        /// The request.
        id: RequestId,
        /// What was loaded.
        model: ModelInfo,
    },
    /// New tokens of some rows; of a patient job, answers.
    Tokens {
        /// The request.
        id: RequestId,
        /// At most one entry per row.
        #[serde(with = "packed")]
        deltas: Vec<RowDelta>,
    },
    /// All rows have stopped.
    Finished {
        /// The request.
        id: RequestId,
        /// Totals and timings.
        stats: GenerateStats,
    },
    /// An answer has been read.
    Inspected {
        /// The request.
        id: RequestId,
        /// What the model made of it.
        inspection: Inspection,
    },
    /// Answers have been scored.
    Scored {
        /// The request.
        id: RequestId,
        /// One score per answer, in the order of the job. For a published reward model whitened: mean 0 and deviation 1 over
        /// the answers that were compared last in training.
        scores: Vec<f32>,
    },
    /// The request was cancelled; what had streamed stays valid.
    Cancelled {
        /// The request.
        id: RequestId,
    },
    /// The request, or without an id the whole worker, failed.
    Failed {
        /// The request; none when the worker itself cannot go on.
        id: Option<RequestId>,
        /// What happened and what to do.
        error: VisitorError,
    },
}

/// Where the model runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeviceKind {
    /// The graphics card, through WebGPU.
    WebGpu,
    /// The processor.
    Cpu,
}

/// The device in use.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DeviceReport {
    /// WebGPU or CPU.
    pub device: DeviceKind,
    /// Adapter name, or `wasm simd128`.
    pub name: String,
    /// Whether the processor does the work, be it as itself or imitating a graphics card.
    pub software: bool,
}

/// A loaded model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelInfo {
    /// The key it was loaded under.
    pub key: String,
    /// `general.name` of the file.
    pub name: String,
    /// Number of parameters.
    pub parameters: u64,
    /// Size of the vocabulary.
    pub vocabulary: u32,
    /// Most tokens of prompt and answer together.
    pub context_tokens: u32,
    /// Lower-case hex SHA-256 of the file.
    pub sha256: String,
    /// Name of the block format that most weights use, for example `Q4_0`.
    pub quantization: String,
}

/// What one row gained.
#[derive(Debug, Clone, PartialEq)]
pub struct RowDelta {
    /// The row, as in its [`RowSpec`].
    pub row: u32,
    /// New tokens, in order. The end-of-answer token is not among them.
    pub tokens: Vec<SampledToken>,
    /// New text; whole UTF-8 characters only.
    pub text: String,
    /// Set when the row has stopped.
    pub stop: Option<StopReason>,
}

/// A token with the numbers of the distribution it came from (at T = 1, before truncation).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SampledToken {
    /// The token.
    pub id: TokenId,
    /// Natural log of its probability.
    pub log_prob: f32,
    /// Entropy of the distribution, in nats.
    pub entropy: f32,
}

/// Why a row stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StopReason {
    /// The model ended its answer.
    EndOfAnswer,
    /// The limit of new tokens, or the context, was reached.
    Length,
    /// The model produced logits that are not numbers; the row is unusable from here.
    NotANumber,
}

/// Totals of a finished request.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct GenerateStats {
    /// Tokens of the prompt, template included.
    pub prompt_tokens: u32,
    /// Tokens sampled over all rows, end tokens included.
    pub sampled_tokens: u32,
    /// Time to run the prompt.
    pub prefill_ms: f64,
    /// Time to sample.
    pub decode_ms: f64,
}

/// What a model makes of an answer: the distribution of the next token before each of its tokens and after the last.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Inspection {
    /// The tokens of the answer, `n` of them, without the one that ends it.
    pub tokens: Vec<TokenText>,
    /// Size of the vocabulary, `v`.
    pub vocabulary: u32,
    /// Logits at T = 1, before truncation: `[n + 1, v]` little-endian `f32`. Bytes, because these cross from worker to page
    /// as one block, where numbers would cross one by one.
    #[serde(with = "serde_bytes")]
    pub logits: Vec<u8>,
    /// For each of the `n + 1` places the likeliest tokens, best first. No temperature changes their order.
    pub likeliest: Vec<Vec<TokenText>>,
    /// A token that ends an answer.
    pub end: Option<TokenId>,
}

/// A token and how it reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenText {
    /// The token.
    pub id: TokenId,
    /// Its text; empty for structure, and for the first bytes of a character that is not whole yet.
    pub text: String,
}

/// What kind of thing went wrong: each has one remedy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorKind {
    /// A model's file could not be fetched.
    Network,
    /// The list of models could not be fetched.
    NoList,
    /// The list of models cannot be read.
    BadList,
    /// The list of models belongs to another version of the page.
    OtherList,
    /// The list of models offers nothing.
    EmptyList,
    /// A model's file is damaged, or not what it should be.
    BadModel,
    /// The model's tokenizer cannot be used, or not for this text.
    BadText,
    /// A model of a kind that cannot be run here.
    OtherModel,
    /// The prompt leaves no room for an answer.
    LongPrompt,
    /// Prompt and answer are too long to be read together.
    LongAnswer,
    /// More answers than can be had at once.
    ManyAnswers,
    /// The model's numbers broke off.
    NotANumber,
    /// Too few votes to learn from.
    FewVotes,
    /// The model gives no scores, or none that are numbers.
    NoScores,
    /// The model was asked before it was loaded.
    NotLoaded,
    /// The graphics card failed.
    Device,
    /// The engine broke off and did not come back.
    Stopped,
    /// What the engine found cannot be used.
    OddResult,
    /// A fault of this program.
    Internal,
}

/// An error that a visitor is told of. The page says it in the visitor's language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitorError {
    /// What happened, and with that what to do.
    pub kind: ErrorKind,
    /// More of it, for whoever looks into it: an English phrase that begins small and has no full stop. May be empty.
    pub detail: String,
}

impl VisitorError {
    /// An error; `detail` as the field of that name.
    #[must_use]
    pub fn new(kind: ErrorKind, detail: impl ToString) -> Self {
        Self { kind, detail: detail.to_string() }
    }
}
