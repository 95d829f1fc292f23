use super::compare::{remedy, store, votes};
use crate::app::compare::sending::state::{Activity, State};
use crate::app::language::words::Sending;

pub(super) const SENDING: Sending = Sending {
    heading: "Give your votes to this page’s host",
    agree: "Agree and send my votes",
    stop: "Stop sending",
    delete: "Delete what I sent …",
    delete_yes: "Stop, and delete what I sent",
    delete_no: "Keep it",
    delete_asked: "Stop sending, and delete all votes that this browser sent?",
    question: |host| {
        format!(
            "{host} collects votes, to learn what people prefer. If you agree, the votes that you cast in this browser are sent there, \
             those you have cast and those to come: the prompt, both answers and where they came from, your judgement, its time, and a \
             random name for this browser. No cookies. Your network address is not stored, only a code made from it, which cannot be \
             traced back to the address and changes at least daily; it guards against abuse. You can stop at any time, and delete what you sent."
        )
    },
    standing,
    activity,
    refused: |code, count| {
        let reason = match code {
            "future" => "this device's clock is ahead",
            "model" => "they are on models that are no longer collected",
            "clash" => "other votes have the same number",
            "own_prompt" => "their prompts are not this page's",
            "too_large" => "they are too long",
            _ => "they were not in order",
        };
        format!("Not taken: {}, because {reason}.", votes(count))
    },
};

fn standing(state: &State, host: &str) -> String {
    if state.is_withdrawing {
        return format!("Deleting what this browser sent to {host} …");
    }
    let sent = votes(state.tally.sent);
    match (state.agrees, state.tally.sent) {
        (Some(true), _) if state.tally.waiting > 0 => {
            format!(
                "You agreed to send your votes to {host}. Sent: {sent}. Waiting: {}.",
                state.tally.waiting
            )
        }
        (Some(true), _) => format!("You agreed to send your votes to {host}. Sent: {sent}."),
        (_, 0) if state.is_withdrawn => {
            format!("{host} has deleted what this browser sent. Nothing more is sent.")
        }
        (_, 0) => String::new(),
        (_, _) => format!("Nothing more is sent. {host} still has {sent} from this browser."),
    }
}

fn activity(state: &State, host: &str) -> Option<String> {
    match &state.activity {
        Activity::Resting | Activity::Asking => None,
        Activity::Waiting if state.has_open_errands() => Some(format!(
            "{host} does not answer, or asks to wait. Nothing is lost; this page tries again by itself."
        )),
        Activity::Waiting => None,
        Activity::Elsewhere => Some("Another tab of this page is sending.".to_owned()),
        Activity::Refused(code) => Some(format!(
            "{host} does not take votes from this page ({code}). They stay in this browser. Reload the page to try again; if it stays \
             so, tell whoever runs the page."
        )),
        Activity::Broken(error) => Some(format!("{} {}", store(error), remedy(error))),
    }
}
