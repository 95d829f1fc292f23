//! Self-BLEU by temperature, for what this visit has tried: moving the slider is the experiment.
//!
//! One panel per side. Each training stage has its own mark and its own shade, so that no reading depends on telling
//! colours apart. Recorded curves are thin and stand behind.

use std::rc::Rc;

use yew::prelude::*;

use super::marks::{self, mark, recorded_sample, sample, stage_class};
use super::reader::{self, Line};
use crate::app::curves::{Curve, Role};
use crate::app::language::{Words, use_words};
use crate::app::prompts::Side;
use crate::app::settings::{MOST_TENTHS, USUAL_TENTHS};
use crate::app::temperature::use_tenths_near;
use crate::app::unseen::{use_near, use_unfolded};
use crate::experiment::axes::Axes;

/// Size of one panel, in the drawing's own units.
const WIDTH: f64 = 196.0;
const HEIGHT: f64 = 136.0;
/// From the left edge of one panel to that of the next.
const STEP: f64 = 204.0;
/// Room for the axes and the title.
const LEFT: f64 = 18.0;
const RIGHT: f64 = 10.0;
const TOP: f64 = 26.0;
const BOTTOM: f64 = 22.0;

/// Properties of [`MemoryChart`].
#[derive(Properties, PartialEq)]
pub struct MemoryChartProps {
    /// One per stage.
    pub curves: Rc<Vec<Curve>>,
    /// What the recorded curves were recorded from, if there are any.
    pub recorded: Option<String>,
}

/// Where a temperature in tenths and a value lie in a panel that ends at `most_tenths`.
fn axes(most_tenths: u8) -> Axes {
    Axes {
        across: (LEFT, WIDTH - RIGHT),
        down: (TOP, HEIGHT - BOTTOM),
        x: (1.0, f64::from(most_tenths)),
        y: (0.0, 1.0),
    }
}

/// Points without those past the right edge.
fn inside(axes: Axes, points: impl Iterator<Item = (f64, f64)>) -> impl Iterator<Item = (f64, f64)> {
    points.filter(move |(t, _)| *t <= axes.x.1 + 1e-6)
}

/// A chart with one panel per side, and in it one curve per stage.
#[component]
pub fn MemoryChart(props: &MemoryChartProps) -> Html {
    let words = use_words();
    let place = use_node_ref();
    let is_near = use_near(&place);
    let tenths = use_tenths_near(is_near);
    let curves = &props.curves;
    let mut tried = curves.iter().flat_map(|curve| curve.live.iter().flatten());
    let wide = tenths > USUAL_TENTHS || tried.any(|(t, _)| *t > USUAL_TENTHS);
    let most_tenths = if wide { MOST_TENTHS } else { USUAL_TENTHS };
    let panel = |side: Side| panel(side, most_tenths, tenths, props, words);
    let legend = |curve: &Curve| {
        html! {
            <li class={classes!("legend", role(curve))} key={curve.order}>
                { sample(stage(curve), curve.order) }
                { words.stage_label(&curve.label).to_owned() }
            </li>
        }
    };
    let note = props.recorded.clone().filter(|_| curves.iter().any(Curve::is_recorded));
    html! {
        <figure ref={place} class="memory" lang={words.language.tag()}>
            <figcaption>
                <strong>{ words.chart.title }</strong>
                <span>{ words.chart.note }</span>
            </figcaption>
            <div class="read">
                <svg class="plot" viewBox={format!("0 0 {} {HEIGHT}", STEP + WIDTH)} role="img"
                    aria-label={words.curves(curves)}>
                    { for Side::ALL.map(panel) }
                </svg>
                { for Side::ALL.map(|side| reader(side, most_tenths, tenths, curves, words)) }
            </div>
            <ul class="legends" role="list">
                <>{ for curves.iter().map(legend) }</>
                if let Some(note) = note {
                    <li class="legend">
                        { recorded_sample() }
                        { note }
                    </li>
                }
            </ul>
            <Numbers curves={Rc::clone(curves)} />
        </figure>
    }
}

#[derive(Properties, PartialEq)]
struct NumbersProps {
    curves: Rc<Vec<Curve>>,
}

/// The numbers behind the chart: a table per side, folded.
#[component]
fn Numbers(props: &NumbersProps) -> Html {
    let words = use_words();
    let (curves, ontoggle) = use_unfolded(Rc::clone(&props.curves), true);
    let table = |side: Side| {
        let columns: Vec<(String, &Curve, bool)> = curves
            .iter()
            .flat_map(|curve| [(curve, false), (curve, true)])
            .filter(|(curve, recorded)| !*recorded || curve.is_recorded())
            .map(|(curve, recorded)| {
                let label = words.stage_label(&curve.label);
                (
                    if recorded { (words.chart.recorded_column)(label) } else { label.to_owned() },
                    curve,
                    recorded,
                )
            })
            .collect();
        let value = |curve: &Curve, recorded: bool, tenths: u8| {
            if recorded { curve.recorded_at(side, tenths) } else { curve.live_at(side, tenths) }
        };
        let is_there = |tenths: &u8| {
            columns.iter().any(|(_, curve, recorded)| value(curve, *recorded, *tenths).is_some())
        };
        let line = |tenths: u8| {
            let cell = |(_, curve, recorded): &(String, &Curve, bool)| {
                let value = value(curve, *recorded, tenths);
                html! { <td>{ value.map_or_else(|| "–".to_owned(), |value| words.number(value, 2)) }</td> }
            };
            html! { <tr key={tenths}><th scope="row">{ words.tenths(tenths) }</th>{ for columns.iter().map(cell) }</tr> }
        };
        let name = format!("{}: Self-BLEU", words.side(side));
        html! {
            <div class="table-box" tabindex="0" role="region" aria-label={name.clone()}>
                <table>
                    <caption>{ name }</caption>
                    <thead><tr><th scope="col">{ "T" }</th>{ for columns.iter().map(|(label, ..)| html! { <th scope="col">{ label }</th> }) }</tr></thead>
                    <tbody>{ for (1..=MOST_TENTHS).filter(is_there).map(line) }</tbody>
                </table>
            </div>
        }
    };
    html! {
        <details id="memory-numbers" class="numbers" {ontoggle}>
            <summary>{ words.experiment.tables }</summary>
            <div class="figure-tables">{ for Side::ALL.map(table) }</div>
        </details>
    }
}

