//! Where a benchmark runs: processor, cores, load, browser, graphics adapter. Read, never guessed.

use std::fs;
use std::process::Command;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use xtask::shell::output_of;
use xtask::tools;

/// A machine and its browser.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Machine {
    /// The processor's name and what else the system says that it is.
    pub processor: String,
    /// Threads that can run at once.
    pub cores: usize,
    /// Processes that waited for a core in the minute before the run; above 0.3 or so, numbers are disturbed.
    pub load_before: Option<f64>,
    /// The highest such number seen between the runs. The benchmark itself counts for as many as it has threads.
    pub load_most: Option<f64>,
    /// Name and version.
    pub browser: String,
    /// The graphics adapter, where the browser has one.
    pub adapter: Option<Adapter>,
}

/// A graphics adapter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Adapter {
    /// What it says of itself.
    pub name: String,
    /// Whether the processor imitates it.
    pub software: bool,
}

impl Machine {
    /// This one, without what only the browser knows.
    #[must_use]
    pub fn here() -> Self {
        let browser = tools::chrome().and_then(|program| output_of(Command::new(program).arg("--version")));
        Self {
            processor: processor(),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            load_before: load(),
            load_most: None,
            browser: browser.unwrap_or_else(|| "unknown".to_owned()),
            adapter: None,
        }
    }

    /// Looks at the load again.
    pub fn watch_load(&mut self) {
        self.load_most = [self.load_most, load()].into_iter().flatten().reduce(f64::max);
    }
}

impl Adapter {
    /// From what the page says, or none.
    #[must_use]
    pub fn read(value: &Value) -> Option<Self> {
        let name = value["name"].as_str()?.to_owned();
        Some(Self { name, software: value["software"].as_bool().unwrap_or(false) })
    }
}

fn processor() -> String {
    let read = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let field = |name: &str| {
        let line = read.lines().find(|line| line.split(':').next().is_some_and(|key| key.trim() == name))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    };
    match (field("model name"), field("cpu family"), field("model")) {
        (Some(name), Some(family), Some(model)) => format!("{name} (family {family}, model {model})"),
        (Some(name), ..) => name,
        _ => output_of(Command::new("sysctl").args(["-n", "machdep.cpu.brand_string"]))
            .unwrap_or_else(|| format!("unknown, {}", std::env::consts::ARCH)),
    }
}

/// The mean of the last minute.
fn load() -> Option<f64> {
    fs::read_to_string("/proc/loadavg").ok()?.split_whitespace().next()?.parse().ok()
}
