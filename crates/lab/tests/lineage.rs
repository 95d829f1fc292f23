//! All stages of the lineage on a tiny model: each leaves its files, a course that is cut goes on where it was, and what
//! should fall falls.

#![allow(clippy::unwrap_used, missing_docs)]

use std::fs;
use std::path::{Path, PathBuf};

use lab::config::SftConfig;
use lab::lineage::config::LineageConfig;
use lab::lineage::course::{self, Lineage};
use lab::lineage::store::load_lines;
use lab::panel::Comparison;
use lab::sft::{RunOptions, Trained, train};

/// A folder of this test's own, removed before and after.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("thermostat-lineage-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn tiny_sft(folder: &Folder) -> Trained {
    let options = RunOptions { out: folder.0.join("sft"), resume: false, threads: 2, pause_after: None };
    train(&SftConfig::smoke(), &options).unwrap()
}

fn weights(lineage: &Lineage) -> Vec<Vec<f32>> {
    let all = lineage.stages.iter().chain([&lineage.over_optimised]);
    all.map(|stage| stage.weights.clone()).collect()
}

/// Mean of `-ln sigmoid(-margin)` over comparisons: the loss of a model that gives every answer the same score.
fn loss_of_equal_scores(comparisons: &Path) -> f64 {
    let comparisons: Vec<Comparison> = load_lines(comparisons).unwrap();
    let losses = comparisons.iter().map(|c| c.rating.margin_small().exp().ln_1p());
    losses.sum::<f64>() / comparisons.len() as f64
}

#[test]
fn every_stage_runs_resumes_and_learns() {
    let folder = Folder::new("course");
    let sft = tiny_sft(&folder);
    let config = LineageConfig::smoke();
    let out = folder.0.join("lineage");
    let first = course::run(&sft, &config, &out, 2).unwrap();

    let ids: Vec<&str> = first.stages.iter().map(|stage| stage.id.as_str()).collect();
    assert_eq!(ids, ["sft", "rlhf-v1", "rlhf-v2"]);
    assert_eq!(first.over_optimised.id, "over-optimised");
    assert_ne!(first.stages[0].weights, first.stages[1].weights);
    assert!(weights(&first).iter().flatten().all(|w| w.is_finite()));
    // The truth of every stage and of the over-optimised policy is told.
    assert_eq!(first.reports.truth.len(), 4);
    // The reward models' losses have fallen from where all scores are equal.
    assert_eq!(first.reports.reward_models.len(), 2);
    for (version, report) in ["v1", "v2"].iter().zip(&first.reports.reward_models) {
        let unlearned = loss_of_equal_scores(&out.join(version).join("comparisons-train.jsonl"));
        let learned = report.final_loss;
        assert!(learned < 0.9 * unlearned, "{version}: {learned}, and {unlearned} without any learning");
    }

    // A finished course gives the same again without training anything.
    let again = course::run(&sft, &config, &out, 1).unwrap();
    assert_eq!(weights(&again), weights(&first));
    let reports = |lineage: &Lineage| serde_json::to_value(&lineage.reports).unwrap();
    assert_eq!(reports(&again), reports(&first));

    // Cut in the middle: what is missing is made again, to the same numbers, on another number of threads.
    fs::remove_dir_all(out.join("v2")).unwrap();
    fs::remove_dir_all(out.join("over-optimised")).unwrap();
    fs::remove_file(out.join("truth.json")).unwrap();
    let resumed = course::run(&sft, &config, &out, 1).unwrap();
    assert_eq!(weights(&resumed), weights(&first));

    // Another configuration does not go into the same folder.
    let other = LineageConfig { seed: 2, ..config };
    let error = course::run(&sft, &other, &out, 1).unwrap_err().to_string();
    assert!(error.contains("another folder"), "{error}");
}
