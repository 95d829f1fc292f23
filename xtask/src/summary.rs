//! Where the time of `cargo xtask test` went, and what was skipped: one line for each stage, printed at the end whether it went
//! well or not.

use std::fmt::{self, Display, Formatter};
use std::time::Instant;

use anyhow::{Error, Result, anyhow};

use crate::skips::Skips;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Passed,
    Failed,
    NotRun,
}

#[derive(Debug)]
struct Stage {
    name: String,
    seconds: f64,
    outcome: Outcome,
    skips: Skips,
}

/// The stages so far.
#[derive(Debug)]
pub struct Summary {
    stages: Vec<Stage>,
    failure: Option<Error>,
    strict: bool,
}

impl Summary {
    /// No stages yet. `strict`: a stage that skips something has failed.
    pub fn new(strict: bool) -> Self {
        Self { stages: Vec::new(), failure: None, strict }
    }

    /// Runs a stage and notes its time; after a failure, the stages that follow are only noted as not run.
    pub fn stage(&mut self, name: &str, stage: impl FnOnce(&mut Skips) -> Result<()>) {
        let mut skips = Skips::default();
        let begin = Instant::now();
        let outcome = if self.failure.is_some() {
            Outcome::NotRun
        } else {
            self.failure = stage(&mut skips).err().or_else(|| self.refused(&skips));
            if self.failure.is_some() { Outcome::Failed } else { Outcome::Passed }
        };
        let seconds = begin.elapsed().as_secs_f64();
        self.stages.push(Stage { name: name.to_owned(), seconds, outcome, skips });
    }

    fn refused(&self, skips: &Skips) -> Option<Error> {
        (self.strict && !skips.reasons().is_empty()).then(|| {
            anyhow!(
                "skipped, where nothing may be (THERMOSTAT_STRICT or CI is set): {}. `cargo xtask setup` installs what is missing.",
                skips.reasons().join("; ")
            )
        })
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
        for Stage { name, seconds, outcome, skips } in &self.stages {
            match outcome {
                Outcome::Passed if skips.reasons().is_empty() => {
                    writeln!(f, "   {name:<12} {seconds:>8.0}  passed")?;
                }
                Outcome::Passed => writeln!(f, "   {name:<12} {seconds:>8.0}  passed, but not all was run:")?,
                Outcome::Failed => writeln!(f, "   {name:<12} {seconds:>8.0}  FAILED")?,
                Outcome::NotRun => writeln!(f, "   {name:<12} {:>8}  not run", "-")?,
            }
            for reason in skips.reasons() {
                writeln!(f, "   {:<12} {:>8}  SKIPPED: {reason}", "", "")?;
            }
        }
        let total: f64 = self.stages.iter().map(|stage| stage.seconds).sum();
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
        let mut summary = Summary::new(false);
        summary.stage("rules", |_| Ok(()));
        summary.stage("native", |_| bail!("broken"));
        summary.stage("browser", |_| panic!("must not run"));
        let text = summary.to_string();
        let lines: Vec<Vec<&str>> = text.lines().map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(lines[1], ["rules", "0", "passed"]);
        assert_eq!(lines[2], ["native", "0", "FAILED"]);
        assert_eq!(lines[3], ["browser", "-", "not", "run"]);
        assert_eq!(lines[4], ["all", "0"]);
        assert_eq!(summary.into_result().unwrap_err().to_string(), "broken");
    }

    #[test]
    fn a_skip_is_shown_and_where_it_is_not_accepted_it_is_a_failure() {
        for strict in [false, true] {
            let mut summary = Summary::new(strict);
            summary.stage("native", |skips| {
                skips.read("test kernels ... SKIPPED: no adapter");
                Ok(())
            });
            let text = summary.to_string();
            assert!(text.contains("  SKIPPED: no adapter\n"), "{text}");
            assert_eq!(text.contains("FAILED"), strict, "{text}");
            let result = summary.into_result();
            assert_eq!(result.is_err(), strict);
            if let Err(error) = result {
                assert!(error.to_string().contains("no adapter"), "{error}");
            }
        }
    }
}
