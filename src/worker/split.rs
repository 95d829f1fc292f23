//! Who computes which rows of a job.
//!
//! What a row says depends on its own seed, number and temperature only, so any split gives the same texts. This one evens
//! out the work: each row goes to the worker that has the fewest, and rows that are likely to run long are dealt first, so
//! that everyone gets as many of them. A single row so goes to whoever is least busy.

use std::cmp::Reverse;

use super::news::Job;
use crate::protocol::{GenerateJob, RowSpec, ScoreJob};
use crate::units::Temperature;

/// One worker's share of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// Which worker, by its place among the `loads`.
    pub worker: usize,
    /// Which rows or answers, by their places in the job, ascending.
    pub places: Vec<usize>,
}

/// Deals out a job among workers that have so many rows to compute already. Whoever gets nothing is not among the shares; a
/// job without rows, and one that cannot be split, goes whole to the least busy. No shares where there are no workers.
#[must_use]
pub fn deal(job: &Job, loads: &[usize]) -> Vec<Share> {
    let mut loads = loads.to_vec();
    let Some(least_busy) = least_busy(&loads) else { return Vec::new() };
    let order = longest_first(job);
    if order.len() < 2 {
        return vec![Share { worker: least_busy, places: order }];
    }
    let mut hands = vec![Vec::new(); loads.len()];
    for place in order {
        let worker = self::least_busy(&loads).unwrap_or(least_busy);
        loads[worker] += 1;
        hands[worker].push(place);
    }
    let dealt = hands.into_iter().enumerate().filter(|(_, places)| !places.is_empty());
    dealt
        .map(|(worker, mut places)| {
            places.sort_unstable();
            Share { worker, places }
        })
        .collect()
}

/// The part of a job that has these places.
#[must_use]
pub fn part(job: &Job, places: &[usize]) -> Job {
    match job {
        Job::Generate(job) => Job::Generate(GenerateJob { rows: picked(&job.rows, places), ..job.clone() }),
        Job::Score(job) => Job::Score(ScoreJob { answers: picked(&job.answers, places), ..job.clone() }),
        Job::Inspect(job) => Job::Inspect(job.clone()),
    }
}

/// A job's places, those that are likely to take longest first: hot rows wander on where cool ones have said their piece,
/// and a long answer takes a step per token.
fn longest_first(job: &Job) -> Vec<usize> {
    let mut places: Vec<usize> = (0..size(job)).collect();
    match job {
        Job::Generate(job) => places.sort_by(|a, b| heat(&job.rows[*b]).total_cmp(&heat(&job.rows[*a]))),
        Job::Score(job) => places.sort_by_key(|place| Reverse(job.answers[*place].len())),
        Job::Inspect(_) => {}
    }
    places
}

fn size(job: &Job) -> usize {
    match job {
        Job::Generate(job) => job.rows.len(),
        Job::Score(job) => job.answers.len(),
        Job::Inspect(_) => 1,
    }
}

fn heat(row: &RowSpec) -> f32 {
    match row.temperature {
        Temperature::Greedy => 0.0,
        Temperature::Value(value) => value,
    }
}

/// The first of those with the least to do.
fn least_busy(loads: &[usize]) -> Option<usize> {
    (0..loads.len()).min_by_key(|worker| loads[*worker])
}

