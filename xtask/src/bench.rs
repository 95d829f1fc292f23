//! `cargo xtask bench`: this engine natively and in the browser, and its peers in the same browser on the same weights.
//!
//! Absolute numbers depend on the machine; the ratios within one run are what to compare.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;
use xtask::shell::{cargo, run, run_watched, target_folder};

use crate::build;
use crate::setup::{self, Purpose};

/// What to measure; all of it if no part is named. What is left out is named in the table.
#[derive(Debug, Args)]
pub struct Options {
    /// This engine natively, on the processor and on every graphics adapter.
    #[arg(long)]
    native: bool,
    /// This engine in Chromium, on the built page's workers.
    #[arg(long)]
    browser: bool,
    /// The same, and wllama and transformers.js beside it.
    #[arg(long)]
    peers: bool,
    /// In Chromium, on the graphics adapter only.
    #[arg(long)]
    without_processor: bool,
    /// Without the model of SmolLM2-135M's shape.
    #[arg(long)]
    without_large: bool,
    /// How often every setting is measured in turn in Chromium.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
    /// Keep the record as `docs/benchmarks/NAME.json` and write `BENCHMARKS.md` anew.
    #[arg(long, value_name = "NAME", value_parser = record_name)]
    write: Option<String>,
    /// Measure nothing, but render `BENCHMARKS.md` from the records in `docs/benchmarks` again.
    #[arg(long, conflicts_with_all = ["native", "browser", "peers", "write"])]
    render: bool,
    /// In Chromium, measure what was built before.
    #[arg(long)]
    skip_build: bool,
    #[command(flatten)]
    build: build::Options,
}

const REMEDY: &str = "What failed is named above.";

/// As `e2e/src/bench/models.rs` looks for it.
const LARGE: &str = "smollm2-135m-q8_0.gguf";

/// Measures and prints.
///
/// # Errors
/// When a build, the set-up or a measurement fails.
pub fn bench(options: &Options) -> Result<()> {
    if options.render {
        return run("table", browser_bench().arg("--render"), REMEDY);
    }
    let all = !(options.native || options.browser || options.peers);
    let native = if options.native || all { Some(measure_natively(!options.without_large)?) } else { None };
    if options.native && !options.browser && !options.peers {
        return Ok(());
    }
    let peers = options.peers || all;
    setup::run(Purpose::Measure, options.build.wasm_from, false)?;
    if peers {
        setup::peers()?;
    }
    if !options.skip_build {
        build::build(options.build)?;
    }
    if !options.without_large {
        make_large()?;
    }
    let mut command = browser_bench();
    command.env("THERMOSTAT_DIST", dist(options));
    command.args(["--rounds", &options.rounds.to_string(), "--command", &typed()]);
    for (wanted, option) in [
        (!peers, "--without-peers"),
        (options.without_processor, "--without-processor"),
        (options.without_large, "--without-large"),
    ] {
        if wanted {
            command.arg(option);
        }
    }
    if let Some(name) = &options.write {
        command.args(["--write", name]);
    }
    if let Some(native) = native {
        command.arg("--native").arg(native);
    }
    run("benchmark in Chromium", &mut command, REMEDY)
}

/// A name for a file: small letters, digits and hyphens.
fn record_name(name: &str) -> Result<String, &'static str> {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if !name.is_empty() && name.bytes().all(fits) {
        Ok(name.to_owned())
    } else {
        Err("a record's name has small letters, digits and hyphens only")
    }
}

/// The built page: what `THERMOSTAT_DIST` names, if nothing is built here.
fn dist(options: &Options) -> PathBuf {
    let named = std::env::var_os("THERMOSTAT_DIST").filter(|_| options.skip_build);
    named.map_or_else(|| options.build.dist(), PathBuf::from)
}

fn browser_bench() -> std::process::Command {
    let mut command = cargo();
    command.args(["run", "--quiet", "--release", "--package", "e2e", "--bin", "browser_bench", "--"]);
    command
}

/// Runs the native benchmarks, and keeps what they print in a file.
fn measure_natively(large: bool) -> Result<PathBuf> {
    let mut lines = String::new();
    let mut measure = |what: &str, of_large: bool| {
        let words =
            ["bench", "--quiet", "--package", "thermostat", "--features", "gpu,flex", "--bench", what];
        let mut command = cargo();
        command.args(words);
        lines.push_str(if of_large { "$ THERMOSTAT_BENCH_LARGE=1 " } else { "$ " });
        lines.push_str(&format!("cargo {}\n", words.join(" ")));
        if of_large {
            command.env("THERMOSTAT_BENCH_LARGE", "1");
        }
        run_watched("native benchmark", &mut command, REMEDY, |line| {
            lines.push_str(line);
            lines.push('\n');
        })
    };
    measure("decode", false)?;
    if large {
        measure("decode", true)?;
    }
    measure("kernels", false)?;
    let path = folder()?.join("native.txt");
    std::fs::write(&path, lines).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(path)
}

/// Makes the model with random weights, unless it is there.
fn make_large() -> Result<()> {
    let path = folder()?.join(LARGE);
    if path.exists() {
        return Ok(());
    }
    let mut command = cargo();
    command.args(["run", "--quiet", "--release", "--package", "thermostat", "--features", "engine"]);
    command.args(["--example", "made_up_model", "--", "Q8_0"]).arg(&path).arg("smollm2-135m");
    run("model of SmolLM2-135M's shape, with random weights", &mut command, REMEDY)
}

/// `target/bench`.
fn folder() -> Result<PathBuf> {
    let folder = target_folder().join("bench");
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    Ok(folder)
}

/// The command as it was typed, for the record.
fn typed() -> String {
    let words: Vec<String> = std::env::args().skip(1).collect();
    format!("cargo xtask {}", words.join(" "))
}
