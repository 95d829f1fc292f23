//! A ridge per stage: how its rewards are distributed; and the best of N.

use std::rc::Rc;

use yew::prelude::*;

use super::bars::Hill;
use super::state::Results;
use crate::app::language::{Language, Words};
use crate::app::parts::marks::{mark, sample, stage_class};
use crate::app::parts::reader::{self, Line, Reader, Reading};
use crate::app::settings::USUAL_TENTHS;
use crate::experiment::axes::{Axes, points};
use crate::experiment::marks::MARKS;
use crate::experiment::plan::ANSWERS_PER_PROMPT;
use crate::experiment::rewards::{RANGE, bins};

/// Size of the ridges, in the drawing's own units.
const WIDTH: f64 = 620.0;
const LEFT: f64 = 150.0;
const RIGHT: f64 = 12.0;
const TOP: f64 = 34.0;
const STEP: f64 = 44.0;
const BOTTOM: f64 = 40.0;
/// Share of the answers in one bin that makes a ridge as high as it gets: a row and a half.
const FULL: f64 = 0.4;

/// One ridge per entrant, with its mean and the mean of its worst tenth. `bars` lays what reads and chooses bars over an area of the drawing.
pub(super) fn ridges(
    results: &[Results<'_>],
    title: &str,
    bars: impl FnOnce(Rc<Vec<Hill>>, [f64; 4]) -> Html,
    words: &Words,
) -> Html {
    let height = TOP + STEP * results.len() as f64 + BOTTOM;
    let axes = Axes { across: (LEFT, WIDTH - RIGHT), down: (TOP, height - BOTTOM), x: RANGE, y: (0.0, 1.0) };
    let x = |reward: f64| axes.x(reward.clamp(RANGE.0, RANGE.1));
    let bin = (RANGE.1 - RANGE.0) / bins() as f64;
    let ridge = |(row, result): (usize, &Results<'_>)| {
        let base = TOP + STEP * (row as f64 + 1.0);
        let found = result.distribution.as_ref();
        let shape = found.map(|found| {
            let step = |(place, share): (usize, &f64)| {
                let (from, y) = (RANGE.0 + bin * place as f64, base - (share / FULL).min(1.0) * STEP * 1.5);
                [(x(from), y), (x(from + bin), y)]
            };
            let outline = found.shares.iter().enumerate().flat_map(step);
            let hill = std::iter::once((x(RANGE.0), base)).chain(outline).chain([(x(RANGE.1), base)]);
            let (mean, worst) = (x(found.mean), x(found.worst_tenth));
            let triangle = [(worst, base - 1.0), (worst - 5.0, base + 8.0), (worst + 5.0, base + 8.0)];
            html! {
                <>
                    <polygon class="hill" points={points(hill)} />
                    <line class="mean" x1={format!("{mean:.1}")} x2={format!("{mean:.1}")} y1={format!("{:.1}", base - STEP * 0.62)} y2={format!("{base:.1}")} />
                    <polygon class="worst" points={points(triangle)} />
                </>
            }
        });
        html! {
            <g class={classes!("ridge", shade(row, result))} data-entrant={result.entrant.id.clone()}
                data-answers={found.map_or(0, |found| found.count).to_string()} data-mean={found.map(|found| format!("{:.4}", found.mean))}>
                <line class="floor" x1={LEFT.to_string()} x2={(WIDTH - RIGHT).to_string()} y1={base.to_string()} y2={base.to_string()} />
                <text x={(LEFT - 8.0).to_string()} y={(base - 4.0).to_string()} text-anchor="end">{ words.stage_label(&result.entrant.label) }</text>
                { shape.unwrap_or_default() }
            </g>
        }
    };
    let tick = |reward: i32| {
        let at = format!("{:.1}", x(f64::from(reward)));
        html! {
            <>
                <line class="grid" x1={at.clone()} x2={at.clone()} y1={TOP.to_string()} y2={(height - BOTTOM).to_string()} />
                <text x={at} y={(height - BOTTOM + 22.0).to_string()} text-anchor="middle">{ if reward == 0 { "0".to_owned() } else { words.signed(reward.into(), 0) } }</text>
            </>
        }
    };
    let hill = |result: &Results<'_>| {
        let counts = result.distribution.as_ref().map(|found| {
            found.shares.iter().map(|share| (share * found.count as f64).round() as usize).collect()
        });
        Hill {
            label: words.stage_label(&result.entrant.label).to_owned(),
            counts: counts.unwrap_or_default(),
        }
    };
    html! {
        <div class="read">
        <svg class="figure-panel ridges" viewBox={format!("0 0 {WIDTH} {height}")} role="img" aria-label={sentence(results, words)}>
            <text class="chart-title" x={LEFT.to_string()} y="18">{ title }</text>
            { for [-4, -3, -2, -1, 0, 1, 2].map(tick) }
            { for results.iter().enumerate().map(ridge) }
            <text class="axis" x={format!("{:.1}", x(-1.0))} y={(height - 4.0).to_string()} text-anchor="middle">{ words.rewards.reward }</text>
        </svg>
        { bars(Rc::new(results.iter().map(hill).collect::<Vec<_>>()), reader::area(&axes, WIDTH, height)) }
        </div>
    }
}

