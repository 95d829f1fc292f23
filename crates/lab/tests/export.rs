//! What was trained is what the engine runs.

#![allow(clippy::unwrap_used, missing_docs)]

use std::future::Future;
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use lab::adamw::AdamW;
use lab::answers::Answerer;
use lab::checkpoint::Checkpoint;
use lab::config::SftConfig;
use lab::export::gguf;
use lab::import;
use lab::network::generate::{Row, Sampled, sample};
use lab::network::{Layout, ModelShape, Pass, Shard};
use lab::sft::Trained;
use lab::vocabulary::{MadeVocabulary, SPECIALS};
use thermostat::engine::{LoadedModel, Run, block_on, device};
use thermostat::gguf::{Gguf, TensorType, dequantize, quantize};
use thermostat::protocol::{GenerateJob, RowSpec, StopReason};
use thermostat::units::{Temperature, Truncation};

/// A model with weights that are exact in a format, so that the file holds them unchanged.
fn exact_in(kind: TensorType) -> Trained {
    let text = "the sea and the moon and the rain and the garden wall";
    let vocabulary = MadeVocabulary::make([text, text].into_iter(), 288).unwrap();
    let shape = ModelShape {
        vocabulary: vocabulary.len(),
        width: 64,
        blocks: 2,
        heads: 4,
        kv_heads: 2,
        head_length: 16,
        inner: 96,
        context: 64,
        ..ModelShape::default()
    };
    let layout = Layout::new(&shape);
    let mut word = 1_u32;
    let uniform = || {
        word = word.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (f64::from(word) + 0.5) / 4_294_967_296.0
    };
    let mut weights = layout.initial_weights(0.1, uniform);
    for range in layout.decays() {
        let rounded = dequantize(kind, &quantize(kind, &weights[range.clone()]));
        weights[range].copy_from_slice(&rounded);
    }
    let optimizer = AdamW::new(weights.len());
    let checkpoint = Checkpoint { next_example: 0, tokens: 0, weights, optimizer };
    Trained { config: SftConfig { shape, ..SftConfig::default() }, vocabulary, checkpoint }
}

#[test]
fn the_engine_computes_the_logits_that_were_trained() {
    for kind in [TensorType::F32, TensorType::F16, TensorType::Q8_0] {
        let trained = exact_in(kind);
        let model = Answerer::load(gguf(&trained, "test", kind).unwrap()).unwrap();
        let tokens: Vec<u32> = (0..40).map(|i| i * 37 % trained.config.shape.vocabulary as u32).collect();
        let theirs = block_on(model.model().decoder.all_logits(&tokens).unwrap().read()).unwrap();
        let mut shard = Shard::default();
        shard.push(&tokens, 1);
        let ours = Pass::new(&trained.config.shape).logits(&trained.checkpoint.weights, &shard);
        assert_eq!(ours.len(), 39 * trained.config.shape.vocabulary);
        // Logits near 1; two decoders that sum in another order, and with Q8_0 the engine rounds activations to 16 bits
        // (see the tolerances of the library's `tests/reference.rs`, which are relative to the largest logit).
        let allowed = if kind == TensorType::Q8_0 { 1e-3 } else { 1e-4 };
        for (a, b) in ours.iter().zip(&theirs) {
            assert!((a - b).abs() < allowed, "{a} against {b} in {kind:?}");
        }
    }
}

/// The engine's answers to one prompt: tokens, and whether they ended of themselves.
fn engine_answers(
    model: &Rc<LoadedModel>,
    prompt: &str,
    rows: &[RowSpec],
    most: u32,
) -> Vec<(Vec<u32>, bool)> {
    let job = GenerateJob {
        model: "test".to_owned(),
        prompt: prompt.to_owned(),
        chat: true,
        rows: rows.to_vec(),
        max_new_tokens: most,
        patient: false,
    };
    let mut run = Run::start(model.clone(), &job).unwrap();
    let mut answers = vec![(Vec::new(), false); rows.len()];
    while !run.is_done() {
        let Poll::Ready(deltas) = pin!(run.step()).poll(&mut Context::from_waker(Waker::noop())) else {
            panic!("on the CPU nothing is waited for");
        };
        for delta in deltas.unwrap() {
            let index = rows.iter().position(|r| r.row == delta.row).unwrap();
            answers[index].0.extend(delta.tokens.iter().map(|t| t.id));
            answers[index].1 |= delta.stop == Some(StopReason::EndOfAnswer);
        }
    }
    answers
}

