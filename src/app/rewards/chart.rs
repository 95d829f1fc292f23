//! A ridge per stage: how its rewards are distributed; and the best of N.

use yew::prelude::*;

use super::state::{ANSWERS, State};
use crate::app::parts::marks::{mark, stage_class};
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

fn x(reward: f64) -> f64 {
    let (low, high) = RANGE;
    LEFT + (reward.clamp(low, high) - low) / (high - low) * (WIDTH - LEFT - RIGHT)
}

/// One ridge per entrant, with its mean and the mean of its worst tenth.
pub(super) fn ridges(state: &State, title: &str) -> Html {
    let height = TOP + STEP * state.entrants.len() as f64 + BOTTOM;
    let floor = |row: usize| TOP + STEP * (row as f64 + 1.0);
    let bin = (RANGE.1 - RANGE.0) / bins() as f64;
    let ridge = |(row, entrant): (usize, &super::state::Entrant)| {
        let base = floor(row);
        let class = if entrant.is_warning {
            "ridge warning".to_owned()
        } else {
            format!("ridge {}", stage_class(row))
        };
        let shape = state.distribution(row).map(|found| {
            let step = |(place, share): (usize, &f64)| {
                let (from, y) = (RANGE.0 + bin * place as f64, base - (share / FULL).min(1.0) * STEP * 1.5);
                [(x(from), y), (x(from + bin), y)]
            };
            let outline = found.shares.iter().enumerate().flat_map(step);
            let points = std::iter::once((x(RANGE.0), base)).chain(outline).chain([(x(RANGE.1), base)]);
            let points = points.map(|(x, y)| format!("{x:.1},{y:.1}")).collect::<Vec<_>>().join(" ");
            let (mean, worst) = (x(found.mean), x(found.worst_tenth));
            html! {
                <>
                    <polygon class="hill" {points} />
                    <line class="mean" x1={format!("{mean:.1}")} x2={format!("{mean:.1}")} y1={format!("{:.1}", base - STEP * 0.62)} y2={format!("{base:.1}")} />
                    <polygon class="worst" points={format!("{:.1},{:.1} {:.1},{:.1} {:.1},{:.1}", worst, base - 1.0, worst - 5.0, base + 8.0, worst + 5.0, base + 8.0)} />
                </>
            }
        });
        html! {
            <g class={class} data-entrant={entrant.id.clone()} data-answers={state.scored(row).len().to_string()}
                data-mean={state.distribution(row).map(|found| format!("{:.4}", found.mean))}>
                <line class="floor" x1={LEFT.to_string()} x2={(WIDTH - RIGHT).to_string()} y1={base.to_string()} y2={base.to_string()} />
                <text x={(LEFT - 8.0).to_string()} y={(base - 4.0).to_string()} text-anchor="end">{ &entrant.label }</text>
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
        <svg class="figure-panel ridges" viewBox={format!("0 0 {WIDTH} {height}")} role="img" aria-label={sentence(state)}>
            <text class="chart-title" x={LEFT.to_string()} y="18">{ title }</text>
            { for [-4, -3, -2, -1, 0, 1, 2].map(tick) }
            { for state.entrants.iter().enumerate().map(ridge) }
            <text class="axis" x={format!("{:.1}", x(-1.0))} y={(height - 4.0).to_string()} text-anchor="middle">{ "Reward" }</text>
        </svg>
    }
}

/// The distributions in words.
fn sentence(state: &State) -> String {
    let one = |(row, entrant): (usize, &super::state::Entrant)| {
        let found = state.distribution(row)?;
        Some(format!("{}: mean {:+.2}, worst tenth {:+.2}", entrant.label, found.mean, found.worst_tenth))
    };
    let all: Vec<String> = state.entrants.iter().enumerate().filter_map(one).collect();
    if all.is_empty() {
        "Rewards by stage; no answers yet.".to_owned()
    } else {
        format!("Rewards by stage. {}.", all.join("; "))
    }
}

/// The expected reward of the best of N answers, N from 1 to 25, one curve per entrant.
pub(super) fn best_of_n(state: &State, title: &str) -> Html {
    const WIDTH: f64 = 460.0;
    const HEIGHT: f64 = 340.0;
    const LEFT: f64 = 44.0;
    const BOTTOM: f64 = 42.0;
    const TOP: f64 = 34.0;
    let curves: Vec<Vec<f64>> = (0..state.entrants.len()).map(|row| state.best_of(row)).collect();
    // The axis ends at halves.
    let halves = curves.iter().flatten().map(|reward| reward * 2.0);
    let (low, high) =
        halves.fold((0_i32, 2_i32), |(low, high), v| (low.min(v.floor() as i32), high.max(v.ceil() as i32)));
    let (lowest, highest) = (f64::from(low) / 2.0, f64::from(high) / 2.0);
    let x = |n: f64| LEFT + (n - 1.0) / f64::from(ANSWERS - 1) * (WIDTH - LEFT - 14.0);
    let y = |v: f64| TOP + (highest - v) / (highest - lowest) * (HEIGHT - TOP - BOTTOM);
    let curve = |(row, curve): (usize, &Vec<f64>)| {
        let points = curve.iter().enumerate().map(|(i, v)| format!("{:.1},{:.1}", x(i as f64 + 1.0), y(*v)));
        let class = if state.entrants[row].is_warning { "warning".to_owned() } else { stage_class(row) };
        let ends = [0, 4, 9, 14, 19, 24]
            .iter()
            .filter_map(|&i| Some(mark(row, x(i as f64 + 1.0), y(*curve.get(i)?), 4.0)));
        html! {
            <g {class}>
                <polyline class="line" points={points.collect::<Vec<_>>().join(" ")} />
                { for ends }
            </g>
        }
    };
    let grid = |halves: i32| {
        let value = f64::from(halves) / 2.0;
        let at = format!("{:.1}", y(value));
        let label = if halves == 0 { "0".to_owned() } else { format!("{value:+.1}") };
        html! {
            <>
                <line class="grid" x1={LEFT.to_string()} x2={(WIDTH - 14.0).to_string()} y1={at.clone()} y2={at} />
                <text x={(LEFT - 6.0).to_string()} y={format!("{:.1}", y(value) + 4.0)} text-anchor="end">{ label }</text>
            </>
        }
    };
    let tick = |n: u32| {
        html! { <text x={format!("{:.1}", x(f64::from(n)))} y={(HEIGHT - BOTTOM + 18.0).to_string()} text-anchor="middle">{ n }</text> }
    };
    html! {
        <svg class="figure-panel best-of-n" viewBox={format!("0 0 {WIDTH} {HEIGHT}")} role="img"
            aria-label={best_sentence(state, title)}>
            <text class="chart-title" x={LEFT.to_string()} y="18">{ title }</text>
            { for (low..=high).map(grid) }
            { for [1, 5, 10, 15, 20, 25].map(tick) }
            { for curves.iter().enumerate().filter(|(_, curve)| !curve.is_empty()).map(curve) }
            <text class="axis" x={format!("{:.1}", x(13.0))} y={(HEIGHT - 6.0).to_string()} text-anchor="middle">{ "N, answers to choose from" }</text>
        </svg>
    }
}

/// The best of N in words.
fn best_sentence(state: &State, title: &str) -> String {
    let one = |(row, entrant): (usize, &super::state::Entrant)| {
        let curve = state.best_of(row);
        let at = |n: usize| curve.get(n - 1).map(|reward| format!("{reward:+.2} of {n}"));
        Some(format!("{}: {}", entrant.label, [at(1)?, at(5)?, at(25)?].join(", ")))
    };
    let all: Vec<String> = state.entrants.iter().enumerate().filter_map(one).collect();
    format!("{title}, expected reward. {}.", all.join("; "))
}
