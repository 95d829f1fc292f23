//! Launches `shaders/matvec.wgsl`.

use burn::backend::Dispatch;
use burn::backend::wgpu::{CubeTensor, into_contiguous, kernel_source};
use burn::tensor::{DType, Device, Int, Tensor, TensorData};
use derive_new::new;
use half::f16;

use super::{CubeDim, KernelId, KernelOps, KernelSource, SourceTemplate};
use crate::gguf::BLOCK_LENGTH;
use crate::kernels::{BlockFormat, Blocks};

kernel_source!(MatvecFile, "../../../shaders/matvec.wgsl");

const THREADS: CubeDim = CubeDim::new_2d(64, 4);

/// Rows that one workgroup works on, in each permutation: a single answer, or many.
pub const ROWS_PER_WORKGROUP: [u32; 2] = [1, 8];

/// The kernel, in the permutation for a format and so many rows a workgroup.
#[derive(Debug)]
pub struct Matvec {
    pub(super) format: BlockFormat,
    pub(super) rows: u32,
}

impl KernelSource for Matvec {
    fn source(&self) -> SourceTemplate {
        MatvecFile::new().source().register("rows", self.rows.to_string()).add_template(self.format.shader())
    }

    fn id(&self) -> KernelId {
        KernelId::new::<Self>().cube_dim(THREADS.into()).info((self.format, self.rows))
    }

    fn lang(&self) -> &'static str {
        "wgsl"
    }
}

/// `x`: `[rows, columns]`; `scales`: `[columns / 32, outputs]`; `quants`: `[words, outputs]`; out:
/// `[rows, outputs]`.
pub(super) fn launch(x: CubeTensor, scales: CubeTensor, quants: CubeTensor) -> CubeTensor {
    let (x, scales, quants) = (into_contiguous(x), into_contiguous(scales), into_contiguous(quants));
    let (rows, columns) = (x.meta.shape()[0], x.meta.shape()[1]);
    let outputs = scales.meta.shape()[1];
    let [one, many] = ROWS_PER_WORKGROUP;
    let words = quants.meta.shape()[0] * BLOCK_LENGTH / columns;
    let format = if words == BlockFormat::Q4_0.words() { BlockFormat::Q4_0 } else { BlockFormat::Q8_0 };
    let kernel = Matvec { format, rows: if rows == 1 { one } else { many } };
    let y = super::output_beside(&x, [rows, outputs]);
    let workgroups = [(outputs as u32).div_ceil(64), (rows as u32).div_ceil(kernel.rows)];
    super::launch(kernel, THREADS, workgroups, &[&x, &scales, &quants, &y], [rows, columns, outputs, 0]);
    y
}

/// `x W^T` on the device.
#[must_use]
pub fn matvec(x: Tensor<2>, scales: &Tensor<2>, quants: &Tensor<2, Int>) -> Tensor<2> {
    let (scales, quants) = (scales.clone().into_dispatch(), quants.clone().into_dispatch());
    Tensor::from_dispatch(Dispatch::matvec(x.into_dispatch(), scales, quants))
}

/// Puts blocks on the device as the kernels read them: scales `[columns / 32, outputs]` and the words of their numbers
/// `[columns / 32 * words of a block, outputs]`. Nothing is rounded: every `f16` is an `f32`, and the bytes stay as they are.
#[must_use]
pub fn pack(
    blocks: Blocks<'_>,
    outputs: usize,
    columns: usize,
    device: &Device,
) -> (Tensor<2>, Tensor<2, Int>) {
    let Blocks { format, bytes } = blocks;
    let per_row = columns / BLOCK_LENGTH;
    let mut scales = vec![0.0_f32; per_row * outputs];
    let mut quants = vec![0_i32; per_row * format.words() * outputs];
    for (index, block) in bytes.chunks_exact(format.bytes()).take(per_row * outputs).enumerate() {
        let (output, place) = (index / per_row, index % per_row);
        scales[place * outputs + output] = f16::from_le_bytes([block[0], block[1]]).to_f32();
        let (words, _) = block[2..].as_chunks::<4>();
        for (word, &bytes) in words.iter().enumerate() {
            quants[(place * format.words() + word) * outputs + output] = i32::from_le_bytes(bytes);
        }
    }
    let scales = Tensor::from_data(TensorData::new(scales, [per_row, outputs]), device);
    let quants = TensorData::new(quants, [per_row * format.words(), outputs]);
    (scales, Tensor::from_data(quants, (device, DType::I32)))
}
