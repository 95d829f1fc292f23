//! Figure 21: Self-BLEU by temperature, one panel per kind of prompt, one curve per stage with a band of one standard
//! deviation, and the recorded curves behind.

use std::rc::Rc;

use yew::prelude::*;

use crate::app::language::{Words, use_words};
use crate::app::parts::marks::{self, mark, stage_class};
use crate::app::parts::reader::{self, Line};
use crate::app::prompts::side;
use crate::app::settings::USUAL_TENTHS;
use crate::app::temperature::use_tenths_near;
use crate::app::turns::use_late;
use crate::experiment::axes::Axes;
use crate::experiment::live::{CurvePoint, Experiment, ExperimentStage};
use crate::experiment::plan::Kind;
use crate::experiment::recorded::RecordedExperiment;

/// Size of a panel, in the drawing's own units.
const WIDTH: f64 = 460.0;
const HEIGHT: f64 = 320.0;
const LEFT: f64 = 44.0;
const RIGHT: f64 = 12.0;
const TOP: f64 = 30.0;
const BOTTOM: f64 = 42.0;
/// Lowest and highest temperature.
const COLDEST: f64 = 0.1;
const HOTTEST: f64 = USUAL_TENTHS as f64 / 10.0;

const AXES: Axes = Axes {
    across: (LEFT, WIDTH - RIGHT),
    down: (TOP, HEIGHT - BOTTOM),
    x: (COLDEST, HOTTEST),
    y: (0.0, 1.0),
};

/// Properties of [`Panel`].
#[derive(Properties, PartialEq)]
pub(super) struct PanelProps {
    /// Which prompts.
    pub kind: Kind,
    /// The stages of the experiment, or before one is begun those that are published.
    pub stages: Vec<ExperimentStage>,
    /// What was measured.
    pub experiment: Option<Rc<Experiment>>,
    /// Curves that the lab recorded, if there are any.
    pub recorded: Option<Rc<RecordedExperiment>>,
    /// The place of the stage that stands out, if one does.
    pub highlighted: Option<usize>,
    /// Whether it can be seen.
    pub is_near: bool,
}

/// The panel of a kind. Its curves are a part of their own, which the slider does not draw anew.
#[component]
pub(super) fn Panel(props: &PanelProps) -> Html {
    let words = use_words();
    let tenths = use_tenths_near(props.is_near);
    let grid = |value: f64| {
        let at = format!("{:.1}", AXES.y(value));
        let label = words.number(value, if value == 0.0 || value == 1.0 { 0 } else { 2 });
        html! {
            <>
                <line class="grid" x1={LEFT.to_string()} x2={(WIDTH - RIGHT).to_string()} y1={at.clone()} y2={at} />
                <text x={(LEFT - 6.0).to_string()} y={format!("{:.1}", AXES.y(value) + 4.0)} text-anchor="end">{ label }</text>
            </>
        }
    };
    let tick = |temperature: f64| {
        let (x, y) = (format!("{:.1}", AXES.x(temperature)), format!("{:.1}", HEIGHT - BOTTOM + 16.0));
        html! { <text {x} {y} text-anchor="middle">{ words.number(temperature, 1) }</text> }
    };
    let here = format!("{:.1}", AXES.x((f64::from(tenths) / 10.0).min(HOTTEST)));
    let title = words.prompts_of(side(props.kind));
    html! {
        <div class="read">
        <svg class="figure-panel" viewBox={format!("0 0 {WIDTH} {HEIGHT}")} role="img"
            aria-label={(words.experiment.panel)(title)}>
            <text class="chart-title" x={LEFT.to_string()} y="16">{ title }</text>
            <text class="axis" x={(WIDTH - RIGHT).to_string()} y="16" text-anchor="end">{ "Self-BLEU" }</text>
            { for [0.0, 0.25, 0.5, 0.75, 1.0].map(grid) }
            { for [0.1, 0.5, 1.0, 1.5].map(tick) }
            <text class="axis" x={format!("{:.1}", AXES.x((COLDEST + HOTTEST) / 2.0))} y={(HEIGHT - 6.0).to_string()} text-anchor="middle">{ words.instrument.temperature }</text>
            <line class="here" x1={here.clone()} x2={here} y1={TOP.to_string()} y2={format!("{:.1}", AXES.y(0.0))} />
            <Curves kind={props.kind} stages={props.stages.clone()} experiment={props.experiment.clone()} recorded={props.recorded.clone()}
                highlighted={props.highlighted} />
        </svg>
        { reader(props, tenths, words) }
        </div>
    }
}

