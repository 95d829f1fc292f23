//! What can be wrong with a GGUF file.

use thiserror::Error;

/// Errors of the container.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum GgufError {
    /// The file does not begin with `GGUF`.
    #[error("this is not a GGUF file")]
    Magic,
    /// A version other than 3.
    #[error("this is GGUF version {0}; only version 3 can be read")]
    Version(u32),
    /// The file ends in the middle of something.
    #[error("the file ends too early: {what} at byte {offset} does not fit")]
    Truncated {
        /// What was being read.
        what: &'static str,
        /// Where it begins.
        offset: usize,
    },
    /// A number of things that the rest of the file could not hold, at however few bytes each.
    #[error("{what} at byte {offset} is {count}, more than the file could hold")]
    Count {
        /// What is counted.
        what: &'static str,
        /// Where the number stands.
        offset: usize,
        /// The number.
        count: u64,
    },
    /// A name or string that is not UTF-8.
    #[error("text at byte {offset} is not UTF-8")]
    Utf8 {
        /// Where it begins.
        offset: usize,
    },
    /// A metadata value of a type that does not exist, or an array within an array.
    #[error("metadata value `{key}` has the unknown or unsupported type {type_id}")]
    ValueType {
        /// The key.
        key: String,
        /// The type's number.
        type_id: u32,
    },
    /// The same metadata key or tensor name twice.
    #[error("`{0}` is there twice")]
    Duplicate(String),
    /// An alignment that is not a power of two.
    #[error("the alignment {0} is not a power of two")]
    Alignment(u64),
    /// A tensor of a type that is not supported.
    #[error(
        "tensor `{name}` has the type {type_id}, which cannot be read here (F32, F16, Q8_0 and Q4_0 can)"
    )]
    TensorType {
        /// The tensor.
        name: String,
        /// The type's number.
        type_id: u32,
    },
    /// A shape that cannot be: no or too many dimensions, a zero, a product that overflows, or rows that are not whole blocks.
    #[error("tensor `{name}` has an impossible shape: {reason}")]
    Shape {
        /// The tensor.
        name: String,
        /// Why it cannot be.
        reason: &'static str,
    },
    /// Tensor data that lie outside the file, off their alignment, or over another tensor's.
    #[error("the data of tensor `{name}` {reason}")]
    Data {
        /// The tensor.
        name: String,
        /// What is wrong.
        reason: &'static str,
    },
    /// A metadata key that is needed and not there.
    #[error("metadata value `{0}` is missing")]
    MissingKey(String),
    /// A metadata value of another type than needed.
    #[error("metadata value `{key}` is not {expected}")]
    WrongType {
        /// The key.
        key: String,
        /// What it should be.
        expected: &'static str,
    },
    /// A tensor that is needed and not there.
    #[error("tensor `{0}` is missing")]
    MissingTensor(String),
}
