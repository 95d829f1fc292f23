//! What the card is made of.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use thermostat::manifest::Manifest;

use crate::figures::{Figure21, FigureSet};
use crate::lineage::config::LineageConfig;
use crate::lineage::course::Reports;
use crate::lineage::store::load_json;
use crate::panel::rules_markdown;
use crate::publish_lineage::{LineageResults, Quantized};

/// Everything that a card can show. What is empty is said to be missing.
#[derive(Debug, Clone)]
pub struct CardInputs {
    /// The published models.
    pub manifest: Manifest,
    /// How the published lineage was trained after SFT, and what was measured on the way.
    pub course: Option<(LineageConfig, Reports)>,
    /// Figures, one set per training seed; the published one first.
    pub runs: Vec<FigureSet>,
    /// What block formats cost.
    pub quantization: Vec<Quantized>,
    /// Figure 21 of other files of the published stages: other block formats.
    pub other_files: Vec<Figure21>,
    /// The same file sampled by another program.
    pub peer: Option<PeerCheck>,
    /// What training cost.
    pub cost: Option<Cost>,
    /// Where targets are not reached: target id to what was tried, in words.
    pub notes: BTreeMap<String, String>,
    /// The annotators' rules, Markdown.
    pub rules: String,
}

/// Self-BLEU of one file as another program sampled it (`crates/lab/check/llama_cpp_self_bleu.py`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PeerCheck {
    /// Name and version of the program.
    pub program: String,
    /// The file.
    pub file: String,
    /// Lower-case hex SHA-256 of the file.
    pub sha256: String,
    /// Answers per prompt.
    pub answers_per_prompt: u32,
    /// One per temperature.
    pub points: Vec<PeerPoint>,
}

/// One temperature.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PeerPoint {
    /// Temperature.
    pub temperature: f32,
    /// Mean Self-BLEU over creative prompts.
    pub creative: f64,
    /// Mean Self-BLEU over factual prompts.
    pub factual: f64,
}

/// What training cost.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cost {
    /// The machine, in words.
    pub machine: String,
    /// Processor hours (cores times wall time) of each stage, in order.
    pub processor_hours: Vec<(String, f64)>,
}

impl CardInputs {
    /// Inputs with nothing but a manifest.
    #[must_use]
    pub fn of(manifest: Manifest) -> Self {
        Self {
            manifest,
            course: None,
            runs: Vec::new(),
            quantization: Vec::new(),
            other_files: Vec::new(),
            peer: None,
            cost: None,
            notes: BTreeMap::new(),
            rules: String::new(),
        }
    }

    /// What was published: `manifest.json` beside the models, and in the other folder `results.json`, and where they are there
    /// `seed-2.json` and so on (results of other training seeds), `llama_cpp.json`, `cost.json` and `notes.json`.
    ///
    /// # Errors
    /// A file that is missing or that is not what it should be.
    pub fn published(models: &Path, folder: &Path) -> Result<Self> {
        let mut inputs = Self::of(load_json(&models.join("manifest.json"))?);
        inputs.add(load_json(&folder.join("results.json"))?);
        for (_, path) in other_seeds(folder)? {
            inputs.add(load_json(&path)?);
        }
        inputs.peer = if_there(&folder.join("llama_cpp.json"))?;
        inputs.cost = if_there(&folder.join("cost.json"))?;
        inputs.notes = if_there(&folder.join("notes.json"))?.unwrap_or_default();
        inputs.rules = rules_markdown();
        Ok(inputs)
    }

    /// Takes in a lineage's results, the published one's first.
    pub fn add(&mut self, results: LineageResults) {
        let LineageResults { config, reports, figures, quantization } = results;
        if self.runs.is_empty() {
            self.course = Some((config, reports));
            self.quantization = quantization;
        }
        self.runs.push(figures);
    }

    /// What was measured on the way.
    pub(super) fn reports(&self) -> Option<&Reports> {
        self.course.as_ref().map(|(_, reports)| reports)
    }

    /// Name of a stage for people.
    pub(super) fn label(&self, id: &str) -> String {
        let stages = self.manifest.stages.iter().chain(&self.manifest.demonstrations);
        let known = stages.into_iter().find(|stage| stage.id == id);
        known.map_or_else(|| id.to_owned(), |stage| stage.label.clone())
    }
}

/// Results of other training seeds than the published one, `seed-2.json` and so on, in the order of the seeds.
///
/// # Errors
/// A folder that cannot be read.
pub fn other_seeds(folder: &Path) -> Result<Vec<(u64, PathBuf)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
        let path = entry.with_context(|| format!("reading {}", folder.display()))?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let seed = name.strip_prefix("seed-").and_then(|name| name.strip_suffix(".json"));
        if let Some(seed) = seed.and_then(|seed| seed.parse().ok()) {
            found.push((seed, path));
        }
    }
    found.sort();
    Ok(found)
}

fn if_there<Value: serde::de::DeserializeOwned>(path: &Path) -> Result<Option<Value>> {
    path.exists().then(|| load_json(path)).transpose()
}
