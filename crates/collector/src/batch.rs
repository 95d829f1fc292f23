//! The door: the body of `POST /v1/votes` becomes rows or is refused, with the vote named that is to blame.
//!
//! What a vote is, is the library's matter ([`parse_vote`]). Here is what a collector asks beyond it: known models, a clock
//! that does not run ahead, and consent where the visitor wrote the prompt.

use std::collections::{BTreeSet, HashSet};
use std::path::Path;

use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::value::RawValue;
use thermostat::app::prompts::Side;
use thermostat::manifest::Manifest;
use thermostat::preference::{RandomKey, Vote, parse_vote};
use thiserror::Error;

use crate::refusal::Refusal;
use crate::store::Row;

/// Version of the batch that is understood.
pub const BATCH_SCHEMA: u32 = 1;
/// Most votes of a batch.
pub const MOST_VOTES: usize = 100;
/// Most bytes of a body. A hundred votes on our models' answers have a third of it.
pub const MOST_BODY_BYTES: usize = 1024 * 1024;

/// A batch that may be stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Batch {
    /// The browser that all of it comes from.
    pub client: RandomKey,
    /// One a vote.
    pub rows: Vec<Row>,
}

/// What is asked of votes beyond the schema.
#[derive(Debug, Clone, PartialEq)]
pub struct Rules {
    /// Checksums of the models that may be voted on; any, where none were named.
    pub models: Option<BTreeSet<String>>,
    /// How far a visitor's clock may run ahead of this one.
    pub most_ahead_ms: u64,
}

/// Why the list of models could not be read.
#[derive(Debug, Error)]
pub enum ManifestError {
    /// No file, or no text.
    #[error(
        "the list of models {path} cannot be read ({reason}). Give the manifest.json of the page's models."
    )]
    Unreadable {
        /// Where it was looked for.
        path: String,
        /// What is wrong.
        reason: String,
    },
}

/// Checksums of all files that answers can come from, by a page's list of models, and the name of each stage.
///
/// # Errors
/// [`ManifestError`].
pub fn known_models(path: &Path) -> Result<Vec<(String, String)>, ManifestError> {
    let unreadable = |reason: String| ManifestError::Unreadable { path: path.display().to_string(), reason };
    let text = std::fs::read_to_string(path).map_err(|error| unreadable(error.to_string()))?;
    let manifest: Manifest = serde_json::from_str(&text).map_err(|error| unreadable(error.to_string()))?;
    let stages = manifest.stages.iter().chain(&manifest.demonstrations);
    Ok(stages
        .flat_map(|stage| stage.files.iter().map(|file| (file.sha256.clone(), stage.label.clone())))
        .collect())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Envelope<'a> {
    schema: u32,
    owner: String,
    shares_own_prompts: bool,
    #[serde(borrow)]
    votes: Vec<&'a RawValue>,
}

/// Reads the body of a request. `source` is the day's hash of its address.
///
/// # Errors
/// The first thing that is wrong.
pub fn parse(body: &[u8], source: [u8; 16], now_ms: u64, rules: &Rules) -> Result<Batch, Refusal> {
    let malformed = |why: String| Refusal::new(StatusCode::BAD_REQUEST, "malformed", why);
    let text = std::str::from_utf8(body).map_err(|_| malformed("the body is not UTF-8".to_owned()))?;
    let envelope: Envelope =
        serde_json::from_str(text).map_err(|error| malformed(format!("the body is not a batch: {error}")))?;
    let unfit = |code, why: String| Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, code, why);
    if envelope.schema != BATCH_SCHEMA {
        let why = format!("the batch has schema {}, and {BATCH_SCHEMA} is known here", envelope.schema);
        return Err(unfit("schema", why));
    }
    let owner = owner(&envelope.owner)
        .ok_or_else(|| unfit("owner", "the owner is not 64 lower-case hex digits".to_owned()))?;
    if envelope.votes.is_empty() || envelope.votes.len() > MOST_VOTES {
        let why = format!("the batch has {} votes; 1 to {MOST_VOTES} are taken", envelope.votes.len());
        return Err(unfit("batch_size", why));
    }
    let mut names = HashSet::new();
    let mut client = None;
    let mut rows = Vec::with_capacity(envelope.votes.len());
    for (index, raw) in envelope.votes.iter().enumerate() {
        let refused = |code, why: String| Refusal::of_vote(index, code, why);
        let vote = parse_vote(raw.get()).map_err(|error| refused("vote", error.to_string()))?;
        rules.check(&vote, now_ms, envelope.shares_own_prompts).map_err(|(code, why)| refused(code, why))?;
        if !names.insert(vote.id) {
            return Err(refused("twice", format!("the vote {} is twice in the batch", vote.id)));
        }
        if *client.get_or_insert(vote.client) != vote.client {
            return Err(refused("clients", "a batch holds the votes of one browser".to_owned()));
        }
        let row = Row::of(&vote, owner, source, i64::try_from(now_ms).unwrap_or(i64::MAX));
        rows.push(row.map_err(|error| refused("vote", error.to_string()))?);
    }
    let client = client.ok_or_else(|| unfit("batch_size", "the batch has no votes".to_owned()))?;
    Ok(Batch { client, rows })
}

impl Rules {
    fn check(
        &self,
        vote: &Vote,
        now_ms: u64,
        shares_own_prompts: bool,
    ) -> Result<(), (&'static str, String)> {
        if vote.time_unix_ms > now_ms.saturating_add(self.most_ahead_ms) {
            let ahead_s = (vote.time_unix_ms - now_ms) / 1000;
            return Err((
                "future",
                format!("the vote is from the future, by {ahead_s} seconds: set the clock"),
            ));
        }
        if let Some(models) = &self.models {
            let sums = [&vote.answer_a, &vote.answer_b].map(|answer| &answer.source.model_sha256);
            if let Some(unknown) = sums.into_iter().find(|sum| !models.contains(*sum)) {
                return Err(("model", format!("the model {unknown} is not one of this page's")));
            }
        }
        if !shares_own_prompts && !is_built_in(&vote.prompt) {
            let why =
                "the prompt is the visitor's own, and the batch does not say that they agreed to share it";
            return Err(("own_prompt", why.to_owned()));
        }
        Ok(())
    }
}

/// Whether the page offers this prompt, so that it says nothing about who chose it.
fn is_built_in(prompt: &str) -> bool {
    Side::ALL.iter().any(|side| side.prompts().iter().any(|built_in| built_in.text == prompt))
}

/// Reads a SHA-256 in lower-case hex.
fn owner(text: &str) -> Option<[u8; 32]> {
    let digits: &[u8; 64] = text.as_bytes().try_into().ok()?;
    let mut bytes = [0; 32];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let digit = |digit: u8| match digit {
            b'0'..=b'9' => Some(digit - b'0'),
            b'a'..=b'f' => Some(digit - b'a' + 10),
            _ => None,
        };
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(bytes)
}
