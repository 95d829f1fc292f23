//! Chapter "You are the annotator": whether the reward model is as sure as it should be.

use crate::learning::{Bin, Calibration};

/// The reward model's test by the visitor's votes.
pub struct Sureness {
    /// Its heading.
    pub heading: &'static str,
    /// What is asked.
    pub question: &'static str,
    /// There are no votes to ask about.
    pub no_votes: &'static str,
    /// Button: ask about so many votes.
    pub ask: fn(usize) -> String,
    /// So many of so many were asked about.
    pub progress: fn(usize, usize) -> String,
    /// It could not be asked.
    pub failed: &'static str,
    /// Button: try again.
    pub retry: &'static str,
    /// What the votes say of it, and no more.
    pub verdict: fn(&Calibration) -> String,
    /// Name of the table, for screen readers.
    pub table: &'static str,
    /// Column: how sure it is.
    pub sure: &'static str,
    /// From so sure to so sure.
    pub bin: fn(&Bin) -> String,
    /// Column: how sure it is on average.
    pub average: &'static str,
    /// Column: how often the visitor agrees.
    pub agreed: &'static str,
    /// Column: the interval of that.
    pub interval: &'static str,
    /// Column: votes.
    pub votes: &'static str,
    /// Opens [`Self::method`].
    pub how: &'static str,
    /// How this is computed; the most votes that are asked about.
    pub method: fn(usize) -> String,
}
