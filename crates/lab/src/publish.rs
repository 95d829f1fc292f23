//! From a finished run to published files: export, measure what was exported, write both down.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::answers::Answerer;
use crate::corpus::Corpus;
use crate::evaluate::{Evaluation, EvaluationSize, evaluate};
use crate::export::{Exported, StageNotes, publish, published};
use crate::report::RunFolder;
use crate::sft::{HeldOutLoss, Trained, measure_held_out};

/// Examples in the corpus's fingerprint.
const FINGERPRINT_EXAMPLES: u64 = 2000;

/// What the manifest says was measured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Metrics {
    /// Tokens seen in training, prompts included.
    pub training_tokens: u64,
    /// Examples seen in training, each once.
    pub training_examples: u64,
    /// Mean held-out cross-entropy per answer token, nats, of the unquantized weights.
    pub held_out_loss: HeldOutLoss,
    /// Measured on the Q4_0 file, which the page uses.
    pub q4_0: Evaluation,
    /// Measured on the Q8_0 file.
    pub q8_0: Option<Evaluation>,
    /// SHA-256 of the first examples of the corpus: tells whether today's corpus is the one that was learned.
    pub corpus_sha256: String,
}

/// How to publish.
#[derive(Debug, Clone)]
pub struct PublishOptions {
    /// Folder of the models and their manifest.
    pub models: PathBuf,
    /// How much is sampled to measure them.
    pub size: EvaluationSize,
    /// Commit of the training code; that of the working tree if there is none.
    pub commit: Option<String>,
    /// Measure the Q8_0 file too.
    pub measure_both: bool,
}

/// Exports, measures and publishes an SFT run, and writes `metrics.json` beside its checkpoint.
///
/// # Errors
/// Folders that cannot be written; files that the engine refuses.
pub fn publish_sft(trained: &Trained, run: &Path, options: &PublishOptions) -> Result<Metrics> {
    // 1. Export.
    let files = published(trained, "sft", "Thermostat SFT")?;
    // 2. Measure the files themselves.
    let measure = |file: &Exported| evaluate(&Answerer::load(file.bytes.clone())?, options.size);
    let metrics = Metrics {
        training_tokens: trained.checkpoint.tokens,
        training_examples: trained.checkpoint.next_example,
        held_out_loss: measure_held_out(trained)?,
        q4_0: measure(files.first().context("no file was exported")?)?,
        q8_0: match files.get(1) {
            Some(file) if options.measure_both => Some(measure(file)?),
            _ => None,
        },
        corpus_sha256: corpus_fingerprint(trained.config.seed),
    };
    // 3. Write them down.
    let notes = StageNotes {
        id: "sft".to_owned(),
        label: "SFT".to_owned(),
        summary: "Trained to imitate answers by simulated annotators of varying skill, mistakes included."
            .to_owned(),
        commit: options.commit.clone().unwrap_or_else(working_commit),
        trained_on: today(),
        metrics: serde_json::to_value(&metrics)?,
    };
    publish(&options.models, trained, &notes, &files)?;
    let path = RunFolder::new(run).metrics();
    fs::write(&path, serde_json::to_string_pretty(&metrics)? + "\n")
        .with_context(|| format!("writing {}", path.display()))?;
    Ok(metrics)
}

/// SHA-256 of the first examples of a seed, with everything that training sees of them.
#[must_use]
pub fn corpus_fingerprint(seed: u64) -> String {
    let corpus = Corpus::new();
    let mut hash = Sha256::new();
    for index in 0..FINGERPRINT_EXAMPLES {
        let example = corpus.example(seed, index);
        hash.update(format!("{}\0{}\0", example.prompt, example.answer));
    }
    hash.finalize().iter().map(|b| format!("{b:02x}")).collect()
}

/// The commit of the working tree, or `unknown`.
pub(crate) fn working_commit() -> String {
    let output = Command::new("git").args(["rev-parse", "HEAD"]).output();
    output
        .ok()
        .filter(|o| o.status.success())
        .and_then(|o| String::from_utf8(o.stdout).ok())
        .map_or_else(|| "unknown".to_owned(), |text| text.trim().to_owned())
}

/// Today's date in UTC, `YYYY-MM-DD`.
pub(crate) fn today() -> String {
    date(SystemTime::now())
}

/// The date in UTC, `YYYY-MM-DD`, by Hinnant's `civil_from_days`.
fn date(time: SystemTime) -> String {
    let seconds = time.duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs());
    let days = (seconds / 86_400) as i64 + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn dates_are_those_of_the_calendar() {
        let at = |seconds: u64| date(UNIX_EPOCH + Duration::from_secs(seconds));
        assert_eq!(at(0), "1970-01-01");
        assert_eq!(at(951_782_400), "2000-02-29");
        assert_eq!(at(1_735_689_599), "2024-12-31");
    }
}
