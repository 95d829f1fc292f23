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

    /// What there is to say of a vote; nothing while it has not been judged.
    #[must_use]
    pub fn view(&self, vote: RandomKey) -> Option<View> {
        if self.failed == Some(vote) {
            return Some(View::Failed);
        }
        let verdict = self.of(vote)?;
        let [a, b] = verdict.rewards;
        let preference = match (verdict.agrees, a > b) {
            (Some(true), _) => Preference::Yours,
            (Some(false), _) => Preference::Other,
            (None, _) if a == b => Preference::None,
            (None, true) => Preference::A,
            (None, false) => Preference::B,
        };
        Some(View::Is { preference, agreement: self.agreement() })
    }
}

/// What there is to say of a vote that has been judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// The reward model could not be had.
    Failed,
    /// It prefers one, or none.
    Is {
        /// Which.
        preference: Preference,
        /// As [`SecondOpinion::agreement`].
        agreement: (usize, usize),
    },
}

/// Which answer the reward model prefers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preference {
    /// The one that the visitor chose.
    Yours,
    /// The one that the visitor did not choose.
    Other,
    /// Neither.
    None,
    /// The first, where the visitor chose none.
    A,
    /// The second, where the visitor chose none.
    B,
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
    fn a_view_is_told_from_where_the_visitor_stands() {
        let mut opinion = SecondOpinion::default();
        let is = |preference, agreement| Some(View::Is { preference, agreement });
        assert_eq!(opinion.view(key(1)), None);
        opinion.note(key(1), prefer(Side::B), [1.25, -0.5]);
        assert_eq!(opinion.view(key(1)), is(Preference::Other, (0, 1)));
        opinion.fail(key(3));
        assert_eq!(opinion.view(key(3)), Some(View::Failed));
        opinion.note(key(2), prefer(Side::B), [-1.0, 0.5]);
        assert_eq!(opinion.view(key(2)), is(Preference::Yours, (1, 2)));
        opinion.note(key(4), Choice::Skip, [-1.0, 0.5]);
        opinion.note(key(5), Choice::Skip, [0.5, 0.5]);
        assert_eq!(opinion.view(key(4)), is(Preference::B, (1, 2)));
        assert_eq!(opinion.view(key(5)), is(Preference::None, (1, 2)));
    }
}
