//! `cargo xtask lint`: formatting, compiler lints natively and for wasm32, tidiness.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};
use xtask::shell::{root, run, run_cargo, which};

use crate::setup::{self, Purpose, WasmFrom};
use crate::test::browser_suites;

/// Longest source file that is accepted; past it, a file holds more than one idea.
const MOST_LINES: usize = 500;

/// Formatting, lints, tidiness.
///
/// # Errors
/// When one of them complains.
pub fn lint() -> Result<()> {
    tidy()?;
    run_cargo("formatting", &["fmt", "--all", "--check"], "Run `cargo fmt --all`.")?;
    let remedy = "Mend what is named above.";
    let native = ["clippy", "--workspace", "--all-targets", "--features", "thermostat/gpu,e2e/browser"];
    run_cargo("clippy", &[&native[..], &["--", "-D", "warnings"]].concat(), remedy)?;
    setup::run(Purpose::Compile, WasmFrom::Auto, false)?;
    let compiler = setup::wasm_compiler(WasmFrom::Auto)?;
    let mut wasm = compiler.cargo();
    wasm.args(["clippy", "--package", "thermostat", "--target", "wasm32-unknown-unknown", "--lib", "--bins"]);
    for suite in browser_suites()? {
        wasm.args(["--test", &suite]);
    }
    wasm.args(["--features", "app,worker,gpu", "--", "-D", "warnings"]);
    compiler.apply(&mut wasm)?;
    run("clippy for the browser", &mut wasm, remedy)?;
    deny()
}

/// Licences and advisories, where `cargo-deny` is installed; its database comes from github.com, so it is not set up here.
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
    for folder in ["src", "crates", "xtask/src", "e2e", "shaders", "tests", "benches", "fuzz/fuzz_targets"] {
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
