//! One meaning per type, checked once at the door.
//!
//! Everything here is a plain number with a name; no room downstream re-checks what these refuse.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Index into a model's vocabulary.
pub type TokenId = u32;

/// Key of the counter-based random generator. The same seed gives the same answers.
pub type Seed = u32;

/// A value that is outside what it may be.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum UnitError {
    /// A temperature that is not finite and positive.
    #[error("the temperature must be a finite number above zero, not {0}")]
    Temperature(f32),
    /// A top-p outside (0, 1].
    #[error("top-p must be above 0 and at most 1, not {0}")]
    TopP(f32),
    /// A top-k of zero.
    #[error("top-k must be at least 1")]
    TopK,
}

/// How a token is chosen from logits.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Temperature {
    /// The most likely token, always.
    Greedy,
    /// Sample from `softmax(logits / value)`; the value is finite and above zero.
    Value(f32),
}

impl Temperature {
    /// A sampling temperature.
    ///
    /// # Errors
    /// [`UnitError::Temperature`] unless `value` is finite and above zero.
    pub fn new(value: f32) -> Result<Self, UnitError> {
        if value.is_finite() && value > 0.0 {
            Ok(Self::Value(value))
        } else {
            Err(UnitError::Temperature(value))
        }
    }
}

/// Truncation of the distribution before sampling.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Truncation {
    /// Keep only the `top_k` most likely tokens (ties at the edge are all kept).
    pub top_k: Option<u32>,
    /// Keep the smallest set of most likely tokens whose probability (at the row's temperature) reaches `top_p`.
    pub top_p: Option<f32>,
}

impl Truncation {
    /// Checks both limits.
    ///
    /// # Errors
    /// [`UnitError::TopK`] or [`UnitError::TopP`].
    pub fn new(top_k: Option<u32>, top_p: Option<f32>) -> Result<Self, UnitError> {
        if top_k == Some(0) {
            return Err(UnitError::TopK);
        }
        if let Some(p) = top_p
            && !(p.is_finite() && p > 0.0 && p <= 1.0)
        {
            return Err(UnitError::TopP(p));
        }
        Ok(Self { top_k, top_p })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn temperature_refuses_what_is_not_finite_and_positive() {
        for bad in [0.0, -1.0, f32::NAN, f32::INFINITY] {
            assert!(Temperature::new(bad).is_err(), "{bad} was accepted");
        }
        assert_eq!(Temperature::new(0.7), Ok(Temperature::Value(0.7)));
    }

    #[test]
    fn truncation_refuses_empty_sets() {
        assert_eq!(Truncation::new(Some(0), None), Err(UnitError::TopK));
        assert!(Truncation::new(None, Some(0.0)).is_err());
        assert!(Truncation::new(None, Some(1.1)).is_err());
        assert!(Truncation::new(Some(1), Some(1.0)).is_ok());
    }
}
