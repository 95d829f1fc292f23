//! Votes, kept in this browser (IndexedDB).
//!
//! A vote is stored as its JSON text under its id, so what is read passes the same door as any other record. The
//! database is opened for each operation and closed after it: nothing goes stale when another tab deletes or upgrades
//! it. Writes ask for strict durability and are done only when their transaction is complete: a crash after that
//! loses nothing.

use std::cell::RefCell;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::rc::Rc;
use std::task::{Poll, Waker};

use gloo_timers::callback::Timeout;
use idb::{Database, DatabaseEvent, Factory, ObjectStoreParams, Transaction, TransactionResult};
use js_sys::{Array, Function, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use super::ledger;
use super::random::random_bytes;
use crate::preference::fate::after_removal;
use crate::preference::{RandomKey, StoreError, Vote, parse_vote};

pub mod files;

/// Version of the database's layout. Raise it when object stores change.
///
/// 1: votes and values. 2: also fates and sending.
const VERSION: u32 = 2;
/// Records by vote id.
pub(super) const VOTES: &str = "votes";
/// Single values by name.
pub(super) const VALUES: &str = "values";
/// Fates of votes by their id, as JSON; see [`ledger`](super::ledger).
pub(super) const FATES: &str = "fates";
/// Single values on sending by name. Not among the others: they outlive the votes while something is with the collector.
pub(super) const SENDING: &str = "sending";
/// Name of the browser's key among the values.
pub(super) const CLIENT: &str = "client";
/// Opening can wait forever on another tab, and in some browsers for no reason.
const LIMIT_MS: u32 = 10_000;

/// What an exception of the browser's means.
fn from_exception(exception: &JsValue) -> StoreError {
    let field =
        |name: &str| Reflect::get(exception, &JsValue::from_str(name)).ok().and_then(|v| v.as_string());
    let name = field("name").unwrap_or_else(|| "no reason given".to_owned());
    match name.as_str() {
        "QuotaExceededError" => StoreError::Full,
        "SecurityError" | "NotAllowedError" => StoreError::Forbidden,
        "VersionError" => StoreError::Newer,
        _ => StoreError::Failed(match field("message").filter(|message| !message.is_empty()) {
            Some(message) => format!("{name}: {message}"),
            None => name,
        }),
    }
}

impl From<idb::Error> for StoreError {
    fn from(error: idb::Error) -> Self {
        use idb::Error as E;
        match error {
            E::IndexedDbNotFound(_) => Self::Forbidden,
            E::DomException(exception) => from_exception(&exception),
            E::AddFailed(e)
            | E::UpdateFailed(e)
            | E::DeleteFailed(e)
            | E::ClearFailed(e)
            | E::CountFailed(e)
            | E::GetFailed(e)
            | E::GetAllFailed(e)
            | E::IndexedDbOpenFailed(e)
            | E::ObjectStoreNotFound(e)
            | E::RequestErrorNotFound(e)
            | E::RequestResultNotFound(e)
            | E::TransactionOpenFailed(e)
            | E::TransactionCommitError(e) => from_exception(&e),
            other => Self::Failed(other.to_string()),
        }
    }
}

/// What is kept.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Kept {
    /// The votes, oldest first.
    pub votes: Vec<Vote>,
    /// Records that this version cannot read; they stay where they are.
    pub unreadable: usize,
}

impl Kept {
    /// What records hold.
    pub(super) fn of(records: Vec<JsValue>) -> Self {
        let mut kept = Self::default();
        for record in records {
            match record.as_string().map(|json| parse_vote(&json)) {
                Some(Ok(vote)) => kept.votes.push(vote),
                _ => kept.unreadable += 1,
            }
        }
        kept.votes.sort_by_key(|vote| (vote.time_unix_ms, vote.id));
        kept
    }
}

/// The store. It holds nothing open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VoteStore {
    name: String,
    limit_ms: u32,
}

impl Default for VoteStore {
    fn default() -> Self {
        Self::new("thermostat", LIMIT_MS)
    }
}

impl VoteStore {
    /// The store in the database of that name, given up on after so long without an answer.
    #[must_use]
    pub fn new(name: &str, limit_ms: u32) -> Self {
        Self { name: name.to_owned(), limit_ms }
    }

