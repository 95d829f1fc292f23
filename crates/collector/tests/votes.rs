//! The endpoint for votes, asked as a page does and as somebody with bad intentions does.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod common;

use common::postgres::databases;
use common::program::{ADMIN, Folder, Program};
use common::votes::{batch, batch_of, key, model, now_ms, of_client, owner, vote, with};
use serde_json::{Value, json};

/// Sends what must be refused with this status and code, for the vote named, and stores nothing.
fn refused(program: &Program, body: &Value, status: u16, code: &str, vote: Option<u64>) {
    let before = program.stored();
    let answer = program.post(body.to_string());
    assert_eq!((answer.status, answer.code().as_str()), (status, code), "{answer:?}");
    assert_eq!(answer.json()["error"]["vote"].as_u64(), vote, "{answer:?}");
    assert_eq!(program.stored(), before, "{code}: something was stored");
}

#[test]
fn a_batch_is_stored_once_however_often_it_is_sent() {
    for (name, database, _kept) in databases() {
        let program = Program::start(&database);
        let votes = [vote(1), vote(2)];
        let answer = program.post(batch(votes.clone()).to_string());
        assert_eq!((answer.status, answer.json()), (200, json!({"stored": 2, "known": 0})), "{name}");
        let mut more = votes.to_vec();
        more.push(vote(3));
        let answer = program.post(batch(more).to_string());
        assert_eq!(answer.json(), json!({"stored": 1, "known": 2}), "{name}");
        // Reordered fields and other spaces are the same vote.
        let spaced = serde_json::to_string_pretty(&batch(votes)).unwrap();
        assert_eq!(program.post(spaced).json(), json!({"stored": 0, "known": 2}), "{name}");
        assert_eq!(program.stored().len(), 3, "{name}");
    }
}

#[test]
fn a_known_id_with_other_contents_is_a_clash_and_the_whole_batch_is_refused() {
    for (_, database, _kept) in databases() {
        let program = Program::start(&database);
        assert_eq!(program.post(batch([vote(2)]).to_string()).status, 200);
        let other = with(vote(2), "/choice", json!("both_bad"));
        refused(&program, &batch([vote(1), other, vote(3)]), 409, "clash", Some(1));
    }
}

#[test]
fn identical_batches_at_the_same_time_are_stored_once() {
    for (name, database, _kept) in databases() {
        let program = Program::start(&database);
        for round in 0..5 {
            let votes: Vec<Value> = (0..20).map(|number| vote(round * 100 + number)).collect();
            let reversed = votes.iter().rev().cloned();
            let bodies = [batch(votes.clone()).to_string(), batch(reversed).to_string()];
            let stored: u64 = std::thread::scope(|scope| {
                let senders: Vec<_> = (0..12)
                    .map(|sender| {
                        let (program, body) = (&program, &bodies[sender % 2]);
                        scope.spawn(move || {
                            let answer = program.post(body);
                            assert_eq!(answer.status, 200, "{answer:?}");
                            answer.json()["stored"].as_u64().unwrap()
                        })
                    })
                    .collect();
                senders.into_iter().map(|sender| sender.join().unwrap()).sum()
            });
            assert_eq!(stored, 20, "{name}: told once of each");
        }
        assert_eq!(program.stored().len(), 100, "{name}");
    }
}

#[test]
fn one_of_two_clashing_batches_at_the_same_time_is_refused_whole() {
    for (name, database, _kept) in databases() {
        let program = Program::start(&database);
        for round in 0..10_u64 {
            let shared = 1000 * (round + 1);
            let left = batch([vote(shared + 1), vote(shared)]).to_string();
            let right = batch([with(vote(shared), "/choice", json!("skip")), vote(shared + 2)]).to_string();
            let statuses = std::thread::scope(|scope| {
                let left = scope.spawn(|| program.post(&left).status);
                let right = scope.spawn(|| program.post(&right).status);
                [left.join().unwrap(), right.join().unwrap()]
            });
            assert!(matches!(statuses, [200, 409] | [409, 200]), "{name}: {statuses:?}");
        }
        assert_eq!(program.stored().len(), 20, "{name}");
    }
}

