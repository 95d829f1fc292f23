//! The way to PostgreSQL with TLS, by certificates that the test makes.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod common;

use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use common::postgres::Postgres;
use common::program::{Folder, Program, command};
use common::votes::{batch, vote};

/// An authority, another one, and a certificate for `localhost` by the first.
struct Certificates(Folder);

impl Certificates {
    /// None, with a line that says why, where `openssl` is not installed.
    fn make() -> Option<Self> {
        let made = Self(Folder::new());
        if Command::new("openssl").arg("version").stdout(Stdio::null()).status().is_err() {
            println!("SKIPPED: openssl is not installed, so TLS to PostgreSQL was not tested");
            return None;
        }
        for authority in ["authority", "stranger"] {
            made.openssl(&format!(
                "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN={authority} -keyout {authority}.key -out {authority}.pem"
            ));
        }
        made.openssl("req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=localhost -keyout server.key -out server.csr");
        std::fs::write(made.path("names"), "subjectAltName=DNS:localhost\n").unwrap();
        made.openssl("x509 -req -in server.csr -CA authority.pem -CAkey authority.key -CAcreateserial -days 2 -extfile names -out server.pem");
        Some(made)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn openssl(&self, arguments: &str) {
        let mut command = Command::new("openssl");
        command.args(arguments.split(' ')).current_dir(self.0.path()).stderr(Stdio::null());
        assert!(command.status().unwrap().success(), "openssl {arguments}");
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

#[test]
fn the_database_is_reached_with_tls_and_only_the_right_certificate_is_accepted() {
    let Some(certificates) = Certificates::make() else { return };
    let port = free_port();
    let Some(_server) =
        Postgres::start_with_tls(port, &certificates.path("server.pem"), &certificates.path("server.key"))
    else {
        return;
    };
    let url = |host: &str, mode: &str, authority: &str| {
        let authority =
            certificates.path(&format!("{authority}.pem")).display().to_string().replace('/', "%2F");
        format!("postgres://collector@{host}:{port}/postgres?sslmode={mode}&sslrootcert={authority}")
    };
    let refused = |url: &str| {
        let output = command(url).output().unwrap();
        assert!(!output.status.success(), "{url}");
        String::from_utf8(output.stderr).unwrap()
    };

    let program = Program::start(&url("localhost", "verify-full", "authority"));
    assert_eq!(program.post(batch([vote(1)]).to_string()).status, 200);
    assert_eq!(program.stored().len(), 1);
    drop(program);
    // The name is asked for by `verify-full` alone, the authority by both; `require` asks for neither.
    for (host, mode, authority) in
        [("127.0.0.1", "verify-ca", "authority"), ("localhost", "require", "authority")]
    {
        let program = Program::start(&url(host, mode, authority));
        assert_eq!(program.stored().len(), 1, "{mode}");
    }
    for (host, mode, authority) in [
        ("localhost", "verify-full", "stranger"),
        ("localhost", "verify-ca", "stranger"),
        ("127.0.0.1", "verify-full", "authority"),
    ] {
        let said = refused(&url(host, mode, authority));
        for part in ["no safe connection to the database", "certificate", "sslrootcert"] {
            assert!(said.contains(part), "{host}, {mode}, {authority}: {said}");
        }
    }
    // The server takes nothing without it, so what was accepted above was TLS.
    assert!(refused(&url("localhost", "disable", "authority")).contains("pg_hba.conf"));
}
