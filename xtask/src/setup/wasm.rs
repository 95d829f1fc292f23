//! A compiler for wasm32: rustup's target first, Debian's packages where rustup cannot reach its server.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use xtask::shell::{output_of, run};
use xtask::tools::WasmCompiler;

use super::{Part, WasmFrom, system};

const TARGET: &str = "wasm32-unknown-unknown";

/// Oldest compiler that burn accepts, as (major, minor).
const OLDEST: (u32, u32) = (1, 95);

/// The part of the set-up.
pub fn part(wasm_from: WasmFrom) -> Part {
    Part {
        name: format!("compiler for {TARGET}"),
        about: "builds the page and the workers (half a minute with rustup, two with apt)",
        optional: false,
        find: Box::new(move || Ok(find(wasm_from).map(|(_, place)| place))),
        install: Box::new(move || install(wasm_from)),
    }
}

/// Which compiler there is, and where.
pub fn find(wasm_from: WasmFrom) -> Option<(WasmCompiler, String)> {
    let in_use = || find_in_use().map(|place| (WasmCompiler::InUse, place));
    let debian = || find_debian().map(|place| (WasmCompiler::Debian, place));
    match wasm_from {
        WasmFrom::Auto => in_use().or_else(debian),
        WasmFrom::Rustup => in_use(),
        WasmFrom::Debian => debian(),
    }
}

fn find_in_use() -> Option<String> {
    let libraries = output_of(Command::new("rustc").args(["--print", "target-libdir", "--target", TARGET]))?;
    let has_core = std::fs::read_dir(&libraries)
        .ok()?
        .filter_map(Result::ok)
        .any(|entry| entry.file_name().to_string_lossy().starts_with("libcore"));
    has_core.then_some(libraries)
}

fn find_debian() -> Option<String> {
    let version = debian_rustc()?;
    let new_enough = version_of(&version).is_some_and(|found| found >= OLDEST);
    let source = Path::new("/usr/lib/rustlib/src/rust/library/std/Cargo.toml").exists();
    let all = new_enough && source && Path::new("/usr/bin/cargo").exists();
    all.then(|| format!("/usr/bin/rustc ({version}), which builds the standard library too"))
}

fn debian_rustc() -> Option<String> {
    output_of(Command::new("/usr/bin/rustc").arg("--version").env_remove("LD_LIBRARY_PATH"))
}

/// Refuses a compiler of Debian's that burn does not accept.
fn refuse_old(found: Option<(u32, u32)>) -> Result<()> {
    match found {
        Some((major, minor)) if (major, minor) < OLDEST => bail!(
            "Debian's rustc-web is too old: {major}.{minor} < {}.{}. Use rustup (https://rustup.rs) with \
             static.rust-lang.org within reach, or a newer Debian.",
            OLDEST.0,
            OLDEST.1
        ),
        _ => Ok(()),
    }
}

/// (major, minor) in `rustc 1.96.0 (...)`.
fn version_of(text: &str) -> Option<(u32, u32)> {
    let mut numbers = text.split_whitespace().nth(1)?.split('.');
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

fn install(wasm_from: WasmFrom) -> Result<()> {
    if wasm_from != WasmFrom::Debian {
        let remedy = "rustup needs static.rust-lang.org. Check the connection.";
        match run("rustup target add", Command::new("rustup").args(["target", "add", TARGET]), remedy) {
            Ok(()) => return Ok(()),
            Err(error) if wasm_from == WasmFrom::Rustup => return Err(error),
            Err(error) => println!("   {error:#} Trying Debian's packages instead."),
        }
    }
    let context = "Debian's packages give no compiler for wasm32";
    // Asked only after the installation: it refreshes apt's lists, and those of a fresh machine may be months old.
    system::apt(&["rustc-web", "cargo-web", "rust-web-src", "lld"]).context(context)?;
    refuse_old(debian_rustc().and_then(|version| version_of(&version))).context(context)
}

/// Why this compiler has no `clippy`, if it has none: that of Debian is a package of its own, and is installed here.
pub fn no_clippy(compiler: WasmCompiler) -> Option<String> {
    let there = || compiler == WasmCompiler::InUse || Path::new("/usr/bin/cargo-clippy").exists();
    if there() {
        return None;
    }
    match system::apt(&["rust-web-clippy"]) {
        Ok(()) if there() => None,
        Ok(()) => Some("Debian's rust-web-clippy holds no cargo-clippy".to_owned()),
        Err(error) => Some(format!("{error:#}")),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::{OLDEST, refuse_old, version_of};

    #[test]
    fn version_is_read_from_what_rustc_prints() {
        assert_eq!(
            version_of("rustc 1.96.0 (abcdef 2026-05-01) (built from a source tarball)"),
            Some((1, 96))
        );
        assert_eq!(version_of("rustc 1.63.0"), Some((1, 63)));
        assert_eq!(version_of("nonsense"), None);
        assert_eq!(version_of("rustc 1.85.0+dfsg3-1~deb12u3"), Some((1, 85)), "a version of Debian's");
        assert_eq!(version_of("rustc (none)"), None);
    }

    #[test]
    fn too_old_a_compiler_is_refused_by_its_version() {
        let error = refuse_old(Some((1, 85))).unwrap_err().to_string();
        assert!(error.contains("too old: 1.85 < 1.95. Use rustup"), "{error}");
        for accepted in [Some(OLDEST), Some((2, 0)), None] {
            refuse_old(accepted).unwrap();
        }
    }
}
