//! What was trained is what the engine runs.

#![allow(clippy::unwrap_used, missing_docs)]

use lab::adamw::AdamW;
use lab::answers::Answerer;
use lab::checkpoint::Checkpoint;
use lab::config::SftConfig;
use lab::export::gguf;
use lab::network::{Layout, ModelShape, Pass, Shard};
use lab::sft::Trained;
use lab::vocabulary::{MadeVocabulary, SPECIALS};
use thermostat::gguf::{TensorType, dequantize, quantize};

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
        let theirs =
            model.model().decoder.all_logits(&tokens).unwrap().into_data().try_into_vec::<f32>().unwrap();
        let mut shard = Shard::default();
        shard.push(&tokens, 1);
        let ours = Pass::new(&trained.config.shape).logits(&trained.checkpoint.weights, &shard);
        assert_eq!(ours.len(), 39 * trained.config.shape.vocabulary);
        for (a, b) in ours.iter().zip(&theirs) {
            // Logits near 1; two decoders that sum in another order.
            assert!((a - b).abs() < 1e-4, "{a} against {b} in {kind:?}");
        }
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
