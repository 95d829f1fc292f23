//! The program itself, started on a free port, and a client for it.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use serde_json::Value;

pub const ADMIN: &str = "a-token-for-tests-only";

/// Variables and not arguments, so that a test can set a limit with an argument.
const LIMITS: [&str; 3] =
    ["COLLECTOR_MOST_A_MINUTE", "COLLECTOR_MOST_A_MINUTE_OF_SOURCE", "COLLECTOR_MOST_A_MINUTE_OF_CLIENT"];

/// A folder that goes when dropped.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("collector-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    pub fn database(&self) -> String {
        self.0.join("votes.db").display().to_string()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A running collector; killed when dropped.
pub struct Program {
    child: Child,
    pub address: String,
}

/// What it answered.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub body: String,
    pub headers: ureq::http::HeaderMap,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    pub fn code(&self) -> String {
        self.json()["error"]["code"].as_str().unwrap_or_else(|| panic!("no error: {self:?}")).to_owned()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }
}

/// The command, with limits that tests do not meet by chance.
pub fn command(database: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_collector"));
    for name in ["COLLECTOR_ORIGINS", "COLLECTOR_MANIFEST", "COLLECTOR_ADMIN_TOKEN", "DATABASE_URL"] {
        command.env_remove(name);
    }
    command.args(["--listen", "127.0.0.1:0", "--database", database, "--admin-token", ADMIN]);
    command.env("COLLECTOR_LEADERBOARD_SECONDS", "0");
    for limit in LIMITS {
        command.env(limit, "10000000");
    }
    command
}

impl Program {
    pub fn start(database: &str) -> Self {
        Self::with(database, &[])
    }

    /// With further arguments.
    pub fn with(database: &str, arguments: &[&str]) -> Self {
        let mut command = command(database);
        command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::inherit());
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let address = loop {
            let line = lines.next().expect("the collector did not start").unwrap();
            if let Some((_, address)) = line.split_once("listening on ") {
                break address.to_owned();
            }
        };
        std::thread::spawn(move || lines.for_each(drop)); // or a full pipe stops it
        Self { child, address }
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// SIGKILL: it cannot do anything any more.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// SIGTERM, and whether it ended well.
    pub fn stop(mut self) -> bool {
        assert!(Command::new("kill").arg(self.pid().to_string()).status().unwrap().success());
        self.child.wait().unwrap().success()
    }

    pub fn post(&self, body: impl AsRef<[u8]>) -> Answer {
        self.send("POST", "/v1/votes", &[("content-type", "application/json")], body.as_ref())
            .expect("an answer")
    }

    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], &[]).expect("an answer")
    }

    pub fn export(&self, form: &str) -> Answer {
        let token = format!("Bearer {ADMIN}");
        self.send("GET", &format!("/v1/export.jsonl?form={form}"), &[("authorization", &token)], &[])
            .expect("an answer")
    }

    /// Ids of all votes that are stored.
    pub fn stored(&self) -> Vec<String> {
        let export = self.export("full");
        assert_eq!(export.status, 200, "{export:?}");
        let id = |line: &str| serde_json::from_str::<Value>(line).unwrap()["id"].as_str().unwrap().to_owned();
        export.body.lines().map(id).collect()
    }

    /// One request on a connection of its own.
    pub fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Result<Answer, ureq::Error> {
        request(&agent(), &self.address, method, path, headers, body)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A client that gives every status back as it is.
pub fn agent() -> ureq::Agent {
    let config = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(Duration::from_secs(60)))
        .build();
    config.into()
}

pub fn request(
    agent: &ureq::Agent,
    address: &str,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Result<Answer, ureq::Error> {
    let mut request = ureq::http::Request::builder().method(method).uri(format!("{address}{path}"));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = if body.is_empty() && method != "POST" {
        agent.run(request.body(()).expect("a request"))?
    } else {
        agent.run(request.body(body).expect("a request"))?
    };
    let (parts, mut body) = response.into_parts();
    let body = body.with_config().limit(1 << 30).read_to_string()?;
    Ok(Answer { status: parts.status.as_u16(), body, headers: parts.headers })
}
