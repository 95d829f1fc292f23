//! Chapters 4 and 5, "Beyond supervision": what the reward model thinks of every stage's answers (Figure 20), and of the
//! best of several (Figure 8).

#[cfg(feature = "app")]
mod bars;
#[cfg(feature = "app")]
mod chart;
#[cfg(feature = "app")]
pub mod desk;
#[cfg(feature = "app")]
mod numbers;
pub mod state;
#[cfg(feature = "app")]
pub mod widget;
