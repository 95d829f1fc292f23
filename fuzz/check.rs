//! What is done with every file that a fuzzer makes; shared by the fuzz target and `tests/fuzz_gguf.rs`.

use thermostat::gguf::{Gguf, GgufError, TensorView, dequantize};
use thermostat::text::{TextError, Tokenizer};

/// Text with what tokenizers treat in special ways.
const TEXT: &str =
    "<|user|>I'll  pay 3000\u{20ac} to\r\n\tM\u{fc}nchen<s>\u{17b6}\u{1f30a}\u{2581}<0x0A></s><|im_end|> 'S ";

/// Most values that are unpacked; a file of the fuzzer's is small anyway.
const MOST_VALUES: usize = 1 << 16;

/// How far a file got.
#[derive(Debug)]
#[allow(dead_code, reason = "the fuzz target asks for no more than that nothing panics")]
pub enum Outcome {
    /// Not a container.
    Refused(GgufError),
    /// A container without a tokenizer that can be used.
    NoTokenizer(TextError),
    /// Everything could be read and used.
    Used,
}

/// Reads a file, looks at all of it, and encodes and decodes with its tokenizer. Must never panic.
pub fn read_and_use(bytes: Vec<u8>) -> Outcome {
    let gguf = match Gguf::parse(bytes) {
        Ok(gguf) => gguf,
        Err(error) => return Outcome::Refused(error),
    };
    gguf.tensors().for_each(unpack);
    let tokenizer = match Tokenizer::from_gguf(&gguf) {
        Ok(tokenizer) => tokenizer,
        Err(error) => return Outcome::NoTokenizer(error),
    };
    for parse_special in [false, true] {
        if let Ok(tokens) = tokenizer.encode(TEXT, parse_special) {
            assert!(tokens.iter().all(|&t| (t as usize) < tokenizer.vocabulary_len()), "unknown token");
            let _ = tokenizer.decode(&tokens);
        }
    }
    // A visitor's text never becomes structure, whatever the file says; the beginning is the tokenizer's own.
    if let (Ok(tokens), Ok(empty)) = (tokenizer.encode(TEXT, false), tokenizer.encode("", false)) {
        assert!(!tokens[empty.len()..].iter().any(|&t| tokenizer.is_control(t)), "structure in plain text");
    }
    let _ = tokenizer.chat_prompt(TEXT);
    let end = tokenizer.vocabulary_len() as u32;
    let _ = tokenizer.decode(&[0, 1, end.wrapping_sub(1), end, u32::MAX]);
    Outcome::Used
}

fn unpack(tensor: TensorView<'_>) {
    let values: usize = tensor.shape().iter().product();
    if values <= MOST_VALUES {
        assert_eq!(dequantize(tensor.kind(), tensor.bytes()).len(), values, "{}", tensor.name());
    }
}
