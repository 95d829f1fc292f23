//! Figure 20 of the paper in small: how a reward model's scores are distributed, stage by stage.

/// Width of a bin, in standard deviations of the whitened reward.
pub const BIN: f64 = 0.25;
/// Lowest and highest edge; what lies beyond is counted in the outermost bins.
pub const RANGE: (f64, f64) = (-4.0, 2.0);

/// An answer and what the reward model thinks of it.
#[derive(Debug, Clone, PartialEq)]
pub struct ScoredAnswer {
    /// What was asked.
    pub prompt: String,
    /// What was answered.
    pub answer: String,
    /// Its reward, whitened.
    pub reward: f64,
}

/// The distribution of some rewards.
#[derive(Debug, Clone, PartialEq)]
pub struct Distribution {
    /// Share of the answers in each bin, the lowest first; they sum to 1.
    pub shares: Vec<f64>,
    /// Mean.
    pub mean: f64,
    /// Mean of the worst tenth.
    pub worst_tenth: f64,
    /// Answers.
    pub count: usize,
}

/// Number of bins.
#[must_use]
pub fn bins() -> usize {
    ((RANGE.1 - RANGE.0) / BIN).round() as usize
}

/// The bin of a reward, from 0.
#[must_use]
pub fn bin_of(reward: f64) -> usize {
    ((reward - RANGE.0) / BIN).floor().clamp(0.0, bins() as f64 - 1.0) as usize
}

/// The edges of a bin; the lowest has no lower one and the highest no upper one.
#[must_use]
pub fn edges(bin: usize) -> (Option<f64>, Option<f64>) {
    let edge = |place: usize| RANGE.0 + BIN * place as f64;
    ((bin > 0).then(|| edge(bin)), (bin + 1 < bins()).then(|| edge(bin + 1)))
}

/// The distribution of rewards; none without any, or where one is not a number.
#[must_use]
pub fn distribution(rewards: &[f64]) -> Option<Distribution> {
    if rewards.is_empty() || rewards.iter().any(|reward| !reward.is_finite()) {
        return None;
    }
    let count = rewards.len() as f64;
    let mut shares = vec![0.0; bins()];
    for reward in rewards {
        shares[bin_of(*reward)] += 1.0 / count;
    }
    let mut sorted = rewards.to_vec();
    sorted.sort_by(f64::total_cmp);
    let tenth = &sorted[..(sorted.len() / 10).max(1)];
    Some(Distribution {
        shares,
        mean: rewards.iter().sum::<f64>() / count,
        worst_tenth: tenth.iter().sum::<f64>() / tenth.len() as f64,
        count: rewards.len(),
    })
}

/// The expected reward of the best of `n` answers, drawn without replacement from those that there are, for n = 1 to their
/// number (Touvron et al. 2023, Figure 8). From the order statistics: sorted upwards, the i-th of m is the best of n with
/// probability `C(i - 1, n - 1) / C(m, n)`.
#[must_use]
pub fn expected_best_of(rewards: &[f64]) -> Vec<f64> {
    let mut sorted = rewards.to_vec();
    sorted.sort_by(f64::total_cmp);
    let all = sorted.len();
    let best_of = |n: usize| {
        // From the highest down: the chance that it is drawn and nothing above it is.
        let (mut chance, mut expected) = (n as f64 / all as f64, 0.0);
        for place in (n..=all).rev() {
            expected += chance * sorted[place - 1];
            if place > 1 {
                chance *= (place - n) as f64 / (place - 1) as f64;
            }
        }
        expected
    };
    (1..=all).map(best_of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn answers_fall_into_their_bins_and_the_outermost_take_the_rest() {
        let found = distribution(&[-100.0, -4.0, -0.1, 0.0, 1.99, 50.0]).expect("rewards");
        assert_eq!(found.shares.len(), 24);
        let six = |count: f64, share: f64| (share - count / 6.0).abs() < 1e-12;
        assert!(six(2.0, found.shares[0]) && six(1.0, found.shares[15]) && six(1.0, found.shares[16]));
        assert!(six(2.0, found.shares[23]));
        assert_eq!(found.worst_tenth, -100.0);
        assert_eq!(distribution(&[]), None);
        assert_eq!(distribution(&[f64::NAN]), None);
    }

    #[test]
    fn the_worst_tenth_is_a_mean() {
        let rewards: Vec<f64> = (0..40).map(f64::from).collect();
        assert_eq!(distribution(&rewards).map(|d| (d.worst_tenth, d.mean)), Some((1.5, 19.5)));
    }

    #[test]
    fn a_reward_lies_between_the_edges_of_its_bin() {
        for reward in [-9.0, -4.0, -3.75, -0.01, 0.0, 0.3, 1.75, 7.0] {
            let (from, to) = edges(bin_of(reward));
            assert!(from.is_none_or(|from| from <= reward) && to.is_none_or(|to| reward < to), "{reward}");
        }
        assert_eq!(edges(0), (None, Some(-3.75)));
        assert_eq!(edges(bins() - 1), (Some(1.75), None));
    }

    #[test]
    fn the_best_of_one_is_the_mean_and_of_all_the_best() {
        let best = expected_best_of(&[3.0, 1.0, 2.0]);
        assert!((best[0] - 2.0).abs() < 1e-12 && (best[2] - 3.0).abs() < 1e-12);
        // Of {1, 2}, {1, 3} and {2, 3} the best are 2, 3 and 3.
        assert!((best[1] - 8.0 / 3.0).abs() < 1e-12);
        assert!(expected_best_of(&[]).is_empty());
    }

    proptest! {
        #[test]
        fn more_to_choose_from_is_never_worse(rewards in prop::collection::vec(-5.0_f64..5.0, 1..60)) {
            let best = expected_best_of(&rewards);
            prop_assert_eq!(best.len(), rewards.len());
            prop_assert!(best.windows(2).all(|pair| pair[1] >= pair[0] - 1e-9));
            let shares = distribution(&rewards).expect("rewards").shares;
            prop_assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-9);
        }

        /// Against the definition: every subset of n, counted.
        #[test]
        fn the_best_of_n_equals_counting_all_subsets(rewards in prop::collection::vec(-5.0_f64..5.0, 1..9)) {
            for (n, found) in expected_best_of(&rewards).into_iter().enumerate().map(|(i, found)| (i + 1, found)) {
                let (mut sum, mut count) = (0.0, 0.0);
                for subset in 0_u32..1 << rewards.len() {
                    if subset.count_ones() as usize == n {
                        let chosen = rewards.iter().enumerate().filter(|(i, _)| subset >> i & 1 == 1);
                        sum += chosen.map(|(_, reward)| *reward).fold(f64::NEG_INFINITY, f64::max);
                        count += 1.0;
                    }
                }
                prop_assert!((found - sum / count).abs() < 1e-9, "{n}: {found} {}", sum / count);
            }
        }
    }
}
