//! Where votes are kept: one interface, two databases.
//!
//! What is decided about votes (which are new, which clash) is decided in [`group`], alike for both. A database only finds,
//! adds and removes rows. Whatever returns `Ok` is on the disk.

mod group;
mod migrations;
mod postgres;
mod row;
mod sqlite;
mod statements;

use thiserror::Error;

pub use group::Outcome;
pub use row::{Cast, Row};

use postgres::Postgres;
use sqlite::Sqlite;

/// Why the store could not do it.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The place is not one that a store can be at.
    #[error("{0}")]
    Place(String),
    /// No connection that is as safe as `sslmode` asks for.
    #[error(
        "no safe connection to the database: {0}. `sslmode` in DATABASE_URL says what is asked for, and `sslrootcert=FILE` which \
         authority signs the server's certificate"
    )]
    Tls(sqlx::Error),
    /// The database said no.
    #[error("the database failed: {0}")]
    Database(#[from] sqlx::Error),
    /// Its tables could not be made, or are those of a newer version.
    #[error("the database's tables could not be brought up to date: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// Others kept adding the same votes.
    #[error("others kept writing the same votes; try again")]
    Contention,
}

/// A database with votes.
#[derive(Debug, Clone)]
pub enum Store {
    /// A file.
    Sqlite(Sqlite),
    /// A server.
    Postgres(Postgres),
}

impl Store {
    /// Opens the database and brings its tables up to date. `postgres://...` is a server, all else the path of a file.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn open(place: &str) -> Result<Self, StoreError> {
        if place.starts_with("postgres://") || place.starts_with("postgresql://") {
            return Ok(Self::Postgres(Postgres::open(place).await?));
        }
        let path = place.strip_prefix("sqlite://").or(place.strip_prefix("sqlite:")).unwrap_or(place);
        if path.contains("://") {
            return Err(StoreError::Place(format!(
                "`{}://` is no database that is known here. Give the path of a file, or postgres://...",
                path.split("://").next().unwrap_or_default()
            )));
        }
        Ok(Self::Sqlite(Sqlite::open(path).await?))
    }

    /// How many may write at once.
    #[must_use]
    pub fn writers(&self) -> usize {
        match self {
            Self::Sqlite(_) => 1,
            Self::Postgres(_) => postgres::WRITERS,
        }
    }

    /// Adds batches in one transaction, each wholly or not at all, and says what became of each.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing was added.
    pub async fn add(&self, batches: &[Vec<Row>]) -> Result<Vec<Outcome>, StoreError> {
        match self {
            Self::Sqlite(store) => store.add(batches).await,
            Self::Postgres(store) => store.add(batches).await,
        }
    }

    /// Deletes the votes of an owner (the hash of the visitor's key), all or the one of that name, and returns how many.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn delete_of(&self, owner: &[u8], id: Option<&str>) -> Result<u64, StoreError> {
        match self {
            Self::Sqlite(store) => store.delete_of(owner, id).await,
            Self::Postgres(store) => store.delete_of(owner, id).await,
        }
    }

    /// Deletes the votes that arrived before a time and returns how many.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn delete_before(&self, received_ms: i64) -> Result<u64, StoreError> {
        match self {
            Self::Sqlite(store) => store.delete_before(received_ms).await,
            Self::Postgres(store) => store.delete_before(received_ms).await,
        }
    }

    /// Up to `limit` records that arrived after `seq`, in the order of arrival, each with its own `seq`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn records_after(&self, seq: i64, limit: i64) -> Result<Vec<(i64, String)>, StoreError> {
        match self {
            Self::Sqlite(store) => store.records_after(seq, limit).await,
            Self::Postgres(store) => store.records_after(seq, limit).await,
        }
    }

    /// Up to `limit` votes as the ranking wants them, the newest first, those before `seq`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn casts_before(&self, seq: i64, limit: i64) -> Result<Vec<Cast>, StoreError> {
        match self {
            Self::Sqlite(store) => store.casts_before(seq, limit).await,
            Self::Postgres(store) => store.casts_before(seq, limit).await,
        }
    }

    /// Asks the table of votes for something.
    ///
    /// # Errors
    /// [`StoreError`] where it cannot be read.
    pub async fn ping(&self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(store) => store.ping().await,
            Self::Postgres(store) => store.ping().await,
        }
    }

    /// Closes all connections.
    pub async fn close(&self) {
        match self {
            Self::Sqlite(store) => store.close().await,
            Self::Postgres(store) => store.close().await,
        }
    }
}
