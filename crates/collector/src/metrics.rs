//! What the collector counts of itself, in Prometheus' text format (version 0.0.4). Nothing in it is about a visitor.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Upper ends of the latency classes, in seconds.
const CLASSES_S: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

/// The numbers.
#[derive(Debug, Default)]
pub struct Metrics(Mutex<Numbers>);

#[derive(Debug, Default)]
struct Numbers {
    /// By route and status.
    requests: BTreeMap<(String, u16), u64>,
    /// By route.
    latencies: BTreeMap<String, Latency>,
    stored: u64,
    known: u64,
    deleted: u64,
    expired: u64,
    /// By code.
    refused: BTreeMap<&'static str, u64>,
}

#[derive(Debug, Default)]
struct Latency {
    classes: [u64; CLASSES_S.len()],
    count: u64,
    sum_s: f64,
}

impl Metrics {
    /// A request was answered. `route` is the path as it was declared, so that nobody can make up routes.
    pub fn answered(&self, route: &str, status: u16, took: Duration) {
        self.with(|numbers| {
            *numbers.requests.entry((route.to_owned(), status)).or_default() += 1;
            let latency = numbers.latencies.entry(route.to_owned()).or_default();
            let took_s = took.as_secs_f64();
            for (class, end) in latency.classes.iter_mut().zip(CLASSES_S) {
                *class += u64::from(took_s <= end);
            }
            latency.count += 1;
            latency.sum_s += took_s;
        });
    }

    /// A batch was stored.
    pub fn stored(&self, new: usize, known: usize) {
        self.with(|numbers| {
            numbers.stored += new as u64;
            numbers.known += known as u64;
        });
    }

    /// A batch was refused.
    pub fn refused(&self, code: &'static str) {
        self.with(|numbers| *numbers.refused.entry(code).or_default() += 1);
    }

    /// A visitor deleted votes.
    pub fn deleted(&self, votes: u64) {
        self.with(|numbers| numbers.deleted += votes);
    }

    /// Votes became too old.
    pub fn expired(&self, votes: u64) {
        self.with(|numbers| numbers.expired += votes);
    }

    fn with(&self, change: impl FnOnce(&mut Numbers)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// All of it as text.
    #[must_use]
    pub fn text(&self) -> String {
        let numbers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut text = String::new();
        let mut line = |arguments: std::fmt::Arguments<'_>| {
            let _ = text.write_fmt(arguments); // a string takes everything
            text.push('\n');
        };
        let counters = [
            ("votes_stored_total", "Votes that were stored.", numbers.stored),
            ("votes_known_total", "Votes that were sent again and were there already.", numbers.known),
            ("votes_deleted_total", "Votes that their visitors deleted.", numbers.deleted),
            ("votes_expired_total", "Votes that were deleted because of their age.", numbers.expired),
        ];
        for (name, help, value) in counters {
            line(format_args!("# HELP collector_{name} {help}"));
            line(format_args!("# TYPE collector_{name} counter"));
            line(format_args!("collector_{name} {value}"));
        }
        line(format_args!(
            "# HELP collector_batches_refused_total Batches that were refused, by the error's code."
        ));
        line(format_args!("# TYPE collector_batches_refused_total counter"));
        for (code, value) in &numbers.refused {
            line(format_args!("collector_batches_refused_total{{code=\"{code}\"}} {value}"));
        }
        line(format_args!("# HELP collector_requests_total Requests that were answered."));
        line(format_args!("# TYPE collector_requests_total counter"));
        for ((route, status), value) in &numbers.requests {
            line(format_args!("collector_requests_total{{route=\"{route}\",status=\"{status}\"}} {value}"));
        }
        line(format_args!("# HELP collector_request_seconds Time to the answer's head."));
        line(format_args!("# TYPE collector_request_seconds histogram"));
        for (route, latency) in &numbers.latencies {
            for (class, end) in latency.classes.iter().zip(CLASSES_S) {
                line(format_args!(
                    "collector_request_seconds_bucket{{route=\"{route}\",le=\"{end}\"}} {class}"
                ));
            }
            line(format_args!(
                "collector_request_seconds_bucket{{route=\"{route}\",le=\"+Inf\"}} {}",
                latency.count
            ));
            line(format_args!("collector_request_seconds_sum{{route=\"{route}\"}} {}", latency.sum_s));
            line(format_args!("collector_request_seconds_count{{route=\"{route}\"}} {}", latency.count));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latency_classes_hold_all_below_their_end() {
        let metrics = Metrics::default();
        for milliseconds in [1, 2, 40, 60_000] {
            metrics.answered("/v1/votes", 200, Duration::from_millis(milliseconds));
        }
        let text = metrics.text();
        for line in [
            r#"collector_request_seconds_bucket{route="/v1/votes",le="0.001"} 1"#,
            r#"collector_request_seconds_bucket{route="/v1/votes",le="0.0025"} 2"#,
            r#"collector_request_seconds_bucket{route="/v1/votes",le="0.05"} 3"#,
            r#"collector_request_seconds_bucket{route="/v1/votes",le="10"} 3"#,
            r#"collector_request_seconds_bucket{route="/v1/votes",le="+Inf"} 4"#,
            r#"collector_requests_total{route="/v1/votes",status="200"} 4"#,
        ] {
            assert!(text.lines().any(|found| found == line), "{line}\n{text}");
        }
    }
}
