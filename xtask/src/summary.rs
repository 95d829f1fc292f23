//! Where the time of `cargo xtask test` went: one line for each stage, printed at the end whether it went well or not.

use std::fmt::{self, Display, Formatter};
use std::time::Instant;

use anyhow::{Error, Result};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Passed,
    Failed,
    NotRun,
}

/// The stages so far.
#[derive(Debug, Default)]
pub struct Summary {
    lines: Vec<(String, f64, Outcome)>,
    failure: Option<Error>,
}

impl Summary {
    /// Runs a stage and notes its time; after a failure, the stages that follow are only noted as not run.
    pub fn stage(&mut self, name: &str, stage: impl FnOnce() -> Result<()>) {
        if self.failure.is_some() {
            self.lines.push((name.to_owned(), 0.0, Outcome::NotRun));
            return;
        }
        let begin = Instant::now();
        self.failure = stage().err();
        let outcome = if self.failure.is_some() { Outcome::Failed } else { Outcome::Passed };
        self.lines.push((name.to_owned(), begin.elapsed().as_secs_f64(), outcome));
    }

    /// What went wrong, if something did.
    ///
    /// # Errors
    /// That of the stage that failed.
    pub fn into_result(self) -> Result<()> {
        self.failure.map_or(Ok(()), Err)
    }
}

impl Display for Summary {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "   {:<12} {:>8}", "group", "seconds")?;
        for (name, seconds, outcome) in &self.lines {
            match outcome {
                Outcome::Passed => writeln!(f, "   {name:<12} {seconds:>8.0}  passed")?,
                Outcome::Failed => writeln!(f, "   {name:<12} {seconds:>8.0}  FAILED")?,
                Outcome::NotRun => writeln!(f, "   {name:<12} {:>8}  not run", "-")?,
            }
        }
        let total: f64 = self.lines.iter().map(|(_, seconds, _)| seconds).sum();
        write!(f, "   {:<12} {total:>8.0}", "all")
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use anyhow::bail;

    use super::Summary;

    #[test]
    fn what_follows_a_failure_is_not_run_and_says_so() {
        let mut summary = Summary::default();
        summary.stage("rules", || Ok(()));
        summary.stage("native", || bail!("broken"));
        summary.stage("browser", || panic!("must not run"));
        let text = summary.to_string();
        let lines: Vec<Vec<&str>> = text.lines().map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(lines[1], ["rules", "0", "passed"]);
        assert_eq!(lines[2], ["native", "0", "FAILED"]);
        assert_eq!(lines[3], ["browser", "-", "not", "run"]);
        assert_eq!(lines[4], ["all", "0"]);
        assert_eq!(summary.into_result().unwrap_err().to_string(), "broken");
    }
}
