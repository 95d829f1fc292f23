//! From the manifest to what the worker is asked to load.

use crate::manifest::{MANIFEST_VERSION, Manifest, Stage};
use crate::protocol::{ErrorKind, ModelSource, VisitorError};

/// The folder of the models, seen from the page.
pub const MODELS_URL: &str = "./models/";

/// The model of a stage: its first file. None where the manifest lists none.
#[must_use]
pub fn source_of(stage: &Stage) -> Option<ModelSource> {
    let file = stage.files.first()?;
    Some(ModelSource {
        key: format!("{}-{}", stage.id, file.quantization.to_lowercase()),
        // The address names the bytes, so that no cache can answer with those of another version.
        url: format!("{MODELS_URL}{}?sha256={}", file.file, file.sha256.get(..16).unwrap_or(&file.sha256)),
        size_bytes: Some(file.size_bytes),
        sha256: Some(file.sha256.clone()),
    })
}

/// Reads a manifest.
///
/// # Errors
/// For the visitor, where it is not one, is of another version, or offers nothing.
pub fn read_manifest(bytes: &[u8]) -> Result<Manifest, VisitorError> {
    let error = |message: &str| VisitorError {
        kind: ErrorKind::BadModel,
        message: message.to_owned(),
        remedy: "Try again in a moment. If it stays so, the copy of this page on its server is not whole."
            .to_owned(),
    };
    let manifest: Manifest = serde_json::from_slice(bytes)
        .map_err(|_| error("The list of models (models/manifest.json) cannot be read."))?;
    if manifest.version != MANIFEST_VERSION {
        return Err(error("The list of models belongs to another version of this page."));
    }
    if manifest.stages.iter().all(|stage| stage.files.is_empty()) {
        return Err(error("The list of models is empty."));
    }
    Ok(manifest)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    const MANIFEST: &str = r#"{"version": 1, "stages": [{"id": "sft", "label": "SFT", "summary": "s", "parameters": 1400000,
        "commit": "unknown", "trained_on": "2026-01-01", "config": {}, "metrics": {"loss": 1.5}, "files":
        [{"file": "sft.gguf", "quantization": "Q4_0", "size_bytes": 10, "sha256": "ab"}]}]}"#;

    /// A manifest with one stage.
    pub fn manifest() -> Manifest {
        read_manifest(MANIFEST.as_bytes()).expect("a manifest")
    }

    /// A manifest with SFT and so many RLHF stages less one.
    pub fn lineage(stages: usize) -> Manifest {
        let mut manifest = manifest();
        for number in 1..stages {
            let mut stage = manifest.stages[0].clone();
            stage.id = format!("rlhf-v{number}");
            stage.label = format!("RLHF v{number}");
            stage.files[0].file = format!("{}.gguf", stage.id);
            manifest.stages.push(stage);
        }
        manifest
    }

    #[test]
    fn the_first_file_of_a_stage_is_the_model() {
        let source = source_of(&manifest().stages[0]).expect("a file");
        assert_eq!((source.key.as_str(), source.url.as_str()), ("sft-q4_0", "./models/sft.gguf?sha256=ab"));
    }

    #[test]
    fn what_is_no_manifest_is_refused_with_a_remedy() {
        for bad in [
            "",
            "<!doctype html>",
            r#"{"version": 1, "stages": []}"#,
            &MANIFEST.replace("1, \"stages", "2, \"stages"),
        ] {
            let error = read_manifest(bad.as_bytes()).expect_err(bad);
            assert!(!error.remedy.is_empty());
        }
    }
}
