//! How the lanes of a workgroup add up and compare their numbers: two ways, of which a device is given one.

/// The way, for kernels that have a permutation for either.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Reduction {
    /// By halves in workgroup memory, with a barrier after each. Every device can.
    #[default]
    Barriers,
    /// By subgroup operations first; see [`Graphics::has_subgroups`](super::Graphics::has_subgroups).
    Subgroups,
}

impl Reduction {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Barriers, Self::Subgroups];

    /// The part of a shader that reduces.
    pub(crate) const fn shader(self) -> &'static str {
        match self {
            Self::Barriers => include_str!("../../../shaders/shared/reduce_barriers.wgsl"),
            Self::Subgroups => include_str!("../../../shaders/shared/reduce_subgroups.wgsl"),
        }
    }

    /// What a shader must begin with. WGSL in a browser wants the extension named; naga, which compiles it natively, does not
    /// know the name and takes the operations without it (wgpu's issue 5555).
    pub(super) const fn directive(self) -> &'static str {
        match self {
            Self::Subgroups if cfg!(target_family = "wasm") => "enable subgroups;\n",
            _ => "",
        }
    }

    /// For people.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Barriers => "barriers",
            Self::Subgroups => "subgroups",
        }
    }
}
