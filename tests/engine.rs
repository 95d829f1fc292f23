//! The engine as a whole, on a made-up model: what a row says depends on its own key alone.

#![cfg(feature = "engine")]
#![allow(clippy::unwrap_used, missing_docs)]

use std::rc::Rc;

use thermostat::engine::{EngineError, LoadedModel, Run, block_on, device, self_test};
use thermostat::gguf::TensorType;
use thermostat::model::RowCache;
use thermostat::protocol::{GenerateJob, RowSpec, StopReason};
use thermostat::units::{Temperature, Truncation};

fn model(kind: TensorType) -> Rc<LoadedModel> {
    let file = self_test::made_up_model(kind).unwrap();
    Rc::new(LoadedModel::load("test", file, None, &device::cpu("test")).unwrap())
}

fn row(row: u32, temperature: f32) -> RowSpec {
    RowSpec { row, seed: 5, temperature: Temperature::Value(temperature), truncation: Truncation::default() }
}

fn job(rows: Vec<RowSpec>, max_new_tokens: u32) -> GenerateJob {
    GenerateJob { model: "test".to_owned(), prompt: "the sea".to_owned(), chat: true, rows, max_new_tokens }
}

/// Tokens and stop reason of each row, in the order of the job.
fn answers(model: &Rc<LoadedModel>, job: &GenerateJob) -> Vec<(Vec<u32>, Option<StopReason>)> {
    let mut run = Run::start(model.clone(), job).unwrap();
    let mut out = vec![(Vec::new(), None); job.rows.len()];
    while !run.is_done() {
        for delta in block_on(run.step()).unwrap() {
            let index = job.rows.iter().position(|r| r.row == delta.row).unwrap();
            out[index].0.extend(delta.tokens.iter().map(|t| t.id));
            out[index].1 = delta.stop;
        }
    }
    out
}

#[test]
fn a_row_says_the_same_at_any_batch_size() {
    let model = model(TensorType::Q8_0);
    let all: Vec<RowSpec> = (0..25).map(|i| row(i, 0.3 + 0.05 * i as f32)).collect();
    let together = answers(&model, &job(all.clone(), 30));
    for size in [1, 8] {
        let apart: Vec<_> =
            all.chunks(size).flat_map(|rows| answers(&model, &job(rows.to_vec(), 30))).collect();
        assert_eq!(apart, together, "batches of {size}");
    }
}

#[test]
fn rows_decoded_with_a_cache_agree_with_the_whole_text_read_at_once() {
    let model = model(TensorType::F16);
    let text: Vec<u32> = (0..45).map(|i| i * 31 % 256).collect();
    let decoder = &model.decoder;
    let whole = decoder.all_logits(&text).unwrap().into_data().try_into_vec::<f32>().unwrap();
    let vocabulary = decoder.config().vocabulary;
    let (prefix, _) = decoder.prefill(&text[..5]).unwrap();
    let mut own = RowCache::new(decoder.config(), 3, decoder.device());
    // 40 steps: past the first enlargement of the cache.
    for at in 5..45 {
        let logits = decoder.decode_step(&prefix, &mut own, &[text[at]; 3]).unwrap();
        let logits = logits.into_data().try_into_vec::<f32>().unwrap();
        for row in logits.chunks(vocabulary) {
            for (a, b) in row.iter().zip(&whole[at * vocabulary..]) {
                // Sums in another order: a few ulps of values near 1, over two blocks.
                assert!((a - b).abs() < 1e-4, "{a} against {b} at {at}");
            }
        }
    }
}

#[test]
fn the_self_test_accepts_the_cpu() {
    block_on(self_test::self_test(&device::cpu("test"))).unwrap();
}

#[test]
fn answers_stop_at_the_limit_and_at_the_end_of_the_context() {
    let model = model(TensorType::Q4_0);
    for (limit, most) in [(3, 3), (1000, 64)] {
        for (tokens, stop) in answers(&model, &job(vec![row(0, 1.0), row(1, 1.0)], limit)) {
            assert!(tokens.len() <= most);
            assert!(stop.is_some());
        }
    }
}

#[test]
fn impossible_jobs_are_refused_in_the_visitors_words() {
    let model = model(TensorType::Q8_0);
    let none = Run::start(model.clone(), &job(Vec::new(), 5)).err().unwrap();
    assert!(matches!(none, EngineError::Rows { rows: 0, .. }));
    let mut long = job(vec![row(0, 1.0)], 5);
    long.prompt = "a".repeat(10_000_000);
    let error = Run::start(model, &long).err().unwrap();
    assert!(matches!(error, EngineError::PromptTooLong { .. }));
    assert!(error.for_visitor().remedy.contains("shorter"));
}

#[test]
fn damaged_files_are_refused() {
    let file = self_test::made_up_model(TensorType::Q8_0).unwrap();
    for length in [0, 3, 100, file.len() / 2] {
        let cut = file[..length].to_vec();
        assert!(LoadedModel::load("cut", cut, None, &device::cpu("test")).is_err());
    }
    let other = "0".repeat(64);
    let refused = LoadedModel::load("other", file, Some(&other), &device::cpu("test"));
    assert!(matches!(refused, Err(EngineError::Checksum)));
}
