//! The chapter as a whole: state, effects and layout.

use std::rc::Rc;

use yew::prelude::*;

use super::desk::Desk;
use super::results::Results;
use super::state::{Action, Phase, State, Teacher, VOTES};
use crate::app::chapter::Chapter;
use crate::app::heirs::use_heirs;
use crate::app::language::use_words;
use crate::app::language::words::{Fault, Learn as Said, Words};
use crate::app::models::source_of;
use crate::app::own::OWN_ID;
use crate::app::parts::{emit, value_of};
use crate::app::settings::Change;
use crate::app::state::Action as PageAction;
use crate::manifest::{Manifest, Stage};
use crate::platform::focus::focus;
use crate::preference::Taste;
use crate::protocol::{ModelSource, VisitorError};
use crate::worker::client::Client;

impl Reducible for State {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        Rc::new((*self).clone().after(action))
    }
}

/// Properties of [`Learn`].
#[derive(Properties, PartialEq)]
pub struct LearnProps {
    /// The engine.
    pub engine: Client,
    /// The models, once known: the published ones, and the visitor's own.
    pub manifest: Option<Rc<Manifest>>,
    /// Changes the page.
    pub act: Callback<PageAction>,
    /// Votes kept, as the annotator's chapter counts them: when that changes they are read.
    pub votes_kept: Option<u32>,
}

/// The chapter.
#[component]
pub fn Learn(props: &LearnProps) -> Html {
    let words = use_words();
    let said = &words.learn;
    let state = use_reducer_eq(State::default);
    let desk = {
        let (dispatcher, act) = (state.dispatcher(), props.act.clone());
        use_memo(props.engine.clone(), move |client| Desk::new(client.clone(), dispatcher, act))
    };
    let stages = published(props.manifest.as_deref());
    {
        let (desk, current, stages) = (Rc::clone(&desk), (*state).clone(), stages.clone());
        use_effect_with(state.phase.ticket(), move |_| desk.follow(&current, &stages));
    }
    {
        let desk = Rc::clone(&desk);
        use_effect_with(props.votes_kept, move |kept| {
            if kept.is_some() {
                desk.count();
            }
        });
    }
    {
        let desk = Rc::clone(&desk);
        use_effect_with((), move |()| move || desk.stop());
    }
    use_heirs(Chapter::Learn, &["learn-begin"]);
    let act = {
        let dispatcher = state.dispatcher();
        use_callback((), move |action: Action, ()| dispatcher.dispatch(action))
    };
    let is_running = state.phase != Phase::Resting;
    let has_run = use_state_eq(|| false);
    {
        let setter = has_run.setter();
        use_effect_with(is_running, move |&is_running| {
            if is_running {
                setter.set(true);
            }
        });
    }
    let own =
        props.manifest.as_ref().and_then(|manifest| manifest.stages.iter().find(|stage| stage.id == OWN_ID));
    html! {
        <section id="learn" class="chapter learn" lang={words.language.tag()} tabindex="-1" aria-labelledby="learn-heading" data-phase={state.phase.id()}>
            <h2 id="learn-heading">{ words.chapter(Chapter::Learn) }</h2>
            <p class="lede">{ said.lede }</p>
            { controls(&state, &act, !stages.is_empty(), said) }
            if let Some(problem) = &state.problem {
                { fault(problem, words) }
            }
            if let Some(report) = &state.report {
                <Results report={report.clone()} />
            }
            if let Some(stage) = own {
                { shelf(stage, props, &desk, state.phase == Phase::Resting, words) }
            }
            <p class="hidden" role="status">{ status(&state, *has_run, said) }</p>
            <p id="learn-notice" class="note" role="status">{ state.notice.map(said.notice).unwrap_or_default() }</p>
            <details>
                <summary>{ said.how }</summary>
                <p class="note">{ said.method }</p>
            </details>
        </section>
    }
}

fn status(state: &State, has_run: bool, said: &Said) -> &'static str {
    let is_done = state.report.as_ref().is_some_and(|report| report.outcome.is_some());
    match state.phase {
        Phase::Resting if is_done => said.is_done,
        // What went wrong is said elsewhere.
        Phase::Resting if has_run && state.problem.is_none() => said.stopped,
        Phase::Resting => "",
        _ => said.running,
    }
}

fn fault(problem: &VisitorError, words: &Words) -> Html {
    let Fault { message, remedy } = (words.faults.fault)(problem);
    html! {
        <div class="notice shown" role="alert">
            <p class="notice-message">{ message }</p>
            <p>{ remedy }</p>
        </div>
    }
}

