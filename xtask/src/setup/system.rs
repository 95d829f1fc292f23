//! Parts that come from the system: the browser, its driver, a software graphics driver and a database, through apt on
//! Debian.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};
use xtask::shell::{output_of, run, which};
use xtask::tools;

use super::Part;

/// A browser for the tests.
pub fn browser() -> Part {
    Part {
        name: "Chromium".to_owned(),
        about: "the tests in a browser need it (about a minute with apt); CHROME names another one",
        optional: false,
        find: Box::new(|| Ok(tools::chrome().map(|path| path.display().to_string()))),
        install: Box::new(|| apt(&["chromium"])),
    }
}

/// Its driver.
pub fn driver() -> Part {
    Part {
        name: "chromedriver".to_owned(),
        about: "steers the browser (some seconds with apt); CHROMEDRIVER names another one",
        optional: false,
        find: Box::new(|| Ok(tools::chromedriver().map(|path| path.display().to_string()))),
        install: Box::new(|| apt(&["chromium-driver"])),
    }
}

/// A Vulkan driver that needs no graphics card. Without it, and without a card, the tests on the GPU skip visibly.
pub fn software_gpu() -> Part {
    Part {
        name: "Vulkan driver".to_owned(),
        about: "runs the shader tests natively (half a minute with apt); without it they are skipped",
        optional: true,
        find: Box::new(|| {
            let folders = ["/usr/share/vulkan/icd.d", "/etc/vulkan/icd.d"];
            let driver = folders
                .iter()
                .filter_map(|folder| std::fs::read_dir(folder).ok())
                .flat_map(|entries| entries.filter_map(Result::ok))
                .find(|entry| entry.path().extension().is_some_and(|extension| extension == "json"));
            Ok(driver.map(|entry| entry.path().display().to_string()))
        }),
        install: Box::new(|| apt(&["mesa-vulkan-drivers"])),
    }
}

/// A database server, which the collector's tests start for themselves in a folder of their own.
pub fn postgresql() -> Part {
    Part {
        name: "PostgreSQL".to_owned(),
        about: "is one of the collector's databases (half a minute with apt); without it those tests are skipped",
        optional: true,
        find: Box::new(|| {
            let versions =
                std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().filter_map(Result::ok);
            let programs = versions.map(|version| version.path().join("bin"));
            Ok(programs.filter(|bin| bin.join("initdb").exists()).max().map(|bin| bin.display().to_string()))
        }),
        install: Box::new(|| apt(&["postgresql"])),
    }
}

/// Installs Debian packages.
///
/// # Errors
/// When there is no apt, no right to use it, or it fails; the message names the packages.
pub fn apt(packages: &[&str]) -> Result<()> {
    let names = packages.join(" ");
    if which("apt-get").is_none() {
        bail!(
            "there is no apt-get here. Install what these Debian packages hold in your system's way: {names}."
        );
    }
    let by_hand = format!("Run this as root: apt-get update && apt-get install {names}");
    let is_root = output_of(Command::new("id").arg("-u")).is_some_and(|id| id == "0");
    let prefix: &[&str] = match (is_root, which("sudo")) {
        (true, _) => &[],
        (false, Some(_)) => &["sudo"],
        (false, None) => bail!("installing {names} needs root, and there is no sudo. {by_hand}"),
    };
    let command = |arguments: &[&str]| {
        let words: Vec<&str> =
            prefix.iter().copied().chain(["apt-get"]).chain(arguments.iter().copied()).collect();
        let mut command = Command::new(words[0]);
        command.args(&words[1..]).env("DEBIAN_FRONTEND", "noninteractive");
        command
    };
    if !lists_are_fresh() {
        run("apt-get update", &mut command(&["update", "-q"]), &by_hand)?;
    }
    let mut arguments = vec!["install", "-q", "-y", "--no-install-recommends"];
    arguments.extend(packages);
    run(&format!("apt-get install {names}"), &mut command(&arguments), &by_hand)
}

/// Whether apt's lists were fetched within a day.
fn lists_are_fresh() -> bool {
    let age = Path::new("/var/lib/apt/lists/lock").metadata().and_then(|data| data.modified()).ok();
    let some = std::fs::read_dir("/var/lib/apt/lists").map(|entries| entries.count() > 3).unwrap_or(false);
    some && age.and_then(|time| time.elapsed().ok()).is_some_and(|age| age.as_secs() < 24 * 3600)
}
