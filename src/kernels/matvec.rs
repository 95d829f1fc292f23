//! Products with weights in blocks.

use std::sync::Arc;

use burn::tensor::{Device, Tensor, TensorData};

#[cfg(feature = "gpu")]
use super::direct::Part;
use super::{BlockFormat, Blocks, cpu};

/// A matrix of blocks, where and as its device multiplies them.
#[derive(Debug, Clone)]
pub struct QuantizedWeights {
    format: BlockFormat,
    outputs: usize,
    columns: usize,
    place: Place,
}

#[derive(Debug, Clone)]
#[cfg_attr(
    feature = "gpu",
    expect(
        clippy::large_enum_variant,
        reason = "a model has a few dozen of these, and they are never moved about"
    )
)]
enum Place {
    /// Blocks as they are in the file, for the CPU twin.
    Host(Arc<Vec<u8>>),
    /// Scales and numbers on the device, put in another order once at load: see `shaders/matvec.wgsl`.
    #[cfg(feature = "gpu")]
    Device { scales: Tensor<2>, quants: Tensor<2, burn::tensor::Int> },
}

/// Where a matrix is on a graphics card.
#[cfg(feature = "gpu")]
#[derive(Debug, Clone)]
pub struct WeightParts {
    /// How to read `quants`.
    pub format: BlockFormat,
    /// `[columns / 32, outputs]`
    pub scales: Part,
    /// `[columns / 32 * words of a block, outputs]`
    pub quants: Part,
}

impl QuantizedWeights {
    /// `blocks`: `outputs` rows of `columns / 32`.
    #[must_use]
    #[cfg_attr(not(feature = "gpu"), expect(unused_variables, reason = "without a GPU there is one place"))]
    pub fn new(blocks: Blocks<'_>, outputs: usize, columns: usize, device: &Device) -> Self {
        let Blocks { format, bytes } = blocks;
        #[cfg(feature = "gpu")]
        if super::gpu::runs_on(device) {
            let (scales, quants) = super::gpu::pack(blocks, outputs, columns, device);
            return Self { format, outputs, columns, place: Place::Device { scales, quants } };
        }
        Self { format, outputs, columns, place: Place::Host(Arc::new(bytes.to_vec())) }
    }

    /// Where they are on a graphics card.
    ///
    /// # Errors
    /// [`KernelError::Device`](super::KernelError::Device) for weights that are not on one.
    #[cfg(feature = "gpu")]
    pub fn parts(&self) -> Result<WeightParts, super::KernelError> {
        use super::direct::{part_of, part_of_int};
        match &self.place {
            Place::Host(_) => {
                Err(super::KernelError::Device("the weights are not on the graphics card".to_owned()))
            }
            Place::Device { scales, quants } => Ok(WeightParts {
                format: self.format,
                scales: part_of(scales.clone())?,
                quants: part_of_int(quants.clone())?,
            }),
        }
    }
}

/// `x W^T`. `x`: `[rows, columns]`, on the weights' device; out: `[rows, outputs]`.
#[must_use]
pub fn matvec(x: Tensor<2>, weights: &QuantizedWeights) -> Tensor<2> {
    match &weights.place {
        Place::Host(blocks) => {
            let (device, rows) = (x.device(), x.dims()[0]);
            let x = x.into_data().try_into_vec::<f32>().unwrap_or_default();
            let blocks = Blocks { format: weights.format, bytes: blocks };
            let y = cpu::matvec(&x, blocks, weights.outputs, weights.columns);
            Tensor::from_data(TensorData::new(y, [rows, weights.outputs]), &device)
        }
        #[cfg(feature = "gpu")]
        Place::Device { scales, quants } => super::gpu::matvec(x, scales, quants),
    }
}
