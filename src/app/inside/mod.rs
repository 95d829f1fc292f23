//! Chapter 2, "Inside one token": an answer token by token, and what every training stage would have said there.
//!
//! The distributions come from the engine once; what a temperature makes of them is worked out here, so that the slider
//! moves the bars without a model. What is pure is tested without a browser.

pub mod bars;
#[cfg(feature = "app")]
pub mod desk;
#[cfg(feature = "app")]
mod own;
#[cfg(feature = "app")]
mod panels;
pub mod reading;
pub mod state;
#[cfg(feature = "app")]
mod strip;
pub mod subject;
#[cfg(feature = "app")]
pub mod widget;
pub mod words;
