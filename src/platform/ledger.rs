//! What has become of votes that may be sent: kept in the votes' own database, so that a vote and its fate change in one step.

use std::collections::HashMap;

use idb::{ObjectStore, Transaction};
use wasm_bindgen::JsValue;

use super::random::random_bytes;
use super::store::{CLIENT, FATES, Kept, SENDING, VALUES, VOTES, VoteStore};
use crate::preference::fate::{Fate, Ledger, after_removal};
use crate::preference::lease::{Denied, Lease};
use crate::preference::{RandomKey, StoreError, Vote};

/// Name of the visitor's consent among the values; there, or not.
const AGREES: &str = "agrees";
/// Name of the wish that all be deleted at the collector; there, or not.
const WITHDRAWING: &str = "withdrawing";
/// Name of the key that deletes.
const SECRET: &str = "secret";
/// Name of the lease.
const LEASE: &str = "lease";

impl VoteStore {
    /// All that is to be known for sending.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn ledger(&self) -> Result<Ledger, StoreError> {
        self.within_limit(async {
            let connection = self.open().await?;
            let transaction = connection.begin(&[VOTES, VALUES, FATES, SENDING], false)?;
            let sending = transaction.object_store(SENDING)?;
            let fates = transaction.object_store(FATES)?;
            let (ids, values) = (fates.get_all_keys(None, None)?.await?, fates.get_all(None, None)?.await?);
            let fates = ids
                .iter()
                .zip(values)
                .filter_map(|(id, value)| Some((id.as_string()?.parse().ok()?, fate_of(Some(value))?)));
            let fates: HashMap<RandomKey, Fate> = fates.collect();
            Ok(Ledger {
                agrees: text(&sending, AGREES).await?.is_some(),
                is_withdrawing: text(&sending, WITHDRAWING).await?.is_some(),
                client: key(&transaction.object_store(VALUES)?, CLIENT).await?,
                secret: key(&sending, SECRET).await?,
                votes: Kept::of(transaction.object_store(VOTES)?.get_all(None, None)?.await?).votes,
                fates,
            })
        })
        .await
    }

    /// Notes that the visitor agrees to sending, or not any more. The key that deletes is drawn when it is first needed.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn agree(&self, agrees: bool) -> Result<(), StoreError> {
        let bytes = random_bytes()
            .ok_or_else(|| StoreError::Failed("the browser gives no random numbers".to_owned()))?;
        self.write(&[SENDING], async move |transaction| {
            let sending = transaction.object_store(SENDING)?;
            if agrees && key(&sending, SECRET).await?.is_none() {
                put(&sending, SECRET, &RandomKey::new(bytes).to_string()).await?;
            }
            set_flag(&sending, AGREES, agrees).await
        })
        .await
    }

    /// Notes that all is to be deleted at the collector, and that nothing more may be sent.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn withdraw(&self) -> Result<(), StoreError> {
        self.write(&[SENDING], async |transaction| {
            let sending = transaction.object_store(SENDING)?;
            set_flag(&sending, AGREES, false).await?;
            set_flag(&sending, WITHDRAWING, true).await
        })
        .await
    }

    /// Notes that the collector has deleted all.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn withdrawn(&self) -> Result<(), StoreError> {
        self.write(&[FATES, SENDING], async |transaction| {
            let fates = transaction.object_store(FATES)?;
            let (ids, values) = (fates.get_all_keys(None, None)?.await?, fates.get_all(None, None)?.await?);
            for (id, value) in ids.iter().zip(values) {
                if after_removal(fate_of(Some(value))).is_some() {
                    set_fate(&fates, id, Some(&Fate::TakenBack)).await?;
                }
            }
            set_flag(&transaction.object_store(SENDING)?, WITHDRAWING, false).await
        })
        .await
    }

    /// Notes that votes are on their way, and returns those that may still go: the visitor may have thought better of it.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing may be sent.
    pub async fn depart(&self, votes: Vec<Vote>) -> Result<Vec<Vote>, StoreError> {
        self.write(&[VOTES, FATES, SENDING], async move |transaction| {
            if text(&transaction.object_store(SENDING)?, AGREES).await?.is_none() {
                return Ok(Vec::new());
            }
            let (kept, fates) = (transaction.object_store(VOTES)?, transaction.object_store(FATES)?);
            let mut going = Vec::new();
            for vote in votes {
                let id = JsValue::from_str(&vote.id.to_string());
                if kept.get(id.clone())?.await?.is_some() {
                    set_fate(&fates, &id, Some(&Fate::Sending)).await?;
                    going.push(vote);
                }
            }
            Ok(going)
        })
        .await
    }

    /// Notes a vote's fate after it was sent. One that the visitor took back meanwhile stays so.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn arrive(&self, ids: Vec<RandomKey>, fate: Fate) -> Result<(), StoreError> {
        self.write(&[FATES], async move |transaction| {
            let fates = transaction.object_store(FATES)?;
            for id in ids {
                let id = JsValue::from_str(&id.to_string());
                let is_on_its_way = fate_of(fates.get(id.clone())?.await?) == Some(Fate::Sending);
                if is_on_its_way || fate == Fate::TakenBack {
                    set_fate(&fates, &id, Some(&fate)).await?;
                }
            }
            Ok(())
        })
        .await
    }

    /// Claims the lease for a tab; see [`Lease::claim`].
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn claim(&self, tab: RandomKey, now_ms: u64) -> Result<Result<(), Denied>, StoreError> {
        self.write(&[SENDING], async move |transaction| {
            match Lease::claim(lease(transaction).await?, tab, now_ms) {
                Ok(lease) => set_lease(transaction, Some(lease)).await.map(Ok),
                Err(denied) => Ok(Err(denied)),
            }
        })
        .await
    }

    /// Gives the lease back, or makes all tabs wait.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn release(&self, pause: Option<Lease>) -> Result<(), StoreError> {
        self.write(&[SENDING], async move |transaction| set_lease(transaction, pause).await).await
    }

    /// Ends a pause that waited for the network; see [`Lease::back_online`].
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn back_online(&self) -> Result<(), StoreError> {
        self.write(&[SENDING], async |transaction| {
            let now = lease(transaction).await?;
            set_lease(transaction, now.and_then(Lease::back_online)).await
        })
        .await
    }
}