#[test]
fn what_is_wrong_is_named() {
    let folder = Folder::new();
    let program = Program::start(&folder.database());
    let bad = |path: &str, value: Value| batch([vote(1), with(vote(2), path, value)]);
    refused(&program, &bad("/answer_a/source/temperature", json!(-1)), 422, "vote", Some(1));
    refused(&program, &bad("/id", json!("'; DROP TABLE votes; --")), 422, "vote", Some(1));
    refused(&program, &bad("/answer_b/text", json!("x".repeat(70_000))), 422, "vote", Some(1));
    refused(&program, &bad("/time_unix_ms", json!(now_ms() + 3_600_000)), 422, "future", Some(1));
    refused(&program, &bad("/prompt", json!("What I really think is private")), 422, "own_prompt", Some(1));
    refused(&program, &batch([vote(1), vote(1)]), 422, "twice", Some(1));
    refused(&program, &batch([vote(1), of_client(2, vote(2))]), 422, "clients", Some(1));
    refused(&program, &batch([]), 422, "batch_size", None);
    refused(&program, &batch((0..101).map(vote)), 422, "batch_size", None);
    let mut schema = batch([vote(1)]);
    schema["schema"] = json!(2);
    refused(&program, &schema, 422, "schema", None);
    let mut unowned = batch([vote(1)]);
    unowned["owner"] = json!(key(1000));
    refused(&program, &unowned, 422, "owner", None);
    let mut extra = batch([vote(1)]);
    extra["admin"] = json!(true);
    refused(&program, &extra, 400, "malformed", None);
    let answer = program.send("POST", "/v1/votes", &[("content-type", "text/plain")], b"{}").unwrap();
    assert_eq!((answer.status, answer.code().as_str()), (415, "content_type"));
}

/// Also while the client still writes, or it would learn nothing and send the same again.
#[test]
fn what_is_too_large_is_told_so_every_time() {
    let folder = Folder::new();
    let program = Program::start(&folder.database());
    let long = batch((0..100).map(|number| with(vote(number), "/answer_a/text", json!("x".repeat(60_000)))));
    for _ in 0..10 {
        refused(&program, &long, 413, "too_large", None);
    }
}

/// A clock that is a little ahead is nobody's fault.
#[test]
fn a_clock_within_the_tolerance_is_taken() {
    let folder = Folder::new();
    let program = Program::start(&folder.database());
    let ahead = with(vote(1), "/time_unix_ms", json!(now_ms() + 60_000));
    assert_eq!(program.post(batch([ahead]).to_string()).status, 200);
}

#[test]
fn own_prompts_are_taken_with_consent() {
    let folder = Folder::new();
    let program = Program::start(&folder.database());
    let mut own = batch([with(vote(1), "/prompt", json!("Write about <b>my</b> cat'; --"))]);
    own["shares_own_prompts"] = json!(true);
    assert_eq!(program.post(own.to_string()).status, 200);
    assert!(program.export("full").body.contains("Write about <b>my</b> cat'; --"), "text is kept as it is");
}

