//! One request in several parts: what the workers say of them, made into what the page hears of the whole.

use std::rc::Rc;

use super::news::{Seat, Update};
use super::split::Share;
use crate::protocol::{Event, GenerateStats, RequestId};

/// A request that workers compute.
#[derive(Debug)]
pub struct Gathering {
    /// What the workers know it by. A request that begins anew has another, so that late news of its parts are not
    /// taken for their successors'.
    pub attempt: RequestId,
    parts: Vec<Part>,
    stats: GenerateStats,
    /// By place in the job.
    scores: Vec<f32>,
}

#[derive(Debug)]
struct Part {
    seat: Seat,
    places: Vec<usize>,
    /// Rows that have not stopped.
    live: usize,
    done: bool,
}

impl Gathering {
    /// Of shares whose workers sit at `seats`, in the order that they were dealt in.
    #[must_use]
    pub fn new(attempt: RequestId, shares: Vec<Share>, seats: &[Seat]) -> Self {
        let size = shares.iter().map(|share| share.places.len()).sum();
        let part = |share: Share| {
            let live = share.places.len();
            Some(Part { seat: *seats.get(share.worker)?, places: share.places, live, done: false })
        };
        Self {
            attempt,
            parts: shares.into_iter().filter_map(part).collect(),
            stats: GenerateStats::default(),
            scores: vec![f32::NAN; size],
        }
    }

    /// Takes in what a worker said of its part. What the page hears of the whole, if anything.
    pub fn take_in(&mut self, seat: Seat, event: Event) -> Option<Update> {
        let part = self.parts.iter_mut().find(|part| part.seat == seat && !part.done)?;
        match event {
            Event::Tokens { deltas, .. } => {
                let stopped = deltas.iter().filter(|delta| delta.stop.is_some()).count();
                part.live = part.live.saturating_sub(stopped);
                Some(Update::Tokens(deltas))
            }
            Event::Finished { stats, .. } => {
                part.done = true;
                self.stats = together(self.stats, stats);
                self.is_done().then_some(Update::Finished(self.stats))
            }
            Event::Scored { scores, .. } => {
                part.done = true;
                for (place, score) in part.places.iter().zip(scores) {
                    if let Some(known) = self.scores.get_mut(*place) {
                        *known = score;
                    }
                }
                self.is_done().then(|| Update::Scored(std::mem::take(&mut self.scores)))
            }
            Event::Inspected { inspection, .. } => {
                part.done = true;
                Some(Update::Inspected(Rc::new(inspection)))
            }
            Event::Cancelled { .. } => {
                part.done = true;
                Some(Update::Cancelled)
            }
            Event::Failed { error, .. } => {
                part.done = true;
                Some(Update::Failed(error))
            }
            Event::Ready { .. } | Event::LoadProgress { .. } | Event::Loaded { .. } => None,
        }
    }

    /// Who still computes a part.
    pub fn under_way(&self) -> impl Iterator<Item = Seat> {
        self.parts.iter().filter(|part| !part.done).map(|part| part.seat)
    }

    /// Rows that a worker has still to compute for this request. What is not asked for in rows counts as one.
    #[must_use]
    pub fn load_on(&self, seat: Seat) -> usize {
        self.parts.iter().filter(|part| part.seat == seat && !part.done).map(|part| part.live.max(1)).sum()
    }

    fn is_done(&self) -> bool {
        self.parts.iter().all(|part| part.done)
    }
}

/// Parts run beside each other: their tokens add up, their times do not.
fn together(a: GenerateStats, b: GenerateStats) -> GenerateStats {
    GenerateStats {
        prompt_tokens: a.prompt_tokens.max(b.prompt_tokens),
        sampled_tokens: a.sampled_tokens + b.sampled_tokens,
        prefill_ms: a.prefill_ms.max(b.prefill_ms),
        decode_ms: a.decode_ms.max(b.decode_ms),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{RowDelta, StopReason};

    const SEATS: [Seat; 2] = [Seat::Cpu(0), Seat::Cpu(2)];

    fn two_parts() -> Gathering {
        let shares = vec![Share { worker: 0, places: vec![0, 3] }, Share { worker: 1, places: vec![1, 2] }];
        Gathering::new(9, shares, &SEATS)
    }

    fn stats(sampled_tokens: u32, prefill_ms: f64, decode_ms: f64) -> GenerateStats {
        GenerateStats { prompt_tokens: 5, sampled_tokens, prefill_ms, decode_ms }
    }

    #[test]
    fn a_whole_is_finished_with_its_last_part_and_has_the_longest_times() {
        let mut whole = two_parts();
        assert_eq!(whole.take_in(SEATS[1], Event::Finished { id: 9, stats: stats(7, 4.0, 30.0) }), None);
        assert_eq!(whole.under_way().collect::<Vec<_>>(), [SEATS[0]]);
        let last = whole.take_in(SEATS[0], Event::Finished { id: 9, stats: stats(5, 3.0, 40.0) });
        assert_eq!(last, Some(Update::Finished(stats(12, 4.0, 40.0))));
    }

    #[test]
    fn scores_stand_where_their_answers_stood() {
        let mut whole = two_parts();
        assert_eq!(whole.take_in(SEATS[0], Event::Scored { id: 9, scores: vec![0.0, 3.0] }), None);
        let last = whole.take_in(SEATS[1], Event::Scored { id: 9, scores: vec![1.0, 2.0] });
        assert_eq!(last, Some(Update::Scored(vec![0.0, 1.0, 2.0, 3.0])));
    }

    #[test]
    fn rows_that_have_stopped_are_no_load_any_more() {
        let mut whole = two_parts();
        let stopped =
            RowDelta { row: 3, tokens: Vec::new(), text: String::new(), stop: Some(StopReason::Length) };
        whole.take_in(SEATS[0], Event::Tokens { id: 9, deltas: vec![stopped] });
        assert_eq!(SEATS.map(|seat| whole.load_on(seat)), [1, 2]);
        whole.take_in(SEATS[0], Event::Finished { id: 9, stats: stats(1, 1.0, 1.0) });
        assert_eq!(SEATS.map(|seat| whole.load_on(seat)), [0, 2]);
    }

    #[test]
    fn workers_that_have_no_part_or_are_done_with_it_are_not_heard() {
        let mut whole = two_parts();
        let finished = |sampled| Event::Finished { id: 9, stats: stats(sampled, 1.0, 1.0) };
        assert_eq!(whole.take_in(Seat::Cpu(1), finished(1)), None);
        whole.take_in(SEATS[0], finished(1));
        assert_eq!(whole.take_in(SEATS[0], finished(1)), None, "said twice");
        assert_eq!(whole.under_way().collect::<Vec<_>>(), [SEATS[1]]);
    }
}
