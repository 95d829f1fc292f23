//! Tests of the reducer.

use super::*;
use crate::app::models::tests::{lineage, manifest};
use crate::app::settings::{Plan, Prompt};
use crate::protocol::{ErrorKind, GenerateStats, RowDelta, SampledToken, StopReason};

fn model(key: &str) -> ModelInfo {
    ModelInfo {
        key: key.to_owned(),
        name: "test".to_owned(),
        parameters: 1,
        vocabulary: 1,
        context_tokens: 256,
        sha256: String::new(),
        quantization: "Q4_0".to_owned(),
    }
}

/// A page whose engine is ready and whose columns run.
fn ready() -> State {
    State::new(Settings { answers: 2, ..Settings::default() })
        .after(Action::Manifest(Ok(Rc::new(manifest()))))
        .after(Action::Heard(vec![Heard::News(News::Loaded(model("sft-q4_0")))]))
}

fn heard(state: State, side: Side, update: Update) -> State {
    let run = state.column(side).run;
    state.after(Action::Heard(vec![Heard::Answers { run, update }]))
}

fn answered(state: State, side: Side, texts: &[&str]) -> State {
    let token = SampledToken { id: 1, log_prob: 0.0, entropy: 0.0 };
    let deltas = (0..).zip(texts).map(|(row, text)| RowDelta {
        row,
        tokens: vec![token],
        text: (*text).to_owned(),
        stop: Some(StopReason::EndOfAnswer),
    });
    let state = heard(state, side, Update::Tokens(deltas.collect()));
    heard(state, side, Update::Finished(GenerateStats::default()))
}

#[test]
fn the_first_answers_are_asked_for_without_a_click() {
    let state = ready();
    assert_eq!(state.engine, Engine::Ready);
    assert!(state.shown().iter().all(|column| column.phase == Phase::Running && column.run > 0));
}

#[test]
fn a_change_waits_for_rest_and_then_runs_only_what_it_concerns() {
    let state = answered(answered(ready(), Side::Creative, &["a", "b"]), Side::Factual, &["c", "c"]);
    let runs: Vec<u32> = state.shown().iter().map(|column| column.run).collect();
    let prompt = Prompt::own("Write a poem about socks.");
    let state = state.after(Action::Change(Change::Prompt(Side::Creative, prompt)));
    assert!(!state.is_running());
    let state = state.after(Action::Settle);
    assert_eq!(state.column(Side::Creative).phase, Phase::Running);
    assert_eq!(
        (state.column(Side::Factual).run, &state.column(Side::Factual).phase),
        (runs[1], &Phase::Finished)
    );
}

#[test]
fn a_new_temperature_runs_both_with_the_same_seed() {
    let state = ready().after(Action::Change(Change::Temperature(12))).after(Action::Settle);
    for column in state.shown() {
        let plan = column.plan.as_ref().expect("a plan");
        assert_eq!((plan.temperature_tenths, plan.seed), (12, 1));
    }
}

#[test]
fn late_news_of_an_older_run_are_dropped() {
    let state = ready();
    let old = state.column(Side::Factual).run;
    let state = state.after(Action::RunAgain);
    let late = Heard::Answers { run: old, update: Update::Finished(GenerateStats::default()) };
    let state = state.after(Action::Heard(vec![late]));
    assert_eq!(state.column(Side::Factual).phase, Phase::Running);
}

#[test]
fn finished_runs_are_measured_and_remembered() {
    let state = answered(ready(), Side::Factual, &["It is Paris.", "It is Paris."]);
    let column = state.column(Side::Factual);
    assert_eq!(column.dials.map(|dials| dials.distinct), Some(1));
    assert_eq!(state.memory.points(column.plan.as_ref().expect("a plan")).len(), 1);
}

#[test]
fn cancelling_keeps_what_had_streamed_and_settling_does_not_undo_it_silently() {
    let token = SampledToken { id: 1, log_prob: 0.0, entropy: 0.0 };
    let delta = RowDelta { row: 0, tokens: vec![token], text: "Half".to_owned(), stop: None };
    let state = heard(ready(), Side::Creative, Update::Tokens(vec![delta])).after(Action::Cancel);
    let column = state.column(Side::Creative);
    assert_eq!((&column.phase, column.rows[0].text.as_str()), (&Phase::Cancelled, "Half"));
    assert_eq!(state.engine, Engine::Ready);
}

