//! Buffers of burn's tensors, read where they are.

use std::rc::Rc;

use burn::backend::wgpu::{CubeTensor, into_contiguous};
use burn::backend::{BackendTensor, DispatchTensorKind};
use burn::cubecl::wgpu::{AutoCompiler, WgpuServer};
use burn::tensor::{Int, Tensor};

use super::graphics::Part;
use crate::kernels::KernelError;

/// Where a tensor of burn's is, laid out row by row. burn keeps the bytes there while the part lives. What was asked of burn
/// until now is done before whatever is submitted from now on; the part must be read only.
///
/// # Errors
/// [`KernelError::Device`] for a tensor that is not on a GPU, or one whose computation failed.
pub fn part_of<const D: usize>(tensor: Tensor<D>) -> Result<Part, KernelError> {
    match tensor.into_dispatch().kind {
        DispatchTensorKind::Cube(BackendTensor::Float(tensor)) => locate(tensor),
        _ => Err(not_there()),
    }
}

/// As [`part_of`], for integers.
///
/// # Errors
/// As [`part_of`].
pub fn part_of_int<const D: usize>(tensor: Tensor<D, Int>) -> Result<Part, KernelError> {
    match tensor.into_dispatch().kind {
        DispatchTensorKind::Cube(BackendTensor::Int(tensor)) => locate(tensor),
        _ => Err(not_there()),
    }
}

fn not_there() -> KernelError {
    KernelError::Device("the tensor is not on the graphics card".to_owned())
}

fn locate(tensor: CubeTensor) -> Result<Part, KernelError> {
    let tensor = into_contiguous(tensor);
    let bytes = (tensor.meta.shape().num_elements() * tensor.elem_size()) as u64;
    let client = tensor.client.clone();
    let held = client.get_resource::<WgpuServer<AutoCompiler>>(tensor.handle).map_err(KernelError::device)?;
    client.flush().map_err(KernelError::device)?;
    let resource = held.resource();
    let (buffer, offset) = (resource.buffer.clone(), resource.offset);
    Ok(Part { buffer, offset, bytes, _held: Some(Rc::new(held)) })
}
