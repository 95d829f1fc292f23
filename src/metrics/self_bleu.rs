//! Self-BLEU (Zhu et al. 2018, "Texygen"): how much each text of a group resembles the others.
//!
//! Our definition: BLEU (Papineni et al. 2002) of each text against all *other* texts as references, with 1- to
//! 4-grams, uniform weights, the closest reference length (the shorter one at equal distance) in the brevity penalty,
//! and smoothing method 1 of Chen and Cherry (2014), which counts 0.1 where no n-gram of an order matches; then the
//! mean. A text of fewer than four tokens has no 4-grams, so only the orders that it has are weighed. This equals
//! `nltk.translate.bleu_score` with `auto_reweigh=True` on the same tokens.
//!
//! Higher means more alike; equal answers score 1, one-word answers too. Without the reweighing smoothing would decide
//! there: 25 times "Paris" scores 0.1^(3/4) = 0.178 by nltk's default, less than sentences that have little in common.

use std::hash::Hash;

use super::grams::{MAX_ORDER, grams, intern};

/// What an order without any match counts as, in smoothing method 1.
const SMOOTHING_COUNT: f64 = 0.1;

/// Mean over the texts of [`bleu_against_others`]; `None` for fewer than two texts.
///
/// The value is from 0 to 1. Texts are slices of tokens, for instance from [`words`](super::words).
#[must_use]
pub fn self_bleu<T: Eq + Hash>(texts: &[impl AsRef<[T]>]) -> Option<f64> {
    let scores = bleu_against_others(texts);
    if scores.is_empty() { None } else { Some(scores.iter().sum::<f64>() / scores.len() as f64) }
}

/// BLEU of each text with all others as references, in the order of the texts; empty for fewer than two texts.
///
/// Takes one sort of all n-grams per order instead of comparing every pair: for each n-gram the two highest counts
/// over the texts give the highest count over the others of any text.
#[must_use]
pub fn bleu_against_others<T: Eq + Hash>(texts: &[impl AsRef<[T]>]) -> Vec<f64> {
    if texts.len() < 2 {
        return Vec::new();
    }
    let texts = intern(texts.iter().map(AsRef::as_ref));
    let matches: Vec<Vec<u32>> = (1..=MAX_ORDER).map(|order| clipped_matches(&texts, order)).collect();
    (0..texts.len())
        .map(|index| {
            let length = texts[index].len();
            // Without a common word there is no common n-gram at all; nltk does not smooth that.
            if matches[0][index] == 0 {
                return 0.0;
            }
            // At least 1: something matched.
            let orders = length.min(MAX_ORDER);
            let log_precisions = (1..=orders).map(|order| {
                let total = length + 1 - order;
                let matched = match matches[order - 1][index] {
                    0 => SMOOTHING_COUNT,
                    count => f64::from(count),
                };
                (matched / total as f64).ln()
            });
            let mean_log_precision = log_precisions.sum::<f64>() / orders as f64;
            brevity_penalty(length, closest_length(&texts, index)) * mean_log_precision.exp()
        })
        .collect()
}

/// For each text: its n-grams that occur in some other text, each at most as often as in the other that has it most.
fn clipped_matches(texts: &[Vec<u32>], order: usize) -> Vec<u32> {
    let mut occurrences: Vec<_> = texts
        .iter()
        .enumerate()
        .flat_map(|(index, text)| grams(text, order).map(move |gram| (gram, index)))
        .collect();
    occurrences.sort_unstable();

    let mut matches = vec![0; texts.len()];
    let mut counts: Vec<(usize, u32)> = Vec::new();
    for same_gram in occurrences.chunk_by(|a, b| a.0 == b.0) {
        counts.clear();
        counts.extend(same_gram.chunk_by(|a, b| a.1 == b.1).map(|run| (run[0].1, run.len() as u32)));
        let (mut highest, mut highest_at, mut second) = (0, usize::MAX, 0);
        for &(index, count) in &counts {
            if count > highest {
                (second, highest, highest_at) = (highest, count, index);
            } else {
                second = second.max(count);
            }
        }
        for &(index, count) in &counts {
            matches[index] += count.min(if index == highest_at { second } else { highest });
        }
    }
    matches
}

fn closest_length(texts: &[Vec<u32>], index: usize) -> usize {
    let length = texts[index].len();
    let others = texts.iter().enumerate().filter(|&(other, _)| other != index).map(|(_, text)| text.len());
    others.min_by_key(|&other| (other.abs_diff(length), other)).unwrap_or(0)
}

fn brevity_penalty(length: usize, reference: usize) -> f64 {
    if length > reference { 1.0 } else { (1.0 - reference as f64 / length as f64).exp() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn fewer_than_two_texts_have_no_score() {
        assert_eq!(self_bleu::<u8>(&[] as &[&[u8]]), None);
        assert_eq!(self_bleu::<u8>(&[b"abcde"]), None);
    }

    /// The known mistake: a text left among its own references scores 1.
    #[test]
    fn a_text_is_not_its_own_reference() {
        assert_eq!(self_bleu::<u8>(&[b"abcde", b"fghij"]), Some(0.0));
    }

    #[test]
    fn an_empty_answer_scores_zero_and_does_not_disturb_the_others() {
        let scores = bleu_against_others::<u8>(&[&b""[..], b"abcdef", b"abcdef"]);
        assert_eq!(scores[0], 0.0);
        assert!((scores[1] - 1.0).abs() < 1e-12 && (scores[2] - 1.0).abs() < 1e-12);
    }

    fn groups() -> impl Strategy<Value = Vec<Vec<u8>>> {
        prop::collection::vec(prop::collection::vec(0_u8..6, 0..15), 2..10)
    }

    proptest! {
        #[test]
        fn scores_stay_between_zero_and_one(texts in groups()) {
            for score in bleu_against_others::<u8>(&texts) {
                prop_assert!((0.0..=1.0 + 1e-12).contains(&score), "{score}");
            }
        }

        #[test]
        fn order_of_texts_does_not_matter(mut texts in groups()) {
            let before = self_bleu::<u8>(&texts).expect("two texts");
            let turned_by = texts.len() / 2;
            texts.rotate_left(turned_by);
            let last = texts.len() - 1;
            texts.swap(0, last);
            let after = self_bleu::<u8>(&texts).expect("two texts");
            prop_assert!((before - after).abs() < 1e-12, "{before} {after}");
        }

        #[test]
        fn equal_texts_score_one(text in prop::collection::vec(0_u8..6, 1..20), copies in 2_usize..8) {
            let score = self_bleu::<u8>(&vec![text; copies]).expect("two texts");
            prop_assert!((score - 1.0).abs() < 1e-12, "{score}");
        }

        #[test]
        fn names_of_tokens_do_not_matter(texts in groups()) {
            let renamed: Vec<Vec<String>> =
                texts.iter().map(|text| text.iter().map(|token| format!("word {token}")).collect()).collect();
            prop_assert_eq!(self_bleu::<u8>(&texts), self_bleu::<String>(&renamed));
        }
    }
}
