//! From GGUF tensors to matrices on the host: shapes checked, rows reordered and stacked, blocks kept as they are.

use std::borrow::Cow;

use crate::gguf::{Gguf, TensorType, dequantize};
#[cfg(feature = "tensor")]
use crate::kernels::{BlockFormat, Blocks};

use super::ModelError;

/// How most weights of a loaded model are held on a device of burn's.
#[cfg(feature = "tensor")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WeightFormat {
    /// `f32` matrices.
    Dense,
    /// Blocks, where the file has them.
    Quantized,
}

/// A matrix in host memory, in the file's block format. Rows are outputs, columns inputs.
#[derive(Debug, Clone)]
pub(super) struct HostMatrix {
    pub rows: usize,
    pub columns: usize,
    pub kind: TensorType,
    pub bytes: Vec<u8>,
}

impl HostMatrix {
    /// Reads tensor `name`, which must have `rows` rows of `columns` values.
    pub fn read(gguf: &Gguf, name: &str, columns: usize, rows: usize) -> Result<Self, ModelError> {
        let tensor = gguf.tensor(name)?;
        check_shape(name, tensor.shape(), &[columns, rows])?;
        Ok(Self { rows, columns, kind: tensor.kind(), bytes: tensor.bytes().to_vec() })
    }

    fn row_bytes(&self) -> usize {
        self.bytes.len() / self.rows
    }

    /// The same matrix with its rows in another order: row `r` of the result is row `order[r]` of this one.
    #[inline(never)]
    pub fn with_rows(self, order: &[usize]) -> Self {
        let size = self.row_bytes();
        let mut bytes = Vec::with_capacity(self.bytes.len());
        order.iter().for_each(|&r| bytes.extend_from_slice(&self.bytes[r * size..(r + 1) * size]));
        Self { bytes, ..self }
    }

    /// One matrix with the rows of all; they must have equally many columns. Falls back to `f32` where formats differ.
    pub fn stack(parts: Vec<Self>) -> Self {
        let rows = parts.iter().map(|p| p.rows).sum();
        let (columns, kind) = (parts[0].columns, parts[0].kind);
        if parts.iter().all(|p| p.kind == kind) {
            let bytes = parts.iter().map(|p| p.bytes.as_slice()).collect::<Vec<_>>().concat();
            Self { rows, columns, kind, bytes }
        } else {
            let bytes = parts.iter().flat_map(Self::to_f32).flat_map(f32::to_le_bytes).collect();
            Self { rows, columns, kind: TensorType::F32, bytes }
        }
    }

    /// All values, row by row.
    #[inline(never)]
    pub fn to_f32(&self) -> Vec<f32> {
        dequantize(self.kind, &self.bytes)
    }

    /// All values, column by column.
    #[cfg(feature = "tensor")]
    pub fn to_f32_transposed(&self) -> Vec<f32> {
        let values = self.to_f32();
        let mut out = vec![0.0; values.len()];
        for (row, values) in values.chunks_exact(self.columns).enumerate() {
            for (column, &value) in values.iter().enumerate() {
                out[column * self.rows + row] = value;
            }
        }
        out
    }

    /// The matrix's blocks, if it is in blocks.
    #[cfg(feature = "tensor")]
    pub fn blocks(&self) -> Option<Blocks<'_>> {
        Some(Blocks { format: BlockFormat::of(self.kind)?, bytes: &self.bytes })
    }

    /// The matrix as Q8_0 blocks where that loses nothing: Q8_0 itself, and Q4_0, whose sixteen levels times its scale
    /// are also sixteen of Q8_0's levels times the same scale.
    #[inline(never)]
    pub fn as_q8_0(&self) -> Option<Cow<'_, [u8]>> {
        match self.kind {
            TensorType::Q8_0 => Some(Cow::Borrowed(&self.bytes)),
            TensorType::Q4_0 => Some(Cow::Owned(q4_0_to_q8_0(&self.bytes))),
            TensorType::F32 | TensorType::F16 => None,
        }
    }

    /// The values of one row.
    #[inline(never)]
    pub fn row_f32(&self, row: usize) -> Vec<f32> {
        let size = self.row_bytes();
        dequantize(self.kind, &self.bytes[row * size..(row + 1) * size])
    }
}

/// Reads a vector of `length` values as `f32`.
pub(super) fn read_vector(gguf: &Gguf, name: &str, length: usize) -> Result<Vec<f32>, ModelError> {
    let tensor = gguf.tensor(name)?;
    check_shape(name, tensor.shape(), &[length])?;
    Ok(dequantize(tensor.kind(), tensor.bytes()))
}

fn check_shape(name: &str, found: &[usize], expected: &[usize]) -> Result<(), ModelError> {
    if found == expected {
        Ok(())
    } else {
        Err(ModelError::Shape { name: name.to_owned(), expected: expected.to_vec(), found: found.to_vec() })
    }
}

/// Repacks Q4_0 blocks (f16 scale, 16 bytes of two nibbles: low nibbles are values 0 to 15, high ones 16 to 31, each
/// minus 8) as Q8_0 blocks (the same scale, 32 signed bytes).
#[inline(never)]
fn q4_0_to_q8_0(blocks: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(blocks.len() / 18 * 34);
    for block in blocks.chunks_exact(18) {
        let (scale, nibbles) = block.split_at(2);
        out.extend_from_slice(scale);
        out.extend(nibbles.iter().map(|b| (b & 0x0f).wrapping_sub(8)));
        out.extend(nibbles.iter().map(|b| (b >> 4).wrapping_sub(8)));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn q4_0_repacked_as_q8_0_is_the_same_matrix() {
        let bytes: Vec<u8> =
            (0..18 * 6).map(|i| if i % 18 == 1 { 0x2e } else { (i * 37 + 11) as u8 }).collect();
        let q4 = HostMatrix { rows: 3, columns: 64, kind: TensorType::Q4_0, bytes };
        let q8 = HostMatrix { rows: 3, columns: 64, kind: TensorType::Q8_0, bytes: q4_0_to_q8_0(&q4.bytes) };
        assert_eq!(q4.to_f32(), q8.to_f32());
    }
}
