//! `cargo xtask lighthouse`: four scores of the built page, as Lighthouse's mobile preset gives them.
//!
//! The preset imitates a phone: a processor that is four times slower and a slow network. Performance varies from run to run, most of
//! all where a machine does other work, so several runs are made and the median counts.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use clap::Args;
use serde_json::Value;
use xtask::server::{self, Answer};
use xtask::shell::{run, target_folder};
use xtask::tools::{self, CHROME_ARGUMENTS};

use crate::build;
use crate::setup::{self, Purpose};

/// Categories, and the least that each should score.
const CATEGORIES: [(&str, f64); 4] =
    [("performance", 0.95), ("accessibility", 1.0), ("best-practices", 1.0), ("seo", 1.0)];
/// Measures of performance that are printed.
const MEASURES: [&str; 5] = [
    "first-contentful-paint",
    "largest-contentful-paint",
    "total-blocking-time",
    "cumulative-layout-shift",
    "speed-index",
];

/// What to audit.
#[derive(Debug, Args)]
pub struct Options {
    /// How often.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
    /// Audit what was built before.
    #[arg(long)]
    skip_build: bool,
    #[command(flatten)]
    build: build::Options,
}

/// Audits and prints.
///
/// # Errors
/// When the build or Lighthouse fails, or a score is below what it should be.
pub fn lighthouse(options: &Options) -> Result<()> {
    setup::run(Purpose::Measure, options.build.wasm_from, false)?;
    setup::lighthouse()?;
    if !options.skip_build {
        build::build(options.build)?;
    }
    let dist = options.build.dist();
    if !dist.join("index.html").exists() {
        bail!("{} holds no page. Leave out --skip-build.", dist.display());
    }
    let server = server::start(dist, server::listen(0)?, Box::new(|_| Answer::File))?;
    let folder = target_folder().join("lighthouse");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let mut reports = Vec::new();
    for round in 1..=options.rounds {
        let path = folder.join(format!("round-{round}.json"));
        audit(&server.url, &path)?;
        let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        reports.push(serde_json::from_slice::<Value>(&bytes)?);
    }
    println!("{}", table(&reports));
    for complaint in complaints(&reports) {
        println!("   {complaint}");
    }
    let low: Vec<&str> = (CATEGORIES.into_iter())
        .filter(|(name, least)| median(scores(&reports, name)) < *least)
        .map(|(name, _)| name)
        .collect();
    if low.is_empty() {
        return Ok(());
    }
    bail!("below what they should be: {}. The reports are in {}.", low.join(", "), folder.display())
}

fn audit(url: &str, report: &Path) -> Result<()> {
    let chrome = tools::chrome().context("no Chromium found. Run `cargo xtask setup`, or set CHROME.")?;
    let mut command = Command::new("node");
    command.arg(tools::lighthouse()?.join("node_modules/lighthouse/cli/index.js")).arg(url);
    command.args(["--quiet", "--output=json", "--form-factor=mobile"]);
    command.arg(format!("--output-path={}", report.display()));
    command.arg(format!("--only-categories={}", CATEGORIES.map(|(name, _)| name).join(",")));
    command.arg(format!("--chrome-flags={}", CHROME_ARGUMENTS.join(" ")));
    command.env("CHROME_PATH", chrome);
    run("lighthouse", &mut command, "What failed is named above.")
}

/// A line for each category and each measure: every round, and the median.
fn table(reports: &[Value]) -> String {
    let line = |name: &str, values: Vec<f64>, scale: f64, unit: &str| {
        let each: Vec<String> = values.iter().map(|value| format!("{:.2}", value * scale)).collect();
        format!("{name:>26}: {:8.2}{unit}  ({})", median(values) * scale, each.join(", "))
    };
    let categories = CATEGORIES.map(|(name, _)| line(name, scores(reports, name), 100.0, ""));
    let measures = MEASURES.map(|name| {
        let values = reports.iter().filter_map(|report| report["audits"][name]["numericValue"].as_f64());
        line(name, values.collect(), 1.0, if name.ends_with("shift") { "" } else { " ms" })
    });
    categories.into_iter().chain(measures).collect::<Vec<_>>().join("\n")
}

/// A category's scores, 0 to 1, one for each report; 0 where it has none.
fn scores(reports: &[Value], category: &str) -> Vec<f64> {
    reports.iter().map(|report| report["categories"][category]["score"].as_f64().unwrap_or(0.0)).collect()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// What the last report would have better, where it counts.
fn complaints(reports: &[Value]) -> Vec<String> {
    let Some(report) = reports.last() else { return Vec::new() };
    let mut found = Vec::new();
    for (category, _) in CATEGORIES {
        for reference in report["categories"][category]["auditRefs"].as_array().into_iter().flatten() {
            let audit = &report["audits"][reference["id"].as_str().unwrap_or_default()];
            let counts = reference["weight"].as_f64().is_some_and(|weight| weight > 0.0);
            if let Some(score) = audit["score"].as_f64().filter(|score| counts && *score < 0.9) {
                let value = audit["displayValue"].as_str().unwrap_or_default();
                let title = audit["title"].as_str().unwrap_or_default();
                found.push(format!("{category}, {:.0}: {title} {value}", score * 100.0));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn report(performance: f64) -> Value {
        json!({
            "categories": {
                "performance": { "score": performance, "auditRefs": [
                    { "id": "slow", "weight": 10 }, { "id": "unweighed", "weight": 0 }, { "id": "fine", "weight": 1 }] },
                "accessibility": { "score": 1 }, "best-practices": { "score": 1 } },
            "audits": {
                "slow": { "score": 0.4, "title": "Slow", "displayValue": "9 s" },
                "unweighed": { "score": 0, "title": "Never mind" }, "fine": { "score": 0.95, "title": "Fine" },
                "speed-index": { "numericValue": 1200.0 } },
        })
    }

    #[test]
    fn the_median_counts_and_a_missing_score_is_none() {
        let reports = [report(0.9), report(0.99), report(0.97)];
        assert_eq!(median(scores(&reports, "performance")), 0.97);
        assert_eq!(scores(&reports, "seo"), [0.0; 3]);
        assert!(table(&reports).contains("speed-index:  1200.00 ms"), "{}", table(&reports));
    }

    #[test]
    fn what_counts_and_is_not_good_is_named() {
        assert_eq!(complaints(&[report(0.9)]), ["performance, 40: Slow 9 s"]);
        assert!(complaints(&[]).is_empty());
    }
}
