//! Bounded fuzzing on stable Rust: valid model files with something changed are read and used, and nothing may panic.
//!
//! The changes know the format a little: numbers that look like lengths and counts are overwritten with numbers that
//! tempt a reader to overflow or to allocate. The same iterations run every time. For longer runs:
//! `THERMOSTAT_FUZZ_SECONDS=600 cargo test --release --test fuzz_gguf`. A file that fails is written to
//! `target/fuzz/`. `fuzz/` holds the same check for cargo-fuzz, which is guided by coverage.

#![allow(clippy::unwrap_used, missing_docs)]

#[path = "../fuzz/check.rs"]
mod check;

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::{Duration, Instant};

use check::{Outcome, read_and_use};
use thermostat::gguf::{Array, GgufWriter, TensorType, Value};
use thermostat::text::{THERMOSTAT_TEMPLATE, byte_to_char};

/// Iterations where no time is asked for: a few seconds without optimisation.
const ITERATIONS: u64 = 20_000;

/// All tensors of the valid files, and some of their keys, each as long as another.
const TENSORS: [&str; 4] = ["tensor.a", "tensor.b", "tensor.c", "tensor.d"];
const KEYS: [&str; 5] = [
    "tokenizer.ggml.tokens",
    "tokenizer.ggml.merges",
    "tokenizer.ggml.scores",
    "general.alignment",
    "some.other.number",
];

/// SplitMix64 (Steele et al. 2014): small, and the same everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Below `end`, which is not 0.
    fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }
}

/// A byte-level vocabulary and tensors of all types.
fn byte_level_file() -> Vec<u8> {
    let mut tokens: Vec<String> = (0..=u8::MAX).map(|b| byte_to_char(b).to_string()).collect();
    let merges = ["l l", "t o", "M \u{c3}", "\u{120} to"].map(str::to_owned).to_vec();
    tokens.extend(merges.iter().map(|merge| merge.replace(' ', "")));
    let mut types = vec![1; tokens.len()];
    tokens.extend(["<|user|>", "<|assistant|>", "<|end|>", "pay"].map(str::to_owned));
    types.extend([3, 3, 3, 4]);
    let mut writer = GgufWriter::new();
    writer.set("tokenizer.ggml.model", "gpt2").unwrap();
    writer.set("tokenizer.ggml.pre", "llama-bpe").unwrap();
    writer.set("tokenizer.ggml.merges", merges).unwrap();
    writer.set("tokenizer.chat_template", THERMOSTAT_TEMPLATE).unwrap();
    finish(writer, tokens, types)
}

/// A vocabulary with scores.
fn scored_file() -> Vec<u8> {
    let mut tokens: Vec<String> = ["<unk>", "<s>", "</s>"].map(str::to_owned).to_vec();
    let mut types = vec![2, 3, 3];
    tokens.extend((0..=u8::MAX).map(|byte| format!("<0x{byte:02X}>")));
    types.extend([6; 256]);
    tokens.extend(["\u{2581}", "t", "o", "to", "\u{2581}to", "ll", "<s", "pay"].map(str::to_owned));
    types.extend([1, 1, 1, 1, 1, 1, 1, 4]);
    let scores = (0..tokens.len()).map(|token| -(token as f32)).collect();
    let mut writer = GgufWriter::new();
    writer.set("tokenizer.ggml.model", "llama").unwrap();
    writer.set("tokenizer.ggml.scores", Value::Array(Array::F32(scores))).unwrap();
    writer.set("tokenizer.ggml.bos_token_id", 1_u32).unwrap();
    writer.set("tokenizer.ggml.eos_token_id", 2_u32).unwrap();
    finish(writer, tokens, types)
}

fn finish(mut writer: GgufWriter, tokens: Vec<String>, types: Vec<i32>) -> Vec<u8> {
    writer.set("tokenizer.ggml.tokens", tokens).unwrap();
    writer.set("tokenizer.ggml.token_type", Value::Array(Array::I32(types))).unwrap();
    writer.set("general.alignment", 32_u32).unwrap();
    writer.set("some.other.number", Value::Array(Array::F64(vec![0.5; 3]))).unwrap();
    for (kind, name) in TensorType::ALL.into_iter().zip(TENSORS) {
        writer.add_tensor(name, &[64, 2], kind, &[0.5; 128]).unwrap();
    }
    writer.finish()
}

/// A valid file, and where its lengths, counts and type numbers stand.
struct Seed {
    bytes: Vec<u8>,
    /// Where the lengths of names stand, in front of the names.
    names: Vec<usize>,
    /// Where numbers stand.
    numbers: Vec<usize>,
}

impl Seed {
    fn new(bytes: Vec<u8>) -> Self {
        let find = |name: &str| bytes.windows(name.len()).position(|window| window == name.as_bytes());
        // Behind a key: type, element type and length of an array, or a value. Behind a tensor's name: number of
        // dimensions, shape, type, offset. The counts of tensors and metadata stand at 8 and 16.
        let keys = KEYS.iter().filter_map(|name| Some((find(name)?, name.len(), [0, 4, 8, 16, 16])));
        let tensors = TENSORS.iter().filter_map(|name| Some((find(name)?, name.len(), [0, 4, 12, 20, 24])));
        let (mut names, mut numbers) = (Vec::new(), vec![8, 16]);
        for (at, length, behind) in keys.chain(tensors) {
            names.push(at - 8);
            numbers.extend(behind.map(|distance| at + length + distance));
        }
        numbers.extend(&names);
        Self { bytes, names, numbers }
    }
}

