//! The store of votes in a real browser.

#![cfg(all(target_family = "wasm", feature = "web"))]
#![allow(clippy::expect_used, missing_docs)]

use idb::{DatabaseEvent, Factory, ObjectStoreParams, TransactionMode};
use js_sys::{Function, Object, Reflect};
use thermostat::platform::random::random_bytes;
use thermostat::platform::store::{Kept, VoteStore};
use thermostat::preference::{
    Answer, Choice, Device, RandomKey, SCHEMA, Side, Source, StoreError, Strength, Vote,
};
use thermostat::units::Temperature;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

const LIMIT_MS: u32 = 5_000;

/// A database of its own for each test.
fn fresh(name: &str) -> (String, VoteStore) {
    let key = RandomKey::new(random_bytes().expect("random bytes"));
    let name = format!("test-{name}-{key}");
    let store = VoteStore::new(&name, LIMIT_MS);
    (name, store)
}

fn vote(id: u8, time_unix_ms: u64) -> Vote {
    let answer = |text: &str, temperature, row| Answer {
        text: text.to_owned(),
        token_ids: vec![1, 2, 3],
        is_complete: true,
        source: Source {
            stage: "sft".to_owned(),
            model_sha256: "0".repeat(64),
            temperature: Temperature::Value(temperature),
            top_k: None,
            top_p: None,
            seed: 1,
            row,
            max_new_tokens: 96,
            device: Device::Cpu,
        },
    };
    Vote {
        schema: SCHEMA,
        id: RandomKey::new([id; 16]),
        prompt: "Write a poem about the sea. 🌊\u{2028}\u{0}".to_owned(),
        answer_a: answer("The sea\n<script>alert(1)</script>", 0.7, 0),
        answer_b: answer("Das Meer", 1.3, 4),
        choice: Choice::Prefer { side: Side::B, strength: Strength::SlightlyBetter },
        time_unix_ms,
        client: RandomKey::new([9; 16]),
        app_version: "0.1.0".to_owned(),
    }
}

#[wasm_bindgen_test]
async fn votes_come_back_as_they_were_oldest_first() {
    let (_, store) = fresh("round-trip");
    assert_eq!(store.votes().await, Ok(Kept::default()));
    let (first, second) = (vote(200, 1), vote(100, 2));
    store.put(&second).await.expect("kept");
    store.put(&first).await.expect("kept");
    assert_eq!(store.count().await, Ok(2));
    assert_eq!(store.votes().await, Ok(Kept { votes: vec![first, second], unreadable: 0 }));
}

#[wasm_bindgen_test]
async fn keeping_a_vote_twice_keeps_it_once() {
    let (_, store) = fresh("twice");
    for _ in 0..2 {
        store.put(&vote(1, 1)).await.expect("kept");
    }
    assert_eq!(store.count().await, Ok(1));
}

#[wasm_bindgen_test]
async fn votes_from_elsewhere_are_added_once_and_change_none() {
    let (_, store) = fresh("add");
    store.put(&vote(1, 1)).await.expect("kept");
    let forged = Vote { choice: Choice::Skip, ..vote(1, 9) };
    assert_eq!(store.add(&[forged, vote(2, 2), vote(2, 2), vote(3, 3)]).await, Ok(2));
    assert_eq!(store.votes().await.map(|kept| kept.votes), Ok(vec![vote(1, 1), vote(2, 2), vote(3, 3)]));
    let bad = Vote { prompt: String::new(), ..vote(5, 5) };
    assert!(store.add(&[vote(4, 4), bad]).await.is_err());
    assert_eq!(store.count().await, Ok(3), "none of them, if one is no vote");
    assert_eq!(store.add(&[]).await, Ok(0));
}

/// Makes the third vote that is put from now on end as `what` says, and gives back what undoes that.
fn third_put(what: &str) -> Function {
    let script = format!(
        "const own = IDBObjectStore.prototype.put; let left = 3;\n\
         IDBObjectStore.prototype.put = function (...given) {{ if (--left === 0) {{ {what} }} return own.apply(this, given) }};\n\
         return () => {{ IDBObjectStore.prototype.put = own }}"
    );
    Function::new_no_args(&script).call0(&JsValue::UNDEFINED).expect("replaced").unchecked_into()
}

#[wasm_bindgen_test]
async fn votes_of_which_one_cannot_be_kept_are_none_of_them_kept() {
    for (what, error) in [
        ("throw new DOMException('', 'QuotaExceededError')", Some(StoreError::Full)),
        ("const put = own.apply(this, given); this.transaction.abort(); return put", None),
    ] {
        let (_, store) = fresh("half-way");
        store.put(&vote(1, 1)).await.expect("kept");
        let votes: Vec<Vote> = (2..6).map(|id| vote(id, u64::from(id))).collect();
        let restore = third_put(what);
        let added = store.add(&votes).await;
        restore.call0(&JsValue::UNDEFINED).expect("restored");
        match error {
            Some(error) => assert_eq!(added, Err(error)),
            None => assert!(matches!(added, Err(StoreError::Failed(_))), "{added:?}"),
        }
        assert_eq!(store.votes().await, Ok(Kept { votes: vec![vote(1, 1)], unreadable: 0 }), "{what}");
        assert_eq!(store.add(&votes).await, Ok(4), "and again when there is room");
    }
}

#[wasm_bindgen_test]
async fn a_vote_can_be_taken_back() {
    let (_, store) = fresh("remove");
    store.put(&vote(1, 1)).await.expect("kept");
    store.put(&vote(2, 2)).await.expect("kept");
    store.remove(vote(1, 1).id).await.expect("removed");
    store.remove(vote(1, 1).id).await.expect("removing it again is no error");
    assert_eq!(store.votes().await.map(|kept| kept.votes), Ok(vec![vote(2, 2)]));
}

