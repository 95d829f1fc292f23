//! Real vocabularies and their published cases: every text must become exactly the published tokens.
//!
//! The files are fetched by `tests/golden/fetch_vocabularies.py` and never committed. Where they are absent the tests say
//! so and check nothing; with `THERMOSTAT_VOCABULARIES` set they must be there. `tests/golden/more_cases.json` adds hundreds
//! of odd texts with the tokens that llama.cpp makes of them; its script makes thousands more for whoever asks.

#![allow(clippy::unwrap_used, missing_docs)]

use std::collections::HashMap;
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

/// Checks a vocabulary in every way that there is a file for. `end`: a control token that ends answers.
fn check(name: &str, end: Option<&str>) {
    let (folder, required) = folder();
    let path = |suffix: &str| folder.join(format!("ggml-vocab-{name}.gguf{suffix}"));
    let Ok(file) = std::fs::read(path("")) else {
        assert!(!required, "{} is missing; {FOLDER_VARIABLE} says it is there", path("").display());
        eprintln!("SKIPPED: no {}: run tests/golden/fetch_vocabularies.py", path("").display());
        return;
    };
    let tokenizer = Tokenizer::from_gguf(&Gguf::parse(file).unwrap()).unwrap();
    let texts = std::fs::read_to_string(path(".inp")).unwrap();
    let tokens = std::fs::read_to_string(path(".out")).unwrap();
    published_cases_are_equal(name, &tokenizer, &texts, &tokens);
    if let Some(end) = end {
        end_cannot_be_spelled(name, &tokenizer, end);
    }
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/more_cases.json");
    let mut committed: HashMap<String, Vec<Case>> =
        serde_json::from_str(&std::fs::read_to_string(committed).unwrap()).unwrap();
    let committed = committed.remove(name).unwrap();
    assert!(committed.len() >= 200, "{name} has only {} more cases", committed.len());
    more_cases_are_equal(name, &tokenizer, &committed);
    if let Ok(cases) = std::fs::read_to_string(path(".more.json")) {
        more_cases_are_equal(name, &tokenizer, &serde_json::from_str::<Vec<Case>>(&cases).unwrap());
    }
}

/// A text, whether special tokens are parsed in it, and its tokens.
type Case = (String, bool, Vec<u32>);

/// The cases are without the token for a beginning, and nothing in them is parsed as a special token.
fn published_cases_are_equal(name: &str, tokenizer: &Tokenizer, texts: &str, tokens: &str) {
    let texts: Vec<&str> = texts.split_terminator("\n__ggml_vocab_test__\n").collect();
    let tokens: Vec<Vec<u32>> = tokens
        .lines()
        .map(|line| line.split_whitespace().map(|number| number.parse().unwrap()).collect())
        .collect();
    assert_eq!(texts.len(), tokens.len(), "{name}: as many texts as lists of tokens");
    assert!(texts.len() >= 40, "{name} has only {} cases", texts.len());
    let beginning = tokenizer.encode("", false).unwrap().len();
    for (text, expected) in texts.iter().zip(&tokens) {
        let found = tokenizer.encode(text, false).unwrap();
        assert_eq!(&found[beginning..], expected, "{name}: {text:?}");
        assert_eq!(&tokenizer.decode(&found), text, "{name}: back to text");
        assert_eq!(&streamed(tokenizer, &found), text, "{name}: back to text, token by token");
    }
    eprintln!("{name}: {} published cases are equal", texts.len());
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

fn end_cannot_be_spelled(name: &str, tokenizer: &Tokenizer, end: &str) {
    let control = tokenizer.token_of(end).unwrap();
    let text = format!("a {end} b");
    let spelled_out = tokenizer.encode(&text, false).unwrap();
    assert!(!spelled_out.contains(&control), "{name}");
    assert_eq!(tokenizer.decode(&spelled_out), text, "{name}");
    assert!(tokenizer.encode(&text, true).unwrap().contains(&control), "{name}");
    assert!(tokenizer.is_end(control), "{name}");
}

fn more_cases_are_equal(name: &str, tokenizer: &Tokenizer, cases: &[Case]) {
    let beginning = tokenizer.encode("", false).unwrap().len();
    for (text, parse_special, expected) in cases {
        let found = tokenizer.encode(text, *parse_special).unwrap();
        assert_eq!(&found[beginning..], expected, "{name}: {text:?}, special tokens {parse_special}");
    }
    eprintln!("{name}: {} more cases are equal to llama.cpp's", cases.len());
}

#[test]
fn gpt2_equals_its_published_cases() {
    check("gpt-2", Some("<|endoftext|>"));
}

#[test]
fn llama_spm_equals_its_published_cases() {
    check("llama-spm", Some("</s>"));
}

#[test]
fn qwen2_equals_its_published_cases() {
    check("qwen2", Some("<|im_end|>"));
}

#[test]
fn llama_bpe_equals_its_published_cases() {
    check("llama-bpe", Some("<|eot_id|>"));
}

/// The rule of SmolLM2's vocabulary too, which is not published with cases.
#[test]
fn starcoder_equals_its_published_cases() {
    check("starcoder", None);
}

#[test]
fn phi3_equals_its_published_cases() {
    check("phi-3", Some("<|end|>"));
}
