//! How much is taken, from whom, and for how long it is kept.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod common;

use common::postgres::{Postgres, databases};
use common::program::{Folder, Program};
use common::votes::{batch, of_client, vote};
use sqlx::Connection;

#[test]
fn a_source_that_sends_too_much_is_told_when_to_come_back_and_others_go_on() {
    let folder = Folder::new();
    let program = Program::with(&folder.database(), &["--most-a-minute-of-source", "3", "--proxies", "1"]);
    let send = |number: u64, address: &str| {
        let headers = [("content-type", "application/json"), ("x-forwarded-for", address)];
        program.send("POST", "/v1/votes", &headers, batch([vote(number)]).to_string().as_bytes()).unwrap()
    };
    for number in 0..3 {
        assert_eq!(send(number, "192.0.2.1").status, 200);
    }
    let refused = send(3, "192.0.2.1");
    assert_eq!((refused.status, refused.code().as_str()), (429, "too_many"));
    let after: u64 = refused.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=60).contains(&after), "{after}");
    // What a visitor writes into the header before the proxy adds to it is not believed.
    assert_eq!(send(4, "203.0.113.9, 192.0.2.1").status, 429);
    assert_eq!(send(5, "192.0.2.2").status, 200);
}

#[test]
fn without_a_proxy_the_header_is_not_believed() {
    let folder = Folder::new();
    let program = Program::with(&folder.database(), &["--most-a-minute-of-source", "3"]);
    let statuses: Vec<u16> = (0..5)
        .map(|number| {
            let address = format!("192.0.2.{number}");
            let headers = [("content-type", "application/json"), ("x-forwarded-for", address.as_str())];
            program
                .send("POST", "/v1/votes", &headers, batch([vote(number)]).to_string().as_bytes())
                .unwrap()
                .status
        })
        .collect();
    assert_eq!(statuses, [200, 200, 200, 429, 429]);
}

#[test]
fn browsers_and_all_together_have_their_limits() {
    let folder = Folder::new();
    let limits = ["--most-a-minute-of-client", "10", "--most-a-minute", "25"];
    let program = Program::with(&folder.database(), &limits);
    let send = |client: u64, numbers: std::ops::Range<u64>| {
        program.post(batch(numbers.map(|number| of_client(client, vote(number)))).to_string()).status
    };
    assert_eq!((send(1, 0..10), send(1, 10..15)), (200, 429));
    assert_eq!((send(2, 20..30), send(3, 30..40)), (200, 429), "25 of all");
    assert_eq!(program.stored().len(), 20);
}

#[test]
fn only_named_origins_may_read_answers_and_no_cookie_is_ever_set() {
    let folder = Folder::new();
    let program =
        Program::with(&folder.database(), &["--origins", "https://page.example,https://other.example"]);
    let preflight = |origin: &str| {
        let headers = [
            ("origin", origin),
            ("access-control-request-method", "POST"),
            ("access-control-request-headers", "content-type"),
        ];
        program.send("OPTIONS", "/v1/votes", &headers, &[]).unwrap()
    };
    for origin in ["https://page.example", "https://other.example"] {
        assert_eq!(preflight(origin).header("access-control-allow-origin"), Some(origin));
    }
    for origin in ["https://evil.example", "null", "https://page.example.evil.example", "http://page.example"]
    {
        assert_eq!(preflight(origin).header("access-control-allow-origin"), None, "{origin}");
    }
    let headers = [("origin", "https://page.example"), ("content-type", "application/json")];
    let answer =
        program.send("POST", "/v1/votes", &headers, batch([vote(1)]).to_string().as_bytes()).unwrap();
    assert_eq!(answer.header("access-control-allow-origin"), Some("https://page.example"));
    assert_eq!(answer.header("access-control-expose-headers"), Some("retry-after"));
    assert_eq!(answer.header("set-cookie"), None);
    assert_eq!(answer.header("access-control-allow-credentials"), None);
}

/// Makes the vote with this number older by so many days.
fn age(database: &str, server: Option<&Postgres>, number: u64, days: u64) {
    let change = format!(
        "UPDATE votes SET received_ms = received_ms - {} WHERE id = '{number:032x}'",
        days * 86_400_000
    );
    match server {
        Some(server) => server.sql(&change),
        None => tokio::runtime::Runtime::new().unwrap().block_on(async {
            let mut connection = sqlx::SqliteConnection::connect(database).await.unwrap();
            sqlx::query(sqlx::AssertSqlSafe(change)).execute(&mut connection).await.unwrap();
        }),
    }
}

#[test]
fn votes_are_deleted_when_they_are_too_old() {
    for (name, database, kept) in databases() {
        let program = Program::start(&database);
        assert_eq!(program.post(batch([vote(1), vote(2), vote(3)]).to_string()).status, 200);
        assert!(program.stop(), "{name}: it ends well when asked to");
        let server = kept.downcast_ref::<Postgres>();
        age(&database, server, 1, 31);
        age(&database, server, 2, 29);
        let program = Program::with(&database, &["--keep-days", "0"]);
        assert_eq!(program.stored().len(), 3, "{name}: for ever");
        drop(program);
        let program = Program::with(&database, &["--keep-days", "30"]);
        // It looks for them when it starts, beside the first requests.
        let begin = std::time::Instant::now();
        while program.stored().len() == 3 && begin.elapsed().as_secs() < 30 {
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        assert_eq!(program.stored(), [format!("{:032x}", 2), format!("{:032x}", 3)], "{name}");
        assert!(program.get("/metrics").body.contains("collector_votes_expired_total 1"), "{name}");
    }
}