#[test]
fn cancelling_before_the_engine_is_ready_stops_it_and_retry_starts_again() {
    let state = State::new(Settings::default()).after(Action::Manifest(Ok(Rc::new(manifest()))));
    let state = state.after(Action::Cancel);
    assert_eq!(state.engine, Engine::Stopped);
    let state = state.after(Action::Heard(vec![Heard::News(News::Stopped)])).after(Action::Retry);
    assert_eq!(state.engine, Engine::Starting);
    assert!(state.is_running());
}

#[test]
fn a_failed_model_is_told_and_retry_runs_again() {
    let error = VisitorError::new(ErrorKind::Network, "m");
    let state = State::new(Settings::default())
        .after(Action::Manifest(Ok(Rc::new(manifest()))))
        .after(Action::Heard(vec![Heard::News(News::Failed(error.clone()))]));
    assert_eq!(state.engine, Engine::Failed(error));
    assert!(!state.clone().after(Action::Settle).is_running(), "nothing can be answered now");
    assert!(state.clone().after(Action::RunAgain).is_running(), "running again is a retry, too");
    assert!(state.after(Action::Retry).is_running());
}

#[test]
fn a_stage_that_does_not_exist_becomes_the_first() {
    let settings = Settings { stage: "rlhf-v9".to_owned(), ..Settings::default() };
    let state = State::new(settings).after(Action::Manifest(Ok(Rc::new(manifest()))));
    assert_eq!(state.settings.stage, "sft");
}

#[test]
fn an_empty_prompt_of_ones_own_asks_nothing() {
    let state = answered(ready(), Side::Creative, &["a", "b"]);
    let state =
        state.after(Action::Change(Change::Prompt(Side::Creative, Prompt::own("  ")))).after(Action::Settle);
    assert_eq!(state.column(Side::Creative).phase, Phase::Finished);
}

fn news(state: State, news: News) -> State {
    state.after(Action::Heard(vec![Heard::News(news)]))
}

fn device() -> DeviceReport {
    DeviceReport { device: crate::protocol::DeviceKind::Cpu, name: "test".to_owned(), software: false }
}

/// A page with three stages, whose SFT model has answered.
fn with_lineage() -> State {
    let state = State::new(Settings { answers: 2, ..Settings::default() })
        .after(Action::Manifest(Ok(Rc::new(lineage(3)))));
    let state = news(news(state, News::Device(device())), News::Loaded(model("sft-q4_0")));
    answered(answered(state, Side::Creative, &["a", "b"]), Side::Factual, &["c", "c"])
}

fn changed(state: State, change: Change) -> State {
    state.after(Action::Change(change)).after(Action::Settle)
}

fn beside(stage: &str) -> Change {
    Change::Beside(Some(stage.to_owned()))
}

fn network() -> VisitorError {
    VisitorError::new(ErrorKind::Network, "m")
}

#[test]
fn a_stage_is_loaded_when_it_is_first_chosen_and_its_progress_has_its_name() {
    let state = changed(with_lineage(), Change::Stage("rlhf-v1".to_owned()));
    let loading = |received_bytes| Engine::Loading {
        stage: "RLHF v1".to_owned(),
        received_bytes,
        total_bytes: Some(10),
    };
    assert_eq!(state.engine, loading(0));
    assert_eq!(state.sources().len(), 1);
    let progress =
        |key: &str| News::LoadProgress { key: key.to_owned(), received_bytes: 5, total_bytes: Some(10) };
    let state = news(state, progress("rlhf-v2-q4_0"));
    assert_eq!(state.engine, loading(0), "another model's progress is not this one's");
    let state = news(state, progress("rlhf-v1-q4_0"));
    assert_eq!(state.engine, loading(5));
    let state = news(state, News::Loaded(model("rlhf-v1-q4_0")));
    assert_eq!(state.engine, Engine::Ready);
    let state = changed(state, Change::Stage("sft".to_owned()));
    assert_eq!(state.engine, Engine::Ready, "what was loaded is still there");
    assert!(state.is_running());
}

#[test]
fn a_stage_beside_runs_alone_with_everything_else_the_same() {
    let state = changed(with_lineage(), beside("rlhf-v1"));
    assert_eq!((state.shown().len(), state.sources().len()), (4, 2));
    assert!(state.columns[..2].iter().all(|column| column.phase == Phase::Finished));
    for (chosen, beside) in state.columns[..2].iter().zip(&state.columns[2..]) {
        assert_eq!(beside.phase, Phase::Running);
        let (chosen, beside) = (chosen.plan.clone().expect("a plan"), beside.plan.clone().expect("a plan"));
        assert_eq!(beside.stage, "rlhf-v1");
        assert_eq!(Plan { stage: chosen.stage.clone(), ..beside }, chosen);
    }
    let runs: std::collections::HashSet<u32> = state.columns.iter().map(|column| column.run).collect();
    assert_eq!(runs.len(), 4, "no two runs share a number");
}