#[wasm_bindgen_test]
async fn deleting_all_leaves_neither_votes_nor_key() {
    let (_, store) = fresh("delete");
    let key = store.client_key().await.expect("a key");
    store.put(&vote(1, 1)).await.expect("kept");
    store.delete_all().await.expect("deleted");
    assert_eq!(store.count().await, Ok(0));
    assert_ne!(store.client_key().await.expect("a key"), key);
}

#[wasm_bindgen_test]
async fn the_key_of_a_browser_stays() {
    let (name, store) = fresh("key");
    let key = store.client_key().await.expect("a key");
    assert_eq!(store.client_key().await, Ok(key));
    assert_eq!(VoteStore::new(&name, LIMIT_MS).client_key().await, Ok(key));
}

#[wasm_bindgen_test]
async fn a_vote_that_is_not_in_order_is_not_kept() {
    let (_, store) = fresh("bad-vote");
    let bad = Vote { prompt: String::new(), ..vote(1, 1) };
    assert!(matches!(store.put(&bad).await, Err(StoreError::BadVote(_))));
    assert_eq!(store.count().await, Ok(0));
}

#[wasm_bindgen_test]
async fn unreadable_records_are_counted_and_left_alone() {
    let (name, store) = fresh("unreadable");
    store.put(&vote(1, 1)).await.expect("kept");
    let database =
        Factory::new().expect("a factory").open(&name, None).expect("a request").await.expect("opens");
    let transaction = database.transaction(&["votes"], TransactionMode::ReadWrite).expect("begins");
    let votes = transaction.object_store("votes").expect("the store");
    for (key, value) in [("a", JsValue::from_str("{\"schema\":2}")), ("b", JsValue::from_f64(1.0))] {
        votes.put(&value, Some(&JsValue::from_str(key))).expect("a request").await.expect("put");
    }
    transaction.await.expect("completes");
    database.close();
    let kept = store.votes().await.expect("reads");
    assert_eq!((kept.votes.len(), kept.unreadable), (1, 2));
    assert_eq!(store.count().await, Ok(3));
}

#[wasm_bindgen_test]
async fn a_newer_database_is_named_as_such() {
    let (name, store) = fresh("newer");
    let mut request = Factory::new().expect("a factory").open(&name, Some(99)).expect("a request");
    request.on_upgrade_needed(|event| {
        let database = event.database().expect("the database");
        database.create_object_store("of the future", ObjectStoreParams::new()).expect("created");
    });
    request.await.expect("opens").close();
    assert_eq!(store.put(&vote(1, 1)).await, Err(StoreError::Newer));
    assert_eq!(store.count().await, Err(StoreError::Newer));
}

/// A deletion that waits for another tab makes every later opening wait too.
#[wasm_bindgen_test]
async fn a_store_that_does_not_answer_is_given_up_on() {
    let (name, store) = fresh("blocked");
    store.put(&vote(1, 1)).await.expect("kept");
    let factory = Factory::new().expect("a factory");
    let held = factory.open(&name, None).expect("a request").await.expect("opens");
    let _deletion = factory.delete(&name).expect("a request");
    assert_eq!(VoteStore::new(&name, 300).count().await, Err(StoreError::Blocked));
    held.close();
}

/// What a browser without storage looks like to the page.
#[wasm_bindgen_test]
async fn a_forbidden_store_is_named_as_such() {
    let (_, store) = fresh("forbidden");
    let global = js_sys::global();
    let name = JsValue::from_str("indexedDB");
    let own = Reflect::get_own_property_descriptor(&global, &name).expect("what the browser has");
    let none = Object::new();
    Reflect::set(&none, &"value".into(), &JsValue::UNDEFINED).expect("set");
    Reflect::set(&none, &"configurable".into(), &JsValue::TRUE).expect("set");
    Object::define_property(&global, &name, &none);
    let result = store.put(&vote(1, 1)).await;
    Object::define_property(&global, &name, own.unchecked_ref());
    assert_eq!(result, Err(StoreError::Forbidden));
    store.put(&vote(1, 1)).await.expect("kept again");
}

/// The layout of version 1, as earlier pages made it.
#[wasm_bindgen_test]
async fn votes_of_the_first_layout_are_there_in_the_second() {
    let (name, store) = fresh("migration");
    let mut request = Factory::new().expect("a factory").open(&name, Some(1)).expect("a request");
    request.on_upgrade_needed(|event| {
        let database = event.database().expect("the database");
        for store in ["votes", "values"] {
            database.create_object_store(store, ObjectStoreParams::new()).expect("created");
        }
    });
    let database = request.await.expect("opens");
    let transaction = database.transaction(&["votes", "values"], TransactionMode::ReadWrite).expect("begins");
    let record = serde_json::to_string(&vote(1, 1)).expect("writes");
    let (id, key) = (vote(1, 1).id.to_string(), RandomKey::new([9; 16]));
    for (store, name, value) in [("votes", id.as_str(), record), ("values", "client", key.to_string())] {
        let store = transaction.object_store(store).expect("the store");
        let put = store.put(&JsValue::from_str(&value), Some(&JsValue::from_str(name)));
        put.expect("a request").await.expect("put");
    }
    transaction.await.expect("completes");
    database.close();
    assert_eq!(store.votes().await, Ok(Kept { votes: vec![vote(1, 1)], unreadable: 0 }));
    assert_eq!(store.client_key().await, Ok(key));
    let ledger = store.ledger().await.expect("reads");
    assert_eq!((ledger.agrees, ledger.secret, ledger.fates.len()), (false, None, 0));
    store.agree(true).await.expect("kept");
    assert!(store.ledger().await.expect("reads").agrees);
}
