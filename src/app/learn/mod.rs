//! Learning from votes: a reward model, a policy, and what became of a taste.
//!
//! The pure [`state`] decides, the `desk` acts, the `widget` draws. [`gathering`] makes the votes of a simulated
//! annotator, which are never kept and never among the visitor's.

#[cfg(feature = "app")]
pub mod desk;
pub mod gathering;
#[cfg(feature = "app")]
pub mod results;
pub mod state;
#[cfg(feature = "app")]
pub mod widget;
