//! Why a request was not done: one JSON object with a code for programs and a sentence for people.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// A refused request. Statuses of 400 to 499 are the client's fault and nothing was stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// HTTP status.
    pub status: StatusCode,
    /// Short name that never changes its meaning.
    pub code: &'static str,
    /// What happened and what to do.
    pub message: String,
    /// Which vote of the batch, counted from 0.
    pub vote: Option<usize>,
    /// After how many seconds it may be tried again.
    pub retry_after_s: Option<u64>,
}

impl Refusal {
    /// A refusal of the whole request.
    #[must_use]
    pub fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), vote: None, retry_after_s: None }
    }

    /// A refusal because of one vote of a batch.
    #[must_use]
    pub fn of_vote(vote: usize, code: &'static str, message: impl Into<String>) -> Self {
        Self { vote: Some(vote), ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, message) }
    }

    /// Too many votes or requests; see [`Limits`](crate::limits::Limits).
    #[must_use]
    pub fn too_many(retry_after_s: u64) -> Self {
        let message = format!("too many votes in a short time; try again in {retry_after_s} seconds");
        let refusal = Self::new(StatusCode::TOO_MANY_REQUESTS, "too_many", message);
        Self { retry_after_s: Some(retry_after_s), ..refusal }
    }

    /// This side's fault, for now.
    #[must_use]
    pub fn unavailable(message: impl Into<String>) -> Self {
        let refusal = Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", message);
        Self { retry_after_s: Some(5), ..refusal }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        #[derive(Serialize)]
        struct Body {
            error: Reason,
        }
        #[derive(Serialize)]
        struct Reason {
            code: &'static str,
            message: String,
            #[serde(skip_serializing_if = "Option::is_none")]
            vote: Option<usize>,
        }

        let reason = Reason { code: self.code, message: self.message, vote: self.vote };
        let mut response = (self.status, Json(Body { error: reason })).into_response();
        let headers = response.headers_mut();
        if let Some(seconds) = self.retry_after_s {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}
