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
    /// within 0 and 1. From nothing follows nothing: 0 to 1. With ties it is wider than it need be, as a tie varies less: see
    /// [`Meetings::interval`].
    #[must_use]
    pub fn interval(self) -> (f64, f64) {
        self.interval_of(f64::from(self.of))
    }

    /// As if so many had been asked.
    fn interval_of(self, n: f64) -> (f64, f64) {
        let Some(share) = self.value() else { return (0.0, 1.0) };
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

/// Comparisons of an after with a before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Meetings {
    /// After is better.
    pub better: u32,
    /// Neither is.
    pub alike: u32,
    /// Before is better.
    pub worse: u32,
}

impl Meetings {
    /// Counts one more by how much each is liked.
    pub fn count(&mut self, before: f64, after: f64) {
        match after.total_cmp(&before) {
            std::cmp::Ordering::Greater => self.better += 1,
            std::cmp::Ordering::Equal => self.alike += 1,
            std::cmp::Ordering::Less => self.worse += 1,
        }
    }

    /// The share of wins; a tie is half a one.
    #[must_use]
    pub fn win_rate(self) -> Share {
        let of = self.better + self.alike + self.worse;
        Share { hits: f64::from(self.better) + f64::from(self.alike) / 2.0, of }
    }

    /// Wilson's interval of the win rate for as many comparisons without ties as would vary as much as these. A win and a loss are
    /// added when that is reckoned, so that a few ties are not taken for certainty.
    #[must_use]
    pub fn interval(self) -> (f64, f64) {
        let rate = self.win_rate();
        let Some(share) = rate.value() else { return (0.0, 1.0) };
        let (wins, ties) = (f64::from(self.better) + 1.0, f64::from(self.alike));
        let n = f64::from(rate.of) + 2.0;
        let mean = (wins + ties / 2.0) / n;
        let variance = (wins + ties / 4.0) / n - mean * mean;
        // Where all are wins or all are losses nothing varies less than wins and losses do.
        let ratio = (share * (1.0 - share) / variance).max(1.0);
        rate.interval_of(f64::from(rate.of) * ratio)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `statsmodels.stats.proportion.proportion_confint(hits, of, method="wilson")` gives the same to four places.
    #[test]
    fn intervals_are_wilsons() {
        for (hits, of, low, high) in [
            (8.0, 10, 0.4902, 0.9433),
            (0.0, 5, 0.0, 0.4345),
            (5.0, 5, 0.5655, 1.0),
            (45.0, 60, 0.6277, 0.8422),
        ] {
            let (found_low, found_high) = Share { hits, of }.interval();
            assert!(
                (found_low - low).abs() < 5e-5 && (found_high - high).abs() < 5e-5,
                "{hits} of {of}: {found_low} {found_high}"
            );
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

    #[test]
    fn ties_make_an_interval_narrower_and_never_certain() {
        let width = |better, alike, worse| {
            let (low, high) = Meetings { better, alike, worse }.interval();
            high - low
        };
        let plain = Share { hits: 60.0, of: 100 }.interval();
        let met = Meetings { better: 60, alike: 0, worse: 40 }.interval();
        assert!((plain.0 - met.0).abs() < 2e-3 && (plain.1 - met.1).abs() < 2e-3, "{plain:?} {met:?}");
        assert!(width(20, 98, 2) < width(69, 0, 51) / 2.0);
        assert!(width(0, 100, 0) > 0.01 && width(0, 3, 0) > 0.3);
        assert_eq!(Meetings::default().interval(), (0.0, 1.0));
        assert!(Meetings { better: 5, alike: 0, worse: 0 }.interval().0 < 0.6);
    }

    /// Twenty wins and two losses among ninety-eight ties: the mean plus and minus 1.96 standard errors is 0.539 to 0.611.
    #[test]
    fn with_many_comparisons_it_is_the_normal_one() {
        let (low, high) = Meetings { better: 20, alike: 98, worse: 2 }.interval();
        assert!((low - 0.539).abs() < 5e-3 && (high - 0.611).abs() < 5e-3, "{low} {high}");
    }
}
