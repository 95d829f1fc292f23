//! A collector of the journey's own: the real program on a port that stays the same when it is stopped and started again.

use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;
use xtask::shell::{run_cargo, target_folder};

const ADMIN: &str = "a-token-for-journeys";
const PATIENCE: Duration = Duration::from_secs(60);

/// The program, its database, and where it is to listen.
pub struct Collector {
    port: u16,
    folder: PathBuf,
    process: Option<Child>,
}

impl Collector {
    /// Builds the program if need be, and takes a port and a folder; it does not run yet.
    ///
    /// # Errors
    /// When it cannot be built, or there is no port or folder.
    pub fn prepare() -> Result<Self> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        run_cargo("collector", &["build", "--quiet", "--package", "collector"], "See above.")?;
        // Let go of again: the page must know the port before the collector may know the page's origin.
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let folder =
            std::env::temp_dir().join(format!("thermostat-collector-{}-{number}", std::process::id()));
        fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        Ok(Self { port, folder, process: None })
    }

    /// Its address.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Starts it for pages of an origin, with further arguments, and waits until it answers.
    ///
    /// # Errors
    /// When it does not.
    pub fn start(&mut self, origin: &str, arguments: &[&str]) -> Result<()> {
        let mut command = Command::new(target_folder().join("debug/collector"));
        command.args(["--listen", &format!("127.0.0.1:{}", self.port), "--admin-token", ADMIN]);
        command
            .arg("--database")
            .arg(self.folder.join("votes.db"))
            .args(["--origins", origin])
            .args(arguments);
        self.process = Some(command.stdout(Stdio::null()).spawn().context("the collector does not start")?);
        let begin = Instant::now();
        while self.get("/health").is_err() {
            if begin.elapsed() > PATIENCE {
                bail!("the collector does not answer");
            }
            thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }

    /// Kills it.
    pub fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            // It may be gone already.
            let _ = process.kill();
            let _ = process.wait();
        }
    }

    /// All votes that it has, as it exports them in that form.
    ///
    /// # Errors
    /// When it does not answer.
    pub fn export(&self, form: &str) -> Result<String> {
        self.get(&format!("/v1/export.jsonl?form={form}"))
    }

    /// Ids of all votes that it has.
    ///
    /// # Errors
    /// When it does not answer.
    pub fn ids(&self) -> Result<Vec<String>> {
        let lines = self.export("full")?;
        let votes = lines.lines().map(serde_json::from_str::<Value>).collect::<Result<Vec<_>, _>>()?;
        Ok(votes.iter().filter_map(|vote| vote["id"].as_str()).map(str::to_owned).collect())
    }

    /// How many requests it has answered on a route, by its own count.
    ///
    /// # Errors
    /// When it does not answer.
    pub fn answered(&self, route: &str) -> Result<u64> {
        let start = format!("collector_request_seconds_count{{route=\"{route}\"}} ");
        let metrics = self.get("/metrics")?;
        let count = metrics.lines().find_map(|line| line.strip_prefix(&start));
        Ok(count.map_or(Ok(0), str::parse)?)
    }

    /// How many votes it has stored, and how many were sent to it once more, since it was started.
    ///
    /// # Errors
    /// When it does not answer.
    pub fn stored_and_known(&self) -> Result<[u64; 2]> {
        let metrics = self.get("/metrics")?;
        let count = |name: &str| {
            let value = metrics.lines().find_map(|line| line.strip_prefix(name)).context("no such count")?;
            Ok::<u64, anyhow::Error>(value.trim().parse()?)
        };
        Ok([count("collector_votes_stored_total ")?, count("collector_votes_known_total ")?])
    }

    /// The answer to a question.
    ///
    /// # Errors
    /// When there is none, or another than success.
    pub fn get(&self, path: &str) -> Result<String> {
        let request =
            ureq::get(format!("{}{path}", self.url())).header("authorization", format!("Bearer {ADMIN}"));
        Ok(request.call()?.body_mut().read_to_string()?)
    }
}

impl Drop for Collector {
    fn drop(&mut self) {
        self.kill();
        // What cannot be removed is only a temporary folder.
        let _ = fs::remove_dir_all(&self.folder);
    }
}
