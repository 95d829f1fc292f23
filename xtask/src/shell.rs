//! Running other programs, with their names and times shown.

use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};

/// The repository's top folder.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map_or_else(|| PathBuf::from("."), Path::to_path_buf)
}

/// Where cargo puts what it builds.
pub fn target_folder() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => root().join(folder),
        None => root().join("target"),
    }
}

/// `cargo`, to be given arguments.
///
/// What the cargo that runs us tells us of our own package is not handed on: some build scripts ask to run again when that
/// changes, and with them the whole collector was built anew whenever another program had it built.
pub fn cargo() -> Command {
    let mut command = Command::new(std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned()));
    for (name, _) in std::env::vars_os() {
        let about_us = ["CARGO_PKG_", "CARGO_MANIFEST_"];
        if name.to_str().is_some_and(|name| about_us.iter().any(|start| name.starts_with(start))) {
            command.env_remove(name);
        }
    }
    command
}

/// Runs `cargo` with some arguments in the top folder.
///
/// # Errors
/// When it cannot be started or fails; `remedy` says what to do then.
pub fn run_cargo(title: &str, arguments: &[&str], remedy: &str) -> Result<()> {
    run(title, cargo().args(arguments), remedy)
}

/// Runs a command in the top folder, showing `title` before and the time after.
///
/// # Errors
/// As [`run_cargo`].
pub fn run(title: &str, command: &mut Command, remedy: &str) -> Result<()> {
    timed(title, command, remedy, Command::status)
}

/// As [`run`], and gives each line that the command prints to `watch` too, in the order in which it was printed.
///
/// # Errors
/// As [`run_cargo`].
pub fn run_watched(
    title: &str,
    command: &mut Command,
    remedy: &str,
    mut watch: impl FnMut(&str),
) -> Result<()> {
    timed(title, command, remedy, |command| {
        let (reader, writer) = io::pipe()?;
        let child = command.stdout(writer.try_clone()?).stderr(writer).spawn();
        command.stdout(Stdio::inherit()).stderr(Stdio::inherit()); // closes our ends of the pipe, else it would never end
        let mut child = child?;
        let mut lines = BufReader::new(reader);
        let mut line = Vec::new();
        while lines.read_until(b'\n', &mut line)? > 0 {
            io::stdout().write_all(&line)?;
            watch(String::from_utf8_lossy(&line).trim_end());
            line.clear();
        }
        child.wait()
    })
}

fn timed(
    title: &str,
    command: &mut Command,
    remedy: &str,
    start: impl FnOnce(&mut Command) -> io::Result<ExitStatus>,
) -> Result<()> {
    println!("== {title}");
    let begin = Instant::now();
    let status = start(command.current_dir(root())).with_context(|| {
        format!("{title}: cannot run `{}`. {remedy}", command.get_program().to_string_lossy())
    })?;
    let seconds = begin.elapsed().as_secs_f64();
    if !status.success() {
        bail!("{title} failed after {seconds:.0} s ({status}). {remedy}");
    }
    println!("== {title}: done in {seconds:.0} s");
    Ok(())
}

/// What a command prints, or nothing if it cannot be started or fails.
pub fn output_of(command: &mut Command) -> Option<String> {
    let output = command.current_dir(root()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Full path of a program on PATH.
pub fn which(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|candidate| candidate.is_file())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_watched_command_shows_both_its_outputs_in_order_and_its_failure() {
        let mut lines = Vec::new();
        let mut command = Command::new("sh");
        command.args(["-c", "echo one; echo two >&2; printf three; exit 3"]);
        let error = run_watched("counting", &mut command, "Count again.", |line| lines.push(line.to_owned()))
            .unwrap_err();
        assert_eq!(lines, ["one", "two", "three"]);
        let message = error.to_string();
        assert!(message.contains("counting failed") && message.ends_with("Count again."), "{message}");
    }
}
