//! `cargo xtask bench` in Chromium. Options: `--without-peers`, `--without-processor`, `--without-large`, `--rounds N`, `--native FILE`
//! (what the native benchmark printed), `--write NAME`, `--command TEXT`; `--render` only renders the kept records again.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::slice;

use anyhow::{Context, Result, bail};
use e2e::bench::measure::Bench;
use e2e::bench::models::{self, Model};
use e2e::bench::plan::{self, Device, Wanted};
use e2e::bench::record::Record;
use e2e::bench::table::markdown;
use serde_json::Value;
use xtask::shell::{output_of, root};
use xtask::tools;

/// What is wanted of this run.
struct Options {
    wanted: Wanted,
    large: bool,
    native: Option<PathBuf>,
    /// Under which name the record is kept.
    write: Option<String>,
    render: bool,
    command: String,
}

fn options() -> Result<Options> {
    let mut options = Options {
        wanted: Wanted { peers: true, processor: true, rounds: 3 },
        large: true,
        native: None,
        write: None,
        render: false,
        command: "cargo xtask bench".to_owned(),
    };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut value = || words.next().with_context(|| format!("{word} needs a value"));
        match word.as_str() {
            "--without-peers" => options.wanted.peers = false,
            "--without-processor" => options.wanted.processor = false,
            "--without-large" => options.large = false,
            "--rounds" => options.wanted.rounds = value()?.parse()?,
            "--native" => options.native = Some(value()?.into()),
            "--write" => options.write = Some(value()?),
            "--render" => options.render = true,
            "--command" => options.command = value()?,
            other => bail!("{other} is no option. `cargo xtask bench --help` lists them."),
        }
    }
    Ok(options)
}

fn main() -> Result<()> {
    let options = options()?;
    if !options.render {
        let record = measure(&options)?;
        println!("\n{}", markdown(slice::from_ref(&record)));
        let json = serde_json::to_string_pretty(&record)? + "\n";
        write(&models::folder().join("benchmarks.json"), &json)?;
        let Some(name) = options.write else { return Ok(()) };
        write(&kept().join(format!("{name}.json")), &json)?;
    }
    write(&root().join("BENCHMARKS.md"), &markdown(&records()?))
}

fn write(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))?;
    println!("written: {}", path.display());
    Ok(())
}

/// Where records are kept, one for each machine.
fn kept() -> PathBuf {
    root().join("docs/benchmarks")
}

/// All records that are kept, the last first.
fn records() -> Result<Vec<Record>> {
    let folder = kept();
    let mut records: Vec<Record> = Vec::new();
    for entry in fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let record = serde_json::from_slice(&bytes);
        records.push(record.with_context(|| format!("{} holds no record", path.display()))?);
    }
    records.sort_by(|a, b| b.date.cmp(&a.date));
    Ok(records)
}

fn measure(options: &Options) -> Result<Record> {
    fs::create_dir_all(models::folder())?;
    let mut skipped = Vec::new();
    let mut bench = Bench::start()?;
    let mut all = Model::lineage(bench.site().dist())?;
    if options.large {
        all.push(Model::large()?);
    } else {
        skipped.push("SmolLM2-135M's shape: left out by --without-large".to_owned());
    }
    if !options.wanted.peers {
        skipped.push("peers: not asked for (`cargo xtask bench --peers`)".to_owned());
    }
    if !options.wanted.processor {
        skipped.push("processor: left out by --without-processor".to_owned());
    }
    let native = match &options.native {
        Some(path) => fs::read_to_string(path)?.lines().map(str::to_owned).collect(),
        None => {
            skipped.push("native: not asked for (`cargo xtask bench --native`)".to_owned());
            Vec::new()
        }
    };
    match &bench.machine.adapter {
        None => skipped.push("WebGPU: this browser has no adapter".to_owned()),
        Some(adapter) if adapter.software => skipped.push(format!(
            "WebGPU on the second and later models: {} is a software adapter, which only shows that it works",
            adapter.name
        )),
        Some(_) => {}
    }
    if options.wanted.peers && bench.machine.adapter.is_some() {
        skipped.push(
            "transformers.js q8 on WebGPU: its products of bytes go by way of the processor (`Model::precisions` says more)"
                .to_owned(),
        );
    }
    skipped.push(
        "a block of 375 on the shape of SmolLM2-135M, and that model with one thread: left out for the time that they take".to_owned(),
    );
    let mut models = Vec::new();
    for (nth, model) in all.iter().enumerate() {
        let with_adapter =
            bench.machine.adapter.as_ref().is_some_and(|adapter| !adapter.software || nth == 0);
        if options.wanted.peers {
            let on_processor = options.wanted.processor.then_some(Device::Cpu(1));
            let on_adapter = with_adapter.then_some(Device::WebGpu);
            model.export(&[on_processor, on_adapter].into_iter().flatten().collect::<Vec<_>>())?;
        }
        models.push(bench.model(model, options.wanted, with_adapter)?);
    }
    let revision = output_of(Command::new("git").args(["describe", "--always", "--dirty=+"]));
    let date = output_of(Command::new("date").args(["-u", "+%Y-%m-%dT%H:%M:%SZ"]));
    Ok(Record {
        date: date.unwrap_or_else(|| "unknown".to_owned()),
        command: options.command.clone(),
        machine: bench.machine.clone(),
        commit: revision.unwrap_or_else(|| "unknown".to_owned()),
        page: bench.site().program_name(),
        peers: if options.wanted.peers { peers()? } else { Vec::new() },
        prompt: plan::PROMPT.to_owned(),
        most_tokens: plan::MOST_TOKENS,
        models,
        skipped,
        native,
    })
}

/// The packages that `e2e/bench/package.json` pins.
fn peers() -> Result<Vec<String>> {
    let path = tools::peers()?.join("package.json");
    let bytes = fs::read(&path)
        .with_context(|| format!("cannot read {}. Run `cargo xtask bench --peers`.", path.display()))?;
    let package: Value = serde_json::from_slice(&bytes)?;
    let pinned = package["dependencies"].as_object().context("package.json pins nothing")?;
    Ok(pinned.iter().map(|(name, version)| format!("{name} {}", version.as_str().unwrap_or("?"))).collect())
}
