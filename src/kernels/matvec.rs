//! Products with Q8_0 weights.

use std::sync::Arc;

use burn::tensor::{Device, Tensor, TensorData};

use super::cpu;

/// A matrix of Q8_0 blocks, where and as its device multiplies them.
#[derive(Debug, Clone)]
pub struct Q8Weights {
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
    /// Scales and bytes on the device, repacked once at load: see `shaders/matvec_q8_0.wgsl`.
    #[cfg(feature = "gpu")]
    Device { scales: Tensor<2>, quants: Tensor<2, burn::tensor::Int> },
}

impl Q8Weights {
    /// `blocks`: `outputs` rows of `columns / 32` blocks of 34 bytes.
    #[must_use]
    #[cfg_attr(not(feature = "gpu"), expect(unused_variables, reason = "without a GPU there is one place"))]
    pub fn new(blocks: &[u8], outputs: usize, columns: usize, device: &Device) -> Self {
        #[cfg(feature = "gpu")]
        if super::gpu::runs_on(device) {
            let (scales, quants) = super::gpu::pack_q8_0(blocks, outputs, columns, device);
            return Self { outputs, columns, place: Place::Device { scales, quants } };
        }
        Self { outputs, columns, place: Place::Host(Arc::new(blocks.to_vec())) }
    }

    /// Where scales, `[columns / 32, outputs]`, and quants, `[columns / 4, outputs]`, are on the device.
    ///
    /// # Errors
    /// [`KernelError::Device`] for weights that are not on a GPU.
    #[cfg(feature = "gpu")]
    pub fn parts(&self) -> Result<[super::direct::Part; 2], super::KernelError> {
        match &self.place {
            Place::Host(_) => {
                Err(super::KernelError::Device("the weights are not on the graphics card".to_owned()))
            }
            Place::Device { scales, quants } => {
                Ok([super::direct::part_of(scales.clone())?, super::direct::part_of_int(quants.clone())?])
            }
        }
    }
}

/// `x W^T`. `x`: `[rows, columns]`, on the weights' device; out: `[rows, outputs]`.
#[must_use]
pub fn matvec_q8_0(x: Tensor<2>, weights: &Q8Weights) -> Tensor<2> {
    match &weights.place {
        Place::Host(blocks) => {
            let (device, rows) = (x.device(), x.dims()[0]);
            let x = x.into_data().try_into_vec::<f32>().unwrap_or_default();
            let y = cpu::matvec_q8_0(&x, blocks, weights.outputs, weights.columns);
            Tensor::from_data(TensorData::new(y, [rows, weights.outputs]), &device)
        }
        #[cfg(feature = "gpu")]
        Place::Device { scales, quants } => super::gpu::matvec_q8_0(x, scales, quants),
    }
}
