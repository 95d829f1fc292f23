//! Reading a container.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use super::value::ARRAY_ID;
use super::{ALIGNMENT_KEY, Array, DEFAULT_ALIGNMENT, GgufError, MAGIC, TensorType, VERSION, Value};

/// Most dimensions of a tensor (ggml's own limit).
const MOST_DIMENSIONS: usize = 4;

/// A parsed file, which owns its bytes.
#[derive(Debug, Clone)]
pub struct Gguf {
    bytes: Vec<u8>,
    metadata: BTreeMap<String, Value>,
    tensors: Vec<TensorEntry>,
    by_name: HashMap<String, usize>,
}

#[derive(Debug, Clone)]
struct TensorEntry {
    name: String,
    shape: Vec<usize>,
    kind: TensorType,
    range: Range<usize>,
}

/// A tensor: a window into the file.
#[derive(Debug, Clone, Copy)]
pub struct TensorView<'a> {
    entry: &'a TensorEntry,
    bytes: &'a [u8],
}

impl<'a> TensorView<'a> {
    /// The tensor's name.
    #[must_use]
    pub fn name(&self) -> &'a str {
        &self.entry.name
    }

    /// Shape in GGUF's order: the length of a contiguous row first, then the number of rows, and so on.
    #[must_use]
    pub fn shape(&self) -> &'a [usize] {
        &self.entry.shape
    }

    /// How the values are stored.
    #[must_use]
    pub fn kind(&self) -> TensorType {
        self.entry.kind
    }

    /// The stored bytes.
    #[must_use]
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }
}

impl Gguf {
    /// Parses a file.
    ///
    /// # Errors
    /// A typed error for whatever is wrong; never a panic, and no allocation that the file's own size does not justify.
    #[inline(never)]
    pub fn parse(bytes: Vec<u8>) -> Result<Self, GgufError> {
        let mut cursor = Cursor { bytes: &bytes, offset: 0 };
        if cursor.take(4, "the magic number")? != MAGIC {
            return Err(GgufError::Magic);
        }
        let version = cursor.u32("the version")?;
        if version != VERSION {
            return Err(GgufError::Version(version));
        }
        let tensor_count = cursor.count("the number of tensors", 32)?;
        let metadata_count = cursor.count("the number of metadata values", 13)?;

        let mut metadata = BTreeMap::new();
        for _ in 0..metadata_count {
            let key = cursor.string("a metadata key")?;
            let type_id = cursor.u32("a metadata type")?;
            let value = cursor.value(&key, type_id)?;
            if metadata.contains_key(&key) {
                return Err(GgufError::Duplicate(key));
            }
            metadata.insert(key, value);
        }
        let alignment = match metadata.get(ALIGNMENT_KEY) {
            None => DEFAULT_ALIGNMENT,
            Some(value) => {
                let value = value.as_u64().unwrap_or(0);
                usize::try_from(value)
                    .ok()
                    .filter(|a| a.is_power_of_two())
                    .ok_or(GgufError::Alignment(value))?
            }
        };

        let mut tensors = Vec::with_capacity(tensor_count);
        let mut by_name = HashMap::with_capacity(tensor_count);
        for index in 0..tensor_count {
            let entry = cursor.tensor_entry()?;
            if by_name.insert(entry.name.clone(), index).is_some() {
                return Err(GgufError::Duplicate(entry.name));
            }
            tensors.push(entry);
        }
        let data_start = cursor.offset.checked_next_multiple_of(alignment).unwrap_or(usize::MAX);
        place_data(&mut tensors, data_start, alignment, bytes.len())?;
        Ok(Self { bytes, metadata, tensors, by_name })
    }

    /// Whether a metadata key is there.
    #[must_use]
    pub fn contains(&self, key: &str) -> bool {
        self.metadata.contains_key(key)
    }

