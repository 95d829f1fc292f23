//! A share of so many, and how little it says where there are few.

use serde::{Deserialize, Serialize};

/// Two-sided 95 % of a normal distribution, in standard deviations.
const Z: f64 = 1.959_963_984_540_054;

/// So many of so many. Halves count: a tie is half a win.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Share {
    /// Those that did.
    pub hits: f64,
    /// All.
    pub of: u32,
}

impl Share {
    /// The share itself; none of none.
    #[must_use]
    pub fn value(self) -> Option<f64> {
        (self.of > 0).then(|| self.hits / f64::from(self.of))
    }

    /// Wilson's interval for 95 % (1927, Journal of the American Statistical Association 22): it is honest for few, and stays
    /// within 0 and 1. From nothing follows nothing: 0 to 1. With ties it is wider than it need be, as a tie varies less.
    #[must_use]
    pub fn interval(self) -> (f64, f64) {
        let Some(share) = self.value() else { return (0.0, 1.0) };
        let n = f64::from(self.of);
        let scale = 1.0 / (1.0 + Z * Z / n);
        let middle = scale * (share + Z * Z / (2.0 * n));
        let half = scale * Z * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt();
        ((middle - half).max(0.0), (middle + half).min(1.0))
    }

    /// Counts one more.
    pub fn count(&mut self, hit: f64) {
        self.hits += hit;
        self.of += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `statsmodels.stats.proportion.proportion_confint(hits, of, method="wilson")` gives the same to four places.
    #[test]
    fn intervals_are_wilsons() {
        for (hits, of, low, high) in
            [(8.0, 10, 0.4902, 0.9433), (0.0, 5, 0.0, 0.4345), (5.0, 5, 0.5655, 1.0), (45.0, 60, 0.6277, 0.8422)]
        {
            let (found_low, found_high) = Share { hits, of }.interval();
            assert!((found_low - low).abs() < 5e-5 && (found_high - high).abs() < 5e-5, "{hits} of {of}: {found_low} {found_high}");
        }
        assert_eq!(Share::default().interval(), (0.0, 1.0));
        assert_eq!(Share::default().value(), None);
    }

    #[test]
    fn more_of_the_same_says_more() {
        let width = |of: u32| {
            let (low, high) = Share { hits: f64::from(of) * 0.75, of }.interval();
            high - low
        };
        assert!(width(4) > width(8) && width(8) > width(400));
    }
}
