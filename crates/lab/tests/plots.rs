//! Charts as they were looked at and found good. After a change that is meant, run with `THERMOSTAT_SNAPSHOTS=write`,
//! open the files in a browser, and commit them.

#![allow(clippy::unwrap_used, missing_docs)]

use std::path::Path;
use std::{env, fs};

use lab::plots::{Axis, Chart, Mark, Panel, Point};

fn matches_snapshot(chart: &Chart) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots");
    let path = folder.join(format!("{}.svg", chart.name));
    let svg = chart.svg();
    if env::var("THERMOSTAT_SNAPSHOTS").is_ok_and(|what| what == "write") {
        fs::write(&path, &svg).unwrap();
    }
    let known = fs::read_to_string(&path).unwrap_or_default();
    assert!(svg == known, "{} is drawn in another way than before", chart.name);
}

fn names() -> Vec<String> {
    ["SFT", "RLHF v1", "RLHF v2", "RLHF v3", "RLHF v4", "RLHF v5", "over-optimised"]
        .map(str::to_owned)
        .to_vec()
}

#[test]
fn lines_with_bands() {
    let curve = |series: usize, fall: f64| Mark::Line {
        series,
        points: (1..=15)
            .map(|tenths| {
                let x = f64::from(tenths) / 10.0;
                Point { x, y: 97.0 - fall * x * x, deviation: 4.0 + series as f64 }
            })
            .collect(),
    };
    let panel = |title: &str, steepness: f64| {
        let marks: Vec<Mark> = (0..6).map(|s| curve(s, steepness / (s as f64 + 1.0))).collect();
        Panel {
            title: title.to_owned(),
            x: Axis::new("temperature", 0.0, 1.5),
            y: Axis::new("Self-BLEU × 100", 0.0, 100.0),
            marks,
        }
    };
    matches_snapshot(&Chart {
        name: "lines".to_owned(),
        title: "Made-up curves".to_owned(),
        description: "Falling curves with bands.".to_owned(),
        panels: vec![panel("Facts", 30.0), panel("Poems", 40.0)],
        series: names()[..6].to_vec(),
    });
}

#[test]
fn histograms_and_a_guide() {
    let edges: Vec<f64> = (-12..=12).map(|edge| f64::from(edge) * 0.25).collect();
    let counts = |shift: i32| -> Vec<u32> {
        (-12..12).map(|bin: i32| (100 - (bin - shift).pow(2) * 3).max(0) as u32).collect()
    };
    let marks: Vec<Mark> = (0..3).map(|s| Mark::shares(s, &edges, &counts(s as i32 * 3 - 3))).collect();
    let scores = Panel {
        title: "Rewards".to_owned(),
        x: Axis::new("reward, standard deviations", -3.0, 3.0),
        y: Axis::around("share of answers, %", &marks),
        marks,
    };
    let line = Mark::Line {
        series: 0,
        points: (5..=10).map(|i| Point::new(f64::from(i) / 10.0, 0.05 + f64::from(i) * 0.09)).collect(),
    };
    let calibration = Panel {
        title: "Calibration".to_owned(),
        x: Axis::new("predicted", 0.5, 1.0),
        y: Axis::new("observed", 0.4, 1.0),
        marks: vec![Mark::Guide { from: (0.5, 0.5), to: (1.0, 1.0) }, line],
    };
    matches_snapshot(&Chart {
        name: "histograms".to_owned(),
        title: "Made-up distributions".to_owned(),
        description: "Three histograms, and a curve beside a diagonal.".to_owned(),
        panels: vec![scores, calibration],
        series: names()[..3].to_vec(),
    });
}
