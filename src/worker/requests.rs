//! What was asked and has not ended: what waits, and what is computed where.

use std::collections::{BTreeMap, BTreeSet};

use super::gathering::Gathering;
use super::news::{Job, Seat, Update};
use crate::protocol::{Event, RequestId};

/// One request.
#[derive(Debug)]
pub struct Asked {
    /// What was asked.
    pub job: Job,
    /// Who computes it; none while it waits.
    pub gathering: Option<Gathering>,
}

/// All requests, in the order that they were asked in.
#[derive(Debug, Default)]
pub struct Requests(BTreeMap<RequestId, Asked>);

impl Requests {
    /// Notes a request, which waits.
    pub fn add(&mut self, id: RequestId, job: Job) {
        self.0.insert(id, Asked { job, gathering: None });
    }

    /// A request that has not ended.
    #[must_use]
    pub fn get(&self, id: RequestId) -> Option<&Asked> {
        self.0.get(&id)
    }

    /// Forgets a request that has ended.
    pub fn remove(&mut self, id: RequestId) -> Option<Asked> {
        self.0.remove(&id)
    }

    /// A request is being computed from now on.
    pub fn begin(&mut self, id: RequestId, gathering: Gathering) {
        if let Some(asked) = self.0.get_mut(&id) {
            asked.gathering = Some(gathering);
        }
    }

    /// What is not being computed yet.
    #[must_use]
    pub fn waiting(&self) -> Vec<RequestId> {
        self.0.iter().filter(|(_, asked)| asked.gathering.is_none()).map(|(id, _)| *id).collect()
    }

    /// What waits for a model.
    #[must_use]
    pub fn waiting_for(&self, model: &str) -> Vec<RequestId> {
        let waits = |asked: &Asked| asked.gathering.is_none() && asked.job.model() == model;
        self.0.iter().filter(|(_, asked)| waits(asked)).map(|(id, _)| *id).collect()
    }

    /// Whether a model is asked for anything.
    #[must_use]
    pub fn need(&self, model: &str) -> bool {
        self.0.values().any(|asked| asked.job.model() == model)
    }

    /// Whether nothing is being computed.
    #[must_use]
    pub fn are_idle(&self) -> bool {
        self.gatherings().next().is_none()
    }

    /// Rows that a worker has still to compute.
    #[must_use]
    pub fn load_on(&self, seat: Seat) -> usize {
        self.gatherings().map(|gathering| gathering.load_on(seat)).sum()
    }

    /// The workers that compute something patient.
    #[must_use]
    pub fn with_patience(&self) -> BTreeSet<Seat> {
        let patient = self.0.values().filter(|asked| asked.job.is_patient());
        patient.filter_map(|asked| asked.gathering.as_ref()).flat_map(Gathering::under_way).collect()
    }

    /// Takes in what a worker said of an `attempt`: which request that is, and what the page hears of it, if anything.
    pub fn take_in(&mut self, seat: Seat, attempt: RequestId, event: Event) -> Option<(RequestId, Update)> {
        let (id, gathering) = self.0.iter_mut().find_map(|(id, asked)| {
            Some((*id, asked.gathering.as_mut().filter(|gathering| gathering.attempt == attempt)?))
        })?;
        Some((id, gathering.take_in(seat, event)?))
    }

    /// A worker is lost: what it had a part of waits again, and this is who computed it.
    pub fn take_back(&mut self, seat: Seat) -> Vec<(RequestId, Gathering)> {
        let lost = |gathering: &mut Gathering| gathering.under_way().any(|other| other == seat);
        self.0.iter_mut().filter_map(|(id, asked)| Some((*id, asked.gathering.take_if(lost)?))).collect()
    }

    fn gatherings(&self) -> impl Iterator<Item = &Gathering> {
        self.0.values().filter_map(|asked| asked.gathering.as_ref())
    }
}
