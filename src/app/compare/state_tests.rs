//! The widget's state: what follows from what.

use super::sampling::{Offer, Sampling};
use super::state::{
    Action, Done, MOST_ATTEMPTS, Notice, Pair, Phase, Problem, PromptWish, State, all_prompts,
};
use crate::preference::ranking::Meeting;
use crate::preference::{CANDIDATES_PER_SIDE, Choice, Device, RandomKey, Side, StoreError, Strength, Vote};
use crate::protocol::{
    ErrorKind, GenerateStats, ModelSource, RowDelta, SampledToken, StopReason, VisitorError,
};
use crate::units::Temperature;
use crate::worker::switchboard::Update;

const CHOICE: Choice = Choice::Prefer { side: Side::A, strength: Strength::Better };

fn offer(stage: &str) -> Offer {
    Offer {
        stage: stage.to_owned(),
        label: stage.to_uppercase(),
        source: ModelSource {
            key: format!("{stage}-q8_0"),
            url: String::new(),
            size_bytes: None,
            sha256: None,
        },
        model_sha256: sum(stage),
    }
}

/// The checksum of a stage's model.
fn sum(stage: &str) -> String {
    stage.bytes().map(|byte| format!("{byte:02x}")).collect::<String>().repeat(32)[..64].to_owned()
}

fn state(stages: &[&str]) -> State {
    let offers = stages.iter().map(|stage| offer(stage)).collect();
    State::new(1, RandomKey::new([7; 16])).after(Action::Offered(offers, Some(Device::Cpu)))
}

fn sampling(state: &State) -> &Sampling {
    match &state.phase {
        Phase::Sampling(sampling) => sampling,
        other => panic!("not sampling but {}", other.id()),
    }
}

fn trouble() -> StoreError {
    StoreError::Full
}

fn delta(row: u32, text: &str) -> RowDelta {
    let tokens = vec![SampledToken { id: row, log_prob: -1.0, entropy: 1.0 }];
    RowDelta { row, tokens, text: text.to_owned(), stop: Some(StopReason::EndOfAnswer) }
}

/// Answers every row with what `text` says about it, job by job.
fn answer(mut state: State, text: impl Fn(u32) -> String) -> State {
    let (serial, jobs) = (sampling(&state).serial, sampling(&state).jobs.clone());
    for (job, request) in jobs.iter().enumerate() {
        let deltas = request.rows.iter().map(|row| delta(row.row, &text(row.row))).collect();
        state = state.after(Action::Heard { serial, job, update: Update::Tokens(deltas) });
        let finished = Update::Finished(GenerateStats::default());
        state = state.after(Action::Heard { serial, job, update: finished });
    }
    state
}

fn blind(stages: &[&str]) -> State {
    answer(state(stages).after(Action::Next), |row| format!(" answer {row}\n"))
}

fn chosen(state: State) -> State {
    state.after(Action::Choose { choice: CHOICE, id: RandomKey::new([1; 16]), time_unix_ms: 5 })
}

fn saving(state: &State) -> (u32, Vote) {
    match &state.phase {
        Phase::Saving { serial, vote } => (*serial, vote.clone()),
        other => panic!("not saving but {}", other.id()),
    }
}

fn stored(state: State, result: Result<u32, StoreError>) -> State {
    let (serial, vote) = saving(&state);
    state.after(Action::Stored { serial, vote: Box::new(vote), result })
}

#[test]
fn without_a_stage_nothing_is_asked() {
    let state = state(&[]);
    assert!(!state.can_ask());
    assert_eq!(state.after(Action::Next).phase, Phase::Idle);
}

#[test]
fn one_stage_is_asked_once_for_both_temperatures() {
    let state = state(&["sft"]).after(Action::Next);
    let [job] = &sampling(&state).jobs[..] else { panic!("one job") };
    let rows: Vec<u32> = job.rows.iter().map(|row| row.row).collect();
    assert_eq!(rows, (0..2 * CANDIDATES_PER_SIDE).collect::<Vec<_>>());
    let half = CANDIDATES_PER_SIDE as usize;
    assert_ne!(job.rows[0].temperature, job.rows[half].temperature);
    assert!(job.rows.iter().all(|row| row.seed == job.rows[0].seed));
}

