//! The native lab: the corpus, and everything that makes models from it.

pub mod corpus;
