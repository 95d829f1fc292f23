//! Sending votes to a collector, for visitors who agreed to it on a page that names one.
//!
//! What is to be sent is not kept twice: every vote of this browser without a [fate](crate::preference::fate::Fate) waits. So a vote cannot be
//! kept and forgotten here, and a reload changes nothing. The pure [`work`], [`verdict`] and [`state`] decide, the `courier`
//! acts, the `panel` draws. Without a collector none of it is shown or done.

#[cfg(feature = "app")]
pub mod courier;
#[cfg(feature = "app")]
pub mod panel;
pub mod state;
pub mod verdict;
pub mod work;
