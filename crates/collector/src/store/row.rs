//! A vote as a row of the table, and as the ranking reads it.

use serde::Serialize;
use sha2::{Digest, Sha256};
use thermostat::preference::ranking::Meeting;
use thermostat::preference::{Answer, Choice, Side, Vote};

/// A vote with what is asked about it. The columns are those of `migrations/`.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The vote's own name.
    pub id: String,
    /// Of [`record`](Self::record).
    pub record_sha256: [u8; 32],
    /// Of prompt and answers.
    pub pair_sha256: [u8; 32],
    /// SHA-256 of the visitor's key.
    pub owner: [u8; 32],
    /// Names the browser.
    pub client: String,
    /// The day's salted hash of the address.
    pub source: [u8; 16],
    /// Checksums of the models of answers A and B.
    pub models: [String; 2],
    /// Share of a win for A; none where the vote says nothing about models.
    pub won: Option<f64>,
    /// Whether side A was preferred.
    pub is_a: bool,
    /// When it came, in milliseconds since 1970.
    pub received_ms: i64,
    /// The vote as the library writes it, one line of JSON.
    pub record: String,
}

impl Row {
    /// The row of a vote.
    ///
    /// # Errors
    /// Where JSON cannot write it, which it gives no reason for.
    pub fn of(
        vote: &Vote,
        owner: [u8; 32],
        source: [u8; 16],
        received_ms: i64,
    ) -> Result<Self, serde_json::Error> {
        #[derive(Serialize)]
        struct Judged<'a>(&'a str, &'a Answer, &'a Answer);

        let record = serde_json::to_string(vote)?;
        let pair = serde_json::to_string(&Judged(&vote.prompt, &vote.answer_a, &vote.answer_b))?;
        Ok(Self {
            id: vote.id.to_string(),
            record_sha256: Sha256::digest(&record).into(),
            pair_sha256: Sha256::digest(&pair).into(),
            owner,
            client: vote.client.to_string(),
            source,
            models: [&vote.answer_a, &vote.answer_b].map(|answer| answer.source.model_sha256.clone()),
            won: Meeting::of(vote).map(|meeting| meeting.won),
            is_a: matches!(vote.choice, Choice::Prefer { side: Side::A, .. }),
            received_ms,
            record,
        })
    }
}

/// A vote that says something about models, as the ranking reads it.
#[derive(Debug, Clone, PartialEq)]
pub struct Cast {
    /// Order of arrival.
    pub seq: i64,
    /// The vote's own name.
    pub id: String,
    /// Of prompt and answers.
    pub pair_sha256: Vec<u8>,
    /// SHA-256 of the visitor's key.
    pub owner: Vec<u8>,
    /// Names the browser.
    pub client: String,
    /// The day's salted hash of the address.
    pub source: Vec<u8>,
    /// Checksum of the model of answer A.
    pub model_a: String,
    /// Checksum of the model of answer B.
    pub model_b: String,
    /// Share of a win for A.
    pub won: f64,
    /// Whether side A was preferred.
    pub is_a: bool,
}

/// A [`Cast`] as a database gives it, in the order of its fields.
pub(super) type CastColumns = (i64, String, Vec<u8>, Vec<u8>, String, Vec<u8>, String, String, f64, bool);

impl From<CastColumns> for Cast {
    fn from(columns: CastColumns) -> Self {
        let (seq, id, pair_sha256, owner, client, source, model_a, model_b, won, is_a) = columns;
        Self { seq, id, pair_sha256, owner, client, source, model_a, model_b, won, is_a }
    }
}
