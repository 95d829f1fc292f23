//! The chapter as a whole: state, effects and layout.

use std::rc::Rc;

use yew::prelude::*;

use super::chart::panel;
use super::desk::{Desk, Export};
use super::multiples::multiples;
use super::state::{Action, Notice, Phase, State};
use super::table::tables;
use super::words;
use crate::app::parts::marks::{mark, stage_class};
use crate::app::parts::{emit, file_button};
use crate::app::words as page_words;
use crate::experiment::live::ExperimentStage;
use crate::experiment::plan::{Kind, Length};
use crate::experiment::recorded::RecordedExperiment;
use crate::manifest::Manifest;
use crate::platform::clock::unix_ms;
use crate::protocol::{DeviceKind, DeviceReport};
use crate::worker::client::Client;

impl Reducible for State {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        Rc::new((*self).clone().after(action))
    }
}

/// Properties of [`ExperimentChapter`].
#[derive(Properties, PartialEq)]
pub struct ExperimentProps {
    /// The engine.
    pub engine: Client,
    /// The published models, once known.
    pub manifest: Option<Rc<Manifest>>,
    /// The device in use, once known.
    pub device: Option<DeviceReport>,
    /// Curves that the lab recorded, if there are any.
    pub recorded: Option<Rc<RecordedExperiment>>,
    /// The slider's temperature.
    pub tenths: u8,
}

/// The chapter.
#[component]
pub fn ExperimentChapter(props: &ExperimentProps) -> Html {
    let state = use_reducer_eq(State::default);
    let desk = {
        let dispatcher = state.dispatcher();
        use_memo(props.engine.clone(), move |client| Desk::new(client.clone(), dispatcher))
    };
    {
        let (desk, dispatcher) = (Rc::clone(&desk), state.dispatcher());
        use_effect_with(props.manifest.clone(), move |manifest| {
            if let Some(manifest) = manifest {
                dispatcher.dispatch(Action::Offered(Rc::clone(manifest)));
                desk.open_kept();
            }
        });
    }
    {
        let (desk, current) = (Rc::clone(&desk), (*state).clone());
        use_effect_with((ticket(&state.phase), state.experiment.clone()), move |_| desk.follow(&current));
    }
    let highlighted = use_state_eq(|| None::<usize>);
    let act = {
        let dispatcher = state.dispatcher();
        use_callback((), move |action: Action, ()| dispatcher.dispatch(action))
    };
    let experiment = state.experiment.as_deref();
    let (done, all) = experiment.map_or((0, 0), |experiment| experiment.progress());
    let phase = if matches!(state.phase, Phase::Running { .. }) { "running" } else { "resting" };
    let stages = state.stages_shown();
    let panels = Kind::ALL
        .map(|kind| panel(kind, &stages, experiment, props.recorded.as_deref(), *highlighted, props.tenths));
    html! {
        <section id="experiment" class="chapter experiment" tabindex="-1" aria-labelledby="experiment-heading" data-phase={phase}
            data-done={done.to_string()} data-all={all.to_string()}>
            <h2 id="experiment-heading">{ "The experiment" }</h2>
            <p class="lede">
                { "Figure 21 of the paper, run by you: many prompts, 25 answers each at every temperature, for every training stage. \
                   Do factual curves flatten with RLHF while creative ones keep falling?" }
            </p>
            { controls(&state, props, &act) }
            { progress(&state) }
            <figure class="figure-21 memory">
                <div class="figure-panels">{ for panels }</div>
                { legend(&stages, props, &highlighted) }
                <figcaption class="note">{ caption(&state, props) }</figcaption>
            </figure>
            if let Some(experiment) = experiment.filter(|experiment| !experiment.done.is_empty()) {
                { multiples(experiment, *highlighted) }
                { tables(experiment) }
            }
            { files(&state, props, &desk) }
            <p class="hidden" role="status">{ status(&state) }</p>
        </section>
    }
}

