//! Votes in a file, by the SQLite that is built into this program.
//!
//! One connection writes, others read what was there when they began (write-ahead log). `synchronous = FULL` puts the log
//! on the disk before a transaction is over, so that an acknowledged vote survives a kill and a power failure.

use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection, SqlitePool};

use super::group::{Known, decide, ids};
use super::row::CastColumns;
use super::statements::{CASTS_BEFORE, DELETE_BEFORE, DELETE_OF, PING, RECORDS_AFTER};
use super::{Cast, Outcome, Row, StoreError, migrations};

/// How long to wait for another program that holds the file.
const PATIENCE: Duration = Duration::from_secs(10);
/// Connections that read: exports and the ranking, seldom more than one at a time.
const READERS: u32 = 4;

/// The file.
#[derive(Debug, Clone)]
pub struct Sqlite {
    writer: SqlitePool,
    readers: SqlitePool,
}

impl Sqlite {
    pub async fn open(path: &str) -> Result<Self, StoreError> {
        if let Some(folder) = Path::new(path).parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(|error| {
                StoreError::Place(format!("the folder {} cannot be made: {error}", folder.display()))
            })?;
        }
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(PATIENCE)
            .pragma("secure_delete", "ON"); // a deleted vote is overwritten
        let writer = SqlitePoolOptions::new().max_connections(1).connect_with(options.clone()).await?;
        migrations::sqlite().run(&writer).await?;
        let readers =
            SqlitePoolOptions::new().max_connections(READERS).connect_with(options.read_only(true)).await?;
        Ok(Self { writer, readers })
    }

    pub async fn add(&self, batches: &[Vec<Row>]) -> Result<Vec<Outcome>, StoreError> {
        let mut connection = self.writer.acquire().await?;
        // Immediate: nobody can write between the look and the addition.
        let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
        let names =
            serde_json::to_string(&ids(batches)).map_err(|error| sqlx::Error::Encode(error.into()))?;
        let known: Vec<(String, Vec<u8>)> = sqlx::query_as(
            "SELECT id, record_sha256 FROM votes WHERE id IN (SELECT value FROM json_each($1))",
        )
        .bind(names)
        .fetch_all(&mut *transaction)
        .await?;
        let (outcomes, rows) = decide(batches, &Known::from_iter(known));
        for row in rows {
            sqlx::query(
                "INSERT INTO votes (id, record_sha256, pair_sha256, owner, client, source, model_a, model_b, won, is_a, received_ms, record)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
            )
            .bind(&row.id)
            .bind(row.record_sha256.as_slice())
            .bind(row.pair_sha256.as_slice())
            .bind(row.owner.as_slice())
            .bind(&row.client)
            .bind(row.source.as_slice())
            .bind(&row.models[0])
            .bind(&row.models[1])
            .bind(row.won)
            .bind(row.is_a)
            .bind(row.received_ms)
            .bind(&row.record)
            .execute(&mut *transaction)
            .await?;
        }
        transaction.commit().await?;
        Ok(outcomes)
    }

    pub async fn delete_of(&self, owner: &[u8], id: Option<&str>) -> Result<u64, StoreError> {
        let done = sqlx::query(DELETE_OF).bind(owner).bind(id).execute(&self.writer).await?;
        self.empty_log().await?;
        Ok(done.rows_affected())
    }

    pub async fn delete_before(&self, received_ms: i64) -> Result<u64, StoreError> {
        let done = sqlx::query(DELETE_BEFORE).bind(received_ms).execute(&self.writer).await?;
        if done.rows_affected() > 0 {
            self.empty_log().await?;
        }
        Ok(done.rows_affected())
    }

    /// The log still holds what was deleted; its pages go into the file, and it becomes empty, unless somebody is reading.
    async fn empty_log(&self) -> Result<(), StoreError> {
        sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&self.writer).await?;
        Ok(())
    }

    pub async fn records_after(&self, seq: i64, limit: i64) -> Result<Vec<(i64, String)>, StoreError> {
        let rows = sqlx::query_as(RECORDS_AFTER);
        Ok(rows.bind(seq).bind(limit).fetch_all(&self.readers).await?)
    }

    pub async fn casts_before(&self, seq: i64, limit: i64) -> Result<Vec<Cast>, StoreError> {
        let rows = sqlx::query_as::<_, CastColumns>(CASTS_BEFORE).bind(seq).bind(limit);
        Ok(rows.fetch_all(&self.readers).await?.into_iter().map(Cast::from).collect())
    }

    pub async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query(PING).fetch_optional(&self.readers).await?;
        Ok(())
    }

    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}
