//! The decoder in burn's tensors, on any device that burn knows.

mod attention;
mod cache;
mod decoder;
mod embedding;
mod linear;
mod rope;

pub use cache::{PrefixCache, RowCache};
pub use decoder::Decoder;
pub use linear::Linear;
