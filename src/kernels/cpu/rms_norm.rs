//! RMSNorm (Zhang and Sennrich 2019, arXiv 1910.07467).

use crate::eight::LANES;

/// `y = x weight / sqrt(mean(x^2) + epsilon)`, row by row; `x` and `y`: `[rows, weight.len()]`.
///
/// A row whose squares have no finite sum becomes NaN: divided by it, it would become zeros that look like an answer.
#[inline(never)]
pub fn rms_norm(x: &[f32], weight: &[f32], epsilon: f32, y: &mut [f32]) {
    let width = weight.len();
    for (x, y) in x.chunks_exact(width).zip(y.chunks_exact_mut(width)) {
        let mean_square = sum_of_squares(x) / width as f32;
        let factor = if mean_square.is_finite() { 1.0 / (mean_square + epsilon).sqrt() } else { f32::NAN };
        for ((y, x), weight) in y.iter_mut().zip(x).zip(weight) {
            *y = x * factor * weight;
        }
    }
}

fn sum_of_squares(x: &[f32]) -> f32 {
    let (chunks, rest) = x.as_chunks::<LANES>();
    let mut sums = [0.0_f32; LANES];
    for chunk in chunks {
        for (sum, x) in sums.iter_mut().zip(chunk) {
            *sum += x * x;
        }
    }
    for (sum, x) in sums.iter_mut().zip(rest) {
        *sum += x * x;
    }
    sums.iter().sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_have_a_root_mean_square_of_one() {
        let x: Vec<f32> = (0..3 * 19).map(|i| (i as f32 * 0.9).sin() * (1 + i / 19) as f32).collect();
        let mut y = vec![0.0; x.len()];
        rms_norm(&x, &[1.0; 19], 0.0, &mut y);
        for row in y.chunks(19) {
            let mean_square = row.iter().map(|y| f64::from(y * y)).sum::<f64>() / 19.0;
            assert!((mean_square - 1.0).abs() < 1e-6, "{mean_square}");
        }
    }

    #[test]
    fn rows_that_are_too_large_to_be_squared_are_nan() {
        for bad in [1e30, f32::INFINITY, f32::NAN] {
            let (mut x, mut y) = ([1.0; 8], [0.0; 8]);
            x[5] = bad;
            rms_norm(&x, &[1.0; 4], 1e-5, &mut y);
            assert!(y[..4].iter().all(|y| (y - 1.0).abs() < 1e-4) && y[4..].iter().all(|y| y.is_nan()));
        }
    }
}
