//! The reward model asked about all votes, one after the other. Pure: who asks is in `calibration`.

use std::collections::HashMap;
use std::rc::Rc;

use crate::learning::{Calibration, Judged};
use crate::preference::{Choice, RandomKey, Side, Vote};

/// Most votes that are asked about, the newest: a minute and more on a slow machine.
pub const MOST_JUDGED: usize = 500;
/// Bins of the calibration: more of them would be empty or say nothing.
const BINS: usize = 5;

/// What is known.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Judging {
    /// Whether the visitor wants it asked.
    is_wanted: bool,
    /// Whether it could not be asked the last time.
    pub has_failed: bool,
    /// Votes that prefer something, oldest first.
    votes: Rc<Vec<Vote>>,
    /// Its rewards for answers A and B of a vote.
    rewards: HashMap<RandomKey, [f32; 2]>,
}

/// What can happen.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// The votes were read.
    Read(Vec<Vote>),
    /// The visitor wants it asked, perhaps once more.
    Ask,
    /// It was asked about a vote; none where it could not be.
    Scored(RandomKey, Option<[f32; 2]>),
}

impl Judging {
    /// The state after an action.
    #[must_use]
    pub fn after(mut self, action: Action) -> Self {
        match action {
            Action::Read(mut votes) => {
                votes.retain(|vote| matches!(vote.choice, Choice::Prefer { .. }));
                votes.drain(..votes.len().saturating_sub(MOST_JUDGED));
                self.rewards.retain(|id, _| votes.iter().any(|vote| vote.id == *id));
                self.votes = Rc::new(votes);
            }
            Action::Ask => {
                self.is_wanted = true;
                self.has_failed = false;
            }
            Action::Scored(id, Some(rewards)) => {
                self.rewards.insert(id, rewards);
            }
            Action::Scored(_, None) => self.has_failed = true,
        }
        self
    }

    /// The vote that it is to be asked about now.
    #[must_use]
    pub fn next(&self) -> Option<&Vote> {
        let is_open = self.is_wanted && !self.has_failed;
        self.votes.iter().find(|vote| is_open && !self.rewards.contains_key(&vote.id))
    }

    /// Votes that it has been asked about, and all.
    #[must_use]
    pub fn progress(&self) -> (usize, usize) {
        (self.votes.iter().filter(|vote| self.rewards.contains_key(&vote.id)).count(), self.votes.len())
    }

    /// Whether the visitor is still to be offered the question.
    #[must_use]
    pub fn is_offered(&self) -> bool {
        !self.is_wanted && !self.votes.is_empty()
    }

    /// What the votes that it was asked about say of it. `deviation`: nats of its raw score in one unit of its rewards.
    #[must_use]
    pub fn calibration(&self, deviation: f64) -> Option<Calibration> {
        let judged = self.votes.iter().filter_map(|vote| {
            let Choice::Prefer { side, .. } = vote.choice else { return None };
            let [a, b] = self.rewards.get(&vote.id)?.map(|reward| f64::from(reward) * deviation);
            match side {
                Side::A => Judged::of(a, b),
                Side::B => Judged::of(b, a),
            }
        });
        Calibration::of(&judged.collect::<Vec<_>>(), BINS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::preference::Strength;
    use crate::preference::samples::vote;

    fn key(number: u8) -> RandomKey {
        RandomKey::new([number; 16])
    }

    fn prefers(id: u8, side: Side) -> Vote {
        Vote { id: key(id), choice: Choice::Prefer { side, strength: Strength::Better }, ..vote() }
    }

    fn read(votes: &[Vote]) -> Judging {
        Judging::default().after(Action::Read(votes.to_vec()))
    }

    #[test]
    fn it_is_asked_about_each_preference_once_and_not_before_it_is_wanted() {
        let skipped = Vote { id: key(3), choice: Choice::Skip, ..vote() };
        let judging = read(&[prefers(1, Side::A), skipped, prefers(2, Side::B)]);
        assert!(judging.is_offered() && judging.next().is_none());
        let judging = judging.after(Action::Ask);
        assert_eq!(judging.next().map(|vote| vote.id), Some(key(1)));
        let judging = judging.after(Action::Scored(key(1), Some([1.0, 0.5])));
        assert_eq!((judging.next().map(|vote| vote.id), judging.progress()), (Some(key(2)), (1, 2)));
        let failed = judging.after(Action::Scored(key(2), None));
        assert!(failed.has_failed && failed.next().is_none());
        assert_eq!(failed.after(Action::Ask).next().map(|vote| vote.id), Some(key(2)));
    }

    #[test]
    fn a_margin_is_in_nats_and_from_where_the_visitor_stands() {
        let judging = read(&[prefers(1, Side::A), prefers(2, Side::B)])
            .after(Action::Scored(key(1), Some([1.0, 0.5])))
            .after(Action::Scored(key(2), Some([1.0, 0.5])));
        let found = judging.calibration(2.0).expect("votes");
        assert_eq!((found.agreed.hits, found.agreed.of), (1.0, 2));
        assert!((found.expected - 0.731_058_578_630_005).abs() < 1e-12, "sigmoid(1): {}", found.expected);
        assert_eq!(
            judging.after(Action::Read(Vec::new())).calibration(2.0),
            None,
            "deleted votes say nothing"
        );
    }

    #[test]
    fn only_the_newest_are_asked_about() {
        let votes: Vec<Vote> = (0..MOST_JUDGED + 7)
            .map(|number| {
                let mut id = [0; 16];
                id[..2].copy_from_slice(&(number as u16).to_be_bytes());
                Vote { id: RandomKey::new(id), ..prefers(0, Side::A) }
            })
            .collect();
        let judging = read(&votes).after(Action::Ask);
        assert_eq!(judging.progress(), (0, MOST_JUDGED));
        assert_eq!(judging.next().map(|vote| vote.id), Some(votes[7].id));
    }
}
