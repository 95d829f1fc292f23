//! The answer that is looked into, and where it came from.

use crate::app::column::Column;
use crate::app::prompts::Side;
use crate::protocol::{ReadAnswer, StopReason};

/// An answer to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// What was asked.
    pub prompt: String,
    /// The answer.
    pub answer: ReadAnswer,
    /// Whether it ends where it ends because the model ended it.
    pub is_complete: bool,
    /// Where it came from.
    pub origin: Origin,
}

/// Where an answer came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A stage gave it.
    Sampled {
        /// Which column it stood in.
        side: Side,
        /// The stage's id.
        stage: String,
        /// Temperature in tenths.
        temperature_tenths: u8,
    },
    /// The visitor typed it.
    Typed,
}

impl Subject {
    /// Answer `row` of a column; none while it grows, where it is empty, or where there is none.
    #[must_use]
    pub fn of_row(side: Side, column: &Column, row: usize) -> Option<Self> {
        let plan = column.shown.as_ref()?;
        let found = column.rows.get(row).filter(|row| !row.tokens.is_empty())?;
        Some(Self {
            prompt: plan.prompt.clone(),
            answer: ReadAnswer::Tokens(found.tokens.clone()),
            is_complete: found.stop? == StopReason::EndOfAnswer,
            origin: Origin::Sampled {
                side,
                stage: plan.stage.clone(),
                temperature_tenths: plan.temperature_tenths,
            },
        })
    }

    /// What somebody typed as an answer to a prompt; none where either is empty.
    #[must_use]
    pub fn typed(prompt: &str, answer: &str) -> Option<Self> {
        let (prompt, answer) = (prompt.trim(), answer.trim());
        (!prompt.is_empty() && !answer.is_empty()).then(|| Self {
            prompt: prompt.to_owned(),
            answer: ReadAnswer::Text(answer.to_owned()),
            is_complete: true,
            origin: Origin::Typed,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::settings::Settings;
    use crate::protocol::{RowDelta, SampledToken};

    fn column(tokens: &[u32], stop: Option<StopReason>) -> Column {
        let mut column = Column::default();
        column.begin(1, Settings { answers: 1, ..Settings::default() }.plan(Side::Factual));
        let token = |&id: &u32| SampledToken { id, log_prob: -0.1, entropy: 0.1 };
        let tokens = tokens.iter().map(token).collect();
        column.extend(&[RowDelta { row: 0, tokens, text: "x".to_owned(), stop }]);
        column
    }

    #[test]
    fn an_answer_is_known_by_its_tokens_and_its_origin() {
        let column = column(&[5, 6], Some(StopReason::EndOfAnswer));
        let subject = Subject::of_row(Side::Factual, &column, 0).expect("a subject");
        assert_eq!(subject.answer, ReadAnswer::Tokens(vec![5, 6]));
        assert!(subject.is_complete);
        let origin = Origin::Sampled { side: Side::Factual, stage: "sft".to_owned(), temperature_tenths: 7 };
        assert_eq!(subject.origin, origin);
    }

    #[test]
    fn growing_empty_and_missing_answers_are_no_subjects() {
        assert_eq!(Subject::of_row(Side::Factual, &column(&[5], None), 0), None);
        let ended = column(&[], Some(StopReason::EndOfAnswer));
        assert_eq!(Subject::of_row(Side::Factual, &ended, 0), None);
        assert_eq!(Subject::of_row(Side::Factual, &ended, 7), None);
        assert_eq!(Subject::of_row(Side::Factual, &Column::default(), 0), None);
    }

    #[test]
    fn an_answer_that_was_cut_off_is_not_complete() {
        let subject = Subject::of_row(Side::Factual, &column(&[5], Some(StopReason::Length)), 0);
        assert!(subject.is_some_and(|subject| !subject.is_complete));
    }

    #[test]
    fn typed_answers_need_a_prompt_and_a_text() {
        assert!(
            Subject::typed("Who?", " Me. ").is_some_and(|s| s.answer == ReadAnswer::Text("Me.".to_owned()))
        );
        assert_eq!(Subject::typed("", "Me."), None);
        assert_eq!(Subject::typed("Who?", " \n"), None);
    }
}
