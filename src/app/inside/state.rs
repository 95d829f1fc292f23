//! What the chapter knows, and how each action changes it. Pure: effects are in `desk`.

use std::rc::Rc;

use super::reading::{Reading, Rescaling};
use super::subject::Subject;
use crate::app::models::source_of;
use crate::manifest::Manifest;
use crate::protocol::{ErrorKind, InspectJob, ModelSource, VisitorError};
use crate::worker::switchboard::Update;

/// One training stage, and its reading of the answer.
#[derive(Debug, Clone, PartialEq)]
pub struct StageLook {
    /// The stage's id.
    pub id: String,
    /// Its name for visitors.
    pub label: String,
    /// Its model.
    pub source: ModelSource,
    /// How far its reading has come.
    pub look: Look,
}

impl StageLook {
    /// Its reading, if that is here.
    #[must_use]
    pub fn reading(&self) -> Option<&Rc<Reading>> {
        match &self.look {
            Look::Here(reading, _) => Some(reading),
            _ => None,
        }
    }
}

/// How far a reading has come.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Look {
    /// Nobody asked for it.
    #[default]
    Absent,
    /// It was asked for, under this ticket.
    Asked(u32),
    /// Here it is, and how it stands to SFT's, once that is here too, where both read the same tokens, and the desk has worked it out.
    Here(Rc<Reading>, Option<Rc<Vec<Rescaling>>>),
    /// It could not be had.
    Failed(VisitorError),
}

/// The chapter's state.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct State {
    /// The answer looked into.
    pub subject: Option<Rc<Subject>>,
    /// All stages, in the order of the manifest; the first is SFT, which the others are held against.
    pub stages: Vec<StageLook>,
    /// Whether every stage is to read, or only the first and the answer's own.
    pub wants_all: bool,
    /// The place looked at: a token of the answer, or past its last the end.
    pub place: usize,
    /// The stage whose rescaling paints the tokens, by id; the last that there is if none is chosen.
    pub painted: Option<String>,
    tickets: u32,
}

/// What can happen.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// The published stages are known.
    Offered(Rc<Manifest>),
    /// Look into an answer.
    Look {
        /// Which.
        subject: Subject,
        /// Every stage is to read it, though models have to be fetched for that.
        with_all: bool,
    },
    /// Let every stage read.
    All,
    /// Look at another place.
    Place(usize),
    /// Paint by another stage.
    Paint(String),
    /// Ask the stages once more that could not read.
    Retry,
    /// News of the reading with this ticket.
    Heard {
        /// The ticket.
        ticket: u32,
        /// The news.
        update: Update,
    },
    /// How a reading stands to SFT's.
    Compared {
        /// The reading.
        reading: Rc<Reading>,
        /// Place by place.
        rescaling: Rc<Vec<Rescaling>>,
    },
}

impl State {
    /// The state after an action.
    #[must_use]
    pub fn after(mut self, action: Action) -> Self {
        match action {
            Action::Offered(manifest) => self.offer(&manifest),
            Action::Look { subject, with_all } => {
                self.wants_all |= with_all;
                if self.subject.as_deref() != Some(&subject) {
                    self.subject = Some(Rc::new(subject));
                    self.place = 0;
                    self.stages.iter_mut().for_each(|stage| stage.look = Look::Absent);
                }
                self.ask();
            }
            Action::All => {
                self.wants_all = true;
                self.ask();
            }
            Action::Place(place) => self.place = place.min(self.places().saturating_sub(1)),
            Action::Paint(id) => self.painted = Some(id),
            Action::Retry => {
                for stage in &mut self.stages {
                    if matches!(stage.look, Look::Failed(_)) {
                        stage.look = Look::Absent;
                    }
                }
                self.ask();
            }
            Action::Heard { ticket, update } => self.heard(ticket, update),
            Action::Compared { reading, rescaling } => self.compared(&reading, rescaling),
        }
        self
    }

    /// What the stage at `index` is to be asked.
    #[must_use]
    pub fn job(&self, index: usize) -> Option<InspectJob> {
        let subject = self.subject.as_ref()?;
        Some(InspectJob {
            model: self.stages.get(index)?.source.key.clone(),
            prompt: subject.prompt.clone(),
            chat: true,
            answer: subject.answer.clone(),
        })
    }

    /// The readings that are here, with their stages.
    pub fn readings(&self) -> impl Iterator<Item = (&StageLook, &Rc<Reading>)> {
        self.stages.iter().filter_map(|stage| Some((stage, stage.reading()?)))
    }

    /// Number of places of the answer; 0 while no reading is here.
    #[must_use]
    pub fn places(&self) -> usize {
        self.readings().next().map_or(0, |(_, reading)| reading.places())
    }

