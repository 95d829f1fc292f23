//! Tests of the reducer.

use super::*;
use crate::learning::Share;
use crate::protocol::ErrorKind;

fn learning() -> State {
    let state = State::default()
        .after(Action::Teacher(Teacher::Simulated(Taste::Birds)))
        .after(Action::Votes(60))
        .after(Action::Begin);
    assert_eq!(state.phase, Phase::Gathering { ticket: 1 });
    state.after(Action::Voted { ticket: 1, votes: 60 })
}

fn pair(prompt: &str, before: &str, after: &str, rewards: [f32; 2]) -> FreshPair {
    FreshPair { prompt: prompt.to_owned(), answers: [before.to_owned(), after.to_owned()], rewards }
}

fn outcome() -> Outcome {
    let fresh = vec![
        pair("a", "the sun", "an owl", [0.0, 1.0]),
        pair("a", "the sun", "a gull", [0.5, 1.0]),
        pair("b", "a lark", "the sea", [0.0, -1.0]),
        pair("b", "the sea", "the sea", [0.0, 0.0]),
    ];
    Outcome { fresh, divergence: 2.0 }
}

#[test]
fn a_run_goes_from_votes_to_a_report() {
    let state = learning();
    assert_eq!(state.phase, Phase::Learning { ticket: 1, step: Step::Load });
    let share = Share { hits: 40.0, of: 60 };
    let state = state
        .after(Action::Rewarded { ticket: 1, report: HeldBack { unseen: share, seen: share } })
        .after(Action::Learned { ticket: 1, outcome: outcome() });
    assert_eq!(state.phase, Phase::Resting);
    let report = state.report.expect("a report");
    assert_eq!((report.votes, report.held_back.map(|r| r.unseen)), (60, Some(share)));
    assert!(report.outcome.is_some());
}

#[test]
fn nothing_begins_without_votes_and_only_one_run_at_a_time() {
    let state = State::default();
    assert!(!state.can_begin());
    assert_eq!(state.clone().after(Action::Begin), state);
    assert!(!state.clone().after(Action::Counted(1)).can_begin());
    assert!(state.after(Action::Counted(2)).can_begin());
    assert_eq!(learning().after(Action::Begin), learning());
}

#[test]
fn news_of_a_run_that_was_cancelled_change_nothing() {
    let state = learning().after(Action::Cancel);
    assert_eq!(state.phase, Phase::Resting);
    let error = VisitorError::new(ErrorKind::Internal, "");
    for late in [
        Action::Voted { ticket: 1, votes: 3 },
        Action::Progress { ticket: 1, step: Some(Step::Policy), done: 1, all: 2, now_ms: 1.0 },
        Action::Learned { ticket: 1, outcome: outcome() },
        Action::Failed { ticket: 1, error },
    ] {
        assert_eq!(state.clone().after(late), state);
    }
}

#[test]
fn time_left_is_that_of_the_step() {
    let at = |state: State, step, done, now_ms| {
        state.after(Action::Progress { ticket: 1, step: Some(step), done, all: 10, now_ms })
    };
    let state = at(learning(), Step::HoldBack, 0, 1000.0);
    assert_eq!(state.progress.left_ms(), None);
    let state = at(state, Step::HoldBack, 5, 3000.0);
    assert_eq!(state.progress.left_ms(), Some(2000.0));
    let state = at(at(state, Step::Policy, 0, 4000.0), Step::Policy, 1, 4100.0);
    assert_eq!(state.progress.left_ms(), Some(900.0));
}

#[test]
fn wins_are_counted_by_taste_and_by_reward() {
    assert_eq!(outcome().by_taste(Taste::Birds), Meetings { better: 2, alike: 1, worse: 1 });
    assert_eq!(outcome().by_reward(), Meetings { better: 2, alike: 1, worse: 1 });
    assert_eq!(outcome().by_taste(Taste::Birds).win_rate().value(), Some(0.625));
    assert_eq!(outcome().mean_rewards(), [0.125, 0.25]);
}

#[test]
fn examples_are_one_a_prompt_and_differ() {
    let outcome = outcome();
    let shown: Vec<&str> = outcome.examples(3).iter().map(|pair| pair.answers[1].as_str()).collect();
    assert_eq!(shown, ["an owl", "the sea"]);
}

#[test]
fn every_teacher_has_a_name_of_its_own() {
    for teacher in Teacher::all() {
        assert_eq!(Teacher::named(teacher.id()), Some(teacher));
    }
    assert_eq!(Teacher::all().count(), 5);
}
