//! CPU twins: the same names and the same arithmetic as the shaders.

mod matvec_q8_0;
mod sample_rows;

pub use matvec_q8_0::matvec_q8_0;
pub use sample_rows::sample_rows;
