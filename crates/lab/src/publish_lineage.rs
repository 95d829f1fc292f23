//! From a finished lineage to what the page and its readers get: files, manifest, recorded curves, results.
//!
//! 1. Export every stage after SFT as Q4_0, the reward model as Q8_0.
//! 2. Measure the files: all figures, and what quantization costs.
//! 3. Write the manifest, `recorded.json` (what the page draws), `results.json` (everything), and configurations.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use thermostat::gguf::TensorType;
use thermostat::manifest::Stage;

use crate::answers::Answerer;
use crate::corpus::Kind;
use crate::evaluate::{Evaluation, EvaluationSize, evaluate};
use crate::export::{Exported, Section, add_metrics, enter, entered, exported, reward_gguf};
use crate::figures::{Amount, FigureSet, StageFile, measure_all, recorded_experiment};
use crate::lineage::config::LineageConfig;
use crate::lineage::course::{Lineage, Reports, StagePolicy};
use crate::lineage::setting::Setting;
use crate::lineage::store::save_json;
use crate::publish::{today, working_commit};
use crate::sft::Trained;
use crate::step::Workers;

/// Everything that was measured of a lineage.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LineageResults {
    /// How it was trained after SFT.
    pub config: LineageConfig,
    /// What was measured on the way, on unquantized weights.
    pub reports: Reports,
    /// The published files of all stages, SFT first; the over-optimised one last.
    pub figures: FigureSet,
    /// What block formats cost.
    pub quantization: Vec<Quantized>,
}

/// One stage in one format.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Quantized {
    /// Stage.
    pub id: String,
    /// `F32`, `Q8_0` or `Q4_0`.
    pub format: String,
    /// Size of the file, bytes.
    pub size_bytes: u64,
    /// What the file answers.
    pub evaluation: Evaluation,
}

/// What is published and where.
#[derive(Debug, Clone)]
pub struct LineageOptions {
    /// Folder of the models and their manifest.
    pub models: PathBuf,
    /// Folder of configurations and results.
    pub results: PathBuf,
    /// Threads.
    pub threads: usize,
    /// Size of the figures.
    pub amount: Amount,
    /// Size of the comparison of block formats.
    pub formats: EvaluationSize,
}

/// Exports, measures and publishes a lineage.
///
/// # Errors
/// Folders that cannot be written; files that the engine refuses.
pub fn publish_lineage(
    sft: &Trained,
    lineage: &Lineage,
    config: &LineageConfig,
    options: &LineageOptions,
) -> Result<LineageResults> {
    // 1. Export.
    let trained = |stage: &StagePolicy| {
        let mut trained = sft.clone();
        trained.checkpoint.weights = stage.weights.clone();
        trained
    };
    let stages: Vec<&StagePolicy> = lineage.stages.iter().chain([&lineage.over_optimised]).collect();
    let files: Vec<Exported> = stages
        .iter()
        .map(|stage| exported(&trained(stage), &stage.id, &title(&stage.id), TensorType::Q4_0))
        .collect::<Result<_>>()?;
    let stage_files: Vec<StageFile<'_>> = stages
        .iter()
        .zip(&files)
        .map(|(stage, file)| StageFile { id: &stage.id, file: &file.entry.file, bytes: &file.bytes })
        .collect();

    // 2. Measure.
    let results = measure(sft, lineage, config, options, &stage_files, &trained)?;

    // 3. Write down.
    let (commit, today) = (working_commit(), today());
    let about = |id: &str, file: &Exported, metrics: serde_json::Value| -> Result<Stage> {
        Ok(Stage {
            id: id.to_owned(),
            label: label(id),
            summary: summary(id).to_owned(),
            files: vec![file.entry.clone()],
            parameters: sft.checkpoint.weights.len() as u64,
            commit: commit.clone(),
            trained_on: today.clone(),
            config: serde_json::to_value(config)?,
            metrics,
        })
    };
    for ((stage, file), figure) in stages.iter().zip(&files).zip(&results.figures.figure_21) {
        let truth = results.reports.truth.iter().find(|(id, _)| *id == stage.id).map(|(_, truth)| truth);
        let over_optimised = stage.id == lineage.over_optimised.id;
        let section = if over_optimised { Section::Demonstrations } else { Section::Stages };
        let measured = serde_json::json!({
            "truth": truth,
            "self_bleu_at_1": {
                "factual": figure.page.at(Kind::Factual, 1.0).map(|p| p.self_bleu.mean),
                "creative": figure.page.at(Kind::Creative, 1.0).map(|p| p.self_bleu.mean),
            },
        });
        if stage.id == "sft" {
            // Its files and its own numbers are published already.
            add_metrics(&options.models, &stage.id, measured)?;
        } else {
            enter(&options.models, section, about(&stage.id, file, measured)?, std::slice::from_ref(file))?;
        }
    }
    let mut judge = sft.clone();
    let (weights, head) = lineage.reward_model.values.split_at(sft.checkpoint.weights.len());
    judge.checkpoint.weights = weights.to_vec();
    let bytes = reward_gguf(&judge, head, lineage.reward_model.scale, TensorType::Q8_0)?;
    let file = entered("reward", "Q8_0", bytes);
    let metrics = serde_json::to_value(results.reports.reward_models.last())?;
    enter(
        &options.models,
        Section::RewardModel,
        about("reward", &file, metrics)?,
        std::slice::from_ref(&file),
    )?;
    let regular = &results.figures.figure_21[..lineage.stages.len()];
    let recorded = recorded_experiment(regular, &today, &commit).context("no stage was measured")?;
    save_json(&options.models.join("recorded.json"), &recorded)?;
    write_results(&options.results, config, &results)?;
    Ok(results)
}

