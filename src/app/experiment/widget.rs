//! The chapter as a whole: state, effects and layout.

use std::rc::Rc;

use yew::prelude::*;

use super::chart::Panel;
use super::desk::{Desk, Export};
use super::multiples::Multiples;
use super::state::{Action, Notice, Phase, State};
use super::table::Tables;
use crate::app::chapter::Chapter;
use crate::app::heirs::use_heirs;
use crate::app::language::{Words, use_words};
use crate::app::parts::file_button;
use crate::app::parts::marks::{recorded_sample, sample, stage_class};
use crate::app::prompts::side;
use crate::app::turns::{Newest, use_following_patiently};
use crate::app::unseen::{use_near, use_seen};
use crate::experiment::drawing::Captions;
use crate::experiment::live::{Experiment, ExperimentStage};
use crate::experiment::plan::{Kind, Length};
use crate::experiment::recorded::{Protocol, RecordedExperiment};
use crate::experiment::verdict::Verdict;
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
}

/// The chapter.
#[component]
pub fn ExperimentChapter(props: &ExperimentProps) -> Html {
    let words = use_words();
    let said = &words.experiment;
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
        use_effect_with((ticket(&state.phase), state.experiment.clone()), move |_| desk.follow(current));
    }
    use_heirs(Chapter::Experiment, &["experiment-pause", "experiment-resume"]);
    // A legend that is pressed stays; one that is pointed at or has the focus stands out meanwhile.
    let pinned = use_state_eq(|| None::<usize>);
    let pointed = use_state_eq(|| None::<usize>);
    let highlighted = (*pointed).or(*pinned);
    let act = {
        let dispatcher = state.dispatcher();
        use_callback((), move |action: Action, ()| dispatcher.dispatch(action))
    };
    let experiment = state.experiment.as_deref();
    let verdict = use_memo(state.experiment.clone(), |experiment| Verdict::of(experiment.as_deref()?));
    let (done, all) = experiment.map_or((0, 0), |experiment| experiment.progress());
    let is_running = matches!(state.phase, Phase::Running { .. });
    let phase = if is_running { "running" } else { "resting" };
    let stages = state.stages_shown();
    let place = use_node_ref();
    let is_near = use_near(&place);
    // Of the handle itself nothing stays as it was: it always tells the newest state.
    let shown = use_seen((*state).clone(), is_near || !is_running);
    // With every block all curves change, and the tables: they follow one after the other.
    let [curves @ .., drawings, tables]: [Option<Rc<Experiment>>; Kind::ALL.len() + 2] =
        use_following_patiently(shown.experiment.clone(), is_running);
    let panel = |(kind, experiment): (Kind, Option<Rc<Experiment>>)| {
        html! {
            <Panel {kind} stages={stages.clone()} {experiment} recorded={props.recorded.clone()} {highlighted}
                {is_near} />
        }
    };
    html! {
        <section ref={place} id="experiment" class="chapter experiment" lang={words.language.tag()} tabindex="-1" aria-labelledby="experiment-heading" data-phase={phase}
            data-done={done.to_string()} data-all={all.to_string()}>
            <h2 id="experiment-heading">{ words.chapter(Chapter::Experiment) }</h2>
            <p class="lede">{ said.lede }</p>
            { controls(&state, props, &act, words) }
            { progress(&shown, words) }
            { verdict_view(experiment, verdict.as_ref().as_ref(), words) }
            <figure class="figure-21 memory">
                <div class="figure-panels">{ for Kind::ALL.into_iter().zip(curves).map(panel) }</div>
                <Legend stages={stages.clone()} recorded={props.recorded.clone()} {pinned} {pointed} />
                <figcaption class="note">{ caption(&state, props, words) }</figcaption>
            </figure>
            if let Some(experiment) = drawings.filter(has_blocks) {
                <Multiples {experiment} {is_running} {highlighted} />
            }
            if let Some(experiment) = tables.filter(has_blocks) {
                <Tables {experiment} {is_running} />
            }
            { files(&state, props, &desk, words) }
            <p class="hidden" role="status">{ status(&state, words) }</p>
        </section>
    }
}

fn has_blocks(experiment: &Rc<Experiment>) -> bool {
    !experiment.done.is_empty()
}

fn ticket(phase: &Phase) -> Option<u32> {
    match phase {
        Phase::Running { ticket, .. } => Some(*ticket),
        Phase::Resting => None,
    }
}

