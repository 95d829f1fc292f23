//! The engine as a whole, on a made-up model: what a row says depends on its own key alone.

#![cfg(feature = "engine")]
#![allow(clippy::unwrap_used, missing_docs)]

use std::rc::Rc;

use thermostat::engine::{
    Budget, EngineError, LoadedModel, Run, block_on, device, inspect, score, self_test,
};
use thermostat::gguf::TensorType;
use thermostat::metrics::Tempered;
use thermostat::protocol::{ErrorKind, GenerateJob, InspectJob, ReadAnswer, RowSpec, ScoreJob, StopReason};
use thermostat::units::{Temperature, Truncation};

fn model(kind: TensorType) -> Rc<LoadedModel> {
    let file = self_test::made_up_model(kind).unwrap();
    Rc::new(LoadedModel::load("test", file, None, &device::cpu()).unwrap())
}

fn row(row: u32, temperature: f32) -> RowSpec {
    RowSpec { row, seed: 5, temperature: Temperature::Value(temperature), truncation: Truncation::default() }
}

fn job(rows: Vec<RowSpec>, max_new_tokens: u32) -> GenerateJob {
    GenerateJob {
        model: "test".to_owned(),
        prompt: "the sea".to_owned(),
        chat: true,
        rows,
        max_new_tokens,
        patient: false,
    }
}

/// Tokens and stop reason of each row, in the order of the job.
fn answers(model: &Rc<LoadedModel>, job: &GenerateJob) -> Vec<(Vec<u32>, Option<StopReason>)> {
    answers_of(Run::start(model.clone(), job).unwrap(), job)
}