/// The shade of an entrant as a class.
fn shade(row: usize, result: &Results<'_>) -> String {
    if result.entrant.is_warning { "warning".to_owned() } else { stage_class(row) }
}

/// The mark of an entrant: the warning has the last one, whoever else is there.
fn mark_of(row: usize, result: &Results<'_>) -> usize {
    if result.entrant.is_warning { MARKS - 1 } else { row }
}

/// The distributions in words.
fn sentence<'a>(results: &[Results<'a>], words: &Words) -> String {
    let one = |result: &Results<'a>| {
        let found = result.distribution.as_ref()?;
        let label = words.stage_label(&result.entrant.label);
        Some((label, [words.signed(found.mean, 2), words.signed(found.worst_tenth, 2)]))
    };
    (words.rewards.ridges_spoken)(&results.iter().filter_map(one).collect::<Vec<_>>())
}

/// Size of a chart of best answers, in its own units.
const BEST_WIDTH: f64 = 460.0;
const BEST_HEIGHT: f64 = 340.0;
const BEST_LEFT: f64 = 44.0;
const BEST_RIGHT: f64 = 14.0;
const BEST_TOP: f64 = 34.0;
const BEST_BOTTOM: f64 = 42.0;

/// What a chart of best answers shows.
struct BestOf<'a> {
    id: &'static str,
    title: &'a str,
    /// In words.
    sentence: String,
    /// Numbers at the left and at the right edge.
    x: (f64, f64),
    ticks: &'a [(f64, String)],
    x_name: &'a str,
    /// A place on the axis across in words.
    at: fn(f64, &Words) -> String,
    /// One curve per entrant, empty where nothing is known.
    curves: Vec<Vec<(f64, f64)>>,
    /// Which points of a curve are marked: every so many.
    marked: usize,
}

/// The expected reward of the best of N answers, N from 1 to 25, one curve per entrant.
pub(super) fn best_of_n(results: &[Results<'_>], title: &str, words: &Words) -> Html {
    let points = |result: &Results<'_>| {
        result.best_of.iter().enumerate().map(|(i, reward)| (i as f64 + 1.0, *reward)).collect()
    };
    let ticks = [1, 5, 10, 15, 20, 25].map(|n| (f64::from(n), n.to_string()));
    best(
        results,
        BestOf {
            id: "best-of-n",
            title,
            sentence: best_sentence(results, title, words),
            x: (1.0, f64::from(ANSWERS_PER_PROMPT)),
            ticks: &ticks,
            x_name: words.rewards.n,
            at: |n, _| format!("N = {n}"),
            curves: results.iter().map(points).collect(),
            marked: 5,
        },
        words,
    )
}

/// The expected reward of the best of all answers to a prompt by temperature, one curve per entrant: Figure 8.
pub(super) fn best_by_temperature<'a>(results: &[Results<'a>], title: &str, words: &Words) -> Html {
    let points = |result: &Results<'_>| {
        result.by_temperature.iter().map(|(tenths, reward)| (f64::from(*tenths) / 10.0, *reward)).collect()
    };
    let ticks = [0.1, 0.5, 1.0, 1.5].map(|t: f64| (t, words.number(t, 1)));
    let all_tenths = results.iter().flat_map(|result| &result.by_temperature).map(|(tenths, _)| *tenths);
    let hottest = all_tenths.max().unwrap_or(0).max(USUAL_TENTHS);
    let best_at = |result: &Results<'a>| {
        let (tenths, reward) = result.by_temperature.iter().max_by(|a, b| a.1.total_cmp(&b.1))?;
        Some((words.stage_label(&result.entrant.label), [words.signed(*reward, 2), words.tenths(*tenths)]))
    };
    let all: Vec<_> = results.iter().filter_map(best_at).collect();
    best(
        results,
        BestOf {
            id: "best-by-temperature",
            title,
            sentence: (words.rewards.highest_spoken)(title, &all),
            x: (0.1, f64::from(hottest) / 10.0),
            ticks: &ticks,
            x_name: words.instrument.temperature,
            at: |temperature, words| format!("T = {}", words.number(temperature, 1)),
            curves: results.iter().map(points).collect(),
            marked: 1,
        },
        words,
    )
}

