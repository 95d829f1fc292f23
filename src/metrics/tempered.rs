//! The next-token distribution at a temperature: `softmax(logits / T)`.

/// A distribution over tokens, from logits and a temperature. In 64 bits: it is for reading, not for drawing (drawing is
/// `sampling`'s).
#[derive(Debug, Clone)]
pub struct Tempered<'a> {
    logits: &'a [f32],
    inverse: f64,
    largest: f64,
    /// Sum of `exp((logit - largest) / T)`; at least 1.
    sum: f64,
}

impl<'a> Tempered<'a> {
    /// The distribution of `logits` (`[vocabulary]`, natural log up to a constant) at a temperature above 0.
    ///
    /// `None` without logits, where one is not finite, or where the temperature is not finite and above 0.
    #[must_use]
    pub fn new(logits: &'a [f32], temperature: f64) -> Option<Self> {
        let usable = temperature.is_finite() && temperature > 0.0 && !logits.is_empty();
        if !usable || logits.iter().any(|logit| !logit.is_finite()) {
            return None;
        }
        let inverse = 1.0 / temperature;
        let largest = f64::from(logits.iter().copied().fold(f32::MIN, f32::max));
        let sum = logits.iter().map(|&logit| ((f64::from(logit) - largest) * inverse).exp()).sum();
        Some(Self { logits, inverse, largest, sum })
    }

    /// Probability of a token, 0 to 1; 0 for one outside the vocabulary.
    #[must_use]
    pub fn probability(&self, token: usize) -> f64 {
        let gap = |&logit: &f32| (f64::from(logit) - self.largest) * self.inverse;
        self.logits.get(token).map_or(0.0, |logit| gap(logit).exp() / self.sum)
    }

    /// Entropy, in nats.
    #[must_use]
    pub fn entropy(&self) -> f64 {
        let gap = |&logit: &f32| (f64::from(logit) - self.largest) * self.inverse;
        let term = |gap: f64| if gap < -700.0 { 0.0 } else { gap.exp() * gap };
        let mean = self.logits.iter().map(|logit| term(gap(logit))).sum::<f64>() / self.sum;
        (self.sum.ln() - mean).max(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::{effective_temperature, entropy};
    use proptest::prelude::*;

    #[test]
    fn cold_is_certain_and_hot_is_even() {
        let logits = [1.0, 3.0, 2.0];
        let cold = Tempered::new(&logits, 0.01).expect("a distribution");
        assert!(cold.probability(1) > 1.0 - 1e-12 && cold.entropy() < 1e-9);
        let hot = Tempered::new(&logits, 1e9).expect("a distribution");
        assert!((hot.probability(0) - 1.0 / 3.0).abs() < 1e-8);
        assert!((hot.entropy() - 3.0_f64.ln()).abs() < 1e-8);
    }

    #[test]
    fn what_is_no_distribution_is_none() {
        for temperature in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(Tempered::new(&[1.0, 2.0], temperature).is_none(), "{temperature}");
        }
        assert!(Tempered::new(&[], 1.0).is_none());
        assert!(Tempered::new(&[1.0, f32::NAN], 1.0).is_none());
        assert!(Tempered::new(&[1.0, f32::NEG_INFINITY], 1.0).is_none());
        assert_eq!(Tempered::new(&[1.0], 1.0).map(|one| one.probability(1)), Some(0.0));
    }

    proptest! {
        #[test]
        fn probabilities_sum_to_one_and_have_the_entropy(
            logits in prop::collection::vec(-40.0_f32..40.0, 1..60), temperature in 0.05_f64..20.0,
        ) {
            let tempered = Tempered::new(&logits, temperature).expect("a distribution");
            let all: Vec<f64> = (0..logits.len()).map(|token| tempered.probability(token)).collect();
            prop_assert!((all.iter().sum::<f64>() - 1.0).abs() < 1e-12);
            prop_assert!((entropy(&all).expect("weights") - tempered.entropy()).abs() < 1e-9);
        }

        #[test]
        fn no_temperature_changes_the_order(
            logits in prop::collection::vec(-20.0_f32..20.0, 2..30), temperature in 0.2_f64..5.0,
        ) {
            let tempered = Tempered::new(&logits, temperature).expect("a distribution");
            for token in 1..logits.len() {
                let rises = tempered.probability(token - 1) <= tempered.probability(token);
                prop_assert!(logits[token - 1] > logits[token] || rises);
            }
        }

        #[test]
        fn the_effective_temperature_finds_the_temperature_again(
            logits in prop::collection::vec(-6.0_f32..6.0, 3..40), temperature in 0.3_f64..3.0,
        ) {
            let entropy = Tempered::new(&logits, temperature).expect("a distribution").entropy();
            let found = effective_temperature(&logits, entropy);
            // Where nearly all lies on one token, rounding of the entropy moves the temperature.
            prop_assume!(entropy > 1e-3);
            prop_assert!(found.is_some_and(|found| (found / temperature - 1.0).abs() < 1e-6), "{found:?}");
        }
    }
}
