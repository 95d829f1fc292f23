//! `cargo xtask setup`: what building and testing need besides cargo and a C toolchain.
//!
//! Each part knows how to look for itself and how to install itself; running it again does nothing where all is there.

mod python;
mod registry;
mod system;
mod wasm;

use std::time::Instant;

use anyhow::{Result, bail};
use clap::ValueEnum;
use xtask::tools::WasmCompiler;

pub use python::vocabularies_folder;

/// What the set-up is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Compiling for wasm32, no more.
    Compile,
    /// Building and serving the page.
    Build,
    /// Also all tests: a browser, a graphics driver, vocabularies.
    Test,
}

/// Where the compiler for wasm32 comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum WasmFrom {
    /// The toolchain in use if it has the target, else rustup, else Debian.
    Auto,
    /// `rustup target add` only.
    Rustup,
    /// Debian's `rustc-web`, `cargo-web` and `rust-web-src` only.
    Debian,
}

/// One thing to install.
pub struct Part {
    /// Name and version.
    pub name: String,
    /// What it is for, and how long it takes where it is missing.
    pub about: &'static str,
    /// Whether all can be done without it.
    pub optional: bool,
    /// Where it is, if it is there.
    pub find: Box<dyn Fn() -> Result<Option<String>>>,
    /// Installs it.
    pub install: Box<dyn Fn() -> Result<()>>,
}

/// Installs what is missing, or with `check` only says so.
///
/// # Errors
/// When something cannot be installed, or with `check` when something is missing.
pub fn run(purpose: Purpose, wasm_from: WasmFrom, check: bool) -> Result<()> {
    println!("== set-up{}", if check { " (only looking)" } else { "" });
    let mut missing = Vec::new();
    for part in parts(purpose, wasm_from)? {
        if let Some(place) = (part.find)()? {
            println!("   there    {}: {place}", part.name);
        } else if check {
            println!("   missing  {}: {}", part.name, part.about);
            if !part.optional {
                missing.push(part.name);
            }
        } else {
            install(&part)?;
        }
    }
    if missing.is_empty() {
        return Ok(());
    }
    bail!("missing: {}. Run `cargo xtask setup` to install.", missing.join(", "))
}

fn install(part: &Part) -> Result<()> {
    println!("   missing  {}: {}; installing", part.name, part.about);
    let begin = Instant::now();
    let outcome = (part.install)().and_then(|()| (part.find)());
    match outcome {
        Ok(Some(place)) => {
            println!("   there    {}: {place} ({:.0} s)", part.name, begin.elapsed().as_secs_f64());
            Ok(())
        }
        Ok(None) if part.optional => {
            println!("   WITHOUT  {}: it was installed but cannot be found; going on", part.name);
            Ok(())
        }
        Ok(None) => bail!(
            "{} was installed but cannot be found. Look at the lines above, then run `cargo xtask setup --check`.",
            part.name
        ),
        Err(error) if part.optional => {
            println!("   WITHOUT  {}: {error:#}; going on", part.name);
            Ok(())
        }
        Err(error) => Err(error),
    }
}

/// The compiler that builds for wasm32 here, after [`run`].
///
/// # Errors
/// When there is none.
pub fn wasm_compiler(wasm_from: WasmFrom) -> Result<WasmCompiler> {
    match wasm::find(wasm_from) {
        Some((compiler, _)) => Ok(compiler),
        None => bail!("nothing here builds for wasm32. Run `cargo xtask setup`."),
    }
}

fn parts(purpose: Purpose, wasm_from: WasmFrom) -> Result<Vec<Part>> {
    let mut parts =
        vec![wasm::part(wasm_from), registry::wasm_bindgen()?, registry::trunk()?, registry::binaryen()?];
    if purpose == Purpose::Test {
        parts.extend([system::browser(), system::driver(), registry::axe()?, system::software_gpu()]);
        parts.extend([python::python(), python::vocabularies()]);
    }
    Ok(parts)
}
