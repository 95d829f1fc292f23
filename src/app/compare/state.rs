//! What the comparison widget knows, and how each action changes it. Pure: effects are in `desk`.
//!
//! One question stays closed until the vote: where the answers came from. The parts that draw a pair get its texts
//! alone while the phase is [`Phase::Blind`].

use std::rc::Rc;

use super::sampling::{Offer, Sampling, Sequence};
use super::second_opinion::SecondOpinion;
use crate::app::prompts::{BuiltIn, Side as PromptSide};
use crate::preference::ranking::Meeting;
use crate::preference::{Answer, Choice, Device, PreferenceError, RandomKey, SCHEMA, StoreError, Vote};
use crate::protocol::{ModelSource, VisitorError};
use crate::units::Seed;
use crate::worker::switchboard::Update;

/// How often a pair is drawn again when all its answers are alike.
pub const MOST_ATTEMPTS: u32 = 4;

/// Two answers to one prompt.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair {
    /// What was asked.
    pub prompt: String,
    /// Answers A and B.
    pub answers: [Answer; 2],
}

/// Where the widget stands.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Phase {
    /// Nothing is asked.
    #[default]
    Idle,
    /// Answers are on their way.
    Sampling(Sampling),
    /// A pair waits for a vote; its sources are hidden.
    Blind(Pair),
    /// The vote is being kept.
    Saving {
        /// Tells this attempt from others.
        serial: u32,
        /// The vote.
        vote: Vote,
    },
    /// The vote is safe.
    Saved(Vote),
    /// The vote could not be kept.
    Unsaved(Vote, StoreError),
    /// Every candidate was alike, again and again.
    Alike,
    /// Answers could not be had.
    Failed(VisitorError),
}

impl Phase {
    /// Short name for tests and styles.
    #[must_use]
    pub fn id(&self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Sampling(_) => "sampling",
            Self::Blind(_) => "blind",
            Self::Saving { .. } => "saving",
            Self::Saved(_) => "saved",
            Self::Unsaved(..) => "unsaved",
            Self::Alike => "alike",
            Self::Failed(_) => "failed",
        }
    }
}

/// Which prompt the next pair answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PromptWish {
    /// Any of the built-in ones.
    #[default]
    Any,
    /// This one.
    This(&'static BuiltIn),
}

impl PromptWish {
    /// The wish behind a picker's value; any, for a name that is not known.
    #[must_use]
    pub fn named(name: &str) -> Self {
        all_prompts().find(|prompt| prompt.name == name).map_or(Self::Any, Self::This)
    }
}

/// What all votes say about models: those kept, and those that could not be.
#[must_use]
pub fn all_meetings(kept: &[Meeting], unsaved: &[Vote]) -> Vec<Meeting> {
    kept.iter().cloned().chain(unsaved.iter().filter_map(Meeting::of)).collect()
}

/// All built-in prompts.
pub fn all_prompts() -> impl Iterator<Item = &'static BuiltIn> {
    PromptSide::ALL.into_iter().flat_map(|side| side.prompts().iter())
}

/// One line about the votes kept: what was done, or what went wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// Done.
    Done(Done),
    /// Went wrong.
    Problem(Problem),
}

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Done {
    /// The last vote was taken back.
    TakenBack,
    /// All votes were deleted.
    Deleted,
    /// Votes of a file were added.
    Added {
        /// Those that were not here.
        new: usize,
        /// Those that were.
        known: usize,
    },
    /// A file of all votes was written.
    Written {
        /// Votes in it.
        votes: usize,
        /// Votes that this version cannot read.
        unreadable: usize,
    },
    /// A file of preferences was written.
    Preferences {
        /// Preferences in it.
        count: usize,
        /// Votes for neither, which have no place in it.
        both_bad: usize,
        /// Pairs without a vote, which have none either.
        skipped: usize,
        /// Votes that this version cannot read.
        unreadable: usize,
    },
}

/// What went wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// The browser gives no random numbers, by which votes are named.
    NoRandom,
    /// Votes could not be kept or read.
    Store(StoreError),
    /// A file has more megabytes than this.
    TooLarge {
        /// The limit.
        most_mb: u32,
    },
    /// Votes of a file could not be kept, and none of them is.
    NotAdded(StoreError),
    /// A file that the browser cannot read.
    Unreadable,
    /// A file of preferences, which are less than votes.
    ForTrl,
    /// A file without votes.
    NoVotes,
    /// A file in which something is no vote.
    Refused(PreferenceError),
    /// A file could not be made; more of it, in English.
    Unwritten(String),
    /// There is nothing for a file.
    NothingToWrite {
        /// Votes for neither.
        both_bad: usize,
        /// Pairs without a vote.
        skipped: usize,
    },
    /// The browser did not take the file.
    NotHandedOver,
}

