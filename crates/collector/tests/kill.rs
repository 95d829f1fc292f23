//! What was acknowledged is there, whatever happens to the process: SIGKILL under load, on both databases.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod common;

use std::collections::HashSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use common::postgres::{Postgres, databases};
use common::program::{Program, agent, request};
use common::votes::{batch, vote, with};

const SENDERS: u64 = 8;
/// The same each time, or a vote that is sent again would be another.
const TIME_MS: u64 = 1_764_000_000_000;
/// Acknowledged votes before each kill.
const BEFORE_KILL: usize = 300;

#[test]
fn acknowledged_votes_survive_kills_under_load_and_none_is_there_twice() {
    for (name, database, _kept) in databases() {
        let acknowledged = Mutex::new(HashSet::new());
        let sent = AtomicU64::new(0);
        let mut in_doubt = 0;
        for _ in 0..3 {
            let mut program = Program::start(&database);
            let before = acknowledged.lock().unwrap().len();
            let is_killed = AtomicBool::new(false);
            let doubts = AtomicU64::new(0);
            std::thread::scope(|scope| {
                for _ in 0..SENDERS {
                    scope.spawn(|| {
                        let agent = agent();
                        while !is_killed.load(Ordering::Relaxed) {
                            let first = sent.fetch_add(3, Ordering::Relaxed);
                            let votes: Vec<_> = (first..first + 3)
                                .map(|number| with(vote(number), "/time_unix_ms", serde_json::json!(TIME_MS)))
                                .collect();
                            let ids: Vec<String> =
                                votes.iter().map(|vote| vote["id"].as_str().unwrap().to_owned()).collect();
                            let body = batch(votes).to_string();
                            let json = [("content-type", "application/json")];
                            match request(
                                &agent,
                                &program.address,
                                "POST",
                                "/v1/votes",
                                &json,
                                body.as_bytes(),
                            ) {
                                Ok(answer) => {
                                    assert_eq!(answer.status, 200, "{answer:?}");
                                    acknowledged.lock().unwrap().extend(ids);
                                }
                                // Killed on the way: stored or not, nobody was told.
                                Err(_) => {
                                    doubts.fetch_add(3, Ordering::Relaxed);
                                }
                            }
                        }
                    });
                }
                scope.spawn(|| {
                    let patience = Instant::now();
                    while acknowledged.lock().unwrap().len() < before + BEFORE_KILL {
                        assert!(patience.elapsed() < Duration::from_secs(120), "{name}: no progress");
                        std::thread::sleep(Duration::from_millis(2));
                    }
                    let kill =
                        std::process::Command::new("kill").args(["-9", &program.pid().to_string()]).status();
                    is_killed.store(true, Ordering::Relaxed);
                    assert!(kill.unwrap().success());
                });
            });
            program.kill();
            in_doubt += doubts.load(Ordering::Relaxed);
        }
        let program = Program::start(&database);
        let stored = program.stored();
        let once: HashSet<String> = stored.iter().cloned().collect();
        let acknowledged = acknowledged.into_inner().unwrap();
        assert_eq!(once.len(), stored.len(), "{name}: a vote is there twice");
        let lost: Vec<_> = acknowledged.difference(&once).collect();
        assert!(lost.is_empty(), "{name}: lost {lost:?}");
        println!("{name}: {} acknowledged, {in_doubt} in doubt, {} there", acknowledged.len(), stored.len());
        // A page that heard nothing sends again: what is there is known, what is not is stored.
        let total = sent.load(Ordering::Relaxed);
        for first in (0..total).step_by(60) {
            let votes = (first..(first + 60).min(total))
                .map(|number| with(vote(number), "/time_unix_ms", serde_json::json!(TIME_MS)));
            let answer = program.post(batch(votes).to_string());
            assert_eq!(answer.status, 200, "{answer:?}");
        }
        assert_eq!(program.stored().len() as u64, total, "{name}");
    }
}

#[test]
fn a_database_server_that_dies_is_said_and_comes_back_with_all_that_was_acknowledged() {
    let Some(server) = Postgres::start() else { return };
    let program = Program::start(&server.url());
    assert_eq!(program.post(batch([vote(1)]).to_string()).status, 200);
    server.down();
    let health = program.get("/health");
    assert_eq!((health.status, health.code().as_str()), (503, "unavailable"));
    let refused = program.post(batch([vote(2)]).to_string());
    assert_eq!(refused.status, 503, "{refused:?}");
    assert!(refused.header("retry-after").is_some());
    server.up();
    assert_eq!(program.get("/health").status, 200);
    assert_eq!(program.post(batch([vote(2)]).to_string()).status, 200);
    assert_eq!(program.stored().len(), 2);
}
