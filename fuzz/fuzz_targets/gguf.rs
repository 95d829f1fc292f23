//! Any bytes at all, read as a model file and its tokenizer used.

#![no_main]

#[path = "../check.rs"]
mod check;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = check::read_and_use(bytes.to_vec());
});