#[test]
fn several_stages_are_asked_one_job_each() {
    let state = state(&["sft", "v1"]).after(Action::Next);
    let [a, b] = &sampling(&state).jobs[..] else { panic!("two jobs") };
    assert_ne!(a.model, b.model);
    assert!(a.rows.iter().all(|row| b.rows.iter().all(|other| other.row != row.row)));
}

#[test]
fn a_pair_is_shown_when_all_jobs_have_finished() {
    for stages in [&["sft"][..], &["sft", "v1"]] {
        let state = blind(stages);
        let Phase::Blind(Pair { answers: [a, b], .. }) = &state.phase else { panic!("a pair") };
        assert_eq!((a.text.as_str(), b.text.as_str()), ("answer 0", "answer 4"), "trimmed, first candidates");
        assert_eq!((a.token_ids.as_slice(), b.token_ids.as_slice()), (&[0][..], &[4][..]));
        assert_eq!((a.source.row, b.source.row), (0, 4));
        assert_ne!(a.source.temperature, b.source.temperature);
        assert!(matches!(a.source.temperature, Temperature::Value(value) if (0.4..=1.4).contains(&value)));
        assert_eq!(stages.len() > 1, a.source.stage != b.source.stage);
    }
}

#[test]
fn answers_that_are_alike_are_drawn_again_and_then_given_up() {
    let mut state = state(&["sft"]).after(Action::Next);
    for attempt in 1..=MOST_ATTEMPTS {
        assert_eq!(sampling(&state).attempt, attempt);
        let seed = sampling(&state).jobs[0].rows[0].seed;
        state = answer(state, |_| "Paris.".to_owned());
        if let Phase::Sampling(next) = &state.phase {
            assert_ne!(next.jobs[0].rows[0].seed, seed, "a fresh draw");
        }
    }
    assert_eq!(state.phase, Phase::Alike);
    assert!(state.can_ask());
}

#[test]
fn a_restarted_job_begins_from_nothing() {
    let state = state(&["sft"]).after(Action::Next);
    let serial = sampling(&state).serial;
    let hear = |state: State, update| state.after(Action::Heard { serial, job: 0, update });
    let state = hear(state, Update::Tokens(vec![delta(0, "half an ans")]));
    let state = answer(hear(state, Update::Restarted), |row| format!("answer {row}"));
    let Phase::Blind(pair) = &state.phase else { panic!("a pair") };
    assert_eq!(pair.answers[0].text, "answer 0");
}

#[test]
fn late_news_of_a_cancelled_sampling_is_ignored() {
    let state = state(&["sft"]).after(Action::Next);
    let serial = sampling(&state).serial;
    let state = state.after(Action::Cancel);
    let late = Action::Heard { serial, job: 0, update: Update::Tokens(vec![delta(0, "late")]) };
    assert_eq!(state.clone().after(late.clone()).phase, Phase::Idle);
    let asked_again = state.after(Action::Next);
    assert_eq!(asked_again.clone().after(late), asked_again);
}

#[test]
fn a_failure_of_the_engine_is_shown_and_can_be_tried_again() {
    let state = state(&["sft"]).after(Action::Next);
    let error = VisitorError::new(ErrorKind::Device, "m");
    let serial = sampling(&state).serial;
    let state = state.after(Action::Heard { serial, job: 0, update: Update::Failed(error.clone()) });
    assert_eq!(state.phase, Phase::Failed(error));
    assert_eq!(state.after(Action::Next).phase.id(), "sampling");
}

#[test]
fn a_vote_is_complete_and_in_order() {
    let (_, vote) = saving(&chosen(blind(&["sft"])));
    assert_eq!(vote.check(), Ok(()));
    assert_eq!((vote.choice, vote.time_unix_ms), (CHOICE, 5));
}