fn picked<T: Clone>(all: &[T], places: &[usize]) -> Vec<T> {
    places.iter().filter_map(|place| all.get(*place).cloned()).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::protocol::{InspectJob, ReadAnswer};
    use crate::units::Truncation;

    fn rows(tenths: impl IntoIterator<Item = u8>) -> Job {
        let spec = |(row, tenths): (u32, u8)| RowSpec {
            row,
            seed: 7,
            temperature: Temperature::Value(f32::from(tenths) / 10.0),
            truncation: Truncation::default(),
        };
        Job::Generate(GenerateJob {
            model: "sft".to_owned(),
            prompt: "?".to_owned(),
            chat: true,
            rows: (0..).zip(tenths).map(spec).collect(),
            max_new_tokens: 8,
            patient: false,
        })
    }

    fn sizes(shares: &[Share]) -> Vec<usize> {
        shares.iter().map(|share| share.places.len()).collect()
    }

    /// A block of Figure 21: 15 temperatures, 25 rows each, one after the other.
    fn block() -> Job {
        rows((1..=15).flat_map(|tenths| [tenths; 25]))
    }

    #[test]
    fn idle_workers_get_equally_many_rows_of_every_temperature() {
        for workers in [1, 2, 4] {
            let shares = deal(&block(), &vec![0; workers]);
            assert_eq!(shares.len(), workers);
            for share in shares {
                assert!(share.places.len().abs_diff(375 / workers) <= 1);
                for tenths in 0..15 {
                    let of_it = share.places.iter().filter(|place| **place / 25 == tenths).count();
                    assert!(of_it.abs_diff(25 / workers) <= 1, "{workers} workers, {of_it} of {tenths}");
                }
            }
        }
    }

    #[test]
    fn whoever_is_busy_gets_less() {
        assert_eq!(sizes(&deal(&rows([7; 8]), &[4, 0])), [2, 6]);
        assert_eq!(deal(&rows([7; 8]), &[100, 0])[0].worker, 1);
        assert_eq!(sizes(&deal(&rows([7; 8]), &[100, 0])), [8]);
    }

    #[test]
    fn a_single_row_and_the_reading_of_an_answer_go_to_the_least_busy() {
        let read = InspectJob {
            model: "sft".to_owned(),
            prompt: "?".to_owned(),
            chat: true,
            answer: ReadAnswer::Text("!".to_owned()),
        };
        for job in [rows([7]), Job::Inspect(read)] {
            assert_eq!(deal(&job, &[3, 1, 2]), [Share { worker: 1, places: vec![0] }]);
        }
    }

    #[test]
    fn a_job_without_rows_is_still_asked_for_so_that_it_can_be_refused() {
        assert_eq!(deal(&rows([]), &[1, 0]), [Share { worker: 1, places: Vec::new() }]);
        assert_eq!(deal(&rows([7]), &[]), []);
    }

    #[test]
    fn long_answers_to_be_scored_are_spread() {
        let answers = ["a", "bbbb", "b", "aaaa"].map(str::to_owned).to_vec();
        let job = Job::Score(ScoreJob { model: "r".to_owned(), prompt: "?".to_owned(), chat: true, answers });
        let shares = deal(&job, &[0, 0]);
        assert_eq!(shares.iter().map(|s| s.places.clone()).collect::<Vec<_>>(), [vec![0, 1], vec![2, 3]]);
        let Job::Score(second) = part(&job, &shares[1].places) else { panic!("a score job") };
        assert_eq!(second.answers, ["b", "aaaa"]);
    }

    proptest! {
        #[test]
        fn every_row_is_dealt_once_and_keeps_its_number_and_temperature(
            tenths in prop::collection::vec(1u8..20, 0..60),
            loads in prop::collection::vec(0usize..40, 1..5),
        ) {
            let job = rows(tenths);
            let shares = deal(&job, &loads);
            let mut dealt = Vec::new();
            for share in &shares {
                let Job::Generate(part) = part(&job, &share.places) else { panic!("a generate job") };
                prop_assert!(share.worker < loads.len());
                dealt.extend(part.rows);
            }
            dealt.sort_by_key(|row| row.row);
            let Job::Generate(whole) = &job else { panic!("a generate job") };
            prop_assert_eq!(&dealt, &whole.rows);
        }

        #[test]
        fn nobody_ends_up_with_two_rows_more_than_another_who_was_dealt_some(
            count in 2usize..80,
            loads in prop::collection::vec(0usize..40, 1..5),
        ) {
            let shares = deal(&rows(vec![7; count]), &loads);
            let ends: Vec<usize> =
                shares.iter().map(|share| loads[share.worker] + share.places.len()).collect();
            let (least, most) = (ends.iter().min(), ends.iter().max());
            prop_assert!(least.zip(most).is_some_and(|(least, most)| most - least <= 1), "{:?}", ends);
        }
    }
}
