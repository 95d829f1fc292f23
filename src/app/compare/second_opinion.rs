//! What the reward model thinks of a pair that has been voted on, and how often it agrees with the visitor.

use crate::preference::{Choice, RandomKey, Side};
use crate::protocol::ModelSource;

/// The reward model's scores of one pair.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Verdict {
    /// Id of the vote.
    pub vote: RandomKey,
    /// Rewards of answers A and B, whitened.
    pub rewards: [f32; 2],
    /// Whether it prefers what the visitor preferred; none where the visitor preferred neither, or both scores are equal.
    pub agrees: Option<bool>,
}

/// The reward model, and its verdicts of this visit.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SecondOpinion {
    /// The reward model's file; none where none is published.
    pub judge: Option<ModelSource>,
    /// The vote on which it could not be asked, if that is the last one.
    failed: Option<RandomKey>,
    verdicts: Vec<Verdict>,
}

impl SecondOpinion {
    /// Notes the rewards of a pair; once for each vote.
    pub fn note(&mut self, vote: RandomKey, choice: Choice, rewards: [f32; 2]) {
        if self.of(vote).is_some() || rewards.iter().any(|reward| !reward.is_finite()) {
            return;
        }
        let [a, b] = rewards;
        let agrees = match choice {
            Choice::Prefer { side, .. } if a != b => Some((side == Side::A) == (a > b)),
            _ => None,
        };
        self.verdicts.push(Verdict { vote, rewards, agrees });
    }

    /// Notes that it could not be asked about a vote.
    pub fn fail(&mut self, vote: RandomKey) {
        self.failed = Some(vote);
    }

    /// Forgets a vote that was taken back.
    pub fn forget(&mut self, vote: RandomKey) {
        self.verdicts.retain(|verdict| verdict.vote != vote);
    }

    /// The verdict on a vote, once it is there.
    #[must_use]
    pub fn of(&self, vote: RandomKey) -> Option<&Verdict> {
        self.verdicts.iter().find(|verdict| verdict.vote == vote)
    }

    /// Choices of this visit that it agreed with, and those on which it has a view.
    #[must_use]
    pub fn agreement(&self) -> (usize, usize) {
        let views = self.verdicts.iter().filter_map(|verdict| verdict.agrees);
        views.fold((0, 0), |(agreed, all), agrees| (agreed + usize::from(agrees), all + 1))
    }

    /// The verdict on a vote in words.
    #[must_use]
    pub fn in_words(&self, vote: RandomKey) -> Option<String> {
        if self.failed == Some(vote) {
            return Some(
                "The reward model could not be had, so there is no second opinion on this pair.".to_owned(),
            );
        }
        let verdict = self.of(vote)?;
        let [a, b] = verdict.rewards;
        let scores = format!("The reward model gives answer A {a:+.1} and answer B {b:+.1}");
        let view = match (verdict.agrees, a > b) {
            (Some(true), _) => ": it prefers the one that you chose.",
            (Some(false), _) => ": it prefers the other one.",
            (None, _) if a == b => ": it has no view.",
            (None, true) => ": it prefers A.",
            (None, false) => ": it prefers B.",
        };
        let running = match self.agreement() {
            (agreed, all @ 2..) => format!(" In this visit it agreed with {agreed} of your {all} choices."),
            _ => String::new(),
        };
        Some(format!("{scores}{view}{running}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::preference::Strength;

    fn prefer(side: Side) -> Choice {
        Choice::Prefer { side, strength: Strength::Better }
    }

    fn key(number: u8) -> RandomKey {
        RandomKey::new([number; 16])
    }

    #[test]
    fn agreement_is_counted_where_both_have_a_view() {
        let mut opinion = SecondOpinion::default();
        opinion.note(key(1), prefer(Side::A), [0.5, -0.5]);
        opinion.note(key(2), prefer(Side::A), [-0.5, 0.5]);
        opinion.note(key(3), Choice::BothBad, [-0.5, 0.5]);
        opinion.note(key(4), prefer(Side::B), [0.5, 0.5]);
        opinion.note(key(1), prefer(Side::B), [0.5, -0.5]);
        opinion.note(key(5), prefer(Side::B), [f32::NAN, 0.5]);
        assert_eq!(opinion.agreement(), (1, 2));
        opinion.forget(key(2));
        assert_eq!(opinion.agreement(), (1, 1));
    }

    #[test]
    fn a_verdict_is_told_with_its_numbers() {
        let mut opinion = SecondOpinion::default();
        assert_eq!(opinion.in_words(key(1)), None);
        opinion.note(key(1), prefer(Side::B), [1.25, -0.5]);
        assert_eq!(
            opinion.in_words(key(1)).as_deref(),
            Some("The reward model gives answer A +1.2 and answer B -0.5: it prefers the other one.")
        );
        opinion.fail(key(3));
        assert!(opinion.in_words(key(3)).is_some_and(|words| words.contains("could not be had")));
        opinion.note(key(2), prefer(Side::B), [-1.0, 0.5]);
        assert!(
            opinion.in_words(key(2)).is_some_and(|words| words.ends_with("agreed with 1 of your 2 choices."))
        );
    }
}
