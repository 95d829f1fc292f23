//! Which two answers are shown: a pure rule, keyed by a seed.
//!
//! As in the paper (section 3.1), the two answers to a prompt come from different temperatures, and from different
//! stages where there are several. Two stages that have met often are paired less often, because the next vote on them
//! tells the ranking less. Both orders are equally likely, so the side tells nothing. Several
//! candidates are sampled per side, and the first two whose texts differ are shown: equal answers cannot be judged.

use super::PreferenceError;
use crate::sampling::philox4x32_10;
use crate::units::{Seed, Temperature};

/// Answers that are sampled for each side, in the hope of two that differ.
pub const CANDIDATES_PER_SIDE: u32 = 4;

/// Second half of the random key, so that pairs and answers never share draws.
const PAIR_STREAM: u32 = 0x5041_4952;

/// From what pairs are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PairingRule {
    /// Coldest temperature, in tenths.
    pub lowest_tenths: u8,
    /// Hottest temperature, in tenths.
    pub highest_tenths: u8,
    /// Least difference of the two temperatures, in tenths.
    pub least_gap_tenths: u8,
}

impl Default for PairingRule {
    /// 0.4 to 1.4, at least 0.2 apart: cold enough to be dull, hot enough to go wrong.
    fn default() -> Self {
        Self { lowest_tenths: 4, highest_tenths: 14, least_gap_tenths: 2 }
    }
}

/// How the answers of one side are sampled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SidePlan {
    /// Which of the stages, as an index.
    pub stage: usize,
    /// Temperature in tenths.
    pub temperature_tenths: u8,
    /// Row of the first of [`CANDIDATES_PER_SIDE`] candidates; the others follow.
    pub first_row: u32,
}

impl SidePlan {
    /// Temperature of this side.
    #[must_use]
    pub fn temperature(&self) -> Temperature {
        Temperature::Value(f32::from(self.temperature_tenths) / 10.0)
    }
}

/// What to sample for one pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PairPlan {
    /// Key of the answers' random draws, for both sides; the rows tell them apart.
    pub seed: Seed,
    /// Sides A and B.
    pub sides: [SidePlan; 2],
}

impl PairingRule {
    /// The plan of the pair with this `number` in the sequence that `seed` begins.
    ///
    /// `met[i][j]`: votes there are on stages i and j, `[stages, stages]`; the lower triangle is not read. Two stages are
    /// paired with a chance in proportion to `1 / (1 + met)`.
    ///
    /// # Errors
    /// [`PreferenceError::Rule`] without a stage, or where no two temperatures are far enough apart.
    pub fn plan(&self, seed: Seed, number: u32, met: &[Vec<usize>]) -> Result<PairPlan, PreferenceError> {
        if met.is_empty() {
            return Err(PreferenceError::Rule("a stage"));
        }
        let temperatures = self.temperature_pairs();
        if self.lowest_tenths == 0 || temperatures.is_empty() {
            return Err(PreferenceError::Rule("two temperatures above 0"));
        }
        let [first, second, third, answers] = philox4x32_10([number, 0, 0, 0], [seed, PAIR_STREAM]);
        let (a, b) = temperatures[below(first, temperatures.len())];
        let (lower, higher) = stage_pair(second, met);
        let (stage_a, stage_b) = if third.is_multiple_of(2) { (lower, higher) } else { (higher, lower) };
        let side = |stage, temperature_tenths, first_row| SidePlan { stage, temperature_tenths, first_row };
        Ok(PairPlan { seed: answers, sides: [side(stage_a, a, 0), side(stage_b, b, CANDIDATES_PER_SIDE)] })
    }

    /// All ordered pairs of temperatures that the rule allows.
    fn temperature_pairs(&self) -> Vec<(u8, u8)> {
        let range = self.lowest_tenths..=self.highest_tenths;
        // Equal temperatures are never a pair, even without a gap.
        let gap = self.least_gap_tenths.max(1);
        range
            .clone()
            .flat_map(|a| range.clone().map(move |b| (a, b)))
            .filter(|(a, b)| a.abs_diff(*b) >= gap)
            .collect()
    }
}

/// Two stages, the lower first; the only one twice, where there is one.
fn stage_pair(word: u32, met: &[Vec<usize>]) -> (usize, usize) {
    let pairs = met.iter().enumerate().flat_map(|(lower, row)| {
        let with = row.iter().enumerate().skip(lower + 1);
        with.map(move |(higher, met)| ((lower, higher), 1.0 / (1.0 + *met as f64)))
    });
    let all: f64 = pairs.clone().map(|(_, weight)| weight).sum();
    let mut left = (f64::from(word) + 0.5) / 4_294_967_296.0 * all;
    let mut chosen = (0, 0);
    for (pair, weight) in pairs {
        chosen = pair;
        left -= weight;
        if left < 0.0 {
            break;
        }
    }
    chosen
}

/// The first two candidates, one per side, whose texts differ (white space aside); none where all are equal. Empty
/// answers are passed over. Early candidates come first, so the choice does not favour unusual answers beyond what
/// "different" demands.
#[must_use]
pub fn differing_pair(a: &[impl AsRef<str>], b: &[impl AsRef<str>]) -> Option<(usize, usize)> {
    let differ = |i: usize, j: usize| {
        let (mut left, mut right) = (a[i].as_ref().split_whitespace(), b[j].as_ref().split_whitespace());
        let are_empty = a[i].as_ref().trim().is_empty() || b[j].as_ref().trim().is_empty();
        !are_empty && !left.by_ref().eq(right.by_ref())
    };
    let mut pairs: Vec<_> = (0..a.len()).flat_map(|i| (0..b.len()).map(move |j| (i, j))).collect();
    pairs.sort_by_key(|(i, j)| (i + j, *i));
    pairs.into_iter().find(|&(i, j)| differ(i, j))
}

