//! Launches `shaders/matvec_q8_0.wgsl`.

use burn::backend::Dispatch;
use burn::backend::wgpu::{CubeTensor, into_contiguous, kernel_source};
use burn::tensor::{DType, Device, Int, Tensor, TensorData};
use derive_new::new;
use half::f16;

use super::{CubeDim, KernelId, KernelOps, KernelSource, SourceTemplate};
use crate::gguf::BLOCK_LENGTH;

kernel_source!(MatvecQ8File, "../../../shaders/matvec_q8_0.wgsl");

const THREADS: CubeDim = CubeDim::new_2d(64, 4);
const BLOCK_BYTES: usize = 34;
const WORDS_PER_BLOCK: usize = BLOCK_LENGTH / 4;

/// Rows that one workgroup works on, in each permutation: a single answer, or many.
pub const ROWS_PER_WORKGROUP: [u32; 2] = [1, 8];

/// The kernel, in the permutation for so many rows a workgroup.
#[derive(Debug)]
pub struct MatvecQ8 {
    pub(super) rows: u32,
}

impl KernelSource for MatvecQ8 {
    fn source(&self) -> SourceTemplate {
        MatvecQ8File::new()
            .source()
            .register("rows", self.rows.to_string())
            .add_template(include_str!("../../../shaders/shared/q8_0.wgsl"))
    }

    fn id(&self) -> KernelId {
        KernelId::new::<Self>().cube_dim(THREADS.into()).info(self.rows)
    }

    fn lang(&self) -> &'static str {
        "wgsl"
    }
}

/// `x`: `[rows, columns]`; `scales`: `[columns / 32, outputs]`; `quants`: `[columns / 4, outputs]`; out:
/// `[rows, outputs]`.
pub(super) fn launch(x: CubeTensor, scales: CubeTensor, quants: CubeTensor) -> CubeTensor {
    let (x, scales, quants) = (into_contiguous(x), into_contiguous(scales), into_contiguous(quants));
    let (rows, columns) = (x.meta.shape()[0], x.meta.shape()[1]);
    let outputs = scales.meta.shape()[1];
    let [one, many] = ROWS_PER_WORKGROUP;
    let kernel = MatvecQ8 { rows: if rows == 1 { one } else { many } };
    let y = super::output_beside(&x, [rows, outputs]);
    let workgroups = [(outputs as u32).div_ceil(64), (rows as u32).div_ceil(kernel.rows)];
    super::launch(kernel, THREADS, workgroups, &[&x, &scales, &quants, &y], [rows, columns, outputs, 0]);
    y
}

/// `x W^T` on the device.
#[must_use]
pub fn matvec_q8_0(x: Tensor<2>, scales: &Tensor<2>, quants: &Tensor<2, Int>) -> Tensor<2> {
    let (scales, quants) = (scales.clone().into_dispatch(), quants.clone().into_dispatch());
    Tensor::from_dispatch(Dispatch::matvec_q8_0(x.into_dispatch(), scales, quants))
}

/// Puts Q8_0 blocks on the device as the kernel reads them: scales `[columns / 32, outputs]` and words of four bytes
/// `[columns / 4, outputs]`. Nothing is rounded: every `f16` is an `f32`, and the bytes stay as they are.
#[must_use]
pub fn pack_q8_0(
    blocks: &[u8],
    outputs: usize,
    columns: usize,
    device: &Device,
) -> (Tensor<2>, Tensor<2, Int>) {
    let per_row = columns / BLOCK_LENGTH;
    let mut scales = vec![0.0_f32; per_row * outputs];
    let mut quants = vec![0_i32; per_row * WORDS_PER_BLOCK * outputs];
    for (index, block) in blocks.chunks_exact(BLOCK_BYTES).take(per_row * outputs).enumerate() {
        let (output, place) = (index / per_row, index % per_row);
        scales[place * outputs + output] = f16::from_le_bytes([block[0], block[1]]).to_f32();
        let (words, _) = block[2..].as_chunks::<4>();
        for (word, &bytes) in words.iter().enumerate() {
            quants[(place * WORDS_PER_BLOCK + word) * outputs + output] = i32::from_le_bytes(bytes);
        }
    }
    let scales = Tensor::from_data(TensorData::new(scales, [per_row, outputs]), device);
    let quants = TensorData::new(quants, [per_row * WORDS_PER_BLOCK, outputs]);
    (scales, Tensor::from_data(quants, (device, DType::I32)))
}
