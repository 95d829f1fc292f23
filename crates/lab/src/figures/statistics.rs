//! Plain statistics that several figures need.

use serde::{Deserialize, Serialize};

/// Mean and standard deviation over prompts.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Spread {
    /// Mean.
    pub mean: f64,
    /// Standard deviation: of a sample, with n - 1; 0 for a single value.
    pub deviation: f64,
}

impl Spread {
    /// Of some values; `None` without any.
    #[must_use]
    pub fn of(values: &[f64]) -> Option<Self> {
        let count = values.len() as f64;
        let mean = values.iter().sum::<f64>() / count;
        let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
        let deviation = (squares / (count - 1.0).max(1.0)).sqrt();
        (!values.is_empty()).then_some(Self { mean, deviation })
    }
}

/// The quantile of sorted values at a share from 0 to 1, between neighbours on a straight line (type 7 of Hyndman and
/// Fan 1996, numpy's default); `None` without values.
#[must_use]
pub fn quantile(sorted: &[f64], share: f64) -> Option<f64> {
    let place = share.clamp(0.0, 1.0) * sorted.len().checked_sub(1)? as f64;
    let below = sorted.get(place as usize)?;
    let above = sorted.get(place as usize + 1).unwrap_or(below);
    Some(below + (above - below) * place.fract())
}

/// The eleven deciles of some values, the lowest and the highest value included; empty without values.
pub(super) fn deciles(values: &[f64]) -> Vec<f64> {
    let sorted = sorted(values);
    (0..=10).filter_map(|tenth| quantile(&sorted, f64::from(tenth) / 10.0)).collect()
}

/// The means of ten equal parts of the sorted values, the lowest first; where they do not divide by ten, a part has one
/// value more or fewer. Empty for fewer than ten values.
pub(super) fn means_of_tenths(values: &[f64]) -> Vec<f64> {
    let sorted = sorted(values);
    if sorted.len() < 10 {
        return Vec::new();
    }
    let at = |tenth: usize| tenth * sorted.len() / 10;
    let mean = |part: &[f64]| part.iter().sum::<f64>() / part.len() as f64;
    (0..10).map(|tenth| mean(&sorted[at(tenth)..at(tenth + 1)])).collect()
}

pub(super) fn sorted(values: &[f64]) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_spread_is_that_of_a_sample() {
        let spread = Spread::of(&[2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0]).expect("values");
        assert!((spread.mean - 5.0).abs() < 1e-12);
        assert!((spread.deviation - (32.0_f64 / 7.0).sqrt()).abs() < 1e-12);
        assert_eq!(Spread::of(&[3.0]), Some(Spread { mean: 3.0, deviation: 0.0 }));
        assert_eq!(Spread::of(&[]), None);
    }

    #[test]
    fn quantiles_are_those_of_numpy() {
        // numpy.quantile([1, 2, 4, 8], [0, 0.1, 0.5, 0.9, 1])
        let values = [1.0, 2.0, 4.0, 8.0];
        for (share, wanted) in [(0.0, 1.0), (0.1, 1.3), (0.5, 3.0), (0.9, 6.8), (1.0, 8.0)] {
            assert!(quantile(&values, share).is_some_and(|found| (found - wanted).abs() < 1e-12), "{share}");
        }
        assert_eq!(quantile(&[], 0.5), None);
        assert_eq!(deciles(&[7.0]), [7.0; 11]);
    }

    #[test]
    fn tenths_hold_every_value_once() {
        let values: Vec<f64> = (0..23).rev().map(f64::from).collect();
        let means = means_of_tenths(&values);
        assert_eq!(means.len(), 10);
        assert_eq!((means[0], means[9]), (0.5, 21.0));
        assert!(means.is_sorted());
        assert!(means_of_tenths(&values[..9]).is_empty());
    }
}
