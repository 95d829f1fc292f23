//! The diversity dials of a column: texts of finished answers in, three numbers out.

use crate::metrics::{answer_entropy, distinct_answers, self_bleu, words};

/// Diversity of a group of answers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dials {
    /// Number of answers measured.
    pub answers: usize,
    /// Self-BLEU, 0 to 1; higher means more alike. None for fewer than two answers.
    pub self_bleu: Option<f64>,
    /// Number of different answers.
    pub distinct: usize,
    /// Entropy of the answers in bits, 0 to log2 of their number.
    pub entropy_bits: f64,
}

impl Dials {
    /// Measures answers; none where there are none.
    #[must_use]
    pub fn of(answers: &[&str]) -> Option<Self> {
        let entropy_nats = answer_entropy(answers)?;
        let tokens: Vec<Vec<String>> = answers.iter().map(|answer| words(answer)).collect();
        Some(Self {
            answers: answers.len(),
            self_bleu: self_bleu(&tokens),
            distinct: distinct_answers(answers),
            entropy_bits: entropy_nats / std::f64::consts::LN_2,
        })
    }

    /// The highest entropy that so many answers can have, in bits.
    #[must_use]
    pub fn most_entropy_bits(&self) -> f64 {
        (self.answers as f64).log2()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_answers_have_no_diversity() {
        let dials = Dials::of(&["It is the city of Paris."; 4]).expect("answers");
        assert_eq!((dials.distinct, dials.entropy_bits), (1, 0.0));
        assert!((dials.self_bleu.expect("several") - 1.0).abs() < 1e-9);
    }

    #[test]
    fn four_different_answers_have_two_bits() {
        let dials = Dials::of(&["a", "b", "c", "d"]).expect("answers");
        assert!((dials.entropy_bits - 2.0).abs() < 1e-9);
        assert!((dials.most_entropy_bits() - 2.0).abs() < 1e-9);
    }

    #[test]
    fn equal_one_word_answers_are_wholly_alike() {
        let dials = Dials::of(&["Paris"; 4]).expect("answers");
        assert!((dials.self_bleu.expect("several") - 1.0).abs() < 1e-9);
    }

    #[test]
    fn no_answers_have_no_dials() {
        assert_eq!(Dials::of(&[]), None);
    }
}
