//! Figure 21 of the paper in small: Self-BLEU by temperature, for every stage.
//!
//! [`recorded`] is what the lab measured beforehand and the page draws as ghosts. This room knows neither models nor
//! charts.

pub mod recorded;
