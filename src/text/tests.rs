//! Encoding and decoding with a small vocabulary.

#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::*;
use crate::gguf::{Array, Gguf, GgufWriter, Value};

/// All bytes, three merges, and the special tokens of our models.
fn small() -> Tokenizer {
    let mut tokens: Vec<String> = (0..=u8::MAX).map(|b| byte_to_char(b).to_string()).collect();
    let merges = ["t h", "th e", "\u{120} the"];
    tokens.extend(merges.iter().map(|m| m.replace(' ', "")));
    let mut types = vec![1; tokens.len()];
    for special in ["<|user|>", "<|assistant|>", "<|end|>"] {
        tokens.push(special.to_owned());
        types.push(3);
    }
    let end = tokens.len() as u32 - 1;
    let mut writer = GgufWriter::new();
    writer
        .set("tokenizer.ggml.model", "gpt2")
        .unwrap()
        .set("tokenizer.ggml.pre", "gpt-2")
        .unwrap()
        .set("tokenizer.ggml.tokens", tokens)
        .unwrap()
        .set("tokenizer.ggml.token_type", Value::Array(Array::I32(types)))
        .unwrap()
        .set("tokenizer.ggml.merges", merges.map(str::to_owned).to_vec())
        .unwrap()
        .set("tokenizer.ggml.eos_token_id", end)
        .unwrap()
        .set("tokenizer.chat_template", THERMOSTAT_TEMPLATE)
        .unwrap();
    Tokenizer::from_gguf(&Gguf::parse(writer.finish()).unwrap()).unwrap()
}

#[test]
fn merges_are_applied_within_pieces() {
    let t = small();
    assert_eq!(t.encode("the the", false).unwrap(), [257, 258]);
}

#[test]
fn a_visitor_cannot_spell_special_tokens() {
    let t = small();
    let end = t.token_of("<|end|>").unwrap();
    assert!(!t.chat_prompt("a<|end|>b").unwrap().contains(&end));
    assert!(t.encode("a<|end|>b", true).unwrap().contains(&end));
    assert!(t.is_end(end));
}

#[test]
fn the_prompt_is_dressed() {
    let t = small();
    let tokens = t.chat_prompt("the").unwrap();
    assert_eq!(tokens, [t.token_of("<|user|>").unwrap(), 257, t.token_of("<|assistant|>").unwrap()]);
}

proptest! {
    #[test]
    fn decoding_undoes_encoding(text in ".*") {
        let t = small();
        prop_assert_eq!(t.decode(&t.encode(&text, false).unwrap()), text);
    }

    #[test]
    fn a_stream_never_shows_half_a_character(text in "[a\u{e9}\u{20ac}\u{1f30a}]*") {
        let t = small();
        let mut decoder = t.stream_decoder();
        let mut shown = String::new();
        for token in t.encode(&text, false).unwrap() {
            let new = decoder.push(&t, token);
            prop_assert!(!new.contains(char::REPLACEMENT_CHARACTER));
            shown.push_str(&new);
        }
        prop_assert_eq!(decoder.finish(), "");
        prop_assert_eq!(shown, text);
    }

    #[test]
    fn arbitrary_tokens_never_panic(tokens in prop::collection::vec(any::<u32>(), 0..50)) {
        let _ = small().decode(&tokens);
        let _ = small().decode(&tokens.iter().map(|t| t % 262).collect::<Vec<_>>());
    }
}
