//! Sending votes to a collector.

use crate::app::compare::sending::state::State;

/// The panel on sending. `host` is who collects.
pub struct Sending {
    /// Heading.
    pub heading: &'static str,
    /// Button: agree.
    pub agree: &'static str,
    /// Button: stop.
    pub stop: &'static str,
    /// Button: delete what was sent.
    pub delete: &'static str,
    /// Button that confirms it.
    pub delete_yes: &'static str,
    /// Button that does not.
    pub delete_no: &'static str,
    /// What is to be confirmed.
    pub delete_asked: &'static str,
    /// What is asked of the visitor: host.
    pub question: fn(&str) -> String,
    /// Where it stands, for a visitor who agreed or did: state, host.
    pub standing: fn(&State, &str) -> String,
    /// What is going on, if that needs saying: state, host.
    pub activity: fn(&State, &str) -> Option<String>,
    /// Why some votes were not taken: the collector's code, how many.
    pub refused: fn(&str, usize) -> String,
}
