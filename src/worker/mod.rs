//! The web worker that owns the engine: [`host`] runs in it; [`client`] speaks to it from the page, and
//! [`switchboard`] decides for the client.

#[cfg(feature = "app")]
pub mod client;
#[cfg(feature = "worker")]
pub mod host;
pub mod news;
pub mod switchboard;
