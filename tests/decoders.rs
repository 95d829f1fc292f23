//! The decoder in plain memory against the one in burn's tensors, on burn's own CPU backend: two programs that share no
//! arithmetic.
//!
//! `cargo test --features flex --test decoders`

#![cfg(feature = "flex")]
#![allow(clippy::unwrap_used, missing_docs)]

use std::path::Path;
use std::rc::Rc;

use burn::tensor::Device;
use thermostat::engine::device::{Chosen, cpu};
use thermostat::engine::{Budget, LoadedModel, Run, block_on, score};
use thermostat::gguf::TensorType;
use thermostat::model::made_up::{Shape, made_up_model};
use thermostat::model::{Place, WeightFormat};
use thermostat::protocol::{GenerateJob, RowSpec, ScoreJob};
use thermostat::units::{Temperature, TokenId, Truncation};

/// Largest difference, relative to the largest logit, with weights that are not quantized: sums in another order.
const FLOAT_TOLERANCE: f32 = 1e-5;

/// As [`FLOAT_TOLERANCE`], with quantized weights, where activations are rounded to 16 bits; see `tests/reference.rs`.
const QUANTIZED_TOLERANCE: f32 = 4e-4;

/// The same file in both places.
fn both(file: &[u8]) -> [LoadedModel; 2] {
    let tensors =
        Chosen { place: Place::Tensor { device: Device::flex(), keep: WeightFormat::Dense }, ..cpu() };
    [cpu(), tensors].map(|chosen| LoadedModel::load("test", file.to_vec(), None, &chosen).unwrap())
}

fn largest(values: &[f32]) -> f32 {
    values.iter().fold(0.0, |most, value| most.max(value.abs()))
}

fn compare(what: &str, host: &[f32], tensor: &[f32], tolerance: f32) {
    assert_eq!(host.len(), tensor.len(), "{what}");
    let difference = host.iter().zip(tensor).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    let relative = difference / largest(tensor);
    eprintln!("{what}: {relative:.1e}");
    assert!(relative <= tolerance, "{what}: {relative:.1e}");
}

/// A text read at once, and rows after a prompt of which some stop.
fn logits(model: &LoadedModel, prompt: &[u32]) -> [Vec<f32>; 2] {
    let decoder = &model.decoder;
    let whole = block_on(decoder.all_logits(prompt).unwrap().read()).unwrap();
    let (prefix, first) = decoder.prefill(prompt).unwrap();
    let mut own = decoder.row_cache(&prefix, 5).unwrap();
    let mut live = vec![0, 1, 2, 3, 4];
    let mut stepped = block_on(first.read()).unwrap();
    for step in 0..40 {
        if step == 7 || step == 20 {
            let kept = [2, 0, 1];
            own.keep(&kept[..live.len() - 2]);
            live = kept[..live.len() - 2].iter().map(|&index| live[index]).collect();
        }
        let tokens: Vec<u32> = live.iter().map(|row| (row * 37 + step * 11) % 250).collect();
        let logits = decoder.decode_step(&mut own, &tokens).unwrap();
        stepped.extend(block_on(logits.read()).unwrap());
    }
    [whole, stepped]
}

fn agree(what: &str, file: &[u8], prompt: &[u32]) {
    let [host, tensor] = both(file).map(|model| (logits(&model, prompt), model.info.quantization));
    let quantized = host.1 != "F32" && host.1 != "F16";
    let tolerance = if quantized { QUANTIZED_TOLERANCE } else { FLOAT_TOLERANCE };
    compare(&format!("{what}, read at once"), &host.0[0], &tensor.0[0], tolerance);
    compare(&format!("{what}, step by step"), &host.0[1], &tensor.0[1], tolerance);
}

#[test]
fn made_up_models_of_all_formats_and_odd_shapes_agree() {
    let odd =
        Shape { width: 96, inner: 160, heads: 3, kv_heads: 1, vocabulary: 301, context: 160, ..Shape::TINY };
    let narrow = Shape { width: 32, inner: 32, heads: 8, kv_heads: 8, ..odd };
    let wide = Shape { width: 160, inner: 64, heads: 2, kv_heads: 1, tied: false, ..odd };
    let prompt: Vec<u32> = (0..110).map(|i| i * 29 % 250).collect();
    for (name, shape, length) in [
        ("tiny", Shape::TINY, 11),
        ("untied", Shape::TINY_UNTIED, 11),
        ("three heads on one", odd, 110),
        ("narrow heads", narrow, 33),
        ("wide heads", wide, 64),
    ] {
        for kind in TensorType::ALL {
            let file = made_up_model(shape, kind).unwrap();
            agree(&format!("{name}, {}", kind.name()), &file, &prompt[..length]);
        }
    }
}

fn published(file: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("www/models").join(file)).unwrap()
}

#[test]
fn the_published_model_agrees() {
    let prompt: Vec<u32> = (0..40).map(|i| i * 97 % 2048).collect();
    for format in ["q8_0", "q4_0"] {
        agree(format, &published(&format!("thermostat-sft-{format}.gguf")), &prompt);
    }
}

/// The scores' own deviation is about 1.
#[test]
fn scores_of_the_published_reward_model_agree() {
    let answers = ["The sea is blue.", "", "the sea the sea the sea", "Paris."];
    let job = ScoreJob {
        model: "test".to_owned(),
        prompt: "Write a poem about the sea.".to_owned(),
        chat: true,
        answers: answers.map(str::to_owned).to_vec(),
    };
    let [host, tensor] =
        both(&published("thermostat-reward-q8_0.gguf")).map(|model| block_on(score(&model, &job)).unwrap());
    compare("scores", &host, &tensor, QUANTIZED_TOLERANCE);
}

/// In tensors all rows have the same number of tokens, so that rows which wait begin when those before them have all ended.
#[test]
fn rows_that_wait_for_memory_say_the_same_in_tensors() {
    let [_, model] = both(&made_up_model(Shape::TINY, TensorType::F32).unwrap());
    let (model, config) = (Rc::new(model), Shape::TINY);
    let row = |row| RowSpec {
        row,
        seed: 5,
        temperature: Temperature::Value(0.3 + 0.1 * row as f32),
        truncation: Truncation::default(),
    };
    let job = GenerateJob {
        model: "test".to_owned(),
        prompt: "the sea".to_owned(),
        chat: true,
        rows: (0..10).map(row).collect(),
        max_new_tokens: 20,
        patient: false,
    };
    let answers = |mut run: Run| -> Vec<Vec<TokenId>> {
        let mut out = vec![Vec::new(); 10];
        while !run.is_done() {
            for delta in block_on(run.step()).unwrap() {
                out[delta.row as usize].extend(delta.tokens.iter().map(|token| token.id));
            }
        }
        out
    };
    let all = answers(Run::start(model.clone(), &job).unwrap());
    let largest = 4 * config.vocabulary.max(model.decoder.config().kv_length() * 20);
    for most in [1, 4] {
        let budget = Budget { bytes: u64::MAX, buffer_bytes: (most * largest) as u64 };
        let run = Run::start_within(budget, model.clone(), &job).unwrap();
        assert_eq!(run.places(), most);
        assert_eq!(answers(run), all, "{most} at a time");
    }
}
