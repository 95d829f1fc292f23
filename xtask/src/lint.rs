//! `cargo xtask lint`: formatting, compiler lints natively and for wasm32, tidiness.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};
use xtask::shell::{cargo, root, run, run_cargo, which};

use crate::setup::{self, Purpose, WasmFrom};
use crate::skips;
use crate::test::browser_suites;

/// Longest source file that is accepted; past it, a file holds more than one idea.
const MOST_LINES: usize = 500;

const REMEDY: &str = "Mend what is named above.";

/// A workspace of its own, which the others' commands do not reach.
const FUZZ: &str = "fuzz/Cargo.toml";

/// Formatting, lints, tidiness.
///
/// # Errors
/// When one of them complains.
pub fn lint(wasm_from: WasmFrom) -> Result<()> {
    tidy()?;
    let format = "Run `cargo fmt --all`.";
    run_cargo("formatting", &["fmt", "--all", "--check"], format)?;
    run_cargo("formatting of the fuzz target", &["fmt", "--manifest-path", FUZZ, "--check"], format)?;
    let native = [
        "clippy",
        "--workspace",
        "--all-targets",
        "--features",
        "thermostat/gpu,thermostat/flex,e2e/browser",
    ];
    run_cargo("clippy", &[&native[..], &["--", "-D", "warnings"]].concat(), REMEDY)?;
    fuzz_target()?;
    wasm(wasm_from)?;
    deny()
}

/// The fuzz target compiles. Nothing is linked, so libFuzzer itself, which is C++, need not be built: naming a ready one says so.
fn fuzz_target() -> Result<()> {
    let mut command = cargo();
    command.args(["check", "--locked", "--manifest-path", FUZZ]);
    command.env("CUSTOM_LIBFUZZER_PATH", root().join("fuzz/libfuzzer.a"));
    let remedy = "Mend what is named above; if only the lock file is old: `cargo update --workspace --manifest-path fuzz/Cargo.toml`.";
    run("the fuzz target", &mut command, remedy)
}

/// Clippy on what is compiled for the browser only, the browser's tests too.
fn wasm(wasm_from: WasmFrom) -> Result<()> {
    setup::run(Purpose::Compile, wasm_from, false)?;
    let compiler = setup::wasm_compiler(wasm_from)?;
    if let Some(reason) = setup::no_clippy(compiler) {
        if skips::strict() {
            bail!("clippy for the browser cannot run, and nothing may be skipped here: {reason}");
        }
        println!("== clippy for the browser: SKIPPED, {reason}");
        return Ok(());
    }
    let mut command = compiler.cargo();
    command.args(["clippy", "--package", "thermostat", "--target", "wasm32-unknown-unknown"]);
    command.args(["--lib", "--bins"]);
    for suite in browser_suites()? {
        command.args(["--test", &suite]);
    }
    command.args(["--features", "app,worker,gpu", "--", "-D", "warnings"]);
    compiler.apply(&mut command)?;
    run("clippy for the browser", &mut command, REMEDY)
}

/// Licences and advisories, where `cargo-deny` is installed. The workflow on GitHub installs it, so that there they are always
/// checked. It is not set up here: it takes long to build, and its database comes from github.com.
fn deny() -> Result<()> {
    if which("cargo-deny").is_none() {
        println!(
            "== licences and advisories: SKIPPED, cargo-deny is not installed (`cargo install cargo-deny`)"
        );
        return Ok(());
    }
    let check = |name: &str, what: &[&str], remedy: &str| {
        run(name, Command::new("cargo-deny").arg("check").args(what), remedy)
    };
    check(
        "licences and sources",
        &["licenses", "bans", "sources"],
        "Mend what is named above, or `deny.toml`.",
    )?;
    check("advisories", &["advisories"], "Mend what is named above. Without github.com there is no database.")
}

/// No source file past the limit.
fn tidy() -> Result<()> {
    let mut complaints = Vec::new();
    for folder in
        ["src", "crates", "xtask/src", "e2e", "shaders", "tests", "benches", "examples", "fuzz/fuzz_targets"]
    {
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
