//! The whole course from SFT to v5, stage after stage. Each leaves its files in a folder of its own; a stage whose last file is
//! there is done, so a course that was stopped goes on with the stage it was in.
//!
//! ```text
//! config.json
//! v1 ... v4/   comparisons, reward model, what was kept, policy, reports
//! v5/          comparisons, reward model, policy, report of PPO
//! over-optimised/   PPO without its leash: what a policy does to a reward model
//! truth.json   every stage by the oracle and by the last reward model
//! ```

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};

use super::comparisons::{Gathered, gather};
use super::config::LineageConfig;
use super::ppo::{PpoReport, improve};
use super::rejection::{Kept, RejectionReport, next_version};
use super::reward_model::{RewardModel, RewardReport, train};
use super::setting::{Purpose, Setting};
use super::store::{load_json, load_lines, load_values, save_json, save_lines, save_values};
use super::truth::{Truth, measure};
use crate::sft::Trained;

/// A stage of the lineage.
#[derive(Debug, Clone, PartialEq)]
pub struct StagePolicy {
    /// `sft`, `rlhf-v1` ... `rlhf-v5`, `over-optimised`.
    pub id: String,
    /// Its weights.
    pub weights: Vec<f32>,
}

/// A finished course.
#[derive(Debug)]
pub struct Lineage {
    /// SFT, v1 ... v5, in order.
    pub stages: Vec<StagePolicy>,
    /// The deliberately over-optimised policy.
    pub over_optimised: StagePolicy,
    /// The last reward model.
    pub reward_model: RewardModel,
    /// What was written down on the way.
    pub reports: Reports,
}

/// Everything that was measured on the way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reports {
    /// One per version.
    pub reward_models: Vec<RewardReport>,
    /// v1 to v4.
    pub rejection: Vec<RejectionReport>,
    /// v5.
    pub ppo: PpoReport,
    /// The over-optimised run.
    pub over_optimised: PpoReport,
    /// Each stage by the oracle and by the last reward model, in order; the over-optimised policy last.
    pub truth: Vec<(String, Truth)>,
}

/// Runs a course, or goes on with it.
///
/// # Errors
/// A folder that cannot be written or that holds another course; a stage that fails.
pub fn run(sft: &Trained, config: &LineageConfig, folder: &Path, threads: usize) -> Result<Lineage> {
    let setting = Setting::new(&sft.vocabulary, &sft.config.shape, config, threads)?;
    let course = Course { setting, config, folder, parameters: sft.checkpoint.weights.len() };
    course.claim_folder()?;

    let base = sft.checkpoint.weights.as_slice();
    let mut policies: Vec<Vec<f32>> = vec![base.to_vec()];
    let (mut gathered, mut kept) = (Vec::new(), Vec::new());
    let (mut reward_models, mut rejection) = (Vec::new(), Vec::new());
    let mut newest_reward: Option<RewardModel> = None;
    for version in 1..=config.rejection.versions {
        let (reward_model, report) =
            course.reward_model(version, base, newest_reward.as_ref(), &policies, &mut gathered)?;
        reward_models.push(report);
        let (policy, own, report) = course.rejection(version, &policies, &reward_model, &kept)?;
        newest_reward = Some(reward_model);
        policies.push(policy);
        kept.push(own);
        rejection.push(report);
    }

    let last = config.rejection.versions + 1;
    let (reward_model, report) =
        course.reward_model(last, base, newest_reward.as_ref(), &policies, &mut gathered)?;
    reward_models.push(report);
    let initial = policies.last().context("there is no policy to improve")?.clone();
    let (policy, ppo) =
        course.ppo(&format!("v{last}"), &config.ppo, Purpose::Rollouts, &initial, &reward_model)?;
    policies.push(policy);
    let (hacked, over_optimised) = course.ppo(
        "over-optimised",
        &config.over_optimised,
        Purpose::OverOptimised,
        &initial,
        &reward_model,
    )?;

    let id = |number: usize| if number == 0 { "sft".to_owned() } else { format!("rlhf-v{number}") };
    let stages: Vec<StagePolicy> = policies
        .into_iter()
        .enumerate()
        .map(|(number, weights)| StagePolicy { id: id(number), weights })
        .collect();
    let over_optimised_policy = StagePolicy { id: "over-optimised".to_owned(), weights: hacked };
    let truth = course.truth(&stages, &over_optimised_policy, &reward_model)?;
    let reports = Reports { reward_models, rejection, ppo, over_optimised, truth };
    Ok(Lineage { stages, over_optimised: over_optimised_policy, reward_model, reports })
}

/// A course under way.
struct Course<'a> {
    setting: Setting,
    config: &'a LineageConfig,
    folder: &'a Path,
    parameters: usize,
}

