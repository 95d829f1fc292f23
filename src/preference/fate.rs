//! What has become of each vote that may be with a collector, as it is kept beside the votes.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::{RandomKey, Vote};

/// What has become of a vote. One without a fate waits to be sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// On its way; until an answer comes it may be there or not, and it is sent again.
    Sending,
    /// The collector has it.
    Sent,
    /// The collector does not take it, and says why with this code. It is not sent again.
    Refused {
        /// The collector's short name for the reason.
        code: String,
    },
    /// The visitor took it back; the collector must be told.
    TakingBack,
    /// The collector deleted it. It is not sent again.
    TakenBack,
}

/// All that the decisions need, as it is kept in this browser.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Ledger {
    /// Whether the visitor agrees to sending.
    pub agrees: bool,
    /// Whether everything that was sent is to be deleted at the collector.
    pub is_withdrawing: bool,
    /// Names this browser in its votes.
    pub client: Option<RandomKey>,
    /// The key that deletes; drawn when the visitor agrees.
    pub secret: Option<RandomKey>,
    /// All votes that are kept, oldest first.
    pub votes: Vec<Vote>,
    /// Fates of votes, also of some that are not kept any more.
    pub fates: HashMap<RandomKey, Fate>,
}

/// The fate of a vote that the visitor takes back or deletes here; none, if the collector never saw it.
#[must_use]
pub fn after_removal(fate: Option<Fate>) -> Option<Fate> {
    match fate {
        Some(Fate::Sending | Fate::Sent | Fate::TakingBack) => Some(Fate::TakingBack),
        Some(Fate::TakenBack) => Some(Fate::TakenBack),
        Some(Fate::Refused { .. }) | None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_removed_vote_is_taken_back_if_the_collector_may_have_it() {
        assert_eq!(after_removal(None), None);
        assert_eq!(after_removal(Some(Fate::Refused { code: String::new() })), None);
        for fate in [Fate::Sending, Fate::Sent, Fate::TakingBack] {
            assert_eq!(after_removal(Some(fate)), Some(Fate::TakingBack));
        }
    }
}
