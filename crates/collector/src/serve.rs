//! From options to a running service, and to its end.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use axum::http::HeaderValue;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{Semaphore, watch};

use crate::app::{App, Shared, admin_digest, labels, now_ms, router};
use crate::batch::{Rules, known_models};
use crate::intake::Intake;
use crate::leaderboard::Leaderboards;
use crate::limits::{Limits, Rates};
use crate::metrics::Metrics;
use crate::options::Options;
use crate::source::Salt;
use crate::store::Store;

/// Bodies that may be read at once: with [`MOST_BODY_BYTES`](crate::batch::MOST_BODY_BYTES) each, 256 MiB at worst.
const MOST_BODIES: usize = 256;
/// Shorter words can be guessed.
const LEAST_TOKEN: usize = 16;
/// How long requests under way may take once the collector is asked to stop.
const FAREWELL: Duration = Duration::from_secs(10);
/// How often votes that are too old are looked for.
const SWEEP: Duration = Duration::from_secs(3600);
const DAY_MS: u64 = 24 * 60 * 60 * 1000;

/// Runs until SIGINT or SIGTERM.
///
/// # Errors
/// Where it cannot start, with what to do.
pub async fn serve(options: Options) -> Result<()> {
    let origins = origins(&options.origins)?;
    let admin = admin(options.admin_token.as_deref())?;
    let models = options.manifest.as_deref().map(known_models).transpose()?;
    let store = Store::open(&options.database).await.with_context(|| {
        format!(
            "the votes' database {} cannot be opened. Name another with --database or DATABASE_URL: the path of a file in a folder that can \
             be written to, or postgres://USER:PASSWORD@HOST/DATABASE",
            without_password(&options.database)
        )
    })?;
    let app = App::new(Shared {
        intake: Intake::start(&store),
        rules: Rules {
            models: models.as_ref().map(|models| models.iter().map(|(sum, _)| sum.clone()).collect()),
            most_ahead_ms: u64::from(options.most_ahead_seconds) * 1000,
        },
        limits: Limits::new(
            Rates {
                all: options.most_a_minute.into(),
                source: options.most_a_minute_of_source.into(),
                client: options.most_a_minute_of_client.into(),
            },
            Instant::now(),
        ),
        salt: Salt::new(now_ms())
            .map_err(|error| anyhow::anyhow!("this system gives no random numbers: {error}"))?,
        proxies: options.proxies,
        admin,
        leaderboards: Leaderboards::new(
            labels(models.as_deref().unwrap_or_default()),
            options.most_weight.into(),
            Duration::from_secs(options.leaderboard_seconds.into()),
        ),
        metrics: Metrics::default(),
        bodies: Semaphore::new(MOST_BODIES),
        store: store.clone(),
    });
    let listener = TcpListener::bind(options.listen).await.with_context(|| {
        format!(
            "{} cannot be listened on. Choose another address with --listen or COLLECTOR_LISTEN",
            options.listen
        )
    })?;
    greet(&options, listener.local_addr()?, origins.len());
    if options.keep_days > 0 {
        tokio::spawn(sweep(App::clone(&app), u64::from(options.keep_days) * DAY_MS));
    }
    let (stop, stopping) = watch::channel(false);
    let mut hears = stopping.clone();
    let service = router(app, origins).into_make_service_with_connect_info::<SocketAddr>();
    let server = axum::serve(listener, service).with_graceful_shutdown(async move {
        let _ = hears.wait_for(|stop| *stop).await; // an error is the end, too
    });
    let serving = tokio::spawn(server.into_future());
    asked_to_stop().await?;
    println!("collector: stopping; requests under way are finished");
    let _ = stop.send(true);
    match tokio::time::timeout(FAREWELL, serving).await {
        Ok(ended) => ended.context("the server ended in disorder")?.context("the server failed")?,
        Err(_) => println!("collector: some connections did not end in {} seconds", FAREWELL.as_secs()),
    }
    store.close().await;
    Ok(())
}

fn greet(options: &Options, address: SocketAddr, origins: usize) {
    println!("collector: listening on http://{address}");
    println!("collector: votes are kept in {}", without_password(&options.database));
    if origins == 0 {
        println!(
            "collector: pages elsewhere may not send votes yet; name their origins with COLLECTOR_ORIGINS"
        );
    }
    if options.admin_token.is_none() {
        println!("collector: the export is off; COLLECTOR_ADMIN_TOKEN turns it on");
    }
}

/// Deletes what is too old, now and every so often.
async fn sweep(app: App, keep_ms: u64) {
    loop {
        let before = now_ms().saturating_sub(keep_ms);
        match app.store.delete_before(i64::try_from(before).unwrap_or(i64::MAX)).await {
            Ok(0) => {}
            Ok(votes) => {
                app.metrics.expired(votes);
                app.leaderboards.forget().await;
                println!("collector: {votes} votes were too old and are deleted");
            }
            Err(error) => eprintln!("collector: old votes could not be deleted: {error}"),
        }
        tokio::time::sleep(SWEEP).await;
    }
}

async fn asked_to_stop() -> Result<()> {
    let mut terminate = signal(SignalKind::terminate()).context("SIGTERM cannot be waited for")?;
    tokio::select! {
        pressed = tokio::signal::ctrl_c() => pressed.context("Ctrl-C cannot be waited for"),
        _ = terminate.recv() => Ok(()),
    }
}

fn origins(named: &[String]) -> Result<Vec<HeaderValue>> {
    let named = named.iter().map(|origin| origin.trim()).filter(|origin| !origin.is_empty());
    named
        .map(|origin| {
            let host = origin.strip_prefix("https://").or(origin.strip_prefix("http://"));
            match host {
                Some(host) if !host.is_empty() && !host.contains('/') => Ok(HeaderValue::from_str(origin)?),
                _ => bail!("`{origin}` is not an origin. Write it as https://example.org, without a path or a slash at the end"),
            }
        })
        .collect()
}

fn admin(token: Option<&str>) -> Result<Option<[u8; 32]>> {
    match token {
        Some(token) if token.len() < LEAST_TOKEN => {
            bail!(
                "the admin token is too short. Give {LEAST_TOKEN} characters and more, for example from `openssl rand -hex 16`"
            )
        }
        token => Ok(token.map(admin_digest)),
    }
}

/// A database's address as it may be printed.
fn without_password(place: &str) -> String {
    let Some((scheme, rest)) = place.split_once("://") else { return place.to_owned() };
    match rest.rsplit_once('@') {
        Some((user, host)) => format!("{scheme}://{}:...@{host}", user.split(':').next().unwrap_or_default()),
        None => place.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_not_printed() {
        assert_eq!(without_password("postgres://me:pa@ss@host/votes"), "postgres://me:...@host/votes");
        assert_eq!(without_password("folder/votes.db"), "folder/votes.db");
    }

    #[test]
    fn origins_are_origins() {
        let named = |origin: &str| origins(&[origin.to_owned()]);
        assert_eq!(named("https://example.org").expect("fine").len(), 1);
        assert!(named("").expect("an empty variable names none").is_empty());
        for bad in ["example.org", "https://example.org/", "*", "https://"] {
            assert!(named(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_short_token_is_refused() {
        assert!(admin(Some("secret")).is_err());
        assert_eq!(admin(None).expect("none is fine"), None);
    }
}
