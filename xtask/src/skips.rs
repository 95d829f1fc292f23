//! What was skipped: read from what test programs print, shown in the summary, and a failure where nothing may be skipped.
//!
//! A test that cannot run here prints a line with `SKIPPED: ` and the reason, and passes; `cargo test` alone hides that line.
//! Whether a skip is accepted is decided in one place, here, for all of them.

/// `1`: a skip is a failure. `0`: it is not, not even where `CI` is set.
const STRICT: &str = "THERMOSTAT_STRICT";

/// What a test prints before the reason.
const MARK: &str = "SKIPPED: ";

/// Whether a skip is a failure here: where `THERMOSTAT_STRICT=1` says so, and without it wherever `CI` is set.
pub fn strict() -> bool {
    let value = |name: &str| std::env::var(name).ok();
    decide(value(STRICT).as_deref(), value("CI").as_deref())
}

fn decide(strict: Option<&str>, ci: Option<&str>) -> bool {
    let says_yes = |value: &str| !matches!(value, "" | "0" | "false");
    strict.or(ci).is_some_and(says_yes)
}

/// Reasons for skips, each once.
#[derive(Debug, Default)]
pub struct Skips {
    reasons: Vec<String>,
}

impl Skips {
    /// Reads the next line of a test program's output.
    pub fn read(&mut self, line: &str) {
        if let Some((_, reason)) = line.split_once(MARK)
            && !self.reasons.iter().any(|known| known == reason)
        {
            self.reasons.push(reason.to_owned());
        }
    }

    /// What was skipped.
    pub fn reasons(&self) -> &[String] {
        &self.reasons
    }
}

#[cfg(test)]
mod tests {
    use super::{Skips, decide};

    #[test]
    fn a_skip_is_a_failure_where_asked_for_and_in_continuous_integration() {
        assert!(!decide(None, None));
        assert!(decide(Some("1"), None));
        assert!(decide(None, Some("true")));
        assert!(!decide(None, Some("false")));
        assert!(!decide(Some("0"), Some("true")), "asked for by name");
    }

    #[test]
    fn skips_are_found_wherever_they_stand_in_a_line_and_named_once() {
        let mut skips = Skips::default();
        for line in [
            "test draws_agree_with_the_twin ... SKIPPED: there is no adapter",
            "SKIPPED: there is no adapter",
            "test others ... ok",
            "  SKIPPED: the page was built without the WebGPU worker",
        ] {
            skips.read(line);
        }
        assert_eq!(skips.reasons(), ["there is no adapter", "the page was built without the WebGPU worker"]);
    }
}
