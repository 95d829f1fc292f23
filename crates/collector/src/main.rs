//! `cargo run --release -p collector`.

use std::process::ExitCode;

use clap::Parser;
use collector::options::Options;
use collector::serve::serve;

#[tokio::main]
async fn main() -> ExitCode {
    match serve(Options::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("collector: {error:#}");
            ExitCode::FAILURE
        }
    }
}
