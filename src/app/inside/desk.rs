//! The chapter's effects: asking the engine to read.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use yew::UseReducerDispatcher;
use yew::platform::spawn_local;

use super::reading::Reading;
use super::state::{Action, Look, State};
use crate::platform::clock::now_ms;
use crate::platform::pause::Pause;
use crate::protocol::RequestId;
use crate::worker::client::Client;

/// For how long the page is kept from anything else at a time.
const SLICE_MS: f64 = 4.0;

/// Does what the state asks for.
pub struct Desk {
    client: Client,
    dispatch: UseReducerDispatcher<State>,
    /// Readings under way, by ticket.
    asked: RefCell<BTreeMap<u32, RequestId>>,
    /// Readings that are being held against SFT's.
    compared: RefCell<Vec<Rc<Reading>>>,
}

impl Desk {
    /// A desk that does nothing yet.
    pub fn new(client: Client, dispatch: UseReducerDispatcher<State>) -> Self {
        Self { client, dispatch, asked: RefCell::default(), compared: RefCell::default() }
    }

    /// Begins the readings that a state asks for, and ends those that it does not ask for any more.
    pub fn follow(&self, state: &State) {
        let wanted: BTreeMap<u32, usize> = (state.stages.iter().enumerate())
            .filter_map(|(index, stage)| match stage.look {
                Look::Asked(ticket) => Some((ticket, index)),
                _ => None,
            })
            .collect();
        let asked = self.asked.take();
        let (kept, over): (BTreeMap<_, _>, BTreeMap<_, _>) =
            asked.into_iter().partition(|(ticket, _)| wanted.contains_key(ticket));
        *self.asked.borrow_mut() = kept;
        over.into_values().for_each(|request| self.client.cancel(request)); // one that has ended takes no notice
        for (ticket, index) in wanted {
            if self.asked.borrow().contains_key(&ticket) {
                continue;
            }
            let (Some(job), Some(stage)) = (state.job(index), state.stages.get(index)) else { continue };
            self.client.want(stage.source.clone());
            let dispatch = self.dispatch.clone();
            let hear = move |update| dispatch.dispatch(Action::Heard { ticket, update });
            let request = self.client.inspect(job, hear);
            self.asked.borrow_mut().insert(ticket, request);
        }
        self.compare(state);
    }

    /// Holds the readings against SFT's that were not yet.
    fn compare(&self, state: &State) {
        let uncompared = state.uncompared();
        let before =
            self.compared.replace(uncompared.iter().map(|(reading, _)| Rc::clone(reading)).collect());
        for (reading, reference) in uncompared {
            if !before.iter().any(|begun| Rc::ptr_eq(begun, &reading)) {
                spawn_local(compare(self.dispatch.clone(), reading, reference));
            }
        }
    }
}

/// Holds a reading against SFT's: that takes thousands of exponentials a place, so the page has a turn of its own in between.
async fn compare(dispatch: UseReducerDispatcher<State>, reading: Rc<Reading>, reference: Rc<Reading>) {
    let pause = Pause::new().ok();
    let mut rescaling = Vec::new();
    let mut begun_ms = now_ms();
    for place in 0..reading.places() {
        let Some(there) = reading.rescaling_at(place, &reference) else { return };
        rescaling.push(there);
        if let Some(pause) = pause.as_ref().filter(|_| now_ms() - begun_ms >= SLICE_MS) {
            pause.turn().await;
            begun_ms = now_ms();
        }
    }
    dispatch.dispatch(Action::Compared { reading, rescaling: Rc::new(rescaling) });
}
