//! What the panel knows about sending, and how each event changes it. Pure.

use super::work::Tally;
use crate::preference::StoreError;
use crate::preference::fate::Ledger;

/// What is being done.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Activity {
    /// Nothing, and nothing has to be.
    #[default]
    Resting,
    /// A request is under way.
    Asking,
    /// The collector could not be asked, or asked for peace; it will be tried again.
    Waiting,
    /// Another tab does it.
    Elsewhere,
    /// The collector takes nothing from this page, for the reason with this code.
    Refused(String),
    /// This browser's database failed.
    Broken(StoreError),
}

impl Activity {
    /// Short name for tests and styles.
    #[must_use]
    pub fn id(&self) -> &'static str {
        match self {
            Self::Resting => "resting",
            Self::Asking => "asking",
            Self::Waiting => "waiting",
            Self::Elsewhere => "elsewhere",
            Self::Refused(_) => "refused",
            Self::Broken(_) => "broken",
        }
    }
}

/// The panel's state.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct State {
    /// Whether the visitor agrees; none until it was looked up.
    pub agrees: Option<bool>,
    /// Whether all that was sent is being deleted.
    pub is_withdrawing: bool,
    /// Whether this visit saw the deletion through.
    pub is_withdrawn: bool,
    /// How many votes are where.
    pub tally: Tally,
    /// What is being done.
    pub activity: Activity,
    /// Whether "delete what I sent" waits to be confirmed.
    pub is_confirming: bool,
}

/// What can happen.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// The ledger was read.
    Read {
        /// Whether the visitor agrees.
        agrees: bool,
        /// Whether all is to be deleted.
        is_withdrawing: bool,
        /// How many votes are where.
        tally: Tally,
    },
    /// Something else is being done now.
    Now(Activity),
    /// The visitor pressed "delete what I sent", or thought better of it.
    Confirm(bool),
}

impl Action {
    /// What a ledger says.
    #[must_use]
    pub fn read(ledger: &Ledger) -> Self {
        Self::Read { agrees: ledger.agrees, is_withdrawing: ledger.is_withdrawing, tally: ledger.tally() }
    }
}

impl State {
    /// Whether the collector is still to be told something.
    #[must_use]
    pub fn has_open_errands(&self) -> bool {
        self.is_withdrawing || self.tally.waiting + self.tally.taking_back > 0
    }

    /// The state after an action.
    #[must_use]
    pub fn after(mut self, action: Action) -> Self {
        match action {
            Action::Read { agrees, is_withdrawing, tally } => {
                self.is_withdrawn = !agrees && (self.is_withdrawn || self.is_withdrawing) && !is_withdrawing;
                self.agrees = Some(agrees);
                self.is_withdrawing = is_withdrawing;
                self.tally = tally;
            }
            Action::Now(activity) => self.activity = activity,
            Action::Confirm(is_confirming) => self.is_confirming = is_confirming,
        }
        self
    }

    /// Whether there may be something at the collector.
    #[must_use]
    pub fn can_withdraw(&self) -> bool {
        !self.is_withdrawing && (self.tally.sent > 0 || self.agrees == Some(true))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(agrees: bool, is_withdrawing: bool) -> Action {
        Action::Read { agrees, is_withdrawing, tally: Tally::default() }
    }

    #[test]
    fn nothing_is_agreed_to_before_it_is_known() {
        assert_eq!(State::default().agrees, None);
        assert!(!State::default().can_withdraw());
    }

    #[test]
    fn a_deletion_is_done_when_the_ledger_says_so() {
        let state = State::default().after(read(true, false)).after(read(false, true));
        assert!(state.is_withdrawing && !state.is_withdrawn);
        let state = state.after(Action::Now(Activity::Waiting));
        assert!(state.is_withdrawing, "the collector was down");
        let state = state.after(read(false, false));
        assert!(state.is_withdrawn && !state.can_withdraw());
        assert!(!state.after(read(true, false)).is_withdrawn, "agreed again");
        assert!(!State::default().after(read(false, false)).is_withdrawn, "only taken back");
    }
}