fn ticket(phase: &Phase) -> Option<u32> {
    match phase {
        Phase::Running { ticket, .. } => Some(*ticket),
        Phase::Resting => None,
    }
}

fn controls(state: &State, props: &ExperimentProps, act: &Callback<Action>) -> Html {
    let engine = props.device.as_ref().map_or_else(String::new, |device| {
        let kind = match device.device {
            DeviceKind::WebGpu => "WebGPU",
            DeviceKind::Cpu => "CPU",
        };
        format!("{kind}: {}", device.name)
    });
    let begin = |length: Length| {
        let (act, engine) = (act.clone(), engine.clone());
        Callback::from(move |_: MouseEvent| {
            act.emit(Action::Begin { length, unix_ms: unix_ms().max(0.0) as u64, engine: engine.clone() });
        })
    };
    if matches!(state.phase, Phase::Running { .. }) {
        return html! {
            <div class="buttons">
                <button id="experiment-pause" type="button" class="primary" onclick={emit(act, Action::Pause)}>{ "Pause" }</button>
                <button id="experiment-discard" type="button" onclick={emit(act, Action::Discard)}>{ "Stop and throw away" }</button>
            </div>
        };
    }
    let is_begun = state.experiment.is_some();
    let can_resume = state.can_resume();
    let (quick, full) = if is_begun {
        ("Quick once more", "Full once more")
    } else {
        ("Quick: about a minute", "The full protocol")
    };
    html! {
        <div class="buttons">
            if can_resume {
                <button id="experiment-resume" type="button" class="primary" onclick={emit(act, Action::Resume)}>{ "Go on" }</button>
            }
            <button id="experiment-quick" type="button" class={classes!((!can_resume).then_some("primary"))} disabled={!state.can_begin()}
                onclick={begin(Length::Quick)}>{ quick }</button>
            <button id="experiment-full" type="button" disabled={!state.can_begin()} onclick={begin(Length::Full)}>{ full }</button>
            if is_begun {
                <button id="experiment-discard" type="button" onclick={emit(act, Action::Discard)}>{ "Throw away" }</button>
            }
        </div>
    }
}

fn progress(state: &State) -> Html {
    let Some(experiment) = &state.experiment else { return Html::default() };
    let (done, all) = experiment.progress();
    let running = matches!(state.phase, Phase::Running { .. });
    let left = match state.left_ms() {
        Some(ms) if running => format!(", {}", words::time_left(ms)),
        _ => String::new(),
    };
    let text = match done {
        done if done == all => format!("Done: {all} of {all} parts."),
        done if running => format!("Part {} of {all}{left}", done + 1),
        done => format!("Paused: {done} of {all} parts are done and kept."),
    };
    html! {
        <div class="experiment-progress">
            <progress max="1" value={format!("{:.4}", state.share_done())} aria-label="Share of the experiment that is done" />
            <span>{ text }</span>
        </div>
    }
}

/// One entry per stage; pointing at one, or focusing it, makes its curves stand out.
fn legend(
    stages: &[ExperimentStage],
    props: &ExperimentProps,
    highlighted: &UseStateHandle<Option<usize>>,
) -> Html {
    let set = |to: Option<usize>| {
        let highlighted = highlighted.clone();
        move || highlighted.set(to)
    };
    let entry = |(place, stage): (usize, &ExperimentStage)| {
        let (on, off) = (set(Some(place)), set(None));
        let (focus, blur) = (on.clone(), off.clone());
        let toggle = set(if **highlighted == Some(place) { None } else { Some(place) });
        html! {
            <li key={place}>
                <button type="button" class="legend small" aria-pressed={(**highlighted == Some(place)).to_string()}
                    onclick={Callback::from(move |_: MouseEvent| toggle())}
                    onmouseenter={Callback::from(move |_: MouseEvent| on())} onmouseleave={Callback::from(move |_: MouseEvent| off())}
                    onfocus={Callback::from(move |_: FocusEvent| focus())} onblur={Callback::from(move |_: FocusEvent| blur())}>
                    <svg class={stage_class(place)} viewBox="0 0 26 12" width="26" height="12" aria-hidden="true">
                        <polyline class="line" points="0,6 26,6" />
                        { mark(place, 13.0, 6.0, 4.0) }
                    </svg>
                    { &stage.label }
                </button>
            </li>
        }
    };
    html! {
        <ul class="legends" role="list" aria-label="Stages">
            { for stages.iter().enumerate().map(entry) }
            if let Some(recorded) = &props.recorded {
                <li class="legend">
                    <svg viewBox="0 0 26 12" width="26" height="12" aria-hidden="true"><polyline class="recorded" points="0,6 26,6" /></svg>
                    { page_words::recorded_note(recorded) }
                </li>
            }
        </ul>
    }
}

