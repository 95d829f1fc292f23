//! Bodies that are nearly a batch, and bodies that are nothing: the client is told so, and nothing is stored.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod common;

use std::cell::RefCell;

use common::program::{Folder, Program, agent, request};
use common::votes::{batch, vote};
use proptest::prelude::*;
use serde_json::Value;

/// What is done to a body.
#[derive(Debug, Clone)]
enum Damage {
    Cut(f64),
    Byte(f64, u8),
    Insert(f64, Vec<u8>),
    Repeat(f64, f64),
    /// The value with this number is replaced.
    Value(usize, Value),
    /// The field with this number is taken away.
    Remove(usize),
    All(Vec<u8>),
}

fn damage() -> impl Strategy<Value = Damage> {
    let value = prop_oneof![
        Just(Value::Null),
        Just(serde_json::json!(-1)),
        Just(serde_json::json!(1e300)),
        Just(serde_json::json!(u64::MAX)),
        Just(serde_json::json!([])),
        Just(serde_json::json!({})),
        Just(serde_json::json!("'); DROP TABLE votes; --")),
        Just(serde_json::json!("<img src=x onerror=alert(1)>")),
        Just(serde_json::json!("\u{0}\u{202e}\u{fffd}")),
        any::<String>().prop_map(Value::from),
    ];
    prop_oneof![
        (0.0..1.0_f64).prop_map(Damage::Cut),
        (0.0..1.0_f64, any::<u8>()).prop_map(|(place, byte)| Damage::Byte(place, byte)),
        (0.0..1.0_f64, prop::collection::vec(any::<u8>(), 1..20))
            .prop_map(|(place, bytes)| Damage::Insert(place, bytes)),
        (0.0..1.0_f64, 0.0..1.0_f64).prop_map(|(from, to)| Damage::Repeat(from, to)),
        (any::<usize>(), value).prop_map(|(place, value)| Damage::Value(place, value)),
        any::<usize>().prop_map(Damage::Remove),
        prop::collection::vec(any::<u8>(), 0..200).prop_map(Damage::All),
    ]
}

impl Damage {
    fn apply(&self, mut body: Vec<u8>) -> Vec<u8> {
        let at = |share: f64, bytes: &[u8]| (share * bytes.len() as f64) as usize;
        match self {
            Self::Cut(share) => body.truncate(at(*share, &body)),
            Self::Byte(share, byte) => {
                let place = at(*share, &body);
                body.get_mut(place).into_iter().for_each(|place| *place = *byte);
            }
            Self::Insert(share, bytes) => {
                let place = at(*share, &body);
                body.splice(place..place, bytes.iter().copied());
            }
            Self::Repeat(from, to) => {
                let (from, to) = (at(from.min(*to), &body), at(from.max(*to), &body));
                let piece = body[from..to].to_vec();
                body.splice(to..to, piece);
            }
            Self::Value(place, value) => {
                return on_json(body, |json, paths| {
                    *json.pointer_mut(&paths[place % paths.len()]).unwrap() = value.clone();
                });
            }
            Self::Remove(place) => {
                return on_json(body, |json, paths| {
                    let path = &paths[place % paths.len()];
                    let (parent, name) = path.rsplit_once('/').unwrap();
                    match json.pointer_mut(parent) {
                        Some(Value::Object(fields)) => {
                            fields.remove(name);
                        }
                        Some(Value::Array(items)) => {
                            items.remove(name.parse().unwrap());
                        }
                        _ => {}
                    }
                });
            }
            Self::All(bytes) => body = bytes.clone(),
        }
        body
    }
}

/// Changes a body that is JSON still; `paths` are those of all its values.
fn on_json(body: Vec<u8>, change: impl FnOnce(&mut Value, &[String])) -> Vec<u8> {
    fn walk(value: &Value, path: &str, paths: &mut Vec<String>) {
        let mut visit = |name: &str, value: &Value| {
            let path = format!("{path}/{name}");
            paths.push(path.clone());
            walk(value, &path, paths);
        };
        match value {
            Value::Object(fields) => fields
                .iter()
                .for_each(|(name, value)| visit(&name.replace('~', "~0").replace('/', "~1"), value)),
            Value::Array(items) => {
                items.iter().enumerate().for_each(|(index, value)| visit(&index.to_string(), value))
            }
            _ => {}
        }
    }
    let Ok(mut json) = serde_json::from_slice::<Value>(&body) else { return body };
    let mut paths = Vec::new();
    walk(&json, "", &mut paths);
    if !paths.is_empty() {
        change(&mut json, &paths);
    }
    json.to_string().into_bytes()
}

#[test]
fn mangled_bodies_are_the_clients_fault_and_store_nothing() {
    let folder = Folder::new();
    let program = Program::start(&folder.database());
    let agent = agent();
    let stored = RefCell::new(0_u64);
    let next = RefCell::new(0_u64);
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        cases: 600,
        max_shrink_iters: 200,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    let damages = prop::collection::vec(damage(), 1..4);
    let outcome = runner.run(&damages, |damages| {
        *next.borrow_mut() += 3;
        let first = *next.borrow();
        let body = batch((first..first + 3).map(vote)).to_string().into_bytes();
        let body = damages.iter().fold(body, |body, damage| damage.apply(body));
        let json = [("content-type", "application/json")];
        let answer = request(&agent, &program.address, "POST", "/v1/votes", &json, &body).expect("an answer");
        match answer.status {
            // The damage hit a text, so it is a batch still.
            200 => *stored.borrow_mut() += answer.json()["stored"].as_u64().expect("a number"),
            status => {
                prop_assert!((400..500).contains(&status), "{answer:?}");
                prop_assert!(!answer.code().is_empty());
            }
        }
        let count = program.stored().len() as u64;
        prop_assert_eq!(count, *stored.borrow());
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
    assert!(*stored.borrow() < 3 * 600, "some were refused");
    assert_eq!(program.get("/health").status, 200);
}
