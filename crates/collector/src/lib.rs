//! The collector: takes the votes that visitors agreed to send, keeps them, ranks the models by them, and hands them out to
//! whoever runs it.
//!
//! What a vote is, how it is checked, ranked and exported is the library's (`thermostat::preference`); here is what a public
//! service adds. It refuses to know who its visitors are: no cookies, no addresses, no accounts. From the outside in:
//!
//! - [`options`], [`serve`]: start and end
//! - [`app`], [`routes`]: which request is answered by what
//! - [`refusal`], [`limits`], [`source`], [`batch`]: the door
//! - [`intake`], [`store`]: the way to the disk
//! - [`weights`], [`leaderboard`]: what votes say together
//! - [`metrics`]: what the collector says of itself

pub mod app;
pub mod batch;
pub mod intake;
pub mod leaderboard;
pub mod limits;
pub mod metrics;
pub mod options;
pub mod refusal;
pub mod routes;
pub mod serve;
pub mod source;
pub mod store;
pub mod weights;
