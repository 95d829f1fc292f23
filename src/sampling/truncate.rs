//! Which tokens top-k and top-p leave.
//!
//! Both are expressed as one threshold on the logits: a token is kept if its logit is at least that. Ties at the edge are
//! therefore all kept, and a shader can find the same threshold without sorting.

use crate::units::Truncation;

/// The lowest logit that is kept, or negative infinity when nothing is cut.
///
/// Top-k first, then top-p over what top-k left, with probabilities at `temperature` (1 / `inverse`). Top-p keeps the
/// smallest set of most likely tokens whose probability reaches `top_p` (Holtzman et al. 2020, arXiv 1904.09751).
#[must_use]
#[inline(never)]
pub fn threshold(logits: &[f32], inverse: f32, truncation: Truncation) -> f32 {
    let mut lowest = f32::NEG_INFINITY;
    if truncation == Truncation::default() {
        return lowest;
    }
    let mut kept = logits.to_vec();
    if let Some(k) = truncation.top_k
        && (k as usize) < kept.len()
    {
        let (_, edge, _) = kept.select_nth_unstable_by(k as usize - 1, |a, b| b.total_cmp(a));
        lowest = *edge;
        kept.retain(|&l| l >= lowest);
    }
    if let Some(p) = truncation.top_p
        && p < 1.0
    {
        kept.sort_unstable_by(|a, b| b.total_cmp(a));
        let largest = kept[0];
        let weight = |l: f32| f64::from((l - largest) * inverse).exp();
        let wanted = f64::from(p) * kept.iter().map(|&l| weight(l)).sum::<f64>();
        let mut reached = 0.0;
        for &logit in &kept {
            reached += weight(logit);
            lowest = logit;
            if reached >= wanted {
                break;
            }
        }
    }
    lowest
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn truncation(top_k: Option<u32>, top_p: Option<f32>) -> Truncation {
        Truncation { top_k, top_p }
    }

    #[test]
    fn ties_at_the_edge_are_kept() {
        assert_eq!(threshold(&[1.0, 3.0, 2.0, 2.0], 1.0, truncation(Some(2), None)), 2.0);
    }

    #[test]
    fn top_p_keeps_the_smallest_set() {
        let logits = [0.5_f32.ln(), 0.3_f32.ln(), 0.2_f32.ln()];
        assert_eq!(threshold(&logits, 1.0, truncation(None, Some(0.4))), logits[0]);
        assert_eq!(threshold(&logits, 1.0, truncation(None, Some(0.7))), logits[1]);
        assert_eq!(threshold(&logits, 1.0, truncation(None, Some(0.9))), logits[2]);
        assert_eq!(threshold(&logits, 1.0, truncation(None, Some(1.0))), f32::NEG_INFINITY);
    }

    proptest! {
        #[test]
        fn top_k_keeps_at_least_k(logits in prop::collection::vec(-5.0_f32..5.0, 1..50), k in 1_u32..60) {
            let lowest = threshold(&logits, 1.0, truncation(Some(k), None));
            let kept = logits.iter().filter(|&&l| l >= lowest).count();
            prop_assert!(kept >= (k as usize).min(logits.len()));
            let above = logits.iter().filter(|&&l| l > lowest).count();
            prop_assert!(above < k as usize || lowest == f32::NEG_INFINITY);
        }
    }
}
