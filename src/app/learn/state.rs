//! What the chapter knows, and how each action changes it. Pure: effects are in `desk`.

use crate::learning::{FreshPair, HeldBack, Meetings, Step};
use crate::preference::Taste;
use crate::protocol::VisitorError;

/// Votes that a simulated annotator can be asked for.
pub const VOTES: [usize; 3] = [20, 60, 120];
/// Fewest votes that can be learned from: one to learn and one to hold back.
pub const FEWEST_VOTES: usize = 2;

/// Whose votes are learned from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Teacher {
    /// The visitor's own.
    Visitor,
    /// Those of a simulated annotator.
    Simulated(Taste),
}

impl Teacher {
    /// All, in the order of the page.
    pub fn all() -> impl Iterator<Item = Self> {
        std::iter::once(Self::Visitor).chain(Taste::ALL.map(Self::Simulated))
    }

    /// Short name in element ids.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Visitor => "visitor",
            Self::Simulated(taste) => taste.id(),
        }
    }

    /// The teacher of that id.
    #[must_use]
    pub fn named(id: &str) -> Option<Self> {
        Self::all().find(|teacher| teacher.id() == id)
    }
}

/// Where the chapter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Phase {
    /// Nothing runs.
    #[default]
    Resting,
    /// A simulated annotator is shown pairs.
    Gathering {
        /// Tells this attempt from others.
        ticket: u32,
    },
    /// The trainer is at work.
    Learning {
        /// Tells this attempt from others.
        ticket: u32,
        /// What it is at.
        step: Step,
    },
}

impl Phase {
    /// Short name for tests and styles.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Resting => "resting",
            Self::Gathering { .. } => "gathering",
            Self::Learning { .. } => "learning",
        }
    }

    /// The attempt under way.
    #[must_use]
    pub fn ticket(self) -> Option<u32> {
        match self {
            Self::Resting => None,
            Self::Gathering { ticket } | Self::Learning { ticket, .. } => Some(ticket),
        }
    }
}

/// How far a step is.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Progress {
    /// Done.
    pub done: u32,
    /// In all.
    pub all: u32,
    /// When the step began, by the page's clock.
    pub began_ms: f64,
    /// The time now.
    pub now_ms: f64,
}

impl Progress {
    /// Milliseconds that the step will still take, if it goes on as it did; none at its beginning.
    #[must_use]
    pub fn left_ms(&self) -> Option<f64> {
        let left = f64::from(self.all.checked_sub(self.done)?);
        (self.done > 0).then(|| (self.now_ms - self.began_ms) / f64::from(self.done) * left)
    }
}

/// What came of a run, as far as it has come.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// Whose votes.
    pub teacher: Teacher,
    /// How many of them prefer something.
    pub votes: usize,
    /// What the votes held back say of the reward model.
    pub held_back: Option<HeldBack>,
    /// The new policy.
    pub outcome: Option<Outcome>,
}

/// What became of the policy.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// Fresh answers before and after.
    pub fresh: Vec<FreshPair>,
    /// Nats per answer from the stage that it began as.
    pub divergence: f64,
}

impl Outcome {
    /// By a taste.
    #[must_use]
    pub fn by_taste(&self, taste: Taste) -> Meetings {
        let mut meetings = Meetings::default();
        for FreshPair { answers: [before, after], .. } in &self.fresh {
            meetings.count(taste.liking(before), taste.liking(after));
        }
        meetings
    }

    /// By the reward model that was fitted: it is what was learned from, so it is no independent judge.
    #[must_use]
    pub fn by_reward(&self) -> Meetings {
        let mut meetings = Meetings::default();
        for FreshPair { rewards: [before, after], answers, .. } in &self.fresh {
            if answers[0] == answers[1] {
                meetings.alike += 1;
            } else {
                meetings.count(f64::from(*before), f64::from(*after));
            }
        }
        meetings
    }

    /// Mean reward before and after.
    #[must_use]
    pub fn mean_rewards(&self) -> [f64; 2] {
        let mean = |side: usize| {
            self.fresh.iter().map(|pair| f64::from(pair.rewards[side])).sum::<f64>()
                / self.fresh.len().max(1) as f64
        };
        [mean(0), mean(1)]
    }

    /// Pairs to look at: those that tell most by their rewards, one a prompt, the largest gain first.
    #[must_use]
    pub fn examples(&self, most: usize) -> Vec<&FreshPair> {
        let gain = |pair: &FreshPair| pair.rewards[1] - pair.rewards[0];
        let mut pairs: Vec<&FreshPair> =
            self.fresh.iter().filter(|pair| pair.answers[0] != pair.answers[1]).collect();
        pairs.sort_by(|a, b| gain(b).total_cmp(&gain(a)));
        let mut examples: Vec<&FreshPair> = Vec::new();
        for pair in pairs {
            if examples.len() < most && examples.iter().all(|known| known.prompt != pair.prompt) {
                examples.push(pair);
            }
        }
        examples
    }
}

/// News of the own stage's file, or of the votes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// It is kept.
    Kept,
    /// It could not be kept.
    NotKept,
    /// It is forgotten.
    Forgotten,
    /// It could not be forgotten.
    NotForgotten,
    /// It could not be handed over.
    NotDownloaded,
    /// The visitor's votes could not be read.
    NotRead,
}

