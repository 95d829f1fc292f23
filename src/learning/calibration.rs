//! Whether a reward model is right as often as it says it is.
//!
//! By the model of Bradley and Terry, which it was trained by, a difference of `margin` nats between two scores says that the higher
//! one is preferred with probability `sigmoid(margin)`. Votes say how often it is.

use super::Share;

/// With fewer votes nothing is said of the fit.
pub const LEAST_JUDGED: u32 = 10;

/// A vote that a reward model has a view on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Judged {
    /// How much higher it scores the answer that it prefers, nats; positive.
    pub margin: f64,
    /// Whether the vote prefers that answer too.
    pub agrees: bool,
}

impl Judged {
    /// From the scores of the answer that the vote prefers and of the other, nats. None where they are equal or no numbers.
    #[must_use]
    pub fn of(chosen: f64, rejected: f64) -> Option<Self> {
        let margin = (chosen - rejected).abs();
        (margin > 0.0 && margin.is_finite()).then_some(Self { margin, agrees: chosen > rejected })
    }

    /// How likely the reward model takes it to be right: a half to 1.
    #[must_use]
    pub fn chance(self) -> f64 {
        1.0 / (1.0 + (-self.margin).exp())
    }
}

/// Votes on which it is about equally sure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bin {
    /// From this chance.
    pub from: f64,
    /// Up to this one, which is outside, but for 1.
    pub to: f64,
    /// Mean of the chances that it gives itself.
    pub predicted: f64,
    /// How often it is right.
    pub agreed: Share,
}

/// So many bins of equal width from a half to 1, without those that are empty.
#[must_use]
pub fn bins(judged: &[Judged], count: usize) -> Vec<Bin> {
    let count = count.max(1);
    let width = 0.5 / count as f64;
    let mut bins: Vec<Bin> = (0..count)
        .map(|place| {
            let edge = |place: usize| 0.5 + width * place as f64;
            Bin { from: edge(place), to: edge(place + 1), predicted: 0.0, agreed: Share::default() }
        })
        .collect();
    for vote in judged {
        let place = ((vote.chance() - 0.5) * (2 * count) as f64) as usize;
        let bin = &mut bins[place.min(count - 1)];
        bin.predicted += vote.chance();
        bin.agreed.count(f64::from(u8::from(vote.agrees)));
    }
    bins.retain(|bin| bin.agreed.of > 0);
    bins.iter_mut().for_each(|bin| bin.predicted /= f64::from(bin.agreed.of));
    bins
}

/// What votes say of a reward model's sureness.
#[derive(Debug, Clone, PartialEq)]
pub struct Calibration {
    /// By how sure it is, the least sure first.
    pub bins: Vec<Bin>,
    /// The share that it expects to be right on.
    pub expected: f64,
    /// How often it is right.
    pub agreed: Share,
    /// Mean squared distance of its chances from what was so (Brier 1950, Monthly Weather Review 78): 0 at best, and 0.25 for whoever
    /// always says a half.
    pub brier: f64,
}

/// How what it expects stands to what was so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fit {
    /// There are fewer votes than [`LEAST_JUDGED`].
    TooFew,
    /// What it expects is within the interval of what was so.
    Fits,
    /// It expects more.
    TooSure,
    /// It expects less.
    TooCautious,
}

impl Calibration {
    /// Of these votes, in so many bins; none of none.
    #[must_use]
    pub fn of(judged: &[Judged], count: usize) -> Option<Self> {
        let (mut expected, mut brier, mut agreed) = (0.0, 0.0, Share::default());
        for vote in judged {
            let was_so = f64::from(u8::from(vote.agrees));
            expected += vote.chance();
            brier += (vote.chance() - was_so).powi(2);
            agreed.count(was_so);
        }
        let all = f64::from(agreed.of);
        (agreed.of > 0).then(|| Self {
            bins: bins(judged, count),
            expected: expected / all,
            agreed,
            brier: brier / all,
        })
    }

