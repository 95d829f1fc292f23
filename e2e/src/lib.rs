//! Journeys in a real browser: what a visitor does, on the page as it is published.
//!
//! [`driver`] speaks WebDriver, [`browser`] starts Chromium with a fresh profile, [`site`] serves `dist/` and can break
//! files, [`collector`] runs the program that takes votes, [`page`] knows the page's elements. The journeys themselves are in `tests/`.

pub mod bench;
pub mod browser;
pub mod collector;
pub mod driver;
pub mod finger;
pub mod onnx;
pub mod page;
pub mod png;
pub mod site;
