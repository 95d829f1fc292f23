//! The model card, from a manifest alone and from everything.

#![allow(clippy::unwrap_used, missing_docs)]

use std::path::Path;
use std::{env, fs};

use lab::card::{Bound, CardInputs, model_card, targets};
use lab::figures::{Amount, StageFile, measure_all};
use lab::lineage::config::LineageConfig;
use lab::lineage::course::Reports;
use lab::panel::rules_markdown;
use serde_json::json;
use thermostat::manifest::{Manifest, Stage};

fn models() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../www/models")
}

fn manifest() -> Manifest {
    let manifest: Manifest =
        serde_json::from_slice(&fs::read(models().join("manifest.json")).unwrap()).unwrap();
    let sft = manifest.stages.into_iter().find(|stage| stage.id == "sft").unwrap();
    Manifest { stages: vec![sft], ..Manifest::empty() }
}

/// Reports of a course that never ran.
fn reports() -> Reports {
    let accuracy = json!({"accuracy": 0.8, "pairs": 100});
    let kinds = json!({"creative": accuracy, "factual": accuracy});
    let bin =
        |predicted: f64, observed: f64| json!({"predicted": predicted, "observed": observed, "pairs": 9});
    let reward = json!({
        "version": 1, "comparisons": 9, "final_loss": 0.5, "scale": {"mean": 0.0, "deviation": 1.0}, "overall": accuracy,
        "by_rating": {"1 significantly better": accuracy}, "by_kind": kinds, "by_source": {"sampled": accuracy},
        "held_out": kinds, "agrees_with_oracle": kinds, "calibration": [bin(0.55, 0.6), bin(0.95, 0.9)],
    });
    let rejection = json!({
        "version": 1, "probed": [], "temperature": 1.2, "answers": 10, "final_loss": 1.0,
        "rewards": {"factual": {"all": 0.1, "kept": 1.0}},
    });
    let milestone = |step: u32, reward: f64, quality: f64| {
        let facts = json!({"strict": quality, "quality": quality, "reward": reward, "answers": 9});
        let poems = json!({
            "quality": quality, "rhymes": 0.5, "on_topic": 0.5, "whole": 0.5, "repeats": 0.5, "known_words": 1.0,
            "lines": 3.0, "commonest_opening": 0.1, "commonest_ending": 0.1, "commonest_line": 0.1,
            "reward": reward, "answers": 9,
        });
        let truth = json!({
            "facts": facts, "facts_held_out": facts, "poems": poems, "poems_held_out": poems, "likeness": [],
        });
        json!({"step": step, "kl": 0.5, "truth": truth})
    };
    let ppo = |last: f64| json!({"steps": [], "milestones": [milestone(0, 0.0, 0.7), milestone(10, 2.0, last)], "kept_step": 10});
    serde_json::from_value(json!({
        "reward_models": [reward], "rejection": [rejection], "ppo": ppo(0.9), "over_optimised": ppo(0.2), "truth": [],
    }))
    .unwrap()
}

#[test]
fn what_was_not_measured_is_said_to_be_missing() {
    let card = model_card(&CardInputs::of(manifest()));
    assert!(card.plots.is_empty());
    assert!(card.markdown.starts_with("---\nlanguage:"));
    assert!(card.markdown.contains("Not measured yet."));
    assert!(card.markdown.contains("thermostat-sft-q8_0.gguf"));
    assert!(!card.markdown.contains("!["), "a plot without numbers");
    // Only the size of the files is known.
    let known: Vec<_> =
        targets(&CardInputs::of(manifest())).into_iter().filter(|t| t.measured.is_some()).collect();
    assert_eq!((known.len(), known[0].is_reached()), (1, Some(true)));
}

#[test]
fn a_card_with_everything_shows_it_and_hides_no_failure() {
    let bytes = fs::read(models().join("thermostat-sft-q4_0.gguf")).unwrap();
    // SFT in the place of every stage: nothing can have risen.
    let stage = |id: &'static str| StageFile { id, file: "thermostat-sft-q4_0.gguf", bytes: &bytes };
    let stages = ["sft", "rlhf-v3", "rlhf-v5"].map(stage);
    let length = |answers: &[(&str, &str)]| Ok(answers.iter().map(|(_, text)| text.len() as f32).collect());
    let mut inputs = CardInputs::of(manifest());
    let sft = inputs.manifest.stages[0].clone();
    for id in ["rlhf-v3", "rlhf-v5"] {
        inputs.manifest.stages.push(Stage { id: id.to_owned(), label: id.to_owned(), ..sft.clone() });
    }
    inputs.runs = vec![measure_all(1, &stages, Some(&length), &Amount::smoke(), 2).unwrap()];
    inputs.course = Some((LineageConfig::default(), reports()));
    inputs.rules = rules_markdown();

    let hot = targets(&inputs).into_iter().find(|target| target.id == "facts-v5-hot").unwrap();
    assert_eq!((hot.measured, hot.is_reached()), (Some(0.0), Some(false)));
    for target in targets(&inputs) {
        assert!(target.measured.is_some(), "{}", target.id);
        // What must rise has not.
        assert!(
            !matches!(target.bound, Bound::Above(_)) || target.is_reached() == Some(false),
            "{}",
            target.id
        );
    }

    let card = model_card(&inputs);
    assert!(card.markdown.contains("**not reached**"));
    assert!(!card.markdown.contains("NaN"));
    assert_eq!(card, model_card(&inputs));
    for plot in &card.plots {
        let svg = plot.svg();
        assert!(!svg.contains("NaN") && !svg.contains("inf"), "{}", plot.name);
        assert!(card.markdown.contains(&format!("figures/{}.svg", plot.name)), "{}", plot.name);
    }
    assert_eq!(card.plots.len(), 7);
    // With a second seed there is something to say about seeds.
    assert!(card.markdown.contains("differences between seeds are not known"));
    inputs.runs.push(inputs.runs[0].clone());
    let card = model_card(&inputs);
    assert!(!card.markdown.contains("differences between seeds are not known"));
    assert!(card.markdown.contains("over 2 training seeds"));
    let strict = inputs.runs[0].quality[0].at(1.0).unwrap().strict;
    assert!(card.markdown.contains(&format!("{strict:.3} (0.000)")));
    assert!(card.markdown.contains("| 0.0 | 0.0; 0.0 | **not reached** |"));

    // For people who want to look at it.
    if let Ok(folder) = env::var("THERMOSTAT_CARD") {
        card.write(Path::new(&folder)).unwrap();
    }
}