/// A number below `bound` from a random word. The bias is below `bound` / 2^32.
fn below(word: u32, bound: usize) -> usize {
    ((u64::from(word) * bound as u64) >> 32) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn strangers(stages: usize) -> Vec<Vec<usize>> {
        vec![vec![0; stages]; stages]
    }

    #[test]
    fn without_choice_there_is_no_pair() {
        let rule = PairingRule::default();
        assert!(rule.plan(1, 0, &[]).is_err());
        assert!(PairingRule { highest_tenths: 4, ..rule }.plan(1, 0, &strangers(1)).is_err());
        assert!(PairingRule { lowest_tenths: 0, ..rule }.plan(1, 0, &strangers(1)).is_err());
    }

    #[test]
    fn pairs_of_a_sequence_differ() {
        let plan = |number| PairingRule::default().plan(5, number, &strangers(3)).expect("a plan");
        let seeds: std::collections::HashSet<_> = (0..1000).map(|number| plan(number).seed).collect();
        assert_eq!(seeds.len(), 1000);
    }

    /// 4,000 plans: a fair coin lies within 0.04 of a half but for one case in 2 million (5 standard deviations).
    #[test]
    fn the_side_tells_nothing() {
        let (mut hotter_is_a, mut later_is_a) = (0, 0);
        for number in 0..4000 {
            let [a, b] = PairingRule::default().plan(11, number, &strangers(2)).expect("a plan").sides;
            hotter_is_a += u32::from(a.temperature_tenths > b.temperature_tenths);
            later_is_a += u32::from(a.stage > b.stage);
        }
        for count in [hotter_is_a, later_is_a] {
            assert!(count.abs_diff(2000) < 160, "{count}");
        }
    }

    /// Three pairs of stages, one of which has met three times: chances of 4, 4 and 1 in 9. Of 9,000 plans the pair that is
    /// known has 1,000, with a standard deviation of 30.
    #[test]
    fn what_is_known_is_asked_less() {
        let met = [vec![0, 3, 0], vec![0, 0, 0], vec![0, 0, 0]];
        let mut counts = std::collections::BTreeMap::new();
        for number in 0..9000 {
            let [a, b] = PairingRule::default().plan(17, number, &met).expect("a plan").sides;
            *counts.entry((a.stage.min(b.stage), a.stage.max(b.stage))).or_insert(0_u32) += 1;
        }
        for (pair, expected) in [((0, 1), 1000_u32), ((0, 2), 4000), ((1, 2), 4000)] {
            assert!(counts[&pair].abs_diff(expected) < 250, "{pair:?}: {}", counts[&pair]);
        }
    }

    #[test]
    fn every_temperature_occurs() {
        let mut seen = [0_u32; 15];
        for number in 0..2000 {
            for side in PairingRule::default().plan(3, number, &strangers(1)).expect("a plan").sides {
                seen[usize::from(side.temperature_tenths)] += 1;
            }
        }
        assert!(seen[4..=14].iter().all(|count| *count > 0) && seen[..4].iter().all(|count| *count == 0));
    }

    #[test]
    fn the_first_two_that_differ_are_shown() {
        assert_eq!(differing_pair(&["Paris."], &["Lyon."]), Some((0, 0)));
        assert_eq!(differing_pair(&["Paris.", "Nice."], &[" Paris. ", "Paris.", "Lyon."]), Some((1, 0)));
        assert_eq!(differing_pair(&["Paris.", "Paris."], &["Paris.", "Lyon."]), Some((0, 1)));
    }

    #[test]
    fn equal_and_empty_answers_are_no_pair() {
        assert_eq!(differing_pair(&["a b", "a  b"], &["a\nb"]), None);
        assert_eq!(differing_pair(&["", "a"], &["a", " "]), None);
        assert_eq!(differing_pair(&[] as &[&str], &[] as &[&str]), None);
    }

    #[test]
    fn a_text_that_begins_another_differs_from_it() {
        assert_eq!(differing_pair(&["a b"], &["a b c"]), Some((0, 0)));
        assert_eq!(differing_pair(&["a b c"], &["a b"]), Some((0, 0)));
    }

    proptest! {
        #[test]
        fn plans_follow_the_rule(seed: u32, number: u32, stages in 1_usize..7) {
            let rule = PairingRule::default();
            let met = strangers(stages);
            let plan = rule.plan(seed, number, &met).expect("a plan");
            let [a, b] = plan.sides;
            prop_assert!(a.temperature_tenths.abs_diff(b.temperature_tenths) >= rule.least_gap_tenths);
            prop_assert!(a.stage < stages && b.stage < stages && (stages == 1 || a.stage != b.stage));
            prop_assert!(a.first_row + CANDIDATES_PER_SIDE <= b.first_row);
            prop_assert_eq!(rule.plan(seed, number, &met), Ok(plan), "the same seed, the same plan");
        }
    }
}
