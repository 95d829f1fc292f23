//! What a run leaves behind: its folder, its curves, and what people see while it runs.

use std::fs;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result};
use indicatif::{ProgressBar, ProgressStyle};

use crate::checkpoint::Checkpoint;
use crate::config::SftConfig;
use crate::network::Layout;
use crate::sft::{HeldOutLoss, Trained};
use crate::vocabulary::MadeVocabulary;

/// Steps between lines of the loss curve; each is a mean over that many steps.
pub const CURVE_EVERY: u64 = 20;
/// Steps between lines of output where there is no terminal.
const LINE_EVERY: u64 = 100;

/// Files of a run.
#[derive(Debug, Clone)]
pub struct RunFolder(PathBuf);

impl RunFolder {
    /// The folder at a path.
    #[must_use]
    pub fn new(path: &Path) -> Self {
        Self(path.to_owned())
    }
    /// The configuration, JSON.
    #[must_use]
    pub fn config(&self) -> PathBuf {
        self.0.join("config.json")
    }
    /// The vocabulary, JSON.
    #[must_use]
    pub fn vocabulary(&self) -> PathBuf {
        self.0.join("vocabulary.json")
    }
    /// The newest checkpoint.
    #[must_use]
    pub fn checkpoint(&self) -> PathBuf {
        self.0.join("checkpoint.bin")
    }
    /// The loss curve: step, tokens, loss, learning rate, gradient norm.
    #[must_use]
    pub fn curve(&self) -> PathBuf {
        self.0.join("loss.csv")
    }
    /// The held-out losses: step, creative, factual.
    #[must_use]
    pub fn held_out(&self) -> PathBuf {
        self.0.join("held_out.csv")
    }
    /// What was measured of the published files, JSON.
    #[must_use]
    pub fn metrics(&self) -> PathBuf {
        self.0.join("metrics.json")
    }

    /// Reads the configuration of a run.
    ///
    /// # Errors
    /// A file that is missing or damaged.
    pub fn load_config(&self) -> Result<SftConfig> {
        read_json(&self.config())
    }

    /// Reads a run back.
    ///
    /// # Errors
    /// Files that are missing or damaged.
    pub fn load(&self) -> Result<Trained> {
        let config = self.load_config()?;
        let vocabulary: MadeVocabulary = read_json(&self.vocabulary())?;
        let checkpoint = Checkpoint::load(&self.checkpoint(), Layout::new(&config.shape).parameters())?;
        Ok(Trained { config, vocabulary, checkpoint })
    }
}

/// Progress for people, curves for files.
pub(crate) struct Report {
    bar: Option<ProgressBar>,
    curve: fs::File,
    held_out: fs::File,
    steps: u64,
    started: Instant,
    first_tokens: Option<u64>,
    first_step: u64,
    recent: Vec<f64>,
    recent_norm: f32,
}

impl Report {
    pub fn new(folder: &RunFolder, config: &SftConfig, step: u64, resume: bool) -> Result<Self> {
        let bar = std::io::stdout().is_terminal().then(|| {
            let style = "{bar:30} {pos}/{len} steps, {msg}, {eta} left";
            let bar = ProgressBar::new(config.steps);
            bar.set_style(
                ProgressStyle::with_template(style).unwrap_or_else(|_| ProgressStyle::default_bar()),
            );
            bar.set_position(step);
            bar.reset_eta();
            bar
        });
        let (curve, held_out) = (folder.curve(), folder.held_out());
        if resume {
            keep_lines_up_to(&curve, step)?;
            keep_lines_up_to(&held_out, step)?;
        } else {
            fs::write(&curve, "step,tokens,loss,learning_rate,gradient_norm\n")?;
            fs::write(&held_out, "step,creative,factual\n")?;
        }
        let append = |path: &Path| fs::OpenOptions::new().append(true).open(path);
        Ok(Self {
            bar,
            curve: append(&curve)?,
            held_out: append(&held_out)?,
            steps: config.steps,
            started: Instant::now(),
            first_tokens: None,
            first_step: step,
            recent: Vec::new(),
            recent_norm: 0.0,
        })
    }

    pub fn step(&mut self, step: u64, tokens: u64, loss: f64, learning_rate: f32, norm: f32) -> Result<()> {
        self.recent.push(loss);
        self.recent_norm = self.recent_norm.max(norm);
        let first = *self.first_tokens.get_or_insert(tokens);
        let elapsed_s = self.started.elapsed().as_secs_f64().max(1e-9);
        let tokens_per_s = (tokens - first) as f64 / elapsed_s;
        if let Some(bar) = &self.bar {
            bar.set_position(step);
            bar.set_message(format!("loss {loss:.3}, {tokens_per_s:.0} tokens/s"));
        } else if step.is_multiple_of(LINE_EVERY) {
            let per_step = elapsed_s / (step - self.first_step).max(1) as f64;
            let left_s = per_step * (self.steps - step) as f64;
            let rest = format!("{tokens_per_s:.0} tokens/s, {:.1} minutes left", left_s / 60.0);
            println!(
                "step {step}/{}: loss {loss:.4}, rate {learning_rate:.2e}, norm {norm:.2}, {rest}",
                self.steps
            );
        }
        if step.is_multiple_of(CURVE_EVERY) {
            let mean = self.recent.iter().sum::<f64>() / self.recent.len() as f64;
            writeln!(self.curve, "{step},{tokens},{mean:.5},{learning_rate:.4e},{:.4}", self.recent_norm)?;
            self.recent.clear();
            self.recent_norm = 0.0;
        }
        Ok(())
    }

    pub fn held_out(&mut self, step: u64, loss: HeldOutLoss) -> Result<()> {
        writeln!(self.held_out, "{step},{:.5},{:.5}", loss.creative, loss.factual)?;
        let line =
            format!("step {step}: held-out loss {:.4} (poems), {:.4} (facts)", loss.creative, loss.factual);
        match &self.bar {
            Some(bar) => bar.println(line),
            None => println!("{line}"),
        }
        Ok(())
    }

    pub fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish();
        }
    }
}

/// Drops lines of a curve that are past the checkpoint.
fn keep_lines_up_to(path: &Path, step: u64) -> Result<()> {
    let text = fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
    let early =
        |line: &&str| line.split(',').next().and_then(|s| s.parse::<u64>().ok()).is_none_or(|s| s <= step);
    let kept: String = text.lines().filter(early).map(|line| format!("{line}\n")).collect();
    Ok(fs::write(path, kept)?)
}

fn read_json<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T> {
    let bytes = fs::read(path).with_context(|| format!("reading {}", path.display()))?;
    serde_json::from_slice(&bytes).with_context(|| format!("{} is damaged", path.display()))
}
