//! The widget's effects: asking the engine, keeping votes, handing out files.

use std::cell::{Cell, RefCell};

use yew::UseReducerDispatcher;
use yew::platform::spawn_local;

use super::judge;
use super::state::{Action, Done, Notice, Phase, Problem, State};
use crate::platform::clock::unix_ms;
use crate::platform::download::{DownloadError, download_text};
use crate::platform::file::{FileError, read_text};
use crate::platform::random::random_bytes;
use crate::platform::store::VoteStore;
use crate::preference::ranking::Meeting;
use crate::preference::{Choice, RandomKey, StoreError, Vote, parse_records, records_jsonl, trl_jsonl};
use crate::protocol::RequestId;
use crate::worker::client::Client;

/// The type of both kinds of file.
const MEDIA_TYPE: &str = "application/jsonl";
/// Most bytes of a file of votes: nearly three thousand.
const MOST_FILE_BYTES: u32 = 8 * 1024 * 1024;

/// Which file the visitor wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Export {
    /// Preferences in TRL's shape.
    Trl,
    /// All votes in full.
    Records,
}

/// Does what the state asks for.
pub struct Desk {
    client: Client,
    store: VoteStore,
    dispatch: UseReducerDispatcher<State>,
    /// Requests of the sampling under way.
    requests: RefCell<Vec<RequestId>>,
    /// Serial of the last sampling or saving that was begun.
    begun: Cell<u32>,
}

impl Desk {
    /// A desk that does nothing yet.
    pub fn new(client: Client, dispatch: UseReducerDispatcher<State>) -> Self {
        Self {
            client,
            store: VoteStore::default(),
            dispatch,
            requests: RefCell::default(),
            begun: Cell::new(0),
        }
    }

    /// Begins what a new state asks for, and ends what it does not ask for any more.
    pub fn follow(&self, state: &State) {
        let serial = match &state.phase {
            Phase::Sampling(sampling) => sampling.serial,
            Phase::Saving { serial, .. } => *serial,
            phase => {
                self.cancel();
                if let Phase::Saved(vote) = phase {
                    self.ask_opinion(state, vote);
                }
                return;
            }
        };
        if self.begun.replace(serial) == serial {
            return;
        }
        self.cancel();
        match &state.phase {
            Phase::Sampling(sampling) => {
                // Loaded when first needed: a visitor who never compares downloads no other stage.
                sampling.sources().for_each(|source| self.client.want(source.clone()));
                let ask = |(job, request): (usize, &_)| {
                    let dispatch = self.dispatch.clone();
                    let hear = move |update| dispatch.dispatch(Action::Heard { serial, job, update });
                    self.client.generate(crate::protocol::GenerateJob::clone(request), hear)
                };
                let requests = sampling.jobs.iter().enumerate().map(ask).collect();
                self.requests.replace(requests);
            }
            Phase::Saving { vote, .. } => self.save(serial, vote.clone(), state.unsaved.clone()),
            _ => {}
        }
    }

    /// Asks the reward model about a pair that was voted on; its file is fetched at the first vote. Where it cannot be had
    /// there is no second opinion, and nothing is lost.
    fn ask_opinion(&self, state: &State, vote: &Vote) {
        let Some(judge) = state.opinion.judge.as_ref().filter(|_| state.opinion.of(vote.id).is_none()) else {
            return;
        };
        let (dispatch, id) = (self.dispatch.clone(), vote.id);
        let request = judge::ask(&self.client, judge, vote, move |rewards| {
            dispatch.dispatch(Action::Scored { vote: id, rewards });
        });
        self.requests.borrow_mut().push(request);
    }

    /// Cancels what is being sampled; a request that has ended takes no notice.
    pub fn cancel(&self) {
        for request in self.requests.take() {
            self.client.cancel(request);
        }
    }

    /// Casts a vote on the pair shown.
    pub fn choose(&self, choice: Choice) {
        let Some(bytes) = random_bytes() else {
            self.dispatch.dispatch(Action::Told(Notice::Problem(Problem::NoRandom)));
            return;
        };
        let time_unix_ms = unix_ms().max(0.0) as u64;
        self.dispatch.dispatch(Action::Choose { choice, id: RandomKey::new(bytes), time_unix_ms });
    }

    /// Counts the votes kept.
    pub fn count(&self) {
        let (store, dispatch) = (self.store.clone(), self.dispatch.clone());
        spawn_local(async move { dispatch.dispatch(Action::Counted(store.count().await)) });
    }

    /// Reads what the votes kept say about models. Where they cannot be read the ranking stays as it was; whoever votes or
    /// exports is told why.
    pub fn read(&self) {
        let (store, dispatch) = (self.store.clone(), self.dispatch.clone());
        spawn_local(async move {
            if let Ok(kept) = store.votes().await {
                dispatch.dispatch(Action::Met(kept.votes.iter().filter_map(Meeting::of).collect()));
            }
        });
    }

