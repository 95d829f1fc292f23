//! Round trips, and files that lie.

#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::*;

fn small_file() -> Vec<u8> {
    let mut writer = GgufWriter::new();
    writer
        .set("general.architecture", "llama")
        .unwrap()
        .set("llama.block_count", 2_u32)
        .unwrap()
        .set("epsilon", 1e-5_f32)
        .unwrap()
        .set("flag", true)
        .unwrap()
        .set("tokens", vec!["a".to_owned(), "\u{e9}".to_owned()])
        .unwrap()
        .set("numbers", Value::Array(Array::I32(vec![1, -2, 3])))
        .unwrap();
    let values: Vec<f32> = (0..128).map(|i| (i as f32 - 60.0) / 31.0).collect();
    for (name, kind) in [
        ("f32", TensorType::F32),
        ("f16", TensorType::F16),
        ("q8", TensorType::Q8_0),
        ("q4", TensorType::Q4_0),
    ] {
        writer.add_tensor(name, &[64, 2], kind, &values).unwrap();
    }
    writer.finish()
}

#[test]
fn what_was_written_is_read() {
    let gguf = Gguf::parse(small_file()).unwrap();
    assert_eq!(gguf.get_str("general.architecture"), Ok("llama"));
    assert_eq!(gguf.get_u32("llama.block_count"), Ok(2));
    assert_eq!(gguf.get_f32("epsilon"), Ok(1e-5));
    assert_eq!(gguf.get_bool("flag"), Ok(true));
    assert_eq!(gguf.get_strings("tokens").unwrap(), ["a", "\u{e9}"]);
    assert_eq!(gguf.get_ints("numbers").unwrap(), [1, -2, 3]);
    assert_eq!(gguf.tensors().count(), 4);
    let f32s = gguf.tensor("f32").unwrap();
    assert_eq!(f32s.shape(), [64, 2]);
    assert_eq!(dequantize(f32s.kind(), f32s.bytes())[127], (127.0 - 60.0) / 31.0);
}

#[test]
fn missing_and_mistyped_values_are_named() {
    let gguf = Gguf::parse(small_file()).unwrap();
    assert_eq!(gguf.get_str("no"), Err(GgufError::MissingKey("no".to_owned())));
    assert!(matches!(gguf.get_u32("flag"), Err(GgufError::WrongType { .. })));
    assert_eq!(gguf.tensor("no").err(), Some(GgufError::MissingTensor("no".to_owned())));
}

#[test]
fn every_truncation_is_an_error() {
    let file = small_file();
    for length in 0..file.len() {
        // The last tensor's padding may be cut off without harm; everything before it may not.
        if length < file.len() - DEFAULT_ALIGNMENT {
            assert!(Gguf::parse(file[..length].to_vec()).is_err(), "{length} bytes were accepted");
        }
    }
}

#[test]
fn wrong_magic_and_version_are_named() {
    let mut file = small_file();
    file[0] = b'X';
    assert_eq!(Gguf::parse(file).err(), Some(GgufError::Magic));
    let mut file = small_file();
    file[4] = 2;
    assert_eq!(Gguf::parse(file).err(), Some(GgufError::Version(2)));
}

/// A header with the given counts and nothing behind it but `rest`.
fn header(tensors: u64, metadata: u64, rest: &[u8]) -> Vec<u8> {
    let mut file = MAGIC.to_vec();
    file.extend(VERSION.to_le_bytes());
    file.extend(tensors.to_le_bytes());
    file.extend(metadata.to_le_bytes());
    file.extend(rest);
    file
}

fn tensor_info(name: &str, shape: &[u64], type_id: u32, offset: u64) -> Vec<u8> {
    let mut info = (name.len() as u64).to_le_bytes().to_vec();
    info.extend(name.as_bytes());
    info.extend((shape.len() as u32).to_le_bytes());
    shape.iter().for_each(|d| info.extend(d.to_le_bytes()));
    info.extend(type_id.to_le_bytes());
    info.extend(offset.to_le_bytes());
    info.resize(info.len() + 4096, 0);
    info
}

/// A metadata value with its key.
fn metadata(key: &[u8], type_id: u32, value: &[u8]) -> Vec<u8> {
    [&(key.len() as u64).to_le_bytes(), key, &type_id.to_le_bytes(), value].concat()
}

#[test]
fn huge_counts_are_refused_before_anything_is_allocated() {
    for count in [1 << 63, u64::MAX, 1 << 40, 3] {
        let refused = |file: Vec<u8>| match Gguf::parse(file) {
            Err(GgufError::Count { count: found, .. }) => assert_eq!(found, count),
            other => panic!("{count}: {other:?}"),
        };
        refused(header(count, 0, &[0; 64]));
        refused(header(0, count, &[0; 32]));
        for element in [6_u32, 8, 12] {
            // An array's type and its length.
            let array = [element.to_le_bytes().as_slice(), &count.to_le_bytes(), &[0; 8]].concat();
            refused(header(0, 1, &metadata(b"k", 9, &array)));
        }
    }
}

#[test]
fn lengths_past_the_end_are_refused() {
    for length in [1 << 63, u64::MAX, u64::MAX - 40, 65] {
        let name = [length.to_le_bytes().as_slice(), &[b'x'; 64]].concat();
        let truncated = |file: Vec<u8>| matches!(Gguf::parse(file), Err(GgufError::Truncated { .. }));
        assert!(truncated(header(0, 1, &name)), "a key of {length} bytes");
        assert!(truncated(header(1, 0, &name)), "a tensor's name of {length} bytes");
        assert!(truncated(header(0, 1, &metadata(b"k", 8, &name))), "a string of {length} bytes");
    }
}

