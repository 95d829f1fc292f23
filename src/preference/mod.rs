//! Preference votes: the record, the rule that makes pairs, the ranking that follows, and export.
//!
//! Pure: it knows no browser, no worker and no clock; time and random bytes are arguments. Texts are texts here and
//! everywhere: nothing in a vote is ever read as HTML.
//!
//! A record says all that is needed to make its answers again (model hash, temperature, truncation, seed, row) and to
//! judge the vote later. Its schema is versioned; what does not fit is refused with a reason, never repaired.

mod check;
mod error;
mod export;
pub mod fate;
mod key;
pub mod lease;
mod pairing;
pub mod ranking;
mod record;
mod taste;

#[cfg(test)]
pub(crate) mod samples;

pub use check::{MOST_LINE_BYTES, MOST_TEXT_BYTES, MOST_TOKENS, parse_vote};
pub use error::{PreferenceError, StoreError};
pub use export::{TrlExport, parse_records, records_jsonl, trl_jsonl};
pub use key::RandomKey;
pub use pairing::{CANDIDATES_PER_SIDE, PairPlan, PairingRule, SidePlan, differing_pair};
pub use record::{Answer, Choice, Device, SCHEMA, Side, Source, Strength, Vote};
pub use taste::Taste;