/// The published stages' models, SFT first.
fn published(manifest: Option<&Manifest>) -> Vec<ModelSource> {
    let stages = manifest.map_or(&[][..], |manifest| &manifest.stages);
    stages.iter().filter(|stage| stage.id != OWN_ID).filter_map(source_of).collect()
}

fn controls(state: &State, act: &Callback<Action>, has_stages: bool, said: &Said) -> Html {
    let is_running = state.phase != Phase::Resting;
    let on_teacher = {
        let act = act.clone();
        Callback::from(move |event: Event| {
            if let Some(teacher) = value_of(&event).and_then(|id| Teacher::named(&id)) {
                act.emit(Action::Teacher(teacher));
            }
        })
    };
    let on_votes = {
        let act = act.clone();
        Callback::from(move |event: Event| {
            if let Some(votes) = value_of(&event).and_then(|votes| votes.parse().ok()) {
                act.emit(Action::Votes(votes));
            }
        })
    };
    let option = |teacher: Teacher| {
        let selected = state.teacher == teacher;
        html! { <option value={teacher.id()} {selected}>{ (said.teacher)(teacher, state.own_votes) }</option> }
    };
    let votes = |votes: usize| {
        html! { <option value={votes.to_string()} selected={state.votes == votes}>{ votes.to_string() }</option> }
    };
    let is_simulated = matches!(state.teacher, Teacher::Simulated(_));
    html! {
        <>
            <div class="learn-controls">
                <div class="field">
                    <label for="learn-teacher">{ said.whose }</label>
                    <select id="learn-teacher" onchange={on_teacher} disabled={is_running}>
                        { option(Teacher::Visitor) }
                        <optgroup label={said.simulated_that}>{ for Taste::ALL.map(|taste| option(Teacher::Simulated(taste))) }</optgroup>
                    </select>
                </div>
                if is_simulated {
                    <div class="field">
                        <label for="learn-votes">{ said.votes }</label>
                        <select id="learn-votes" onchange={on_votes} disabled={is_running}>{ for VOTES.map(votes) }</select>
                    </div>
                }
                if is_running {
                    <button id="learn-cancel" type="button" onclick={emit(act, Action::Cancel)}>{ said.cancel }</button>
                } else {
                    <button id="learn-begin" type="button" class="primary" onclick={emit(act, Action::Begin)}
                        disabled={!state.can_begin() || !has_stages}>{ (said.begin)(state.teacher, state.lessons()) }</button>
                }
            </div>
            if is_running {
                { progress(state, said) }
            } else if is_simulated {
                <p class="note">{ said.simulated }</p>
            } else {
                <p class="note">{ (said.expectation)(state.own_votes) }</p>
            }
        </>
    }
}

fn progress(state: &State, said: &Said) -> Html {
    let (done, all) = (state.progress.done, state.progress.all);
    html! {
        <div class="learn-progress">
            if all > 0 {
                <progress aria-label={said.progress_of_step} max={all.to_string()} value={done.to_string()}></progress>
            } else {
                <progress aria-label={said.progress_of_step}></progress>
            }
            <span>{ (said.progress)(state.phase, &state.progress) }</span>
        </div>
    }
}

/// What can be done with the own stage.
fn shelf(stage: &Stage, props: &LearnProps, desk: &Rc<Desk>, is_resting: bool, words: &Words) -> Html {
    let said = &words.learn;
    let size = stage.files.first().map_or(0, |file| file.size_bytes);
    let on_look = {
        let act = props.act.clone();
        Callback::from(move |_: MouseEvent| {
            for change in [
                Change::Stage(OWN_ID.to_owned()),
                Change::Beside(Some("sft".to_owned())),
                Change::Chapter(Chapter::Instrument),
            ] {
                act.emit(PageAction::Change(change));
            }
            focus(Chapter::Instrument.id());
        })
    };
    let with_stage = |work: fn(&Desk, &Stage)| {
        let (desk, stage) = (Rc::clone(desk), stage.clone());
        Callback::from(move |_: MouseEvent| work(&desk, &stage))
    };
    html! {
        <div id="learn-own" class="learn-own" data-sha256={stage.files.first().map(|file| file.sha256.clone())}>
            <h3>{ (said.your_stage)(words.stage_label(&stage.label)) }</h3>
            <p>{ (words.stages.summary)(&stage.summary).unwrap_or(&stage.summary).to_owned() }</p>
            <div class="buttons">
                <button id="learn-look" type="button" class="primary" onclick={on_look}>{ said.look }</button>
                <button id="learn-download" type="button" onclick={with_stage(Desk::download)}>{ (said.download)(&words.bytes(size)) }</button>
                <button id="learn-forget" type="button" onclick={with_stage(Desk::forget)} disabled={!is_resting}>{ said.forget }</button>
            </div>
        </div>
    }
}