    /// Keeps a vote; it is safe when this returns. Keeping it again changes nothing.
    ///
    /// # Errors
    /// [`StoreError`]; the vote is then not known to be kept.
    pub async fn put(&self, vote: &Vote) -> Result<(), StoreError> {
        vote.check()?;
        let json = serde_json::to_string(vote).map_err(|error| StoreError::Failed(error.to_string()))?;
        let id = vote.id.to_string();
        self.write(&[VOTES], async move |transaction| {
            let votes = transaction.object_store(VOTES)?;
            votes.put(&JsValue::from_str(&json), Some(&JsValue::from_str(&id)))?.await?;
            Ok(())
        })
        .await
    }

    /// Keeps votes from elsewhere, all or none; one whose id is known already stays as it is. Returns the number of new ones.
    ///
    /// # Errors
    /// [`StoreError`]; then none was added. Only for [`StoreError::Blocked`] that is not certain.
    pub async fn add(&self, votes: &[Vote]) -> Result<usize, StoreError> {
        let mut records = Vec::with_capacity(votes.len());
        for vote in votes {
            vote.check()?;
            let json = serde_json::to_string(vote).map_err(|error| StoreError::Failed(error.to_string()))?;
            records.push((JsValue::from_str(&vote.id.to_string()), JsValue::from_str(&json)));
        }
        self.write(&[VOTES], async move |transaction| {
            let votes = transaction.object_store(VOTES)?;
            let mut new = 0;
            for (id, json) in &records {
                if votes.get(id.clone())?.await?.is_none() {
                    votes.put(json, Some(id))?.await?;
                    new += 1;
                }
            }
            Ok(new)
        })
        .await
    }

    /// Takes a vote out. If it may be with a collector, that it is taken back is noted in the same step.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn remove(&self, id: RandomKey) -> Result<(), StoreError> {
        self.write(&[VOTES, FATES], async move |transaction| {
            let id = JsValue::from_str(&id.to_string());
            transaction.object_store(VOTES)?.delete(id.clone())?.await?;
            let fates = transaction.object_store(FATES)?;
            let fate = ledger::fate_of(fates.get(id.clone())?.await?);
            ledger::set_fate(&fates, &id, after_removal(fate).as_ref()).await
        })
        .await
    }

    /// Deletes all votes, and the browser's key with them. What was sent stays with the collector, and the key that deletes it
    /// there stays here; [`withdraw`](Self::withdraw) is for that.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing was deleted.
    pub async fn delete_all(&self) -> Result<(), StoreError> {
        self.write(&[VOTES, VALUES], async |transaction| {
            transaction.object_store(VOTES)?.clear()?.await?;
            transaction.object_store(VALUES)?.clear()?.await?;
            Ok(())
        })
        .await
    }

    /// Number of records, unreadable ones too.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn count(&self) -> Result<u32, StoreError> {
        self.within_limit(async {
            let connection = self.open().await?;
            let store = connection.begin(&[VOTES], false)?.object_store(VOTES)?;
            Ok(store.count(None)?.await?)
        })
        .await
    }

    /// All votes, oldest first.
    ///
    /// # Errors
    /// [`StoreError`]. A record that cannot be read is no error; it is counted.
    pub async fn votes(&self) -> Result<Kept, StoreError> {
        let records = self
            .within_limit(async {
                let connection = self.open().await?;
                let store = connection.begin(&[VOTES], false)?.object_store(VOTES)?;
                Ok(store.get_all(None, None)?.await?)
            })
            .await?;
        Ok(Kept::of(records))
    }

    /// The key of this browser, drawn and kept at the first call.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn client_key(&self) -> Result<RandomKey, StoreError> {
        let bytes = random_bytes()
            .ok_or_else(|| StoreError::Failed("the browser gives no random numbers".to_owned()))?;
        let fresh = RandomKey::new(bytes);
        // One transaction, so that two tabs cannot draw two keys.
        self.write(&[VALUES], async move |transaction| {
            let values = transaction.object_store(VALUES)?;
            let name = JsValue::from_str(CLIENT);
            let known = values.get(name.clone())?.await?;
            let known = known.and_then(|value| value.as_string()).and_then(|text| text.parse().ok());
            if let Some(known) = known {
                return Ok(known);
            }
            values.put(&JsValue::from_str(&fresh.to_string()), Some(&name))?.await?;
            Ok(fresh)
        })
        .await
    }

    /// Runs `work` in a transaction that may write, and returns when it is complete. Where that fails or is given up, nothing of it is
    /// kept: a transaction with nothing to do any more would complete with the half that was done.
    pub(super) async fn write<T>(
        &self,
        stores: &[&str],
        work: impl AsyncFnOnce(&Transaction) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.within_limit(async {
            let connection = self.open().await?;
            let transaction = connection.begin(stores, true)?;
            // Waiting uses the transaction up; the same one is asked why it was aborted (a full disk may show only there).
            let mut undo = Undo(Some(transaction.object_store(stores[0])?.transaction()));
            let value = match work(&transaction).await {
                Ok(value) => value,
                Err(error) => return Err(undo.reason().unwrap_or(error)),
            };
            match transaction.await? {
                TransactionResult::Committed => {
                    undo.0 = None;
                    Ok(value)
                }
                TransactionResult::Aborted => Err(undo
                    .reason()
                    .unwrap_or_else(|| StoreError::Failed("the change was not completed".to_owned()))),
            }
        })
        .await
    }

    pub(super) async fn open(&self) -> Result<Connection, StoreError> {
        let mut request = Factory::new()?.open(&self.name, Some(VERSION))?;
        request.on_upgrade_needed(|event| {
            // Where this fails, the upgrade is aborted or the stores are missing; either shows at the next step.
            if let Ok(database) = event.database() {
                let there = database.store_names();
                for store in [VOTES, VALUES, FATES, SENDING] {
                    if !there.iter().any(|name| name == store) {
                        let _ = database.create_object_store(store, ObjectStoreParams::new());
                    }
                }
            }
        });
        Ok(Connection(JsValue::from(request.await?)))
    }

    pub(super) async fn within_limit<T>(
        &self,
        work: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        let alarm = Alarm::after(self.limit_ms);
        let mut work = pin!(work);
        poll_fn(|context| match work.as_mut().poll(context) {
            Poll::Ready(result) => Poll::Ready(result),
            Poll::Pending if alarm.has_rung(context.waker()) => Poll::Ready(Err(StoreError::Blocked)),
            Poll::Pending => Poll::Pending,
        })
        .await
    }
}