    /// Adds the votes of a file that the visitor chose: all, or none where one line is no vote.
    pub fn import(&self, file: web_sys::File) {
        let (store, dispatch) = (self.store.clone(), self.dispatch.clone());
        spawn_local(async move {
            let (notice, kept) = match added(&store, &file).await {
                Ok((done, kept)) => (Notice::Done(done), Some(kept)),
                Err(problem) => (Notice::Problem(problem), None),
            };
            dispatch.dispatch(Action::Added { notice, kept });
        });
    }

    /// Takes a vote back.
    pub fn undo(&self, id: RandomKey) {
        let (store, dispatch) = (self.store.clone(), self.dispatch.clone());
        spawn_local(async move {
            let result = match store.remove(id).await {
                Ok(()) => store.count().await,
                Err(error) => Err(error),
            };
            dispatch.dispatch(Action::Undone(result));
        });
    }

    /// Deletes all votes.
    pub fn delete_all(&self) {
        let (store, dispatch) = (self.store.clone(), self.dispatch.clone());
        spawn_local(async move { dispatch.dispatch(Action::Deleted(store.delete_all().await)) });
    }

    /// Hands out the votes kept, and those of this visit that could not be.
    pub fn export(&self, export: Export, unsaved: Vec<Vote>) {
        let (store, dispatch) = (self.store.clone(), self.dispatch.clone());
        spawn_local(async move {
            let notice = match store.votes().await {
                Ok(kept) => {
                    let mut votes = kept.votes;
                    votes.extend(unsaved);
                    hand_out(export, &votes, kept.unreadable)
                }
                Err(error) if unsaved.is_empty() => Notice::Problem(Problem::Store(error)),
                Err(_) => hand_out(export, &unsaved, 0),
            };
            dispatch.dispatch(Action::Told(notice));
        });
    }

    fn save(&self, serial: u32, mut vote: Vote, earlier: Vec<Vote>) {
        let (store, dispatch) = (self.store.clone(), self.dispatch.clone());
        spawn_local(async move {
            let result = keep(&store, &mut vote, earlier).await;
            dispatch.dispatch(Action::Stored { serial, vote: Box::new(vote), result });
        });
    }
}

/// Keeps a vote and earlier ones that could not be kept, all under the key of this browser; the number kept then.
async fn keep(store: &VoteStore, vote: &mut Vote, earlier: Vec<Vote>) -> Result<u32, StoreError> {
    vote.client = store.client_key().await?;
    for unsaved in earlier {
        store.put(&Vote { client: vote.client, ..unsaved }).await?;
    }
    store.put(vote).await?;
    store.count().await
}

/// Adds the votes of a file; what was done, and the number kept then.
async fn added(store: &VoteStore, file: &web_sys::File) -> Result<(Done, u32), Problem> {
    let text = read_text(file, MOST_FILE_BYTES).await.map_err(|error| match error {
        FileError::TooLarge => Problem::TooLarge { most_mb: MOST_FILE_BYTES >> 20 },
        FileError::Unreadable => Problem::Unreadable,
    })?;
    let votes = parse_records(&text).map_err(|error| {
        if text.contains("\"provenance\"") { Problem::ForTrl } else { Problem::Refused(error) }
    })?;
    if votes.is_empty() {
        return Err(Problem::NoVotes);
    }
    let new = store.add(&votes).await.map_err(|error| match error {
        StoreError::Blocked => Problem::Store(error), // it may have kept them
        error => Problem::NotAdded(error),
    })?;
    let kept = store.count().await.map_err(Problem::Store)?;
    Ok((Done::Added { new, known: votes.len() - new }, kept))
}

fn hand_out(export: Export, votes: &[Vote], unreadable: usize) -> Notice {
    let written = match export {
        Export::Records => records_jsonl(votes).map(|jsonl| {
            let done = Done::Written { votes: votes.len(), unreadable };
            ("thermostat-votes.jsonl", jsonl, done, Problem::NothingToWrite { both_bad: 0, skipped: 0 })
        }),
        Export::Trl => trl_jsonl(votes).map(|trl| {
            let (both_bad, skipped) = (trl.both_bad, trl.skipped);
            let done = Done::Preferences { count: trl.exported, both_bad, skipped, unreadable };
            ("thermostat-preferences.jsonl", trl.jsonl, done, Problem::NothingToWrite { both_bad, skipped })
        }),
    };
    let (file_name, jsonl, done, nothing) = match written {
        Ok(written) => written,
        Err(error) => return Notice::Problem(Problem::Unwritten(error.to_string())),
    };
    if jsonl.is_empty() {
        return Notice::Problem(nothing);
    }
    match download_text(file_name, MEDIA_TYPE, &jsonl) {
        Ok(()) => Notice::Done(done),
        Err(DownloadError) => Notice::Problem(Problem::NotHandedOver),
    }
}
