//! Whole answers: which are equal, and how evenly they are spread.
//!
//! Two answers are equal if they differ in white space only. Case and punctuation count.

use std::collections::HashMap;

use super::entropy::entropy_of_counts;

/// Equal answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerGroup {
    /// The answer, each run of white space as one space.
    pub text: String,
    /// Which answers these are, as indices into the input, rising.
    pub members: Vec<usize>,
}

/// Gathers equal answers, in order of first appearance.
#[must_use]
pub fn group_answers(answers: &[impl AsRef<str>]) -> Vec<AnswerGroup> {
    let mut groups: Vec<AnswerGroup> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for (index, answer) in answers.iter().enumerate() {
        let text = normalised(answer.as_ref());
        if let Some(&place) = places.get(&text) {
            groups[place].members.push(index);
        } else {
            places.insert(text.clone(), groups.len());
            groups.push(AnswerGroup { text, members: vec![index] });
        }
    }
    groups
}

/// Number of different answers.
#[must_use]
pub fn distinct_answers(answers: &[impl AsRef<str>]) -> usize {
    group_answers(answers).len()
}

/// Entropy, in nats, of the distribution of answers as seen: 0 if all are equal, ln(n) if all n differ. `None` without
/// answers.
#[must_use]
pub fn answer_entropy(answers: &[impl AsRef<str>]) -> Option<f64> {
    let counts: Vec<usize> = group_answers(answers).iter().map(|group| group.members.len()).collect();
    entropy_of_counts(&counts)
}

fn normalised(answer: &str) -> String {
    let mut text = String::with_capacity(answer.len());
    for part in answer.split_whitespace() {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(part);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_that_differ_in_white_space_are_equal() {
        let groups = group_answers(&["Paris.", " Paris.\n", "Lyon.", "Paris."]);
        assert_eq!(
            groups,
            [
                AnswerGroup { text: "Paris.".to_owned(), members: vec![0, 1, 3] },
                AnswerGroup { text: "Lyon.".to_owned(), members: vec![2] },
            ]
        );
    }

    #[test]
    fn case_and_punctuation_make_a_difference() {
        assert_eq!(distinct_answers(&["Paris", "paris", "Paris."]), 3);
    }

    #[test]
    fn empty_answers_are_answers() {
        assert_eq!(distinct_answers(&["", "  ", "a"]), 2);
        assert_eq!(distinct_answers(&[] as &[&str]), 0);
    }

    #[test]
    fn answer_entropy_goes_from_zero_to_the_log_of_the_number() {
        assert_eq!(answer_entropy(&["a", "a ", "a"]), Some(0.0));
        let all_different = answer_entropy(&["a", "b", "c"]).expect("answers");
        assert!((all_different - 3.0_f64.ln()).abs() < 1e-12);
        assert_eq!(answer_entropy(&[] as &[&str]), None);
    }
}
