//! The engine against two independent programs: a numpy decoder in 64-bit floats on the unpacked weights, and llama.cpp
//! on the same file. The numbers were written by `tests/golden/reference_logits.py`.

#![cfg(feature = "engine")]
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::path::Path;
use std::rc::Rc;

use serde::Deserialize;
use thermostat::engine::{LoadedModel, Run, block_on, device};
use thermostat::gguf::{Gguf, TensorType, converted};
use thermostat::model::made_up::{Shape, made_up_model};
use thermostat::protocol::{GenerateJob, RowSpec};
use thermostat::units::{Temperature, Truncation};

/// Largest difference from the numpy decoder, relative to the largest logit at the position: the engine computes in
/// 32-bit floats (unit roundoff 6e-8), and a logit is a sum over a few thousand products in each of a few blocks.
/// About 1e-6 is measured; a wrong norm, rotation or mask is off by 0.1 and more.
const REFERENCE_TOLERANCE: f64 = 1e-4;

/// As [`REFERENCE_TOLERANCE`], with Q8_0 and Q4_0 weights: before each product activations are rounded to 16 bits per block of
/// 32, by up to 1.6e-5 of the block's largest. That is 2e-5 of a product's deviation, as a root mean square, and some 24
/// products one after the other make 1e-4 of it; the largest of some thousand logits is three to four deviations, and the
/// largest error too. Up to 1.5e-4 is measured. (llama.cpp, which rounds to 8 bits, differs by 0.02 to 0.03.)
const QUANTIZED_TOLERANCE: f64 = 4e-4;

/// Largest difference from llama.cpp with F16 weights, for logits of deviation near 1 to 3. Its kernel rounds every
/// activation to F16 (relative 5e-4) before each product; on the stored logits 0.004 is measured for the made-up models and
/// 0.006 for the trained one (of all its 98,304 logits three are beyond 0.01, by up to 0.0104; rounding explains them).
const F16_TOLERANCE: f64 = 0.01;

/// How much more than rounding explains llama.cpp may differ, as root mean squares, with Q8_0 and Q4_0 weights. Its kernels
/// round activations to 8 bits per block of 32 before each product, the engine to 16; the script computes what that
/// alone does to the logits (0.06 at a deviation of 2.8). Half as much again is for chance: the errors of the few positions
/// that are stored go together, and which way a value is rounded hangs on its last digit.
const QUANTIZED_EXCESS: f64 = 1.5;

/// Largest difference from llama.cpp with F32 weights, where llama.cpp rounds nothing: only the order of sums differs.
const F32_TOLERANCE: f64 = 1e-4;

#[derive(Deserialize)]
struct Golden {
    greedy_tokens: u32,
    models: Vec<Entry>,
}

/// One file.
#[derive(Deserialize)]
struct Entry {
    /// The format of the made-up model, if it is that.
    made_up: Option<String>,
    /// Whether that has an output matrix of its own.
    #[serde(default)]
    untied: bool,
    /// The path in the repository, if it is another one.
    file: Option<String>,
    /// The format that this file is first converted to, if it is.
    converted_to: Option<String>,
    sha256: String,
    sequence: Vec<u32>,
    /// Of the vocabulary every so manieth logit is stored.
    token_step: usize,
    positions: Vec<Position>,
    measured: Measured,
    answers: Vec<Answer>,
}

#[derive(Deserialize)]
struct Position {
    at: usize,
    reference: Vec<f64>,
    llama_cpp: Vec<f64>,
}

#[derive(Deserialize)]
struct Measured {
    logit_deviation: f64,
    /// What rounding does to the stored logits.
    rounding_rms_stored: f64,
}

#[derive(Deserialize)]
struct Answer {
    prompt: String,
    prompt_tokens: Vec<u32>,
    reference: Vec<u32>,
    llama_cpp: Vec<u32>,
    llama_cpp_text: String,
}

fn golden(name: &str) -> Golden {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    let text = std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{}: {error}; it is part of the repository", path.display()));
    serde_json::from_str(&text).unwrap()
}

fn kind(name: &str) -> TensorType {
    match name {
        "F32" => TensorType::F32,
        "F16" => TensorType::F16,
        "Q8_0" => TensorType::Q8_0,
        "Q4_0" => TensorType::Q4_0,
        other => panic!("{other} is no format"),
    }
}

impl Entry {
    fn name(&self) -> String {
        let mut name = self.made_up.clone().or(self.file.clone()).unwrap();
        if self.untied {
            name += ", untied";
        }
        if let Some(format) = &self.converted_to {
            name += &format!(" as {format}");
        }
        name
    }

    fn bytes(&self) -> Vec<u8> {
        if let Some(format) = &self.made_up {
            let shape = if self.untied { Shape::TINY_UNTIED } else { Shape::TINY };
            return made_up_model(shape, kind(format)).unwrap();
        }
        let file = self.file.as_ref().expect("an entry has a model");
        let bytes = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap();
        match &self.converted_to {
            Some(format) => converted(&Gguf::parse(bytes).unwrap(), kind(format)).unwrap(),
            None => bytes,
        }
    }

    fn load(&self) -> Rc<LoadedModel> {
        let model = LoadedModel::load("reference", self.bytes(), None, &device::cpu()).unwrap();
        assert_eq!(
            model.info.sha256,
            self.sha256,
            "{} has changed since its reference was computed: run tests/golden/reference_logits.py as its head says",
            self.name()
        );
        Rc::new(model)
    }
}

