//! `GET /v1/leaderboard`.

use std::net::SocketAddr;

use axum::Json;
use axum::extract::{ConnectInfo, State};
use axum::http::HeaderMap;

use super::admit;
use crate::app::App;
use crate::leaderboard::Leaderboard;
use crate::refusal::Refusal;

/// The ranking by everybody's votes.
///
/// # Errors
/// See the OpenAPI document.
pub async fn show(
    State(app): State<App>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
) -> Result<Json<Leaderboard>, Refusal> {
    admit(&app, peer, &headers)?;
    let board = app.leaderboards.now(&app.store).await?;
    Ok(Json(Leaderboard::clone(&board)))
}
