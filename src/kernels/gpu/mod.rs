//! Our WGSL on burn's tensors.
//!
//! The way from a `.wgsl` file to a tensor: `kernel_source!` embeds the file, a `KernelSource` names it and each of its
//! permutations, and the implementation for burn's GPU backend launches it on the buffers behind the tensors. The
//! extension macro makes the operations callable on `Dispatch`, which is what a `Tensor` without a backend parameter
//! holds inside. Everything runs on burn's own queue, in order with its other work.
//!
//! CubeCL takes the bind group's layout from the shader itself, binds the buffers in the order given and after them, as
//! a uniform, the four words of the shape.

mod matvec;
mod sample_rows;

use burn::backend::tensor::{FloatTensor, IntTensor};
use burn::backend::wgpu::{CubeBackend, CubeTensor, KernelSource, SourceKernel, SourceTemplate};
use burn::backend::{Backend, DispatchDevice, backend_extension};
use burn::cubecl::prelude::KernelId;
use burn::cubecl::server::{KernelArguments, MetadataBindingInfo};
use burn::cubecl::{CubeCount, CubeDim};
use burn::tensor::Device;

use super::BlockFormat;

pub use matvec::{ROWS_PER_WORKGROUP, matvec, pack};
pub use sample_rows::{draw_words, outcome_of, sample_rows};

/// Most workgroups in one direction that WebGPU promises to launch.
const MOST_WORKGROUPS: u32 = 65_535;

/// Our operations, for backends that launch WGSL.
#[backend_extension(Cube)]
pub trait KernelOps: Backend {
    /// `shaders/sample_rows.wgsl`: logits `[rows, vocabulary]` and draws `[rows, 8]` to outcomes `[rows, 4]`.
    fn sample_rows(logits: FloatTensor<Self>, draws: IntTensor<Self>) -> IntTensor<Self>;

    /// `shaders/matvec.wgsl`: `x` `[rows, columns]`, scales `[columns / 32, outputs]` and quants `[words, outputs]` to
    /// `[rows, outputs]`.
    fn matvec(x: FloatTensor<Self>, scales: FloatTensor<Self>, quants: IntTensor<Self>) -> FloatTensor<Self>;
}

impl KernelOps for CubeBackend {
    fn sample_rows(logits: CubeTensor, draws: CubeTensor) -> CubeTensor {
        sample_rows::launch(logits, draws)
    }

    fn matvec(x: CubeTensor, scales: CubeTensor, quants: CubeTensor) -> CubeTensor {
        matvec::launch(x, scales, quants)
    }
}

/// Whether tensors of this device are in reach of our WGSL.
#[must_use]
pub fn runs_on(device: &Device) -> bool {
    matches!(device.as_dispatch(), DispatchDevice::Cube(_))
}

/// The complete source of every permutation of every kernel, with its name: for checks that need no device.
#[must_use]
pub fn all_sources() -> Vec<(String, String)> {
    let mut all = vec![("sample_rows".to_owned(), sample_rows::SampleRows.source().complete())];
    for format in BlockFormat::ALL {
        for rows in ROWS_PER_WORKGROUP {
            let kernel = matvec::Matvec { format, rows };
            all.push((format!("matvec of {format:?}, {rows} rows"), kernel.source().complete()));
        }
    }
    all
}

/// Launches a kernel. `shape` is its uniform; `buffers` are bound in order, and must be contiguous.
fn launch<K: KernelSource>(
    kernel: K,
    threads: CubeDim,
    [x, y]: [u32; 2],
    buffers: &[&CubeTensor],
    shape: [usize; 4],
) {
    let [first, second, third, fourth] = shape.map(|n| n as u64 & 0xffff_ffff);
    // Two little-endian words to a u64: a browser and every desktop GPU's host are little-endian.
    let info = MetadataBindingInfo::custom(vec![first | (second << 32), third | (fourth << 32)]);
    let arguments = buffers
        .iter()
        .fold(KernelArguments::new(), |all, buffer| all.with_buffer(buffer.handle.clone().binding()))
        .with_info(info);
    let count = CubeCount::Static(x.clamp(1, MOST_WORKGROUPS), y.clamp(1, MOST_WORKGROUPS), 1);
    let client = buffers[0].client.clone();
    client.launch(Box::new(SourceKernel::new(kernel, threads)), count, arguments);
}

/// An uninitialised contiguous tensor beside another one, with its element type.
fn output_beside(tensor: &CubeTensor, shape: [usize; 2]) -> CubeTensor {
    let handle = tensor.client.empty(shape[0] * shape[1] * tensor.elem_size());
    let (client, device) = (tensor.client.clone(), tensor.device.clone());
    CubeTensor::new_contiguous(client, device, shape.into(), handle, tensor.dtype)
}
