//! Real vocabularies and their published cases: every text must become exactly the published tokens.
//!
//! The files are fetched by `tests/golden/fetch_vocabularies.py` and never committed. Where they are absent the tests say
//! so and check nothing; with `THERMOSTAT_VOCABULARIES` set they must be there.

#![allow(clippy::unwrap_used, missing_docs)]

use std::path::{Path, PathBuf};

use thermostat::gguf::Gguf;
use thermostat::text::Tokenizer;

/// Set to the folder of the files by whoever wants the tests to fail where they are absent.
const FOLDER_VARIABLE: &str = "THERMOSTAT_VOCABULARIES";

fn folder() -> (PathBuf, bool) {
    if let Some(folder) = std::env::var_os(FOLDER_VARIABLE) {
        return (folder.into(), true);
    }
    let cache = std::env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .or_else(|| std::env::var_os("HOME").map(|home| Path::new(&home).join(".cache")));
    (cache.unwrap_or_default().join("thermostat/vocabularies"), false)
}

/// Texts and the tokens that they must become.
type Cases = Vec<(String, Vec<u32>)>;

/// A vocabulary and its cases, or nothing where it has not been fetched.
fn published(name: &str) -> Option<(Tokenizer, Cases)> {
    let (folder, required) = folder();
    let path = |suffix: &str| folder.join(format!("ggml-vocab-{name}.gguf{suffix}"));
    let Ok(file) = std::fs::read(path("")) else {
        assert!(!required, "{} is missing; {FOLDER_VARIABLE} says it is there", path("").display());
        eprintln!("SKIPPED: no {}; run tests/golden/fetch_vocabularies.py", path("").display());
        return None;
    };
    let tokenizer = Tokenizer::from_gguf(&Gguf::parse(file).unwrap()).unwrap();
    let texts = std::fs::read_to_string(path(".inp")).unwrap();
    let tokens = std::fs::read_to_string(path(".out")).unwrap();
    let texts: Vec<String> = texts.split_terminator("\n__ggml_vocab_test__\n").map(str::to_owned).collect();
    let tokens: Vec<Vec<u32>> = tokens
        .lines()
        .map(|line| line.split_whitespace().map(|number| number.parse().unwrap()).collect())
        .collect();
    assert_eq!(texts.len(), tokens.len(), "{name}: as many texts as lists of tokens");
    Some((tokenizer, texts.into_iter().zip(tokens).collect()))
}

/// Checks all cases of a vocabulary. The cases are without the token for a beginning, and nothing in them is parsed as
/// a special token.
fn check(name: &str) {
    let Some((tokenizer, cases)) = published(name) else { return };
    assert!(cases.len() >= 40, "{name} has only {} cases", cases.len());
    let beginning = tokenizer.encode("", false).unwrap().len();
    for (text, expected) in &cases {
        let found = tokenizer.encode(text, false).unwrap();
        assert_eq!(&found[beginning..], expected, "{name}: {text:?}");
        assert_eq!(&tokenizer.decode(&found), text, "{name}: back to text");
        assert_eq!(&streamed(&tokenizer, &found), text, "{name}: back to text, token by token");
    }
    eprintln!("{name}: {} cases are equal", cases.len());
}

fn streamed(tokenizer: &Tokenizer, tokens: &[u32]) -> String {
    let mut decoder = tokenizer.stream_decoder();
    let mut text = String::new();
    for &token in tokens {
        let new = decoder.push(tokenizer, token);
        assert!(!new.contains(char::REPLACEMENT_CHARACTER), "half a character was shown");
        text.push_str(&new);
    }
    text + &decoder.finish()
}

#[test]
fn gpt2_equals_its_published_cases() {
    check("gpt-2");
}

#[test]
fn llama_spm_equals_its_published_cases() {
    check("llama-spm");
}

#[test]
fn qwen2_equals_its_published_cases() {
    check("qwen2");
}

#[test]
fn llama_bpe_equals_its_published_cases() {
    check("llama-bpe");
}

#[test]
fn starcoder_equals_its_published_cases() {
    check("starcoder");
}

#[test]
fn phi3_equals_its_published_cases() {
    check("phi-3");
}

#[test]
fn control_tokens_cannot_be_spelled_in_any_vocabulary() {
    let spelled = [
        ("gpt-2", "<|endoftext|>"),
        ("llama-spm", "</s>"),
        ("qwen2", "<|im_end|>"),
        ("llama-bpe", "<|eot_id|>"),
        ("phi-3", "<|end|>"),
    ];
    for (name, spelling) in spelled {
        let Some((tokenizer, _)) = published(name) else { continue };
        let control = tokenizer.token_of(spelling).unwrap();
        let text = format!("a {spelling} b");
        let spelled_out = tokenizer.encode(&text, false).unwrap();
        assert!(!spelled_out.contains(&control), "{name}");
        assert_eq!(tokenizer.decode(&spelled_out), text, "{name}");
        assert!(tokenizer.encode(&text, true).unwrap().contains(&control), "{name}");
        assert!(tokenizer.is_end(control), "{name}");
    }
}
