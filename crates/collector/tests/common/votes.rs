//! Votes as JSON.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// A browser's secret key.
pub fn key(number: u64) -> String {
    format!("{number:032x}")
}

/// What batches carry of it.
pub fn owner(key: &str) -> String {
    Sha256::digest(key).iter().map(|byte| format!("{byte:02x}")).collect()
}

pub fn model(number: u8) -> String {
    format!("{number:02x}").repeat(32)
}

pub fn now_ms() -> u64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis() as u64
}

fn answer(text: &str, model_sha256: &str, seed: u64) -> Value {
    json!({
        "text": text, "token_ids": [5, 6, 7], "is_complete": true,
        "source": {
            "stage": "sft", "model_sha256": model_sha256, "temperature": 0.7, "top_k": null, "top_p": null,
            "seed": seed as u32, "row": 0, "max_new_tokens": 96, "device": "cpu",
        },
    })
}

/// A vote by client 1 that prefers the answer of model 1, on side A, to that of model 2.
pub fn vote(number: u64) -> Value {
    json!({
        "schema": 1, "id": format!("{number:032x}"), "prompt": "Write a poem about the sea",
        "answer_a": answer("The sea is wide.", &model(1), number),
        "answer_b": answer("The tide is high.", &model(2), number),
        "choice": { "prefer": { "side": "a", "strength": "better" } },
        "time_unix_ms": now_ms() - 60_000, "client": key(1), "app_version": "0.1.0",
    })
}

/// The same vote by another browser.
pub fn of_client(client: u64, vote: Value) -> Value {
    with(vote, "/client", json!(key(client)))
}

/// With the value at `path` replaced.
pub fn with(mut vote: Value, path: &str, value: Value) -> Value {
    *vote.pointer_mut(path).expect("the path exists") = value;
    vote
}

/// A batch of the browser with key 1000.
pub fn batch(votes: impl IntoIterator<Item = Value>) -> Value {
    batch_of(1000, votes)
}

pub fn batch_of(secret: u64, votes: impl IntoIterator<Item = Value>) -> Value {
    json!({
        "schema": 1, "owner": owner(&key(secret)), "shares_own_prompts": false,
        "votes": votes.into_iter().collect::<Vec<_>>(),
    })
}
