//! `GET /v1/export.jsonl`: all votes, a page at a time, so that memory does not grow with them.

use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{ConnectInfo, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;
use thermostat::preference::{Vote, parse_vote, trl_jsonl};

use super::{admit, bearer};
use crate::app::{App, admin_digest};
use crate::leaderboard::Count;
use crate::refusal::Refusal;

/// Records that are read at a time.
const PAGE: i64 = 500;

/// What is asked for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wish {
    #[serde(default)]
    form: Form,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Form {
    /// Each vote as it was sent; the page can open it.
    #[default]
    Full,
    /// Preferences in the shape that TRL trains on.
    Trl,
    /// Of each vote on two models: how much it counts, and what looks wrong.
    Weights,
}

/// Streams all votes in a form, to whoever knows the admin's word.
///
/// # Errors
/// See the OpenAPI document. Where the database fails on the way, the connection breaks off.
pub async fn export(
    State(app): State<App>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    wish: Result<Query<Wish>, QueryRejection>,
) -> Result<Response, Refusal> {
    admit(&app, peer, &headers)?;
    let Some(admin) = app.admin else {
        let why = "the export is off: the collector was started without COLLECTOR_ADMIN_TOKEN";
        return Err(Refusal::new(StatusCode::FORBIDDEN, "export_off", why));
    };
    // Digests, so that the time says nothing about length or beginning of the word.
    let is_admin = bearer(&headers).is_some_and(|word| admin_digest(word).ct_eq(&admin).into());
    if !is_admin {
        let why = "the export needs `Authorization: Bearer` with the admin's token";
        return Err(Refusal::new(StatusCode::UNAUTHORIZED, "token", why));
    }
    let Query(Wish { form }) = wish.map_err(|_| {
        Refusal::new(
            StatusCode::BAD_REQUEST,
            "form",
            "the query knows `form=full`, `form=trl` and `form=weights`",
        )
    })?;
    let body = match form {
        Form::Weights => weights(app.leaderboards.count(&app.store).await?),
        Form::Full | Form::Trl => records(app, form),
    };
    Ok(([(header::CONTENT_TYPE, "application/jsonl; charset=utf-8")], body).into_response())
}

fn records(app: App, form: Form) -> Body {
    Body::from_stream(stream::try_unfold(0, move |seq| {
        let app = App::clone(&app);
        async move {
            let page = app.store.records_after(seq, PAGE).await?;
            let Some((last, _)) = page.last() else { return Ok(None) };
            let last = *last;
            let lines = match form {
                Form::Trl => {
                    let votes: Result<Vec<Vote>, _> =
                        page.iter().map(|(_, record)| parse_vote(record)).collect();
                    trl_jsonl(&votes?)?.jsonl
                }
                Form::Full | Form::Weights => page.into_iter().map(|(_, record)| record + "\n").collect(),
            };
            Ok::<_, Box<dyn std::error::Error + Send + Sync>>(Some((lines, last)))
        }
    }))
}

/// Small lines of the votes that are ranked, which are bounded in number.
fn weights(count: Count) -> Body {
    #[derive(Serialize)]
    struct Line<'a> {
        id: &'a str,
        weight: f64,
        is_copy: bool,
        is_one_sided: bool,
        is_outlier: bool,
    }

    let lines: String = count
        .marks()
        .filter_map(|(id, mark)| {
            serde_json::to_string(&Line {
                id,
                weight: mark.weight,
                is_copy: mark.is_copy,
                is_one_sided: mark.is_one_sided,
                is_outlier: mark.is_outlier,
            })
            .ok() // text and finite numbers always write
        })
        .map(|line| line + "\n")
        .collect();
    Body::from(lines)
}