fn caption(state: &State, props: &ExperimentProps) -> String {
    let bands = "Bands: one standard deviation over prompts. Self-BLEU: 1 is alike, 0 different; whole answers, n-grams of up to four words.";
    match &state.experiment {
        Some(experiment) => {
            let engine = if experiment.engine.is_empty() { String::new() } else { format!(" On {}.", experiment.engine) };
            format!("{}, seed {}: {}.{engine} {bands}", capitalised(words::length(experiment.length)), experiment.protocol.seed, words::protocol(experiment))
        }
        None if props.recorded.is_some() => {
            "Dotted: recorded when the models were published, not in this tab. Run the experiment to draw your own curves over them.".to_owned()
        }
        None => String::new(),
    }
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

fn files(state: &State, props: &ExperimentProps, desk: &Rc<Desk>) -> Html {
    let export = |export: Export| {
        let (desk, experiment, recorded) =
            (Rc::clone(desk), state.experiment.clone(), props.recorded.clone());
        Callback::from(move |_: MouseEvent| {
            if let Some(experiment) = &experiment {
                desk.export(experiment, recorded.as_deref(), export);
            }
        })
    };
    let on_file = {
        let desk = Rc::clone(desk);
        Callback::from(move |file: web_sys::File| desk.import(file))
    };
    let is_running = matches!(state.phase, Phase::Running { .. });
    let has_points = state.experiment.as_ref().is_some_and(|experiment| !experiment.done.is_empty());
    html! {
        <div class="experiment-files">
            <div class="buttons">
                <button id="experiment-csv" type="button" disabled={!has_points} onclick={export(Export::Csv)}>{ "Data as CSV" }</button>
                <button id="experiment-svg" type="button" disabled={!has_points} onclick={export(Export::Svg)}>{ "Chart as SVG" }</button>
                <button id="experiment-png" type="button" disabled={!has_points} onclick={export(Export::Png)}>{ "Chart as PNG" }</button>
                <button id="experiment-json" type="button" disabled={!has_points} onclick={export(Export::Json)}>{ "Data as JSON" }</button>
                { file_button("experiment-open", "Open a JSON file", "application/json,.json", is_running, &on_file) }
            </div>
            { notice(state.notice.as_ref()) }
        </div>
    }
}

fn notice(notice: Option<&Notice>) -> Html {
    match notice {
        None => Html::default(),
        Some(Notice::Done(text)) => {
            html! { <p id="experiment-notice" class="note" role="status">{ text }</p> }
        }
        Some(Notice::Problem(text)) => {
            html! { <p id="experiment-notice" class="note problem" role="alert">{ text }</p> }
        }
    }
}

fn status(state: &State) -> String {
    let Some(experiment) = &state.experiment else { return String::new() };
    let (done, all) = experiment.progress();
    match state.phase {
        Phase::Running { .. } => "The experiment runs.".to_owned(),
        Phase::Resting if done == all => "The experiment is done.".to_owned(),
        Phase::Resting => format!("The experiment rests: {done} of {all} parts are done."),
    }
}
