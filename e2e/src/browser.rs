//! Starts Chromium through its driver, headless and with a fresh profile, and cleans up after itself.

use std::fs;
use std::io::{BufRead, BufReader};
use std::ops::Deref;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use serde_json::json;
use xtask::tools::{self, CARD_ARGUMENTS, CHROME_ARGUMENTS};

use crate::driver::Driver;

/// Whether the browser has WebGPU. Without the flag headless Chromium has no adapter: that is the test of the fallback.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Graphics {
    /// No adapter.
    None,
    /// SwiftShader, WebGPU in software: right, and slow.
    Software,
    /// The machine's graphics card. Where it has none there may be no adapter at all, and asking for one may take for ever.
    Card,
}

impl Graphics {
    /// For tests of WebGPU: in software, or on the card where `THERMOSTAT_GRAPHICS` is `card`.
    #[must_use]
    pub fn for_tests() -> Self {
        if std::env::var_os("THERMOSTAT_GRAPHICS").is_some_and(|value| value == "card") {
            Self::Card
        } else {
            Self::Software
        }
    }

    /// What Chromium is told beside [`CHROME_ARGUMENTS`].
    fn arguments(self) -> Vec<&'static str> {
        let mut arguments = match self {
            Self::None => return Vec::new(),
            Self::Software => Vec::new(),
            // The second lets a page read the card's own name.
            Self::Card => [CARD_ARGUMENTS, &["--enable-webgpu-developer-features"]].concat(),
        };
        arguments.push("--enable-unsafe-webgpu");
        arguments
    }
}

/// A browser; it closes when dropped.
pub struct Browser {
    driver: Option<Driver>,
    process: Child,
    profile: PathBuf,
}

impl Browser {
    /// Starts a browser.
    ///
    /// # Errors
    /// When Chromium or its driver is missing or does not start.
    pub fn start(graphics: Graphics) -> Result<Self> {
        Self::start_patiently(graphics, Duration::from_secs(240))
    }

    /// As [`Browser::start`], with so much time for a script.
    ///
    /// # Errors
    /// As [`Browser::start`].
    pub fn start_patiently(graphics: Graphics, patience: Duration) -> Result<Self> {
        let remedy = "Run `cargo xtask setup`, or set CHROME and CHROMEDRIVER.";
        let chrome = tools::chrome().with_context(|| format!("no Chromium found. {remedy}"))?;
        let driver_program =
            tools::chromedriver().with_context(|| format!("no chromedriver found. {remedy}"))?;
        let profile = fresh_profile()?;
        let start = || {
            Command::new(&driver_program)
                .arg("--port=0") // it chooses a free one and says which: a port chosen here could be taken meanwhile
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .spawn()
                .with_context(|| format!("cannot start {}. {remedy}", driver_program.display()))
        };
        let mut browser = Self { driver: None, process: start()?, profile };
        let port = match port_of(&mut browser.process) {
            Ok(port) => port,
            // It was seen, once in some hundred starts, to say nothing at all.
            Err(_) => {
                let _ = browser.process.kill(); // whether it ran or not, another one takes its place
                let _ = browser.process.wait();
                browser.process = start()?;
                port_of(&mut browser.process)?
            }
        };
        let mut arguments: Vec<String> =
            CHROME_ARGUMENTS.into_iter().chain(graphics.arguments()).map(str::to_owned).collect();
        arguments.push(format!("--user-data-dir={}", browser.profile.display()));
        let capabilities = json!({
            "browserName": "chrome",
            "goog:chromeOptions": { "binary": chrome, "args": arguments },
            "goog:loggingPrefs": { "browser": "ALL" },
        });
        browser.driver = Some(Driver::new(&format!("http://127.0.0.1:{port}"), capabilities, patience)?);
        Ok(browser)
    }
}

impl Deref for Browser {
    type Target = Driver;

    #[allow(clippy::expect_used, reason = "`start` hands out no browser without a driver")]
    fn deref(&self) -> &Driver {
        self.driver.as_ref().expect("a started browser has a driver")
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Nothing to be done about failures here: the test is over, and the system cleans up what is left.
        if let Some(driver) = &self.driver {
            let _ = driver.quit();
        }
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = fs::remove_dir_all(&self.profile);
    }
}

fn fresh_profile() -> Result<PathBuf> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let folder = std::env::temp_dir().join(format!("thermostat-profile-{}-{number}", std::process::id()));
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    Ok(folder)
}

/// The port that a started driver says it listens on. What it says afterwards is read and dropped, lest it block.
fn port_of(driver: &mut Child) -> Result<u16> {
    let output = driver.stdout.take().context("chromedriver has no output")?;
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            // Its first line repeats the zero that it was given; the second names the port that it got.
            if let Some((_, port)) = line.rsplit_once("successfully on port ") {
                let _ = sender.send(port.trim_end_matches('.').parse()); // nobody listens after the first
            }
        }
    });
    let patience = Duration::from_secs(60);
    let port = receiver.recv_timeout(patience).map_err(|_| {
        anyhow!("chromedriver named no port within {} s. Try starting it by hand.", patience.as_secs())
    })?;
    port.context("chromedriver named a port that is no number")
}
