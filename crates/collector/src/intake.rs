//! Group commit: batches that arrive while the disk is busy share the next transaction, so that one wait for the disk
//! acknowledges many.

use std::sync::Arc;

use tokio::sync::{Mutex, mpsc, oneshot};

use crate::refusal::Refusal;
use crate::store::{Outcome, Row, Store, StoreError};

/// Most votes of one transaction.
const MOST_TOGETHER: usize = 2_000;
/// Batches that may wait; more than requests that may be under way at once.
const MOST_WAITING: usize = 1_024;

/// Where batches wait.
#[derive(Debug, Clone)]
pub struct Intake {
    queue: mpsc::Sender<Waiting>,
}

struct Waiting {
    rows: Vec<Row>,
    reply: oneshot::Sender<Result<Outcome, String>>,
}

impl Intake {
    /// Starts as many writers as the store can use. They end when the last `Intake` is dropped.
    #[must_use]
    pub fn start(store: &Store) -> Self {
        let (queue, waiting) = mpsc::channel(MOST_WAITING);
        let waiting = Arc::new(Mutex::new(waiting));
        for _ in 0..store.writers() {
            tokio::spawn(write(store.clone(), Arc::clone(&waiting)));
        }
        Self { queue }
    }

    /// Adds a batch, and returns when it is on the disk.
    ///
    /// # Errors
    /// Where the store cannot; whether the batch was stored is then not known, and to send it again does no harm.
    pub async fn add(&self, rows: Vec<Row>) -> Result<Outcome, Refusal> {
        let (reply, answer) = oneshot::channel();
        let closing = || Refusal::unavailable("the collector is being stopped; try again");
        self.queue.send(Waiting { rows, reply }).await.map_err(|_| closing())?;
        answer.await.map_err(|_| closing())?.map_err(|error| {
            eprintln!("collector: votes could not be stored: {error}");
            Refusal::unavailable("the votes could not be stored; try again")
        })
    }
}

async fn write(store: Store, waiting: Arc<Mutex<mpsc::Receiver<Waiting>>>) {
    loop {
        let group = {
            let mut queue = waiting.lock().await;
            let Some(first) = queue.recv().await else { return };
            let mut votes = first.rows.len();
            let mut group = vec![first];
            while votes < MOST_TOGETHER {
                let Ok(next) = queue.try_recv() else { break };
                votes += next.rows.len();
                group.push(next);
            }
            group
        };
        let (batches, replies): (Vec<_>, Vec<_>) =
            group.into_iter().map(|waiting| (waiting.rows, waiting.reply)).unzip();
        match store.add(&batches).await {
            Ok(outcomes) => {
                for (reply, outcome) in replies.into_iter().zip(outcomes) {
                    let _ = reply.send(Ok(outcome)); // nobody listens where the connection broke
                }
            }
            // The database refused something of one batch; it must not take others with it.
            Err(StoreError::Database(sqlx::Error::Database(_))) if batches.len() > 1 => {
                for (batch, reply) in batches.into_iter().zip(replies) {
                    let alone = store.add(&[batch]).await;
                    let _ = reply.send(alone.map(|outcomes| outcomes[0]).map_err(|error| error.to_string()));
                }
            }
            Err(error) => {
                for reply in replies {
                    let _ = reply.send(Err(error.to_string()));
                }
            }
        }
    }
}
