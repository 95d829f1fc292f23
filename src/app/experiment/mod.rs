//! Chapter 3, "The experiment": the paper's Figure 21, run in this tab by whoever is curious.

#[cfg(feature = "app")]
mod chart;
#[cfg(feature = "app")]
pub mod desk;
#[cfg(feature = "app")]
mod multiples;
pub mod state;
#[cfg(feature = "app")]
mod table;
#[cfg(feature = "app")]
pub mod widget;
