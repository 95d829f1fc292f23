//! From GGUF tensors to matrices on the host: shapes checked, rows reordered and stacked, blocks kept as they are.

use crate::gguf::{Gguf, TensorType, dequantize};

use super::ModelError;

/// How most weights of a loaded model are held on the device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WeightFormat {
    /// `f32` matrices.
    Dense,
    /// Q8_0 blocks.
    Q8,
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
    pub fn with_rows(self, order: &[usize]) -> Self {
        let size = self.row_bytes();
        let bytes = order.iter().flat_map(|&r| &self.bytes[r * size..(r + 1) * size]).copied().collect();
        Self { bytes, ..self }
    }

    /// One matrix with the rows of all; they must have equally many columns. Falls back to `f32` where formats differ.
    pub fn stack(parts: Vec<Self>) -> Self {
        let rows = parts.iter().map(|p| p.rows).sum();
        let (columns, kind) = (parts[0].columns, parts[0].kind);
        if parts.iter().all(|p| p.kind == kind) {
            let bytes = parts.into_iter().flat_map(|p| p.bytes).collect();
            Self { rows, columns, kind, bytes }
        } else {
            let bytes = parts.iter().flat_map(Self::to_f32).flat_map(f32::to_le_bytes).collect();
            Self { rows, columns, kind: TensorType::F32, bytes }
        }
    }

    /// All values, row by row.
    pub fn to_f32(&self) -> Vec<f32> {
        dequantize(self.kind, &self.bytes)
    }

    /// All values, column by column.
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

    /// The values of one row.
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
