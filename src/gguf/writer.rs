//! Writing a container. The bytes depend on the content alone: metadata and tensors come in the order they were added.

use super::{
    Array, DEFAULT_ALIGNMENT, GgufError, MAGIC, TensorType, VERSION, Value, quantize, value::ARRAY_ID,
};

/// Collects metadata and tensors, then writes them.
#[derive(Debug, Clone, Default)]
pub struct GgufWriter {
    metadata: Vec<(String, Value)>,
    tensors: Vec<(String, Vec<usize>, TensorType, Vec<u8>)>,
}

impl GgufWriter {
    /// An empty file.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a metadata value.
    ///
    /// # Errors
    /// [`GgufError::Duplicate`].
    pub fn set(&mut self, key: &str, value: impl Into<Value>) -> Result<&mut Self, GgufError> {
        if self.metadata.iter().any(|(k, _)| k == key) {
            return Err(GgufError::Duplicate(key.to_owned()));
        }
        self.metadata.push((key.to_owned(), value.into()));
        Ok(self)
    }

    /// Adds a tensor. `shape` in GGUF's order (row length first); `values` row by row.
    ///
    /// # Errors
    /// A name that is there already, or a shape that does not fit the values or the format.
    pub fn add_tensor(
        &mut self,
        name: &str,
        shape: &[usize],
        kind: TensorType,
        values: &[f32],
    ) -> Result<&mut Self, GgufError> {
        let bad = |reason| GgufError::Shape { name: name.to_owned(), reason };
        if self.tensors.iter().any(|(n, ..)| n == name) {
            return Err(GgufError::Duplicate(name.to_owned()));
        }
        if shape.is_empty() || shape.len() > 4 || shape.contains(&0) {
            return Err(bad("it must have one to four dimensions, none of them zero"));
        }
        if shape.iter().product::<usize>() != values.len() {
            return Err(bad("its shape does not match the number of values"));
        }
        if !shape[0].is_multiple_of(kind.block_values()) {
            return Err(bad("its rows are not whole blocks"));
        }
        self.tensors.push((name.to_owned(), shape.to_vec(), kind, quantize(kind, values)));
        Ok(self)
    }

    /// The file.
    #[must_use]
    pub fn finish(&self) -> Vec<u8> {
        let mut out = Vec::new();
        out.extend(MAGIC);
        out.extend(VERSION.to_le_bytes());
        out.extend((self.tensors.len() as u64).to_le_bytes());
        out.extend((self.metadata.len() as u64).to_le_bytes());
        for (key, value) in &self.metadata {
            write_string(&mut out, key);
            out.extend(value.type_id().to_le_bytes());
            write_value(&mut out, value);
        }
        let mut offset = 0_usize;
        for (name, shape, kind, bytes) in &self.tensors {
            write_string(&mut out, name);
            out.extend((shape.len() as u32).to_le_bytes());
            for &length in shape {
                out.extend((length as u64).to_le_bytes());
            }
            out.extend(kind.id().to_le_bytes());
            out.extend((offset as u64).to_le_bytes());
            offset = (offset + bytes.len()).next_multiple_of(DEFAULT_ALIGNMENT);
        }
        for (.., bytes) in &self.tensors {
            out.resize(out.len().next_multiple_of(DEFAULT_ALIGNMENT), 0);
            out.extend(bytes);
        }
        out.resize(out.len().next_multiple_of(DEFAULT_ALIGNMENT), 0);
        out
    }
}

fn write_string(out: &mut Vec<u8>, text: &str) {
    out.extend((text.len() as u64).to_le_bytes());
    out.extend(text.as_bytes());
}

fn write_value(out: &mut Vec<u8>, value: &Value) {
    match value {
        Value::U8(v) => out.extend(v.to_le_bytes()),
        Value::I8(v) => out.extend(v.to_le_bytes()),
        Value::U16(v) => out.extend(v.to_le_bytes()),
        Value::I16(v) => out.extend(v.to_le_bytes()),
        Value::U32(v) => out.extend(v.to_le_bytes()),
        Value::I32(v) => out.extend(v.to_le_bytes()),
        Value::F32(v) => out.extend(v.to_le_bytes()),
        Value::Bool(v) => out.push(u8::from(*v)),
        Value::String(v) => write_string(out, v),
        Value::Array(v) => write_array(out, v),
        Value::U64(v) => out.extend(v.to_le_bytes()),
        Value::I64(v) => out.extend(v.to_le_bytes()),
        Value::F64(v) => out.extend(v.to_le_bytes()),
    }
}

fn write_array(out: &mut Vec<u8>, array: &Array) {
    debug_assert_ne!(array.type_id(), ARRAY_ID);
    out.extend(array.type_id().to_le_bytes());
    macro_rules! numbers {
        ($values:expr) => {{
            out.extend(($values.len() as u64).to_le_bytes());
            $values.iter().for_each(|v| out.extend(v.to_le_bytes()));
        }};
    }
    match array {
        Array::U8(v) => numbers!(v),
        Array::I8(v) => numbers!(v),
        Array::U16(v) => numbers!(v),
        Array::I16(v) => numbers!(v),
        Array::U32(v) => numbers!(v),
        Array::I32(v) => numbers!(v),
        Array::F32(v) => numbers!(v),
        Array::U64(v) => numbers!(v),
        Array::I64(v) => numbers!(v),
        Array::F64(v) => numbers!(v),
        Array::Bool(v) => {
            out.extend((v.len() as u64).to_le_bytes());
            out.extend(v.iter().map(|&b| u8::from(b)));
        }
        Array::String(v) => {
            out.extend((v.len() as u64).to_le_bytes());
            v.iter().for_each(|s| write_string(out, s));
        }
    }
}
