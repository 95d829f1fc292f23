//! Launches `shaders/sample_rows.wgsl`.

use burn::backend::Dispatch;
use burn::backend::wgpu::{CubeTensor, into_contiguous, kernel_source};
use burn::tensor::{DType, Int, Tensor, TensorData};
use derive_new::new;

use super::{CubeDim, KernelId, KernelOps, KernelSource, SourceTemplate};
use crate::kernels::direct::{DRAW_ROW, Reduction};
use crate::kernels::{KernelError, RowDraw, RowOutcome};
use crate::sampling::{Draw, SampleError, inverse_temperature};
use crate::units::Temperature;

kernel_source!(SampleRowsFile, "../../../shaders/sample_rows.wgsl");

const THREADS: CubeDim = CubeDim::new_1d(256);
const WORDS_IN: usize = 8;
const WORDS_OUT: usize = 4;
const GREEDY: u32 = 1;

/// The kernel, reducing by barriers: a row's first draw, which is one dispatch among the many of its prompt.
#[derive(Debug)]
pub struct SampleRows;

impl KernelSource for SampleRows {
    fn source(&self) -> SourceTemplate {
        let draw_row = DRAW_ROW.into_iter().chain([Reduction::Barriers.shader()]);
        draw_row.fold(SampleRowsFile::new().source(), SourceTemplate::add_template)
    }

    fn id(&self) -> KernelId {
        KernelId::new::<Self>().cube_dim(THREADS.into())
    }

    fn lang(&self) -> &'static str {
        "wgsl"
    }
}

/// `logits`: `[rows, vocabulary]`; `draws`: `[rows, 8]`; out: `[rows, 4]`.
pub(super) fn launch(logits: CubeTensor, draws: CubeTensor) -> CubeTensor {
    let (logits, draws) = (into_contiguous(logits), into_contiguous(draws));
    let (rows, vocabulary) = (logits.meta.shape()[0], logits.meta.shape()[1]);
    let outcomes = super::output_beside(&draws, [rows, WORDS_OUT]);
    let buffers = [&logits, &draws, &outcomes];
    super::launch(SampleRows, THREADS, [rows as u32, 1], &buffers, [rows, vocabulary, 0, 0]);
    outcomes
}

/// Draws one token per row on the device, and reads back four words a row.
///
/// # Errors
/// [`KernelError::Device`] when the outcomes cannot be read back.
pub async fn sample_rows(logits: Tensor<2>, rows: &[RowDraw]) -> Result<Vec<RowOutcome>, KernelError> {
    let device = logits.device();
    let words: Vec<i32> = rows.iter().flat_map(draw_words).map(u32::cast_signed).collect();
    let data = TensorData::new(words, [rows.len(), WORDS_IN]);
    let draws = Tensor::<2, Int>::from_data(data, (&device, DType::I32));
    let outcomes = Dispatch::sample_rows(logits.into_dispatch(), draws.into_dispatch());
    let outcomes = Tensor::<2, Int>::from_dispatch(outcomes);
    let data = outcomes.into_data_async().await.map_err(KernelError::device)?;
    let words = data.try_into_vec::<i32>().map_err(KernelError::device)?;
    let (outcomes, _) = words.as_chunks::<WORDS_OUT>();
    Ok(outcomes.iter().map(|&words| outcome_of(words.map(i32::cast_unsigned))).collect())
}

/// A row's draw in the shader's layout.
#[must_use]
pub fn draw_words(draw: &RowDraw) -> [u32; WORDS_IN] {
    let (inverse, flags) = match draw.temperature {
        Temperature::Greedy => (1.0, GREEDY),
        Temperature::Value(t) => (inverse_temperature(t), 0),
    };
    let truncation = if flags == GREEDY { crate::units::Truncation::default() } else { draw.truncation };
    [
        inverse.to_bits(),
        flags,
        truncation.top_k.unwrap_or(u32::MAX),
        truncation.top_p.unwrap_or(1.0).to_bits(),
        draw.seed,
        draw.row,
        draw.step,
        0,
    ]
}

/// What the shader says of a row.
///
/// # Errors
/// Logits that are not numbers.
pub fn outcome_of([id, log_prob, entropy, broken]: [u32; WORDS_OUT]) -> RowOutcome {
    if broken == 0 {
        Ok(Draw { id, log_prob: f32::from_bits(log_prob), entropy: f32::from_bits(entropy) })
    } else {
        Err(SampleError::NotANumber)
    }
}
