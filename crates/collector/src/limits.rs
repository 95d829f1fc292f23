//! How many votes are taken a minute: of all, of one source, of one browser.
//!
//! Each has a bucket that holds a minute's votes and fills evenly. A vote takes one; a request for anything else, too.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use thermostat::preference::RandomKey;

use crate::source::Source;

/// Most buckets that are kept of a kind. Beyond it, those that are full again are dropped; if that does not help, all who
/// are new share one.
const MOST_BUCKETS: usize = 100_000;

/// Votes a minute.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rates {
    /// Of all together.
    pub all: f64,
    /// Of one source.
    pub source: f64,
    /// Of one browser.
    pub client: f64,
}

/// The buckets.
pub struct Limits {
    rates: Rates,
    buckets: Mutex<Buckets>,
}

struct Buckets {
    all: Bucket,
    sources: Shelf<Source>,
    clients: Shelf<RandomKey>,
}

impl Limits {
    /// Full buckets.
    #[must_use]
    pub fn new(rates: Rates, now: Instant) -> Self {
        let buckets = Buckets {
            all: Bucket::full(rates.all, now),
            sources: Shelf::new(rates.source, now),
            clients: Shelf::new(rates.client, now),
        };
        Self { rates, buckets: Mutex::new(buckets) }
    }

    /// Takes one request of a source.
    ///
    /// # Errors
    /// After how many seconds it may be tried again; then nothing was taken.
    pub fn request(&self, source: Source, now: Instant) -> Result<(), u64> {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        buckets.sources.bucket(source, self.rates.source, now).take(1.0, self.rates.source, now)
    }

    /// Takes a batch of `votes`, whose request was taken before.
    ///
    /// # Errors
    /// As [`request`](Self::request).
    pub fn batch(&self, source: Source, client: RandomKey, votes: usize, now: Instant) -> Result<(), u64> {
        let (votes, rates) = (votes as f64, self.rates);
        let mut guard = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let buckets = &mut *guard;
        let of_source = buckets.sources.bucket(source, rates.source, now);
        let of_client = buckets.clients.bucket(client, rates.client, now);
        of_source.waits(votes - 1.0, rates.source, now)?;
        of_client.waits(votes, rates.client, now)?;
        buckets.all.take(votes, rates.all, now)?;
        of_source.take(votes - 1.0, rates.source, now)?;
        of_client.take(votes, rates.client, now)
    }
}

/// Buckets by name.
struct Shelf<Name> {
    buckets: HashMap<Name, Bucket>,
    /// For those who find no room.
    shared: Bucket,
}

impl<Name: Hash + Eq> Shelf<Name> {
    fn new(a_minute: f64, now: Instant) -> Self {
        Self { buckets: HashMap::new(), shared: Bucket::full(a_minute, now) }
    }

    fn bucket(&mut self, name: Name, a_minute: f64, now: Instant) -> &mut Bucket {
        if self.buckets.len() >= MOST_BUCKETS && !self.buckets.contains_key(&name) {
            self.buckets.retain(|_, bucket| {
                bucket.fill(a_minute, now);
                bucket.tokens < a_minute
            });
            if self.buckets.len() >= MOST_BUCKETS {
                return &mut self.shared;
            }
        }
        self.buckets.entry(name).or_insert_with(|| Bucket::full(a_minute, now))
    }
}

/// A bucket that fills evenly within a minute.
struct Bucket {
    tokens: f64,
    filled: Instant,
}

impl Bucket {
    fn full(a_minute: f64, now: Instant) -> Self {
        Self { tokens: a_minute, filled: now }
    }

    fn fill(&mut self, a_minute: f64, now: Instant) {
        let passed_s = now.saturating_duration_since(self.filled).as_secs_f64();
        self.tokens = (self.tokens + passed_s * a_minute / 60.0).min(a_minute);
        self.filled = self.filled.max(now);
    }

    /// Whether it holds so many now; else after how many seconds it will.
    fn waits(&mut self, tokens: f64, a_minute: f64, now: Instant) -> Result<(), u64> {
        self.fill(a_minute, now);
        // A batch larger than the bucket waits until it is full.
        let wanted = tokens.min(a_minute);
        if self.tokens >= wanted {
            return Ok(());
        }
        Err(((wanted - self.tokens) * 60.0 / a_minute).ceil().max(1.0) as u64)
    }

    fn take(&mut self, tokens: f64, a_minute: f64, now: Instant) -> Result<(), u64> {
        self.waits(tokens, a_minute, now)?;
        self.tokens -= tokens; // below nothing after a batch larger than the bucket
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const RATES: Rates = Rates { all: 120.0, source: 60.0, client: 30.0 };

    fn key(byte: u8) -> RandomKey {
        RandomKey::new([byte; 16])
    }

    fn source(byte: u8) -> Source {
        [byte; 16]
    }

    #[test]
    fn a_browser_gets_its_minute_and_then_as_it_fills() {
        let start = Instant::now();
        let limits = Limits::new(RATES, start);
        let after = |seconds| start + Duration::from_secs(seconds);
        assert_eq!(limits.batch(source(1), key(1), 30, after(0)), Ok(()));
        assert_eq!(limits.batch(source(2), key(1), 3, after(0)), Err(6), "30 a minute are one in 2 seconds");
        assert_eq!(limits.batch(source(2), key(1), 3, after(5)), Err(1));
        assert_eq!(limits.batch(source(2), key(1), 3, after(6)), Ok(()));
    }

    #[test]
    fn a_source_with_many_browsers_is_one_source_and_all_are_limited_together() {
        let start = Instant::now();
        let limits = Limits::new(RATES, start);
        for client in 0..2 {
            assert_eq!(limits.request(source(1), start), Ok(()));
            assert_eq!(limits.batch(source(1), key(client), 30, start), Ok(()));
        }
        assert!(limits.request(source(1), start).is_err());
        for client in 2..4 {
            assert_eq!(limits.batch(source(client), key(client), 30, start), Ok(()));
        }
        assert!(limits.batch(source(9), key(9), 1, start).is_err(), "120 of all");
    }

    #[test]
    fn what_is_refused_takes_nothing() {
        let start = Instant::now();
        let limits = Limits::new(RATES, start);
        assert_eq!(limits.batch(source(1), key(1), 25, start), Ok(()));
        for _ in 0..10 {
            assert!(limits.batch(source(1), key(1), 20, start).is_err());
        }
        assert_eq!(limits.batch(source(1), key(1), 5, start), Ok(()));
    }

    #[test]
    fn a_batch_larger_than_a_minute_is_taken_once_and_paid_for() {
        let start = Instant::now();
        let limits = Limits::new(RATES, start);
        assert_eq!(limits.batch(source(1), key(1), 45, start), Ok(()));
        assert_eq!(limits.batch(source(1), key(1), 1, start), Err(32));
    }

    #[test]
    fn made_up_names_do_not_fill_the_memory() {
        let start = Instant::now();
        let mut shelf: Shelf<u32> = Shelf::new(60.0, start);
        for name in 0..(MOST_BUCKETS as u32 + 50) {
            let _ = shelf.bucket(name, 60.0, start).take(1.0, 60.0, start);
        }
        assert_eq!(shelf.buckets.len(), MOST_BUCKETS);
        assert!(shelf.shared.tokens < 60.0, "newcomers share");
        shelf.bucket(u32::MAX, 60.0, start + Duration::from_secs(60));
        assert_eq!(shelf.buckets.len(), 1, "those that are full again are dropped");
    }
}
