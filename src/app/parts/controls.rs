//! Stage, number of answers, seed, run and cancel, link.

use std::rc::Rc;

use yew::prelude::*;

use super::advanced::Advanced;
use super::copy::Copy;
use super::picker::Picker;
use super::value_of;
use crate::app::language::{Language, Words, use_words};
use crate::app::link::to_fragment;
use crate::app::settings::{Change, Settings};
use crate::app::state::Action;
use crate::manifest::{Manifest, Stage};
use crate::platform::address::address_at;

/// Numbers of answers that the picker offers.
const ANSWERS: [u8; 7] = [2, 4, 8, 12, 16, 20, 25];
/// New seeds stay below this, so that links stay short.
const SEEDS: f64 = 10_000.0;

/// Properties of [`Controls`].
#[derive(Properties, PartialEq)]
pub struct ControlsProps {
    /// What is chosen.
    pub settings: Settings,
    /// What there is to choose from.
    pub manifest: Option<Rc<Manifest>>,
    /// Whether answers stream.
    pub running: bool,
    /// Whether the slider goes past the paper's range.
    pub wide: bool,
    /// The same, when the visitor changes it.
    pub on_wide: Callback<bool>,
    /// What to do.
    pub act: Callback<Action>,
    /// The line of progress.
    pub children: Html,
}

/// The controls below the slider.
#[component]
pub fn Controls(props: &ControlsProps) -> Html {
    let words = use_words();
    let said = &words.controls;
    let settings = &props.settings;
    let on_answers = {
        let act = props.act.clone();
        Callback::from(move |value: String| {
            if let Ok(answers) = value.parse() {
                act.emit(Action::Change(Change::Answers(answers)));
            }
        })
    };
    let on_seed = {
        let act = props.act.clone();
        Callback::from(move |_: MouseEvent| {
            act.emit(Action::Change(Change::Seed((js_sys::Math::random() * SEEDS) as u32)));
            // A press need not wait until the settings rest: what it does is seen in its own frame.
            act.emit(Action::Settle);
        })
    };
    let on_run = {
        let (act, running) = (props.act.clone(), props.running);
        Callback::from(move |_: MouseEvent| act.emit(if running { Action::Cancel } else { Action::RunAgain }))
    };
    // The window's own address follows when the settings rest.
    let on_copy = {
        let settings = settings.clone();
        Callback::from(move |()| address_at(&to_fragment(&settings)))
    };
    let stages: &[Stage] = props.manifest.as_ref().map_or(&[], |manifest| &manifest.stages);
    let mut numbers = ANSWERS.to_vec();
    if !numbers.contains(&settings.answers) {
        numbers.push(settings.answers);
        numbers.sort_unstable();
    }
    let entry = |number: &u8| (AttrValue::from(number.to_string()), AttrValue::from(number.to_string()));
    let entries: Vec<_> = numbers.iter().map(entry).collect();
    let (state, label) = if props.running { ("running", said.cancel) } else { ("idle", said.run) };
    html! {
        <div class="controls" lang={words.language.tag()}>
            <Stages chosen={settings.stage.clone()} beside={settings.beside.clone()} manifest={props.manifest.clone()}
                act={props.act.clone()} />
            <div class="field">
                <label for="answers">{ said.answers }</label>
                <Picker id="answers" {entries} chosen={settings.answers.to_string()} on_pick={on_answers} />
            </div>
            <div class="buttons">
                <button id="run" type="button" class={classes!("primary", props.running.then_some("is-running"))}
                    data-state={state} onclick={on_run}>{ label }</button>
                <button id="new-seed" type="button" onclick={on_seed}
                    title={said.new_seed_title}>{ said.new_seed }</button>
                <Copy id="copy-link" labels={[said.copy, said.copied]} title={said.copy_title} text={on_copy} />
            </div>
            { stage_note(&settings.stage, stages, words) }
            { props.children.clone() }
            <Advanced settings={settings.clone()} wide={props.wide} on_wide={props.on_wide.clone()} act={props.act.clone()} />
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct StagesProps {
    chosen: String,
    beside: Option<String>,
    manifest: Option<Rc<Manifest>>,
    act: Callback<Action>,
}

/// The stage switch: the stages that exist. With several, one more may stand beside the chosen one.
#[component]
fn Stages(props: &StagesProps) -> Html {
    let words = use_words();
    let said = &words.controls;
    let stages: &[Stage] = props.manifest.as_ref().map_or(&[], |manifest| &manifest.stages);
    let onchange = {
        let act = props.act.clone();
        Callback::from(move |event: Event| {
            if let Some(stage) = value_of(&event) {
                act.emit(Action::Change(Change::Stage(stage)));
            }
        })
    };
    let radio = |stage: &Stage| {
        let id = format!("stage-{}", stage.id);
        let checked = stage.id == props.chosen;
        html! {
            <label class="stage" for={id.clone()} key={stage.id.clone()}>
                <input type="radio" name="stage" {id} value={stage.id.clone()} {checked} onchange={onchange.clone()} />
                <span>{ words.stage_label(&stage.label).to_owned() }</span>
            </label>
        }
    };
    let on_beside = {
        let act = props.act.clone();
        Callback::from(move |stage: String| {
            act.emit(Action::Change(Change::Beside(Some(stage).filter(|stage| !stage.is_empty()))));
        })
    };
    let usable: Vec<&Stage> = stages.iter().filter(|stage| !stage.files.is_empty()).collect();
    let mut entries = vec![(AttrValue::from(""), AttrValue::from(said.nothing))];
    let others = usable.iter().filter(|stage| stage.id != props.chosen);
    entries.extend(
        others.map(|stage| (stage.id.clone().into(), words.stage_label(&stage.label).to_owned().into())),
    );
    html! {
        <>
            <fieldset id="stages" class="stages" aria-describedby="stages-note">
                <legend>{ said.stage }</legend>
                <div class="stage-row">{ for usable.iter().copied().map(radio) }</div>
            </fieldset>
            if usable.len() > 1 {
                <div class="field">
                    <label for="beside">{ said.compare }</label>
                    <Picker id="beside" {entries} chosen={props.beside.clone().unwrap_or_default()} on_pick={on_beside} />
                </div>
            }
        </>
    }
}

/// A word on the chosen stage, and an honest one on those that do not exist yet.
fn stage_note(chosen: &str, stages: &[Stage], words: &Words) -> Html {
    let own = words.language.tag();
    let (text, language) = match (stages, stages.iter().find(|stage| stage.id == chosen)) {
        ([], _) => (words.controls.no_list, own),
        ([_], _) => (words.controls.one_stage, own),
        // What is not translated is English.
        (_, Some(stage)) => match (words.stages.summary)(&stage.summary) {
            Some(summary) => (summary, own),
            None => (stage.summary.as_str(), Language::English.tag()),
        },
        (_, None) => ("", own),
    };
    html! { <p id="stages-note" class="note stages-note" lang={language.to_owned()}>{ text }</p> }
}
