//! The handlers.

pub mod export;
pub mod leaderboard;
pub mod service;
pub mod votes;

use std::net::SocketAddr;
use std::time::Instant;

use axum::http::{HeaderMap, header};

use crate::app::{App, now_ms};
use crate::refusal::Refusal;
use crate::source::{self, Source};

/// The word after `Authorization: Bearer`.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, word) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(word.trim())
}

/// Where a request comes from, if that source has not used up its minute.
fn admit(app: &App, peer: SocketAddr, headers: &HeaderMap) -> Result<Source, Refusal> {
    let address = source::address(peer, headers, app.proxies);
    let source = app
        .salt
        .hash(address, now_ms())
        .map_err(|_| Refusal::unavailable("this system gives no random numbers; tell the operator"))?;
    app.limits.request(source, Instant::now()).map_err(Refusal::too_many)?;
    Ok(source)
}
