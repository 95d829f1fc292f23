//! Versions of the outside tools, and where set-up puts them.
//!
//! They live in the visitor's cache folder, not in `target/`, so that a fresh clone finds them. It refuses to know how
//! they are installed; that is the `setup` module of the program.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use crate::shell::{output_of, root, which};

/// Bundles the page.
pub const TRUNK: &str = "0.21.14";
/// Shrinks wasm; the npm package `binaryen`. `Trunk.toml` names the same version.
pub const BINARYEN: &str = "132.0.0";
/// Checks accessibility in the journeys; the npm package `axe-core`.
pub const AXE: &str = "4.14.1";

/// Folder of one tool: `~/.cache/thermostat/tools/NAME-VERSION`.
///
/// # Errors
/// When neither `XDG_CACHE_HOME` nor `HOME` is set.
pub fn folder(name: &str, version: &str) -> Result<PathBuf> {
    Ok(cache()?.join("tools").join(format!("{name}-{version}")))
}

/// `~/.cache/thermostat`, or under `XDG_CACHE_HOME`.
///
/// # Errors
/// As [`folder`].
pub fn cache() -> Result<PathBuf> {
    let base = match std::env::var_os("XDG_CACHE_HOME").filter(|value| !value.is_empty()) {
        Some(folder) => PathBuf::from(folder),
        None => PathBuf::from(
            std::env::var_os("HOME")
                .context("HOME is not set. Set it, or XDG_CACHE_HOME, to a writable folder.")?,
        )
        .join(".cache"),
    };
    Ok(base.join("thermostat"))
}

/// The `wasm-bindgen` version in `Cargo.lock`; the command-line tool must have exactly this one.
///
/// # Errors
/// When the lockfile cannot be read or does not name it.
pub fn wasm_bindgen_version() -> Result<String> {
    let path = root().join("Cargo.lock");
    let text = std::fs::read_to_string(&path).with_context(|| {
        format!("cannot read {}. Run `cargo metadata` once, or restore the file from git.", path.display())
    })?;
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if line == "name = \"wasm-bindgen\""
            && let Some(version) = lines.next().and_then(|next| next.strip_prefix("version = "))
        {
            return Ok(version.trim_matches('"').to_owned());
        }
    }
    anyhow::bail!("Cargo.lock names no wasm-bindgen. Restore the file from git.")
}

/// Where the three build tools are.
///
/// # Errors
/// As [`folder`] and [`wasm_bindgen_version`].
pub fn programs() -> Result<[PathBuf; 3]> {
    Ok([
        folder("trunk", TRUNK)?.join("bin"),
        folder("wasm-bindgen-cli", &wasm_bindgen_version()?)?.join("bin"),
        folder("binaryen", BINARYEN)?.join("node_modules/.bin"),
    ])
}

/// PATH with the tools first.
///
/// # Errors
/// As [`programs`], or when PATH cannot be joined.
pub fn path() -> Result<OsString> {
    let now = std::env::var_os("PATH").unwrap_or_default();
    let folders = programs()?.into_iter().chain(std::env::split_paths(&now));
    std::env::join_paths(folders).context("PATH holds a folder whose name has a colon. Rename it.")
}

/// Arguments that keep Chromium quiet and alone.
///
/// The window is larger than every viewport that a test asks for: what lies beyond a window's edge is not drawn, and an interaction whose effect
/// is there would seem to wait until something else is.
pub const CHROME_ARGUMENTS: [&str; 9] = [
    "--headless",
    "--window-size=1600,1400",
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
];

/// What headless Chromium needs on Linux to give WebGPU a graphics card. It composes its pages on the processor then: where it
/// composed them on the card, its graphics process ended at the first request for an adapter (Chromium 156, an NVIDIA H200).
/// Not for machines without a card: there it may have no adapter at all.
#[cfg(target_os = "linux")]
pub const CARD_ARGUMENTS: &[&str] = &[
    "--ignore-gpu-blocklist",
    "--use-angle=vulkan",
    "--enable-features=Vulkan",
    "--disable-features=SkiaGraphite,VulkanFromANGLE,DefaultANGLEVulkan",
    "--disable-vulkan-surface",
    "--disable-gpu-compositing",
    "--disable-gpu-rasterization",
];
/// Elsewhere it finds the card by itself.
#[cfg(not(target_os = "linux"))]
pub const CARD_ARGUMENTS: &[&str] = &[];