impl Course<'_> {
    fn claim_folder(&self) -> Result<()> {
        let path = self.folder.join("config.json");
        if path.exists() {
            let found: LineageConfig = load_json(&path)?;
            ensure!(
                found == *self.config,
                "{} holds a course with another configuration; choose another folder",
                self.folder.display()
            );
            return Ok(());
        }
        fs::create_dir_all(self.folder).with_context(|| format!("making {}", self.folder.display()))?;
        save_json(&path, self.config)
    }

    fn stage(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Comparisons of a version's policies, and the reward model trained on all comparisons so far.
    fn reward_model(
        &self,
        version: u32,
        sft: &[f32],
        before: Option<&RewardModel>,
        policies: &[Vec<f32>],
        gathered: &mut Vec<Gathered>,
    ) -> Result<(RewardModel, RewardReport)> {
        let stage = self.stage(&format!("v{version}"));
        let path = |part: &str| stage.join(format!("comparisons-{part}.jsonl"));
        // The file written last tells that all are there.
        gathered.push(if path("train").exists() {
            Gathered {
                train: load_lines(&path("train"))?,
                test: load_lines(&path("test"))?,
                held_out: load_lines(&path("held-out"))?,
            }
        } else {
            let policies: Vec<&[f32]> = policies.iter().map(Vec::as_slice).collect();
            let new = gather(&self.setting, &self.config.reward, version, &policies)?;
            save_lines(&path("held-out"), &new.held_out)?;
            save_lines(&path("test"), &new.test)?;
            save_lines(&path("train"), &new.train)?;
            new
        });
        let (values, report) = (stage.join("reward.bin"), stage.join("reward.json"));
        if report.exists() {
            let report: RewardReport = load_json(&report)?;
            let values = load_values(&values, self.parameters + self.setting.shape.width + 1)?;
            return Ok((RewardModel { values, scale: report.scale }, report));
        }
        let (model, measured) = train(&self.setting, self.config, version, sft, before, gathered)?;
        save_values(&values, &model.values)?;
        save_json(&report, &measured)?;
        Ok((model, measured))
    }

    fn rejection(
        &self,
        version: u32,
        policies: &[Vec<f32>],
        reward_model: &RewardModel,
        earlier: &[Vec<Kept>],
    ) -> Result<(Vec<f32>, Vec<Kept>, RejectionReport)> {
        let stage = self.stage(&format!("v{version}"));
        let (weights, kept) = (stage.join("policy.bin"), stage.join("kept.jsonl"));
        let report = stage.join("rejection.json");
        if report.exists() {
            return Ok((load_values(&weights, self.parameters)?, load_lines(&kept)?, load_json(&report)?));
        }
        let newest = policies.last().context("there is no policy to begin with")?;
        let (policy, own, measured) =
            next_version(&self.setting, self.config, version, newest, reward_model, earlier)?;
        save_values(&weights, &policy)?;
        save_lines(&kept, &own)?;
        let truth = measure(&self.setting, &self.config.truth, &policy, Some(reward_model))?;
        println!("v{version}: {}", truth.summary());
        save_json(&stage.join("truth.json"), &truth)?;
        save_json(&report, &measured)?;
        Ok((policy, own, measured))
    }

    fn ppo(
        &self,
        name: &str,
        ppo: &super::config::PpoConfig,
        purpose: Purpose,
        initial: &[f32],
        reward_model: &RewardModel,
    ) -> Result<(Vec<f32>, PpoReport)> {
        let stage = self.stage(name);
        let (weights, report) = (stage.join("policy.bin"), stage.join("ppo.json"));
        if report.exists() {
            return Ok((load_values(&weights, self.parameters)?, load_json(&report)?));
        }
        let (policy, measured) = improve(&self.setting, self.config, ppo, purpose, initial, reward_model)?;
        save_values(&weights, &policy)?;
        save_json(&report, &measured)?;
        Ok((policy, measured))
    }

    /// Every stage by the same reward model, so that rewards can be compared.
    fn truth(
        &self,
        stages: &[StagePolicy],
        over_optimised: &StagePolicy,
        reward_model: &RewardModel,
    ) -> Result<Vec<(String, Truth)>> {
        let path = self.stage("truth.json");
        if path.exists() {
            return load_json(&path);
        }
        let mut truth = Vec::new();
        for stage in stages.iter().chain([over_optimised]) {
            let measured = measure(&self.setting, &self.config.truth, &stage.weights, Some(reward_model))?;
            println!("{}: {}", stage.id, measured.summary());
            truth.push((stage.id.clone(), measured));
        }
        save_json(&path, &truth)?;
        Ok(truth)
    }
}
