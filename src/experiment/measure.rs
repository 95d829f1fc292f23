//! From the answers of a block to its numbers.

use super::live::Measured;
use super::plan::Block;
use crate::metrics::{distinct_answers, self_bleu, words};

/// The numbers of the answers at one temperature: Self-BLEU and how many differ. None for fewer than two answers.
#[must_use]
pub fn measure_group(answers: &[String]) -> Option<(f64, u32)> {
    let texts: Vec<&str> = answers.iter().map(|answer| answer.trim()).collect();
    let tokens: Vec<Vec<String>> = texts.iter().map(|text| words(text)).collect();
    Some((self_bleu(&tokens)?, u32::try_from(distinct_answers(&texts)).ok()?))
}

/// Puts the groups of a block together, by temperature.
#[must_use]
pub fn measured(block: Block, groups: Vec<(f64, u32)>) -> Measured {
    let (self_bleu, distinct) = groups.into_iter().unzip();
    Measured { block, self_bleu, distinct }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_measured_as_the_dials_are() {
        let alike = vec!["It is the city of Paris.".to_owned(); 25];
        assert_eq!(
            measure_group(&alike).map(|(bleu, distinct)| ((bleu * 1e9).round() / 1e9, distinct)),
            Some((1.0, 1))
        );
        let different: Vec<String> = (0..25).map(|i| format!("w{i} x{i} y{i} z{i}")).collect();
        assert!(measure_group(&different).is_some_and(|(bleu, distinct)| bleu < 0.1 && distinct == 25));
        assert_eq!(measure_group(&alike[..1]), None);
    }
}
