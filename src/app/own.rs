//! The stage that was trained in this browser: it stands among the published ones, and belongs to nobody else.

use serde::{Deserialize, Serialize};

use crate::manifest::{Manifest, ModelFile, Stage};

/// How its summary begins, whoever voted.
pub const TRAINED_HERE: &str = "Trained in this browser";
/// In its summary, where the votes were a simulated annotator's.
pub const SIMULATED: &str = "simulated";
/// Id of the stage, in links too: elsewhere such a link shows the first stage.
pub const OWN_ID: &str = "you";

/// What is kept beside the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnStage {
    /// Name for visitors.
    pub label: String,
    /// One sentence on whose votes it learned from.
    pub summary: String,
    /// Block format of its weights.
    pub quantization: String,
    /// Size of its file.
    pub size_bytes: u64,
    /// Lower-case hex SHA-256 of its file.
    pub sha256: String,
    /// Number of parameters.
    pub parameters: u64,
}

impl OwnStage {
    /// As a stage of the manifest. `url`: where this page holds the file.
    #[must_use]
    pub fn stage(&self, url: &str) -> Stage {
        Stage {
            id: OWN_ID.to_owned(),
            label: self.label.clone(),
            summary: self.summary.clone(),
            files: vec![ModelFile {
                file: url.to_owned(),
                quantization: self.quantization.clone(),
                size_bytes: self.size_bytes,
                sha256: self.sha256.clone(),
            }],
            parameters: self.parameters,
            commit: "unknown".to_owned(),
            trained_on: "in this browser".to_owned(),
            config: serde_json::Value::Null,
            metrics: serde_json::Value::Null,
        }
    }
}

/// The published models, with the own stage after the others.
#[must_use]
pub fn with_own(published: &Manifest, own: Option<&Stage>) -> Manifest {
    let mut manifest = published.clone();
    manifest.stages.retain(|stage| stage.id != OWN_ID);
    manifest.stages.extend(own.cloned());
    manifest
}
