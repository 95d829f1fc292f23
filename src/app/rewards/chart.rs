//! A ridge per stage: how its rewards are distributed; and the best of N.

use yew::prelude::*;

use super::state::Results;
use crate::app::parts::marks::{mark, stage_class};
use crate::experiment::axes::{Axes, points};
use crate::experiment::plan::ANSWERS_PER_PROMPT;
use crate::experiment::rewards::{RANGE, bins};

/// Size of the ridges, in the drawing's own units.
const WIDTH: f64 = 620.0;
const LEFT: f64 = 128.0;
const RIGHT: f64 = 12.0;
const TOP: f64 = 34.0;
const STEP: f64 = 44.0;
const BOTTOM: f64 = 40.0;
/// Share of the answers in one bin that makes a ridge as high as it gets: a row and a half.
const FULL: f64 = 0.4;

/// One ridge per entrant, with its mean and the mean of its worst tenth.
pub(super) fn ridges(results: &[Results<'_>], title: &str) -> Html {
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
                <text x={(LEFT - 8.0).to_string()} y={(base - 4.0).to_string()} text-anchor="end">{ &result.entrant.label }</text>
                { shape.unwrap_or_default() }
            </g>
        }
    };
    let tick = |reward: i32| {
        let at = format!("{:.1}", x(f64::from(reward)));
        html! {
            <>
                <line class="grid" x1={at.clone()} x2={at.clone()} y1={TOP.to_string()} y2={(height - BOTTOM).to_string()} />
                <text x={at} y={(height - BOTTOM + 22.0).to_string()} text-anchor="middle">{ if reward > 0 { format!("+{reward}") } else { reward.to_string() } }</text>
            </>
        }
    };
    html! {
        <svg class="figure-panel ridges" viewBox={format!("0 0 {WIDTH} {height}")} role="img" aria-label={sentence(results)}>
            <text class="chart-title" x={LEFT.to_string()} y="18">{ title }</text>
            { for [-4, -3, -2, -1, 0, 1, 2].map(tick) }
            { for results.iter().enumerate().map(ridge) }
            <text class="axis" x={format!("{:.1}", x(-1.0))} y={(height - 4.0).to_string()} text-anchor="middle">{ "Reward" }</text>
        </svg>
    }
}

/// The shade of an entrant as a class.
fn shade(row: usize, result: &Results<'_>) -> String {
    if result.entrant.is_warning { "warning".to_owned() } else { stage_class(row) }
}

/// The distributions in words.
fn sentence(results: &[Results<'_>]) -> String {
    let one = |result: &Results<'_>| {
        let found = result.distribution.as_ref()?;
        Some(format!(
            "{}: mean {:+.2}, worst tenth {:+.2}",
            result.entrant.label, found.mean, found.worst_tenth
        ))
    };
    let all: Vec<String> = results.iter().filter_map(one).collect();
    if all.is_empty() {
        "Rewards by stage; no answers yet.".to_owned()
    } else {
        format!("Rewards by stage. {}.", all.join("; "))
    }
}

/// The expected reward of the best of N answers, N from 1 to 25, one curve per entrant.
pub(super) fn best_of_n(results: &[Results<'_>], title: &str) -> Html {
    const WIDTH: f64 = 460.0;
    const HEIGHT: f64 = 340.0;
    const LEFT: f64 = 44.0;
    const RIGHT: f64 = 14.0;
    const BOTTOM: f64 = 42.0;
    const TOP: f64 = 34.0;
    // The axis ends at halves.
    let halves = results.iter().flat_map(|result| &result.best_of).map(|reward| reward * 2.0);
    let (low, high) =
        halves.fold((0_i32, 2_i32), |(low, high), v| (low.min(v.floor() as i32), high.max(v.ceil() as i32)));
    let axes = Axes {
        across: (LEFT, WIDTH - RIGHT),
        down: (TOP, HEIGHT - BOTTOM),
        x: (1.0, f64::from(ANSWERS_PER_PROMPT)),
        y: (f64::from(low) / 2.0, f64::from(high) / 2.0),
    };
    let curve = |(row, result): (usize, &Results<'_>)| {
        let curve = &result.best_of;
        let at = |i: usize| Some((i as f64 + 1.0, *curve.get(i)?));
        let marks = [0, 4, 9, 14, 19, 24].into_iter().filter_map(at);
        html! {
            <g class={shade(row, result)}>
                <polyline class="line" points={axes.points((0..curve.len()).filter_map(at))} />
                { for marks.map(|(n, reward)| mark(row, axes.x(n), axes.y(reward), 4.0)) }
            </g>
        }
    };
    let grid = |halves: i32| {
        let value = f64::from(halves) / 2.0;
        let at = format!("{:.1}", axes.y(value));
        let label = if halves == 0 { "0".to_owned() } else { format!("{value:+.1}") };
        html! {
            <>
                <line class="grid" x1={LEFT.to_string()} x2={(WIDTH - RIGHT).to_string()} y1={at.clone()} y2={at} />
                <text x={(LEFT - 6.0).to_string()} y={format!("{:.1}", axes.y(value) + 4.0)} text-anchor="end">{ label }</text>
            </>
        }
    };
    let tick = |n: u32| {
        html! { <text x={format!("{:.1}", axes.x(f64::from(n)))} y={(HEIGHT - BOTTOM + 18.0).to_string()} text-anchor="middle">{ n }</text> }
    };
    html! {
        <svg class="figure-panel best-of-n" viewBox={format!("0 0 {WIDTH} {HEIGHT}")} role="img"
            aria-label={best_sentence(results, title)}>
            <text class="chart-title" x={LEFT.to_string()} y="18">{ title }</text>
            { for (low..=high).map(grid) }
            { for [1, 5, 10, 15, 20, 25].map(tick) }
            { for results.iter().enumerate().filter(|(_, result)| !result.best_of.is_empty()).map(curve) }
            <text class="axis" x={format!("{:.1}", axes.x(13.0))} y={(HEIGHT - 6.0).to_string()} text-anchor="middle">{ "N, answers to choose from" }</text>
        </svg>
    }
}

/// The best of N in words.
fn best_sentence(results: &[Results<'_>], title: &str) -> String {
    let one = |result: &Results<'_>| {
        let at = |n: usize| result.best_of.get(n - 1).map(|reward| format!("{reward:+.2} of {n}"));
        Some(format!("{}: {}", result.entrant.label, [at(1)?, at(5)?, at(25)?].join(", ")))
    };
    let all: Vec<String> = results.iter().filter_map(one).collect();
    format!("{title}, expected reward. {}.", all.join("; "))
}
