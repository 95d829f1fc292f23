//! The chapter as a whole: state, effects and layout.

use std::rc::Rc;

use yew::prelude::*;

use super::desk::Desk;
use super::own::OwnAnswer;
use super::panels::{LOOKS, Looks};
use super::reading::Rescaling;
use super::state::{Action, Look, StageLook, State};
use super::strip::strip;
use super::subject::{Origin, Subject};
use crate::app::chapter::Chapter;
use crate::app::heirs::use_heirs;
use crate::app::language::{Words, use_words};
use crate::app::parts::slider::use_slider;
use crate::app::parts::{emit, heat, value_of};
use crate::app::state::Action as PageAction;
use crate::app::temperature::use_tenths;
use crate::app::turns::use_late;
use crate::manifest::Manifest;
use crate::worker::client::Client;

impl Reducible for State {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        Rc::new((*self).clone().after(action))
    }
}

/// Properties of [`Inside`].
#[derive(Properties, PartialEq)]
pub struct InsideProps {
    /// The engine.
    pub engine: Client,
    /// The published models, once known.
    pub manifest: Option<Rc<Manifest>>,
    /// The first answer of either side, as soon as all have come: creative, factual.
    pub firsts: [Option<Subject>; 2],
    /// The answer that the visitor chose on its card, and how often one was chosen.
    pub chosen: Option<(u32, Subject)>,
    /// What to do with the page.
    pub act: Callback<PageAction>,
}

/// The chapter.
#[component]
pub fn Inside(props: &InsideProps) -> Html {
    let words = use_words();
    let said = &words.inside;
    let state = use_reducer_eq(State::default);
    let desk = {
        let dispatcher = state.dispatcher();
        use_memo(props.engine.clone(), move |client| Desk::new(client.clone(), dispatcher))
    };
    use_subjects(&state, props);
    {
        let (desk, current) = (Rc::clone(&desk), (*state).clone());
        let tickets: Vec<Option<u32>> = current.stages.iter().map(ticket).collect();
        use_effect_with(tickets, move |_| desk.follow(&current));
    }
    use_heirs(Chapter::Inside, &[LOOKS]);
    let own = use_state_eq(|| false);
    let act = {
        let dispatcher = state.dispatcher();
        use_callback((), move |action: Action, ()| dispatcher.dispatch(action))
    };
    let look = |subject: Option<Subject>| {
        let act = act.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(subject) = subject.clone() {
                act.emit(Action::Look { subject, with_all: false });
            }
        })
    };
    let on_own = {
        let own = own.clone();
        Callback::from(move |_: MouseEvent| own.set(!*own))
    };
    let on_look = {
        let act = act.clone();
        Callback::from(move |subject: Subject| act.emit(Action::Look { subject, with_all: false }))
    };
    let [creative, factual] = props.firsts.clone();
    let is_complete = state.subject.as_ref().is_some_and(|subject| subject.is_complete);
    let (here, asked) = state.progress();
    // What lies below moves up when there is nobody left to ask: not in the frame of the click that asked them all.
    let absent = use_late(if state.subject.is_some() { state.absent() } else { (0, 0) });
    html! {
        <section id="inside" class="chapter inside" lang={words.language.tag()} tabindex="-1" aria-labelledby="inside-heading"
            data-readings={here.to_string()} data-asked={asked.to_string()}>
            <h2 id="inside-heading">{ words.chapter(Chapter::Inside) }</h2>
            <p class="lede">{ said.lede }</p>
            <div class="buttons inside-subjects">
                <button id="inside-factual" type="button" onclick={look(factual.clone())} disabled={factual.is_none()}>{ said.factual }</button>
                <button id="inside-creative" type="button" onclick={look(creative.clone())} disabled={creative.is_none()}>{ said.creative }</button>
                <button id="inside-own" type="button" onclick={on_own} aria-expanded={own.to_string()}>{ said.own }</button>
                <p class="note">{ said.or_press }</p>
            </div>
            if *own {
                <OwnAnswer prompt={state.subject.as_ref().map(|subject| subject.prompt.clone()).unwrap_or_default()} {on_look} />
            }
            { answer(&state, &act, words) }
            if let Some((stage, error)) = state.failure() {
                <div class="notice shown">
                    <p class="notice-message">{ (words.faults.of_stage)(words.stage_label(&stage.label), &(words.faults.fault)(error).message) }</p>
                    <p>{ (words.faults.fault)(error).remedy }</p>
                    <button id="inside-retry" type="button" onclick={emit(&act, Action::Retry)}>{ said.retry }</button>
                </div>
            }
            if here > 0 {
                <Slider act={props.act.clone()} />
                <Looks subject={state.subject.clone()} stages={state.stages.clone()} place={state.place} {is_complete} />
            }
            { more(absent, &act, words) }
            <p class="hidden" role="status">{ status(here, asked, words) }</p>
        </section>
    }
}

