//! Running other programs, with their names and times shown.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail};

/// The repository's top folder.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map_or_else(|| PathBuf::from("."), Path::to_path_buf)
}

/// Runs `cargo` with some arguments in the top folder.
///
/// # Errors
/// When it cannot be started or fails; `remedy` says what to do then.
pub fn cargo(title: &str, arguments: &[&str], remedy: &str) -> Result<()> {
    let mut command = Command::new(std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned()));
    command.args(arguments);
    run(title, &mut command, remedy)
}

/// Runs a command in the top folder, showing `title` before and the time after.
///
/// # Errors
/// As [`cargo`].
pub fn run(title: &str, command: &mut Command, remedy: &str) -> Result<()> {
    println!("== {title}");
    let begin = Instant::now();
    let status =
        command.current_dir(root()).status().with_context(|| format!("{title}: cannot start {command:?}"))?;
    let seconds = begin.elapsed().as_secs_f64();
    if !status.success() {
        bail!("{title} failed after {seconds:.0} s ({status}). {remedy}");
    }
    println!("== {title}: done in {seconds:.0} s");
    Ok(())
}
