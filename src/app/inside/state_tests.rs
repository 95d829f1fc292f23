//! Tests of the chapter's state.

use super::super::reading::tests::inspection;
use super::super::subject::Origin;
use super::*;
use crate::app::models::tests::lineage;
use crate::app::prompts::Side;
use crate::protocol::ReadAnswer;

fn subject(token: u32, stage: &str) -> Subject {
    Subject {
        prompt: "?".to_owned(),
        answer: ReadAnswer::Tokens(vec![token]),
        is_complete: true,
        origin: Origin::Sampled { side: Side::Factual, stage: stage.to_owned(), temperature_tenths: 7 },
    }
}

fn state(stages: usize) -> State {
    State::default().after(Action::Offered(Rc::new(lineage(stages))))
}

fn looking(stages: usize, with_all: bool) -> State {
    state(stages).after(Action::Look { subject: subject(1, "sft"), with_all })
}

fn asked(state: &State) -> Vec<(String, u32)> {
    let ticket = |stage: &StageLook| match stage.look {
        Look::Asked(ticket) => Some((stage.id.clone(), ticket)),
        _ => None,
    };
    state.stages.iter().filter_map(ticket).collect()
}

/// Holds the readings against SFT's, as the desk does.
fn compared(mut state: State) -> State {
    for (reading, reference) in state.uncompared() {
        let places = 0..reading.places();
        let rescaling: Option<Vec<_>> = places.map(|place| reading.rescaling_at(place, &reference)).collect();
        let rescaling = Rc::new(rescaling.expect("all places"));
        state = state.after(Action::Compared { reading, rescaling });
    }
    state
}

/// Answers whatever was asked, each stage twice as sharp as the one before.
fn answered(mut state: State) -> State {
    for (number, (_, ticket)) in asked(&state).into_iter().enumerate() {
        let sharp = 2.0_f32.powi(number as i32);
        let logits = [vec![0.0, sharp, 2.0 * sharp], vec![sharp, 0.0, 0.0]];
        let update = Update::Inspected(Rc::new(inspection(&[1], &logits)));
        state = state.after(Action::Heard { ticket, update });
    }
    compared(state)
}

fn failed() -> Update {
    Update::Failed(VisitorError::new(ErrorKind::Network, "m"))
}

#[test]
fn at_first_only_sft_and_the_answers_own_stage_read() {
    let ids = |state: &State| asked(state).into_iter().map(|(id, _)| id).collect::<Vec<_>>();
    assert_eq!(ids(&looking(4, false)), ["sft"]);
    let state = state(4).after(Action::Look { subject: subject(1, "rlhf-v2"), with_all: false });
    assert_eq!(ids(&state), ["sft", "rlhf-v2"]);
    assert_eq!(state.absent().0, 2);
    assert_eq!(ids(&state.after(Action::All)), ["sft", "rlhf-v1", "rlhf-v2", "rlhf-v3"]);
}

#[test]
fn a_subject_that_is_known_before_the_stages_is_read_when_they_are() {
    let state = State::default().after(Action::Look { subject: subject(1, "sft"), with_all: false });
    assert_eq!(asked(&state.after(Action::Offered(Rc::new(lineage(2))))).len(), 1);
}

#[test]
fn every_later_stage_is_held_against_sft_in_whatever_order_they_come() {
    let forward = answered(looking(3, true));
    let taus = |state: &State| {
        let first = |(_, rescaling): (&StageLook, &Rc<Vec<Rescaling>>)| rescaling[0];
        state.paints().map(first).collect::<Vec<_>>()
    };
    let [Rescaling::Tau(v1), Rescaling::Tau(v2)] = taus(&forward)[..] else { panic!("two temperatures") };
    assert!((v1 - 0.5).abs() < 1e-6 && (v2 - 0.25).abs() < 1e-6, "{v1} {v2}");

    let mut backward = looking(2, true);
    for (number, (_, ticket)) in asked(&backward).into_iter().enumerate().rev() {
        let sharp = 1.0 + number as f32;
        let logits = [vec![0.0, sharp], vec![sharp, 0.0]];
        let update = Update::Inspected(Rc::new(inspection(&[1], &logits)));
        backward = backward.after(Action::Heard { ticket, update });
    }
    assert_eq!(taus(&backward).len(), 0, "not yet");
    assert_eq!(taus(&compared(backward)).len(), 1);
}

