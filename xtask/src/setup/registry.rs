//! Parts that come from crates.io (built here) and from npm, into the cache folder.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};
use xtask::shell::{cargo, output_of, root, run, which};
use xtask::tools;

use super::{Part, system};

/// The bundler.
pub fn trunk() -> Result<Part> {
    crate_part(
        "trunk",
        tools::TRUNK,
        // It hands the work on to others.
        &Build { options: &["--no-default-features", "--features", "rustls"], level: "0" },
        "bundles the page (5 minutes to build on two slow cores)",
    )
}

/// Makes the bindings; the version must be the lockfile's.
pub fn wasm_bindgen() -> Result<Part> {
    crate_part(
        "wasm-bindgen-cli",
        &tools::wasm_bindgen_version()?,
        // It asks for nothing over the network. A level less and it would take 9 seconds of every build, not 2.
        &Build { options: &["--no-default-features"], level: "1" },
        "joins wasm to JavaScript (3 minutes to build on two slow cores)",
    )
}

/// `wasm-opt`.
pub fn binaryen() -> Result<Part> {
    npm_part(
        "binaryen",
        tools::BINARYEN,
        "node_modules/.bin/wasm-opt",
        "shrinks wasm (some seconds with npm)",
    )
}

/// The accessibility checker.
pub fn axe() -> Result<Part> {
    npm_part(
        "axe-core",
        tools::AXE,
        "node_modules/axe-core/axe.min.js",
        "checks accessibility in the journeys (some seconds with npm)",
    )
}

/// How a tool is built.
struct Build {
    /// What `cargo install` is told.
    options: &'static [&'static str],
    /// How far it is optimised: building the tools takes longer than they will ever run.
    level: &'static str,
}

fn crate_part(name: &'static str, version: &str, build: &'static Build, about: &'static str) -> Result<Part> {
    let folder = tools::folder(name, version)?;
    let program = folder.join("bin").join(name.trim_end_matches("-cli"));
    let version = version.to_owned();
    Ok(Part {
        name: format!("{name} {version}"),
        about,
        optional: false,
        find: Box::new(move || {
            let works = output_of(Command::new(&program).arg("--version").env_remove("NO_COLOR")).is_some();
            Ok(works.then(|| program.display().to_string()))
        }),
        install: Box::new(move || install_crate(name, &version, build, &folder)),
    })
}

/// With the versions that the tool's authors locked, else, where one of those is gone, with the newest that fit.
fn install_crate(name: &str, version: &str, build: &Build, folder: &PathBuf) -> Result<()> {
    let build_folder = tools::cache()?.join("build").join(name); // kept on failure, so that the next try goes on
    let remedy = format!("Try `cargo install {name} --version {version}` by hand to see what is wrong.");
    let install = |lock: &[&str]| {
        let mut command = cargo();
        command.args(["install", name, "--version", version, "--force"]).args(lock).args(build.options);
        command.arg("--root").arg(folder).env("CARGO_TARGET_DIR", &build_folder);
        // One of them asks for link-time optimisation, which alone takes minutes.
        for (setting, value) in [("OPT_LEVEL", build.level), ("LTO", "off"), ("CODEGEN_UNITS", "256")] {
            command.env(format!("CARGO_PROFILE_RELEASE_{setting}"), value);
        }
        run(&format!("cargo install {name} {version}"), &mut command, &remedy)
    };
    if let Err(error) = install(&["--locked"]) {
        println!("   {error:#} Trying again with newer dependencies.");
        install(&[])?;
    }
    let _ = std::fs::remove_dir_all(build_folder); // only space
    Ok(())
}

fn npm_part(
    name: &'static str,
    version: &'static str,
    file: &'static str,
    about: &'static str,
) -> Result<Part> {
    let folder = tools::folder(name, version)?;
    let wanted = folder.join(file);
    Ok(Part {
        name: format!("{name} {version}"),
        about,
        optional: false,
        find: Box::new(move || Ok(wanted.exists().then(|| wanted.display().to_string()))),
        install: Box::new(move || install_npm(name, version, &folder)),
    })
}

/// What the benchmark compares this engine with, as `e2e/bench/package-lock.json` pins it.
pub fn peers() -> Result<Part> {
    let about = "are what the benchmark compares with (a minute with npm, 500 MB on disk)";
    Ok(locked("wllama and transformers.js", about, tools::peers()?, root().join("e2e/bench")))
}

/// What audits the page, as `e2e/lighthouse/package-lock.json` pins it.
pub fn lighthouse() -> Result<Part> {
    let about = "audits the page (half a minute with npm, 120 MB on disk)";
    Ok(locked("lighthouse", about, tools::lighthouse()?, root().join("e2e/lighthouse")))
}

/// Packages of npm, into `folder`, as the lock file in `pinned` says.
fn locked(name: &str, about: &'static str, folder: PathBuf, pinned: PathBuf) -> Part {
    let title = format!("npm ci of {name}");
    let wanted = folder.clone();
    let lock = pinned.join("package-lock.json");
    Part {
        name: name.to_owned(),
        about,
        optional: false,
        find: Box::new(move || {
            let read = |path: PathBuf| std::fs::read(path).ok();
            let same =
                read(lock.clone()).is_some_and(|lock| read(wanted.join("package-lock.json")) == Some(lock));
            let there = same && wanted.join("node_modules/.package-lock.json").exists(); // npm's last step
            Ok(there.then(|| wanted.display().to_string()))
        }),
        install: Box::new(move || {
            npm_folder(&folder)?;
            for name in ["package.json", "package-lock.json"] {
                let copied = std::fs::copy(pinned.join(name), folder.join(name));
                copied.with_context(|| format!("cannot copy {name} to {}", folder.display()))?;
            }
            let mut command = Command::new("npm");
            command.args(["ci", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix"]).arg(&folder);
            run(&title, &mut command, "Check the connection to the npm registry.")
        }),
    }
}

/// Makes a folder to install into, and sees to it that there is npm.
fn npm_folder(folder: &PathBuf) -> Result<()> {
    if which("npm").is_none() {
        println!("   npm is missing too; it comes with node");
        system::apt(&["npm"])?;
    }
    std::fs::create_dir_all(folder).with_context(|| {
        format!("cannot make {}. Set XDG_CACHE_HOME to a writable folder.", folder.display())
    })
}

fn install_npm(name: &str, version: &str, folder: &PathBuf) -> Result<()> {
    npm_folder(folder)?;
    let mut command = Command::new("npm");
    command.args(["install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix"]).arg(folder);
    command.arg(format!("{name}@{version}"));
    run(&format!("npm install {name} {version}"), &mut command, "Check the connection to the npm registry.")
}
