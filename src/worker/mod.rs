//! The web worker: host and client.
