//! The program's start and end.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod common;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Command;

use common::program::{Folder, Program, command};
use common::votes::{batch, vote};

/// What a start that must fail says.
fn fails(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(!output.status.success());
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn a_start_that_fails_says_what_to_do() {
    let folder = Folder::new();
    let database = folder.database();
    std::fs::write(folder.path().join("file"), "not a database, but longer than the head of one".repeat(20))
        .unwrap();
    let file = folder.path().join("file").display().to_string();
    for (said, remedy) in [
        (fails(&mut command(&file)), "--database"),
        (fails(&mut command(&format!("{file}/below/votes.db"))), "--database"),
        (fails(&mut command("mysql://host/votes")), "postgres://"),
        (fails(&mut command("postgres://nobody:secret@127.0.0.1:1/votes")), "DATABASE_URL"),
        (fails(command(&database).args(["--origins", "https://page.example/"])), "without a path"),
        (fails(command(&database).args(["--manifest", "/nowhere.json"])), "manifest.json"),
        (fails(command(&database).args(["--listen", "192.0.2.1:80"])), "--listen"),
        (
            fails(command(&database).env("COLLECTOR_ADMIN_TOKEN", "short").args(["--keep-days", "x"])),
            "--keep-days",
        ),
    ] {
        assert!(said.contains(remedy), "{said}");
        assert!(!said.contains("secret"), "a password was printed: {said}");
    }
}

#[test]
fn asked_to_stop_it_finishes_what_is_under_way() {
    let folder = Folder::new();
    let program = Program::start(&folder.database());
    let body = batch([vote(1)]).to_string();
    let mut connection = TcpStream::connect(program.address.trim_start_matches("http://")).unwrap();
    let head = format!(
        "POST /v1/votes HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    let (first, rest) = body.split_at(100);
    connection.write_all(format!("{head}{first}").as_bytes()).unwrap();
    // The request is under way once another one, sent later, was answered.
    assert_eq!(program.get("/health").status, 200);
    std::thread::scope(|scope| {
        let stopping = scope.spawn(|| program.stop());
        std::thread::sleep(std::time::Duration::from_millis(200));
        connection.write_all(rest.as_bytes()).unwrap();
        let mut answer = String::new();
        connection.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        assert!(stopping.join().unwrap(), "it ended well");
    });
    assert_eq!(Program::start(&folder.database()).stored().len(), 1);
}
