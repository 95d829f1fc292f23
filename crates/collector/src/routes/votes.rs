//! `POST /v1/votes` and `DELETE /v1/votes`.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use axum::Json;
use axum::body::{Body, BodyDataStream};
use axum::extract::rejection::QueryRejection;
use axum::extract::{ConnectInfo, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use futures_util::StreamExt;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use thermostat::preference::RandomKey;

use super::{admit, bearer};
use crate::app::{App, now_ms};
use crate::batch::{self, MOST_BODY_BYTES};
use crate::refusal::Refusal;
use crate::store::Outcome;

/// How long a body may take to come.
const MOST_BODY_TIME: Duration = Duration::from_secs(10);

/// So much of a refused body is let pass by; whoever sends more finds the connection closed.
const MOST_DRAINED_BYTES: usize = 16 * 1024 * 1024;

/// What became of a batch.
#[derive(Debug, Serialize)]
pub struct Stored {
    /// Votes that were not there before.
    pub stored: usize,
    /// Votes that were there already.
    pub known: usize,
}

/// What a visitor took back.
#[derive(Debug, Serialize)]
pub struct Deleted {
    /// Votes that are gone.
    pub deleted: u64,
}

/// Stores a batch, wholly or not at all. When it answers, the votes are on the disk.
///
/// # Errors
/// See the OpenAPI document.
pub async fn add(
    State(app): State<App>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Stored>, Refusal> {
    let mut chunks = body.into_data_stream();
    let result = try_add(&app, peer, &headers, &mut chunks).await;
    match &result {
        Ok(Json(Stored { stored, known })) => app.metrics.stored(*stored, *known),
        Err(refusal) => {
            app.metrics.refused(refusal.code);
            drain(&mut chunks).await;
        }
    }
    result
}

/// Lets the rest of a refused body pass by: a connection that is closed while its client still writes loses the answer, and
/// the client would only know that something broke.
async fn drain(chunks: &mut BodyDataStream) {
    let passing = async {
        let mut bytes = 0;
        while let Some(Ok(chunk)) = chunks.next().await {
            bytes += chunk.len();
            if bytes > MOST_DRAINED_BYTES {
                break;
            }
        }
    };
    let _ = tokio::time::timeout(MOST_BODY_TIME, passing).await; // too slow: then the answer may be lost
}

async fn try_add(
    app: &App,
    peer: SocketAddr,
    headers: &HeaderMap,
    chunks: &mut BodyDataStream,
) -> Result<Json<Stored>, Refusal> {
    let source = admit(app, peer, headers)?;
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if kind.split(';').next().is_none_or(|kind| !kind.trim().eq_ignore_ascii_case("application/json")) {
        let why = "send the batch as application/json";
        return Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "content_type", why));
    }
    let busy = |_| Refusal { retry_after_s: Some(1), ..Refusal::unavailable("too many at once; try again") };
    let permit = app.bodies.try_acquire().map_err(busy)?;
    let bytes = tokio::time::timeout(MOST_BODY_TIME, read(headers, chunks)).await.map_err(|_| {
        Refusal::new(StatusCode::REQUEST_TIMEOUT, "slow", "the body did not come within 10 seconds")
    })??;
    let batch = batch::parse(&bytes, source, now_ms(), &app.rules)?;
    drop(bytes);
    app.limits.batch(source, batch.client, batch.rows.len(), Instant::now()).map_err(Refusal::too_many)?;
    let outcome = app.intake.add(batch.rows).await?;
    drop(permit);
    match outcome {
        Outcome::Stored { new, known } => Ok(Json(Stored { stored: new, known })),
        Outcome::Clash { vote } => {
            let why =
                "a vote with this id and other contents is stored already; nothing of the batch was stored";
            Err(Refusal { status: StatusCode::CONFLICT, ..Refusal::of_vote(vote, "clash", why) })
        }
    }
}

async fn read(headers: &HeaderMap, chunks: &mut BodyDataStream) -> Result<Vec<u8>, Refusal> {
    let too_large = || {
        let why = format!("the batch has more than {MOST_BODY_BYTES} bytes; send fewer votes at once");
        Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", why)
    };
    let length =
        headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if length.is_some_and(|length| length > MOST_BODY_BYTES as u64) {
        return Err(too_large());
    }
    let mut bytes = Vec::new();
    while let Some(chunk) = chunks.next().await {
        let chunk =
            chunk.map_err(|_| Refusal::new(StatusCode::BAD_REQUEST, "broke_off", "the body broke off"))?;
        if bytes.len() + chunk.len() > MOST_BODY_BYTES {
            return Err(too_large());
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// Which votes are to be deleted.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Which {
    /// This one only.
    id: Option<RandomKey>,
}

/// Deletes the votes that were sent under the hash of the visitor's key, all of them or one. Whoever only knows what is exported (ids, clients)
/// cannot: the hash is not exported, and the key cannot be made from it.
///
/// # Errors
/// See the OpenAPI document.
pub async fn delete(
    State(app): State<App>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    which: Result<Query<Which>, QueryRejection>,
) -> Result<Json<Deleted>, Refusal> {
    admit(&app, peer, &headers)?;
    let key = bearer(&headers).filter(|key| key.parse::<RandomKey>().is_ok()).ok_or_else(|| {
        let why =
            "deleting needs `Authorization: Bearer KEY` with the browser's own key, 32 lower-case hex digits";
        Refusal::new(StatusCode::UNAUTHORIZED, "key", why)
    })?;
    let Query(Which { id }) = which.map_err(|_| {
        Refusal::new(
            StatusCode::BAD_REQUEST,
            "id",
            "the query knows `id=` with the name of one vote, 32 lower-case hex digits",
        )
    })?;
    let id = id.map(|id| id.to_string());
    let deleted = app.store.delete_of(&Sha256::digest(key), id.as_deref()).await.map_err(|error| {
        eprintln!("collector: votes could not be deleted: {error}");
        Refusal::unavailable("the votes could not be deleted; try again")
    })?;
    app.metrics.deleted(deleted);
    app.leaderboards.forget().await;
    Ok(Json(Deleted { deleted }))
}
