//! Our WGSL on the queue that burn computes on, without a launch of burn's for each kernel.
//!
//! A decode step is some thirty dispatches whose buffers never change, so their bind groups are made once and a step, or
//! several in a row, is one submission. Through burn each dispatch would allocate its result and be bound anew; what
//! that costs is measured in `benches/decode.rs`. Buffers of burn's tensors (weights, the cache of a prompt) are read where
//! they are: see [`part_of`].

mod attend_rows;
mod decode_rows;
mod embed_rows;
mod graphics;
mod project_rows;
mod readback;
mod reduction;
mod sample;
mod shared;

pub use attend_rows::{AttendBuffers, attend_rows};
pub use decode_rows::{DecodeBuffers, ReadBuffers, decode_rows, prepare, read_prompt};
pub use embed_rows::{EmbedBuffers, embed_rows};
pub use graphics::{Dispatch, Graphics, Kernel, Part};
pub use project_rows::{ProjectBuffers, Projection, project_rows};
pub use readback::{Readback, Reports, Watch};
pub use reduction::Reduction;
pub(crate) use sample::DRAW_ROW;
pub use sample::{SampleBuffers, sample};
pub use shared::{part_of, part_of_int};

/// The complete source of every permutation of every kernel, with its name: for checks that need no device. Kernels that
/// depend on the model's shape are given in those of our models and of two others.
#[must_use]
pub fn all_sources() -> Vec<(String, String)> {
    embed_rows::permutations()
        .into_iter()
        .chain(project_rows::permutations())
        .chain(attend_rows::permutations())
        .chain(sample::permutations())
        .chain(decode_rows::permutations())
        .map(|kernel| (kernel.name(), kernel.source()))
        .collect()
}
