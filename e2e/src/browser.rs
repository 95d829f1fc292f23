//! Starts Chromium through its driver, headless and with a fresh profile, and cleans up after itself.

use std::fs;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::ops::Deref;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::json;
use xtask::tools::{self, CHROME_ARGUMENTS};

use crate::driver::Driver;

/// Whether the browser has WebGPU. Without the flag headless Chromium has no adapter: that is the test of the fallback.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Graphics {
    /// No adapter.
    None,
    /// SwiftShader, WebGPU in software: right, and slow.
    Software,
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
        let remedy = "Run `cargo xtask setup`, or set CHROME and CHROMEDRIVER.";
        let chrome = tools::chrome().with_context(|| format!("no Chromium found. {remedy}"))?;
        let driver_program =
            tools::chromedriver().with_context(|| format!("no chromedriver found. {remedy}"))?;
        let port = free_port()?;
        let profile = fresh_profile()?;
        let process = Command::new(&driver_program)
            .arg(format!("--port={port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("cannot start {}. {remedy}", driver_program.display()))?;
        let mut browser = Self { driver: None, process, profile };
        wait_for_port(port)?;
        let mut arguments: Vec<String> =
            CHROME_ARGUMENTS.iter().map(|&argument| argument.to_owned()).collect();
        arguments.push(format!("--user-data-dir={}", browser.profile.display()));
        if graphics == Graphics::Software {
            arguments.push("--enable-unsafe-webgpu".to_owned());
        }
        let capabilities = json!({
            "browserName": "chrome",
            "goog:chromeOptions": { "binary": chrome, "args": arguments },
            "goog:loggingPrefs": { "browser": "ALL" },
        });
        browser.driver = Some(Driver::new(&format!("http://127.0.0.1:{port}"), capabilities)?);
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

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

fn fresh_profile() -> Result<PathBuf> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let folder = std::env::temp_dir().join(format!("thermostat-profile-{}-{number}", std::process::id()));
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    Ok(folder)
}

fn wait_for_port(port: u16) -> Result<()> {
    let begin = Instant::now();
    while begin.elapsed() < Duration::from_secs(30) {
        if TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return Ok(());
        }
        thread::sleep(Duration::from_millis(50));
    }
    bail!("chromedriver did not open its port within 30 s. Try starting it by hand.")
}
