//! The Vendi score (Friedman and Dieng 2023): the effective number of different texts in a group.
//!
//! It is the exponential of the entropy of the eigenvalues of K / n, where K holds the similarity of each pair. The
//! paper leaves the kernel open. Ours is the cosine of the counts of words and pairs of neighbouring words (1- and
//! 2-grams in one vector). A text without tokens is fully similar to other such texts and to nothing else. K is thus a
//! Gram matrix of unit vectors, with eigenvalues of at least 0 and a diagonal of 1.
//!
//! Eigenvalues come from cyclic Jacobi rotations: exact to rounding, and quick for some tens of texts (the work grows
//! with the cube of their number).

use std::hash::Hash;

use super::entropy::entropy;
use super::grams::{Gram, grams, intern};

/// The off-diagonal part is taken as zero below this share of the whole, squared.
const OFF_DIAGONAL_SHARE: f64 = 1e-26;

/// Jacobi converges quadratically; a few sweeps do. The limit only bounds the time on input that is not a kernel.
const MAX_SWEEPS: usize = 60;

/// Vendi score of texts (slices of tokens) with [`text_kernel`]; `None` without texts.
///
/// From 1 (all alike) to the number of texts (nothing in common).
#[must_use]
pub fn vendi_score<T: Eq + Hash>(texts: &[impl AsRef<[T]>]) -> Option<f64> {
    vendi_score_of_kernel(&text_kernel(texts))
}

/// Similarity of each pair of texts, `[texts, texts]`, from 0 to 1; see the module's description.
#[must_use]
pub fn text_kernel<T: Eq + Hash>(texts: &[impl AsRef<[T]>]) -> Vec<Vec<f64>> {
    let vectors: Vec<_> =
        intern(texts.iter().map(AsRef::as_ref)).iter().map(|text| unit_vector(text)).collect();
    vectors.iter().map(|a| vectors.iter().map(|b| dot(a, b)).collect()).collect()
}

/// Vendi score of a symmetric kernel with a diagonal of 1, `[n, n]`; `None` if it is empty, not square, or holds
/// numbers that are not finite. Eigenvalues below 0 are taken as rounding.
#[must_use]
pub fn vendi_score_of_kernel(kernel: &[Vec<f64>]) -> Option<f64> {
    let size = kernel.len();
    if kernel.iter().any(|row| row.len() != size || row.iter().any(|value| !value.is_finite())) {
        return None;
    }
    let eigenvalues = symmetric_eigenvalues(kernel.to_vec());
    entropy(&eigenvalues.iter().map(|value| value.max(0.0)).collect::<Vec<_>>()).map(f64::exp)
}

/// Counts of 1- and 2-grams, sorted by order and n-gram, scaled to length 1.
fn unit_vector(text: &[u32]) -> Vec<((usize, Gram), f64)> {
    if text.is_empty() {
        // A feature that no other text has.
        return vec![((0, 0), 1.0)];
    }
    let mut found: Vec<(usize, Gram)> =
        (1..=2).flat_map(|order| grams(text, order).map(move |gram| (order, gram))).collect();
    found.sort_unstable();
    let mut vector: Vec<_> = found.chunk_by(|a, b| a == b).map(|run| (run[0], run.len() as f64)).collect();
    let length = vector.iter().map(|(_, count)| count * count).sum::<f64>().sqrt();
    for (_, count) in &mut vector {
        *count /= length;
    }
    vector
}

fn dot(a: &[((usize, Gram), f64)], b: &[((usize, Gram), f64)]) -> f64 {
    let (mut i, mut j, mut sum) = (0, 0, 0.0);
    while i < a.len() && j < b.len() {
        match a[i].0.cmp(&b[j].0) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                sum += a[i].1 * b[j].1;
                i += 1;
                j += 1;
            }
        }
    }
    sum
}

/// Eigenvalues of a symmetric matrix, in no order, by cyclic Jacobi (Golub and Van Loan, section 8.5).
fn symmetric_eigenvalues(mut a: Vec<Vec<f64>>) -> Vec<f64> {
    let n = a.len();
    let whole: f64 = a.iter().flatten().map(|value| value * value).sum();
    for _ in 0..MAX_SWEEPS {
        let off_diagonal: f64 =
            (0..n).flat_map(|p| (0..p).map(move |q| (p, q))).map(|(p, q)| a[p][q] * a[p][q]).sum();
        if off_diagonal <= OFF_DIAGONAL_SHARE * whole {
            break;
        }
        for p in 0..n {
            for q in p + 1..n {
                rotate(&mut a, p, q);
            }
        }
    }
    (0..n).map(|i| a[i][i]).collect()
}

/// One rotation that makes `a[p][q]` zero and keeps `a` symmetric; `p` is smaller than `q`.
fn rotate(a: &mut [Vec<f64>], p: usize, q: usize) {
    if a[p][q] == 0.0 {
        return;
    }
    let theta = (a[q][q] - a[p][p]) / (2.0 * a[p][q]);
    // The smaller root: rotations of at most 45 degrees converge.
    let tangent = theta.signum() / (theta.abs() + theta.hypot(1.0));
    let cosine = 1.0 / tangent.hypot(1.0);
    let sine = tangent * cosine;
    for row in a.iter_mut() {
        let (x, y) = (row[p], row[q]);
        row[p] = cosine * x - sine * y;
        row[q] = sine * x + cosine * y;
    }
    let (above, from_q) = a.split_at_mut(q);
    for (x, y) in above[p].iter_mut().zip(&mut from_q[0]) {
        (*x, *y) = (cosine * *x - sine * *y, sine * *x + cosine * *y);
    }
    (a[p][q], a[q][p]) = (0.0, 0.0);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn equal_texts_count_as_one() {
        for text in [&b"abcd"[..], b"a", b""] {
            let score = vendi_score::<u8>(&[text; 25]).expect("texts");
            assert!((score - 1.0).abs() < 1e-9, "{score}");
        }
    }

    #[test]
    fn texts_without_common_words_count_each() {
        let score = vendi_score::<u8>(&[&b"ab"[..], b"cd", b"e", b""]).expect("texts");
        assert!((score - 4.0).abs() < 1e-9, "{score}");
    }

    /// Two equal pairs: K / n has the eigenvalues 1/2, 1/2, 0, 0.
    #[test]
    fn copies_do_not_count_again() {
        let score = vendi_score::<u8>(&[b"ab", b"ab", b"cd", b"cd"]).expect("texts");
        assert!((score - 2.0).abs() < 1e-9, "{score}");
    }

    #[test]
    fn what_is_no_kernel_has_no_score() {
        assert_eq!(vendi_score_of_kernel(&[]), None);
        assert_eq!(vendi_score_of_kernel(&[vec![1.0, 0.0]]), None);
        assert_eq!(vendi_score_of_kernel(&[vec![f64::NAN]]), None);
    }

    proptest! {
        #[test]
        fn score_is_between_one_and_the_number_of_texts(texts in prop::collection::vec(prop::collection::vec(0_u8..5, 0..9), 1..12)) {
            let score = vendi_score::<u8>(&texts).expect("texts");
            prop_assert!(score > 1.0 - 1e-9 && score < texts.len() as f64 + 1e-9, "{score}");
        }

        #[test]
        fn order_of_texts_does_not_matter(mut texts in prop::collection::vec(prop::collection::vec(0_u8..5, 0..9), 2..12)) {
            let before = vendi_score::<u8>(&texts).expect("texts");
            texts.reverse();
            let after = vendi_score::<u8>(&texts).expect("texts");
            prop_assert!((before - after).abs() < 1e-9, "{before} {after}");
        }
    }
}
