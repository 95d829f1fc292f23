//! How charts tell training stages apart: each has its shade and its mark, so that no reading depends on telling colours.

use yew::prelude::*;

use crate::experiment::axes::{Axes, points};
use crate::experiment::marks::{corners, marked_point};

/// Shades there are; an eighth stage begins again.
const SHADES: usize = 7;

/// The shade of a stage, by its number, as a class of `instrument.css`.
#[must_use]
pub fn stage_class(order: usize) -> String {
    format!("stage-{}", order % SHADES)
}

/// The mark of a stage: [`corners`].
pub fn mark(order: usize, x: f64, y: f64, radius: f64) -> Html {
    match corners(order) {
        [] => {
            html! { <circle class="dot" cx={format!("{x:.1}")} cy={format!("{y:.1}")} r={radius.to_string()} /> }
        }
        corners => {
            let corners = corners.iter().map(|(dx, dy)| (x + dx * radius, y + dy * radius));
            html! { <polygon class="dot" points={points(corners)} /> }
        }
    }
}

/// A recorded curve of a stage with its mark; `class` is its shade, and whatever else is true of it.
pub fn recorded(axes: &Axes, class: Classes, order: usize, curve: &[(f64, f64)]) -> Html {
    let marked = marked_point(order, curve.len()).map(|place| curve[place]);
    html! {
        <g key={order} class={classes!("recorded", class)}>
            <polyline points={axes.points(curve.iter().copied())} />
            if let Some((x, y)) = marked {
                { mark(order, axes.x(x), axes.y(y), 2.6) }
            }
        </g>
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
    html! { <svg viewBox="0 0 26 12" width="26" height="12" aria-hidden="true"><g class="recorded"><polyline points="0,6 26,6" /></g></svg> }
}