    /// A metadata value.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.metadata.get(key)
    }

    /// All metadata, sorted by key.
    pub fn metadata(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.metadata.iter().map(|(k, v)| (k.as_str(), v))
    }

    fn require(&self, key: &str) -> Result<&Value, GgufError> {
        self.get(key).ok_or_else(|| GgufError::MissingKey(key.to_owned()))
    }

    /// A string.
    ///
    /// # Errors
    /// [`GgufError::MissingKey`] or [`GgufError::WrongType`]; so for all getters.
    pub fn get_str(&self, key: &str) -> Result<&str, GgufError> {
        match self.require(key)? {
            Value::String(value) => Ok(value),
            _ => Err(wrong_type(key, "a string")),
        }
    }

    /// An unsigned number of any width that fits 32 bits.
    ///
    /// # Errors
    /// See [`Self::get_str`].
    pub fn get_u32(&self, key: &str) -> Result<u32, GgufError> {
        let value = self.require(key)?.as_u64().and_then(|v| u32::try_from(v).ok());
        value.ok_or_else(|| wrong_type(key, "a number of 32 bits"))
    }

    /// A float.
    ///
    /// # Errors
    /// See [`Self::get_str`].
    pub fn get_f32(&self, key: &str) -> Result<f32, GgufError> {
        match *self.require(key)? {
            Value::F32(value) => Ok(value),
            Value::F64(value) => Ok(value as f32),
            _ => Err(wrong_type(key, "a float")),
        }
    }

    /// A truth value.
    ///
    /// # Errors
    /// See [`Self::get_str`].
    pub fn get_bool(&self, key: &str) -> Result<bool, GgufError> {
        match *self.require(key)? {
            Value::Bool(value) => Ok(value),
            _ => Err(wrong_type(key, "true or false")),
        }
    }

    /// An array of strings.
    ///
    /// # Errors
    /// See [`Self::get_str`].
    pub fn get_strings(&self, key: &str) -> Result<&[String], GgufError> {
        match self.require(key)? {
            Value::Array(Array::String(values)) => Ok(values),
            _ => Err(wrong_type(key, "a list of strings")),
        }
    }

    /// An array of floats.
    ///
    /// # Errors
    /// See [`Self::get_str`].
    pub fn get_floats(&self, key: &str) -> Result<&[f32], GgufError> {
        match self.require(key)? {
            Value::Array(Array::F32(values)) => Ok(values),
            _ => Err(wrong_type(key, "a list of floats")),
        }
    }

    /// An array of signed numbers.
    ///
    /// # Errors
    /// See [`Self::get_str`].
    pub fn get_ints(&self, key: &str) -> Result<&[i32], GgufError> {
        match self.require(key)? {
            Value::Array(Array::I32(values)) => Ok(values),
            _ => Err(wrong_type(key, "a list of whole numbers")),
        }
    }

    /// A tensor by name.
    ///
    /// # Errors
    /// [`GgufError::MissingTensor`].
    pub fn tensor(&self, name: &str) -> Result<TensorView<'_>, GgufError> {
        let index = self.by_name.get(name).ok_or_else(|| GgufError::MissingTensor(name.to_owned()))?;
        Ok(self.view(&self.tensors[*index]))
    }

    /// All tensors, in the file's order.
    pub fn tensors(&self) -> impl Iterator<Item = TensorView<'_>> {
        self.tensors.iter().map(|entry| self.view(entry))
    }

    fn view<'a>(&'a self, entry: &'a TensorEntry) -> TensorView<'a> {
        TensorView { entry, bytes: &self.bytes[entry.range.clone()] }
    }
}

fn wrong_type(key: &str, expected: &'static str) -> GgufError {
    GgufError::WrongType { key: key.to_owned(), expected }
}

/// Turns offsets relative to the data section into checked ranges of the file.
fn place_data(
    tensors: &mut [TensorEntry],
    data_start: usize,
    alignment: usize,
    file_length: usize,
) -> Result<(), GgufError> {
    for entry in &mut *tensors {
        let bad = |reason| GgufError::Data { name: entry.name.clone(), reason };
        if !entry.range.start.is_multiple_of(alignment) {
            return Err(bad("do not begin at a multiple of the alignment"));
        }
        let outside = || bad("lie outside the file");
        let start = data_start.checked_add(entry.range.start).ok_or_else(outside)?;
        let end = start.checked_add(entry.range.end).ok_or_else(outside)?;
        if end > file_length {
            return Err(outside());
        }
        entry.range = start..end;
    }
    let mut order: Vec<&TensorEntry> = tensors.iter().collect();
    order.sort_by_key(|entry| entry.range.start);
    for pair in order.windows(2) {
        if pair[1].range.start < pair[0].range.end {
            return Err(GgufError::Data { name: pair[1].name.clone(), reason: "lie over another tensor's" });
        }
    }
    Ok(())
}

/// Reads little-endian values and never past the end.
struct Cursor<'a> {
    bytes: &'a [u8],
    offset: usize,
}

