//! The benchmark in Chromium: this engine and its peers on the same weights, in one browser, one after the other.
//!
//! [`plan`] says what is measured, [`models`] makes the files, [`site`] serves them, [`measure`] asks the browser, [`record`]
//! is what came out, [`statistics`] and [`table`] make of it what people read. The JavaScript side is in `e2e/bench`.

pub mod machine;
pub mod measure;
pub mod models;
pub mod plan;
pub mod record;
pub mod site;
pub mod statistics;
pub mod table;
