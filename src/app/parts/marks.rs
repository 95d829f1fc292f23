//! How charts tell training stages apart: each has its shade and its mark, so that no reading depends on telling colours.

use yew::prelude::*;

use crate::experiment::axes::points;

/// Marks that tell stages apart; a seventh stage begins again.
const MARKS: usize = 6;

/// The shade of a stage, by its number, as a class of `instrument.css`.
#[must_use]
pub fn stage_class(order: usize) -> String {
    format!("stage-{}", order % MARKS)
}

/// The mark of a stage: disc, square, triangle, diamond, triangle on its tip, cross.
pub fn mark(order: usize, x: f64, y: f64, radius: f64) -> Html {
    let polygon = |corners: &[(f64, f64)]| {
        let corners = corners.iter().map(|(dx, dy)| (x + dx * radius, y + dy * radius));
        html! { <polygon class="dot" points={points(corners)} /> }
    };
    match order % MARKS {
        0 => {
            html! { <circle class="dot" cx={format!("{x:.1}")} cy={format!("{y:.1}")} r={radius.to_string()} /> }
        }
        1 => polygon(&[(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)]),
        2 => polygon(&[(0.0, -1.2), (1.1, 0.8), (-1.1, 0.8)]),
        3 => polygon(&[(0.0, -1.3), (1.3, 0.0), (0.0, 1.3), (-1.3, 0.0)]),
        4 => polygon(&[(0.0, 1.2), (1.1, -0.8), (-1.1, -0.8)]),
        _ => {
            let (thin, long) = (0.4, 1.25);
            polygon(&[
                (-thin, -long),
                (thin, -long),
                (thin, -thin),
                (long, -thin),
                (long, thin),
                (thin, thin),
                (thin, long),
                (-thin, long),
                (-thin, thin),
                (-long, thin),
                (-long, -thin),
                (-thin, -thin),
            ])
        }
    }
}

/// A piece of a stage's curve with its mark, for legends; `class` is its shade.
pub fn sample(class: String, order: usize) -> Html {
    html! {
        <svg {class} viewBox="0 0 26 12" width="26" height="12" aria-hidden="true">
            <polyline class="line" points="0,6 26,6" />
            { mark(order, 13.0, 6.0, 4.0) }
        </svg>
    }
}

/// A piece of a recorded curve, for legends.
pub fn recorded_sample() -> Html {
    html! { <svg viewBox="0 0 26 12" width="26" height="12" aria-hidden="true"><polyline class="recorded" points="0,6 26,6" /></svg> }
}
