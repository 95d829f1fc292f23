//! `cargo xtask setup --check` as it is run: it names all that would be fetched, and fetches nothing.
#![allow(clippy::unwrap_used, missing_docs)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// An empty folder of this test's own.
fn empty(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder); // of the last run
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn look(cache: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.args(["setup", "--check"]).env("XDG_CACHE_HOME", cache);
    for variable in ["THERMOSTAT_VOCABULARIES", "THERMOSTAT_WASM_FROM", "CHROME", "CHROMEDRIVER"] {
        command.env_remove(variable);
    }
    command
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

#[test]
fn on_a_machine_without_any_tool_each_part_is_named_with_what_it_costs() {
    let (cache, programs) = (empty("bare-cache"), empty("bare-path"));
    let output = look(&cache).env("PATH", programs).output().unwrap();
    let text = text(&output);
    assert!(!output.status.success(), "something is missing:\n{text}");
    for part in [
        "wasm-bindgen-cli",
        "trunk",
        "binaryen",
        "Chromium",
        "chromedriver",
        "axe-core",
        "python3 with pip",
        "real vocabularies",
    ] {
        assert!(text.contains(&format!("missing  {part}")), "{part} is not named:\n{text}");
    }
    for part in ["compiler for wasm32-unknown-unknown", "Vulkan driver"] {
        assert!(text.contains(part), "{part} is not named:\n{text}"); // the system may have it
    }
    assert!(text.contains("77 MB"), "{text}");
    assert_eq!(fs::read_dir(&cache).unwrap().count(), 0, "looking wrote into the cache");
}

#[test]
fn on_this_machine_looking_twice_says_the_same_and_fetches_nothing() {
    let cache = empty("cache");
    let texts = [(); 2].map(|()| text(&look(&cache).output().unwrap()));
    assert_eq!(texts[0], texts[1]);
    assert!(texts[0].contains("missing  real vocabularies"), "the cache is empty:\n{}", texts[0]);
    assert_eq!(fs::read_dir(&cache).unwrap().count(), 0, "looking wrote into the cache");
}
