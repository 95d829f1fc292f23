use super::calibration::CALIBRATION;
use super::sending::SENDING;
use crate::app::compare::second_opinion::{Preference, View};
use crate::app::compare::state::{Done, Notice, Problem};
use crate::app::language::words::{Compare, Leaderboard, Opinion, Shelf};
use crate::preference::{PreferenceError, StoreError};

pub(super) const COMPARE: Compare = Compare {
    lede: "Two answers to one prompt, from training stages and temperatures that you cannot see. Which is better? Judgements like yours \
           are what RLHF begins with.",
    lede_of_one: "Two answers to one prompt, from temperatures that you cannot see. Which is better? Judgements like yours are what RLHF \
                  begins with.",
    prompt: "Prompt",
    any: "Any of these",
    first: "Show two answers",
    next: "Next pair",
    retry: "Try again",
    place: "Comparison",
    prompt_spoken: "Prompt: ",
    answer: |side| format!("Answer {}", side.letter()),
    answer_is: |side| format!("Answer {} is", side.letter()),
    answer_is_spoken: |side| format!("Answer {} is ", side.letter()),
    neither: "Neither",
    strengths: ["significantly better", "better", "slightly better", "negligibly better or unsure"],
    both_bad: "both bad",
    skip: "skip",
    keys: "The keys on the buttons work too, while you are in this part of the page.",
    greedy: "greedy",
    stage: "Stage",
    you_said: "You said",
    bar: "Answers sampled",
    sampling: |done, all| format!("{done} of {all} candidate answers"),
    no_engine: "The engine is not running; the top of the page says why.",
    waiting: "Waiting for the engine …",
    cancel: "Cancel",
    keeping: "Keeping your vote …",
    saved: "Saved in this browser. Thank you.",
    undo: "Take this vote back",
    unsaved: |error| format!("Your vote is not saved. {}", store(error)),
    remedy,
    save_again: "Try to save again",
    download: "Download instead",
    alike: "The model gave the same answer every time, cold or hot, so there is nothing to compare. Try another prompt.",
    status: [
        "Two answers are being sampled.",
        "Two answers are here. Vote with the buttons, or with the keys 1 to 9 and 0.",
        "Your vote is saved. The sources of both answers are shown.",
        "There is nothing to compare. Try another prompt.",
    ],
    notice: |notice| match notice {
        Notice::Done(done) => self::done(done),
        Notice::Problem(problem) => self::problem(problem),
    },
    opinion: Opinion {
        asking: |bytes| {
            let size = bytes.map(|bytes| format!(" ({bytes}, the first time)")).unwrap_or_default();
            format!("Asking the reward model{size} …")
        },
        view: |view, [a, b]| match view {
            View::Failed => {
                "The reward model could not be had, so there is no second opinion on this pair.".to_owned()
            }
            View::Is { preference, agreement } => {
                let preference = match preference {
                    Preference::Yours => "it prefers the one that you chose",
                    Preference::Other => "it prefers the other one",
                    Preference::None => "it has no view",
                    Preference::A => "it prefers A",
                    Preference::B => "it prefers B",
                };
                let running = match agreement {
                    (agreed, all @ 2..) => {
                        format!(" In this visit it agreed with {agreed} of your {all} choices.")
                    }
                    _ => String::new(),
                };
                format!("The reward model gives answer A {a} and answer B {b}: {preference}.{running}")
            }
        },
    },
    sending: SENDING,
    shelf: Shelf {
        kept: |kept, is_sending| {
            let kept = match kept {
                Some(kept) => format!("{} kept in this browser.", votes(kept)),
                None => "Votes stay in this browser.".to_owned(),
            };
            if is_sending { kept } else { kept + " Nothing is sent anywhere." }
        },
        unsaved: |count| format!(" Not saved: {}.", votes(count)),
        confirm: "Confirm the deletion",
        question: |count| format!("Delete {} for good?", votes(count)),
        delete: |count| format!("Delete {}", votes(count)),
        keep: "Keep",
        for_trl: "Download for TRL (JSONL)",
        in_full: "Download in full (JSONL)",
        add: "Add votes from a file",
        delete_all: "Delete all …",
    },
    calibration: CALIBRATION,
    leaderboard: Leaderboard {
        heading: "Which stage do your votes prefer?",
        waiting: |least, so_far| {
            let so_far = if so_far == 0 { "none".to_owned() } else { so_far.to_string() };
            format!(
                "A ranking appears after {least} votes on answers from two different stages: {so_far} so far."
            )
        },
        verdict: |count, best, worst| {
            format!(
                "Your {count} votes prefer {best} to {worst}. Between them, the more two bars overlap the less certain is their order."
            )
        },
        no_verdict: |count| {
            format!("Your {count} votes cannot tell the stages apart yet. More votes make the bars shorter.")
        },
        earlier: |count| {
            format!("Not counted: {}, on models that this page does not offer any more.", votes(count))
        },
        table: "Ranking of the stages",
        stage: "Stage",
        drawn: |all| format!("Drawn: 0 to {all}"),
        wins: "Wins",
        interval: |coverage| format!("{coverage} interval"),
        votes: "Votes",
        details: "Who won against whom, and how this is computed",
        wins_table: "Wins of each stage against each other",
        wins_caption: "Wins of the stage on the left against the one above",
        method: |rounds| {
            format!(
                "“Wins” is the chance to win against a stage of average strength, by the model of Bradley and Terry (1952) with a prior \
                 under which all win rates are about equally likely. The intervals come from weighing your votes at random, {rounds} \
                 times. “Both bad” counts as half a win for each; skipped pairs and pairs from one stage do not count."
            )
        },
    },
};

