//! Does what the ledger asks for, one step after the other, as long as there is something to do.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use yew::UseReducerDispatcher;
use yew::platform::spawn_local;

use super::state::{Action, Activity, State};
use super::verdict::{Verdict, wait_ms};
use super::work::{MOST_VOTES, Work, body};
use crate::platform::clock::unix_ms;
use crate::platform::post::{delete, post_json};
use crate::platform::random::random_bytes;
use crate::platform::store::VoteStore;
use crate::preference::fate::Fate;
use crate::preference::lease::{Denied, Lease, MOST_PAUSE_MS};
use crate::preference::{RandomKey, StoreError, Vote};

/// How soon to look whether another tab is done.
const LOOK_AGAIN_MS: u64 = 3_000;

/// Sends and deletes. Clones are one courier.
#[derive(Clone)]
pub struct Courier(Rc<Inner>);

struct Inner {
    url: String,
    store: VoteStore,
    dispatch: UseReducerDispatcher<State>,
    /// Names this tab.
    tab: RandomKey,
    is_under_way: Cell<bool>,
    /// Something changed while it was under way.
    has_news: Cell<bool>,
    failures: Cell<u32>,
    most: Cell<usize>,
    /// The next attempt.
    alarm: RefCell<Option<Timeout>>,
}

/// How a step ended.
enum Step {
    /// There may be more.
    On,
    /// There is no more.
    End,
    /// Try again after so many milliseconds, or when the network is back if that is what was missing.
    Wait { pause_ms: u64, is_for_network: bool },
    /// It makes no sense to go on.
    Refused(String),
}

impl Courier {
    /// A courier that does nothing yet. `url`: the collector's, without a slash at the end.
    pub fn new(url: &str, dispatch: UseReducerDispatcher<State>) -> Self {
        Self(Rc::new(Inner {
            url: url.to_owned(),
            store: VoteStore::default(),
            dispatch,
            tab: RandomKey::new(random_bytes().unwrap_or_default()),
            is_under_way: Cell::new(false),
            has_news: Cell::new(false),
            failures: Cell::new(0),
            most: Cell::new(MOST_VOTES),
            alarm: RefCell::default(),
        }))
    }

    /// The visitor agrees, or not any more.
    pub fn agree(&self, agrees: bool) {
        self.change(async move |store| store.agree(agrees).await);
    }

    /// The visitor wants all deleted that was sent.
    pub fn withdraw(&self) {
        self.change(async |store| store.withdraw().await);
    }

    fn change(&self, change: impl AsyncFnOnce(&VoteStore) -> Result<(), StoreError> + 'static) {
        let courier = self.clone();
        spawn_local(async move {
            match change(&courier.0.store).await {
                Ok(()) => courier.wake(),
                Err(error) => courier.tell_broken(&error),
            }
        });
    }

    /// The network is back: what waited for it goes at once.
    pub fn back_online(&self) {
        self.0.failures.set(0);
        self.change(async |store| store.back_online().await);
    }

    /// Something may have changed: looks, and does what there is to do.
    pub fn wake(&self) {
        if self.0.is_under_way.replace(true) {
            self.0.has_news.set(true);
            return;
        }
        self.0.alarm.replace(None);
        let courier = self.clone();
        spawn_local(async move {
            loop {
                courier.0.has_news.set(false);
                if let Err(error) = courier.work().await {
                    courier.tell_broken(&error);
                }
                if !courier.0.has_news.get() {
                    break;
                }
            }
            courier.0.is_under_way.set(false);
        });
    }

    /// Ends what would happen later; the panel is gone.
    pub fn rest(&self) {
        self.0.alarm.replace(None);
    }

    async fn work(&self) -> Result<(), StoreError> {
        let store = &self.0.store;
        let mut holds_lease = false;
        loop {
            let ledger = store.ledger().await?;
            self.tell(Action::read(&ledger));
            let work = ledger.work(self.0.most.get());
            let (Some(secret), false) = (ledger.secret, work == Work::Nothing) else {
                self.tell(Action::Now(Activity::Resting));
                break;
            };
            if let Err(Denied { left_ms, is_pause }) = store.claim(self.0.tab, now_ms()).await? {
                self.tell(Action::Now(if is_pause { Activity::Waiting } else { Activity::Elsewhere }));
                self.wake_after(if is_pause { left_ms } else { left_ms.min(LOOK_AGAIN_MS) });
                return Ok(());
            }
            holds_lease = true;
            self.tell(Action::Now(Activity::Asking));
            let step = match work {
                Work::Nothing => Step::End,
                Work::Withdraw => self.withdraw_all(secret).await?,
                Work::TakeBack(id) => self.take_back(id, secret).await?,
                Work::Send(votes) => self.send(votes, secret).await?,
            };
            match step {
                Step::On => self.0.failures.set(0),
                Step::End => break,
                Step::Wait { pause_ms, is_for_network } => {
                    store.release(Some(Lease::pause(now_ms(), pause_ms, is_for_network))).await?;
                    self.tell(Action::Now(Activity::Waiting));
                    self.wake_after(pause_ms);
                    return Ok(());
                }
                Step::Refused(code) => {
                    self.tell(Action::Now(Activity::Refused(code)));
                    break;
                }
            }
        }
        if holds_lease { store.release(None).await } else { Ok(()) }
    }

