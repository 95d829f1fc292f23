//! The workers, as far as the client knows them: who is open, and who holds which model.

use std::collections::BTreeMap;

use super::news::{Lane, Seat};
use crate::protocol::{DeviceReport, ModelInfo, RequestId};

/// Most workers that share the rows on the processor. Each has the program and every model in memory of its own (11 MB with
/// one model, measured in Chromium; 5.5 MB for each more), so it is memory that sets this, not speed; and of a phone's
/// eight cores half are slow ones.
pub const MOST_WORKERS: u8 = 4;

/// How many workers suit a processor of so many cores, 1 to [`MOST_WORKERS`]. None is left free for the page: on two cores
/// that would give the whole gain away.
#[must_use]
pub fn suitable_size(cores: usize) -> u8 {
    u8::try_from(cores).unwrap_or(u8::MAX).clamp(1, MOST_WORKERS)
}

/// One worker, as far as is known.
#[derive(Debug, Default)]
pub struct Worker {
    /// It was started and not stopped since.
    pub open: bool,
    /// What it runs on; none before it is ready.
    pub device: Option<DeviceReport>,
    /// Load requests under way: id and model key.
    pub loading: BTreeMap<RequestId, String>,
    /// What it holds, by key.
    pub loaded: BTreeMap<String, ModelInfo>,
    /// It broke, and the others do without it.
    pub given_up: bool,
}

impl Worker {
    /// Whether a model need not be asked for: it is there or on its way.
    #[must_use]
    pub fn has_or_awaits(&self, key: &str) -> bool {
        self.loaded.contains_key(key) || self.loading.values().any(|loading| loading == key)
    }
}

/// Every worker that may be.
#[derive(Debug)]
pub struct Crew {
    cpu: Vec<Worker>,
    gpu: Worker,
}

impl Crew {
    /// So many places on the processor, at least one, and one on the graphics card; nobody is there yet.
    #[must_use]
    pub fn new(size: u8) -> Self {
        Self { cpu: (0..size.max(1)).map(|_| Worker::default()).collect(), gpu: Worker::default() }
    }

    /// The places of a lane, the first one first.
    pub fn seats(&self, lane: Lane) -> impl Iterator<Item = Seat> + use<> {
        let (cpu, gpu) = match lane {
            Lane::Cpu => (self.cpu.len() as u8, None),
            Lane::Gpu => (0, Some(Seat::Gpu)),
        };
        (0..cpu).map(Seat::Cpu).chain(gpu)
    }

    /// All places.
    pub fn all_seats(&self) -> impl Iterator<Item = Seat> + use<> {
        self.seats(Lane::Cpu).chain(self.seats(Lane::Gpu))
    }

    /// The places on the processor but for the first.
    pub fn helpers(&self) -> impl Iterator<Item = Seat> + use<> {
        self.seats(Lane::Cpu).skip(1)
    }

    /// Who is at a place; a place that this crew does not have is that of its last worker.
    #[must_use]
    pub fn at(&self, seat: Seat) -> &Worker {
        match seat {
            Seat::Cpu(number) => &self.cpu[self.index(number)],
            Seat::Gpu => &self.gpu,
        }
    }

    /// As [`at`](Self::at), to be changed.
    pub fn at_mut(&mut self, seat: Seat) -> &mut Worker {
        match seat {
            Seat::Cpu(number) => {
                let index = self.index(number);
                &mut self.cpu[index]
            }
            Seat::Gpu => &mut self.gpu,
        }
    }

    /// Who of a lane holds a model.
    #[must_use]
    pub fn holders(&self, lane: Lane, key: &str) -> Vec<Seat> {
        self.seats(lane).filter(|seat| self.at(*seat).loaded.contains_key(key)).collect()
    }

    /// How many of a lane hold a model, any: those that take part in the next job.
    #[must_use]
    pub fn at_work(&self, lane: Lane) -> usize {
        self.seats(lane).filter(|seat| !self.at(*seat).loaded.is_empty()).count()
    }

    fn index(&self, number: u8) -> usize {
        usize::from(number).min(self.cpu.len() - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crew_has_a_worker_for_each_core_up_to_the_limit_and_at_least_one() {
        let sizes = [0, 1, 2, 3, 4, 8, 128, 1000].map(suitable_size);
        assert_eq!(sizes, [1, 1, 2, 3, 4, 4, 4, 4]);
    }

    #[test]
    fn the_first_place_is_no_helper() {
        let crew = Crew::new(3);
        assert_eq!(crew.helpers().collect::<Vec<_>>(), [Seat::Cpu(1), Seat::Cpu(2)]);
        assert_eq!(crew.seats(Lane::Gpu).collect::<Vec<_>>(), [Seat::Gpu]);
        assert_eq!(crew.all_seats().count(), 4);
        assert_eq!(Crew::new(0).seats(Lane::Cpu).collect::<Vec<_>>(), [Seat::LEAD]);
    }
}