#[test]
fn what_is_said_of_a_reading_that_is_gone_changes_nothing() {
    let first = answered(looking(2, true));
    let gone = Rc::clone(first.readings().nth(1).expect("a second").1);
    let second = answered(first.after(Action::Look { subject: subject(2, "sft"), with_all: true }));
    let rescaling = Rc::new(vec![Rescaling::OutOfReach; 2]);
    let after = second.clone().after(Action::Compared { reading: gone, rescaling });
    assert_eq!(after, second);
    assert!(second.uncompared().is_empty());
}

#[test]
fn another_answer_begins_anew_and_late_news_of_the_first_change_nothing() {
    let first = looking(1, false);
    let late = asked(&first)[0].1;
    let second = answered(first.after(Action::Look { subject: subject(2, "sft"), with_all: false }));
    assert_eq!(second.progress(), (1, 1));
    let after = second.clone().after(Action::Heard { ticket: late, update: failed() });
    assert_eq!(after, second);
}

#[test]
fn the_same_answer_again_keeps_what_is_known() {
    let state = answered(looking(2, false)).after(Action::Place(1));
    let again = state.clone().after(Action::Look { subject: subject(1, "sft"), with_all: false });
    assert_eq!(again, state);
    let all = state.after(Action::Look { subject: subject(1, "sft"), with_all: true });
    assert_eq!(all.progress(), (1, 2), "SFT's reading stays, the other is asked for");
}

#[test]
fn a_failure_is_told_and_can_be_tried_again() {
    let state = looking(1, false);
    let ticket = asked(&state)[0].1;
    let state = state.after(Action::Heard { ticket, update: failed() });
    assert!(state.failure().is_some());
    let state = state.after(Action::Retry);
    assert!(state.failure().is_none());
    assert_ne!(asked(&state)[0].1, ticket, "a new ticket, so that it is asked anew");
}

#[test]
fn a_replaced_worker_reads_again_without_our_doing() {
    let state = looking(1, false);
    let ticket = asked(&state)[0].1;
    assert_eq!(state.clone().after(Action::Heard { ticket, update: Update::Restarted }), state);
}

#[test]
fn places_stay_inside_the_answer() {
    let state = answered(looking(1, false));
    assert_eq!(state.places(), 2);
    assert_eq!(state.clone().after(Action::Place(1)).place, 1);
    assert_eq!(state.after(Action::Place(99)).place, 1);
    assert_eq!(State::default().after(Action::Place(3)).place, 0);
}

#[test]
fn the_newest_rlhf_stage_paints_unless_another_is_chosen() {
    let mut manifest = lineage(3);
    manifest.stages.push(manifest.stages[0].clone());
    manifest.stages[3].id = "over-optimised".to_owned();
    manifest.stages[3].files[0].file = "o.gguf".to_owned();
    let state = State::default().after(Action::Offered(Rc::new(manifest)));
    assert!(state.paint().is_none());
    let state = answered(state.after(Action::Look { subject: subject(1, "sft"), with_all: true }));
    let id = |state: &State| state.paint().map(|(stage, _)| stage.id.clone());
    assert_eq!(id(&state).as_deref(), Some("rlhf-v2"));
    let state = state.after(Action::Paint("rlhf-v1".to_owned()));
    assert_eq!(id(&state).as_deref(), Some("rlhf-v1"));
    assert_eq!(id(&state.after(Action::Paint("nonsense".to_owned()))).as_deref(), Some("rlhf-v2"));
}
