//! How many tests each suite ran, read from what cargo and the test programs print: a suite that compiles to nothing passes,
//! and must not.

use anyhow::{Result, bail};

/// Suites in the order in which they ran, each with the number of its tests.
#[derive(Debug, Default)]
pub struct Counts {
    suites: Vec<(String, u32)>,
}

impl Counts {
    /// Reads the next line of the output.
    pub fn read(&mut self, line: &str) {
        if let Some(suite) = suite_of(line) {
            self.suites.push((suite.to_owned(), 0));
        } else if let (Some(tests), Some((_, count))) = (tests_of(line), self.suites.last_mut()) {
            *count += tests;
        }
    }

    /// Whether each of these suites ran at least one test.
    ///
    /// # Errors
    /// When one did not; it is named.
    pub fn require(&self, suites: &[String]) -> Result<()> {
        let ran = |wanted: &String| self.suites.iter().any(|(suite, count)| suite == wanted && *count > 0);
        let idle: Vec<&str> = suites.iter().filter(|suite| !ran(suite)).map(String::as_str).collect();
        if idle.is_empty() {
            return Ok(());
        }
        bail!("no test ran in {}. Is it compiled to nothing? Look at its `cfg`.", idle.join(", "))
    }
}

/// The suite in `Running tests/SUITE.rs (PROGRAM)`.
fn suite_of(line: &str) -> Option<&str> {
    line.trim_start().strip_prefix("Running tests/")?.split_once(".rs").map(|(suite, _)| suite)
}

/// The number in `running 3 tests`.
fn tests_of(line: &str) -> Option<u32> {
    let (number, unit) = line.trim().strip_prefix("running ")?.split_once(' ')?;
    matches!(unit, "test" | "tests").then(|| number.parse().ok())?
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::Counts;

    const LOG: &str = "\
    Finished `web-dev` profile [optimized] target(s) in 0.30s
     Running tests/browser_page.rs (target/wasm32-unknown-unknown/web-dev/deps/browser_page-1.wasm)
no tests to run!
     Running tests/browser_draws.rs (target/wasm32-unknown-unknown/web-dev/deps/browser_draws-2.wasm)
running 1 test
test draws_are_those_of_the_native_program ... ok
     Running tests/browser_store.rs (target/wasm32-unknown-unknown/web-dev/deps/browser_store-3.wasm)
running 6 tests";

    fn names(suites: &[&str]) -> Vec<String> {
        suites.iter().map(|&suite| suite.to_owned()).collect()
    }

    #[test]
    fn suites_that_ran_no_test_or_not_at_all_are_named() {
        let mut counts = Counts::default();
        LOG.lines().for_each(|line| counts.read(line));
        counts.require(&names(&["browser_draws", "browser_store"])).unwrap();
        let idle = counts.require(&names(&["browser_draws", "browser_page", "browser_new"])).unwrap_err();
        assert!(idle.to_string().starts_with("no test ran in browser_page, browser_new."), "{idle}");
    }

    #[test]
    fn a_count_of_zero_is_no_test() {
        let mut counts = Counts::default();
        for line in ["Running tests/browser_page.rs (a)", "running 0 tests"] {
            counts.read(line);
        }
        counts.require(&names(&["browser_page"])).unwrap_err();
    }
}
