//! Project tasks: `cargo xtask serve | test | build | lint | ci | bench | lighthouse | setup`.

mod bench;
mod build;
mod constructors;
mod counts;
mod failures;
mod lighthouse;
mod lint;
mod serve;
mod setup;
mod sizes;
mod skips;
mod summary;
mod test;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};
use setup::{Purpose, WasmFrom};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Builds, serves and tests Thermostat.")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Build the page and serve it on this machine.
    Serve(serve::Options),
    /// Run every test, in a browser too.
    Test(test::Options),
    /// Build `dist/`, the folder that any file host serves, and say what it weighs.
    Build(build::Options),
    /// Check formatting, lints and tidiness.
    Lint {
        /// Where the compiler for wasm32 comes from.
        #[arg(long, value_enum, default_value = "auto", env = "THERMOSTAT_WASM_FROM")]
        wasm_from: WasmFrom,
    },
    /// What continuous integration runs: `test`, then `lint`.
    Ci(test::Options),
    /// Measure tokens per second, natively and in Chromium.
    Bench(bench::Options),
    /// Audit the built page with Lighthouse, as a phone sees it.
    Lighthouse(lighthouse::Options),
    /// Install what building and testing need; what is there stays.
    Setup {
        /// Only say what is there and what is missing.
        #[arg(long)]
        check: bool,
        /// Only what `serve` and `build` need.
        #[arg(long)]
        build_only: bool,
        /// Where the compiler for wasm32 comes from.
        #[arg(long, value_enum, default_value = "auto", env = "THERMOSTAT_WASM_FROM")]
        wasm_from: WasmFrom,
    },
}

fn main() -> ExitCode {
    match run(Arguments::parse().task) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> Result<()> {
    match task {
        Task::Serve(options) => serve::serve(&options),
        Task::Test(options) => test::test(&options),
        Task::Build(options) => build::build(options),
        Task::Lint { wasm_from } => lint::lint(wasm_from),
        Task::Ci(options) => {
            test::test(&options)?;
            lint::lint(options.wasm_from())
        }
        Task::Bench(options) => bench::bench(&options),
        Task::Lighthouse(options) => lighthouse::lighthouse(&options),
        Task::Setup { check, build_only, wasm_from } => {
            setup::run(if build_only { Purpose::Build } else { Purpose::Test }, wasm_from, check)
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::Arguments;

    #[test]
    fn arguments_are_well_formed() {
        Arguments::command().debug_assert();
    }
}
