//! Temperature, top-k, top-p and counter-based Gumbel-max sampling.
//!
//! A draw is a pure function of (logits, temperature, truncation, seed, row, step). There is no generator state, so an
//! answer does not depend on which other rows run beside it, nor on the device, wherever the logits agree to rounding.

mod draw;
mod philox;
mod truncate;

pub use draw::{Draw, SampleError, sample_row};
pub use philox::{PHILOX_STREAM, gumbel, philox4x32_10, uniform};
