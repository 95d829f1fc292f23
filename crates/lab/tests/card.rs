//! The model card, from a manifest alone and from everything.

#![allow(clippy::unwrap_used, missing_docs)]

use std::path::Path;
use std::{env, fs};

use lab::card::{Bound, CardInputs, CourseReports, model_card, targets};
use lab::figures::{Amount, StageFile, measure_all};
use lab::panel::rules_markdown;
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
fn reports() -> CourseReports {
    let folder = env::temp_dir().join(format!("thermostat-card-{}", std::process::id()));
    let accuracy = r#"{"accuracy": 0.8, "pairs": 100}"#;
    let by = |name: &str| format!(r#"{{"{name}": {accuracy}}}"#);
    let kinds = format!(r#"{{"creative": {accuracy}, "factual": {accuracy}}}"#);
    let reward = format!(
        r#"{{"version": 1, "comparisons": 9, "final_loss": 0.5, "scale": {{"mean": 0, "deviation": 1}}, "overall": {accuracy},
        "by_rating": {}, "by_kind": {kinds}, "by_source": {}, "held_out": {kinds}, "agrees_with_oracle": {kinds},
        "calibration": [{{"predicted": 0.55, "observed": 0.6, "pairs": 9}}, {{"predicted": 0.95, "observed": 0.9, "pairs": 9}}]}}"#,
        by("1 significantly better"),
        by("sampled")
    );
    let rejection = r#"{"version": 1, "probed": [], "temperature": 1.2, "answers": 10, "final_loss": 1.0,
        "rewards": {"factual": {"all": 0.1, "kept": 1.0}}}"#;
    let milestone = |step: u32, reward: f64, quality: f64| {
        let kind = format!(r#"{{"quality": {quality}, "reward": {reward}}}"#);
        format!(r#"{{"step": {step}, "kl": 0.5, "truth": {{"facts": {kind}, "poems": {kind}}}}}"#)
    };
    let ppo = |last: f64| {
        let ends = [milestone(0, 0.0, 0.7), milestone(10, 2.0, last)].join(",");
        format!(r#"{{"steps": [], "milestones": [{ends}], "kept_step": 10}}"#)
    };
    let write = |path: &str, text: &str| {
        fs::create_dir_all(folder.join(path).parent().unwrap()).unwrap();
        fs::write(folder.join(path), text).unwrap();
    };
    write("config.json", r#"{"seed": 1, "ppo": {"kl_weight": 0.05}}"#);
    write("v1/reward.json", &reward);
    write("v1/rejection.json", rejection);
    write("v2/ppo.json", &ppo(0.9));
    write("over-optimised/ppo.json", &ppo(0.2));
    let reports = CourseReports::read(&folder).unwrap();
    fs::remove_dir_all(&folder).unwrap();
    reports
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
    inputs.course = Some(reports());
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
    // For people who want to look at it.
    if let Ok(folder) = env::var("THERMOSTAT_CARD") {
        card.write(Path::new(&folder)).unwrap();
    }
}