/// An open database, closed when dropped.
pub(super) struct Connection(JsValue);

impl Connection {
    /// Begins a transaction. The binding has no way to ask for durability, so this calls the browser itself.
    pub(super) fn begin(&self, stores: &[&str], writes: bool) -> Result<Transaction, StoreError> {
        let failed = |error: JsValue| from_exception(&error);
        let begin: Function = Reflect::get(&self.0, &JsValue::from_str("transaction"))
            .and_then(JsCast::dyn_into)
            .map_err(failed)?;
        let options = Object::new();
        Reflect::set(&options, &JsValue::from_str("durability"), &JsValue::from_str("strict"))
            .map_err(failed)?;
        let stores: Array = stores.iter().map(|name| JsValue::from_str(name)).collect();
        let mode = JsValue::from_str(if writes { "readwrite" } else { "readonly" });
        let transaction = begin.call3(&self.0, &stores, &mode, &options).map_err(failed)?;
        Ok(Transaction::try_from(transaction)?)
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if let Ok(database) = Database::try_from(self.0.clone()) {
            database.close();
        }
    }
}

/// Aborts a transaction when dropped, unless it is taken out before.
struct Undo(Option<Transaction>);

impl Undo {
    /// Why the transaction was aborted, if it was and for a reason.
    fn reason(&self) -> Option<StoreError> {
        self.0.as_ref()?.error().map(|exception| from_exception(&exception))
    }
}

impl Drop for Undo {
    fn drop(&mut self) {
        if let Some(transaction) = self.0.take() {
            // It fails only where the transaction has ended already.
            let _ = transaction.abort();
        }
    }
}

/// Wakes a task once, after some time; stopped when dropped.
struct Alarm {
    bell: Rc<RefCell<Bell>>,
    _timer: Timeout,
}

#[derive(Default)]
struct Bell {
    has_rung: bool,
    waker: Option<Waker>,
}

impl Alarm {
    fn after(limit_ms: u32) -> Self {
        let bell = Rc::new(RefCell::new(Bell::default()));
        let ringing = Rc::clone(&bell);
        let timer = Timeout::new(limit_ms, move || {
            let waker = {
                let mut bell = ringing.borrow_mut();
                bell.has_rung = true;
                bell.waker.take()
            };
            if let Some(waker) = waker {
                waker.wake();
            }
        });
        Self { bell, _timer: timer }
    }

    fn has_rung(&self, waker: &Waker) -> bool {
        let mut bell = self.bell.borrow_mut();
        bell.waker = Some(waker.clone());
        bell.has_rung
    }
}
