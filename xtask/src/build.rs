//! `cargo xtask build`: the static folder that any file host serves.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};
use clap::Args;
use xtask::seal::{address, seal};
use xtask::shell::{root, run, target_folder};
use xtask::tools;
use xtask::{first_words, styles};

use crate::setup::{self, Purpose, WasmFrom};
use crate::{constructors, sizes};

/// Names the variable that holds the address at which the page will be, if it is known.
const ADDRESS: &str = "THERMOSTAT_URL";

/// How to build.
#[derive(Debug, Clone, Copy, Args)]
#[group(skip)] // the group would be named as that of the options that flatten this
pub struct Options {
    /// Fast to build, slow to run and large: no link-time optimisation, no wasm-opt. Goes to `target/dist-dev`.
    #[arg(long)]
    pub dev: bool,
    /// Leave the WebGPU worker out; the page then stays on the processor.
    #[arg(long)]
    pub without_gpu: bool,
    /// Where the compiler for wasm32 comes from.
    #[arg(long, value_enum, default_value = "auto", env = "THERMOSTAT_WASM_FROM")]
    pub wasm_from: WasmFrom,
}

impl Options {
    /// The folder that is built.
    pub fn dist(self) -> PathBuf {
        if self.dev { target_folder().join("dist-dev") } else { root().join("dist") }
    }
}

/// Sets up, builds, and for a release prints what it weighs.
///
/// # Errors
/// When a part of the set-up or the build fails, or a release is too heavy.
pub fn build(options: Options) -> Result<()> {
    setup::run(Purpose::Build, options.wasm_from, false)?;
    let compiler = setup::wasm_compiler(options.wasm_from)?;
    println!("   {}", expected_time(options));
    let mut command = Command::new("trunk");
    command.arg("build").arg(html(options)?).arg("--dist").arg(options.dist());
    if !options.dev {
        command.arg("--release");
    }
    compiler.apply(&mut command)?;
    // `Command` looks for the program on the parent's PATH, so it is named in full.
    let mut full = Command::new(tools::programs()?[0].join("trunk"));
    full.args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => full.env(name, value),
            None => full.env_remove(name),
        };
    }
    let remedy = "What failed is named above: a compiler error, or a tool (`cargo xtask setup --check`).";
    run(&format!("building {}", options.dist().display()), &mut full, remedy)?;
    styles::take_in(&options.dist())?;
    first_words::come_first(&options.dist())?;
    seal(&options.dist())?;
    if let Ok(url) = std::env::var(ADDRESS) {
        address(&options.dist(), &url)?;
    }
    if options.dev {
        return Ok(());
    }
    let others = [("web-app", "app"), ("web-cpu", "worker_cpu"), ("web-cpu", "worker_train")];
    let with_gpu = (!options.without_gpu).then_some(("web-gpu", "worker_gpu"));
    for (profile, module) in others.into_iter().chain(with_gpu) {
        constructors::check(profile, module)?;
    }
    sizes::check(&options.dist())
}

/// From measurements of processor time, for two cores that do nothing else.
fn expected_time(options: Options) -> &'static str {
    match (options.dev, options.without_gpu) {
        (true, true) => "The first build takes about 3 minutes on two cores, later ones seconds.",
        (true, false) => "The first build takes about 8 minutes on two cores, later ones a minute.",
        (false, true) => "The first build takes about 5 minutes on two cores, later ones a minute.",
        (false, false) => "The first build takes about 12 minutes on two cores, later ones about 5.",
    }
}

/// The source page; without the GPU worker, a copy that lacks its element.
fn html(options: Options) -> Result<PathBuf> {
    let source = root().join("www/index.html");
    if !options.without_gpu {
        return Ok(source);
    }
    let text = fs::read_to_string(&source).with_context(|| format!("cannot read {}", source.display()))?;
    let copy = root().join("www/without-gpu.html");
    fs::write(&copy, without_gpu(&text)).with_context(|| format!("cannot write {}", copy.display()))?;
    Ok(copy)
}

/// Removes the `<link ... data-bin="worker_gpu" ... />` element.
fn without_gpu(html: &str) -> String {
    let Some(middle) = html.find("data-bin=\"worker_gpu\"") else {
        return html.to_owned();
    };
    match (html[..middle].rfind("<link"), html[middle..].find("/>")) {
        (Some(start), Some(length)) => format!("{}{}", &html[..start], &html[middle + length + 2..]),
        _ => html.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::without_gpu;

    #[test]
    fn only_the_gpu_worker_is_left_out() {
        let html = "<a/><link data-bin=\"worker_cpu\" />\n<link x\n data-bin=\"worker_gpu\" y />\n<b/>";
        assert_eq!(without_gpu(html), "<a/><link data-bin=\"worker_cpu\" />\n\n<b/>");
    }
}