/// Tells the state of the stages, of the answer chosen, and of a first one to begin with.
#[hook]
fn use_subjects(state: &UseReducerHandle<State>, props: &InsideProps) {
    let dispatcher = state.dispatcher();
    use_effect_with(props.manifest.clone(), move |manifest| {
        if let Some(manifest) = manifest {
            dispatcher.dispatch(Action::Offered(Rc::clone(manifest)));
        }
    });
    let dispatcher = state.dispatcher();
    use_effect_with(props.chosen.clone(), move |chosen| {
        if let Some((_, subject)) = chosen.clone() {
            dispatcher.dispatch(Action::Look { subject, with_all: true });
        }
    });
    let dispatcher = state.dispatcher();
    let first = props.firsts[1].clone().filter(|_| state.subject.is_none());
    use_effect_with(first, move |first| {
        if let Some(subject) = first.clone() {
            dispatcher.dispatch(Action::Look { subject, with_all: false });
        }
    });
}

fn ticket(stage: &StageLook) -> Option<u32> {
    match stage.look {
        Look::Asked(ticket) => Some(ticket),
        _ => None,
    }
}

fn status(here: usize, asked: usize, words: &Words) -> String {
    match asked {
        0 => String::new(),
        _ if here == asked => (words.inside.have_read)(here, asked),
        _ => words.inside.reading.to_owned(),
    }
}

/// The prompt and the answer's tokens, with what their colours mean.
fn answer(state: &State, act: &Callback<Action>, words: &Words) -> Html {
    let Some(subject) = &state.subject else {
        return html! { <p class="note">{ words.inside.no_answer }</p> };
    };
    let Some((_, reading)) = state.readings().next() else {
        return html! { <p class="note">{ words.inside.reading }</p> };
    };
    let label = match &subject.origin {
        Origin::Sampled { stage, .. } => state.stages.iter().find(|known| known.id == *stage),
        Origin::Typed => None,
    };
    let label = label.map(|stage| words.stage_label(&stage.label)).unwrap_or_default();
    let paint = state.paint();
    let rescaling = paint.map(|(_, rescaling)| rescaling);
    html! {
        <div class="inside-answer">
            <p class="inside-prompt" lang="en">{ &subject.prompt }</p>
            <p class="note">{ words.origin(subject, label) }</p>
            { strip(reading, subject.is_complete, state.place, rescaling, act, words) }
            if let Some((stage, _)) = paint {
                { legend(state, stage, act, words) }
            }
        </div>
    }
}

/// What the colours mean, and whose they are.
fn legend(state: &State, painted: &StageLook, act: &Callback<Action>, words: &Words) -> Html {
    let said = &words.inside;
    let onchange = {
        let act = act.clone();
        Callback::from(move |event: Event| {
            if let Some(id) = value_of(&event) {
                act.emit(Action::Paint(id));
            }
        })
    };
    let option = |(stage, _): (&StageLook, &Rc<Vec<Rescaling>>)| {
        html! { <option value={stage.id.clone()} selected={stage.id == painted.id}>{ words.stage_label(&stage.label) }</option> }
    };
    html! {
        <div class="inside-legend">
            <div class="field">
                <label for="inside-paint">{ said.colours_of }</label>
                <select id="inside-paint" {onchange}>{ for state.paints().map(option) }</select>
            </div>
            <div class="scale" aria-hidden="true">
                <span class="scale-bar"></span>
                <span class="scale-marks"><span>{ words.number(0.1, 1) }</span><span>{ (said.scale_middle)("1") }</span><span>{ words.number(1.5, 1) }</span></span>
            </div>
            <p class="note">{ (said.colours)(words.stage_label(&painted.label)) }</p>
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct SliderProps {
    /// What to do with the page.
    act: Callback<PageAction>,
}

/// The page's temperature once more, where its effect is seen.
#[component]
fn Slider(props: &SliderProps) -> Html {
    let words = use_words();
    let tenths = use_tenths();
    let slider = use_slider(tenths, false, &props.act);
    html! {
        <div class="inside-slider" style={heat(slider.tenths)} data-wide={slider.is_wide().to_string()}>
            <label for="inside-temperature">{ words.inside.temperature }<output for="inside-temperature" aria-live="off">{ words.tenths(slider.tenths) }</output></label>
            { slider.input("inside-temperature", None, words) }
            <p class="note">{ words.inside.bars }</p>
        </div>
    }
}

/// The way to so many stages that have not read the answer yet, with their files' bytes.
fn more((absent, bytes): (usize, u64), act: &Callback<Action>, words: &Words) -> Html {
    if absent == 0 {
        return Html::default();
    }
    html! {
        <div class="inside-more">
            <button id="inside-all" type="button" class="primary" onclick={emit(act, Action::All)}>
                { (words.inside.ask_more)(absent, &words.bytes(bytes)) }
            </button>
            <p class="note">{ words.inside.more_note }</p>
        </div>
    }
}