#[test]
fn sampling_in_training_gives_the_engines_answers() {
    let mut trained = exact_in(TensorType::F32);
    let tokenizer = trained.vocabulary.tokenizer().unwrap();
    let end = tokenizer.token_of("<|end|>").unwrap();
    // Random weights seldom end an answer; a longer row of the output matrix does.
    let width = trained.config.shape.width;
    trained.checkpoint.weights[end as usize * width..][..width].iter_mut().for_each(|w| *w *= 3.0);
    let file = gguf(&trained, "test", TensorType::F32).unwrap();
    let model = Rc::new(LoadedModel::load("test", file, None, &device::cpu()).unwrap());

    let prompts = ["the sea", "the moon and the rain", "wall", "garden and garden and the sea"];
    let temperatures = [Temperature::Value(0.6), Temperature::Value(1.0), Temperature::Greedy];
    let truncation = Truncation::default();
    let specs: Vec<RowSpec> = (0..24)
        .map(|i| RowSpec {
            row: 100 - i,
            seed: i / 12,
            temperature: temperatures[i as usize % 3],
            truncation,
        })
        .collect();
    // More than the context has room for, and fewer.
    for most in [1000, 9] {
        let theirs: Vec<_> = prompts.iter().flat_map(|p| engine_answers(&model, p, &specs, most)).collect();
        let rows: Vec<Row> = prompts
            .iter()
            .flat_map(|prompt| {
                let prompt = tokenizer.chat_prompt(prompt).unwrap();
                specs.iter().map(move |s| Row {
                    prompt: prompt.clone(),
                    row: s.row,
                    seed: s.seed,
                    temperature: s.temperature,
                })
            })
            .collect();
        let ours = sample(&trained.checkpoint.weights, &trained.config.shape, &rows, end, most as usize, 2);
        for (ours, (mut tokens, finished)) in ours.into_iter().zip(theirs.clone()) {
            tokens.extend(finished.then_some(end));
            assert_eq!(ours, Sampled { tokens, finished });
        }
        let ended = theirs.iter().filter(|a| a.1).count();
        assert!(ended > 5 && ended < theirs.len() - 5, "{ended} of {} ended", theirs.len());
    }
}

#[test]
fn a_file_depends_on_the_weights_alone() {
    let trained = exact_in(TensorType::F32);
    for kind in [TensorType::Q8_0, TensorType::Q4_0] {
        assert_eq!(gguf(&trained, "a", kind).unwrap(), gguf(&trained.clone(), "a", kind).unwrap());
    }
}

#[test]
fn a_file_gives_back_the_weights_it_was_made_of() {
    for kind in [TensorType::F32, TensorType::F16, TensorType::Q8_0] {
        let trained = exact_in(kind);
        let file = Gguf::parse(gguf(&trained, "test", kind).unwrap()).unwrap();
        let (shape, weights) = import::weights(&file).unwrap();
        assert_eq!(shape, trained.config.shape);
        assert!(weights == trained.checkpoint.weights, "{kind:?}");

        // And written again it is the same, but for the order of its parts.
        let again = import::with_weights(&file, &shape, &weights, "another", kind).unwrap();
        let again = Gguf::parse(again).unwrap();
        assert_eq!(again.get_str("general.name").unwrap(), "another");
        assert_eq!(again.metadata().count(), file.metadata().count());
        for tensor in file.tensors() {
            let other = again.tensor(tensor.name()).unwrap();
            assert_eq!((other.kind(), other.shape()), (tensor.kind(), tensor.shape()), "{}", tensor.name());
            assert!(other.bytes() == tensor.bytes(), "{}", tensor.name());
        }
    }
}

#[test]
fn the_file_carries_vocabulary_and_template() {
    let trained = exact_in(TensorType::F32);
    let model = Answerer::load(gguf(&trained, "test", TensorType::Q8_0).unwrap()).unwrap();
    let tokenizer = &model.model().tokenizer;
    assert_eq!(tokenizer.vocabulary_len(), trained.vocabulary.len());
    assert!(SPECIALS.iter().all(|s| tokenizer.token_of(s).is_some_and(|t| tokenizer.is_control(t))));
    let prompt = tokenizer.chat_prompt("the sea").unwrap();
    assert_eq!(prompt.first(), tokenizer.token_of("<|user|>").as_ref());
    assert_eq!(prompt.last(), tokenizer.token_of("<|assistant|>").as_ref());
}
