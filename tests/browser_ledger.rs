//! What becomes of votes that are sent, in a real browser's database.

#![cfg(all(target_family = "wasm", feature = "web"))]
#![allow(clippy::expect_used, missing_docs)]

use thermostat::app::compare::sending::work::Work;
use thermostat::platform::random::random_bytes;
use thermostat::platform::store::VoteStore;
use thermostat::preference::fate::Fate;
use thermostat::preference::lease::{Denied, LEASE_MS, Lease};
use thermostat::preference::{Answer, Choice, Device, RandomKey, SCHEMA, Side, Source, Strength, Vote};
use thermostat::units::Temperature;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

fn fresh(name: &str) -> VoteStore {
    let key = RandomKey::new(random_bytes().expect("random bytes"));
    VoteStore::new(&format!("test-{name}-{key}"), 5_000)
}

fn key(byte: u8) -> RandomKey {
    RandomKey::new([byte; 16])
}

/// A store with votes of this browser, numbered.
async fn with_votes(name: &str, ids: &[u8]) -> VoteStore {
    let store = fresh(name);
    let client = store.client_key().await.expect("a key");
    for id in ids {
        store.put(&vote(*id, client)).await.expect("kept");
    }
    store
}

fn vote(id: u8, client: RandomKey) -> Vote {
    let answer = |text: &str| Answer {
        text: text.to_owned(),
        token_ids: vec![1, 2, 3],
        is_complete: true,
        source: Source {
            stage: "sft".to_owned(),
            model_sha256: "0".repeat(64),
            temperature: Temperature::Greedy,
            top_k: None,
            top_p: None,
            seed: 1,
            row: 0,
            max_new_tokens: 96,
            device: Device::Cpu,
        },
    };
    Vote {
        schema: SCHEMA,
        id: key(id),
        prompt: "Write a poem about the sea".to_owned(),
        answer_a: answer("The sea"),
        answer_b: answer("The tide"),
        choice: Choice::Prefer { side: Side::B, strength: Strength::SlightlyBetter },
        time_unix_ms: id.into(),
        client,
        app_version: "0.1.0".to_owned(),
    }
}

/// The numbers of the votes that are to be sent.
async fn to_send(store: &VoteStore) -> Vec<RandomKey> {
    match store.ledger().await.expect("reads").work(50) {
        Work::Send(votes) => votes.into_iter().map(|vote| vote.id).collect(),
        Work::Nothing => Vec::new(),
        other => panic!("{other:?}"),
    }
}

#[wasm_bindgen_test]
async fn votes_depart_only_with_consent_and_while_they_are_kept() {
    let store = with_votes("depart", &[1, 2, 3]).await;
    assert_eq!(to_send(&store).await, []);
    let votes = store.votes().await.expect("reads").votes;
    assert_eq!(store.depart(votes.clone()).await, Ok(vec![]), "nobody agreed");
    store.agree(true).await.expect("kept");
    assert_eq!(to_send(&store).await, [key(1), key(2), key(3)]);
    store.remove(key(2)).await.expect("removed");
    let going = store.depart(votes.clone()).await.expect("noted");
    assert_eq!(going.iter().map(|vote| vote.id).collect::<Vec<_>>(), [key(1), key(3)]);
    store.agree(false).await.expect("kept");
    assert_eq!(store.depart(votes).await, Ok(vec![]), "not any more");
}

#[wasm_bindgen_test]
async fn a_vote_that_was_sent_is_not_sent_again_and_one_in_doubt_is() {
    let store = with_votes("arrive", &[1, 2, 3]).await;
    store.agree(true).await.expect("kept");
    let votes = store.votes().await.expect("reads").votes;
    store.depart(votes).await.expect("noted");
    assert_eq!(to_send(&store).await.len(), 3, "after a reload on the way");
    store.arrive(vec![key(1)], Fate::Sent).await.expect("noted");
    store.arrive(vec![key(2)], Fate::Refused { code: "future".to_owned() }).await.expect("noted");
    assert_eq!(to_send(&store).await, [key(3)]);
}

#[wasm_bindgen_test]
async fn a_vote_that_is_undone_on_its_way_is_taken_back() {
    let store = with_votes("undo", &[1, 2]).await;
    store.agree(true).await.expect("kept");
    store.depart(store.votes().await.expect("reads").votes).await.expect("noted");
    store.remove(key(1)).await.expect("removed");
    store.arrive(vec![key(1), key(2)], Fate::Sent).await.expect("noted");
    store.agree(false).await.expect("kept");
    assert_eq!(store.ledger().await.expect("reads").work(50), Work::TakeBack(key(1)));
    store.arrive(vec![key(1)], Fate::TakenBack).await.expect("noted");
    assert_eq!(store.ledger().await.expect("reads").work(50), Work::Nothing);
}

#[wasm_bindgen_test]
async fn what_was_sent_can_be_deleted_after_the_votes_are_gone_here_and_is_not_sent_again() {
    let store = with_votes("withdraw", &[1, 2]).await;
    store.agree(true).await.expect("kept");
    let votes = store.votes().await.expect("reads").votes;
    store.depart(vec![votes[0].clone()]).await.expect("noted");
    store.arrive(vec![key(1)], Fate::Sent).await.expect("noted");
    let secret = store.ledger().await.expect("reads").secret;
    store.delete_all().await.expect("deleted");
    let ledger = store.ledger().await.expect("reads");
    assert_eq!((ledger.secret, ledger.tally().sent), (secret, 1));
    store.withdraw().await.expect("noted");
    let ledger = store.ledger().await.expect("reads");
    assert_eq!((ledger.work(50), ledger.agrees), (Work::Withdraw, false));
    store.withdrawn().await.expect("noted");
    store.agree(true).await.expect("kept");
    assert_eq!(to_send(&store).await, []);
    assert_eq!(store.ledger().await.expect("reads").secret, secret);
}

#[wasm_bindgen_test]
async fn one_tab_sends_at_a_time() {
    let store = fresh("lease");
    assert_eq!(store.claim(key(1), 1_000).await, Ok(Ok(())));
    let denied = Denied { left_ms: LEASE_MS, is_pause: false };
    assert_eq!(store.claim(key(2), 1_000).await, Ok(Err(denied)));
    store.release(None).await.expect("given back");
    assert_eq!(store.claim(key(2), 1_000).await, Ok(Ok(())));
    store.release(Some(Lease::pause(1_000, 500, false))).await.expect("noted");
    let denied = Denied { left_ms: 500, is_pause: true };
    assert_eq!(store.claim(key(2), 1_000).await, Ok(Err(denied)));
    store.back_online().await.expect("noted");
    assert_eq!(store.claim(key(2), 1_000).await, Ok(Err(denied)), "the collector asked for it");
    store.release(Some(Lease::pause(1_000, 500, true))).await.expect("noted");
    assert_eq!(store.claim(key(2), 1_000).await, Ok(Err(denied)));
    store.back_online().await.expect("noted");
    assert_eq!(store.claim(key(2), 1_000).await, Ok(Ok(())), "nobody answered, and now somebody may");
}
