//! A matrix product with weights as the device wants them.

use burn::tensor::{Device, Tensor, TensorData};

use crate::kernels::{self, QuantizedWeights};
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
    /// Blocks as they are in the file, multiplied by our own kernel.
    Quantized(QuantizedWeights),
}

impl Linear {
    /// Puts a matrix on the device; `keep_quantized` where the device multiplies blocks directly.
    pub(super) fn new(matrix: &HostMatrix, keep_quantized: bool, device: &Device) -> Self {
        if keep_quantized && let Some(blocks) = matrix.blocks() {
            return Self::Quantized(QuantizedWeights::new(blocks, matrix.rows, matrix.columns, device));
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
            Self::Quantized(weight) => kernels::matvec(x, weight),
        }
    }
}
