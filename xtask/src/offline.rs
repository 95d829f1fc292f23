//! What the page needs without a network, written into its service worker (`www/offline.js`).

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use crate::first_visit::{LISTS, comes_later, first_model};
use crate::seal::Fnv;

/// The service worker's file; it stays beside the page, because it serves what is below its own folder.
pub const FILE: &str = "offline.js";

/// Writes version and files into the service worker of a sealed build. `folder`: the program's, of these files.
///
/// # Errors
/// When a file cannot be read or written, or the service worker lacks a place for what is to be written.
pub fn write(dist: &Path, folder: &str, program: &[String]) -> Result<()> {
    let path = dist.join(FILE);
    let template = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut version = Fnv::default();
    version.add(template.as_bytes());
    version.add(folder.as_bytes());
    let mut files = vec!["./".to_owned()];
    // The WebGPU engine is large, and neither it nor the trainer is everybody's; they are kept when they have been used.
    let needed = program.iter().filter(|name| !comes_later(name));
    files.extend(needed.map(|name| format!("./{folder}/{name}")));
    for list in LISTS {
        if let Ok(bytes) = fs::read(dist.join(list)) {
            version.add(&bytes);
            files.push(format!("./{list}"));
        }
    }
    // As the page asks for it (`src/app/models.rs`).
    files.extend(
        first_model(dist)?.map(|model| {
            format!("./{}?sha256={}", model.path, model.sha256.get(..16).unwrap_or(&model.sha256))
        }),
    );
    let text = [
        ("const VERSION = \"unsealed\";", format!("const VERSION = \"{:016x}\";", version.value())),
        ("const PROGRAM = \"./unsealed/\";", format!("const PROGRAM = \"./{folder}/\";")),
        ("const FILES = [];", format!("const FILES = {};", serde_json::to_string(&files)?)),
    ]
    .into_iter()
    .try_fold(template, |text, (place, written)| {
        ensure!(text.contains(place), "{FILE} lacks `{place}`");
        Ok(text.replacen(place, &written, 1))
    })?;
    fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    const TEMPLATE: &str = include_str!("../../www/offline.js");

    fn written(name: &str, manifest: &str) -> String {
        let dist = std::env::temp_dir().join(format!("thermostat-offline-{}-{name}", std::process::id()));
        fs::create_dir_all(dist.join("models")).unwrap();
        fs::write(dist.join(FILE), TEMPLATE).unwrap();
        fs::write(dist.join("models/manifest.json"), manifest).unwrap();
        let program = ["app.js", "worker_gpu_bg.wasm", "worker_train_bg.wasm"].map(str::to_owned);
        write(&dist, "abc", &program).unwrap();
        let text = fs::read_to_string(dist.join(FILE)).unwrap();
        fs::remove_dir_all(dist).unwrap();
        text
    }

    fn manifest(sum: &str) -> String {
        format!(r#"{{"stages": [{{"files": [{{"file": "m.gguf", "sha256": "{sum}"}}]}}]}}"#)
    }

    #[test]
    fn all_of_a_first_visit_is_kept_and_nothing_that_comes_later() {
        let text = written("files", &manifest("0123456789abcdef0123"));
        let files =
            r#"["./","./abc/app.js","./models/manifest.json","./models/m.gguf?sha256=0123456789abcdef"]"#;
        assert!(text.contains(&format!("const FILES = {files};")), "{text}");
        assert!(text.contains(r#"const PROGRAM = "./abc/";"#) && !text.contains("unsealed"));
    }

    #[test]
    fn other_models_are_another_version() {
        let version =
            |text: &str| text.lines().find(|line| line.starts_with("const VERSION")).unwrap().to_owned();
        let (one, two) = (written("one", &manifest("01")), written("two", &manifest("02")));
        assert_ne!(version(&one), version(&two));
        assert_eq!(version(&one), version(&written("three", &manifest("01"))));
    }
}
