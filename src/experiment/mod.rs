//! Figure 21 of the paper in small: Self-BLEU by temperature, for every stage.
//!
//! [`recorded`] is what the lab measured beforehand and the page draws as ghosts; [`plan`] is what a visitor's own experiment
//! asks, [`measure`] makes numbers of its answers, [`live`] is what has been measured so far, and [`verdict`] what that says
//! when it is done. This room knows neither models nor charts.

pub mod axes;
pub mod drawing;
pub mod live;
pub mod marks;
pub mod measure;
pub mod plan;
pub mod recorded;
pub mod rewards;
pub mod verdict;
