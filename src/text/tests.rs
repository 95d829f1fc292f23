//! Encoding and decoding with small vocabularies.

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

/// A vocabulary with scores: `e` and `h` have no token of their own, the pair `th` scores above `he`.
fn scored() -> Tokenizer {
    scored_with(6)
}

/// The same with another kind for the byte tokens.
fn scored_with(byte_kind: i32) -> Tokenizer {
    let mut tokens = vec!["<unk>".to_owned(), "<s>".to_owned(), "</s>".to_owned()];
    let mut types = vec![2, 3, 3];
    let mut scores = vec![0.0; 3];
    for byte in 0..=u8::MAX {
        tokens.push(format!("<0x{byte:02X}>"));
        types.push(byte_kind);
        scores.push(0.0);
    }
    let pieces = [("he", -2.0), ("th", -1.0), ("the", -3.0), ("\u{2581}the", -4.0), ("\u{2581}t", -9.0)];
    for (text, score) in
        pieces.into_iter().chain([("\u{2581}", -9.0), ("t", -9.0), ("<s", -9.0), ("<", -9.0)])
    {
        tokens.push(text.to_owned());
        types.push(1);
        scores.push(score);
    }
    tokens.push("<tool>".to_owned());
    types.push(4);
    scores.push(0.0);
    let mut writer = GgufWriter::new();
    writer
        .set("tokenizer.ggml.model", "llama")
        .unwrap()
        .set("tokenizer.ggml.tokens", tokens)
        .unwrap()
        .set("tokenizer.ggml.token_type", Value::Array(Array::I32(types)))
        .unwrap()
        .set("tokenizer.ggml.scores", Value::Array(Array::F32(scores)))
        .unwrap()
        .set("tokenizer.ggml.bos_token_id", 1_u32)
        .unwrap()
        .set("tokenizer.ggml.eos_token_id", 2_u32)
        .unwrap();
    Tokenizer::from_gguf(&Gguf::parse(writer.finish()).unwrap()).unwrap()
}

fn spellings(tokenizer: &Tokenizer, text: &str, parse_special: bool) -> Vec<String> {
    let tokens = tokenizer.encode(text, parse_special).unwrap();
    tokens.iter().map(|&t| String::from_utf8_lossy(tokenizer.bytes_of(t)).into_owned()).collect()
}

#[test]
fn the_highest_score_is_merged_first_and_the_rest_is_spelled_in_bytes() {
    let t = scored();
    // `th` comes before `he`, though `he` alone would be a token; the space in front is the encoder's own.
    assert_eq!(spellings(&t, "the", false), ["", " the"]);
    assert_eq!(spellings(&t, "he", false), ["", " ", "he"]);
    assert_eq!(spellings(&t, "h", false), ["", " ", "h"]);
    assert_eq!(t.encode("h", false).unwrap()[2], 3 + u32::from(b'h'));
    assert_eq!(t.decode(&t.encode(" the \u{1f30a}", false).unwrap()), " the \u{1f30a}");
}

#[test]
fn text_behind_a_special_token_gets_a_space_again() {
    let t = scored();
    assert_eq!(spellings(&t, "the</s>the", true), ["", " the", "", " the"]);
    assert_eq!(spellings(&t, "the<tool>the", false), ["", " the", "<tool>", " the"]);
}

#[test]
fn merges_never_end_in_a_control_token() {
    // `<s` and `>` would merge to `<s>`.
    assert_eq!(spellings(&scored(), "<s>", false).concat(), " <s>");
}

/// Phi-3's published vocabulary has `</s>` as a user-defined token.
#[test]
fn ends_of_answers_cannot_be_spelled_though_user_defined() {
    let mut writer = GgufWriter::new();
    writer.set("tokenizer.ggml.model", "llama").unwrap();
    writer.set("tokenizer.ggml.tokens", ["</s>", "<", "/", "s", ">"].map(str::to_owned).to_vec()).unwrap();
    writer.set("tokenizer.ggml.token_type", Value::Array(Array::I32(vec![4, 1, 1, 1, 1]))).unwrap();
    writer.set("tokenizer.ggml.scores", Value::Array(Array::F32(vec![0.0; 5]))).unwrap();
    writer.set("tokenizer.ggml.add_space_prefix", false).unwrap();
    let t = Tokenizer::from_gguf(&Gguf::parse(writer.finish()).unwrap()).unwrap();
    assert_eq!(t.encode("</s>", false).unwrap(), [1, 2, 3, 4]);
    assert_eq!(t.encode("</s>", true).unwrap(), [0]);
    assert!(t.is_end(0));
}

/// Found by fuzzing.
#[test]
fn bytes_never_become_control_tokens() {
    let t = scored_with(3);
    assert_eq!(t.encode("h", false), Ok(vec![1, t.token_of("\u{2581}").unwrap(), 0]));
}

#[test]
fn other_templates_than_those_known_are_refused() {
    let end = "{{'<|im_start|>'}} {{'<|im_end|>'}}";
    assert_eq!(ChatTemplate::recognise(end), Some(ChatTemplate::ChatMl));
    let llama3 = "{{ '<|start_header_id|>' }} {{ '<|eot_id|>' }}";
    assert_eq!(ChatTemplate::recognise(llama3), Some(ChatTemplate::Llama3));
    assert_eq!(ChatTemplate::recognise("[INST]"), None);
    assert_eq!(scored().chat_prompt("a"), Err(TextError::Template));
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
    fn decoding_undoes_encoding_with_scores(text in "[the <s>\u{e9}\u{1f30a}]*") {
        let t = scored();
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