    /// Whether it expects what was so. The interval is that of votes with one chance for all; where chances differ it is wider than it
    /// need be, so that a misfit is not claimed too easily.
    #[must_use]
    pub fn fit(&self) -> Fit {
        let (low, high) = self.agreed.interval();
        match self.expected {
            _ if self.agreed.of < LEAST_JUDGED => Fit::TooFew,
            expected if expected > high => Fit::TooSure,
            expected if expected < low => Fit::TooCautious,
            _ => Fit::Fits,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn votes(margin: f64, right: usize, wrong: usize) -> Vec<Judged> {
        let vote = |agrees| Judged { margin, agrees };
        [vec![vote(true); right], vec![vote(false); wrong]].concat()
    }

    /// See `tests/golden/calibration.py`. Both work in `f64` and differ in the order of sums alone.
    #[test]
    fn bins_and_brier_score_equal_those_of_scikit_learn() {
        let golden: serde_json::Value =
            serde_json::from_str(include_str!("../../tests/golden/calibration.json")).expect("golden values");
        let numbers = |value: &serde_json::Value| -> Vec<f64> {
            serde_json::from_value(value.clone()).expect("numbers")
        };
        let cases = golden["cases"].as_array().expect("cases");
        assert!(cases.len() >= 4);
        for case in cases {
            let agrees: Vec<bool> = serde_json::from_value(case["agrees"].clone()).expect("answers");
            let judged = numbers(&case["margins"]).into_iter().zip(agrees);
            let judged: Vec<Judged> = judged.map(|(margin, agrees)| Judged { margin, agrees }).collect();
            let count = case["bins"].as_u64().expect("a number") as usize;
            let found = Calibration::of(&judged, count).expect("votes");
            let near = |found: f64, wanted: f64| (found - wanted).abs() < 1e-12;
            let (predicted, agreed) = (numbers(&case["predicted"]), numbers(&case["agreed"]));
            assert_eq!((found.bins.len(), found.bins.len()), (predicted.len(), agreed.len()));
            for ((bin, predicted), agreed) in found.bins.iter().zip(predicted).zip(agreed) {
                let share = bin.agreed.value().expect("votes");
                assert!(near(bin.predicted, predicted) && near(share, agreed), "{}: {bin:?}", case["name"]);
            }
            assert!(near(found.brier, case["brier"].as_f64().expect("a number")), "{}", case["name"]);
        }
    }

    #[test]
    fn equal_scores_are_no_view() {
        assert_eq!(Judged::of(0.5, 0.5), None);
        assert_eq!(Judged::of(f64::NAN, 0.5), None);
        assert_eq!(Judged::of(0.5, 2.0), Some(Judged { margin: 1.5, agrees: false }));
        assert_eq!(Calibration::of(&[], 5), None);
    }

    #[test]
    fn a_misfit_is_claimed_where_the_votes_show_it_and_not_before() {
        let fit =
            |margin, right, wrong| Calibration::of(&votes(margin, right, wrong), 5).expect("votes").fit();
        // It is sure by 95 of 100.
        assert_eq!(fit(3.0, 4, 5), Fit::TooFew);
        assert_eq!(fit(3.0, 50, 50), Fit::TooSure);
        assert_eq!(fit(3.0, 96, 4), Fit::Fits);
        assert_eq!(fit(3.0, 9, 1), Fit::Fits);
        assert_eq!(fit(0.1, 95, 5), Fit::TooCautious);
    }

    proptest! {
        #[test]
        fn every_vote_is_in_the_bin_of_its_chance(
            votes in prop::collection::vec((1e-6_f64..50.0, any::<bool>()), 1..60),
            count in 1_usize..12,
        ) {
            let judged: Vec<Judged> = votes.iter().map(|&(margin, agrees)| Judged { margin, agrees }).collect();
            let bins = bins(&judged, count);
            prop_assert_eq!(bins.iter().map(|bin| bin.agreed.of).sum::<u32>() as usize, judged.len());
            for bin in &bins {
                prop_assert!(bin.from - 1e-9 <= bin.predicted && bin.predicted <= bin.to + 1e-9, "{bin:?}");
            }
        }
    }
}
