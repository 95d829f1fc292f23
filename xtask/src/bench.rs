//! `cargo xtask bench`: tokens per second at 1, 25 and 375 rows, natively and in the browser.
//!
//! Absolute numbers depend on the machine; the ratios to one row on the processor of the same run are what to compare.

use anyhow::Result;
use clap::Args;
use xtask::shell::{cargo, run, run_cargo};

use crate::build;
use crate::setup::{self, Purpose};

/// What to measure.
#[derive(Debug, Args)]
pub struct Options {
    /// In Chromium, on the built page's workers, instead of natively.
    #[arg(long)]
    browser: bool,
    /// With `--browser`: measure what was built before.
    #[arg(long)]
    skip_build: bool,
    #[command(flatten)]
    build: build::Options,
}

/// Measures and prints.
///
/// # Errors
/// When a build or a measurement fails.
pub fn bench(options: &Options) -> Result<()> {
    let remedy = "What failed is named above.";
    if !options.browser {
        return run_cargo(
            "native benchmark",
            &["bench", "--package", "thermostat", "--features", "gpu"],
            remedy,
        );
    }
    setup::run(Purpose::Test, options.build.wasm_from, false)?;
    if !options.skip_build {
        build::build(options.build)?;
    }
    let mut command = cargo();
    command.args(["run", "--quiet", "--package", "e2e", "--bin", "browser_bench"]);
    command.env("THERMOSTAT_DIST", options.build.dist());
    run("benchmark in Chromium", &mut command, remedy)
}