/// What reads a side's values.
fn reader(side: Side, most_tenths: u8, tenths: u8, curves: &Rc<Vec<Curve>>, words: &Words) -> Html {
    let axes = axes(most_tenths);
    let shift = STEP * side.index() as f64;
    let here = Axes { across: (axes.across.0 + shift, axes.across.1 + shift), ..axes };
    let curves = Rc::clone(curves);
    let lines = move |tenths: u8, words: &Words| {
        let line = |curve: &Curve| Line {
            order: curve.order,
            class: stage(curve),
            label: words.stage_label(&curve.label).to_owned(),
            value: curve.live_at(side, tenths).map(|value| words.number(value, 2)),
            recorded: curve.recorded_at(side, tenths).map(|value| words.number(value, 2)),
        };
        curves.iter().map(line).collect()
    };
    let area = reader::area(&here, STEP + WIDTH, HEIGHT);
    reader::by_tenths(
        format!("memory-{}", side.id()),
        words.side(side),
        area,
        (most_tenths, tenths),
        words,
        lines,
    )
}

fn panel(side: Side, most_tenths: u8, tenths: u8, props: &MemoryChartProps, words: &Words) -> Html {
    let axes = axes(most_tenths);
    let index = side.index();
    let shift = format!("translate({:.0} 0)", STEP * index as f64);
    let grid = |value: f64| {
        let at = format!("{:.1}", axes.y(value));
        html! { <line class="grid" x1={LEFT.to_string()} x2={(WIDTH - RIGHT).to_string()} y1={at.clone()} y2={at} /> }
    };
    let label = |at: u8| {
        let (x, y) = (format!("{:.1}", axes.x(f64::from(at))), format!("{:.1}", HEIGHT - 6.0));
        html! { <text {x} {y} text-anchor="middle">{ words.tenths(at) }</text> }
    };
    let value = |value: f64, text: &'static str| {
        html! { <text x={(LEFT - 7.0).to_string()} y={format!("{:.1}", axes.y(value) + 4.0)} text-anchor="end">{ text }</text> }
    };
    let recorded = |curve: &Curve| {
        let points = curve.recorded[index].iter().map(|(t, v)| (f64::from(*t) * 10.0, *v));
        let points: Vec<_> = inside(axes, points).collect();
        marks::recorded(&axes, stage(curve).into(), curve.order, &points)
    };
    let live = |curve: &Curve| {
        let points = &curve.live[index];
        let dots = points.iter().map(|(t, v)| {
            let radius = if *t == tenths && curve.role == Role::Shown { 5.2 } else { 3.8 };
            html! { <g key={*t}>{ mark(curve.order, axes.x(f64::from(*t)), axes.y(*v), radius) }</g> }
        });
        let line = axes.points(inside(axes, points.iter().map(|(t, v)| (f64::from(*t), *v))));
        html! {
            <g key={curve.order} class={classes!(stage(curve), role(curve))} data-stage={curve.label.clone()} data-points={points.len().to_string()}>
                <polyline class="line" points={line} />
                <>{ for dots }</>
            </g>
        }
    };
    let here = format!("{:.1}", axes.x(f64::from(tenths)));
    // Those on the page come last, so that they lie on top.
    let (shown, earlier): (Vec<&Curve>, Vec<&Curve>) =
        props.curves.iter().partition(|curve| curve.role == Role::Shown);
    html! {
        <g transform={shift} class={classes!("chart", side.id())}>
            <text class="chart-title" x={LEFT.to_string()} y="12">{ words.side(side) }</text>
            { for [0.0, 0.5, 1.0].map(grid) }
            { value(1.0, "1") }
            { value(0.0, "0") }
            { for [1, 5, 10, most_tenths].map(label) }
            <line class="here" x1={here.clone()} x2={here} y1={TOP.to_string()} y2={format!("{:.1}", axes.y(0.0))} />
            <>{ for props.curves.iter().filter(|curve| curve.is_recorded()).map(recorded) }</>
            <>{ for earlier.into_iter().chain(shown).map(live) }</>
        </g>
    }
}

fn stage(curve: &Curve) -> String {
    stage_class(curve.order)
}

fn role(curve: &Curve) -> &'static str {
    match curve.role {
        Role::Shown => "shown",
        Role::Earlier => "earlier",
    }
}
