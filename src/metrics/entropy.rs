//! Shannon entropy, in nats.

/// Entropy of a distribution, in nats. Weights need not sum to 1; they are divided by their sum.
///
/// `None` where a weight is negative or not finite, or the sum is not above 0.
#[must_use]
pub fn entropy(weights: &[f64]) -> Option<f64> {
    if weights.iter().any(|weight| !weight.is_finite() || *weight < 0.0) {
        return None;
    }
    let sum: f64 = weights.iter().sum();
    if !(sum.is_finite() && sum > 0.0) {
        return None;
    }
    let terms = weights.iter().map(|weight| weight / sum).filter(|p| *p > 0.0).map(|p| -p * p.ln());
    // Rounding may leave a certain outcome a hair below 0.
    Some(terms.sum::<f64>().max(0.0))
}

/// Entropy, in nats, of how often each outcome was seen; `None` without any.
#[must_use]
pub fn entropy_of_counts(counts: &[usize]) -> Option<f64> {
    entropy(&counts.iter().map(|&count| count as f64).collect::<Vec<_>>())
}

/// Mean of the entropies (nats) of the distributions from which tokens were drawn; `None` without tokens, or where one
/// is not finite.
#[must_use]
pub fn mean_token_entropy(entropies: impl IntoIterator<Item = f32>) -> Option<f64> {
    let (mut sum, mut count) = (0.0, 0_usize);
    for entropy in entropies {
        sum += f64::from(entropy);
        count += 1;
    }
    let mean = sum / count as f64;
    mean.is_finite().then_some(mean)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn even_outcomes_have_the_log_of_their_number() {
        assert!((entropy_of_counts(&[3, 3, 3, 3]).expect("counts") - 4.0_f64.ln()).abs() < 1e-12);
    }

    #[test]
    fn a_certain_outcome_has_none() {
        assert_eq!(entropy_of_counts(&[25]), Some(0.0));
        assert_eq!(entropy_of_counts(&[0, 7, 0]), Some(0.0));
    }

    #[test]
    fn impossible_input_is_refused() {
        assert_eq!(entropy(&[]), None);
        assert_eq!(entropy(&[0.0]), None);
        assert_eq!(entropy(&[1.0, -0.5]), None);
        assert_eq!(entropy(&[f64::NAN]), None);
        assert_eq!(entropy(&[f64::MAX, f64::MAX]), None);
    }

    #[test]
    fn mean_token_entropy_needs_finite_tokens() {
        assert_eq!(mean_token_entropy([1.0, 2.0]), Some(1.5));
        assert_eq!(mean_token_entropy([]), None);
        assert_eq!(mean_token_entropy([1.0, f32::NAN]), None);
    }

    proptest! {
        #[test]
        fn entropy_is_between_zero_and_the_log_of_the_number(counts in prop::collection::vec(1_usize..50, 1..30)) {
            let value = entropy_of_counts(&counts).expect("counts");
            prop_assert!(value >= 0.0 && value <= (counts.len() as f64).ln() + 1e-12);
        }
    }
}
