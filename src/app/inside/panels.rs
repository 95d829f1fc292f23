//! What each stage makes of the token looked at: a panel per stage, with bars that follow the slider.

use std::rc::Rc;

use yew::prelude::*;

use super::bars::{Chance, Choice, chances, choices};
use super::reading::{Reading, Rescaling};
use super::state::{Look, StageLook};
use super::subject::Subject;
use crate::app::language::{Words, use_words};
use crate::app::parts::heat;
use crate::app::temperature::use_tenths;
use crate::app::turns::use_late;
use crate::app::unseen::{use_in_sight, use_once_still};

/// Properties of [`Looks`].
#[derive(Properties, PartialEq)]
pub struct LooksProps {
    /// The answer looked into.
    pub subject: Option<Rc<Subject>>,
    /// All stages that were asked.
    pub stages: Vec<StageLook>,
    /// The place looked at.
    pub place: usize,
    /// Whether the answer's end came too.
    pub is_complete: bool,
}

/// Id of the panels.
pub const LOOKS: &str = "inside-looks";

/// One panel per stage that has read the answer.
#[component]
pub fn Looks(props: &LooksProps) -> Html {
    let LooksProps { stages, place, is_complete, .. } = props;
    let (&place, tenths) = (place, use_tenths());
    let choices = use_memo((stages.clone(), place, *is_complete), |(stages, place, is_complete)| {
        let readings: Vec<&Reading> = stages.iter().filter_map(|stage| Some(&**stage.reading()?)).collect();
        choices(&readings, *place, *is_complete)
    });
    let sight = Sight { subject: props.subject.clone(), place, choices, tenths };
    let panel = |(place, stage): (usize, &StageLook)| {
        html! { <Panel key={stage.id.clone()} stage={stage.clone()} is_reference={place == 0} sight={sight.clone()} /> }
    };
    html! {
        <ul id={LOOKS} class="stage-looks" role="list" tabindex="-1" aria-labelledby="inside-heading">{ for stages.iter().enumerate().map(panel) }</ul>
    }
}

/// What all panels look at.
#[derive(Clone, PartialEq)]
struct Sight {
    subject: Option<Rc<Subject>>,
    /// The place looked at, and the tokens that may come there.
    place: usize,
    choices: Rc<Vec<Choice>>,
    /// The slider's temperature.
    tenths: u8,
}

#[derive(Properties, Clone, PartialEq)]
struct PanelProps {
    stage: StageLook,
    /// Whether the others are held against it.
    is_reference: bool,
    sight: Sight,
}

/// A stage that was asked: not in the frame of the click that asked, as there may be six.
#[component]
fn Panel(props: &PanelProps) -> Html {
    let was_asked = use_late(props.stage.look != Look::Absent);
    match props.stage.look {
        Look::Absent => Html::default(),
        Look::Asked(_) if !was_asked => Html::default(),
        _ => html! { <Sheet ..props.clone() /> },
    }
}

/// What a stage makes of the place. When the temperature or the place changes the sheets in sight follow one after the other.
#[component]
fn Sheet(props: &PanelProps) -> Html {
    let words = use_words();
    let PanelProps { stage, is_reference, sight } = props;
    let element = use_node_ref();
    let is_in_sight = use_in_sight(&element);
    let due = use_once_still(sight.clone(), is_in_sight);
    let late = use_late(due);
    // A reading of another answer is never shown beside the tokens of the one before.
    let is_of_now = late.subject == sight.subject;
    let Sight { place, choices, tenths, .. } = if is_of_now { late } else { sight.clone() };
    let body = match &stage.look {
        Look::Absent => Html::default(),
        Look::Asked(_) => html! { <p class="note">{ words.inside.on_its_way }</p> },
        Look::Failed(_) => html! { <p class="note">{ words.inside.not_had }</p> },
        Look::Here(reading, rescaling) => {
            let here = rescaling.as_ref().and_then(|all| all.get(place).copied());
            html! {
                <>
                    <p class="note">{ if *is_reference { words.inside.reference.into() } else { standing(here, words) } }</p>
                    { bars(reading, place, tenths, &choices, words) }
                </>
            }
        }
    };
    html! {
        <li ref={element} class="stage-look" style={heat(tenths)} data-stage={stage.id.clone()}>
            <h3>{ words.stage_label(&stage.label) }</h3>
            { body }
        </li>
    }
}

/// How a stage stands to SFT at a place; before that is known, that it will be.
fn standing(rescaling: Option<Rescaling>, words: &Words) -> Html {
    match rescaling {
        None => html! { <>{ words.inside.effective }{ "…" }</> },
        Some(Rescaling::Tau(tau)) => {
            html! { <>{ words.inside.effective }<strong>{ words.number(tau, 2) }</strong></> }
        }
        Some(other) => html! { { words.rescaling_spoken(other) } },
    }
}

fn bars(reading: &Reading, place: usize, temperature_tenths: u8, choices: &[Choice], words: &Words) -> Html {
    let temperature = f64::from(temperature_tenths) / 10.0;
    let Some((chances, rest)) = chances(reading, place, temperature, choices) else { return Html::default() };
    // Words of the model are English; what has no text is named in the page's language.
    let language = |choice: &Choice| (!choice.is_end && !choice.text.trim().is_empty()).then_some("en");
    let bar = |(choice, chance): (&Choice, Chance)| {
        let style = format!("--now: {:.4}; --learned: {:.4}", chance.now, chance.learned);
        html! {
            <li class={classes!("bar", choice.came.then_some("came"))} data-now={format!("{:.6}", chance.now)}>
                <span class="bar-token" aria-hidden="true" lang={language(choice)}>{ words.token_shown(&choice.text, choice.is_end) }</span>
                <span class="bar-track" {style} aria-hidden="true"></span>
                <span class="bar-value" aria-hidden="true">{ words.chance(chance.now) }</span>
                <span class="hidden">
                    <span lang={language(choice)}>{ words.token_spoken(&choice.text, choice.is_end) }</span>
                    { words.bar_spoken(choice.came, chance, temperature_tenths) }
                </span>
            </li>
        }
    };
    let style = format!("--now: {:.4}; --learned: {:.4}", rest.now, rest.learned);
    html! {
        <ul class="bars" role="list">
            { for choices.iter().zip(chances).map(bar) }
            <li class="bar others">
                <span class="bar-token" aria-hidden="true">{ words.inside.others }</span>
                <span class="bar-track" {style} aria-hidden="true"></span>
                <span class="bar-value" aria-hidden="true">{ words.chance(rest.now) }</span>
                <span class="hidden">{ words.inside.others }{ words.bar_spoken(false, rest, temperature_tenths) }</span>
            </li>
        </ul>
    }
}