fn controls(state: &State, props: &ExperimentProps, act: &Callback<Action>, words: &Words) -> Html {
    let said = &words.experiment;
    let engine = props.device.as_ref().map_or_else(String::new, |device| {
        let kind = match device.device {
            DeviceKind::WebGpu => "WebGPU",
            DeviceKind::Cpu => "CPU",
        };
        format!("{kind}: {}", device.name)
    });
    let press = |action: Action| {
        let act = act.clone();
        once(move || act.emit(action.clone()))
    };
    let begin = |length: Length| {
        let (act, engine) = (act.clone(), engine.clone());
        once(move || {
            act.emit(Action::Begin { length, unix_ms: unix_ms().max(0.0) as u64, engine: engine.clone() });
        })
    };
    let back = (!state.former.is_empty()).then(|| {
        html! { <button key="back" id="experiment-back" type="button" onclick={press(Action::BringBack)}>{ said.bring_back }</button> }
    });
    // No button is made of another one: it would have that one's focus.
    if matches!(state.phase, Phase::Running { .. }) {
        return html! {
            <div key="running" class="buttons">
                <button key="pause" id="experiment-pause" type="button" class="primary" onclick={press(Action::Pause)}>{ said.pause }</button>
                <button key="discard" id="experiment-discard" type="button" onclick={press(Action::Discard)}>{ said.stop }</button>
                { for back }
            </div>
        };
    }
    let is_begun = state.experiment.is_some();
    let can_resume = state.can_resume();
    let [quick, full] = if is_begun { said.begin_again } else { said.begin };
    html! {
        <div key="resting" class="buttons">
            if can_resume {
                <button key="resume" id="experiment-resume" type="button" class="primary" onclick={press(Action::Resume)}>{ said.resume }</button>
            }
            <button key="quick" id="experiment-quick" type="button" class={classes!((!can_resume).then_some("primary"))} disabled={!state.can_begin()}
                onclick={begin(Length::Quick)}>{ quick }</button>
            <button key="full" id="experiment-full" type="button" disabled={!state.can_begin()} onclick={begin(Length::Full)}>{ full }</button>
            if is_begun {
                <button key="discard" id="experiment-discard" type="button" onclick={press(Action::Discard)}>{ said.discard }</button>
            }
            { for back }
        </div>
    }
}

/// What a press does. The second click of a double one would press what has come to stand there meanwhile.
fn once(act: impl Fn() + 'static) -> Callback<MouseEvent> {
    Callback::from(move |event: MouseEvent| {
        if event.detail() <= 1 {
            act();
        }
    })
}

fn progress(state: &State, words: &Words) -> Html {
    let said = &words.experiment;
    let Some(experiment) = &state.experiment else { return Html::default() };
    let (done, all) = experiment.progress();
    let running = matches!(state.phase, Phase::Running { .. });
    let text = match done {
        done if done == all => (said.done)(all),
        done if running => (said.part)(done + 1, all, state.left_ms()),
        done => (said.paused)(done, all),
    };
    html! {
        <div class="experiment-progress">
            <progress max="1" value={format!("{:.4}", state.share_done())} aria-label={said.bar} />
            <span>{ text }</span>
        </div>
    }
}

/// What the numbers say to the chapter's question, when all are here.
fn verdict_view(experiment: Option<&Experiment>, verdict: Option<&Verdict>, words: &Words) -> Html {
    let Some((experiment, verdict)) = experiment.zip(verdict) else { return Html::default() };
    let stages = verdict.stages.map(|place| words.stage_label(&experiment.stages[place].label));
    html! { <p id="experiment-verdict">{ (words.experiment.verdict)(stages, verdict) }</p> }
}

#[derive(Properties, PartialEq)]
struct LegendProps {
    stages: Vec<ExperimentStage>,
    recorded: Option<Rc<RecordedExperiment>>,
    pinned: UseStateHandle<Option<usize>>,
    pointed: UseStateHandle<Option<usize>>,
}

/// One entry per stage; pointing at one, or focusing it, makes its curves stand out.
#[component]
fn Legend(LegendProps { stages, recorded, pinned, pointed }: &LegendProps) -> Html {
    let words = use_words();
    // The curves follow after a frame: who points at one may be about to press it.
    let newest = use_memo((), |()| Newest::default());
    let point = |to: Option<usize>| {
        let (newest, pointed) = (Rc::clone(&newest), pointed.clone());
        move || {
            let pointed = pointed.clone();
            newest.follow(to, false, move |to| pointed.set(to));
        }
    };
    let entry = |(place, stage): (usize, &ExperimentStage)| {
        let (on, off) = (point(Some(place)), point(None));
        let (focus, blur) = (on.clone(), off.clone());
        let is_pinned = **pinned == Some(place);
        let pinned = pinned.clone();
        let toggle = move || pinned.set((!is_pinned).then_some(place));
        html! {
            <li key={place}>
                <button type="button" class="legend small" aria-pressed={is_pinned.to_string()}
                    onclick={Callback::from(move |_: MouseEvent| toggle())}
                    onmouseenter={Callback::from(move |_: MouseEvent| on())} onmouseleave={Callback::from(move |_: MouseEvent| off())}
                    onfocus={Callback::from(move |_: FocusEvent| focus())} onblur={Callback::from(move |_: FocusEvent| blur())}>
                    { sample(stage_class(place), place) }
                    { words.stage_label(&stage.label) }
                </button>
            </li>
        }
    };
    html! {
        <ul class="legends" role="list" aria-label={words.experiment.stages}>
            { for stages.iter().enumerate().map(entry) }
            if let Some(recorded) = recorded {
                <li class="legend">
                    { recorded_sample() }
                    { words.recorded(recorded) }
                </li>
            }
        </ul>
    }
}

