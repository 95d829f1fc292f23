//! Products with Q8_0 weights.

use std::sync::Arc;

use burn::tensor::{Device, Tensor, TensorData};

use super::cpu;

/// A matrix of Q8_0 blocks, as they are in a GGUF file.
#[derive(Debug, Clone)]
pub struct Q8Weights {
    blocks: Arc<Vec<u8>>,
    outputs: usize,
    columns: usize,
}

impl Q8Weights {
    /// `blocks`: `outputs` rows of `columns / 32` blocks of 34 bytes.
    #[must_use]
    pub fn new(blocks: &[u8], outputs: usize, columns: usize, _device: &Device) -> Self {
        Self { blocks: Arc::new(blocks.to_vec()), outputs, columns }
    }
}

/// `x W^T`. `x`: `[rows, columns]`; out: `[rows, outputs]`.
#[must_use]
pub fn matvec_q8_0(x: Tensor<2>, weights: &Q8Weights) -> Tensor<2> {
    let device = x.device();
    let rows = x.dims()[0];
    let x = x.into_data().try_into_vec::<f32>().unwrap_or_default();
    let y = cpu::matvec_q8_0(&x, &weights.blocks, weights.outputs, weights.columns);
    Tensor::from_data(TensorData::new(y, [rows, weights.outputs]), &device)
}
