//! The same model in another format.

use super::{Gguf, GgufError, GgufWriter, TensorType, dequantize};

/// Which format holds most weights, as llama.cpp numbers it.
const FILE_TYPE_KEY: &str = "general.file_type";

/// A file with the same metadata, and every tensor that holds blocks or halves in the format `kind`. Tensors of `f32` stay as they
/// are: in models they are the norms. The same bytes on every machine.
///
/// # Errors
/// [`GgufError::Shape`] where rows are not whole blocks of `kind`.
pub fn converted(gguf: &Gguf, kind: TensorType) -> Result<Vec<u8>, GgufError> {
    let mut writer = GgufWriter::new();
    for (key, value) in gguf.metadata() {
        if key == FILE_TYPE_KEY {
            writer.set(key, kind.file_type())?;
        } else {
            writer.set(key, value.clone())?;
        }
    }
    for tensor in gguf.tensors() {
        let kept = tensor.kind() == TensorType::F32;
        let kind = if kept { TensorType::F32 } else { kind };
        let values = dequantize(tensor.kind(), tensor.bytes());
        writer.add_tensor(tensor.name(), tensor.shape(), kind, &values)?;
    }
    Ok(writer.finish())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn file(kind: TensorType) -> Vec<u8> {
        let values: Vec<f32> = (0..64_u8).map(|i| f32::from(i) * 0.25 - 8.0).collect();
        let mut writer = GgufWriter::new();
        writer.set("general.architecture", "llama").unwrap();
        writer.set(FILE_TYPE_KEY, kind.file_type()).unwrap();
        writer.add_tensor("weight", &[32, 2], kind, &values).unwrap();
        writer.add_tensor("norm", &[3], TensorType::F32, &[1.0, 0.1, -2.5]).unwrap();
        writer.finish()
    }

    #[test]
    fn metadata_and_values_stay_and_the_format_changes() {
        let before = Gguf::parse(file(TensorType::Q8_0)).unwrap();
        let after = Gguf::parse(converted(&before, TensorType::F16).unwrap()).unwrap();
        assert_eq!(after.get_str("general.architecture").unwrap(), "llama");
        assert_eq!(after.get_u32(FILE_TYPE_KEY).unwrap(), 1);
        let (weight, old) = (after.tensor("weight").unwrap(), before.tensor("weight").unwrap());
        assert_eq!((weight.kind(), weight.shape()), (TensorType::F16, &[32, 2][..]));
        let (new, old) = (dequantize(weight.kind(), weight.bytes()), dequantize(old.kind(), old.bytes()));
        for (new, old) in new.iter().zip(&old) {
            assert!((new - old).abs() <= old.abs() / 2048.0, "{new} of {old}: half a unit of F16's 11 bits");
        }
        assert_eq!(after.tensor("norm").unwrap().kind(), TensorType::F32);
        assert_eq!(after.tensor("norm").unwrap().bytes(), before.tensor("norm").unwrap().bytes());
    }

    #[test]
    fn a_file_in_its_own_format_is_the_same_file() {
        let before = file(TensorType::F16);
        let after = converted(&Gguf::parse(before.clone()).unwrap(), TensorType::F16).unwrap();
        assert_eq!(after, before);
    }
}
