//! `cargo xtask bench`: tokens per second at 1, 25 and 375 rows, natively and in the browser.
//!
//! Absolute numbers depend on the machine; the ratios to one row on the processor of the same run are what to compare.

use anyhow::Result;
use clap::Args;
use xtask::shell::{cargo, run, run_cargo};

use crate::build;
use crate::setup::{self, Purpose};

/// What to measure; both if neither is named.
#[derive(Debug, Args)]
pub struct Options {
    /// Only natively.
    #[arg(long, conflicts_with = "browser")]
    native: bool,
    /// Only in Chromium, on the built page's workers.
    #[arg(long)]
    browser: bool,
    /// In Chromium, measure what was built before.
    #[arg(long, conflicts_with = "native")]
    skip_build: bool,
    #[command(flatten)]
    build: build::Options,
}

const REMEDY: &str = "What failed is named above.";

/// Measures and prints.
///
/// # Errors
/// When a build or a measurement fails.
pub fn bench(options: &Options) -> Result<()> {
    if !options.browser {
        let command = ["bench", "--package", "thermostat", "--bench", "decode", "--features", "gpu,flex"];
        run_cargo("native benchmark", &command, REMEDY)?;
    }
    if options.native {
        return Ok(());
    }
    setup::run(Purpose::Measure, options.build.wasm_from, false)?;
    if !options.skip_build {
        build::build(options.build)?;
    }
    let mut command = cargo();
    command.args(["run", "--quiet", "--package", "e2e", "--bin", "browser_bench"]);
    command.env("THERMOSTAT_DIST", options.build.dist());
    run("benchmark in Chromium", &mut command, REMEDY)
}
