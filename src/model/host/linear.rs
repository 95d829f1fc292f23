//! A matrix product with weights as the processor wants them.

use crate::kernels::cpu::{PackedF32, PackedQ8, QuantizedRows, product_f32, product_q8_0};
use crate::model::weights::HostMatrix;

/// `y = x W^T`, without bias.
#[derive(Debug, Clone)]
pub(super) enum Linear {
    /// Files that are not quantized.
    Dense(PackedF32),
    /// Q8_0, and Q4_0 as Q8_0.
    Quantized(PackedQ8),
}

impl Linear {
    /// Lays a matrix out.
    pub fn new(matrix: &HostMatrix) -> Self {
        let (outputs, columns) = (matrix.rows, matrix.columns);
        match matrix.as_q8_0() {
            Some(blocks) => Self::Quantized(PackedQ8::new(&blocks, outputs, columns)),
            None => Self::Dense(PackedF32::new(&matrix.to_f32(), outputs, columns)),
        }
    }

    /// `x`: `[rows, in]`, `y`: `[rows, out]`. `quantized` is working memory.
    pub fn forward(&self, x: &[f32], quantized: &mut QuantizedRows, y: &mut [f32]) {
        match self {
            Self::Dense(matrix) => product_f32(x, matrix, y),
            Self::Quantized(matrix) => {
                quantized.fill(x, matrix.columns());
                product_q8_0(quantized, matrix, y);
            }
        }
    }
}
