//! Products of quantized activations with Q8_0 weights, exact within each block.
//!
//! `y[r, o] = sum over blocks b of s[o, b] t[r, b] sum over i of q[o, b, i] a[r, b, i]`, with whole numbers `q` (8 bits) and
//! `a` (16 bits, see [`QuantizedRows`]). The inner sum is exact in `i32`: at most 32 times 128 times 32,767, below 2^28. The
//! outer one is in `f32`, block after block, so that a row's result does not depend on the rows beside it.
//!
//! Eight outputs lie side by side, two weights of each together, which is what one instruction multiplies and adds in
//! pairs. No sum is ever taken across lanes, and weights that were widened once serve several rows.

use half::f16;

use super::quantize_rows::{BLOCK_PAIRS, QuantizedRows, TILE, Tile};
use super::simd::{PairedWeights, Simd};
use crate::eight::LANES;
use crate::gguf::BLOCK_LENGTH;

const BLOCK_BYTES: usize = 34;

/// A matrix of Q8_0 blocks, laid out for [`product_q8_0`].
#[derive(Debug, Clone)]
pub struct PackedQ8 {
    outputs: usize,
    /// Blocks of an output.
    blocks: usize,
    /// `[outputs / 8, blocks, 16]`; what is missing from the last eight outputs is zero.
    weights: Vec<[PairedWeights; BLOCK_PAIRS]>,
    /// `[outputs / 8, blocks]` of eight outputs.
    scales: Vec<[f32; LANES]>,
}

impl PackedQ8 {
    /// `blocks`: `outputs` rows of `columns / 32` blocks of 34 bytes, as in the file.
    #[must_use]
    #[inline(never)]
    pub fn new(blocks: &[u8], outputs: usize, columns: usize) -> Self {
        let per_output = columns / BLOCK_LENGTH;
        let panels = outputs.div_ceil(LANES);
        let mut weights = vec![[[0; 2 * LANES]; BLOCK_PAIRS]; panels * per_output];
        let mut scales = vec![[0.0; LANES]; panels * per_output];
        for (index, block) in blocks.chunks_exact(BLOCK_BYTES).enumerate().take(outputs * per_output) {
            let (output, block_of_output) = (index / per_output, index % per_output);
            let (panel, lane) = (output / LANES, output % LANES);
            let place = panel * per_output + block_of_output;
            scales[place][lane] = f16::from_le_bytes([block[0], block[1]]).to_f32();
            for (pair, two) in weights[place].iter_mut().zip(block[2..].chunks_exact(2)) {
                (pair[2 * lane], pair[2 * lane + 1]) = (two[0] as i8, two[1] as i8);
            }
        }
        Self { outputs, blocks: per_output, weights, scales }
    }

    /// Number of outputs.
    #[must_use]
    pub fn outputs(&self) -> usize {
        self.outputs
    }

    /// Number of inputs.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.blocks * BLOCK_LENGTH
    }
}

/// `x W^T`. `x`: as many rows as `y` has, of as many columns as the matrix; `y`: `[rows, outputs]`.
pub fn product_q8_0(x: &QuantizedRows, matrix: &PackedQ8, y: &mut [f32]) {
    #[cfg(all(target_family = "wasm", target_feature = "simd128"))]
    product::<super::simd::wasm::Simd128>(x, matrix, y);
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") {
        return avx2::product(x, matrix, y);
    }
    #[cfg(not(all(target_family = "wasm", target_feature = "simd128")))]
    product::<super::simd::Plain>(x, matrix, y);
}

#[cfg(target_arch = "x86_64")]
mod avx2 {
    #![allow(
        unsafe_code,
        reason = "a function that is compiled for AVX2 is called after the processor was asked"
    )]

    use super::super::simd::x86::Avx2;
    use super::{PackedQ8, QuantizedRows};

    /// To be called only on a processor that has AVX2.
    pub fn product(x: &QuantizedRows, matrix: &PackedQ8, y: &mut [f32]) {
        #[target_feature(enable = "avx2")]
        fn compiled(x: &QuantizedRows, matrix: &PackedQ8, y: &mut [f32]) {
            super::product::<Avx2>(x, matrix, y);
        }
        // SAFETY: the caller has asked the processor.
        unsafe { compiled(x, matrix, y) }
    }
}

#[inline(always)]
fn product<S: Simd>(x: &QuantizedRows, matrix: &PackedQ8, y: &mut [f32]) {
    let rows = y.len() / matrix.outputs;
    for panel in 0..matrix.outputs.div_ceil(LANES) {
        let range = panel * matrix.blocks..(panel + 1) * matrix.blocks;
        let panel = Panel {
            weights: &matrix.weights[range.clone()],
            scales: &matrix.scales[range],
            first: panel * LANES,
            outputs: matrix.outputs,
        };
        let mut row = 0;
        while row + TILE <= rows {
            panel.tile::<S, TILE>(x, row, y);
            row += TILE;
        }
        match rows - row {
            1 => panel.tile::<S, 1>(x, row, y),
            2 => panel.tile::<S, 2>(x, row, y),
            3 => panel.tile::<S, 3>(x, row, y),
            _ => {}
        }
    }
}

/// Eight outputs.
struct Panel<'a> {
    weights: &'a [[PairedWeights; BLOCK_PAIRS]],
    scales: &'a [[f32; LANES]],
    /// Number of the first output.
    first: usize,
    /// Outputs of the whole matrix.
    outputs: usize,
}

