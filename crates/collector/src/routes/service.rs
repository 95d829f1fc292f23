//! What operators and their tools ask: health, numbers, the description of the interface.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use serde::Serialize;

use crate::app::App;
use crate::refusal::Refusal;

/// How long the database may take to answer before it counts as gone.
const PATIENCE: Duration = Duration::from_secs(2);

/// The description of the interface.
pub const OPENAPI: &str = include_str!("../openapi.json");

/// All is well.
#[derive(Debug, Serialize)]
pub struct Health {
    status: &'static str,
}

/// Whether votes can be read, asked of the database itself.
///
/// # Errors
/// 503 where it does not answer.
pub async fn health(State(app): State<App>) -> Result<Json<Health>, Refusal> {
    match tokio::time::timeout(PATIENCE, app.store.ping()).await {
        Ok(Ok(())) => Ok(Json(Health { status: "ok" })),
        Ok(Err(error)) => {
            eprintln!("collector: the database does not answer: {error}");
            Err(Refusal::unavailable("the database does not answer"))
        }
        Err(_) => Err(Refusal::unavailable("the database does not answer in time")),
    }
}

/// The collector's own numbers.
pub async fn metrics(State(app): State<App>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], app.metrics.text())
}

/// The description of the interface.
pub async fn openapi() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], OPENAPI)
}
