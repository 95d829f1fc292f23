//! Project tasks: `cargo xtask serve | build | test | lint | ci | setup`.

mod checks;
mod shell;

use anyhow::Result;
use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Builds, serves and tests Thermostat.")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Run every test.
    Test,
    /// Check formatting, lints and tidiness.
    Lint,
    /// What continuous integration runs: `test`, then `lint`.
    Ci,
}

fn main() -> Result<()> {
    match Arguments::parse().task {
        Task::Test => checks::test(),
        Task::Lint => checks::lint(),
        Task::Ci => {
            checks::test()?;
            checks::lint()
        }
    }
}