    async fn send(&self, votes: Vec<Vote>, secret: RandomKey) -> Result<Step, StoreError> {
        let store = &self.0.store;
        let votes = store.depart(votes).await?;
        if votes.is_empty() {
            return Ok(Step::On); // the ledger says something else by now
        }
        let batch = body(&votes, secret).map_err(|error| StoreError::Failed(error.to_string()))?;
        let reply = post_json(&format!("{}/v1/votes", self.0.url), &batch).await;
        let ids: Vec<RandomKey> = votes.iter().map(|vote| vote.id).collect();
        Ok(match Verdict::of(&reply, votes.len()) {
            Verdict::Done => {
                store.arrive(ids, Fate::Sent).await?;
                self.0.most.set(MOST_VOTES);
                Step::On
            }
            Verdict::RefusesOne(index, code) => {
                store.arrive(vec![ids[index]], Fate::Refused { code }).await?;
                Step::On
            }
            Verdict::TooLarge if ids.len() > 1 => {
                self.0.most.set(ids.len() / 2);
                Step::On
            }
            Verdict::TooLarge => {
                store.arrive(ids, Fate::Refused { code: "too_large".to_owned() }).await?;
                self.0.most.set(MOST_VOTES);
                Step::On
            }
            Verdict::Unheard => self.pause(None, true),
            Verdict::Later(pause_ms) => self.pause(pause_ms, false),
            Verdict::RefusesAll(code) => Step::Refused(code),
        })
    }

    async fn withdraw_all(&self, secret: RandomKey) -> Result<Step, StoreError> {
        let reply = delete(&format!("{}/v1/votes", self.0.url), &secret.to_string()).await;
        let verdict = Verdict::of(&reply, 0);
        if verdict == Verdict::Done {
            self.0.store.withdrawn().await?;
        }
        Ok(self.after_deletion(verdict))
    }

    async fn take_back(&self, id: RandomKey, secret: RandomKey) -> Result<Step, StoreError> {
        let reply = delete(&format!("{}/v1/votes?id={id}", self.0.url), &secret.to_string()).await;
        let verdict = Verdict::of(&reply, 0);
        if verdict == Verdict::Done {
            self.0.store.arrive(vec![id], Fate::TakenBack).await?;
        }
        Ok(self.after_deletion(verdict))
    }

    fn after_deletion(&self, verdict: Verdict) -> Step {
        match verdict {
            Verdict::Done => Step::On,
            Verdict::Unheard => self.pause(None, true),
            Verdict::Later(pause_ms) => self.pause(pause_ms, false),
            Verdict::RefusesOne(_, code) | Verdict::RefusesAll(code) => Step::Refused(code),
            Verdict::TooLarge => Step::Refused("413".to_owned()),
        }
    }

    /// The next pause after one more failure; never shorter than what the collector asked for.
    fn pause(&self, asked_ms: Option<u64>, is_for_network: bool) -> Step {
        let failures = self.0.failures.get().saturating_add(1);
        self.0.failures.set(failures);
        let bytes = random_bytes().unwrap_or_default();
        let own_ms = wait_ms(failures, f64::from(bytes[0]) / 255.0);
        let pause_ms = asked_ms.map_or(own_ms, |asked_ms| asked_ms.max(own_ms)).min(MOST_PAUSE_MS);
        Step::Wait { pause_ms, is_for_network }
    }

    fn wake_after(&self, pause_ms: u64) {
        let courier = self.clone();
        let pause_ms = u32::try_from(pause_ms.min(MOST_PAUSE_MS)).unwrap_or(u32::MAX);
        let alarm = Timeout::new(pause_ms, move || courier.wake());
        self.0.alarm.replace(Some(alarm));
    }

    fn tell(&self, action: Action) {
        self.0.dispatch.dispatch(action);
    }

    fn tell_broken(&self, error: &StoreError) {
        self.tell(Action::Now(Activity::Broken(error.clone())));
    }
}

fn now_ms() -> u64 {
    unix_ms().max(0.0) as u64
}