/// Differences of the engine's logits from the stored ones, position by position: the largest relative one from the
/// reference, then the largest and the root mean square from llama.cpp.
fn differences(model: &LoadedModel, entry: &Entry) -> (f64, f64, f64) {
    let logits = model.decoder.all_logits(&entry.sequence).unwrap();
    let vocabulary = model.decoder.config().vocabulary;
    let logits = block_on(logits.read()).unwrap();
    let (mut from_reference, mut largest, mut squares, mut compared) = (0.0_f64, 0.0_f64, 0.0, 0);
    for position in &entry.positions {
        let row = &logits[position.at * vocabulary..][..vocabulary];
        let ours: Vec<f64> = row.iter().step_by(entry.token_step).map(|&l| f64::from(l)).collect();
        assert_eq!((ours.len(), ours.len()), (position.reference.len(), position.llama_cpp.len()));
        let scale = position.reference.iter().fold(0.0_f64, |most, l| most.max(l.abs()));
        for ((a, b), c) in ours.iter().zip(&position.reference).zip(&position.llama_cpp) {
            assert!(a.is_finite());
            from_reference = from_reference.max((a - b).abs() / scale);
            largest = largest.max((a - c).abs());
            squares += (a - c) * (a - c);
            compared += 1;
        }
    }
    (from_reference, largest, (squares / f64::from(compared)).sqrt())
}

/// The greedy answer to a prompt in the chat template.
fn greedy(model: &Rc<LoadedModel>, prompt: &str, most: u32) -> (Vec<u32>, String) {
    let row =
        RowSpec { row: 0, seed: 0, temperature: Temperature::Greedy, truncation: Truncation::default() };
    let job = GenerateJob {
        model: String::new(),
        prompt: prompt.to_owned(),
        chat: true,
        rows: vec![row],
        max_new_tokens: most,
        patient: false,
    };
    let mut run = Run::start(model.clone(), &job).unwrap();
    let mut tokens = Vec::new();
    while !run.is_done() {
        for delta in block_on(run.step()).unwrap() {
            tokens.extend(delta.tokens.iter().map(|t| t.id).filter(|&t| !model.tokenizer.is_end(t)));
        }
    }
    let text = model.tokenizer.decode(&tokens);
    (tokens, text)
}

fn check(golden: &Golden, entry: &Entry) {
    let name = entry.name();
    let model = entry.load();
    let (from_reference, largest, rms) = differences(&model, entry);
    let deviation = entry.measured.logit_deviation;
    eprintln!(
        "{name}: {from_reference:.1e} relative from numpy; {largest:.4} at most and {rms:.4} rms from llama.cpp, at a \
         deviation of {deviation:.2}"
    );
    let exact = match model.info.quantization.as_str() {
        "F32" => Some(F32_TOLERANCE),
        "F16" => Some(F16_TOLERANCE),
        _ => None,
    };
    let allowed = if exact.is_some() { REFERENCE_TOLERANCE } else { QUANTIZED_TOLERANCE };
    assert!(from_reference <= allowed, "{name}: {from_reference:.1e} from the reference");
    match exact {
        Some(tolerance) => assert!(largest <= tolerance, "{name}: {largest} from llama.cpp"),
        None => {
            let explained = entry.measured.rounding_rms_stored;
            assert!(
                rms <= QUANTIZED_EXCESS * explained,
                "{name}: rms {rms} from llama.cpp, of which rounding explains {explained}"
            );
        }
    }
    assert_eq!(entry.answers.len(), 2, "{name}");
    for answer in &entry.answers {
        let dressed = model.tokenizer.chat_prompt(&answer.prompt).unwrap();
        assert_eq!(dressed, answer.prompt_tokens, "{name}: tokens of the prompt, as llama.cpp makes them");
        let (tokens, text) = greedy(&model, &answer.prompt, golden.greedy_tokens);
        assert_eq!(tokens, answer.reference, "{name}: greedy answer to {:?}", answer.prompt);
        if exact.is_some() {
            assert_eq!(tokens, answer.llama_cpp, "{name}: llama.cpp's greedy answer to {:?}", answer.prompt);
            assert_eq!(text, answer.llama_cpp_text, "{name}: text of the answer");
        }
    }
}

#[test]
fn made_up_models_agree_with_numpy_and_llama_cpp() {
    let golden = golden("reference_made_up.json");
    let names: Vec<_> = golden.models.iter().map(Entry::name).collect();
    assert_eq!(names, ["F32", "F16", "Q8_0", "Q4_0", "F16, untied", "Q8_0, untied"]);
    golden.models.iter().for_each(|entry| check(&golden, entry));
}

#[test]
fn the_trained_models_agree_with_numpy_and_llama_cpp() {
    let golden = golden("reference_trained.json");
    let names: Vec<_> = golden.models.iter().map(Entry::name).collect();
    let (q8_0, q4_0) = ("www/models/thermostat-sft-q8_0.gguf", "www/models/thermostat-sft-q4_0.gguf");
    assert_eq!(names, [q8_0, q4_0, &format!("{q8_0} as F16")]);
    golden.models.iter().for_each(|entry| check(&golden, entry));
}
