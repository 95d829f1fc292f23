//! The decoder in burn's tensors, on any device that burn knows.

mod attention;
mod cache;
mod decoder;
#[cfg(feature = "gpu")]
mod direct;
#[cfg(feature = "gpu")]
mod direct_rows;
mod embedding;
mod linear;
mod rope;

pub use cache::{PrefixCache, RowCache};
pub use decoder::Decoder;
#[cfg(feature = "gpu")]
pub use direct::DirectDecoder;
#[cfg(feature = "gpu")]
pub use direct_rows::{DirectRows, MOST_STEPS, RowStart};
pub use linear::Linear;
