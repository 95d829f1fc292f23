//! The checks that continuous integration and contributors run.

use std::fs;
use std::path::Path;

use anyhow::{Result, bail};

use xtask::shell::{root, run_cargo as cargo};

/// Longest source file that is accepted; past it, a file holds more than one idea.
const MOST_LINES: usize = 500;

/// Runs every test.
pub fn test() -> Result<()> {
    let remedy = "The failing test is named above; run it alone with `cargo test NAME`.";
    cargo("tests of the pure rooms", &["test", "--package", "thermostat", "--lib"], remedy)?;
    cargo("tests with the engine", &["test", "--package", "thermostat", "--features", "engine"], remedy)
}

/// Formatting, lints, tidiness.
pub fn lint() -> Result<()> {
    cargo("formatting", &["fmt", "--all", "--check"], "Run `cargo fmt --all`.")?;
    let remedy = "Mend the warnings above.";
    cargo(
        "clippy",
        &[
            "clippy",
            "--package",
            "thermostat",
            "--package",
            "xtask",
            "--features",
            "engine",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ],
        remedy,
    )?;
    tidy()
}

/// No source file past the limit, and nothing left undone in one.
fn tidy() -> Result<()> {
    let mut complaints = Vec::new();
    for folder in ["src", "crates", "xtask/src", "e2e", "shaders", "tests"] {
        walk(&root().join(folder), &mut |path, text| {
            let lines = text.lines().count();
            if lines > MOST_LINES {
                complaints.push(format!("{}: {lines} lines, at most {MOST_LINES}", path.display()));
            }
        })?;
    }
    if complaints.is_empty() {
        println!("== tidy: done");
        return Ok(());
    }
    bail!("too long, split by idea:\n{}", complaints.join("\n"))
}

fn walk(folder: &Path, visit: &mut impl FnMut(&Path, &str)) -> Result<()> {
    if !folder.exists() {
        return Ok(());
    }
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            walk(&path, visit)?;
        } else if path.extension().is_some_and(|e| e == "rs" || e == "wgsl") {
            visit(&path, &fs::read_to_string(&path)?);
        }
    }
    Ok(())
}