/// The chapter's state.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    /// Whose votes are to be learned from.
    pub teacher: Teacher,
    /// Votes asked of a simulated annotator.
    pub votes: usize,
    /// Votes of the visitor that prefer something; none until counted.
    pub own_votes: Option<usize>,
    /// Where it stands.
    pub phase: Phase,
    /// How far the step is.
    pub progress: Progress,
    /// The last run.
    pub report: Option<Report>,
    /// Why it stopped, if something went wrong.
    pub problem: Option<VisitorError>,
    /// What was done about the file, or went wrong.
    pub notice: Option<Notice>,
    tickets: u32,
}

impl Default for State {
    fn default() -> Self {
        Self {
            teacher: Teacher::Visitor,
            votes: 60,
            own_votes: None,
            phase: Phase::Resting,
            progress: Progress::default(),
            report: None,
            problem: None,
            notice: None,
            tickets: 0,
        }
    }
}

/// What can happen.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// The visitor's votes were counted.
    Counted(usize),
    /// Another teacher.
    Teacher(Teacher),
    /// Another number of simulated votes.
    Votes(usize),
    /// Begin.
    Begin,
    /// Stop; nothing is kept of it.
    Cancel,
    /// The votes to learn from are there, so many.
    Voted {
        /// The attempt.
        ticket: u32,
        /// How many.
        votes: usize,
    },
    /// The attempt is so far.
    Progress {
        /// The attempt.
        ticket: u32,
        /// What the trainer is at; none while votes are gathered.
        step: Option<Step>,
        /// Done.
        done: u32,
        /// In all.
        all: u32,
        /// The time.
        now_ms: f64,
    },
    /// The reward model has been judged.
    Rewarded {
        /// The attempt.
        ticket: u32,
        /// How it did.
        report: HeldBack,
    },
    /// There is a new policy.
    Learned {
        /// The attempt.
        ticket: u32,
        /// What it is like.
        outcome: Outcome,
    },
    /// The attempt failed.
    Failed {
        /// The attempt.
        ticket: u32,
        /// Why.
        error: VisitorError,
    },
    /// News of the file.
    Told(Notice),
}

impl State {
    /// Votes that would be learned from.
    #[must_use]
    pub fn lessons(&self) -> usize {
        match self.teacher {
            Teacher::Visitor => self.own_votes.unwrap_or(0),
            Teacher::Simulated(_) => self.votes,
        }
    }

    /// Whether learning can begin.
    #[must_use]
    pub fn can_begin(&self) -> bool {
        self.phase == Phase::Resting && self.lessons() >= FEWEST_VOTES
    }

    /// The state after an action.
    #[must_use]
    pub fn after(mut self, action: Action) -> Self {
        match action {
            Action::Counted(votes) => self.own_votes = Some(votes),
            Action::Teacher(teacher) => self.teacher = teacher,
            Action::Votes(votes) => self.votes = votes.clamp(VOTES[0], VOTES[VOTES.len() - 1]),
            Action::Begin if self.can_begin() => {
                self.tickets += 1;
                self.phase = Phase::Gathering { ticket: self.tickets };
                self.progress = Progress::default();
                (self.report, self.problem, self.notice) = (None, None, None);
            }
            Action::Cancel => self.phase = Phase::Resting,
            Action::Told(notice) => self.notice = Some(notice),
            Action::Begin => {}
            Action::Voted { ticket, votes } if self.is_at(ticket) => {
                self.report = Some(Report { teacher: self.teacher, votes, held_back: None, outcome: None });
                self.phase = Phase::Learning { ticket, step: Step::Load };
                self.progress = Progress::default();
            }
            Action::Progress { ticket, step, done, all, now_ms } if self.is_at(ticket) => {
                let phase = match step {
                    Some(step) => Phase::Learning { ticket, step },
                    None => self.phase,
                };
                let is_new = phase != self.phase || self.progress.all == 0;
                let began_ms = if is_new { now_ms } else { self.progress.began_ms };
                self.phase = phase;
                self.progress = Progress { done, all, began_ms, now_ms };
            }
            Action::Rewarded { ticket, report } if self.is_at(ticket) => {
                if let Some(known) = &mut self.report {
                    known.held_back = Some(report);
                }
            }
            Action::Learned { ticket, outcome } if self.is_at(ticket) => {
                if let Some(known) = &mut self.report {
                    known.outcome = Some(outcome);
                }
                self.phase = Phase::Resting;
            }
            Action::Failed { ticket, error } if self.is_at(ticket) => {
                self.phase = Phase::Resting;
                self.problem = Some(error);
            }
            // Late news of an attempt that was given up.
            Action::Voted { .. }
            | Action::Progress { .. }
            | Action::Rewarded { .. }
            | Action::Learned { .. }
            | Action::Failed { .. } => {}
        }
        self
    }

    fn is_at(&self, ticket: u32) -> bool {
        self.phase.ticket() == Some(ticket)
    }
}

#[cfg(test)]
#[path = "state_tests.rs"]
mod tests;
