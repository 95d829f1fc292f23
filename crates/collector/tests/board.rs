//! What is made of votes: the leaderboard and the export.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod common;

use common::postgres::databases;
use common::program::{Folder, Program};
use common::votes::{batch_of, model, of_client, vote, with};
use serde_json::{Value, json};

/// Sends votes of an address and a browser; of ten, seven prefer model 1, which is shown left and right in turn.
fn honest(program: &Program, visitor: u64) {
    let votes = (0..10).map(|number| {
        let vote = of_client(visitor, vote(visitor * 1_000 + number));
        let side = if (number * 7 + visitor) % 10 < 7 { "a" } else { "b" };
        let vote = with(vote, "/choice/prefer/side", json!(side));
        if number % 2 == 0 { swapped(vote) } else { vote }
    });
    send(program, &format!("192.0.2.{visitor}"), &batch_of(visitor, votes));
}

/// The same judgement with the sides exchanged.
fn swapped(mut vote: Value) -> Value {
    let a = vote["answer_a"].take();
    vote["answer_a"] = vote["answer_b"].take();
    vote["answer_b"] = a;
    let side = if vote["choice"]["prefer"]["side"] == "a" { "b" } else { "a" };
    with(vote, "/choice/prefer/side", json!(side))
}

fn send(program: &Program, address: &str, batch: &Value) {
    let headers = [("content-type", "application/json"), ("x-forwarded-for", address)];
    let answer = program.send("POST", "/v1/votes", &headers, batch.to_string().as_bytes()).unwrap();
    assert_eq!(answer.status, 200, "{answer:?}");
}

#[test]
fn three_hundred_rigged_votes_from_one_source_do_not_move_the_leaderboard() {
    for (name, database, _kept) in databases() {
        let program = Program::with(&database, &["--proxies", "1"]);
        for visitor in 1..=20 {
            honest(&program, visitor);
        }
        let before = program.get("/v1/leaderboard").json();
        assert_eq!(before["standings"][0]["model_sha256"], json!(model(1)), "{name}: {before}");
        assert_eq!((&before["votes"], &before["sources"]), (&json!(200), &json!(20)), "{name}");
        assert_eq!(before["is_told_apart"], json!(true), "{name}");
        // Each with a browser and a key of its own, but from one address.
        for number in 0..300 {
            let rigged = of_client(10_000 + number, vote(500_000 + number));
            let rigged = with(rigged, "/choice/prefer/side", json!("b"));
            send(&program, "203.0.113.1", &batch_of(10_000 + number, [rigged]));
        }
        let after = program.get("/v1/leaderboard").json();
        assert_eq!(after["standings"][0]["model_sha256"], json!(model(1)), "{name}: {after}");
        let chance = |board: &Value| board["standings"][0]["chance"].as_f64().unwrap();
        let moved = chance(&before) - chance(&after);
        assert!(moved < 0.02, "{name}: moved by {moved}");
        let weight = after["weight"].as_f64().unwrap();
        assert!((weight - 210.0).abs() < 1e-6, "{name}: {weight}");
        assert_eq!(after["flags"]["light"], json!(300), "{name}");
        assert_eq!(after["flags"]["outliers"], json!(300), "{name}");
        assert_eq!(after["flags"]["one_sided"], json!(300), "{name}");
        let weights = program.export("weights").body;
        let suspects = weights
            .lines()
            .filter(|line| serde_json::from_str::<Value>(line).unwrap()["is_outlier"] == json!(true));
        assert_eq!((weights.lines().count(), suspects.count()), (500, 300), "{name}");
    }
}

#[test]
fn made_up_models_do_not_push_others_out() {
    let folder = Folder::new();
    let program = Program::with(&folder.database(), &["--proxies", "1"]);
    for visitor in 1..=3 {
        honest(&program, visitor);
    }
    let made_up = (0..90).map(|number| {
        let vote = of_client(99, vote(900_000 + number));
        let vote = with(vote, "/answer_a/source/model_sha256", json!(model(100 + number as u8)));
        with(vote, "/answer_b/source/model_sha256", json!(model(101 + number as u8)))
    });
    send(&program, "203.0.113.1", &batch_of(99, made_up));
    let board = program.get("/v1/leaderboard").json();
    let places: Vec<&Value> =
        board["standings"].as_array().unwrap().iter().map(|place| &place["model_sha256"]).collect();
    assert_eq!(places.len(), 16);
    assert!(places.contains(&&json!(model(1))) && places.contains(&&json!(model(2))), "{places:?}");
}

#[test]
fn an_empty_collector_has_an_empty_leaderboard() {
    let folder = Folder::new();
    let program = Program::start(&folder.database());
    let board = program.get("/v1/leaderboard").json();
    assert_eq!((&board["standings"], &board["votes"]), (&json!([]), &json!(0)));
}

/// More than a page of the database.
#[test]
fn the_export_holds_every_vote_in_the_order_of_arrival() {
    for (name, database, _kept) in databases() {
        let program = Program::start(&database);
        let votes: Vec<Value> = (0..1_250)
            .map(|number| match number % 5 {
                3 => with(vote(number), "/choice", json!("both_bad")),
                4 => with(vote(number), "/choice", json!("skip")),
                _ => vote(number),
            })
            .collect();
        for some in votes.chunks(50) {
            assert_eq!(program.post(batch_of(1, some.to_vec()).to_string()).status, 200);
        }
        let export = program.export("full");
        assert!(export.header("content-type").unwrap().starts_with("application/jsonl"));
        let ids: Vec<Value> = votes.iter().map(|vote| vote["id"].clone()).collect();
        let lines: Vec<Value> = export.body.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let mut found: Vec<Value> = lines.iter().map(|line| line["id"].clone()).collect();
        // Within a transaction rows are added in the order of their names.
        for some in found.chunks_mut(50) {
            some.sort_by_key(|id| id.to_string());
        }
        assert_eq!(found, ids, "{name}");
        let read = thermostat::preference::parse_records(&export.body).expect("the library reads it");
        assert_eq!(read.len(), 1_250, "{name}");
        let trl = thermostat::preference::trl_jsonl(&read).unwrap();
        assert_eq!(program.export("trl").body, trl.jsonl, "{name}");
        assert_eq!(trl.exported, 750, "{name}");
    }
}