#[test]
fn a_second_key_press_casts_no_second_vote() {
    let state = chosen(blind(&["sft"]));
    let again = Action::Choose { choice: Choice::Skip, id: RandomKey::new([2; 16]), time_unix_ms: 6 };
    assert_eq!(state.clone().after(again), state);
}

#[test]
fn thanks_come_only_after_the_store_has_the_vote() {
    let state = chosen(blind(&["sft"]));
    assert_eq!(state.phase.id(), "saving");
    assert_eq!(state.kept, None);
    let state = stored(state, Ok(1));
    assert_eq!((state.phase.id(), state.kept), ("saved", Some(1)));
}

#[test]
fn a_vote_that_could_not_be_kept_stays_at_hand_until_it_is() {
    let state = stored(chosen(blind(&["sft"])), Err(trouble()));
    assert_eq!(state.phase.id(), "unsaved");
    let state = stored(state.after(Action::SaveAgain), Err(trouble()));
    assert_eq!(state.unsaved.len(), 1, "the same vote is not listed twice");
    let state = stored(state.after(Action::SaveAgain), Ok(1));
    assert_eq!((state.phase.id(), state.unsaved.len()), ("saved", 0));
}

#[test]
fn deleting_all_forgets_the_shown_vote_too() {
    let state = stored(chosen(blind(&["sft"])), Ok(3)).after(Action::Confirm(true));
    let failed = state.clone().after(Action::Deleted(Err(trouble())));
    assert!(matches!(failed.notice, Some(Notice::Problem(_))));
    assert_eq!(failed.kept, Some(3));
    let state = state.after(Action::Deleted(Ok(())));
    assert_eq!((state.phase.id(), state.kept, state.is_confirming), ("idle", Some(0), false));
}

#[test]
fn a_picked_prompt_is_asked_and_any_prompt_varies() {
    let prompt = all_prompts().nth(13).expect("twenty prompts");
    let mut picked = state(&["sft"]).after(Action::Wish(PromptWish::named(prompt.name)));
    let mut any = state(&["sft"]);
    let mut seen = std::collections::HashSet::new();
    for _ in 0..100 {
        picked = picked.after(Action::Next);
        any = any.after(Action::Next);
        assert_eq!(sampling(&picked).jobs[0].prompt, prompt.text);
        seen.insert(sampling(&any).jobs[0].prompt.clone());
        (picked, any) = (picked.after(Action::Cancel), any.after(Action::Cancel));
    }
    assert!(seen.len() > 15, "{}", seen.len());
    assert_eq!(PromptWish::named("no such prompt"), PromptWish::Any);
}

#[test]
fn stages_that_have_met_often_are_paired_less_often() {
    let fresh = || state(&["sft", "rlhf-v1", "rlhf-v2"]);
    let meeting = Meeting { models: ["rlhf-v1", "sft"].map(sum), won: 1.0 };
    let gone = Meeting { models: ["sft", "rlhf-v9"].map(sum), won: 1.0 };
    let known = fresh().after(Action::Met(vec![vec![meeting, gone]; 500].concat()));
    let is_known_pair = |state: &State| {
        let keys: Vec<&str> = sampling(state).sources().map(|source| source.key.as_str()).collect();
        !keys.contains(&"rlhf-v2-q8_0")
    };
    let times = |mut state: State| {
        (0..60)
            .filter(|_| {
                state = state.clone().after(Action::Cancel).after(Action::Next);
                is_known_pair(&state)
            })
            .count()
    };
    assert!(times(fresh()) >= 10, "a third of the pairs");
    assert!(times(known) <= 2, "1 of 500");
}

#[test]
fn votes_added_from_a_file_are_told_and_counted() {
    let notice = Notice::Done(Done::Added { new: 2, known: 0 });
    let added = state(&["sft"]).after(Action::Added { notice: notice.clone(), kept: Some(2) });
    assert_eq!((added.kept, added.notice.clone()), (Some(2), Some(notice)));
    let refused = Notice::Problem(Problem::NoVotes);
    let after = added.after(Action::Added { notice: refused.clone(), kept: None });
    assert_eq!((after.kept, after.notice), (Some(2), Some(refused)));
}
