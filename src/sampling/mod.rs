//! Temperature, top-k, top-p and counter-based Gumbel-max sampling.
//!
//! A draw is a pure function of (logits, temperature, truncation, seed, row, step). There is no generator state, so an
//! answer does not depend on which other rows run beside it, nor on the device, wherever the logits agree to rounding.

mod draw;
mod elementary;
mod philox;
mod truncate;

pub use draw::{Draw, SampleError, inverse_temperature, sample_row, sample_token, score};
#[cfg(feature = "engine")]
pub(crate) use elementary::exp_of_negative;
pub use philox::{PHILOX_STREAM, gumbel, noise_words, philox4x32_10, uniform};
pub use truncate::threshold;