    /// Readings that are here, and those that were asked for in all.
    #[must_use]
    pub fn progress(&self) -> (usize, usize) {
        let here = self.readings().count();
        let asked = self.stages.iter().filter(|stage| matches!(stage.look, Look::Asked(_))).count();
        (here, here + asked)
    }

    /// Stages that nobody asked yet, and the bytes of their models.
    #[must_use]
    pub fn absent(&self) -> (usize, u64) {
        let absent = self.stages.iter().filter(|stage| stage.look == Look::Absent);
        absent.fold((0, 0), |(count, bytes), stage| (count + 1, bytes + stage.source.size_bytes.unwrap_or(0)))
    }

    /// The first failure, if there is one.
    #[must_use]
    pub fn failure(&self) -> Option<(&StageLook, &VisitorError)> {
        self.stages.iter().find_map(|stage| match &stage.look {
            Look::Failed(error) => Some((stage, error)),
            _ => None,
        })
    }

    /// Stages that can paint: those after the first that stand to it in some way.
    pub fn paints(&self) -> impl DoubleEndedIterator<Item = (&StageLook, &Rc<Vec<Rescaling>>)> {
        self.stages.iter().skip(1).filter_map(|stage| match &stage.look {
            Look::Here(_, Some(rescaling)) => Some((stage, rescaling)),
            _ => None,
        })
    }

    /// The stage that paints: the one chosen, or else the last RLHF stage that is here.
    #[must_use]
    pub fn paint(&self) -> Option<(&StageLook, &Rc<Vec<Rescaling>>)> {
        let chosen = self.paints().find(|(stage, _)| Some(&stage.id) == self.painted.as_ref());
        chosen
            .or_else(|| self.paints().rfind(|(stage, _)| stage.id.starts_with("rlhf")))
            .or_else(|| self.paints().next())
    }

    fn offer(&mut self, manifest: &Manifest) {
        let stages = manifest.stages.iter().filter_map(|stage| {
            Some(StageLook {
                id: stage.id.clone(),
                label: stage.label.clone(),
                source: source_of(stage)?,
                look: Look::Absent,
            })
        });
        self.stages = stages.collect();
        self.ask();
    }

    /// Asks the stages that are to read and were not asked yet.
    fn ask(&mut self) {
        let Some(subject) = &self.subject else { return };
        for (index, stage) in self.stages.iter_mut().enumerate() {
            let own = matches!(&subject.origin, super::subject::Origin::Sampled { stage: id, .. } if *id == stage.id);
            if stage.look == Look::Absent && (self.wants_all || index == 0 || own) {
                self.tickets += 1;
                stage.look = Look::Asked(self.tickets);
            }
        }
    }

    fn heard(&mut self, ticket: u32, update: Update) {
        let asked = self.stages.iter().position(|stage| stage.look == Look::Asked(ticket));
        let Some(index) = asked else { return }; // late news of an answer looked into before
        self.stages[index].look = match update {
            Update::Inspected(inspection) => match Reading::new(&inspection) {
                Some(reading) => Look::Here(Rc::new(reading), None),
                None => Look::Failed(VisitorError::new(ErrorKind::OddResult, "an answer's reading")),
            },
            Update::Failed(error) => Look::Failed(error),
            Update::Cancelled => Look::Absent,
            Update::Restarted | Update::Tokens(_) | Update::Finished(_) | Update::Scored(_) => return,
        };
        self.place = self.place.min(self.places().saturating_sub(1));
    }

    /// The readings that were not held against the first stage's yet and can be, with that.
    #[must_use]
    pub fn uncompared(&self) -> Vec<(Rc<Reading>, Rc<Reading>)> {
        let Some((first, others)) = self.stages.split_first() else { return Vec::new() };
        let Look::Here(reference, _) = &first.look else { return Vec::new() };
        let both = |stage: &StageLook| match &stage.look {
            Look::Here(reading, None) if reading.stands_to(reference) => {
                Some((Rc::clone(reading), Rc::clone(reference)))
            }
            _ => None,
        };
        others.iter().filter_map(both).collect()
    }

    /// Of a reading that is not here any more it says nothing.
    fn compared(&mut self, reading: &Rc<Reading>, result: Rc<Vec<Rescaling>>) {
        for stage in self.stages.iter_mut().skip(1) {
            if let Look::Here(here, rescaling) = &mut stage.look
                && Rc::ptr_eq(here, reading)
            {
                *rescaling = Some(Rc::clone(&result));
            }
        }
    }
}

#[cfg(test)]
#[path = "state_tests.rs"]
mod tests;
