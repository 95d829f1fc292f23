//! The decoder in plain memory: each row by itself to the last bit, however its tokens are read and beside whom.

#![cfg(feature = "engine")]
#![allow(clippy::unwrap_used, missing_docs)]

use thermostat::gguf::{Gguf, TensorType};
use thermostat::model::ModelError;
use thermostat::model::host::{Decoder, RowCache};
use thermostat::model::made_up::{Shape, made_up_model};
use thermostat::sampling::{SampleError, sample_row};
use thermostat::units::{Temperature, Truncation};

/// Heads of an odd number and width, and a vocabulary that is no multiple of anything.
const ODD: Shape = Shape {
    width: 96,
    inner: 160,
    heads: 4,
    kv_heads: 1,
    blocks: 2,
    vocabulary: 301,
    context: 200,
    tied: false,
};

fn decoder(shape: Shape, kind: TensorType) -> Decoder {
    Decoder::load(&Gguf::parse(made_up_model(shape, kind).unwrap()).unwrap()).unwrap()
}

fn text(length: u32) -> Vec<u32> {
    (0..length).map(|i| i * 31 % 256).collect()
}

/// The token of a row at a step.
fn token(row: usize, step: usize) -> u32 {
    ((row * 37 + step * 11) % 250) as u32
}

/// Logits of some rows after each of some steps.
fn decode(decoder: &Decoder, prompt: &[u32], rows: &[usize], steps: usize) -> Vec<Vec<f32>> {
    let (prefix, _) = decoder.prefill(prompt).unwrap();
    let mut own = RowCache::new(decoder.config(), &prefix, rows.len());
    let mut logits = vec![Vec::new(); rows.len()];
    for step in 0..steps {
        let tokens: Vec<u32> = rows.iter().map(|&row| token(row, step)).collect();
        let all = decoder.decode_step(&mut own, &tokens).unwrap();
        for (row, all) in logits.iter_mut().zip(all.chunks_exact(decoder.config().vocabulary)) {
            row.extend_from_slice(all);
        }
    }
    logits
}

#[test]
fn a_rows_logits_are_the_same_to_the_last_bit_at_any_batch_size() {
    for kind in TensorType::ALL {
        let decoder = decoder(ODD, kind);
        let all: Vec<usize> = (0..70).collect();
        let together = decode(&decoder, &text(13), &all, 3);
        for size in [1, 3, 32, 33] {
            let apart: Vec<_> =
                all.chunks(size).flat_map(|rows| decode(&decoder, &text(13), rows, 3)).collect();
            assert!(apart == together, "{kind:?}, batches of {size}");
        }
    }
}

#[test]
fn a_text_gives_the_same_bits_read_at_once_and_token_by_token() {
    for kind in [TensorType::Q4_0, TensorType::F32] {
        let decoder = decoder(ODD, kind);
        let vocabulary = decoder.config().vocabulary;
        let text = text(150); // several batches, of which the last is not full
        let whole = decoder.all_logits(&text).unwrap();
        assert_eq!(whole.len(), 150 * vocabulary);
        for split in [1, 31, 32, 33, 100] {
            let (prefix, last) = decoder.prefill(&text[..split]).unwrap();
            assert!(last == whole[(split - 1) * vocabulary..split * vocabulary], "{kind:?}, {split}");
            let mut own = RowCache::new(decoder.config(), &prefix, 2);
            for at in split..text.len() {
                let logits = decoder.decode_step(&mut own, &[text[at]; 2]).unwrap();
                assert!(logits.chunks(vocabulary).all(|row| *row == whole[at * vocabulary..][..vocabulary]));
            }
        }
    }
}

#[test]
fn rows_that_are_kept_go_on_as_if_the_others_had_never_been() {
    let decoder = decoder(ODD, TensorType::Q8_0);
    let vocabulary = decoder.config().vocabulary;
    let (prefix, _) = decoder.prefill(&text(9)).unwrap();
    let mut own = RowCache::new(decoder.config(), &prefix, 40);
    let mut live: Vec<usize> = (0..40).collect();
    let mut last = Vec::new();
    for step in 0..12 {
        if step % 3 == 2 {
            // Every third row stops; once, those that go on change their order.
            let mut kept: Vec<usize> = (0..live.len()).filter(|index| index % 3 != 1).collect();
            if step == 5 {
                kept.reverse();
            }
            live = kept.iter().map(|&index| live[index]).collect();
            own.keep(&kept);
            assert_eq!(own.rows(), live.len());
        }
        let tokens: Vec<u32> = live.iter().map(|&row| token(row, step)).collect();
        last = decoder.decode_step(&mut own, &tokens).unwrap();
    }
    let alone = decode(&decoder, &text(9), &live, 12);
    for (found, alone) in last.chunks(vocabulary).zip(alone) {
        assert!(*found == alone[11 * vocabulary..]);
    }
}

#[test]
fn what_is_refused_leaves_the_caches_as_they_were() {
    let decoder = decoder(Shape::TINY, TensorType::Q8_0);
    let (prefix, _) = decoder.prefill(&text(60)).unwrap();
    let mut own = RowCache::new(decoder.config(), &prefix, 2);
    let unknown = decoder.decode_step(&mut own, &[3, 259]).unwrap_err();
    assert!(matches!(unknown, ModelError::Token { token: 259, vocabulary: 259 }));
    assert_eq!(own.most_tokens(), 60);
    for _ in 60..64 {
        decoder.advance(&mut own, &[1, 2]).unwrap();
    }
    let full = decoder.advance(&mut own, &[1, 2]).unwrap_err();
    assert!(matches!(full, ModelError::ContextFull { tokens: 65, context: 64 }));
    assert_eq!(own.most_tokens(), 64);
    assert!(matches!(decoder.prefill(&[]), Err(ModelError::EmptyPrompt)));
    assert!(matches!(decoder.all_logits(&text(65)), Err(ModelError::ContextFull { .. })));
}

/// A damaged weight must not become an answer that looks like one.
#[test]
fn weights_that_are_no_numbers_give_logits_that_sampling_refuses() {
    let file = made_up_model(Shape::TINY, TensorType::Q8_0).unwrap();
    for name in ["attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down"] {
        for scale in [0x7e00_u16, 0x7c00, 0xfc00] {
            let tensor = Gguf::parse(file.clone()).unwrap();
            let bytes = tensor.tensor(&format!("blk.1.{name}.weight")).unwrap().bytes().to_vec();
            let at = file.windows(bytes.len()).position(|window| window == bytes).unwrap();
            let mut broken = file.clone();
            broken[at..at + 2].copy_from_slice(&scale.to_le_bytes());
            let decoder = Decoder::load(&Gguf::parse(broken).unwrap()).unwrap();
            let (prefix, first) = decoder.prefill(&text(5)).unwrap();
            let mut own = RowCache::new(decoder.config(), &prefix, 2);
            let next = decoder.decode_step(&mut own, &[1, 2]).unwrap();
            for logits in [&first[..], &next[..259], &next[259..]] {
                let drawn = sample_row(logits, Temperature::Value(1.0), Truncation::default(), 1, 0, 0);
                assert_eq!(drawn, Err(SampleError::NotANumber), "{name} {scale:#x}");
            }
        }
    }
}
