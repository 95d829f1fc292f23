//! Metrics against reference implementations, on the same tokens. The scripts that made the values are in
//! `tests/golden/`.
//!
//! Tolerance 1e-9: both sides compute in 64 bits, and differ only in the order of sums and products (1e-15 or so per
//! step; for the Vendi score, the eigenvalues near 0 carry the rounding of the whole matrix).

use serde::Deserialize;
use thermostat::metrics::{
    Tempered, bleu_against_others, effective_temperature, self_bleu, text_kernel, vendi_score,
};

const TOLERANCE: f64 = 1e-9;

#[derive(Deserialize)]
struct Golden<Case> {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct BleuCase {
    name: String,
    texts: Vec<Vec<String>>,
    each: Vec<f64>,
    mean: f64,
}

#[derive(Deserialize)]
struct VendiCase {
    name: String,
    texts: Vec<Vec<String>>,
    kernel_sum: f64,
    score: f64,
}

#[derive(Deserialize)]
struct TemperatureCase {
    name: String,
    logits: Vec<f32>,
    entropy: f64,
    tau: Option<f64>,
}

#[derive(Deserialize)]
struct TemperedCase {
    name: String,
    logits: Vec<f32>,
    temperature: f64,
    probabilities: Vec<f64>,
    entropy: f64,
}

#[test]
fn self_bleu_equals_nltk() {
    let golden: Golden<BleuCase> =
        serde_json::from_str(include_str!("golden/self_bleu.json")).expect("golden file");
    assert!(golden.cases.len() >= 20);
    for case in golden.cases {
        let each = bleu_against_others::<String>(&case.texts);
        assert_eq!(each.len(), case.each.len(), "{}", case.name);
        for (index, (ours, theirs)) in each.iter().zip(&case.each).enumerate() {
            assert!((ours - theirs).abs() < TOLERANCE, "{} text {index}: {ours} {theirs}", case.name);
        }
        let mean = self_bleu::<String>(&case.texts).expect("two texts");
        assert!((mean - case.mean).abs() < TOLERANCE, "{}: {mean} {}", case.name, case.mean);
    }
}

#[test]
fn vendi_score_equals_numpy() {
    let golden: Golden<VendiCase> =
        serde_json::from_str(include_str!("golden/vendi.json")).expect("golden file");
    assert!(golden.cases.len() >= 8);
    for case in golden.cases {
        let kernel_sum: f64 = text_kernel::<String>(&case.texts).iter().flatten().sum();
        assert!((kernel_sum - case.kernel_sum).abs() < TOLERANCE, "{}: {kernel_sum}", case.name);
        let score = vendi_score::<String>(&case.texts).expect("texts");
        assert!((score - case.score).abs() < TOLERANCE, "{}: {score} {}", case.name, case.score);
    }
}

/// The tolerance holds for tau's relative error also where the entropy is 1e-12: nothing cancels there.
#[test]
fn effective_temperature_equals_decimal_arithmetic() {
    let golden: Golden<TemperatureCase> =
        serde_json::from_str(include_str!("golden/effective_temperature.json")).expect("golden file");
    assert!(golden.cases.len() >= 25);
    for case in golden.cases {
        let tau = effective_temperature(&case.logits, case.entropy);
        let close = |(ours, theirs): (f64, f64)| (ours / theirs - 1.0).abs() < TOLERANCE;
        assert!(
            tau.is_some() == case.tau.is_some() && tau.zip(case.tau).is_none_or(close),
            "{} at {}: {tau:?} {:?}",
            case.name,
            case.entropy,
            case.tau
        );
    }
}

#[test]
fn distributions_at_a_temperature_equal_decimal_arithmetic() {
    let golden: Golden<TemperedCase> =
        serde_json::from_str(include_str!("golden/tempered.json")).expect("golden file");
    assert!(golden.cases.len() >= 35);
    for case in golden.cases {
        let at = format!("{} at {}", case.name, case.temperature);
        let tempered = Tempered::new(&case.logits, case.temperature).expect("a distribution");
        assert!((tempered.entropy() - case.entropy).abs() < TOLERANCE, "{at}: {}", tempered.entropy());
        for (token, expected) in case.probabilities.iter().enumerate() {
            let ours = tempered.probability(token);
            assert!((ours - expected).abs() < TOLERANCE, "{at}, token {token}: {ours} {expected}");
        }
    }
}
