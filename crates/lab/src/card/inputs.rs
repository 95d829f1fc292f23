//! What the card is made of.
//!
//! Reports of a course are read from its files, as far as the card shows them; other fields of those files are left
//! alone. So the card can be made again years later from what was published, without training anything.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use thermostat::manifest::Manifest;

use crate::figures::{Figure21, FigureSet};

/// Everything that a card can show. What is empty is said to be missing.
#[derive(Debug, Clone)]
pub struct CardInputs {
    /// The published models.
    pub manifest: Manifest,
    /// Reports of the published course.
    pub course: Option<CourseReports>,
    /// Figures, one set per training seed; the published one first.
    pub runs: Vec<FigureSet>,
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

/// The reports in a course's folder.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CourseReports {
    /// `config.json`.
    pub config: serde_json::Value,
    /// `v1/reward.json` and so on.
    pub reward_models: Vec<RewardReport>,
    /// `v1/rejection.json` and so on.
    pub rejection: Vec<RejectionReport>,
    /// `ppo.json` of the last version.
    pub ppo: Option<PpoReport>,
    /// `over-optimised/ppo.json`.
    pub over_optimised: Option<PpoReport>,
}

/// Agreement with the panel on some pairs.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Accuracy {
    /// Share of pairs whose chosen answer scores higher.
    pub accuracy: f64,
    /// Pairs.
    pub pairs: usize,
}

/// One bin of the calibration curve.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// Mean predicted probability that the higher answer is chosen.
    pub predicted: f64,
    /// Share in which it was.
    pub observed: f64,
    /// Pairs.
    pub pairs: usize,
}

/// A reward model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RewardReport {
    /// Version for which it was made.
    pub version: u32,
    /// Comparisons learned from.
    pub comparisons: usize,
    /// All pairs kept apart.
    pub overall: Accuracy,
    /// By the panel's rating.
    pub by_rating: BTreeMap<String, Accuracy>,
    /// Poems and facts.
    pub by_kind: BTreeMap<String, Accuracy>,
    /// Sampled pairs and each kind of hard negative.
    pub by_source: BTreeMap<String, Accuracy>,
    /// On held-out subjects and topics.
    pub held_out: BTreeMap<String, Accuracy>,
    /// With the oracle, where it sees a difference.
    pub agrees_with_oracle: BTreeMap<String, Accuracy>,
    /// On the pairs kept apart.
    pub calibration: Vec<Calibration>,
}

/// A round of rejection sampling.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RejectionReport {
    /// The version it made.
    pub version: u32,
    /// The temperature that was found best.
    pub temperature: f32,
    /// By kind.
    pub rewards: BTreeMap<String, KeptRewards>,
    /// Answers trained on.
    pub answers: usize,
}

/// Whitened rewards before and after the choice.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct KeptRewards {
    /// Mean of all answers.
    pub all: f64,
    /// Mean of the kept ones.
    pub kept: f64,
}

/// A run of policy optimisation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PpoReport {
    /// Measurements on the way.
    pub milestones: Vec<Milestone>,
    /// The step whose policy was kept.
    pub kept_step: usize,
}

/// One measurement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Milestone {
    /// Steps done.
    pub step: usize,
    /// KL divergence from the initial policy, nats per answer.
    pub kl: f64,
    /// Reward and truth.
    pub truth: Truth,
}

/// Reward and truth of both kinds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Truth {
    /// Facts.
    pub facts: KindTruth,
    /// Poems.
    pub poems: KindTruth,
}

/// Reward and truth of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct KindTruth {
    /// The oracle's mean score, 0 to 1.
    pub quality: f64,
    /// The reward model's mean score, whitened.
    pub reward: f64,
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

impl CourseReports {
    /// Reads a course's folder. Reports that are not there yet are left out.
    ///
    /// # Errors
    /// A file that is damaged.
    pub fn read(folder: &Path) -> Result<Self> {
        let mut reports = Self {
            config: read_if_there(&folder.join("config.json"))?.unwrap_or_default(),
            over_optimised: read_if_there(&folder.join("over-optimised/ppo.json"))?,
            ..Self::default()
        };
        for version in 1.. {
            let stage = folder.join(format!("v{version}"));
            if !stage.exists() {
                break;
            }
            reports.reward_models.extend(read_if_there::<RewardReport>(&stage.join("reward.json"))?);
            reports.rejection.extend(read_if_there::<RejectionReport>(&stage.join("rejection.json"))?);
            reports.ppo = read_if_there(&stage.join("ppo.json"))?.or(reports.ppo);
        }
        Ok(reports)
    }
}

fn read_if_there<T: DeserializeOwned>(path: &Path) -> Result<Option<T>> {
    if !path.exists() {
        return Ok(None);
    }
    let bytes = fs::read(path).with_context(|| format!("reading {}", path.display()))?;
    serde_json::from_slice(&bytes).map(Some).with_context(|| format!("{} is damaged", path.display()))
}

impl CardInputs {
    /// Inputs with nothing but a manifest.
    #[must_use]
    pub fn of(manifest: Manifest) -> Self {
        Self {
            manifest,
            course: None,
            runs: Vec::new(),
            other_files: Vec::new(),
            peer: None,
            cost: None,
            notes: BTreeMap::new(),
            rules: String::new(),
        }
    }

    /// Name of a stage for people.
    pub(super) fn label(&self, id: &str) -> String {
        let known = self.manifest.stages.iter().find(|stage| stage.id == id);
        known.map_or_else(|| id.to_owned(), |stage| stage.label.clone())
    }
}
