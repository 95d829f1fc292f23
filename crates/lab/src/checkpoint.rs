//! Checkpoints from which a run goes on as if it had never stopped.
//!
//! One file: a line of JSON with the counters, then weights and both optimizer moments as little-endian `f32`. It is written under
//! another name and then renamed, so that a crash leaves the old checkpoint whole.

use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};

use crate::adamw::AdamW;

/// Everything that changes while training.
#[derive(Debug, Clone, PartialEq)]
pub struct Checkpoint {
    /// Index of the next example.
    pub next_example: u64,
    /// Tokens seen so far, prompts included.
    pub tokens: u64,
    /// All weights.
    pub weights: Vec<f32>,
    /// The optimizer, whose `steps` are the run's.
    pub optimizer: AdamW,
}

#[derive(Debug, Serialize, Deserialize)]
struct Header {
    next_example: u64,
    tokens: u64,
    steps: u64,
    parameters: usize,
}

impl Checkpoint {
    /// Writes the checkpoint.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn save(&self, path: &Path) -> Result<()> {
        let header = Header {
            next_example: self.next_example,
            tokens: self.tokens,
            steps: self.optimizer.steps,
            parameters: self.weights.len(),
        };
        let partial = path.with_extension("partial");
        let mut file =
            fs::File::create(&partial).with_context(|| format!("writing {}", partial.display()))?;
        let mut bytes = serde_json::to_vec(&header)?;
        bytes.push(b'\n');
        for values in [&self.weights, &self.optimizer.mean, &self.optimizer.mean_square] {
            bytes.extend(values.iter().flat_map(|v| v.to_le_bytes()));
        }
        file.write_all(&bytes)?;
        file.sync_all()?;
        fs::rename(&partial, path).with_context(|| format!("writing {}", path.display()))
    }

    /// Reads a checkpoint of a model with this many parameters.
    ///
    /// # Errors
    /// A file that cannot be read, is damaged, or belongs to another model.
    pub fn load(path: &Path, parameters: usize) -> Result<Self> {
        let bytes = fs::read(path).with_context(|| format!("reading {}", path.display()))?;
        let end = bytes.iter().position(|&b| b == b'\n').context("the checkpoint has no header")?;
        let header: Header =
            serde_json::from_slice(&bytes[..end]).context("the checkpoint's header is damaged")?;
        let body = &bytes[end + 1..];
        ensure!(header.parameters == parameters, "the checkpoint belongs to a model of another size");
        ensure!(body.len() == 12 * parameters, "the checkpoint is cut off");
        let values: Vec<f32> =
            body.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
        let part = |i: usize| values[i * parameters..(i + 1) * parameters].to_vec();
        Ok(Self {
            next_example: header.next_example,
            tokens: header.tokens,
            weights: part(0),
            optimizer: AdamW { mean: part(1), mean_square: part(2), steps: header.steps },
        })
    }
}