/// The widget's state.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    /// Where it stands.
    pub phase: Phase,
    /// Which prompt is wished for.
    pub wish: PromptWish,
    /// The stages whose models can be asked.
    pub offers: Vec<Offer>,
    /// The device that answers, once known.
    pub device: Option<Device>,
    /// Votes kept in this browser; none until counted.
    pub kept: Option<u32>,
    /// What the votes kept say about models.
    pub meetings: Rc<Vec<Meeting>>,
    /// Votes of this visit that could not be kept.
    pub unsaved: Vec<Vote>,
    /// The last news about the votes kept.
    pub notice: Option<Notice>,
    /// Whether "delete all" waits to be confirmed.
    pub is_confirming: bool,
    /// What the reward model thinks of the votes of this visit.
    pub opinion: SecondOpinion,
    sequence: Sequence,
    /// Names this browser in votes while the store cannot.
    visit_key: RandomKey,
    serial: u32,
}

/// What can happen.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// The stages or the device became known, or changed.
    Offered(Vec<Offer>, Option<Device>),
    /// The reward model became known, or that there is none.
    Judge(Option<ModelSource>),
    /// The reward model's scores of the pair that was voted on.
    Scored {
        /// Id of the vote.
        vote: RandomKey,
        /// Rewards of answers A and B; none where it could not be asked.
        rewards: Option<[f32; 2]>,
    },
    /// The visitor picked a prompt.
    Wish(PromptWish),
    /// The visitor wants a pair.
    Next,
    /// The visitor does not want to wait.
    Cancel,
    /// The engine spoke about job number `job` of the sampling with this serial.
    Heard {
        /// Of the sampling.
        serial: u32,
        /// Index into its jobs.
        job: usize,
        /// What.
        update: Update,
    },
    /// The visitor voted.
    Choose {
        /// The judgement.
        choice: Choice,
        /// A fresh id.
        id: RandomKey,
        /// The time.
        time_unix_ms: u64,
    },
    /// The visitor wants to try to keep the vote again.
    SaveAgain,
    /// The store answered; the vote with the key of this browser, and the number of votes now kept.
    Stored {
        /// Of the saving.
        serial: u32,
        /// As it was stored.
        vote: Box<Vote>,
        /// Number of votes kept.
        result: Result<u32, StoreError>,
    },
    /// The last vote was taken back, or not.
    Undone(Result<u32, StoreError>),
    /// The votes were counted, or not.
    Counted(Result<u32, StoreError>),
    /// The votes were read: what they say about models.
    Met(Vec<Meeting>),
    /// Votes of a file were added, with what to tell of it and the number of votes now kept.
    Added {
        /// What to tell.
        notice: Notice,
        /// Number of votes kept.
        kept: Option<u32>,
    },
    /// The visitor pressed "delete all", or thought better of it.
    Confirm(bool),
    /// All votes were deleted, or not.
    Deleted(Result<(), StoreError>),
    /// Something else about the votes kept.
    Told(Notice),
}

impl State {
    /// The state at the start. `seed` begins the sequence of pairs.
    #[must_use]
    pub fn new(seed: Seed, visit_key: RandomKey) -> Self {
        Self {
            phase: Phase::Idle,
            wish: PromptWish::Any,
            offers: Vec::new(),
            device: None,
            kept: None,
            meetings: Rc::default(),
            unsaved: Vec::new(),
            notice: None,
            is_confirming: false,
            opinion: SecondOpinion::default(),
            sequence: Sequence::new(seed),
            visit_key,
            serial: 0,
        }
    }

    /// Whether a pair can be asked for now.
    #[must_use]
    pub fn can_ask(&self) -> bool {
        !self.offers.is_empty() && !matches!(self.phase, Phase::Sampling(_) | Phase::Saving { .. })
    }

    /// The label of a stage, or its id where it is not offered any more.
    #[must_use]
    pub fn stage_label(&self, id: &str) -> String {
        self.offers.iter().find(|offer| offer.stage == id).map_or(id, |offer| &offer.label).to_owned()
    }