#[test]
fn stages_that_change_places_take_their_answers_along() {
    let state = changed(with_lineage(), beside("rlhf-v1"));
    let state = news(state, News::Loaded(model("rlhf-v1-q4_0")));
    let before = state.columns.clone();
    let state = changed(state, Change::Stage("rlhf-v1".to_owned()));
    assert_eq!(state.settings.beside.as_deref(), Some("sft"));
    assert_eq!((&state.columns[..2], &state.columns[2..]), (&before[2..], &before[..2]));
}

#[test]
fn answers_that_stood_beside_are_gone_with_their_stage() {
    let state = changed(changed(with_lineage(), beside("rlhf-v1")), Change::Beside(None));
    assert!(!state.is_running() && state.shown().len() == 2);
    assert_eq!(state.engine, Engine::Ready, "its model is not needed any more");
    assert_eq!(*state.columns[2], Column::default());
}

#[test]
fn a_stage_beside_that_does_not_exist_or_is_the_chosen_one_is_none() {
    for id in ["rlhf-v9", "sft"] {
        let settings = Settings { beside: Some(id.to_owned()), ..Settings::default() };
        let state = State::new(settings).after(Action::Manifest(Ok(Rc::new(lineage(2)))));
        assert_eq!(state.settings.beside, None, "{id}");
    }
}

#[test]
fn a_stage_that_cannot_be_loaded_is_told_and_another_one_goes_on() {
    let state = changed(with_lineage(), Change::Stage("rlhf-v1".to_owned()));
    let failed = News::LoadFailed { key: "rlhf-v1-q4_0".to_owned(), error: network() };
    let state = news(state, failed);
    assert_eq!(state.engine, Engine::Failed(network()));
    assert!(!state.is_running());
    let state = changed(state, Change::Stage("sft".to_owned()));
    assert_eq!((state.engine.id(), state.attempt), ("ready", 1));
    assert!(state.is_running());
}

#[test]
fn a_model_that_only_the_comparison_wanted_fails_there_alone() {
    let failed = News::LoadFailed { key: "rlhf-v2-q4_0".to_owned(), error: network() };
    assert_eq!(news(with_lineage(), failed).engine, Engine::Ready);
}

fn own(sha256: &str) -> Rc<Stage> {
    let mut stage = manifest().stages.remove(0);
    stage.id = OWN_ID.to_owned();
    stage.files[0].sha256 = sha256.to_owned();
    Rc::new(stage)
}

#[test]
fn the_own_stage_comes_after_the_published_ones_and_goes() {
    let ids = |state: &State| -> Vec<String> {
        state
            .manifest
            .iter()
            .flat_map(|manifest| manifest.stages.iter().map(|stage| stage.id.clone()))
            .collect()
    };
    let mut state = ready().after(Action::Own(Some(own("aa"))));
    assert_eq!(ids(&state), ["sft", "you"]);
    state = state.after(Action::Change(Change::Stage(OWN_ID.to_owned()))).after(Action::Settle);
    assert_eq!(state.sources()[0].key, "you-aa");
    state = state.after(Action::Own(Some(own("bb"))));
    assert_eq!(state.sources()[0].key, "you-bb");
    state = state.after(Action::Own(None));
    assert_eq!((ids(&state), state.settings.stage.as_str()), (vec!["sft".to_owned()], "sft"));
}

#[test]
fn a_list_that_is_offered_again_stays_the_same_one() {
    let before = ready();
    let after = before.clone().after(Action::Own(None));
    let lists = [&before, &after].map(|state| state.manifest.as_ref().expect("it is known"));
    assert!(Rc::ptr_eq(lists[0], lists[1]));
}

#[test]
fn a_link_to_the_own_stage_waits_until_it_is_known() {
    let open = || State::new(Settings { stage: OWN_ID.to_owned(), ..Settings::default() });
    let waiting = open().after(Action::Manifest(Ok(Rc::new(manifest()))));
    assert_eq!((waiting.manifest.as_ref(), waiting.settings.stage.as_str()), (None, OWN_ID));
    let there = waiting.clone().after(Action::Own(Some(own("aa"))));
    assert_eq!(there.stage().map(|stage| stage.id.as_str()), Some(OWN_ID));
    assert!(there.is_running());
    let elsewhere = waiting.after(Action::Own(None));
    assert_eq!((elsewhere.settings.stage.as_str(), elsewhere.is_running()), ("sft", true));
}
