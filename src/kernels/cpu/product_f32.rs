//! Products with `f32` weights, for files that are not quantized.
//!
//! Eight outputs lie side by side and each is summed input after input, so that a row's result does not depend on the rows
//! beside it.

use crate::eight::LANES;

/// Rows of a tile.
const TILE: usize = 4;

/// A matrix laid out for [`product_f32`].
#[derive(Debug, Clone)]
pub struct PackedF32 {
    outputs: usize,
    columns: usize,
    /// `[outputs / 8, columns]` of eight outputs; what is missing from the last eight is zero.
    weights: Vec<[f32; LANES]>,
}

impl PackedF32 {
    /// `values`: `[outputs, columns]`.
    #[must_use]
    #[inline(never)]
    pub fn new(values: &[f32], outputs: usize, columns: usize) -> Self {
        let mut weights = vec![[0.0; LANES]; outputs.div_ceil(LANES) * columns];
        for (output, values) in values.chunks_exact(columns).enumerate().take(outputs) {
            let panel = &mut weights[output / LANES * columns..][..columns];
            for (eight, &value) in panel.iter_mut().zip(values) {
                eight[output % LANES] = value;
            }
        }
        Self { outputs, columns, weights }
    }

    /// Number of outputs.
    #[must_use]
    pub fn outputs(&self) -> usize {
        self.outputs
    }

    /// Number of inputs.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.columns
    }
}

/// `x W^T`. `x`: `[rows, columns]`, `y`: `[rows, outputs]`.
pub fn product_f32(x: &[f32], matrix: &PackedF32, y: &mut [f32]) {
    let (columns, outputs) = (matrix.columns, matrix.outputs);
    for (panel, weights) in matrix.weights.chunks_exact(columns).enumerate() {
        let first = panel * LANES;
        let mut tiles = x.chunks_exact(TILE * columns);
        let mut out = y.chunks_exact_mut(TILE * outputs);
        for (x, y) in tiles.by_ref().zip(out.by_ref()) {
            tile::<TILE>(x, weights, first, y);
        }
        let rest = tiles.remainder().chunks_exact(columns);
        for (x, y) in rest.zip(out.into_remainder().chunks_exact_mut(outputs)) {
            tile::<1>(x, weights, first, y);
        }
    }
}

/// Eight outputs of `R` rows. `x`: `[R, columns]`, `y`: `[R, outputs]`.
#[inline(always)]
fn tile<const R: usize>(x: &[f32], weights: &[[f32; LANES]], first: usize, y: &mut [f32]) {
    let (columns, outputs) = (weights.len(), y.len() / R);
    let rows: [&[f32]; R] = std::array::from_fn(|r| &x[r * columns..][..columns]);
    let mut sums = [[0.0; LANES]; R];
    for (column, weights) in weights.iter().enumerate() {
        for r in 0..R {
            for lane in 0..LANES {
                sums[r][lane] += rows[r][column] * weights[lane];
            }
        }
    }
    let count = LANES.min(outputs - first);
    for (sums, y) in sums.iter().zip(y.chunks_exact_mut(outputs)) {
        y[first..first + count].copy_from_slice(&sums[..count]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(count: usize, seed: u32) -> Vec<f32> {
        (0..count).map(|i| ((i as u32 * 37 + seed * 11) as f32 * 0.77).sin() * 3.0).collect()
    }

    fn run(x: &[f32], matrix: &PackedF32) -> Vec<f32> {
        let mut y = vec![f32::NAN; x.len() / matrix.columns() * matrix.outputs()];
        product_f32(x, matrix, &mut y);
        y
    }

    #[test]
    fn products_are_right_at_odd_sizes_and_the_same_in_any_company() {
        for (outputs, columns) in [(1, 1), (3, 33), (8, 64), (17, 5)] {
            let values = numbers(outputs * columns, 3);
            let matrix = PackedF32::new(&values, outputs, columns);
            for rows in [1, 3, 4, 9] {
                let x = numbers(rows * columns, 7);
                let y = run(&x, &matrix);
                for (index, found) in y.iter().enumerate() {
                    let x = &x[index / outputs * columns..][..columns];
                    let w = &values[index % outputs * columns..][..columns];
                    let products = || x.iter().zip(w).map(|(&x, &w)| f64::from(x) * f64::from(w));
                    let allowed = products().map(f64::abs).sum::<f64>() * 4e-6; // 64 roundings of 6e-8
                    assert!((f64::from(*found) - products().sum::<f64>()).abs() <= allowed);
                }
                let apart: Vec<f32> = x.chunks(columns).flat_map(|row| run(row, &matrix)).collect();
                assert_eq!(y, apart);
            }
        }
    }

    #[test]
    fn what_is_no_number_stays_none() {
        let matrix = PackedF32::new(&numbers(9 * 4, 1), 9, 4);
        let y = run(&[1.0, f32::NAN, 2.0, 3.0], &matrix);
        assert!(y.iter().all(|y| y.is_nan()));
    }
}
