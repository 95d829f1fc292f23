//! Learning: the decoder's gradient, the optimizer, and what is made of them for the page.
//!
//! The lab trains the published lineage with [`network`] and [`adamw`].

pub mod adamw;
pub mod network;
