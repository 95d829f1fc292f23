//! The whole path in seconds: vocabulary, training, resuming, export, evaluation. For continuous integration.

use std::env;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use thermostat::units::Temperature;

use crate::answers::Answerer;
use crate::config::SftConfig;
use crate::corpus::creative_page_prompts;
use crate::evaluate::EvaluationSize;
use crate::publish::{Metrics, PublishOptions, publish_sft};
use crate::sft::{RunOptions, train};

/// Held-out loss that counts as having learned something. A model that knows nothing has `ln(512)` = 6.24 nats (measured:
/// 6.25); after the 60 steps 4.44 was measured. The limit lies between, away from both.
const LOSS_TO_REACH: f64 = 5.2;

/// Runs everything in a temporary folder and checks that the loss fell and that the exported file answers.
///
/// # Errors
/// A step that fails, a loss that did not fall, or a file that does not answer.
pub fn smoke(config: &SftConfig, threads: usize) -> Result<Metrics> {
    let folder = TemporaryFolder::new()?;
    let out = folder.0.join("sft");
    let options =
        RunOptions { out: out.clone(), resume: false, threads, pause_after: Some(config.steps / 2) };
    train(config, &options)?;
    let trained = train(config, &RunOptions { resume: true, pause_after: None, ..options })?;
    ensure!(trained.checkpoint.optimizer.steps == config.steps, "the resumed run did not reach its end");

    let models = folder.0.join("models");
    let publish = PublishOptions {
        models: models.clone(),
        size: EvaluationSize::smoke(),
        commit: None,
        measure_both: false,
    };
    let metrics = publish_sft(&trained, &out, &publish)?;
    let loss = metrics.held_out_loss.creative;
    ensure!(
        loss < LOSS_TO_REACH,
        "the held-out loss is {loss:.3}; it should have fallen below {LOSS_TO_REACH}"
    );

    for file in ["thermostat-sft-q4_0.gguf", "thermostat-sft-q8_0.gguf"] {
        let path = models.join(file);
        let bytes = fs::read(&path).with_context(|| format!("reading {}", path.display()))?;
        let answers =
            Answerer::load(bytes)?.answers(creative_page_prompts()[0], Temperature::Value(1.0), 3, 1)?;
        ensure!(answers.iter().any(|a| !a.is_empty()), "{file} loads but says nothing");
    }
    Ok(metrics)
}

/// A folder that is removed in the end.
struct TemporaryFolder(PathBuf);

impl TemporaryFolder {
    fn new() -> Result<Self> {
        let path = env::temp_dir().join(format!("thermostat-lab-{}", std::process::id()));
        fs::create_dir_all(&path).with_context(|| format!("making {}", path.display()))?;
        Ok(Self(path))
    }
}

impl Drop for TemporaryFolder {
    fn drop(&mut self) {
        // Nothing to be done about a folder that cannot be removed; the system clears its temporary folder itself.
        let _ = fs::remove_dir_all(&self.0);
    }
}
