//! Makes a build one whole, so that no visitor ever runs half of one deploy and half of another.
//!
//! Everything but `index.html`, its service worker and the models moves into a folder that is named by its contents, and `index.html` points
//! there. A page from a cache then finds the files that it was built with, or none; never newer ones. Models need no
//! such folder: the page asks for them by their checksum.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::offline;

/// The picture that is shown where somebody links to the page. Its address must outlive a deploy: others keep it.
const PREVIEW: &str = "preview.png";
/// What stays where it is.
const STAYS: [&str; 4] = ["index.html", "models", offline::FILE, PREVIEW];
/// Where `index.html` says in which folder the program is; [`program_folder`] reads it, and so does the page.
const META: (&str, &str) = ("<meta name=\"program\" content=\"", "\" />");

/// Moves the program's files of a build, and names the folder.
///
/// # Errors
/// When the folder cannot be read or changed, or `index.html` does not name a place for the program.
pub fn seal(dist: &Path) -> Result<String> {
    let index_path = dist.join("index.html");
    let index =
        fs::read_to_string(&index_path).with_context(|| format!("cannot read {}", index_path.display()))?;
    let mut files = Vec::new();
    for entry in fs::read_dir(dist).with_context(|| format!("cannot read {}", dist.display()))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if STAYS.contains(&name.as_str()) {
            continue;
        }
        if entry.path().is_dir() {
            // A folder of an older build.
            fs::remove_dir_all(entry.path()).with_context(|| format!("cannot remove {name}"))?;
        } else {
            files.push(name);
        }
    }
    files.sort();
    let mut hash = Fnv::default();
    hash.add(index.as_bytes());
    for name in &files {
        hash.add(name.as_bytes());
        hash.add(&fs::read(dist.join(name)).with_context(|| format!("cannot read {name}"))?);
    }
    let folder = format!("{:016x}", hash.0);
    fs::create_dir_all(dist.join(&folder)).with_context(|| format!("cannot make {folder}"))?;
    for name in &files {
        fs::rename(dist.join(name), dist.join(&folder).join(name))
            .with_context(|| format!("cannot move {name}"))?;
    }
    fs::write(&index_path, pointed(&index, &files, &folder)?)
        .with_context(|| format!("cannot write {}", index_path.display()))?;
    offline::write(dist, &folder, &files)?;
    Ok(folder)
}

/// Tells a built page its own address, for those who link to it: the canonical one, and that of its picture in full.
///
/// # Errors
/// When the address is none of the web's, or `index.html` cannot be changed or does not name the picture.
pub fn address(dist: &Path, url: &str) -> Result<()> {
    let path = dist.join("index.html");
    let index = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    fs::write(&path, addressed(&index, url)?).with_context(|| format!("cannot write {}", path.display()))
}

fn addressed(index: &str, url: &str) -> Result<String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._~:/".contains(c);
    if !(url.starts_with("https://") && url.ends_with('/') && url.chars().all(plain)) {
        bail!("{url:?} is no address for a page. Give one that begins with https:// and ends with a slash.");
    }
    let picture = format!("content=\"./{PREVIEW}\" />");
    if !index.contains(&picture) {
        bail!("index.html lacks {picture}");
    }
    let whole = format!(
        "content=\"{url}{PREVIEW}\" /><meta property=\"og:url\" content=\"{url}\" /><link rel=\"canonical\" href=\"{url}\" />"
    );
    Ok(index.replacen(&picture, &whole, 1))
}

/// Where the program's files of a build are.
#[must_use]
pub fn program_folder(dist: &Path) -> PathBuf {
    let index = fs::read_to_string(dist.join("index.html")).unwrap_or_default();
    let named = index.split_once(META.0).and_then(|(_, rest)| rest.split_once(META.1)).map(|(name, _)| name);
    dist.join(named.unwrap_or("./").trim_start_matches("./").trim_end_matches('/'))
}

/// The page with every address of a moved file led to its folder.
fn pointed(index: &str, files: &[String], folder: &str) -> Result<String> {
    let before = format!("{}./{}", META.0, META.1);
    if !index.contains(&before) {
        bail!("index.html lacks {before}");
    }
    let mut text = index.replace(&before, &format!("{}./{folder}/{}", META.0, META.1));
    for name in files {
        for quote in ['"', '\''] {
            text =
                text.replace(&format!("{quote}./{name}{quote}"), &format!("{quote}./{folder}/{name}{quote}"));
        }
    }
    Ok(text)
}

/// FNV-1a, 64 bits: tells builds apart; it need not withstand an attacker, who could change the page itself.
pub(crate) struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Fnv {
    pub(crate) fn value(&self) -> u64 {
        self.0
    }

    pub(crate) fn add(&mut self, bytes: &[u8]) {
        // The length too, so that the border between two parts counts.
        for byte in (bytes.len() as u64).to_le_bytes().iter().chain(bytes) {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    const INDEX: &str = r#"<meta name="program" content="./" /><link href="./a.css"/><script>import init from './app.js';
        init('./app_bg.wasm')</script><img src="./other.png">"#;

    const OFFLINE: &str = include_str!("../../www/offline.js");

    fn dist(name: &str, css: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("thermostat-seal-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("models")).unwrap();
        fs::write(folder.join("index.html"), INDEX).unwrap();
        for (file, text) in [
            ("a.css", css),
            ("app.js", "js"),
            ("app_bg.wasm", "wasm"),
            ("models/m.gguf", "m"),
            ("offline.js", OFFLINE),
        ] {
            fs::write(folder.join(file), text).unwrap();
        }
        folder
    }

    #[test]
    fn a_sealed_page_points_to_its_own_files_and_to_no_others() {
        let dist = dist("points", "css");
        let id = seal(&dist).unwrap();
        let index = fs::read_to_string(dist.join("index.html")).unwrap();
        for name in ["a.css", "app.js", "app_bg.wasm"] {
            assert!(index.contains(&format!("./{id}/{name}")), "{index}");
            assert!(dist.join(&id).join(name).exists() && !dist.join(name).exists(), "{name}");
        }
        assert!(index.contains("./other.png") && dist.join("models/m.gguf").exists());
        assert_eq!(program_folder(&dist), dist.join(&id));
        fs::remove_dir_all(dist).unwrap();
    }

    #[test]
    fn another_content_has_another_folder_and_the_same_has_the_same() {
        let ids: Vec<String> = [("x", "css"), ("y", "other"), ("z", "css")]
            .map(|(name, css)| {
                let dist = dist(name, css);
                let id = seal(&dist).unwrap();
                fs::remove_dir_all(dist).unwrap();
                id
            })
            .into();
        assert_ne!(ids[0], ids[1]);
        assert_eq!(ids[0], ids[2]);
    }

    #[test]
    fn a_page_that_knows_its_address_names_it_in_full() {
        let index = include_str!("../../www/index.html");
        let text = addressed(index, "https://example.org/heat/").unwrap();
        assert!(text.contains("content=\"https://example.org/heat/preview.png\""));
        assert!(text.contains("<link rel=\"canonical\" href=\"https://example.org/heat/\" />"));
        for bad in ["", "http://example.org/", "https://example.org", "https://example.org/\"><script>/"] {
            assert!(addressed(index, bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_unsealed_build_has_its_program_beside_the_page() {
        let dist = dist("plain", "css");
        assert_eq!(program_folder(&dist).join("app.js"), dist.join("app.js"));
        fs::remove_dir_all(dist).unwrap();
    }
}