/// Whose curve is whose.
pub(super) fn legend(results: &[Results<'_>], words: &Words) -> Html {
    let entry = |(row, result): (usize, &Results<'_>)| {
        html! {
            <li key={row} class="legend">
                { sample(shade(row, result), mark_of(row, result)) }
                { words.stage_label(&result.entrant.label).to_owned() }
            </li>
        }
    };
    html! { <ul class="legends" role="list" aria-label={words.experiment.stages}>{ for results.iter().enumerate().map(entry) }</ul> }
}

fn best(results: &[Results<'_>], chart: BestOf<'_>, words: &Words) -> Html {
    // The axis ends at halves.
    let halves = chart.curves.iter().flatten().map(|(_, reward)| reward * 2.0);
    let low = halves.clone().map(|v| v.floor() as i32).min().unwrap_or(0);
    let high = halves.map(|v| v.ceil() as i32).max().unwrap_or(0).max(low + 2);
    let axes = Axes {
        across: (BEST_LEFT, BEST_WIDTH - BEST_RIGHT),
        down: (BEST_TOP, BEST_HEIGHT - BEST_BOTTOM),
        x: chart.x,
        y: (f64::from(low) / 2.0, f64::from(high) / 2.0),
    };
    let curve = |(row, points): (usize, &Vec<(f64, f64)>)| {
        let is_marked = |place: usize| place == 0 || (place + 1).is_multiple_of(chart.marked);
        let marks = points.iter().enumerate().filter(|(place, _)| is_marked(*place));
        let order = mark_of(row, &results[row]);
        html! {
            <g key={row} class={shade(row, &results[row])} data-points={points.len().to_string()}>
                <polyline class="line" points={axes.points(points.iter().copied())} />
                { for marks.map(|(_, (x, reward))| mark(order, axes.x(*x), axes.y(*reward), 4.0)) }
            </g>
        }
    };
    let grid = |halves: i32| {
        let value = f64::from(halves) / 2.0;
        let at = format!("{:.1}", axes.y(value));
        let label = if halves == 0 { "0".to_owned() } else { words.signed(value, 1) };
        html! {
            <>
                <line class="grid" x1={BEST_LEFT.to_string()} x2={(BEST_WIDTH - BEST_RIGHT).to_string()} y1={at.clone()} y2={at} />
                <text x={(BEST_LEFT - 6.0).to_string()} y={format!("{:.1}", axes.y(value) + 4.0)} text-anchor="end">{ label }</text>
            </>
        }
    };
    let tick = |(x, label): &(f64, String)| {
        html! { <text x={format!("{:.1}", axes.x(*x))} y={(BEST_HEIGHT - BEST_BOTTOM + 18.0).to_string()} text-anchor="middle">{ label }</text> }
    };
    let middle = format!("{:.1}", (axes.across.0 + axes.across.1) / 2.0);
    let reader = best_reader(results, &chart, &axes, words.language);
    html! {
        <div class="read">
        <svg class="figure-panel best-of" viewBox={format!("0 0 {BEST_WIDTH} {BEST_HEIGHT}")} role="img" aria-label={chart.sentence}>
            <text class="chart-title" x={BEST_LEFT.to_string()} y="18">{ chart.title }</text>
            { for (low..=high).map(grid) }
            { for chart.ticks.iter().map(tick) }
            <>{ for chart.curves.iter().enumerate().filter(|(_, points)| !points.is_empty()).map(curve) }</>
            <text class="axis" x={middle} y={(BEST_HEIGHT - 6.0).to_string()} text-anchor="middle">{ chart.x_name }</text>
        </svg>
        { reader }
        </div>
    }
}

/// What reads the values of a chart of best answers.
fn best_reader(results: &[Results<'_>], chart: &BestOf<'_>, axes: &Axes, language: Language) -> Html {
    let words = language.words();
    let mut all: Vec<f64> = chart.curves.iter().flatten().map(|(x, _)| *x).collect();
    all.sort_by(f64::total_cmp);
    all.dedup();
    let share = |x: &f64| (x - axes.x.0) / (axes.x.1 - axes.x.0);
    let places: Vec<f64> = all.iter().map(share).collect();
    let series = |(row, result): (usize, &Results<'_>)| {
        let line = Line {
            order: mark_of(row, result),
            class: shade(row, result),
            label: words.stage_label(&result.entrant.label).to_owned(),
            value: None,
            recorded: None,
        };
        (line, chart.curves[row].clone())
    };
    let series: Vec<(Line, Vec<(f64, f64)>)> = results.iter().enumerate().map(series).collect();
    let (at, home) = (chart.at, places.len().saturating_sub(1));
    let read = Callback::from(move |place: usize| {
        let words = language.words();
        let x = all[place];
        let line = |(line, points): &(Line, Vec<(f64, f64)>)| {
            let value =
                points.iter().find(|(here, _)| *here == x).map(|(_, reward)| words.signed(*reward, 2));
            Line { value, ..line.clone() }
        };
        Reading { at: at(x, words), lines: series.iter().map(line).collect() }
    });
    html! { <Reader id={chart.id} label={(words.chart.read)(chart.title)} area={reader::area(axes, BEST_WIDTH, BEST_HEIGHT)} places={Rc::new(places)} {home} {read} /> }
}

/// The best of N in words.
fn best_sentence<'a>(results: &[Results<'a>], title: &str, words: &Words) -> String {
    let one = |result: &Results<'a>| {
        let at = |n: usize| result.best_of.get(n - 1).map(|reward| words.signed(*reward, 2));
        Some((words.stage_label(&result.entrant.label), [at(1)?, at(5)?, at(25)?]))
    };
    (words.rewards.best_spoken)(title, &results.iter().filter_map(one).collect::<Vec<_>>())
}
