//! The effective temperature: how sharp one model is in a context, said as a temperature of another.
//!
//! It is the tau for which `softmax(logits / tau)` of the SFT model has the entropy that a later stage has in the same
//! context at T = 1. Below 1 the stage is sharper than SFT there, above 1 flatter. This is our reading of "in-context
//! temperature rescaling" (Touvron et al. 2023, section 5.1) at the level of one token.
//!
//! The entropy rises strictly with tau, from `ln(ties)` (the number of tokens that share the largest logit) to `ln(n)`,
//! so there is one answer between these limits and none at or outside them: `None`, never 0. The root is found to
//! about 1e-12 of tau by Newton's method, kept inside a bracket.

/// SFT has a choice at a token if its entropy there is at least this, in nats: a second token of about 2 per cent. Where
/// it has none, tau says little.
pub const OPEN_NATS: f64 = 0.1;

/// Step of `ln tau` below which the root counts as found.
const SMALLEST_STEP: f64 = 1e-12;

/// Newton's method needs 5 to 10 steps, halving the widest bracket about 60; the limit only bounds the time.
const MOST_STEPS: usize = 200;

/// Beyond this many times the smallest gap below the largest logit, the weights of the other tokens vanish in `f64`.
const VANISHING: f64 = 800.0;

/// Powers of two by which the bracket is widened at most: more than from the smallest `f32` to the largest.
const MOST_DOUBLINGS: usize = 200;

/// The temperature at which a model with these logits has this entropy.
///
/// - `sft_logits`: `[vocabulary]`, natural log up to a constant, at T = 1.
/// - `entropy_nats`: the entropy to reach, in nats.
///
/// `None` where there is no such temperature: the entropy is at or outside the reachable range (all its ends are
/// exclusive), a logit or the entropy is not finite, or there are no logits.
#[must_use]
pub fn effective_temperature(sft_logits: &[f32], entropy_nats: f64) -> Option<f64> {
    let gaps = Gaps::below_the_largest(sft_logits)?;
    let wanted = entropy_nats - gaps.ties.ln();
    if !(wanted > 0.0 && entropy_nats < (sft_logits.len() as f64).ln()) {
        return None;
    }

    // 1. A bracket in ln tau. Most answers lie near 1.
    let coldest = (gaps.smallest / VANISHING).ln();
    let start = coldest.max(0.0);
    let (mut low, mut high) = (start, start);
    let mut width = 0.5;
    while low > coldest && gaps.excess(low).0 >= wanted {
        (high, low) = (low, (low - width).max(coldest));
        width *= 2.0;
    }
    if low == start {
        let mut doublings = 0;
        while gaps.excess(high).0 < wanted {
            if doublings == MOST_DOUBLINGS {
                return None;
            }
            (low, high) = (high, high + std::f64::consts::LN_2);
            doublings += 1;
        }
    }

    // 2. Newton's method on the logarithm of the excess, which is nearly straight in 1 / tau where tau is small; where a
    // step would leave the bracket, or is not half as long as the last one, halve the bracket.
    let mut at = 0.5 * (low + high);
    let mut last_step = high - low;
    for _ in 0..MOST_STEPS {
        let (excess, slope) = gaps.excess(at);
        if excess < wanted {
            low = at
        } else {
            high = at
        }
        let newton = at - (excess / wanted).ln() * excess / slope;
        let trusted = newton > low && newton < high && (newton - at).abs() < 0.5 * last_step;
        let next = if trusted { newton } else { 0.5 * (low + high) };
        last_step = (next - at).abs();
        at = next;
        if last_step < SMALLEST_STEP {
            break;
        }
    }
    let tau = at.exp();
    (tau.is_finite() && tau > 0.0).then_some(tau)
}

/// The logits as distances below the largest one.
struct Gaps {
    /// Distances of the tokens that do not share the largest logit; all above 0.
    others: Vec<f64>,
    /// Number of tokens that do.
    ties: f64,
    /// Smallest of the distances.
    smallest: f64,
}

impl Gaps {
    /// `None` where a logit is not finite, or where all are equal.
    fn below_the_largest(logits: &[f32]) -> Option<Self> {
        if logits.iter().any(|logit| !logit.is_finite()) {
            return None;
        }
        let largest = f64::from(logits.iter().copied().fold(f32::MIN, f32::max));
        let others: Vec<f64> =
            logits.iter().map(|&logit| largest - f64::from(logit)).filter(|&gap| gap > 0.0).collect();
        let smallest = others.iter().copied().fold(f64::INFINITY, f64::min);
        let ties = (logits.len() - others.len()) as f64;
        smallest.is_finite().then_some(Self { others, ties, smallest })
    }