fn answers_of(mut run: Run, job: &GenerateJob) -> Vec<(Vec<u32>, Option<StopReason>)> {
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

/// A budget for so many rows of the model, which sample at most `tokens` tokens.
fn room_for(rows: usize, model: &LoadedModel, tokens: usize) -> Budget {
    let config = model.decoder.config();
    let largest = 4 * config.vocabulary.max(config.kv_length() * tokens);
    Budget { bytes: u64::MAX, buffer_bytes: (rows * largest) as u64 }
}

#[test]
fn rows_that_wait_for_memory_say_the_same() {
    let model = model(TensorType::Q8_0);
    let rows: Vec<RowSpec> = (0..25).map(|i| row(i, 0.3 + 0.05 * i as f32)).collect();
    let job = job(rows, 30);
    let together = answers(&model, &job);
    for most in [1, 3, 8, 24] {
        let run = Run::start_within(room_for(most, &model, 30), model.clone(), &job).unwrap();
        assert_eq!(run.places(), most);
        assert_eq!(answers_of(run, &job), together, "{most} at a time");
    }
}

#[test]
fn no_more_rows_are_at_work_than_there_is_memory_for_and_free_places_are_taken() {
    let model = model(TensorType::Q8_0);
    let job = job((0..40).map(|i| row(i, 1.5)).collect(), 30);
    let mut run = Run::start_within(room_for(8, &model, 30), model.clone(), &job).unwrap();
    let (mut begun, mut stopped, mut joined) = (std::collections::BTreeSet::new(), 0, 0);
    while !run.is_done() {
        let at_work = begun.len() - stopped;
        for delta in block_on(run.step()).unwrap() {
            // A row that begins while others are under way.
            joined += usize::from(begun.insert(delta.row) && at_work > 0);
            stopped += usize::from(delta.stop.is_some());
        }
        assert!(begun.len() - stopped <= 8);
    }
    assert_eq!((begun.len(), stopped), (40, 40));
    assert!(joined > 10, "only {joined} rows took the places of others");
}

#[test]
fn rows_decoded_with_a_cache_agree_with_the_whole_text_read_at_once() {
    let model = model(TensorType::F16);
    let text: Vec<u32> = (0..45).map(|i| i * 31 % 256).collect();
    let decoder = &model.decoder;
    let whole = block_on(decoder.all_logits(&text).unwrap().read()).unwrap();
    let vocabulary = decoder.config().vocabulary;
    let (prefix, _) = decoder.prefill(&text[..5]).unwrap();
    let mut own = decoder.row_cache(&prefix, 3).unwrap();
    // 40 steps: past the first enlargement of the cache.
    for at in 5..45 {
        let logits = decoder.decode_step(&mut own, &[text[at]; 3]).unwrap();
        let logits = block_on(logits.read()).unwrap();
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
    block_on(self_test::self_test(&device::cpu())).unwrap();
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
    assert_eq!(error.for_visitor().kind, ErrorKind::LongPrompt);
}

#[test]
fn damaged_files_are_refused() {
    let file = self_test::made_up_model(TensorType::Q8_0).unwrap();
    for length in [0, 3, 100, file.len() / 2] {
        let cut = file[..length].to_vec();
        assert!(LoadedModel::load("cut", cut, None, &device::cpu()).is_err());
    }
    let other = "0".repeat(64);
    let refused = LoadedModel::load("other", file, Some(&other), &device::cpu());
    assert!(matches!(refused, Err(EngineError::Checksum)));
}

/// What sampling saw at each token is what reading the answer finds there: one goes by cache and rows, the other reads
/// prompt and answer at once. Tolerance: 32-bit logits summed in another order.
#[test]
fn an_answer_that_was_sampled_reads_as_it_was_sampled() {
    let model = model(TensorType::Q8_0);
    let job = job(vec![row(3, 1.3)], 12);
    let mut run = Run::start(model.clone(), &job).unwrap();
    let mut sampled = Vec::new();
    while !run.is_done() {
        sampled.extend(block_on(run.step()).unwrap().into_iter().flat_map(|delta| delta.tokens));
    }
    assert!(sampled.len() > 3, "an answer worth reading");
    let tokens: Vec<u32> = sampled.iter().map(|token| token.id).collect();
    let found = block_on(inspect(&model, &read(ReadAnswer::Tokens(tokens.clone())))).unwrap();
    assert_eq!(found.tokens.iter().map(|token| token.id).collect::<Vec<_>>(), tokens);
    assert_eq!(found.likeliest.len(), tokens.len() + 1);
    let logits: Vec<f32> =
        found.logits.chunks_exact(4).map(|b| f32::from_le_bytes(b.try_into().unwrap())).collect();
    for (place, (logits, sampled)) in logits.chunks_exact(found.vocabulary as usize).zip(&sampled).enumerate()
    {
        let tempered = Tempered::new(logits, 1.0).unwrap();
        let log_prob = tempered.probability(sampled.id as usize).ln();
        assert!((log_prob - f64::from(sampled.log_prob)).abs() < 1e-3, "{place}: {log_prob} {sampled:?}");
        assert!((tempered.entropy() - f64::from(sampled.entropy)).abs() < 1e-3, "{place}: {sampled:?}");
        let best = &found.likeliest[place];
        assert!(best.windows(2).all(|pair| logits[pair[0].id as usize] >= logits[pair[1].id as usize]));
        assert!(logits.iter().all(|logit| *logit <= logits[best[0].id as usize]));
    }
}

#[test]
fn a_typed_answer_is_read_as_its_tokens() {
    let model = model(TensorType::F16);
    let typed = block_on(inspect(&model, &read(ReadAnswer::Text("the sea, the sea".to_owned())))).unwrap();
    let tokens = model.tokenizer.encode("the sea, the sea", false).unwrap();
    assert_eq!(typed, block_on(inspect(&model, &read(ReadAnswer::Tokens(tokens)))).unwrap());
    let text: String = typed.tokens.iter().map(|token| token.text.as_str()).collect();
    assert_eq!(text, "the sea, the sea");
    let empty = block_on(inspect(&model, &read(ReadAnswer::Text(String::new())))).unwrap();
    assert_eq!(
        (empty.tokens.len(), empty.likeliest.len()),
        (0, 1),
        "the first token can be looked at before any"
    );
}

#[test]
fn answers_that_cannot_be_read_are_refused_with_a_reason() {
    let model = model(TensorType::F16);
    let long = block_on(inspect(&model, &read(ReadAnswer::Text("sea ".repeat(10_000)))));
    assert!(matches!(long, Err(EngineError::AnswerTooLong { .. })));
    let unknown = block_on(inspect(&model, &read(ReadAnswer::Tokens(vec![u32::MAX]))));
    assert!(matches!(unknown, Err(EngineError::Model(_))), "{unknown:?}");
}

#[test]
fn a_model_that_only_writes_gives_no_scores() {
    let model = model(TensorType::F16);
    let job = ScoreJob {
        model: "test".to_owned(),
        prompt: "the sea".to_owned(),
        chat: true,
        answers: vec!["sea".to_owned()],
    };
    assert!(matches!(block_on(score(&model, &job)), Err(EngineError::NoScores)));
}

fn read(answer: ReadAnswer) -> InspectJob {
    InspectJob { model: "test".to_owned(), prompt: "the sea".to_owned(), chat: true, answer }
}
