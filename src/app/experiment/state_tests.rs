//! Tests of the chapter's state.

use super::*;
use crate::app::models::tests::lineage;
use crate::protocol::ErrorKind;

fn state() -> State {
    State::default().after(Action::Offered(Rc::new(lineage(2))))
}

fn begun() -> State {
    state().after(Action::Begin { length: Length::Quick, unix_ms: 5, engine: "CPU".to_owned() })
}

fn begin_again(unix_ms: u64) -> Action {
    Action::Begin { length: Length::Quick, unix_ms, engine: String::new() }
}

fn running(state: &State) -> Option<(u32, Block)> {
    match state.phase {
        Phase::Running { ticket, block, .. } => Some((ticket, block)),
        Phase::Resting => None,
    }
}

/// The block under way is done.
fn done(state: State, took_ms: f64) -> State {
    let (ticket, block) = running(&state).expect("a block runs");
    let measured = Measured { block, self_bleu: vec![0.5; 8], distinct: vec![3; 8] };
    state.after(Action::Measured { ticket, measured, took_ms })
}

#[test]
fn an_experiment_runs_block_by_block_to_its_end() {
    let mut state = begun();
    assert_eq!(
        state.job().map(|(job, source)| (job.rows.len(), source.key)),
        Some((200, "sft-q4_0".to_owned()))
    );
    let mut blocks = 0;
    while running(&state).is_some() {
        state = done(state, 100.0);
        blocks += 1;
    }
    assert_eq!(blocks, 2 * 2 * 3);
    assert!((state.share_done() - 1.0).abs() < 1e-12);
    assert!(!state.can_resume() && state.can_begin());
}

#[test]
fn a_pause_loses_only_the_block_under_way() {
    let state = done(begun(), 100.0);
    let (ticket, block) = running(&state).expect("a block runs");
    let paused = state.after(Action::Pause);
    assert!(paused.can_resume());
    let late = Measured { block, self_bleu: vec![0.5; 8], distinct: vec![3; 8] };
    let paused = paused.clone().after(Action::Measured { ticket, measured: late, took_ms: 1.0 });
    assert_eq!(paused.experiment.as_ref().map(|e| e.progress().0), Some(1), "late news change nothing");
    let resumed = paused.after(Action::Resume);
    assert_eq!(running(&resumed).map(|(_, block)| block), Some(block));
    assert_ne!(running(&resumed).map(|(ticket, _)| ticket), Some(ticket));
}

#[test]
fn what_is_left_is_told_by_kind() {
    let state = begun();
    assert_eq!(state.left_ms(), None);
    let state = done(done(state, 1000.0), 1000.0);
    // Two creative blocks done, four left; six factual ones, of unknown length.
    assert!((state.left_ms().expect("a guess") - 10_000.0).abs() < 1e-6);
    let state = done(state, 100.0);
    assert!((state.left_ms().expect("a guess") - (4.0 * 1000.0 + 5.0 * 100.0)).abs() < 1e-6);
    let (ticket, _) = running(&state).expect("a block runs");
    let state = state.after(Action::Answered { ticket, answers: 100 });
    assert!((state.left_ms().expect("a guess") - (4000.0 + 450.0)).abs() < 1e-6);
    assert!((state.share_done() - 3.5 / 12.0).abs() < 1e-12);
}

#[test]
fn a_failure_rests_and_says_why() {
    let state = begun();
    let (ticket, _) = running(&state).expect("a block runs");
    let error = VisitorError::new(ErrorKind::Network, "no");
    let state = state.after(Action::Failed { ticket, error: error.clone() });
    assert_eq!(state.notice, Some(Notice::Failed(error)));
    assert!(state.can_resume());
    assert_eq!(state.after(Action::Resume).notice, None);
}

#[test]
fn one_that_was_kept_goes_on_and_one_of_other_models_is_only_shown() {
    let kept = done(begun(), 1.0).experiment.expect("an experiment");
    let state = state().after(Action::Opened(Rc::clone(&kept)));
    assert!(state.can_resume());
    assert_eq!(
        running(&state.after(Action::Resume)).map(|(_, block)| block),
        kept.remaining().first().copied()
    );

    let mut other = (*kept).clone();
    other.stages[0].sha256 = "other".to_owned();
    let state = self::state().after(Action::Opened(Rc::new(other)));
    assert!(state.experiment.is_some() && !state.can_resume());
    assert_eq!(state.after(Action::Resume).phase, Phase::Resting);
}

#[test]
fn a_file_does_not_push_a_running_experiment_aside() {
    let state = begun();
    let before = state.experiment.clone();
    let mut other = (**before.as_ref().expect("an experiment")).clone();
    other.began_unix_ms = 99;
    assert_eq!(state.after(Action::Opened(Rc::new(other))).experiment, before);
}

#[test]
fn what_is_thrown_away_can_be_brought_back() {
    let state = done(begun(), 1.0).after(Action::Pause);
    let first = state.experiment.clone();
    for by_mistake in [Action::Discard, begin_again(9)] {
        let state = state.clone().after(by_mistake);
        assert_ne!(state.experiment, first);
        let state = state.after(Action::BringBack);
        assert_eq!((&state.experiment, &state.phase), (&first, &Phase::Resting));
        assert!(state.former.is_empty() && state.can_resume(), "what had come to nothing is not kept");
    }
}

#[test]
fn all_that_came_to_something_are_brought_back_in_a_circle() {
    let mut state = begun();
    for unix_ms in 10..12 {
        state = done(state, 1.0).after(Action::Pause).after(begin_again(unix_ms));
    }
    let began = |state: &State| state.experiment.as_ref().map(|experiment| experiment.began_unix_ms);
    let mut state = done(state, 1.0);
    let circle: Vec<_> = (0..4)
        .map(|_| {
            state = state.clone().after(Action::BringBack);
            began(&state)
        })
        .collect();
    assert_eq!(circle, [Some(10), Some(5), Some(11), Some(10)]);
    for unix_ms in 20..30 {
        state = done(state.after(begin_again(unix_ms)), 1.0).after(Action::Pause);
    }
    assert_eq!(state.former.len(), MOST_FORMER);
    assert_eq!(began(&state.after(Action::BringBack)), Some(28));
}

#[test]
fn what_is_opened_again_is_not_its_own_predecessor() {
    let state = done(begun(), 1.0).after(Action::Pause);
    let kept = (**state.experiment.as_ref().expect("an experiment")).clone();
    let left_ms = state.left_ms();
    let again = state.after(Action::Opened(Rc::new(kept)));
    assert!(again.former.is_empty() && left_ms.is_some());
    assert_eq!(again.left_ms(), left_ms);
}

#[test]
fn a_file_is_announced_and_what_was_here_stays_at_hand() {
    let state = done(begun(), 1.0).after(Action::Pause);
    let before: Vec<_> = state.experiment.iter().cloned().collect();
    let file = done(self::state().after(begin_again(7)), 2.0).experiment.expect("an experiment");
    let state = state.after(Action::Imported(Rc::clone(&file)));
    assert_eq!((state.experiment.as_ref(), &state.former), (Some(&file), &before));
    assert_eq!(state.notice, Some(Notice::Done(Outcome::Opened)));
    let told = state.told;
    assert_ne!(state.after(Action::Told(Notice::Done(Outcome::Opened))).told, told, "it can be told again");
}

#[test]
fn without_stages_nothing_begins() {
    let state =
        State::default().after(Action::Begin { length: Length::Full, unix_ms: 1, engine: String::new() });
    assert_eq!((state.phase, state.experiment), (Phase::Resting, None));
}
