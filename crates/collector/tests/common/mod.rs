//! What the tests share: the real program, votes, and a client.

#![allow(dead_code, reason = "each test program uses a part")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

pub mod postgres;
pub mod program;
pub mod votes;