fn caption(state: &State, props: &ExperimentProps, words: &Words) -> String {
    let said = &words.experiment;
    match &state.experiment {
        Some(experiment) => {
            let what =
                (said.caption)(experiment.length, experiment.protocol.seed, &protocol(experiment, words));
            let engine = match experiment.engine.as_str() {
                "" => String::new(),
                engine => format!(" {}", (said.engine)(engine)),
            };
            format!("{what}{engine} {}", said.bands)
        }
        None if props.recorded.is_some() => said.only_recorded.to_owned(),
        None => String::new(),
    }
}

/// What was asked, in one line.
fn protocol(experiment: &Experiment, words: &Words) -> String {
    let protocol = &experiment.protocol;
    let [creative, factual] = Kind::ALL.map(|kind| kind.prompts(protocol).len());
    let end =
        |temperature: Option<&f32>| words.number(f64::from(temperature.copied().unwrap_or_default()), 1);
    (words.experiment.protocol)(
        experiment.stages.len(),
        creative,
        factual,
        protocol.answers_per_prompt,
        protocol.temperatures.len(),
        &end(protocol.temperatures.first()),
        &end(protocol.temperatures.last()),
    )
}

/// What the picture says that is handed out.
fn captions(experiment: &Experiment, words: &Words) -> Captions {
    let picture = &words.experiment.picture;
    let Protocol { answers_per_prompt, seed, .. } = experiment.protocol;
    Captions {
        titles: Kind::ALL.map(|kind| words.prompts_of(side(kind))),
        temperature: words.instrument.temperature,
        note: (picture.caption)(answers_per_prompt, seed),
        dotted: picture.dotted,
        decimal_mark: words.numbers.decimal_mark,
    }
}

fn files(state: &State, props: &ExperimentProps, desk: &Rc<Desk>, words: &'static Words) -> Html {
    let said = &words.experiment;
    let [csv, svg, png, json] = said.files;
    let export = |export: Export| {
        let (desk, experiment, recorded) =
            (Rc::clone(desk), state.experiment.clone(), props.recorded.clone());
        Callback::from(move |_: MouseEvent| {
            if let Some(experiment) = &experiment {
                desk.export(experiment, recorded.as_deref(), &captions(experiment, words), export);
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
                <button id="experiment-csv" type="button" disabled={!has_points} onclick={export(Export::Csv)}>{ csv }</button>
                <button id="experiment-svg" type="button" disabled={!has_points} onclick={export(Export::Svg)}>{ svg }</button>
                <button id="experiment-png" type="button" disabled={!has_points} onclick={export(Export::Png)}>{ png }</button>
                <button id="experiment-json" type="button" disabled={!has_points} onclick={export(Export::Json)}>{ json }</button>
                { file_button("experiment-open", said.open, "application/json,.json", is_running, &on_file) }
            </div>
            { notice(state, words) }
        </div>
    }
}

/// What there is to tell. The place is always there, or a screen reader would not hear of what comes to it.
fn notice(state: &State, words: &Words) -> Html {
    let is_problem = matches!(state.notice, Some(Notice::Problem(_) | Notice::Failed(_)));
    html! {
        <p id="experiment-notice" role="status" class={classes!("note", is_problem.then_some("problem"))}>
            if let Some(notice) = &state.notice {
                <span key={state.told}>{ (words.experiment.notice)(notice) }</span>
            }
        </p>
    }
}

fn status(state: &State, words: &Words) -> String {
    let said = &words.experiment;
    let Some(experiment) = &state.experiment else { return String::new() };
    let (done, all) = experiment.progress();
    match state.phase {
        Phase::Running { .. } => said.running.to_owned(),
        Phase::Resting if done == all => said.is_done.to_owned(),
        Phase::Resting => (said.resting)(done, all),
    }
}
