//! One request to the engine at a time, by ticket: what a chapter asks for in turn.

use std::cell::Cell;

use crate::protocol::RequestId;
use crate::worker::client::Client;

/// The request under way, if there is one.
pub struct Errand {
    client: Client,
    asked: Cell<Option<(u32, RequestId)>>,
}

impl Errand {
    /// None is under way.
    pub fn new(client: Client) -> Self {
        Self { client, asked: Cell::new(None) }
    }

    /// Cancels the request under way unless its ticket is `wanted`. Whether what is wanted has still to be asked for.
    pub fn turn_to(&self, wanted: Option<u32>) -> bool {
        if let Some((ticket, request)) = self.asked.get()
            && wanted != Some(ticket)
        {
            self.asked.set(None);
            self.client.cancel(request); // one that has ended takes no notice
        }
        wanted.is_some() && self.asked.get().is_none()
    }

    /// Notes what was asked for under a ticket; the next part of an errand takes the place of the one before.
    pub fn asked(&self, ticket: u32, request: RequestId) {
        self.asked.set(Some((ticket, request)));
    }
}
