//! Which tests failed and why, read from what the test program prints: a log of thousands of lines then ends with the answer.

use std::fmt::{self, Display, Formatter};

/// Longest reason that is shown.
const MOST_CHARACTERS: usize = 200;

/// Failed tests in the order in which they failed.
#[derive(Debug, Default)]
pub struct Failures {
    tests: Vec<Failure>,
}

#[derive(Debug)]
struct Failure {
    test: String,
    place: String,
    /// The first line of the panic's message; empty until it was read.
    reason: String,
}

impl Failures {
    /// Reads the next line of the test program's output.
    pub fn read(&mut self, line: &str) {
        if let Some((test, place)) = panic_of(line) {
            self.tests.push(Failure {
                test: test.to_owned(),
                place: place.to_owned(),
                reason: String::new(),
            });
        } else if let Some(last) = self.tests.last_mut()
            && last.reason.is_empty()
        {
            let said = line.trim().trim_start_matches("called `Result::unwrap()` on an `Err` value: ");
            last.reason = said.chars().take(MOST_CHARACTERS).collect();
        }
    }

    /// Whether none failed.
    pub fn is_empty(&self) -> bool {
        self.tests.is_empty()
    }
}

/// Name and place in `thread 'NAME' (123) panicked at PLACE:`.
fn panic_of(line: &str) -> Option<(&str, &str)> {
    let (_, rest) = line.split_once("thread '")?;
    let (test, rest) = rest.split_once('\'')?;
    let (_, place) = rest.split_once("panicked at ")?;
    Some((test, place.trim_end_matches(':')))
}

impl Display for Failures {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for Failure { test, place, reason } in &self.tests {
            write!(f, "\n   {test}: {reason} ({place})")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Failures;

    #[test]
    fn each_failed_test_has_the_first_line_of_its_reason() {
        let log = "\
running 3 tests
test first ... ok
test second ... 
thread 'second' (4711) panicked at e2e/tests/journeys.rs:42:9:
called `Result::unwrap()` on an `Err` value: #run: not within 60 s. The page says:
Turn up the heat
note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace
FAILED
test third ... thread 'third' panicked at e2e/tests/journeys.rs:50:5:
assertion `left == right` failed
  left: 1
FAILED";
        let mut failures = Failures::default();
        assert!(failures.is_empty());
        log.lines().for_each(|line| failures.read(line));
        assert_eq!(
            failures.to_string(),
            "\n   second: #run: not within 60 s. The page says: (e2e/tests/journeys.rs:42:9)\
             \n   third: assertion `left == right` failed (e2e/tests/journeys.rs:50:5)"
        );
    }
}
