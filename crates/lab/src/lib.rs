//! The native lab: the corpus, and everything that makes models from it.
//!
//! Stages have a file each ([`sft`]); what they share is beside it. Dependencies go one way: `network` knows nothing of
//! text, training nothing of files for the page, and `publish` alone sees both ends.
//!
//! The decoder as it is trained and its optimizer are the library's (`thermostat::training`): the page's own trainer uses them too.

pub use thermostat::training::{adamw, file as import, network};

pub mod answers;
pub mod batches;
pub mod card;
pub mod checkpoint;
pub mod config;
pub mod corpus;
pub mod evaluate;
pub mod export;
pub mod figures;
pub mod lineage;
pub mod panel;
pub mod plots;
pub mod publish;
pub mod publish_lineage;
pub mod report;
pub mod sft;
pub mod smoke;
pub mod step;
pub mod vocabulary;