/// The figures of all published files, and what block formats cost the first and the last stage.
fn measure(
    sft: &Trained,
    lineage: &Lineage,
    config: &LineageConfig,
    options: &LineageOptions,
    files: &[StageFile<'_>],
    trained: &dyn Fn(&StagePolicy) -> Trained,
) -> Result<LineageResults> {
    let setting = Setting::new(&sft.vocabulary, &sft.config.shape, config, options.threads)?;
    let score = |answers: &[(&str, &str)]| -> Result<Vec<f32>> {
        let mut workers = Workers::new(&setting.shape, setting.threads);
        let scores = lineage.reward_model.scores(&setting, &mut workers, answers)?;
        Ok(scores.into_iter().map(|s| lineage.reward_model.scale.whiten(s)).collect())
    };
    let figures = measure_all(config.seed, files, Some(&score), &options.amount, options.threads)?;
    let mut quantization = Vec::new();
    for stage in lineage.stages.iter().take(1).chain(lineage.stages.last()) {
        for kind in [TensorType::F32, TensorType::Q8_0, TensorType::Q4_0] {
            let file = exported(&trained(stage), &stage.id, &title(&stage.id), kind)?;
            println!("measuring {} as {}", stage.id, file.entry.quantization);
            quantization.push(Quantized {
                id: stage.id.clone(),
                format: file.entry.quantization.clone(),
                size_bytes: file.entry.size_bytes,
                evaluation: evaluate(&Answerer::load(file.bytes)?, options.formats)?,
            });
        }
    }
    Ok(LineageResults { config: config.clone(), reports: lineage.reports.clone(), figures, quantization })
}

fn write_results(folder: &Path, config: &LineageConfig, results: &LineageResults) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
    save_json(&folder.join("config.json"), config)?;
    save_json(&folder.join("results.json"), results)
}

/// The name for visitors.
fn label(id: &str) -> String {
    match id.strip_prefix("rlhf-v") {
        Some(number) => format!("RLHF v{number}"),
        None if id == "sft" => "SFT".to_owned(),
        None if id == "reward" => "Reward model".to_owned(),
        None => "Over-optimised".to_owned(),
    }
}

/// The name in the file.
fn title(id: &str) -> String {
    format!("Thermostat {}", label(id))
}

/// One sentence on how a stage was trained.
fn summary(id: &str) -> &'static str {
    match id {
        "rlhf-v5" => {
            "RLHF v4, improved further by policy gradient (PPO) against the reward model, on a leash to v4."
        }
        "reward" => "Scores an answer; trained on comparisons by the simulated panel.",
        "over-optimised" => {
            "Deliberately spoilt: PPO without the leash, to show what a policy does to a reward model."
        }
        _ => {
            "Fine-tuned on the best of many sampled answers by reward, mixed with the best of earlier versions."
        }
    }
}
