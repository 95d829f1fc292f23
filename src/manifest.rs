//! `www/models/manifest.json`: which models the page offers, as the lab wrote it.

use serde::{Deserialize, Serialize};

/// Version of the manifest's schema.
pub const MANIFEST_VERSION: u32 = 1;

/// The list of published models.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// [`MANIFEST_VERSION`].
    pub version: u32,
    /// Training stages in their order (SFT first).
    pub stages: Vec<Stage>,
    /// Models beside the lineage, to show what goes wrong, for example an over-optimised one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub demonstrations: Vec<Stage>,
    /// Reward models; the first is the one that the recorded rewards come from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reward_models: Vec<Stage>,
}

impl Manifest {
    /// A manifest that lists nothing.
    #[must_use]
    pub fn empty() -> Self {
        Self {
            version: MANIFEST_VERSION,
            stages: Vec::new(),
            demonstrations: Vec::new(),
            reward_models: Vec::new(),
        }
    }
}

/// One training stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stage {
    /// Short stable name, for example `sft`.
    pub id: String,
    /// Name for visitors, for example `SFT`.
    pub label: String,
    /// One sentence on how this stage was trained.
    pub summary: String,
    /// The published files; the page takes the first.
    pub files: Vec<ModelFile>,
    /// Number of parameters.
    pub parameters: u64,
    /// Commit of the training code, or `unknown`.
    pub commit: String,
    /// Date of training, ISO 8601.
    pub trained_on: String,
    /// The full training configuration, as it was run.
    pub config: serde_json::Value,
    /// Measured numbers: losses, correctness, rhyme rate ... by name.
    pub metrics: serde_json::Value,
}

/// One file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelFile {
    /// File name beside the manifest.
    pub file: String,
    /// Block format of the weights, for example `Q4_0`.
    pub quantization: String,
    /// Size in bytes.
    pub size_bytes: u64,
    /// Lower-case hex SHA-256.
    pub sha256: String,
}
