//! CPU twins: the same names and the same arithmetic as the shaders.

mod attend_rows;
mod embed_rows;
mod matvec_q8_0;
mod project_rows_q8_0;
mod sample_rows;

pub use attend_rows::{KeysAndValues, attend_rows};
pub use embed_rows::embed_rows;
pub use matvec_q8_0::matvec_q8_0;
pub use project_rows_q8_0::project_rows_q8_0;
pub use sample_rows::sample_rows;
