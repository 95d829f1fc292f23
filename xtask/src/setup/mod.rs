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
pub use wasm::no_clippy;

/// What the set-up is for; each needs all that the ones before it need.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Purpose {
    /// Compiling for wasm32, no more.
    Compile,
    /// Building and serving the page.
    Build,
    /// Also what measures it: a browser, a graphics driver.
    Measure,
    /// Also all tests: a browser, a graphics driver, a database, vocabularies.
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
    provide(parts(purpose, wasm_from)?, check)
}

/// Installs what the benchmark compares this engine with, if it is missing.
///
/// # Errors
/// When it cannot be installed.
pub fn peers() -> Result<()> {
    provide(vec![registry::peers()?], false)
}

/// Installs Lighthouse, if it is missing.
///
/// # Errors
/// When it cannot be installed.
pub fn lighthouse() -> Result<()> {
    provide(vec![registry::lighthouse()?], false)
}

fn provide(parts: Vec<Part>, check: bool) -> Result<()> {
    let mut missing = Vec::new();
    for part in parts {
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
    let mut parts = vec![wasm::part(wasm_from)];
    if purpose >= Purpose::Build {
        parts.extend([registry::wasm_bindgen()?, registry::trunk()?, registry::binaryen()?]);
    }
    if purpose >= Purpose::Measure {
        parts.extend([system::browser(), system::driver(), system::software_gpu()]);
    }
    if purpose >= Purpose::Test {
        parts.extend([registry::axe()?, system::postgresql(), python::python(), python::vocabularies()]);
    }
    Ok(parts)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::cell::Cell;
    use std::rc::Rc;

    use super::*;

    /// A part that is there after it was installed `needed` times, and how often that was.
    fn part(name: &str, optional: bool, needed: u32) -> (impl Fn() -> Part, Rc<Cell<u32>>) {
        let installed = Rc::new(Cell::new(0));
        let (name, count) = (name.to_owned(), Rc::clone(&installed));
        let make = move || {
            let (seen, count) = (Rc::clone(&count), Rc::clone(&count));
            Part {
                name: name.clone(),
                about: "is only a test's",
                optional,
                find: Box::new(move || Ok((seen.get() >= needed).then(|| "here".to_owned()))),
                install: Box::new(move || {
                    count.set(count.get() + 1);
                    Ok(())
                }),
            }
        };
        (make, installed)
    }

    #[test]
    fn looking_installs_nothing_and_names_what_is_missing() {
        let (there, there_installed) = part("there", false, 0);
        let (absent, absent_installed) = part("absent", false, 1);
        let (extra, extra_installed) = part("extra", true, 1);
        let error = provide(vec![there(), absent(), extra()], true).unwrap_err().to_string();
        assert!(error.contains("missing: absent."), "{error}");
        for installed in [there_installed, absent_installed, extra_installed] {
            assert_eq!(installed.get(), 0);
        }
    }

    #[test]
    fn a_second_set_up_does_nothing() {
        let (absent, installed) = part("absent", false, 1);
        for _ in 0..3 {
            provide(vec![absent()], false).unwrap();
            assert_eq!(installed.get(), 1);
        }
    }

    #[test]
    fn what_cannot_be_found_after_it_was_installed_is_an_error_unless_all_goes_on_without() {
        let (broken, _) = part("broken", false, 2);
        assert!(provide(vec![broken()], false).unwrap_err().to_string().contains("broken"));
        let (extra, installed) = part("extra", true, 2);
        provide(vec![extra()], false).unwrap();
        assert_eq!(installed.get(), 1);
    }

    #[test]
    fn compiling_needs_the_compiler_alone_and_each_purpose_all_of_the_one_before() {
        let names = |purpose| -> Vec<String> {
            parts(purpose, WasmFrom::Auto).unwrap().into_iter().map(|part| part.name).collect()
        };
        let compile = names(Purpose::Compile);
        assert_eq!(compile, ["compiler for wasm32-unknown-unknown"]);
        let mut before = compile;
        for purpose in [Purpose::Build, Purpose::Measure, Purpose::Test] {
            let now = names(purpose);
            assert!(now.len() > before.len() && now.starts_with(&before), "{purpose:?}: {now:?}");
            before = now;
        }
    }
}
