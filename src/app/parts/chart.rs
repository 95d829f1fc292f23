//! Self-BLEU by temperature, for what this visit has tried: moving the slider is the experiment.

use std::rc::Rc;

use yew::prelude::*;

use super::heat;
use crate::app::prompts::Side;
use crate::app::settings::{MOST_TENTHS, USUAL_TENTHS, tenths};
use crate::app::words;

/// Size of the drawing, in its own units.
const WIDTH: f64 = 400.0;
const HEIGHT: f64 = 118.0;
/// Room for the axes.
const LEFT: f64 = 24.0;
const RIGHT: f64 = 12.0;
const TOP: f64 = 10.0;
const BOTTOM: f64 = 24.0;

/// Properties of [`MemoryChart`].
#[derive(Properties, PartialEq)]
pub struct MemoryChartProps {
    /// Per side: temperature in tenths and Self-BLEU, by rising temperature.
    pub series: Rc<[Vec<(u8, f64)>; 2]>,
    /// The slider's temperature.
    pub tenths: u8,
}

/// A chart with one mark per column and temperature tried: discs for the creative prompt, squares for the factual one.
#[component]
pub fn MemoryChart(props: &MemoryChartProps) -> Html {
    let series = &props.series;
    let wide = props.tenths > USUAL_TENTHS || series.iter().flatten().any(|(t, _)| *t > USUAL_TENTHS);
    let most = if wide { MOST_TENTHS } else { USUAL_TENTHS };
    let x = |t: u8| LEFT + (f64::from(t) - 1.0) / (f64::from(most) - 1.0) * (WIDTH - LEFT - RIGHT);
    let y = |value: f64| TOP + (1.0 - value.clamp(0.0, 1.0)) * (HEIGHT - TOP - BOTTOM);
    let line = |side: Side| {
        let points = series[side.index()].iter().map(|(t, v)| format!("{:.1},{:.1}", x(*t), y(*v)));
        let points = points.collect::<Vec<_>>().join(" ");
        html! { <polyline class={classes!("line", side.id())} {points} /> }
    };
    let marks = |side: Side| {
        let mark = move |(t, value): &(u8, f64)| mark(side, x(*t), y(*value), *t, *t == props.tenths);
        series[side.index()].iter().map(mark).collect::<Html>()
    };
    let label = |at: u8| {
        let (x, y) = (format!("{:.1}", x(at)), format!("{:.1}", HEIGHT - 7.0));
        html! { <text {x} {y} text-anchor="middle">{ tenths(at) }</text> }
    };
    let grid = |value: f64| {
        let (x1, x2, at) = (LEFT.to_string(), (WIDTH - RIGHT).to_string(), format!("{:.1}", y(value)));
        html! { <line class="grid" {x1} {x2} y1={at.clone()} y2={at} /> }
    };
    let here = format!("{:.1}", x(props.tenths));
    let legend = |side: Side| {
        html! {
            <span class="legend">
                <svg viewBox="0 0 30 12" width="30" height="12" aria-hidden="true">
                    <polyline class={classes!("line", side.id())} points="0,6 30,6" />
                    { mark(side, 15.0, 6.0, 0, false) }
                </svg>
                { words::side_title(side) }
            </span>
        }
    };
    html! {
        <figure class="memory">
            <figcaption>
                <strong>{ "Self-BLEU by temperature" }</strong>
                <span>{ "1 is alike, 0 different. Each stop of the slider adds a point." }</span>
                { for Side::ALL.map(legend) }
            </figcaption>
            <svg class="plot" viewBox={format!("0 0 {WIDTH} {HEIGHT}")} role="img" aria-label={words::memory_sentence(series)}>
                { for [0.0, 0.5, 1.0].map(grid) }
                <text x="16" y={format!("{:.1}", y(1.0) + 4.0)} text-anchor="end">{ "1" }</text>
                <text x="16" y={format!("{:.1}", y(0.0) + 4.0)} text-anchor="end">{ "0" }</text>
                { for [1, 5, 10, most].map(label) }
                <line class="here" x1={here.clone()} x2={here} y1={TOP.to_string()} y2={format!("{:.1}", y(0.0))} />
                { for Side::ALL.map(line) }
                { for Side::ALL.map(marks) }
            </svg>
        </figure>
    }
}

/// A point. Tenths of 0 mean no temperature: a sample for the legend.
fn mark(side: Side, x: f64, y: f64, tenths: u8, now: bool) -> Html {
    let heat = (tenths > 0).then(|| heat(tenths));
    let class = classes!("dot", now.then_some("now"), (tenths == 0).then_some("sample"));
    let radius = if now { 5.5 } else { 4.0 };
    match side {
        Side::Creative => {
            let (cx, cy, r) = (format!("{x:.1}"), format!("{y:.1}"), radius.to_string());
            html! { <circle {class} {cx} {cy} {r} style={heat} /> }
        }
        Side::Factual => {
            let half = radius * 0.9;
            let (x, y) = (format!("{:.1}", x - half), format!("{:.1}", y - half));
            let size = (half * 2.0).to_string();
            html! { <rect {class} {x} {y} width={size.clone()} height={size} style={heat} /> }
        }
    }
}