impl<'a> Cursor<'a> {
    fn take(&mut self, length: usize, what: &'static str) -> Result<&'a [u8], GgufError> {
        let truncated = GgufError::Truncated { what, offset: self.offset };
        let end = self.offset.checked_add(length).ok_or(truncated.clone())?;
        let taken = self.bytes.get(self.offset..end).ok_or(truncated)?;
        self.offset = end;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self, what: &'static str) -> Result<[u8; N], GgufError> {
        let mut out = [0; N];
        out.copy_from_slice(self.take(N, what)?);
        Ok(out)
    }

    fn u32(&mut self, what: &'static str) -> Result<u32, GgufError> {
        Ok(u32::from_le_bytes(self.array(what)?))
    }

    fn u64(&mut self, what: &'static str) -> Result<u64, GgufError> {
        Ok(u64::from_le_bytes(self.array(what)?))
    }

    /// A number of things of at least `least_bytes` each; more than can fit into the rest of the file is an error here,
    /// before anything is allocated for them.
    fn count(&mut self, what: &'static str, least_bytes: usize) -> Result<usize, GgufError> {
        let offset = self.offset;
        let count = self.u64(what)?;
        let most = (self.bytes.len() - self.offset) / least_bytes;
        let fitting = usize::try_from(count).ok().filter(|&c| c <= most);
        fitting.ok_or(GgufError::Count { what, offset, count })
    }

    fn string(&mut self, what: &'static str) -> Result<String, GgufError> {
        let length = usize::try_from(self.u64(what)?).unwrap_or(usize::MAX);
        let offset = self.offset;
        let bytes = self.take(length, what)?;
        let text = std::str::from_utf8(bytes).map_err(|_| GgufError::Utf8 { offset })?;
        Ok(text.to_owned())
    }

    fn value(&mut self, key: &str, type_id: u32) -> Result<Value, GgufError> {
        const WHAT: &str = "a metadata value";
        Ok(match type_id {
            0 => Value::U8(u8::from_le_bytes(self.array(WHAT)?)),
            1 => Value::I8(i8::from_le_bytes(self.array(WHAT)?)),
            2 => Value::U16(u16::from_le_bytes(self.array(WHAT)?)),
            3 => Value::I16(i16::from_le_bytes(self.array(WHAT)?)),
            4 => Value::U32(self.u32(WHAT)?),
            5 => Value::I32(i32::from_le_bytes(self.array(WHAT)?)),
            6 => Value::F32(f32::from_le_bytes(self.array(WHAT)?)),
            7 => Value::Bool(u8::from_le_bytes(self.array(WHAT)?) != 0),
            8 => Value::String(self.string(WHAT)?),
            ARRAY_ID => {
                let element = self.u32("an array's type")?;
                Value::Array(self.array_value(key, element)?)
            }
            10 => Value::U64(self.u64(WHAT)?),
            11 => Value::I64(i64::from_le_bytes(self.array(WHAT)?)),
            12 => Value::F64(f64::from_le_bytes(self.array(WHAT)?)),
            _ => return Err(GgufError::ValueType { key: key.to_owned(), type_id }),
        })
    }

    fn array_value(&mut self, key: &str, type_id: u32) -> Result<Array, GgufError> {
        Ok(match type_id {
            0 => Array::U8(self.numbers(u8::from_le_bytes)?),
            1 => Array::I8(self.numbers(i8::from_le_bytes)?),
            2 => Array::U16(self.numbers(u16::from_le_bytes)?),
            3 => Array::I16(self.numbers(i16::from_le_bytes)?),
            4 => Array::U32(self.numbers(u32::from_le_bytes)?),
            5 => Array::I32(self.numbers(i32::from_le_bytes)?),
            6 => Array::F32(self.numbers(f32::from_le_bytes)?),
            7 => Array::Bool(self.numbers(|[b]: [u8; 1]| b != 0)?),
            8 => {
                let count = self.count("an array's length", 8)?;
                let mut strings = Vec::with_capacity(count);
                for _ in 0..count {
                    strings.push(self.string("a string in an array")?);
                }
                Array::String(strings)
            }
            10 => Array::U64(self.numbers(u64::from_le_bytes)?),
            11 => Array::I64(self.numbers(i64::from_le_bytes)?),
            12 => Array::F64(self.numbers(f64::from_le_bytes)?),
            _ => return Err(GgufError::ValueType { key: key.to_owned(), type_id }),
        })
    }

    fn numbers<T, const N: usize>(&mut self, from: impl Fn([u8; N]) -> T) -> Result<Vec<T>, GgufError> {
        let count = self.count("an array's length", N)?;
        let bytes = self.take(count * N, "an array")?;
        let (chunks, _) = bytes.as_chunks::<N>();
        Ok(chunks.iter().map(|chunk| from(*chunk)).collect())
    }

    /// A tensor's entry; until [`place_data`], its range is (offset in the data section)..(length).
    fn tensor_entry(&mut self) -> Result<TensorEntry, GgufError> {
        let name = self.string("a tensor's name")?;
        let dimensions = self.u32("a tensor's number of dimensions")? as usize;
        let bad = |reason| GgufError::Shape { name: name.clone(), reason };
        if dimensions == 0 || dimensions > MOST_DIMENSIONS {
            return Err(bad("it must have one to four dimensions"));
        }
        let mut shape = Vec::with_capacity(dimensions);
        let mut values = 1_usize;
        for _ in 0..dimensions {
            let length = usize::try_from(self.u64("a tensor's shape")?).unwrap_or(usize::MAX);
            if length == 0 {
                return Err(bad("a dimension is zero"));
            }
            values =
                values.checked_mul(length).ok_or_else(|| bad("it has more values than can be counted"))?;
            shape.push(length);
        }
        let type_id = self.u32("a tensor's type")?;
        let kind = TensorType::from_id(type_id)
            .ok_or_else(|| GgufError::TensorType { name: name.clone(), type_id })?;
        if !shape[0].is_multiple_of(kind.block_values()) {
            return Err(bad("its rows are not whole blocks"));
        }
        let length = kind.bytes_for(values).ok_or_else(|| bad("it has more bytes than can be counted"))?;
        let outside = || GgufError::Data { name: name.clone(), reason: "lie outside the file" };
        let offset = usize::try_from(self.u64("a tensor's offset")?).map_err(|_| outside())?;
        Ok(TensorEntry { name, shape, kind, range: offset..length })
    }
}