impl Panel<'_> {
    /// These outputs of `R` rows.
    #[inline(always)]
    fn tile<S: Simd, const R: usize>(&self, x: &QuantizedRows, row: usize, y: &mut [f32]) {
        let Tile { pairs, scales: of_rows } = x.tile::<R>(row);
        let mut totals = [S::load(&[0.0; LANES]); R];
        let blocks = self.weights.iter().zip(self.scales).zip(pairs).zip(of_rows);
        for (((weights, scales), pairs), of_rows) in blocks {
            let mut sums = [S::no_sums(); R];
            // Not unrolled by hand: in V8 several pairs a turn were slower or no faster, for one row and for four.
            for (weights, pair) in weights.iter().zip(pairs) {
                let weights = S::widen(weights);
                for r in 0..R {
                    sums[r] = S::multiply_add(sums[r], weights, pair[r]);
                }
            }
            let scales = S::load(scales);
            for r in 0..R {
                totals[r] = S::add_scaled(totals[r], sums[r], scales, of_rows[r]);
            }
        }
        let count = LANES.min(self.outputs - self.first);
        for (r, totals) in totals.into_iter().enumerate() {
            let at = (row + r) * self.outputs + self.first;
            let y = &mut y[at..at + count];
            match y.as_mut_array::<LANES>() {
                Some(eight) => *eight = S::store(totals),
                None => y.copy_from_slice(&S::store(totals)[..count]),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::simd::Plain;
    use super::*;
    use crate::gguf::{TensorType, dequantize, quantize};

    fn numbers(count: usize, seed: u32) -> Vec<f32> {
        (0..count).map(|i| ((i as u32 * 37 + seed * 11) as f32 * 0.77).sin() * 3.0).collect()
    }

    fn packed(outputs: usize, columns: usize, seed: u32) -> (PackedQ8, Vec<f32>) {
        let blocks = quantize(TensorType::Q8_0, &numbers(outputs * columns, seed));
        (PackedQ8::new(&blocks, outputs, columns), dequantize(TensorType::Q8_0, &blocks))
    }

    fn run(x: &[f32], matrix: &PackedQ8) -> Vec<f32> {
        let mut rows = QuantizedRows::default();
        rows.fill(x, matrix.columns());
        let mut y = vec![f32::NAN; x.len() / matrix.columns() * matrix.outputs()];
        product_q8_0(&rows, matrix, &mut y);
        y
    }

    #[test]
    fn products_are_those_of_the_unpacked_matrix_at_odd_sizes() {
        for (outputs, columns) in [(1, 32), (3, 96), (8, 64), (9, 352), (259, 64)] {
            let (matrix, dense) = packed(outputs, columns, 5);
            for rows in [1, 2, 3, 4, 5, 7, 25] {
                let x = numbers(rows * columns, 9);
                let y = run(&x, &matrix);
                for (index, found) in y.iter().enumerate() {
                    let x = &x[index / outputs * columns..][..columns];
                    let w = &dense[index % outputs * columns..][..columns];
                    let exact: f64 = x.iter().zip(w).map(|(&x, &w)| f64::from(x) * f64::from(w)).sum();
                    // Half a unit of the activations' rounding, for all of them in the same direction.
                    let allowed: f32 = w.iter().map(|w| w.abs() * 3.0 * 1.6e-5).sum();
                    assert!((f64::from(*found) - exact).abs() <= f64::from(allowed), "{found} for {exact}");
                }
            }
        }
    }

    #[test]
    fn every_instruction_set_computes_the_same_bits_as_plain_rust() {
        let (matrix, _) = packed(21, 96, 3);
        for rows in [1, 3, 4, 6] {
            let x = numbers(rows * 96, 1);
            let mut quantized = QuantizedRows::default();
            quantized.fill(&x, 96);
            let mut plain = vec![0.0; rows * 21];
            product::<Plain>(&quantized, &matrix, &mut plain);
            assert_eq!(run(&x, &matrix), plain);
        }
    }

    #[test]
    fn a_row_gives_the_same_in_any_company() {
        let (matrix, _) = packed(70, 64, 8);
        let x = numbers(13 * 64, 4);
        let apart: Vec<f32> = x.chunks(64).flat_map(|row| run(row, &matrix)).collect();
        assert_eq!(run(&x, &matrix), apart);
    }

    #[test]
    fn the_most_extreme_weights_and_activations_do_not_overflow() {
        let mut blocks = Vec::new();
        for output in 0..9 {
            blocks.extend_from_slice(&f16::ONE.to_le_bytes());
            blocks.extend([if output % 2 == 0 { i8::MIN as u8 } else { i8::MAX as u8 }; 32]);
        }
        let matrix = PackedQ8::new(&blocks, 9, 32);
        for value in [1.0, -1.0] {
            let y = run(&[value; 32], &matrix);
            for (output, &y) in y.iter().enumerate() {
                let expected = value * 32.0 * if output % 2 == 0 { -128.0 } else { 127.0 };
                assert!((y - expected).abs() <= 1e-3, "{y} for {expected}");
            }
        }
    }

    #[test]
    fn a_row_with_what_is_no_number_is_nan_throughout_and_the_others_are_not() {
        let (matrix, _) = packed(11, 64, 2);
        for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            let mut x = numbers(5 * 64, 6);
            x[2 * 64 + 40] = bad;
            for (row, y) in run(&x, &matrix).chunks(11).enumerate() {
                assert!(y.iter().all(|y| y.is_nan() == (row == 2)), "row {row}: {y:?}");
            }
        }
    }
}