#[test]
fn only_votes_on_the_pages_own_models_are_taken_where_they_are_named() {
    let folder = Folder::new();
    let manifest = folder.path().join("manifest.json");
    let stage = |id: &str, sum: String| {
        json!({
            "id": id, "label": id.to_uppercase(), "summary": "", "parameters": 1, "commit": "", "trained_on": "", "config": {}, "metrics": {},
            "files": [{ "file": "a", "quantization": "Q4_0", "size_bytes": 1, "sha256": sum }],
        })
    };
    let list = json!({ "version": 1, "stages": [stage("sft", model(1))], "demonstrations": [stage("gone", model(2))] });
    std::fs::write(&manifest, list.to_string()).unwrap();
    let program = Program::with(&folder.database(), &["--manifest", manifest.to_str().unwrap()]);
    let foreign = with(vote(2), "/answer_b/source/model_sha256", json!(model(9)));
    refused(&program, &batch([vote(1), foreign]), 422, "model", Some(1));
    assert_eq!(program.post(batch([vote(1)]).to_string()).status, 200);
    let labels: Vec<_> = program.get("/v1/leaderboard").json()["standings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|place| place["label"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(labels, ["SFT", "GONE"]);
}

#[test]
fn nothing_that_is_answered_can_be_taken_for_a_page() {
    let folder = Folder::new();
    let program = Program::start(&folder.database());
    let script = "<script>alert(1)</script>";
    let mut extra = batch([vote(1)]);
    extra[script] = json!(1);
    let query = program.send(
        "GET",
        "/v1/export.jsonl?form=%3Cscript%3E",
        &[("authorization", &format!("Bearer {ADMIN}"))],
        &[],
    );
    for answer in [
        program.post(extra.to_string()),
        program.get("/%3Cscript%3E"),
        query.unwrap(),
        program.get("/v1/votes"),
    ] {
        assert!(matches!(answer.status, 400 | 404 | 405), "{answer:?}");
        assert_eq!(answer.header("content-type"), Some("application/json"), "{answer:?}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{answer:?}");
        answer.code();
    }
}

#[test]
fn only_the_browsers_own_key_deletes_and_it_deletes_only_its_own() {
    for (name, database, _kept) in databases() {
        let program = Program::start(&database);
        let delete = |word: &str| {
            program.send("DELETE", "/v1/votes", &[("authorization", &format!("Bearer {word}"))], &[]).unwrap()
        };
        let ours = of_client(77, vote(1));
        assert_eq!(
            program.post(batch_of(501, [ours.clone(), of_client(77, vote(2))]).to_string()).status,
            200
        );
        // Somebody else who uses the same client id, seen in an export.
        assert_eq!(program.post(batch_of(502, [of_client(77, vote(3))]).to_string()).status, 200);
        // All that an export shows, and what the database holds: neither deletes.
        let export = program.export("full").body;
        assert!(!export.contains(&owner(&key(501))), "{name}: the export shows whose it is");
        for seen in ["client", "id"].map(|field| ours[field].as_str().unwrap()) {
            assert_eq!(delete(seen).json(), json!({"deleted": 0}), "{name}");
        }
        assert_eq!((delete(&owner(&key(501))).status, delete("").status), (401, 401), "{name}");
        assert_eq!(program.stored().len(), 3, "{name}");
        // One vote; somebody else's key does not delete it.
        let one = |secret: u64| {
            let (path, word) = (format!("/v1/votes?id={}", key(2)), format!("Bearer {}", key(secret)));
            program.send("DELETE", &path, &[("authorization", &word)], &[]).unwrap().json()
        };
        assert_eq!((one(502), one(501)), (json!({"deleted": 0}), json!({"deleted": 1})), "{name}");
        assert_eq!(program.stored().len(), 2, "{name}");
        assert_eq!(delete(&key(501)).json(), json!({"deleted": 1}), "{name}");
        assert_eq!(program.stored().len(), 1, "{name}");
        assert_eq!(delete(&key(501)).json(), json!({"deleted": 0}), "{name}");
        assert_eq!(program.send("DELETE", "/v1/votes", &[], &[]).unwrap().status, 401);
    }
}

#[test]
fn a_deleted_vote_is_not_left_in_the_file() {
    let folder = Folder::new();
    let program = Program::start(&folder.database());
    let secret = "a very recognisable answer";
    let marked = with(vote(1), "/answer_a/text", json!(secret));
    assert_eq!(program.post(batch_of(7, [marked]).to_string()).status, 200);
    let found = || {
        let files = std::fs::read_dir(folder.path()).unwrap().filter_map(Result::ok);
        files
            .filter_map(|file| std::fs::read(file.path()).ok())
            .any(|bytes| bytes.windows(secret.len()).any(|window| window == secret.as_bytes()))
    };
    assert!(found(), "the test would see it");
    let word = format!("Bearer {}", key(7));
    assert_eq!(
        program.send("DELETE", "/v1/votes", &[("authorization", &word)], &[]).unwrap().json(),
        json!({"deleted": 1})
    );
    assert!(!found(), "it is still in the file or its log");
}

#[test]
fn the_export_opens_to_the_admins_word_alone() {
    let folder = Folder::new();
    let program = Program::start(&folder.database());
    let ask = |word: Option<&str>| {
        let headers: Vec<(&str, &str)> = word.iter().map(|word| ("authorization", *word)).collect();
        program.send("GET", "/v1/export.jsonl", &headers, &[]).unwrap()
    };
    let right = format!("Bearer {ADMIN}");
    assert_eq!(ask(Some(&right)).status, 200);
    let longer = format!("{right}x");
    for wrong in [
        None,
        Some("Bearer "),
        Some("Bearer a-token-for-tests-onlx"),
        Some(longer.as_str()),
        Some(ADMIN),
        Some("Basic YTpi"),
    ] {
        let answer = ask(wrong);
        assert_eq!((answer.status, answer.code().as_str()), (401, "token"), "{wrong:?}");
        assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
    }
}
