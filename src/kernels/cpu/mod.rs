//! What runs on the processor: the twins of the shaders, with the same names and the same arithmetic, and the kernels of the
//! decoder in plain memory.
//!
//! Those treat every row by itself: what comes of a row depends on no other, to the last bit. What is no finite number is never
//! lost on the way, so that the sampler sees it in the logits and refuses them.

mod attend;
#[cfg(feature = "gpu")]
mod attend_rows;
#[cfg(feature = "gpu")]
mod decode_rows;
#[cfg(feature = "gpu")]
mod embed_rows;
mod key_values;
#[cfg(feature = "tensor")]
mod matvec;
mod product_f32;
mod product_q8_0;
#[cfg(feature = "gpu")]
mod project_rows;
mod quantize_rows;
mod rms_norm;
mod sample_rows;
mod simd;
mod swiglu;

pub use attend::attend;
#[cfg(feature = "gpu")]
pub use attend_rows::{KeysAndValues, attend_rows};
#[cfg(feature = "gpu")]
pub use decode_rows::{BlockWeights, ModelWeights, decode_row, read_prompt};
#[cfg(feature = "gpu")]
pub use embed_rows::embed_rows;
pub use key_values::KeyValues;
#[cfg(feature = "tensor")]
pub use matvec::matvec;
pub use product_f32::{PackedF32, product_f32};
pub use product_q8_0::{PackedQ8, product_q8_0};
#[cfg(feature = "gpu")]
pub use project_rows::project_rows;
pub use quantize_rows::QuantizedRows;
pub use rms_norm::rms_norm;
pub use sample_rows::sample_rows;
pub use swiglu::swiglu;