/// What reads a panel's values, at every tenth of its axis.
fn reader(props: &PanelProps, tenths: u8, words: &Words) -> Html {
    let kind = props.kind;
    let (stages, experiment, recorded) =
        (props.stages.clone(), props.experiment.clone(), props.recorded.clone());
    let lines = move |tenths: u8, words: &Words| {
        let is_here = |temperature: f64| (temperature * 10.0 - f64::from(tenths)).abs() < 0.01;
        let line = |(order, stage): (usize, &ExperimentStage)| {
            let measured = experiment.as_ref().filter(|experiment| order < experiment.stages.len());
            let curve = measured.map(|experiment| experiment.curve(order, kind)).unwrap_or_default();
            let value = curve.iter().find(|point| is_here(f64::from(point.temperature)));
            let ghost = recorded.as_ref().and_then(|recorded| recorded.of_weights(&stage.id, &stage.sha256));
            let ghost = ghost.and_then(|ghost| ghost.curve(kind).into_iter().find(|(t, _)| is_here(*t)));
            Line {
                order,
                class: stage_class(order),
                label: words.stage_label(&stage.label).to_owned(),
                value: value.map(|point| {
                    format!("{} ± {}", words.number(point.mean, 2), words.number(point.deviation, 2))
                }),
                recorded: ghost.map(|(_, value)| words.number(value, 2)),
            }
        };
        stages.iter().enumerate().map(line).collect()
    };
    let side = side(kind);
    let area = reader::area(&AXES, WIDTH, HEIGHT);
    let id = format!("figure-21-{}", side.id());
    reader::by_tenths(id, words.prompts_of(side), area, (USUAL_TENTHS, tenths), words, lines)
}

#[derive(Properties, PartialEq)]
struct CurvesProps {
    kind: Kind,
    stages: Vec<ExperimentStage>,
    experiment: Option<Rc<Experiment>>,
    recorded: Option<Rc<RecordedExperiment>>,
    highlighted: Option<usize>,
}

/// Bands, recorded curves and curves.
#[component]
fn Curves(props: &CurvesProps) -> Html {
    let kind = props.kind;
    // The legend shows at once which stage was pointed at; the panels follow, a turn each.
    let highlighted = use_late(props.highlighted);
    let curves: Vec<Vec<CurvePoint>> = (props.experiment.iter())
        .flat_map(|e| (0..e.stages.len()).map(|stage| e.curve(stage, kind)))
        .collect();
    let faded = |stage: usize| highlighted.is_some_and(|chosen| chosen != stage).then_some("faded");
    let band = |(stage, curve): (usize, &Vec<CurvePoint>)| {
        let upper = curve.iter().map(|p| (f64::from(p.temperature), p.mean + p.deviation));
        let lower = curve.iter().rev().map(|p| (f64::from(p.temperature), p.mean - p.deviation));
        html! { <polygon key={stage} class={classes!("band", stage_class(stage), faded(stage))} points={AXES.points(upper.chain(lower))} /> }
    };
    let line = |(stage, curve): (usize, &Vec<CurvePoint>)| {
        let at = curve.iter().map(|p| (f64::from(p.temperature), p.mean));
        let dots = curve.iter().map(|p| mark(stage, AXES.x(f64::from(p.temperature)), AXES.y(p.mean), 4.0));
        html! {
            <g key={stage} class={classes!(stage_class(stage), faded(stage))} data-points={curve.len().to_string()}>
                <polyline class="line" points={AXES.points(at)} />
                { for dots }
            </g>
        }
    };
    let ghost = |(stage, curve): (usize, Vec<(f64, f64)>)| {
        marks::recorded(&AXES, classes!(stage_class(stage), faded(stage)), stage, &curve)
    };
    // Recorded from the weights of these stages, or not shown.
    let ghosts = props.stages.iter().enumerate().filter_map(|(place, stage)| {
        Some((place, props.recorded.as_ref()?.of_weights(&stage.id, &stage.sha256)?.curve(kind)))
    });
    let begun = || curves.iter().enumerate().filter(|(_, curve)| !curve.is_empty());
    // Each kind is a list of its own, by stage: a stage more leaves the others as they are.
    html! {
        <>
            <>{ for begun().map(band) }</>
            <>{ for ghosts.map(ghost) }</>
            <>{ for begun().map(line) }</>
        </>
    }
}
