//! What all requests share, and which handler answers which.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::routing::{MethodRouter, delete, get, post};
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;
use tower_http::cors::CorsLayer;

use crate::batch::Rules;
use crate::intake::Intake;
use crate::leaderboard::Leaderboards;
use crate::limits::Limits;
use crate::metrics::Metrics;
use crate::refusal::Refusal;
use crate::routes::{export, leaderboard, service, votes};
use crate::source::Salt;
use crate::store::Store;

/// What handlers know.
pub struct Shared {
    /// The database.
    pub store: Store,
    /// The way votes get into it.
    pub intake: Intake,
    /// What is asked of votes.
    pub rules: Rules,
    /// How many are taken.
    pub limits: Limits,
    /// The day's salt.
    pub salt: Salt,
    /// Proxies before this.
    pub proxies: usize,
    /// SHA-256 of the word that opens the export.
    pub admin: Option<[u8; 32]>,
    /// The ranking.
    pub leaderboards: Leaderboards,
    /// What is counted.
    pub metrics: Metrics,
    /// Bodies that may be read at once, which bounds their memory.
    pub bodies: Semaphore,
}

/// What handlers get.
pub type App = Arc<Shared>;

/// Milliseconds since 1970 by this machine's clock.
#[must_use]
pub fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

/// The digest under which an admin's word is kept.
#[must_use]
pub fn admin_digest(token: &str) -> [u8; 32] {
    Sha256::digest(token).into()
}

/// Names of stages by checksum, from [`known_models`](crate::batch::known_models).
#[must_use]
pub fn labels(models: &[(String, String)]) -> HashMap<String, String> {
    models.iter().cloned().collect()
}

/// Every method and path that is answered. The OpenAPI document is held against it.
#[must_use]
pub fn table() -> Vec<(Method, &'static str, MethodRouter<App>)> {
    vec![
        (Method::POST, "/v1/votes", post(votes::add)),
        (Method::DELETE, "/v1/votes", delete(votes::delete)),
        (Method::GET, "/v1/leaderboard", get(leaderboard::show)),
        (Method::GET, "/v1/export.jsonl", get(export::export)),
        (Method::GET, "/v1/openapi.json", get(service::openapi)),
        (Method::GET, "/health", get(service::health)),
        (Method::GET, "/metrics", get(service::metrics)),
    ]
}

/// The whole service. Pages of `origins` may use it.
pub fn router(app: App, origins: Vec<HeaderValue>) -> Router {
    let cors = CorsLayer::new()
        .allow_origin(origins)
        .allow_methods([Method::GET, Method::POST, Method::DELETE])
        .allow_headers([header::AUTHORIZATION, header::CONTENT_TYPE])
        .expose_headers([header::RETRY_AFTER]);
    table()
        .into_iter()
        .fold(Router::new(), |router, (_, path, handler)| router.route(path, handler))
        .fallback(|| async {
            Refusal::new(StatusCode::NOT_FOUND, "no_such_path", "there is nothing here; see /v1/openapi.json")
        })
        .method_not_allowed_fallback(|| async {
            Refusal::new(
                StatusCode::METHOD_NOT_ALLOWED,
                "method",
                "this path does not answer that method; see /v1/openapi.json",
            )
        })
        .layer(from_fn_with_state(Arc::clone(&app), measure))
        .layer(cors)
        .with_state(app)
}

/// Counts and times the request, and makes sure that no browser takes the answer for a page.
async fn measure(State(app): State<App>, request: Request, next: Next) -> Response {
    let begin = Instant::now();
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    app.metrics.answered(route.as_deref().unwrap_or("other"), response.status().as_u16(), begin.elapsed());
    response
}
