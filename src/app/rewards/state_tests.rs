//! Tests of the chapter's state.

use super::*;
use crate::app::models::tests::lineage;
use crate::protocol::ErrorKind;

fn state() -> State {
    let mut manifest = lineage(2);
    let mut warning = manifest.stages[0].clone();
    warning.id = "over-optimised".to_owned();
    let mut judge = manifest.stages[0].clone();
    judge.id = "reward".to_owned();
    manifest.demonstrations.push(warning);
    manifest.reward_models.push(judge);
    State::default().after(Action::Offered(Rc::new(manifest)))
}

fn running(state: &State) -> Option<(u32, Step)> {
    match state.phase {
        Phase::Running { ticket, step } => Some((ticket, step)),
        Phase::Resting => None,
    }
}

fn scored(rewards: &[f64]) -> Vec<ScoredAnswer> {
    let answer = |&reward: &f64| ScoredAnswer { prompt: "?".to_owned(), answer: "!".to_owned(), reward };
    rewards.iter().map(answer).collect()
}

#[test]
fn every_entrant_answers_every_prompt_once() {
    let mut state = state().after(Action::Begin(10));
    assert_eq!(state.entrants.iter().map(|e| e.is_warning).collect::<Vec<_>>(), [false, false, true]);
    let mut steps = Vec::new();
    while let Some((ticket, step)) = running(&state) {
        assert!(state.job().is_some_and(|(job, _)| job.rows.len() == 25 && !job.prompt.is_empty()));
        steps.push((step.entrant, step.kind, step.prompt));
        state = state.after(Action::Scored { ticket, answers: scored(&[0.0]) });
    }
    assert_eq!((steps.len(), state.done()), (24, state.all()));
    let mut distinct = steps.clone();
    distinct.sort();
    distinct.dedup();
    assert_eq!(distinct.len(), 24);
    assert_eq!(steps[..4].iter().map(|(entrant, ..)| *entrant).collect::<Vec<_>>(), [0, 1, 2, 0]);
}

#[test]
fn distributions_and_the_best_of_n_are_of_the_kind_shown() {
    let mut state = state().after(Action::Begin(10));
    for rewards in [[1.0, -1.0], [2.0, 0.0], [5.0, 5.0], [9.0, 9.0], [9.0, 9.0], [9.0, 9.0], [3.0, 3.0]] {
        let (ticket, _) = running(&state).expect("a step runs");
        state = state.after(Action::Scored { ticket, answers: scored(&rewards) });
    }
    assert_eq!(state.distribution(0).map(|d| (d.count, d.mean)), Some((4, 1.5)));
    assert_eq!(state.best_of(0, 10), [1.5, 2.0], "means of [0, 1] and [3, 3]");
    assert_eq!(state.scored(0)[0].reward, -1.0, "the worst first");
    let state = state.after(Action::Show(Kind::Factual));
    assert_eq!(state.distribution(0).map(|d| d.mean), Some(9.0));
}

#[test]
fn the_answers_behind_a_bar_are_those_that_it_counts() {
    let mut state = state().after(Action::Begin(10));
    let (ticket, _) = running(&state).expect("a step runs");
    state = state.after(Action::Scored { ticket, answers: scored(&[0.1, 0.2, -0.1, 9.0, 0.24]) });
    let counts: Vec<usize> = (0..bins()).map(|bar| state.behind(0, bar).len()).collect();
    let shares = state.distribution(0).expect("rewards").shares;
    assert_eq!(counts, shares.iter().map(|share| (share * 5.0).round() as usize).collect::<Vec<_>>());
    assert_eq!(state.behind(0, bin_of(0.0)).iter().map(|a| a.reward).collect::<Vec<_>>(), [0.1, 0.2, 0.24]);
    let state = state.after(Action::Bar { entrant: 9, bar: 99 });
    assert_eq!((state.listed, state.bar), (2, Some(bins() - 1)), "what is there");
    assert_eq!(state.after(Action::List(1)).bar, None);
}

#[test]
fn stopping_keeps_what_was_scored_and_late_news_change_nothing() {
    let state = state().after(Action::Begin(10));
    let (first, _) = running(&state).expect("a step runs");
    let state = state.after(Action::Scored { ticket: first, answers: scored(&[1.0]) });
    let (second, _) = running(&state).expect("a step runs");
    let state = state.after(Action::Stop);
    assert_eq!(state.clone().after(Action::Scored { ticket: second, answers: scored(&[1.0]) }), state);
    assert_eq!(state.done(), 1);
    let state = state.after(Action::Begin(7));
    assert_eq!((state.done(), state.temperatures()), (0, vec![10]), "what was scored elsewhere stays");
    let state = state.after(Action::Stop).after(Action::Begin(10));
    assert_eq!((state.done(), state.temperatures()), (0, vec![]), "a new beginning forgets its own");
}

#[test]
fn a_sweep_goes_from_temperature_to_temperature() {
    let mut state = state().after(Action::Begin(7));
    let mut asked = Vec::new();
    let finish = |mut state: State, asked: &mut Vec<u8>| {
        while let Some((ticket, step)) = running(&state) {
            asked.push(step.tenths);
            let rewards = [0.0, f64::from(step.tenths) + step.entrant as f64];
            state = state.after(Action::Scored { ticket, answers: scored(&rewards) });
        }
        state
    };
    state = finish(state, &mut asked);
    state = finish(state.after(Action::Sweep), &mut asked);
    assert_eq!((state.done(), state.all()), (24 * SWEEP.len(), 24 * SWEEP.len()));
    asked.dedup();
    assert_eq!(asked, [&[7][..], &SWEEP].concat());
    assert_eq!(state.temperatures(), [4, 6, 7, 8, 10, 12, 14]);
    let best = &state.results()[1].by_temperature;
    assert_eq!((best.len(), best[0], best[2]), (7, (4, 5.0), (7, 8.0)));
    assert_eq!(state.temperature_tenths, 7, "what was shown before is shown again");
    let swept = finish(self::state().after(Action::Sweep), &mut asked);
    assert_eq!(swept.temperature_tenths, 10);
    assert_eq!(state.after(Action::At(6)).scored(0)[4].reward, 6.0);
}

#[test]
fn a_failure_rests_and_is_told() {
    let state = state().after(Action::Begin(10));
    let (ticket, _) = running(&state).expect("a step runs");
    let error = VisitorError::new(ErrorKind::Network, "m");
    let state = state.after(Action::Failed { ticket, error });
    assert!(state.problem.is_some() && state.can_begin());
    assert_eq!(state.after(Action::Begin(10)).problem, None);
}

#[test]
fn without_a_reward_model_nothing_begins() {
    let state = State::default().after(Action::Offered(Rc::new(lineage(2)))).after(Action::Begin(10));
    assert_eq!(state.phase, Phase::Resting);
}