/// A seed with one to four things changed.
fn changed(seeds: &[Seed], random: &mut Random) -> Vec<u8> {
    let seed = &seeds[random.below(seeds.len())];
    let mut file = seed.bytes.clone();
    for _ in 0..1 + random.below(4) {
        if file.len() < 16 {
            break;
        }
        let at = random.below(file.len() - 8);
        match random.below(10) {
            0 => file[at] ^= 1 << random.below(8),
            1 => file[at] = [0, 1, 0x7f, 0x80, 0xff][random.below(5)],
            2 | 3 => overwrite_number(&mut file, seed.numbers[random.below(seed.numbers.len())], random),
            4 => overwrite_number(&mut file, at, random),
            5 => copy_name(&mut file, &seed.names, random),
            // Rarely, or most files would end too early to reach anything else.
            6 if random.below(4) == 0 => file.truncate(at),
            7 => {
                let length = random.below((file.len() - at).min(64));
                let piece: Vec<u8> = file[at..at + length].to_vec();
                let to = random.below(file.len());
                file.splice(to..to, piece);
            }
            8 => {
                let length = random.below((file.len() - at).min(64));
                file.drain(at..at + length);
            }
            _ => file[at] = random.next() as u8,
        }
    }
    file
}

/// Copies a name with its length over another: names that are there twice, or not at all.
fn copy_name(file: &mut [u8], names: &[usize], random: &mut Random) {
    let [from, to] = [(); 2].map(|()| names[random.below(names.len())]);
    let Some(length) = file.get(from).map(|&length| 8 + usize::from(length)) else { return };
    if from.max(to) + length <= file.len() {
        file.copy_within(from..from + length, to);
    }
}

/// Writes a number that tempts: huge, just past what fits, or off by one.
fn overwrite_number(file: &mut [u8], at: usize, random: &mut Random) {
    let Some(place) = file.get(at..at + 8) else { return };
    let old = u64::from_le_bytes(place.try_into().unwrap());
    let length = file.len() as u64;
    let tempting = [
        0,
        old.wrapping_add(1),
        old.wrapping_sub(1),
        u64::from(u32::MAX),
        1 << 31,
        1 << 32,
        1 << 62,
        1 << 63,
        u64::MAX,
        u64::MAX - at as u64,
        length - at as u64,
        length / 8,
    ];
    let number = tempting[random.below(tempting.len())].to_le_bytes();
    let width = if random.below(3) == 0 { 4 } else { 8 };
    file[at..at + width].copy_from_slice(&number[..width]);
}

/// What became of a file, by name and without the particulars: `Refused(Shape`, `NoTokenizer(Gguf(MissingKey`, `Used`.
fn kind_of(outcome: &Outcome) -> String {
    let full = format!("{outcome:?}");
    let name = full.split([' ', '"', ')']).next().unwrap_or_default().trim_end_matches('(');
    match name.rsplit_once('(') {
        Some((before, number)) if number.starts_with(|c: char| c.is_ascii_digit()) => before.to_owned(),
        _ => name.to_owned(),
    }
}

#[test]
fn seeds_are_valid() {
    // A coverage-guided fuzzer gets further from these than from nothing.
    let corpus = std::env::var_os("THERMOSTAT_FUZZ_CORPUS");
    for (name, seed) in [("byte_level", byte_level_file()), ("scored", scored_file())] {
        if let Some(folder) = &corpus {
            std::fs::create_dir_all(folder).unwrap();
            std::fs::write(Path::new(folder).join(name), &seed).unwrap();
        }
        assert!(matches!(read_and_use(seed), Outcome::Used), "{name}");
    }
}

#[test]
fn changed_files_never_panic() {
    let seeds = [Seed::new(byte_level_file()), Seed::new(scored_file())];
    let seconds = std::env::var("THERMOSTAT_FUZZ_SECONDS").ok().map(|text| text.parse().unwrap());
    let deadline = seconds.map(|seconds| Instant::now() + Duration::from_secs(seconds));
    let mut outcomes: BTreeMap<String, u64> = BTreeMap::new();
    for iteration in 0.. {
        let done = match deadline {
            Some(deadline) => Instant::now() >= deadline,
            None => iteration == ITERATIONS,
        };
        if done {
            break;
        }
        let file = changed(&seeds, &mut Random(iteration));
        match catch_unwind(AssertUnwindSafe(|| read_and_use(file.clone()))) {
            Ok(outcome) => *outcomes.entry(kind_of(&outcome)).or_default() += 1,
            Err(_) => {
                let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/fuzz");
                std::fs::create_dir_all(&folder).unwrap();
                let path = folder.join(format!("gguf-{iteration}.gguf"));
                std::fs::write(&path, &file).unwrap();
                panic!("iteration {iteration} panicked; the file is {}", path.display());
            }
        }
    }
    eprintln!("{outcomes:#?}");
    // The changes must reach every part: a fuzzer whose files are all refused at the door finds nothing.
    let reached = |kind: &str| outcomes.get(kind).copied().unwrap_or_default();
    let all: u64 = outcomes.values().sum();
    assert!(reached("Used") * 20 > all, "only {} of {all} files could be used", reached("Used"));
    for kind in
        ["Truncated", "Count", "Utf8", "ValueType", "Duplicate", "TensorType", "Shape", "Data", "Magic"]
    {
        assert!(reached(&format!("Refused({kind}")) > 0, "no file was refused for {kind}: {outcomes:#?}");
    }
    for kind in ["Inconsistent", "Gguf(MissingKey"] {
        assert!(reached(&format!("NoTokenizer({kind}")) > 0, "no tokenizer was {kind}: {outcomes:#?}");
    }
}