/// The browser for the tests: `CHROME`, else Chromium or Chrome on PATH.
pub fn chrome() -> Option<PathBuf> {
    from_environment("CHROME").or_else(|| {
        ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"].into_iter().find_map(which)
    })
}

/// The browser's driver: `CHROMEDRIVER`, else `chromedriver` on PATH.
pub fn chromedriver() -> Option<PathBuf> {
    from_environment("CHROMEDRIVER").or_else(|| which("chromedriver"))
}

fn from_environment(variable: &str) -> Option<PathBuf> {
    std::env::var_os(variable).filter(|value| !value.is_empty()).map(PathBuf::from)
}

/// The script `axe.min.js`.
///
/// # Errors
/// As [`folder`].
pub fn axe() -> Result<PathBuf> {
    Ok(folder("axe-core", AXE)?.join("node_modules/axe-core/axe.min.js"))
}

/// Where the packages that the benchmark compares with are: `e2e/bench/package.json` beside its `node_modules`.
///
/// # Errors
/// As [`cache`].
pub fn peers() -> Result<PathBuf> {
    Ok(cache()?.join("tools/benchmark-peers"))
}

/// Where Lighthouse is: `e2e/lighthouse/package.json` beside its `node_modules`.
///
/// # Errors
/// As [`cache`].
pub fn lighthouse() -> Result<PathBuf> {
    Ok(cache()?.join("tools/lighthouse"))
}

/// Which compiler builds for wasm32.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WasmCompiler {
    /// The toolchain in use, which has the wasm32 standard library (usually through rustup).
    InUse,
    /// Debian's `rustc-web` and `cargo-web`, which build the standard library from `rust-web-src`.
    Debian,
}

impl WasmCompiler {
    /// Sets the environment of a command that calls `cargo` for wasm32.
    ///
    /// # Errors
    /// As [`path`]; for Debian also when no linker for wasm is there.
    pub fn apply(self, command: &mut Command) -> Result<()> {
        command.env("PATH", path()?).env_remove("NO_COLOR"); // trunk 0.21 takes NO_COLOR=1 for a bad argument
        if self == Self::Debian {
            let linker = wasm_linker().context("no linker for wasm. Install Debian's package `lld`.")?;
            let debian_first = std::env::join_paths(
                std::iter::once(PathBuf::from("/usr/bin")).chain(std::env::split_paths(&path()?)),
            )?;
            command
                .env("PATH", debian_first)
                .env("RUSTC", "/usr/bin/rustc")
                .env("RUSTC_BOOTSTRAP", "1")
                .env("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort")
                .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker)
                // What rustup's cargo tells its children about itself:
                .env_remove("LD_LIBRARY_PATH")
                .env_remove("RUSTUP_TOOLCHAIN")
                .env_remove("CARGO");
        }
        Ok(())
    }

    /// The `cargo` of this compiler.
    pub fn cargo(self) -> Command {
        match self {
            Self::InUse => crate::shell::cargo(),
            Self::Debian => Command::new("/usr/bin/cargo"),
        }
    }
}

/// `rust-lld` of the toolchain in use, else Debian's `wasm-ld`. The first is as new as the compiler's LLVM, or nearly.
fn wasm_linker() -> Option<PathBuf> {
    let libraries = output_of(Command::new("rustc").args(["--print", "target-libdir"])).map(PathBuf::from);
    let beside =
        libraries.and_then(|lib| Some(lib.parent()?.join("bin/rust-lld"))).filter(|path| path.is_file());
    beside.or_else(|| which("wasm-ld"))
}