async fn lease(transaction: &Transaction) -> Result<Option<Lease>, StoreError> {
    let json = text(&transaction.object_store(SENDING)?, LEASE).await?;
    Ok(json.and_then(|json| serde_json::from_str(&json).ok()))
}

async fn set_lease(transaction: &Transaction, lease: Option<Lease>) -> Result<(), StoreError> {
    let sending = transaction.object_store(SENDING)?;
    match lease {
        Some(lease) => put(&sending, LEASE, &json(&lease)?).await,
        None => Ok(sending.delete(JsValue::from_str(LEASE))?.await?),
    }
}

/// The fate that a record holds.
pub(super) fn fate_of(record: Option<JsValue>) -> Option<Fate> {
    serde_json::from_str(&record?.as_string()?).ok()
}

/// Writes a fate, or takes it out.
pub(super) async fn set_fate(
    fates: &ObjectStore,
    id: &JsValue,
    fate: Option<&Fate>,
) -> Result<(), StoreError> {
    match fate {
        Some(fate) => {
            fates.put(&JsValue::from_str(&json(fate)?), Some(id))?.await?;
        }
        None => fates.delete(id.clone())?.await?,
    }
    Ok(())
}

async fn text(store: &ObjectStore, name: &str) -> Result<Option<String>, StoreError> {
    Ok(store.get(JsValue::from_str(name))?.await?.and_then(|value| value.as_string()))
}

async fn key(store: &ObjectStore, name: &str) -> Result<Option<RandomKey>, StoreError> {
    Ok(text(store, name).await?.and_then(|text| text.parse().ok()))
}

async fn put(store: &ObjectStore, name: &str, value: &str) -> Result<(), StoreError> {
    store.put(&JsValue::from_str(value), Some(&JsValue::from_str(name)))?.await?;
    Ok(())
}

async fn set_flag(store: &ObjectStore, name: &str, value: bool) -> Result<(), StoreError> {
    if value { put(store, name, "yes").await } else { Ok(store.delete(JsValue::from_str(name))?.await?) }
}

fn json(value: &impl serde::Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Failed(error.to_string()))
}
