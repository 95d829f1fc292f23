//! `cargo xtask test`: every test, from the pure rooms to journeys in a browser.
//!
//! Each distinct set of features or profile costs minutes of compiling, so there are few: the pure rooms alone, the whole
//! workspace natively with the GPU and with burn's CPU backend as an oracle, the browser unit tests without burn, and the
//! published build, which the journeys use.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use anyhow::{Context, Result, bail};
use clap::{Args, ValueEnum};
use xtask::shell::{cargo, output_of, root, run, run_cargo, run_watched, target_folder};
use xtask::tools;

use crate::build;
use crate::counts::Counts;
use crate::failures::Failures;
use crate::setup::{self, Purpose, WasmFrom};
use crate::skips::{self, Skips};
use crate::summary::Summary;

/// What to test.
#[derive(Debug, Args)]
pub struct Options {
    /// Only these groups; all of them if none is named.
    #[arg(long, value_enum)]
    only: Vec<Group>,
    /// Run the journeys on what was built before.
    #[arg(long)]
    skip_build: bool,
    #[command(flatten)]
    build: build::Options,
}

impl Options {
    /// Where the compiler for wasm32 comes from.
    pub fn wasm_from(&self) -> WasmFrom {
        self.build.wasm_from
    }
}

/// A group of tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
enum Group {
    /// Who may depend on whom.
    Rules,
    /// Pure rooms, engine, kernels on the GPU, lab, collector, tools.
    Native,
    /// Unit tests in the browser.
    Browser,
    /// Journeys on the built page.
    Journeys,
}

/// Runs the tests and prints at the end how long each group took.
///
/// # Errors
/// When set-up, a build or a test fails; what follows is then not run.
pub fn test(options: &Options) -> Result<()> {
    let mut summary = Summary::new(skips::strict());
    summary.stage("set-up", |_| setup::run(Purpose::Test, options.wasm_from(), false));
    let mut groups: BTreeSet<Group> = options.only.iter().copied().collect();
    if groups.is_empty() {
        groups = Group::value_variants().iter().copied().collect();
    }
    for group in groups {
        match group {
            Group::Rules => summary.stage("rules", |_| rules()),
            Group::Native => summary.stage("native", native),
            Group::Browser => summary.stage("browser", |skips| browser(options, skips)),
            Group::Journeys => {
                if !options.skip_build {
                    summary.stage("page's build", |_| build::build(options.build));
                }
                summary.stage("journeys", |skips| journeys(options, skips));
            }
        }
    }
    println!("== where the time went\n{summary}");
    summary.into_result()?;
    println!("== all tests passed");
    Ok(())
}

/// The page's module, the engine on the processor and the collector must not hold burn; the pure rooms and the engine must
/// not hold Yew.
///
/// That each builds without the rest is checked by building it: here, and for wasm32 in the published build.
fn rules() -> Result<()> {
    for (package, features, forbidden) in [
        ("thermostat", "", "burn"),
        ("thermostat", "", "web-sys"),
        ("thermostat", "app", "burn"),
        ("thermostat", "worker", "burn"),
        ("thermostat", "worker", "yew"),
        ("thermostat", "trainer", "burn"),
        ("thermostat", "trainer", "yew"),
        ("thermostat", "gpu", "burn-flex"),
        ("thermostat", "gpu", "yew"),
        ("collector", "", "burn"),
    ] {
        let mut command = cargo();
        command.args(["tree", "--package", package, "--edges", "normal", "--prefix", "none"]);
        command.args(["--target", "all", "--features", features]);
        let tree = output_of(&mut command).context("`cargo tree` failed. Run it by hand to see why.")?;
        if tree.lines().any(|line| line.split_whitespace().next() == Some(forbidden)) {
            bail!(
                "{package} with features `{features}` depends on {forbidden}, which ARCHITECTURE.md rules out"
            );
        }
    }
    println!("== rules of dependency: kept");
    Ok(())
}