#[test]
fn unknown_types_of_metadata_are_refused() {
    let refused = |type_id, value: &[u8]| match Gguf::parse(header(0, 1, &metadata(b"k", type_id, value))) {
        Err(GgufError::ValueType { key, type_id }) => (key, type_id),
        other => panic!("{other:?}"),
    };
    assert_eq!(refused(13, &[0; 64]), ("k".to_owned(), 13));
    assert_eq!(refused(u32::MAX, &[0; 64]), ("k".to_owned(), u32::MAX));
    // Arrays of an unknown type and arrays of arrays.
    assert_eq!(refused(9, &[77, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]), ("k".to_owned(), 77));
    assert_eq!(refused(9, &[9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]), ("k".to_owned(), 9));
}

#[test]
fn duplicate_keys_text_that_is_not_utf8_and_odd_alignments_are_refused() {
    let twice = metadata(b"k", 7, &[1]).repeat(2);
    assert_eq!(Gguf::parse(header(0, 2, &twice)).err(), Some(GgufError::Duplicate("k".to_owned())));
    let not_utf8 = metadata(&[0xff, 0xfe], 7, &[1]);
    assert_eq!(Gguf::parse(header(0, 1, &not_utf8)).err(), Some(GgufError::Utf8 { offset: 32 }));
    for alignment in [0_u32, 3, 48] {
        let value = metadata(ALIGNMENT_KEY.as_bytes(), 4, &alignment.to_le_bytes());
        assert_eq!(Gguf::parse(header(0, 1, &value)).err(), Some(GgufError::Alignment(u64::from(alignment))));
    }
}

#[test]
fn tensors_are_windows_into_the_bytes_that_were_given() {
    let file = small_file();
    let (begin, length) = (file.as_ptr() as usize, file.len());
    let gguf = Gguf::parse(file).unwrap();
    for tensor in gguf.tensors() {
        let at = tensor.bytes().as_ptr() as usize;
        assert!(at > begin && at + tensor.bytes().len() <= begin + length, "{} was copied", tensor.name());
    }
}

#[test]
fn impossible_tensors_are_refused() {
    let parse = |shape: &[u64], type_id, offset| {
        Gguf::parse(header(1, 0, &tensor_info("t", shape, type_id, offset))).err()
    };
    assert_eq!(parse(&[4], 0, 0), None);
    assert!(matches!(parse(&[1 << 33, 1 << 33], 0, 0), Some(GgufError::Shape { .. })));
    assert!(matches!(parse(&[1 << 62], 0, 0), Some(GgufError::Shape { .. })));
    assert!(matches!(parse(&[0], 0, 0), Some(GgufError::Shape { .. })));
    assert!(matches!(parse(&[33], 8, 0), Some(GgufError::Shape { .. })));
    assert!(matches!(parse(&[1; 5], 0, 0), Some(GgufError::Shape { .. })));
    assert!(matches!(parse(&[4], 77, 0), Some(GgufError::TensorType { type_id: 77, .. })));
    assert!(matches!(parse(&[4], 0, 1), Some(GgufError::Data { .. })));
    assert!(matches!(parse(&[4], 0, 1 << 40), Some(GgufError::Data { .. })));
    assert!(matches!(parse(&[4], 0, u64::MAX - 31), Some(GgufError::Data { .. })));
}

#[test]
fn duplicate_and_overlapping_tensors_are_refused() {
    let info = |name: &str| tensor_info(name, &[4], 0, 0)[..8 + name.len() + 4 + 8 + 4 + 8].to_vec();
    let two = |a: &str, b: &str| {
        let mut rest = [info(a), info(b)].concat();
        rest.resize(4096, 0);
        Gguf::parse(header(2, 0, &rest)).err()
    };
    assert_eq!(two("t", "t"), Some(GgufError::Duplicate("t".to_owned())));
    assert!(matches!(two("t", "u"), Some(GgufError::Data { .. })));
}

#[test]
fn the_writer_refuses_what_the_reader_would() {
    let mut writer = GgufWriter::new();
    assert!(writer.add_tensor("t", &[33], TensorType::Q8_0, &[0.0; 33]).is_err());
    assert!(writer.add_tensor("t", &[32], TensorType::Q8_0, &[0.0; 31]).is_err());
    writer.add_tensor("t", &[32], TensorType::Q8_0, &[0.0; 32]).unwrap();
    assert!(writer.add_tensor("t", &[32], TensorType::Q8_0, &[0.0; 32]).is_err());
    writer.set("k", 1_u32).unwrap();
    assert!(writer.set("k", 1_u32).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]

    /// A bounded fuzz of the parser: valid files with a few bytes changed must give a file or an error, never a panic.
    #[test]
    fn changed_bytes_never_panic(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
        let mut file = small_file();
        for (index, byte) in changes {
            let at = index.index(file.len());
            file[at] = byte;
        }
        if let Ok(gguf) = Gguf::parse(file) {
            for tensor in gguf.tensors() {
                let values: usize = tensor.shape().iter().product();
                prop_assert_eq!(dequantize(tensor.kind(), tensor.bytes()).len(), values);
            }
        }
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..512)) {
        let _ = Gguf::parse(header(1, 2, &bytes));
        let _ = Gguf::parse(bytes);
    }
}
