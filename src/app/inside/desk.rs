//! The chapter's effects: asking the engine to read.

use std::cell::RefCell;
use std::collections::BTreeMap;

use yew::UseReducerDispatcher;

use super::state::{Action, Look, State};
use crate::protocol::RequestId;
use crate::worker::client::Client;

/// Does what the state asks for.
pub struct Desk {
    client: Client,
    dispatch: UseReducerDispatcher<State>,
    /// Readings under way, by ticket.
    asked: RefCell<BTreeMap<u32, RequestId>>,
}

impl Desk {
    /// A desk that does nothing yet.
    pub fn new(client: Client, dispatch: UseReducerDispatcher<State>) -> Self {
        Self { client, dispatch, asked: RefCell::default() }
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
    }
}