    /// The state after an action.
    #[must_use]
    pub fn after(mut self, action: Action) -> Self {
        match action {
            Action::Offered(offers, device) => {
                self.offers = offers;
                self.device = device;
            }
            Action::Judge(judge) => self.opinion.judge = judge,
            Action::Scored { vote: id, rewards } => {
                if let Phase::Saved(vote) = &self.phase
                    && vote.id == id
                {
                    match rewards {
                        Some(rewards) => self.opinion.note(id, vote.choice, rewards),
                        None => self.opinion.fail(id),
                    }
                }
            }
            Action::Wish(wish) => self.wish = wish,
            Action::Next if self.can_ask() => {
                self.notice = None;
                self.draw(1);
            }
            Action::Cancel if matches!(self.phase, Phase::Sampling(_)) => self.phase = Phase::Idle,
            Action::Heard { serial, job, update } => self.heard(serial, job, update),
            Action::Choose { choice, id, time_unix_ms } => self.choose(choice, id, time_unix_ms),
            Action::SaveAgain => {
                if let Phase::Unsaved(vote, _) = &self.phase {
                    let vote = vote.clone();
                    self.serial += 1;
                    self.phase = Phase::Saving { serial: self.serial, vote };
                }
            }
            Action::Stored { serial, vote, result } => self.stored(serial, *vote, result),
            Action::Undone(Ok(kept)) => {
                if let Phase::Saved(vote) = &self.phase {
                    self.opinion.forget(vote.id);
                }
                self.kept = Some(kept);
                self.phase = Phase::Idle;
                self.notice = Some(Notice::Done(Done::TakenBack));
            }
            Action::Counted(Ok(kept)) => self.kept = Some(kept),
            Action::Met(meetings) => self.meetings = Rc::new(meetings),
            Action::Added { notice, kept } => {
                self.kept = kept.or(self.kept);
                self.notice = Some(notice);
            }
            Action::Confirm(is_confirming) => {
                self.is_confirming = is_confirming;
                self.notice = None;
            }
            Action::Deleted(Ok(())) => {
                self.kept = Some(0);
                self.unsaved.clear();
                self.is_confirming = false;
                if matches!(self.phase, Phase::Saved(_) | Phase::Unsaved(..)) {
                    self.phase = Phase::Idle;
                }
                self.notice = Some(Notice::Done(Done::Deleted));
            }
            Action::Undone(Err(error)) | Action::Counted(Err(error)) | Action::Deleted(Err(error)) => {
                self.is_confirming = false;
                self.notice = Some(Notice::Problem(Problem::Store(error)));
            }
            Action::Told(notice) => self.notice = Some(notice),
            // Keys and buttons that do not fit the phase any more.
            Action::Next | Action::Cancel => {}
        }
        self
    }

    /// Draws the next pair of the sequence and begins to sample it.
    fn draw(&mut self, attempt: u32) {
        self.serial += 1;
        self.phase = match self.sequence.next(self.wish, &self.met()) {
            Ok((prompt, plan)) => {
                Phase::Sampling(Sampling::new(self.serial, attempt, prompt, plan, &self.offers))
            }
            // Only without a stage; then the button is off.
            Err(_) => Phase::Idle,
        };
    }

    /// Votes there are on each two of the stages offered.
    fn met(&self) -> Vec<Vec<usize>> {
        let place = |sum: &String| self.offers.iter().position(|offer| offer.model_sha256 == *sum);
        let mut met = vec![vec![0; self.offers.len()]; self.offers.len()];
        for meeting in all_meetings(&self.meetings, &self.unsaved) {
            if let [Some(a), Some(b)] = [&meeting.models[0], &meeting.models[1]].map(place) {
                met[a.min(b)][a.max(b)] += 1;
            }
        }
        met
    }

    fn heard(&mut self, serial: u32, job: usize, update: Update) {
        let Phase::Sampling(sampling) = &mut self.phase else { return };
        if sampling.serial != serial {
            return;
        }
        match update {
            Update::Tokens(deltas) => sampling.extend(&deltas),
            Update::Restarted => sampling.restart(job),
            Update::Inspected(_) | Update::Scored(_) => {} // pairs ask for answers only
            Update::Cancelled => self.phase = Phase::Idle,
            Update::Failed(error) => self.phase = Phase::Failed(error),
            Update::Finished(_) => {
                sampling.finish_job();
                if !sampling.is_finished() {
                    return;
                }
                let (pair, attempt) = (sampling.pair(self.device.unwrap_or(Device::Cpu)), sampling.attempt);
                match pair {
                    Some(pair) => self.phase = Phase::Blind(pair),
                    None if attempt < MOST_ATTEMPTS => self.draw(attempt + 1),
                    None => self.phase = Phase::Alike,
                }
            }
        }
    }

    fn choose(&mut self, choice: Choice, id: RandomKey, time_unix_ms: u64) {
        let Phase::Blind(Pair { prompt, answers: [answer_a, answer_b] }) = &self.phase else { return };
        let vote = Vote {
            schema: SCHEMA,
            id,
            prompt: prompt.clone(),
            answer_a: answer_a.clone(),
            answer_b: answer_b.clone(),
            choice,
            time_unix_ms,
            client: self.visit_key,
            app_version: env!("CARGO_PKG_VERSION").to_owned(),
        };
        self.serial += 1;
        self.notice = None;
        self.phase = Phase::Saving { serial: self.serial, vote };
    }

    fn stored(&mut self, serial: u32, vote: Vote, result: Result<u32, StoreError>) {
        let is_current = matches!(&self.phase, Phase::Saving { serial: current, .. } if *current == serial);
        if !is_current {
            return;
        }
        self.phase = match result {
            Ok(kept) => {
                self.kept = Some(kept);
                self.unsaved.clear();
                Phase::Saved(vote)
            }
            Err(error) => {
                if self.unsaved.iter().all(|unsaved| unsaved.id != vote.id) {
                    self.unsaved.push(vote.clone());
                }
                Phase::Unsaved(vote, error)
            }
        };
    }
}
