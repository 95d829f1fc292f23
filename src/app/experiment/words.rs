//! What the chapter says of time, progress and results.

use crate::experiment::live::Experiment;
use crate::experiment::plan::{Kind, Length};

/// A time left, roughly.
#[must_use]
pub fn time_left(ms: f64) -> String {
    match (ms / 1000.0).round() as u64 {
        0..=9 => "a few seconds left".to_owned(),
        seconds @ 10..=89 => format!("about {} seconds left", (seconds + 2) / 5 * 5),
        seconds => format!("about {} minutes left", (seconds + 30) / 60),
    }
}

/// What was asked, in one line.
#[must_use]
pub fn protocol(experiment: &Experiment) -> String {
    let protocol = &experiment.protocol;
    let prompts = |kind: Kind| kind.prompts(protocol).len();
    let (first, last) = (protocol.temperatures.first(), protocol.temperatures.last());
    format!(
        "{} stages, {} creative and {} factual prompts, {} answers each at {} temperatures from {:.1} to {:.1}",
        experiment.stages.len(),
        prompts(Kind::Creative),
        prompts(Kind::Factual),
        protocol.answers_per_prompt,
        protocol.temperatures.len(),
        first.copied().unwrap_or_default(),
        last.copied().unwrap_or_default(),
    )
}

/// Name of a length.
#[must_use]
pub fn length(length: Length) -> &'static str {
    match length {
        Length::Quick => "quick experiment",
        Length::Full => "full protocol",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_is_told_as_people_tell_it() {
        let told = |seconds: f64| time_left(seconds * 1000.0);
        assert_eq!(told(3.2), "a few seconds left");
        assert_eq!(told(42.0), "about 40 seconds left");
        assert_eq!(told(89.0), "about 90 seconds left");
        assert_eq!(told(100.0), "about 2 minutes left");
        assert_eq!(told(400.0), "about 7 minutes left");
    }
}
