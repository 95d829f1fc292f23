//! Distinct-n and its length-corrected form.

use std::collections::HashSet;
use std::hash::Hash;

use super::grams::{MAX_ORDER, grams, intern};

/// Distinct-n (Li et al. 2016): different n-grams divided by all n-grams, over all texts together.
///
/// Above 0 and at most 1; higher means more varied. It falls with the amount of text. `None` where no text has an
/// n-gram of this order, and for orders other than 1 to 4.
#[must_use]
pub fn distinct_n<T: Eq + Hash>(texts: &[impl AsRef<[T]>], order: usize) -> Option<f64> {
    if !(1..=MAX_ORDER).contains(&order) {
        return None;
    }
    let (mut different, mut total) = (HashSet::new(), 0_usize);
    for text in intern(texts.iter().map(AsRef::as_ref)) {
        for gram in grams(&text, order) {
            different.insert(gram);
            total += 1;
        }
    }
    (total > 0).then(|| different.len() as f64 / total as f64)
}

/// Expectation-adjusted distinct (EAD, Liu et al. 2022): different tokens divided by how many different ones the same
/// number of even draws from the vocabulary would give, `N / (V (1 - ((V - 1) / V)^C))`.
///
/// Above 0; can exceed 1. `None` without tokens, or where `vocabulary` is smaller than the number of different tokens.
#[must_use]
pub fn expectation_adjusted_distinct<T: Eq + Hash>(
    texts: &[impl AsRef<[T]>],
    vocabulary: u32,
) -> Option<f64> {
    let total: usize = texts.iter().map(|text| text.as_ref().len()).sum();
    let different = texts.iter().flat_map(AsRef::as_ref).collect::<HashSet<&T>>().len();
    if total == 0 || different > vocabulary as usize {
        return None;
    }
    let vocabulary = f64::from(vocabulary);
    let expected = -vocabulary * (total as f64 * (-1.0 / vocabulary).ln_1p()).exp_m1();
    Some(different as f64 / expected)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn distinct_counts_across_texts() {
        let texts = [&b"aab"[..], b"ab"];
        assert_eq!(distinct_n::<u8>(&texts, 1), Some(2.0 / 5.0));
        assert_eq!(distinct_n::<u8>(&texts, 2), Some(2.0 / 3.0));
    }

    #[test]
    fn distinct_is_undefined_without_n_grams() {
        assert_eq!(distinct_n::<u8>(&[b"ab"], 3), None);
        assert_eq!(distinct_n::<u8>(&[b"ab"], 0), None);
        assert_eq!(distinct_n::<u8>(&[b"abcdefg"], 5), None);
        assert_eq!(distinct_n::<u8>(&[] as &[&[u8]], 1), None);
    }

    /// One draw is expected to give one different token, and a vocabulary of one can never give more.
    #[test]
    fn ead_of_a_single_token_is_one() {
        for vocabulary in [1, 2, 2048] {
            let score = expectation_adjusted_distinct::<u8>(&[b"a"], vocabulary).expect("a token");
            assert!((score - 1.0).abs() < 1e-12, "{vocabulary}: {score}");
        }
    }

    #[test]
    fn ead_follows_the_formula() {
        // N = 3, C = 5, V = 10: 3 / (10 (1 - 0.9^5))
        let score = expectation_adjusted_distinct::<u8>(&[&b"abc"[..], b"ab"], 10).expect("tokens");
        assert!((score - 3.0 / (10.0 * (1.0 - 0.9_f64.powi(5)))).abs() < 1e-12, "{score}");
    }

    #[test]
    fn ead_is_undefined_where_the_vocabulary_is_too_small() {
        assert_eq!(expectation_adjusted_distinct::<u8>(&[b"abc"], 2), None);
        assert_eq!(expectation_adjusted_distinct::<u8>(&[b""], 2), None);
    }

    proptest! {
        #[test]
        fn distinct_stays_above_zero_and_at_most_one(texts in prop::collection::vec(prop::collection::vec(0_u8..9, 1..12), 1..8)) {
            let score = distinct_n::<u8>(&texts, 1).expect("tokens");
            prop_assert!(score > 0.0 && score <= 1.0);
        }
    }
}
