//! The web workers that own the engine: [`host`] runs in each; [`client`] speaks to them from the page, and
//! [`switchboard`] decides for the client. [`crew`] is what it knows of the workers and [`requests`] of what was asked; [`split`] says
//! who computes which rows, [`gathering`] makes one answer of what they say, [`patience`] says who goes first, and [`outbox`] what is sent when.
//!
//! The trainer is a worker apart: `trainer_host` runs in it, `trainer_client` starts and closes it.

#[cfg(feature = "app")]
pub mod client;
pub mod crew;
pub mod gathering;
#[cfg(feature = "worker")]
pub mod host;
pub mod news;
pub mod outbox;
pub mod patience;
pub mod requests;
pub mod split;
pub mod switchboard;
#[cfg(feature = "app")]
pub mod trainer_client;
#[cfg(feature = "trainer")]
pub mod trainer_host;
