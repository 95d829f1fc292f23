//! A PostgreSQL server of the test's own: Debian's programs, a temporary folder, a socket in it and no port.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::program::Folder;

/// A running server; stopped when dropped.
pub struct Postgres {
    programs: PathBuf,
    folder: Folder,
    /// Where it listens and how, as settings of its own.
    settings: Vec<String>,
}

impl Postgres {
    /// Starts one; none, with a line that says why, where its programs are not installed.
    pub fn start() -> Option<Self> {
        // A socket in the folder instead of a port, which another test could have.
        let server = Self::prepare()?;
        server.up();
        Some(server)
    }

    /// Starts one that takes connections with TLS alone, on a port, with this certificate and its key.
    pub fn start_with_tls(port: u16, certificate: &Path, key: &Path) -> Option<Self> {
        let mut server = Self::prepare()?;
        for (from, name) in [(certificate, "server.crt"), (key, "server.key")] {
            let to = server.data().join(name);
            std::fs::copy(from, &to).unwrap();
            succeed(Command::new("chmod").arg("600").arg(&to));
            if is_root() {
                succeed(Command::new("chown").arg("postgres").arg(&to));
            }
        }
        std::fs::write(server.data().join("pg_hba.conf"), "hostssl all all 127.0.0.1/32 trust\n").unwrap();
        server.settings.push(format!("listen_addresses=127.0.0.1 -c port={port} -c ssl=on"));
        server.up();
        Some(server)
    }

    /// One that is not started yet.
    fn prepare() -> Option<Self> {
        let Some(programs) = programs() else {
            println!(
                "SKIPPED: PostgreSQL is not installed (no /usr/lib/postgresql/*/bin), so the collector was tested with SQLite alone"
            );
            return None;
        };
        let folder = Folder::new();
        if is_root() {
            // The server refuses root; Debian's package made this user.
            succeed(Command::new("chown").arg("postgres").arg(folder.path()));
        }
        let settings = vec![
            "listen_addresses=".to_owned(),
            format!("unix_socket_directories={}", folder.path().display()),
        ];
        let server = Self { programs, folder, settings };
        let data = server.data();
        succeed(
            server
                .command("initdb")
                .args(["--auth=trust", "--username=collector", "--encoding=UTF8", "--no-locale", "-D"])
                .arg(&data),
        );
        Some(server)
    }

    /// Starts it (again).
    pub fn up(&self) {
        let options: String = self.settings.iter().map(|setting| format!("-c {setting} ")).collect();
        let log = self.folder.path().join("log");
        succeed(
            self.command("pg_ctl")
                .args(["start", "-w", "-D"])
                .arg(self.data())
                .arg("-l")
                .arg(log)
                .args(["-o", &options]),
        );
    }

    /// Stops it without care, as a power failure does but for the disk.
    pub fn down(&self) {
        succeed(self.command("pg_ctl").args(["stop", "-w", "-m", "immediate", "-D"]).arg(self.data()));
    }

    pub fn url(&self) -> String {
        let socket = self.folder.path().display().to_string().replace('/', "%2F");
        format!("postgres://collector@{socket}/postgres")
    }

    /// Runs one statement.
    pub fn sql(&self, statement: &str) {
        succeed(
            self.command("psql")
                .args(["-q", "-U", "collector", "-d", "postgres", "-c", statement, "-h"])
                .arg(self.folder.path()),
        );
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn command(&self, program: &str) -> Command {
        let path = self.programs.join(program);
        let mut command = if is_root() {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(path);
            command
        } else {
            Command::new(path)
        };
        command.current_dir(self.folder.path()).stdout(Stdio::null());
        command
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let data = self.data();
        let _ = self.command("pg_ctl").args(["stop", "-w", "-m", "immediate", "-D"]).arg(data).status();
    }
}

fn programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?.filter_map(Result::ok);
    let found = versions.map(|version| version.path().join("bin")).filter(|bin| bin.join("initdb").exists());
    found.max()
}

fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|process| std::os::unix::fs::MetadataExt::uid(&process) == 0)
}

fn succeed(command: &mut Command) {
    let status = command.status().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(status.success(), "{command:?}: {status}");
}

/// Both databases, with what has to be kept alive.
pub fn databases() -> Vec<(&'static str, String, Box<dyn std::any::Any>)> {
    let folder = Folder::new();
    let mut databases: Vec<(&'static str, String, Box<dyn std::any::Any>)> =
        vec![("SQLite", folder.database(), Box::new(folder))];
    if let Some(server) = Postgres::start() {
        databases.push(("PostgreSQL", server.url(), Box::new(server)));
    }
    databases
}
