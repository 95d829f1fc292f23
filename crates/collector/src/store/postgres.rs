//! Votes on a PostgreSQL server, for many visitors and several collectors at once.
//!
//! `synchronous_commit` is asked for by name: a server where it is off would acknowledge what a crash loses.

use std::io::ErrorKind;
use std::str::FromStr;
use std::time::Duration;

use sqlx::PgPool;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use super::group::{Known, decide, ids};
use super::row::CastColumns;
use super::statements::{CASTS_BEFORE, DELETE_BEFORE, DELETE_OF, PING, RECORDS_AFTER};
use super::{Cast, Outcome, Row, StoreError, migrations};

/// Transactions at once. Each holds many batches, so a few keep the server's disk busy.
pub const WRITERS: usize = 4;
/// Connections: the writers, and some that read.
const CONNECTIONS: u32 = 8;
/// How long to wait for the server before saying that it is not there.
const PATIENCE: Duration = Duration::from_secs(5);
/// Every failed attempt means that somebody else has stored one of these votes, so few are needed.
const MOST_ATTEMPTS: usize = 20;

/// The server.
#[derive(Debug, Clone)]
pub struct Postgres {
    pool: PgPool,
}

impl Postgres {
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        let options = PgConnectOptions::from_str(url)?
            .application_name("thermostat-collector")
            .options([("synchronous_commit", "on")]);
        let pool = PgPoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(PATIENCE)
            .connect_with(options)
            .await
            .map_err(|error| if is_about_tls(&error) { StoreError::Tls(error) } else { error.into() })?;
        migrations::postgres().run(&pool).await?;
        Ok(Self { pool })
    }

    pub async fn add(&self, batches: &[Vec<Row>]) -> Result<Vec<Outcome>, StoreError> {
        for _ in 0..MOST_ATTEMPTS {
            if let Some(outcomes) = self.try_add(batches).await? {
                return Ok(outcomes);
            }
        }
        Err(StoreError::Contention)
    }

    /// None if another writer stored one of these votes between the look and the addition.
    async fn try_add(&self, batches: &[Vec<Row>]) -> Result<Option<Vec<Outcome>>, StoreError> {
        let mut transaction = self.pool.begin().await?;
        let known: Vec<(String, Vec<u8>)> =
            sqlx::query_as("SELECT id, record_sha256 FROM votes WHERE id = ANY($1)")
                .bind(ids(batches))
                .fetch_all(&mut *transaction)
                .await?;
        let (outcomes, rows) = decide(batches, &Known::from_iter(known));
        let column = |of: fn(&Row) -> &[u8]| -> Vec<&[u8]> { rows.iter().map(|row| of(row)).collect() };
        let text = |of: fn(&Row) -> &str| -> Vec<&str> { rows.iter().map(|row| of(row)).collect() };
        let added = sqlx::query(
            "INSERT INTO votes (id, record_sha256, pair_sha256, owner, client, source, model_a, model_b, won, is_a, received_ms, record)
             SELECT * FROM UNNEST($1::text[], $2::bytea[], $3::bytea[], $4::bytea[], $5::text[], $6::bytea[], $7::text[], $8::text[],
                                  $9::float8[], $10::bool[], $11::int8[], $12::text[])
             ON CONFLICT (id) DO NOTHING",
        )
        .bind(text(|row| &row.id))
        .bind(column(|row| &row.record_sha256))
        .bind(column(|row| &row.pair_sha256))
        .bind(column(|row| &row.owner))
        .bind(text(|row| &row.client))
        .bind(column(|row| &row.source))
        .bind(text(|row| &row.models[0]))
        .bind(text(|row| &row.models[1]))
        .bind(rows.iter().map(|row| row.won).collect::<Vec<Option<f64>>>())
        .bind(rows.iter().map(|row| row.is_a).collect::<Vec<bool>>())
        .bind(rows.iter().map(|row| row.received_ms).collect::<Vec<i64>>())
        .bind(text(|row| &row.record))
        .execute(&mut *transaction)
        .await?;
        if added.rows_affected() != rows.len() as u64 {
            transaction.rollback().await?;
            return Ok(None);
        }
        transaction.commit().await?;
        Ok(Some(outcomes))
    }

    pub async fn delete_of(&self, owner: &[u8], id: Option<&str>) -> Result<u64, StoreError> {
        let done = sqlx::query(DELETE_OF).bind(owner).bind(id).execute(&self.pool).await?;
        Ok(done.rows_affected())
    }

    pub async fn delete_before(&self, received_ms: i64) -> Result<u64, StoreError> {
        let done = sqlx::query(DELETE_BEFORE).bind(received_ms);
        Ok(done.execute(&self.pool).await?.rows_affected())
    }

    pub async fn records_after(&self, seq: i64, limit: i64) -> Result<Vec<(i64, String)>, StoreError> {
        let rows = sqlx::query_as(RECORDS_AFTER);
        Ok(rows.bind(seq).bind(limit).fetch_all(&self.pool).await?)
    }

    pub async fn casts_before(&self, seq: i64, limit: i64) -> Result<Vec<Cast>, StoreError> {
        let rows = sqlx::query_as::<_, CastColumns>(CASTS_BEFORE).bind(seq).bind(limit);
        Ok(rows.fetch_all(&self.pool).await?.into_iter().map(Cast::from).collect())
    }

    pub async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query(PING).fetch_optional(&self.pool).await?;
        Ok(())
    }

    pub async fn close(&self) {
        self.pool.close().await;
    }
}

/// Whether a connection failed because it was not safe. What goes wrong in the handshake is told as bytes that make no sense.
fn is_about_tls(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Tls(_) => true,
        sqlx::Error::Io(error) => error.kind() == ErrorKind::InvalidData,
        _ => false,
    }
}