fn native(skips: &mut Skips) -> Result<()> {
    let remedy =
        "The failing test is named above; run it alone with the same command and its name at the end.";
    run_cargo("tests of the pure rooms, alone", &["test", "--package", "thermostat", "--lib"], remedy)?;
    // What is drawn must not depend on how far the compiler goes; it once did.
    let shipped = ["test", "--release", "--package", "thermostat", "--lib", "sampling"];
    run_cargo("tests of sampling, optimised as it is shipped", &shipped, remedy)?;
    run_cargo("tests of the tools", &["test", "--package", "xtask", "--package", "e2e"], remedy)?;
    let mut collector = cargo();
    collector.args(["test", "--package", "collector", "--", "--show-output"]);
    run_watched("tests of the collector", &mut collector, remedy, |line| skips.read(line))?;
    let mut command = cargo();
    command.args([
        "test",
        "--workspace",
        "--exclude",
        "xtask",
        "--exclude",
        "e2e",
        "--exclude",
        "collector",
        "--features",
        "thermostat/gpu,thermostat/flex",
        "--",
        "--show-output", // else what a test says of a skip is lost
    ]);
    if let Some(folder) = setup::vocabularies_folder() {
        command.env("THERMOSTAT_VOCABULARIES", folder); // now a missing file is a failure
    }
    run_watched("tests with the engine, natively, and of the lab", &mut command, remedy, |line| {
        skips.read(line);
    })?;
    let smoke = target_folder().join("debug/lab");
    run(
        "a minute of training",
        Command::new(smoke).args(["sft", "--smoke"]),
        "The lab says above what went wrong.",
    )
}

fn browser(options: &Options, skips: &mut Skips) -> Result<()> {
    let suites = browser_suites()?;
    if suites.is_empty() {
        bail!("tests/browser_*.rs: there is none, so nothing was tested in the browser");
    }
    let compiler = setup::wasm_compiler(options.wasm_from())?;
    let capabilities = target_folder().join("webdriver.json");
    let chrome = tools::chrome().context("no Chromium. Run `cargo xtask setup`.")?;
    let driver = tools::chromedriver().context("no chromedriver. Run `cargo xtask setup`.")?;
    fs::write(&capabilities, webdriver_json(&chrome.to_string_lossy()))
        .with_context(|| format!("cannot write {}", capabilities.display()))?;
    let mut command = compiler.cargo();
    // The profile of `serve --dev`: it compiles quickly.
    command.args(["test", "--package", "thermostat", "--target", "wasm32-unknown-unknown"]);
    command.args(["--features", "app", "--profile", "web-dev"]);
    for suite in &suites {
        command.args(["--test", suite]);
    }
    command.args(["--", "--nocapture"]); // else what a test says of a skip is lost
    compiler.apply(&mut command)?;
    command
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", "wasm-bindgen-test-runner")
        .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", &capabilities)
        .env("WASM_BINDGEN_TEST_TIMEOUT", "120")
        .env("CHROMEDRIVER", driver)
        .env("CARGO_TERM_COLOR", "never"); // what it prints is read
    let mut counts = Counts::default();
    let remedy = "The failing test is named above.";
    run_watched("unit tests in the browser", &mut command, remedy, |line| {
        counts.read(line);
        skips.read(line);
    })?;
    counts.require(&suites)
}

/// Names of the suites `tests/browser_*.rs`.
///
/// # Errors
/// When the folder cannot be read.
pub fn browser_suites() -> Result<Vec<String>> {
    let mut names: Vec<String> = fs::read_dir(root().join("tests"))?
        .filter_map(Result::ok)
        .filter_map(|entry| {
            entry.file_name().to_str().and_then(|name| name.strip_suffix(".rs")).map(str::to_owned)
        })
        .filter(|name| name.starts_with("browser_"))
        .collect();
    names.sort();
    Ok(names)
}

/// With WebGPU in software, which headless Chromium has behind this flag.
fn webdriver_json(chrome: &str) -> String {
    let arguments: Vec<&str> =
        tools::CHROME_ARGUMENTS.into_iter().chain(["--enable-unsafe-webgpu"]).collect();
    serde_json::json!({ "goog:chromeOptions": { "binary": chrome, "args": arguments } }).to_string()
}

fn journeys(options: &Options, skips: &mut Skips) -> Result<()> {
    let remedy = "Pictures are in target/e2e.";
    let mut command = cargo();
    command.args(["test", "--package", "e2e", "--features", "browser", "--test", "journeys"]);
    command.args(["--", "--test-threads=1", "--nocapture"]);
    command.env("THERMOSTAT_DIST", options.build.dist());
    let mut failures = Failures::default();
    let outcome = run_watched("journeys in the browser", &mut command, remedy, |line| {
        failures.read(line);
        skips.read(line);
    });
    match outcome {
        Err(error) if !failures.is_empty() => bail!("{error:#} Failed journeys:{failures}"),
        outcome => outcome,
    }
}
