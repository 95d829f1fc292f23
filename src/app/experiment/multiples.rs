//! The curves of each prompt by itself: a mean can hide that one prompt does what the others do not.

use std::rc::Rc;

use yew::prelude::*;

use crate::app::language::{Words, use_words};
use crate::app::parts::marks::{mark, stage_class};
use crate::app::prompts::side;
use crate::app::unseen::use_unfolded;
use crate::experiment::axes::Axes;
use crate::experiment::live::Experiment;
use crate::experiment::plan::Kind;

/// Size of one drawing, in its own units.
const WIDTH: f64 = 168.0;
const HEIGHT: f64 = 96.0;

/// Properties of [`Multiples`].
#[derive(Properties, PartialEq)]
pub(super) struct MultiplesProps {
    /// What was measured.
    pub experiment: Rc<Experiment>,
    /// Whether more will come. Meanwhile the drawings follow only where they are seen.
    pub is_running: bool,
    /// The stage that stands out, if one does.
    pub highlighted: Option<usize>,
}

/// One small drawing per prompt that has been measured, behind their heading.
#[component]
pub(super) fn Multiples(props: &MultiplesProps) -> Html {
    let words = use_words();
    let (experiment, ontoggle) = use_unfolded(Rc::clone(&props.experiment), props.is_running);
    html! {
        <details class="figure-multiples" {ontoggle}>
            <summary>{ words.experiment.multiples }</summary>
            <Drawings {experiment} highlighted={props.highlighted} />
        </details>
    }
}

#[derive(Properties, PartialEq)]
struct DrawingsProps {
    experiment: Rc<Experiment>,
    highlighted: Option<usize>,
}

#[component]
fn Drawings(DrawingsProps { experiment, highlighted }: &DrawingsProps) -> Html {
    let words = use_words();
    let group = |kind: Kind| {
        let prompts = kind.prompts(&experiment.protocol).iter().enumerate();
        html! {
            <section>
                <h3>{ words.prompts_of(side(kind)) }</h3>
                <ul class="multiples" role="list">{ for prompts.filter_map(|(place, prompt)| one(experiment, kind, place, prompt, *highlighted, words)) }</ul>
            </section>
        }
    };
    html! { <div>{ for Kind::ALL.map(group) }</div> }
}

fn one(
    experiment: &Experiment,
    kind: Kind,
    place: usize,
    prompt: &str,
    highlighted: Option<usize>,
    words: &Words,
) -> Option<Html> {
    let temperatures = &experiment.protocol.temperatures;
    let (first, last) = (f64::from(*temperatures.first()?), f64::from(*temperatures.last()?));
    if first >= last {
        return None; // a file with one temperature has no curves
    }
    let axes =
        Axes { across: (3.0, WIDTH - 6.0), down: (4.0, HEIGHT - 4.0), x: (first, last), y: (0.0, 1.0) };
    let curves: Vec<(usize, &[f64])> = (0..experiment.stages.len())
        .filter_map(|stage| Some((stage, experiment.of_prompt(stage, kind, place)?.self_bleu.as_slice())))
        .collect();
    if curves.is_empty() {
        return None;
    }
    let line = |(stage, curve): &(usize, &[f64])| {
        let at = temperatures.iter().zip(*curve).map(|(t, value)| (f64::from(*t), *value));
        let faded = highlighted.is_some_and(|chosen| chosen != *stage).then_some("faded");
        let end = curve.last().map(|value| mark(*stage, axes.x(last), axes.y(*value), 3.0));
        html! {
            <g key={*stage} class={classes!(stage_class(*stage), faded)}>
                <polyline class="line" points={axes.points(at)} />
                { end.unwrap_or_default() }
            </g>
        }
    };
    let ends = |(stage, curve): &(usize, &[f64])| {
        let (first, last) = (curve.first()?, curve.last()?);
        let label = words.stage_label(&experiment.stages[*stage].label);
        Some((label, [words.number(*first, 2), words.number(*last, 2)]))
    };
    let said: Vec<_> = curves.iter().filter_map(ends).collect();
    let label = (words.experiment.multiple)([&words.number(first, 1), &words.number(last, 1)], &said);
    let grid = |value: f64| {
        let y = format!("{:.1}", axes.y(value));
        html! { <line class="grid" x1="0" x2={WIDTH.to_string()} y1={y.clone()} y2={y} /> }
    };
    Some(html! {
        <li key={place}>
            <p lang="en">{ prompt }</p>
            <svg class="figure-panel" viewBox={format!("0 0 {WIDTH} {HEIGHT}")} role="img" aria-label={label}>
                { for [0.0, 0.5, 1.0].map(grid) }
                <>{ for curves.iter().map(line) }</>
            </svg>
        </li>
    })
}
