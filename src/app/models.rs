//! From the manifest to what the worker is asked to load.

use super::own::OWN_ID;
use crate::manifest::{MANIFEST_VERSION, Manifest, Stage};
use crate::protocol::{ErrorKind, ModelSource, VisitorError};

/// The folder of the models, seen from the page.
pub const MODELS_URL: &str = "./models/";

/// The model of a stage: its first file. None where the manifest lists none.
#[must_use]
pub fn source_of(stage: &Stage) -> Option<ModelSource> {
    let file = stage.files.first()?;
    if stage.id == OWN_ID {
        return Some(ModelSource {
            // Trained anew it is another model.
            key: format!("{OWN_ID}-{}", file.sha256.get(..16).unwrap_or(&file.sha256)),
            url: file.file.clone(),
            size_bytes: Some(file.size_bytes),
            sha256: Some(file.sha256.clone()),
        });
    }
    Some(ModelSource {
        key: format!("{}-{}", stage.id, file.quantization.to_lowercase()),
        // The address names the bytes, so that no cache can answer with those of another version.
        url: format!("{MODELS_URL}{}?sha256={}", file.file, file.sha256.get(..16).unwrap_or(&file.sha256)),
        size_bytes: Some(file.size_bytes),
        sha256: Some(file.sha256.clone()),
    })
}

/// Nats of a reward model's raw score in one unit of its rewards, which are published in standard deviations. None where the manifest
/// does not say.
#[must_use]
pub fn deviation_of(reward_model: &Stage) -> Option<f64> {
    let deviation = reward_model.metrics.pointer("/scale/deviation")?.as_f64()?;
    (deviation > 0.0).then_some(deviation)
}

/// Reads a manifest.
///
/// # Errors
/// For the visitor, where it is not one, is of another version, or offers nothing.
pub fn read_manifest(bytes: &[u8]) -> Result<Manifest, VisitorError> {
    let error = |kind| VisitorError::new(kind, "");
    let manifest: Manifest = serde_json::from_slice(bytes).map_err(|_| error(ErrorKind::BadList))?;
    if manifest.version != MANIFEST_VERSION {
        return Err(error(ErrorKind::OtherList));
    }
    if manifest.stages.iter().all(|stage| stage.files.is_empty()) {
        return Err(error(ErrorKind::EmptyList));
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
    fn the_own_stage_is_asked_for_where_the_page_holds_it_and_anew_when_it_is_another() {
        let own = |sha256: &str| {
            let mut stage = manifest().stages.remove(0);
            stage.id = OWN_ID.to_owned();
            stage.files[0].file = "blob:here".to_owned();
            stage.files[0].sha256 = sha256.to_owned();
            source_of(&stage).expect("a file")
        };
        assert_eq!((own("ab").key.as_str(), own("ab").url.as_str()), ("you-ab", "blob:here"));
        assert_ne!(own("ab").key, own("cd").key);
    }

    #[test]
    fn what_is_no_manifest_is_refused_for_what_it_is() {
        for (bad, kind) in [
            ("", ErrorKind::BadList),
            ("<!doctype html>", ErrorKind::BadList),
            (r#"{"version": 1, "stages": []}"#, ErrorKind::EmptyList),
            (&MANIFEST.replace("1, \"stages", "2, \"stages"), ErrorKind::OtherList),
        ] {
            assert_eq!(read_manifest(bad.as_bytes()).expect_err(bad).kind, kind);
        }
    }
}
