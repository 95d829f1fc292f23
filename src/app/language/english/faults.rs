use crate::app::language::words::{Fault, Faults};
use crate::protocol::{ErrorKind, VisitorError};

pub(super) const FAULTS: Faults = Faults { fault, of_stage: |stage, message| format!("{stage}: {message}") };

/// An error in one text.
pub(super) fn said(error: &VisitorError) -> String {
    let Fault { message, remedy } = fault(error);
    format!("{message} {remedy}")
}

fn fault(VisitorError { kind, detail }: &VisitorError) -> Fault {
    let sentence = || capitalised(detail);
    let (message, remedy) = match kind {
        ErrorKind::Network => {
            (format!("The model could not be loaded: {detail}."), "Check the connection and try again.")
        }
        ErrorKind::NoList => (
            format!("The list of models could not be loaded: {detail}."),
            "Check the connection and try again.",
        ),
        ErrorKind::BadList => {
            ("The list of models (models/manifest.json) cannot be read.".to_owned(), NOT_WHOLE)
        }
        ErrorKind::OtherList => {
            ("The list of models belongs to another version of this page.".to_owned(), NOT_WHOLE)
        }
        ErrorKind::EmptyList => ("The list of models is empty.".to_owned(), NOT_WHOLE),
        ErrorKind::BadModel => {
            (sentence(), "Reload the page; if that does not help, the file on the server is damaged.")
        }
        ErrorKind::BadText => (sentence(), "Choose another model, or another prompt."),
        ErrorKind::OtherModel => {
            (sentence(), "Only models of the Llama family can be run here; choose another file.")
        }
        ErrorKind::LongPrompt => (sentence(), "Use a shorter prompt."),
        ErrorKind::LongAnswer => (sentence(), "Choose a shorter answer."),
        ErrorKind::ManyAnswers => (sentence(), "Ask for fewer answers."),
        ErrorKind::NotANumber => (sentence(), "Choose another model, or another answer."),
        ErrorKind::FewVotes => (sentence(), "Vote on a few more pairs."),
        ErrorKind::NoScores => (sentence(), "Choose another reward model."),
        ErrorKind::NotLoaded => {
            (format!("The model `{detail}` is not loaded."), "Choose it again in the stage switch.")
        }
        ErrorKind::Device => {
            (sentence(), "The page goes on with the processor; reload to try the graphics card again.")
        }
        ErrorKind::Stopped => (
            format!("The engine stopped working: {detail}."),
            "Try again. If it stays so, reload the page or use another browser.",
        ),
        ErrorKind::OddResult => (
            "What the engine said of these answers does not fit together.".to_owned(),
            "Try again; if it stays so, reload the page.",
        ),
        ErrorKind::Internal => (format!("Something in this page went wrong: {detail}."), "Reload the page."),
    };
    Fault { message, remedy }
}

const NOT_WHOLE: &str =
    "Try again in a moment. If it stays so, the copy of this page on its server is not whole.";

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => format!("{}{}.", first.to_uppercase(), chars.as_str()),
        None => String::new(),
    }
}