/// "1 vote", "2 votes".
pub(super) fn votes(count: usize) -> String {
    if count == 1 { "1 vote".to_owned() } else { format!("{count} votes") }
}

fn done(done: &Done) -> String {
    match done {
        Done::TakenBack => "Your last vote was taken back.".to_owned(),
        Done::Deleted => "All votes were deleted from this browser.".to_owned(),
        Done::Added { new, known } => {
            let known = match known {
                0 => String::new(),
                1 => " 1 was here already.".to_owned(),
                known => format!(" {known} were here already."),
            };
            format!("{} added.{known}", votes(*new))
        }
        Done::Written { votes: written, unreadable } => {
            format!("{} written, in full.{}", votes(*written), left_out(*unreadable))
        }
        Done::Preferences { count, both_bad, skipped, unreadable } => {
            let written = match count {
                1 => "1 preference written.".to_owned(),
                count => format!("{count} preferences written."),
            };
            format!("{written}{}{}", without_place(*both_bad, *skipped), left_out(*unreadable))
        }
    }
}

fn left_out(unreadable: usize) -> String {
    match unreadable {
        0 => String::new(),
        count => format!(" Left out, because this version cannot read them: {}.", votes(count)),
    }
}

fn without_place(both_bad: usize, skipped: usize) -> String {
    match both_bad + skipped {
        0 => String::new(),
        _ => format!(
            " Left out, because this form has no place for them: {both_bad} “both bad”, {skipped} skipped."
        ),
    }
}

fn problem(problem: &Problem) -> String {
    let refused =
        |why: &str| format!("No votes were added: {why}. Choose a file that this page wrote “in full”.");
    match problem {
        Problem::NoRandom => "This browser gives no random numbers, so the vote cannot be named.".to_owned(),
        Problem::Store(error) => format!("{} {}", store(error), remedy(error)),
        Problem::NotAdded(error) => format!("No votes were added. {} {}", store(error), remedy(error)),
        Problem::TooLarge { most_mb } => format!(
            "No votes were added: this file is too large. Split it into parts of whole lines, of at most {most_mb} MB each."
        ),
        Problem::Unreadable => refused("this file cannot be read"),
        Problem::ForTrl => refused("this is the form for TRL, which leaves out what a vote needs"),
        Problem::NoVotes => refused("the file holds none"),
        Problem::Refused(error) => refused(&preference(error)),
        Problem::Unwritten(detail) => format!("The file could not be written: {detail}."),
        Problem::NothingToWrite { both_bad, skipped } => {
            format!("There is nothing to download.{}", without_place(*both_bad, *skipped))
        }
        Problem::NotHandedOver => {
            "The file could not be handed over: this browser did not take it. Try another browser.".to_owned()
        }
    }
}

/// What is wrong with a vote, as a part of a sentence.
fn preference(error: &PreferenceError) -> String {
    match error {
        PreferenceError::Line { line, error } => format!("line {line} is not a whole vote ({error})"),
        error => error.to_string(),
    }
}

/// Why votes could not be kept or read, in a sentence.
pub(super) fn store(error: &StoreError) -> String {
    match error {
        StoreError::Forbidden => "This browser does not let the page keep anything: it may be a private window, or storage may be off.".to_owned(),
        StoreError::Full => "There is no room left to keep votes.".to_owned(),
        StoreError::Newer => "The votes in this browser were kept by a newer version of this page.".to_owned(),
        StoreError::Blocked => "The store of this browser does not answer; another tab may be holding it.".to_owned(),
        StoreError::BadVote(error) => format!("The vote is not in order: {error}."),
        StoreError::Failed(detail) => format!("The store of this browser failed ({detail})."),
    }
}

pub(super) fn remedy(error: &StoreError) -> &'static str {
    match error {
        StoreError::Forbidden => "Allow storage for this page, or download your votes before you leave.",
        StoreError::Full => "Free some space on this device and try again, or download your votes.",
        StoreError::Newer => {
            "Reload the page to get the newer version. Download the votes of this visit first."
        }
        StoreError::Blocked => "Close other tabs with this page and try again, or download your votes.",
        StoreError::BadVote(_) => "This is a fault of the page. Download the vote and report it.",
        StoreError::Failed(_) => "Try again. If it stays so, download your votes.",
    }
}
