//! The decoder in burn's tensors, on any device that burn knows.

mod attention;
mod cache;
mod decoder;
#[cfg(feature = "gpu")]
mod direct;
#[cfg(feature = "gpu")]
mod direct_rows;
mod embedding;
#[cfg(feature = "gpu")]
mod gpu_rows;
mod linear;
#[cfg(feature = "gpu")]
mod pace;
mod rope;
#[cfg(feature = "gpu")]
mod whole;
#[cfg(feature = "gpu")]
mod whole_prompt;
#[cfg(feature = "gpu")]
mod whole_rows;

pub use cache::{PrefixCache, RowCache};
pub use decoder::Decoder;
#[cfg(feature = "gpu")]
pub use direct::DirectDecoder;
#[cfg(feature = "gpu")]
pub use direct_rows::RowStart;
#[cfg(feature = "gpu")]
pub use gpu_rows::GpuRows;
pub use linear::Linear;
#[cfg(feature = "gpu")]
pub use whole_prompt::WholePrompt;