    /// Entropy above `ln(ties)` at a `ln tau`, in nats, and its derivative by `ln tau`, which is the variance of the
    /// scaled logits. Exact also where nearly all probability lies on the ties.
    fn excess(&self, ln_tau: f64) -> (f64, f64) {
        let inverse = (-ln_tau).exp();
        let (mut sum, mut first, mut second) = (0.0, 0.0, 0.0);
        for gap in &self.others {
            let scaled = gap * inverse;
            if scaled < VANISHING {
                let weight = (-scaled).exp();
                sum += weight;
                first += weight * scaled;
                second += weight * scaled * scaled;
            }
        }
        let all = self.ties + sum;
        let mean = first / all;
        ((sum / self.ties).ln_1p() + mean, second / all - mean * mean)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::entropy;
    use proptest::prelude::*;

    fn entropy_at(logits: &[f32], tau: f64) -> f64 {
        let largest = f64::from(logits.iter().copied().fold(f32::MIN, f32::max));
        let weights: Vec<f64> = logits.iter().map(|&l| ((f64::from(l) - largest) / tau).exp()).collect();
        entropy(&weights).expect("weights")
    }

    #[test]
    fn a_model_has_temperature_one_against_itself() {
        let logits = [2.0, 0.5, -1.0, 0.0, 1.75];
        let tau = effective_temperature(&logits, entropy_at(&logits, 1.0)).expect("inside the range");
        assert!((tau - 1.0).abs() < 1e-9, "{tau}");
    }

    /// A stage whose logits are SFT's divided by tau is SFT at temperature tau, by definition.
    #[test]
    fn sharper_logits_are_a_lower_temperature() {
        let sft = [2.0, 0.5, -1.0, 0.0, 1.75];
        let stage: Vec<f32> = sft.iter().map(|l| l * 4.0).collect();
        let tau = effective_temperature(&sft, entropy_at(&stage, 1.0)).expect("inside the range");
        assert!((tau - 0.25).abs() < 1e-9, "{tau}");
    }

    #[test]
    fn ends_of_the_range_have_no_temperature() {
        let logits = [1.0, 1.0, 0.0, -2.0];
        let (coldest, hottest) = (2.0_f64.ln(), 4.0_f64.ln());
        for outside in [0.0, 0.3, coldest, hottest, hottest + 0.1, -1.0] {
            assert_eq!(effective_temperature(&logits, outside), None, "{outside}");
        }
        assert!(effective_temperature(&logits, coldest + 1e-6).is_some_and(|tau| tau < 0.1));
        assert!(effective_temperature(&logits, hottest - 1e-6).is_some_and(|tau| tau > 100.0));
    }

    #[test]
    fn equal_logits_single_tokens_and_no_tokens_have_no_temperature() {
        assert_eq!(effective_temperature(&[0.3; 7], 7.0_f64.ln()), None);
        assert_eq!(effective_temperature(&[0.3; 7], 1.0), None);
        assert_eq!(effective_temperature(&[0.3], 0.0), None);
        assert_eq!(effective_temperature(&[], 0.5), None);
    }

    #[test]
    fn what_is_not_a_number_has_no_temperature() {
        for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            assert_eq!(effective_temperature(&[0.0, 1.0, bad], 0.5), None);
        }
        for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert_eq!(effective_temperature(&[0.0, 1.0, 2.0], bad), None);
        }
    }

    #[test]
    fn the_widest_logits_and_the_smallest_entropies_stay_finite() {
        let tau = effective_temperature(&[f32::MAX, 0.0, f32::MIN], 0.5);
        assert!(tau.is_some_and(|tau| tau.is_finite() && tau > 1e37), "{tau:?}");
        let tau = effective_temperature(&[0.0, -f32::MIN_POSITIVE], 0.5);
        assert!(tau.is_some_and(|tau| tau > 0.0 && tau < 1e-37), "{tau:?}");
        let tau = effective_temperature(&[1.0, 0.0], 1e-300);
        assert!(tau.is_some_and(|tau| (1e-3..2e-3).contains(&tau)), "{tau:?}");
    }

    proptest! {
        #[test]
        fn the_temperature_that_made_an_entropy_is_found_again(
            logits in prop::collection::vec(-12.0_f32..12.0, 2..80),
            ln_tau in -2.0_f64..2.5,
        ) {
            let tau = ln_tau.exp();
            let wanted = entropy_at(&logits, tau);
            // Where the entropy hardly depends on tau, rounding of the entropy alone moves tau.
            let slope = (entropy_at(&logits, tau * 1.001) - wanted) / 1e-3;
            prop_assume!(slope > 1e-6);
            let found = effective_temperature(&logits, wanted);
            prop_assert!(found.is_some_and(|found| (found / tau).ln().abs() < 1e-13 / slope + 1e-9), "{found:?} {tau}");
        }

        #[test]
        fn more_entropy_is_a_higher_temperature(
            logits in prop::collection::vec(-12.0_f32..12.0, 3..60),
            shares in (0.01_f64..0.98, 0.001_f64..0.01),
        ) {
            let highest = (logits.len() as f64).ln();
            let lower = effective_temperature(&logits, shares.0 * highest);
            let higher = effective_temperature(&logits, (shares.0 + shares.1) * highest);
            // With distinct logits all of this range is reachable.
            prop_assume!(lower.is_some());
            prop_assert!(higher > lower, "{lower:?} {higher:?}");
        }

        #[test]
        fn a_constant_added_to_all_logits_changes_nothing(
            logits in prop::collection::vec(-8_i8..8, 3..40),
            constant in -64_i8..64,
            share in 0.1_f64..0.9,
        ) {
            let wanted = share * (logits.len() as f64).ln();
            let plain: Vec<f32> = logits.iter().map(|&l| f32::from(l)).collect();
            let moved: Vec<f32> = plain.iter().map(|&l| l + f32::from(constant)).collect();
            prop_assert_eq!(effective_temperature(&plain, wanted), effective_temperature(&moved, wanted));
        }

        #[test]
        fn no_input_is_answered_with_what_is_no_temperature(
            bits in prop::collection::vec(any::<u32>(), 0..20),
            entropy in any::<f64>(),
        ) {
            let logits: Vec<f32> = bits.into_iter().map(f32::from_bits).collect();
            for wanted in [entropy, entropy.abs() % 3.0] {
                let tau = effective_temperature(&logits, wanted);
                prop_assert!(tau.is_none_or(|tau| tau.is_finite() && tau > 0.0), "{tau:?}");
            }
        }
    }
}
