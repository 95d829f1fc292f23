//! Weights as ONNX Runtime multiplies them, from the rows of a GGUF file.

use thermostat::gguf::{TensorType, dequantize};

/// How matrices are stored, and multiplied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precision {
    /// The file's values as floats.
    Float,
    /// Signed bytes with one scale for each output; what they are multiplied with is made bytes in each run, one scale for all
    /// rows. ONNX Runtime's dynamic quantization, transformers.js's `q8`.
    Bytes,
    /// The blocks of a Q4_0 file, value for value (`MatMulNBits`); transformers.js's `q4`.
    Blocks,
}

impl Precision {
    /// What transformers.js calls it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Float => "fp32",
            Self::Bytes => "q8",
            Self::Blocks => "q4",
        }
    }

    /// The file in which transformers.js looks for it.
    #[must_use]
    pub fn file(self) -> &'static str {
        match self {
            Self::Float => "model.onnx",
            Self::Bytes => "model_quantized.onnx",
            Self::Blocks => "model_q4.onnx",
        }
    }
}

/// Rows of a matrix as they are stored: `rows` of them, of `columns` values each.
pub(super) struct Matrix {
    pub kind: TensorType,
    pub columns: usize,
    pub rows: Vec<Vec<u8>>,
}

impl Matrix {
    pub fn values(&self) -> Vec<f32> {
        self.rows.iter().flat_map(|row| dequantize(self.kind, row)).collect()
    }
}

/// A row-major matrix with `columns` columns, by columns.
pub(super) fn transposed<T: Copy>(values: &[T], columns: usize) -> Vec<T> {
    let rows = values.len() / columns;
    (0..columns).flat_map(|column| (0..rows).map(move |row| values[row * columns + column])).collect()
}

/// Signed bytes of each row, and each row's scale.
pub(super) fn bytes_of_rows(values: &[f32], columns: usize) -> (Vec<u8>, Vec<f32>) {
    let rows = values.chunks_exact(columns);
    let scales: Vec<f32> = rows
        .clone()
        .map(|row| row.iter().fold(0.0_f32, |most, value| most.max(value.abs())) / 127.0)
        .collect();
    let level = |value: f32, scale: f32| if scale == 0.0 { 0 } else { (value / scale).round() as i8 as u8 };
    let bytes = rows
        .zip(&scales)
        .flat_map(|(row, &scale)| row.iter().map(move |&value| level(value, scale)))
        .collect();
    (bytes, scales)
}

/// Q4_0 blocks in the order of `MatMulNBits`: two neighbours share a byte, the first in the low half, where GGUF has values
/// sixteen places apart in one byte; and the scales.
pub(super) fn levels_and_scales(rows: &[Vec<u8>]) -> (Vec<u8>, Vec<f32>) {
    let blocks = rows.iter().flat_map(|row| row.chunks_exact(TensorType::Q4_0.block_bytes()));
    let scales = blocks.clone().map(|block| dequantize(TensorType::F16, &block[..2])[0]).collect();
    let mut levels = Vec::new();
    for block in blocks {
        let stored = &block[2..];
        let low = stored.iter().map(|byte| byte & 0x0f);
        let high = stored.iter().map(|byte| byte >> 4);
        let all: Vec<u8> = low.chain(high).collect();
        levels.extend(all.chunks_exact(2).map(|pair| pair[0] | pair[1] << 4));
    }
    (levels, scales)
}

#[cfg(test)]
mod tests {
    use super::*;
    use thermostat::gguf::{BLOCK_LENGTH, quantize};

    #[test]
    fn a_transposed_matrix_is_read_by_columns() {
        assert_eq!(transposed(&[1, 2, 3, 4, 5, 6], 3), [1, 4, 2, 5, 3, 6]);
    }

    #[test]
    fn rows_become_bytes_with_a_scale_each() {
        let (bytes, scales) = bytes_of_rows(&[1.0, -0.5, 0.0, 0.0], 2);
        assert_eq!(bytes, [127, (-64_i8) as u8, 0, 0]);
        assert_eq!(scales, [1.0 / 127.0, 0.0]);
    }

    #[test]
    fn repacked_blocks_have_the_values_of_the_file() {
        let values: Vec<f32> = (0..64_u8).map(|i| f32::from(i).sin()).collect();
        let stored = quantize(TensorType::Q4_0, &values);
        let (levels, scales) = levels_and_scales(std::slice::from_ref(&stored));
        let repacked: Vec<f32> = levels
            .iter()
            .flat_map(|byte| [byte & 0x0f, byte >> 4])
            .enumerate()
            .map(|(place, level)| (f32::from(level) - 8.0) * scales[place / BLOCK_LENGTH])
            .collect();
        assert_eq!(repacked, dequantize(TensorType::Q4_0, &stored));
    }
}
