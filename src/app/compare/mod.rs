//! The comparison widget: two answers to one prompt, blind, and a vote.
//!
//! It takes the engine and what is published as properties and brings its own style sheet
//! (`www/styles/compare.css`). The pure [`state`] decides, the `desk` acts, the other files draw. The sources of a pair
//! are not in the document before the vote.

#[cfg(feature = "app")]
pub mod answers;
#[cfg(feature = "app")]
pub mod ballot;
#[cfg(feature = "app")]
pub mod calibration;
#[cfg(feature = "app")]
pub mod desk;
#[cfg(feature = "app")]
mod judge;
pub mod judging;
pub mod keys;
#[cfg(feature = "app")]
pub mod leaderboard;
#[cfg(feature = "app")]
pub mod phases;
pub mod sampling;
pub mod second_opinion;
pub mod sending;
#[cfg(feature = "app")]
pub mod shelf;
pub mod state;
#[cfg(test)]
mod state_tests;
#[cfg(feature = "app")]
pub mod widget;
