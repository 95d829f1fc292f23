//! A matrix product with weights as the device wants them.

use burn::tensor::{Device, Tensor, TensorData};

use crate::gguf::TensorType;
use crate::kernels::{self, Q8Weights};
use crate::model::weights::HostMatrix;

/// `y = x W^T`, without bias.
#[derive(Debug, Clone)]
#[expect(
    clippy::large_enum_variant,
    reason = "a model has a few dozen of these, and they are never moved about"
)]
pub enum Linear {
    /// Plain `f32`, `[in, out]`: on the CPU, where quantized products would be unpacked on every call, and for files
    /// that are not quantized.
    Dense(Tensor<2>),
    /// Q8_0 blocks as they are in the file, multiplied by our own kernel.
    Q8(Q8Weights),
}

impl Linear {
    /// Puts a matrix on the device; `keep_quantized` where the device multiplies blocks directly.
    pub(super) fn new(matrix: &HostMatrix, keep_quantized: bool, device: &Device) -> Self {
        if keep_quantized && let Some(blocks) = matrix.as_q8_0() {
            return Self::Q8(Q8Weights::new(&blocks, matrix.rows, matrix.columns, device));
        }
        // Laid out as `[in, out]`, not as a transposed view: the CPU's matrix product repacks such a view on every
        // call for more than one row, and adds up a single row in another order than many.
        let data = TensorData::new(matrix.to_f32_transposed(), [matrix.columns, matrix.rows]);
        Self::Dense(Tensor::from_data(data, device))
    }

    /// `x`: `[rows, in]`; out: `[rows, out]`.
    #[must_use]
    pub fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        match self {
            Self::Dense(weight) => x.matmul(weight.clone()),
            Self::Q8(weight) => kernels::matvec_q8_0(x, weight),
        }
    }
}

impl HostMatrix {
    /// The matrix as Q8_0 blocks where that loses nothing: Q8_0 itself, and Q4_0, whose sixteen levels times its scale
    /// are also sixteen of Q8_0's levels times the same scale.
    pub(super) fn as_q8_0(&self) -> Option<Vec<u8>> {
        match self.kind {
            TensorType::Q8_0 => Some(self.bytes.clone()),
            TensorType::Q4_0 => Some(q4_0_to_q8_0(&self.bytes)),
            TensorType::F32 | TensorType::F16 => None,
        }
    }
}

/// Repacks Q4_0 blocks (f16 scale, 16 bytes of two nibbles: low nibbles are values 0 to 15, high ones 16 to 31, each
/// minus 8) as Q8_0 blocks (the same scale, 32 signed bytes).
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
