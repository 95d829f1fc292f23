//! The decoder in plain memory, on the processor.
//!
//! Products with quantized weights are of whole numbers (see [`crate::kernels::cpu::product_q8_0`]), everything else is
//! `f32`. Rows are run in small batches through all blocks, so that what they work on stays in the processor's cache, and
//! every row is computed by itself: its logits are the same, to the last bit, whichever rows run beside it, and whether its
//! tokens were read as one text or one after the other.

mod cache;
mod decoder;
mod linear;
mod rope;
mod scratch;

pub use cache::{PrefixCache, RowCache};
pub use decoder::Decoder;
