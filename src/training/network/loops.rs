//! The small loops between the matrix products, each fused and written so that the compiler can vectorise it.

use ndarray::{ArrayView2, ArrayViewMut2, linalg::general_mat_mul};

/// `exp(x)` to about 2 units in the last place, without branches, so that loops over it are vectorised.
///
/// `x = n ln 2 + r`, `|r| <= ln 2 / 2`; `exp(r)` by its Taylor polynomial of degree 7 (remainder below 4e-9), times `2^n`
/// by the exponent's bits. Inputs are held to [-87, 88], where the result is a normal number.
#[inline(always)]
#[must_use]
pub fn exp(x: f32) -> f32 {
    const LN2_HIGH: f32 = 0.693_359_4;
    const LN2_LOW: f32 = -2.121_944_4e-4;
    // Adding and taking away 1.5 * 2^23 rounds to the nearest whole number.
    const ROUNDER: f32 = 12_582_912.0;
    let x = x.clamp(-87.0, 88.0);
    let shifted = x * std::f32::consts::LOG2_E + ROUNDER;
    let n = shifted - ROUNDER;
    let r = x - n * LN2_HIGH - n * LN2_LOW;
    let p = 1.0 / 5040.0;
    let p = p * r + 1.0 / 720.0;
    let p = p * r + 1.0 / 120.0;
    let p = p * r + 1.0 / 24.0;
    let p = p * r + 1.0 / 6.0;
    let p = p * r + 0.5;
    let p = p * r + 1.0;
    let p = p * r + 1.0;
    let power = f32::from_bits(
        (shifted.to_bits().wrapping_sub(ROUNDER.to_bits())).wrapping_add(127).wrapping_shl(23),
    );
    p * power
}

/// A matrix over a slice. The caller's slice must have `rows * columns` values.
pub(super) fn matrix(values: &[f32], rows: usize, columns: usize) -> ArrayView2<'_, f32> {
    debug_assert_eq!(values.len(), rows * columns);
    let (chunks, _) = values.split_at(rows * columns);
    ArrayView2::from_shape((rows, columns), chunks)
        .unwrap_or_else(|_| unreachable!("the length was just cut to fit"))
}

/// A matrix over a slice, to be written. The caller's slice must have `rows * columns` values.
pub(super) fn matrix_mut(values: &mut [f32], rows: usize, columns: usize) -> ArrayViewMut2<'_, f32> {
    debug_assert_eq!(values.len(), rows * columns);
    let (chunks, _) = values.split_at_mut(rows * columns);
    ArrayViewMut2::from_shape((rows, columns), chunks)
        .unwrap_or_else(|_| unreachable!("the length was just cut to fit"))
}

/// `out = x w^T`. `x`: `[n, columns]`; `w`: `[rows, columns]`; `out`: `[n, rows]`.
pub(super) fn linear(x: &[f32], w: &[f32], out: &mut [f32], columns: usize, rows: usize) {
    let n = x.len() / columns;
    general_mat_mul(
        1.0,
        &matrix(x, n, columns),
        &matrix(w, rows, columns).t(),
        0.0,
        &mut matrix_mut(out, n, rows),
    );
}

/// `dx = dy w`. `dy`: `[n, rows]`; `w`: `[rows, columns]`; `dx`: `[n, columns]`.
pub(super) fn linear_input_gradient(dy: &[f32], w: &[f32], dx: &mut [f32], columns: usize, rows: usize) {
    let n = dx.len() / columns;
    general_mat_mul(
        1.0,
        &matrix(dy, n, rows),
        &matrix(w, rows, columns),
        0.0,
        &mut matrix_mut(dx, n, columns),
    );
}

/// `dw += dy^T x`. `dy`: `[n, rows]`; `x`: `[n, columns]`; `dw`: `[rows, columns]`.
pub(super) fn linear_weight_gradient(dy: &[f32], x: &[f32], dw: &mut [f32], columns: usize, rows: usize) {
    let n = x.len() / columns;
    general_mat_mul(
        1.0,
        &matrix(dy, n, rows).t(),
        &matrix(x, n, columns),
        1.0,
        &mut matrix_mut(dw, rows, columns),
    );
}

/// `to += from`.
pub(super) fn add(to: &mut [f32], from: &[f32]) {
    to.iter_mut().zip(from).for_each(|(t, f)| *t += f);
}

/// RMSNorm (Zhang and Sennrich 2019, arXiv 1910.07467) of each row: `y = x r w`, `r = 1 / sqrt(mean(x^2) + epsilon)`.
/// `inverse_rms`: one `r` per row, kept for the way back.
pub(super) fn rms_norm(x: &[f32], w: &[f32], epsilon: f32, y: &mut [f32], inverse_rms: &mut [f32]) {
    let width = w.len();
    for ((x, y), r) in x.chunks_exact(width).zip(y.chunks_exact_mut(width)).zip(inverse_rms) {
        let scale = 1.0 / (dot(x, x) / width as f32 + epsilon).sqrt();
        *r = scale;
        for ((y, x), w) in y.iter_mut().zip(x).zip(w) {
            *y = x * scale * w;
        }
    }
}

/// The way back through [`rms_norm`]: adds to `dx` and `dw`.
///
/// `dx += r (w dy) - x r^3 / width * sum(w dy x)`, `dw += dy x r`.
pub(super) fn rms_norm_gradient(
    dy: &[f32],
    x: &[f32],
    w: &[f32],
    inverse_rms: &[f32],
    dx: &mut [f32],
    dw: &mut [f32],
) {
    let width = w.len();
    let rows =
        dy.chunks_exact(width).zip(x.chunks_exact(width)).zip(dx.chunks_exact_mut(width)).zip(inverse_rms);
    for (((dy, x), dx), &r) in rows {
        let mut lanes = [0.0_f32; LANES];
        for ((dy, x), w) in dy.chunks_exact(LANES).zip(x.chunks_exact(LANES)).zip(w.chunks_exact(LANES)) {
            for (((sum, dy), x), w) in lanes.iter_mut().zip(dy).zip(x).zip(w) {
                *sum += dy * x * w;
            }
        }
        let pull = lanes.iter().sum::<f32>() * r * r * r / width as f32;
        for ((((dx, dw), dy), x), w) in dx.iter_mut().zip(dw.iter_mut()).zip(dy).zip(x).zip(w) {
            *dx += r * w * dy - x * pull;
            *dw += dy * x * r;
        }
    }
}

/// Partial sums kept side by side, so that the compiler may use vector registers.
const LANES: usize = 16;

/// Sum of products. The length must be a multiple of [`LANES`]: model widths are multiples of 32.
#[inline]
pub(super) fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut lanes = [0.0_f32; LANES];
    for (a, b) in a.chunks_exact(LANES).zip(b.chunks_exact(LANES)) {
        for ((sum, a), b) in lanes.iter_mut().zip(a).zip(b) {
            *sum += a * b;
        }
    }
    lanes.iter().sum()
}

/// `act = silu(gate) up` (Shazeer 2020, arXiv 2002.05202). `gate_up`: rows of gate then up.
pub(super) fn swiglu(gate_up: &[f32], inner: usize, act: &mut [f32]) {
    for (row, act) in gate_up.chunks_exact(2 * inner).zip(act.chunks_exact_mut(inner)) {
        let (gate, up) = row.split_at(inner);
        for ((a, g), u) in act.iter_mut().zip(gate).zip(up) {
            *a = g / (1.0 + exp(-g)) * u;
        }
    }
}

/// The way back through [`swiglu`]: overwrites `gate_up` with its own gradient.
pub(super) fn swiglu_gradient(d_act: &[f32], inner: usize, gate_up: &mut [f32]) {
    for (row, d_act) in gate_up.chunks_exact_mut(2 * inner).zip(d_act.chunks_exact(inner)) {
        let (gate, up) = row.split_at_mut(inner);
        for ((d, g), u) in d_act.iter().zip(gate).zip(up) {
            let sigmoid = 1.0 / (1.0 + exp(-*g));
            let silu = *g * sigmoid;
            let d_gate = d * *u * (sigmoid + silu * (1.0 - sigmoid));
            *u = d * silu;
            *g = d_gate;
        }
    }
}

/// RoPE tables: `[context, head_length / 2]` cosines and sines, computed in `f64`.
#[derive(Debug, Clone)]
pub(super) struct Rope {
    cos: Vec<f32>,
    sin: Vec<f32>,
    half: usize,
}

impl Rope {
    pub fn new(context: usize, head_length: usize, base: f32) -> Self {
        let half = head_length / 2;
        let angle = |position: usize, i: usize| {
            position as f64 * f64::from(base).powf(-2.0 * i as f64 / head_length as f64)
        };
        let all = || (0..context).flat_map(|p| (0..half).map(move |i| (p, i)));
        Self {
            cos: all().map(|(p, i)| angle(p, i).cos() as f32).collect(),
            sin: all().map(|(p, i)| angle(p, i).sin() as f32).collect(),
            half,
        }
    }

    /// Turns all heads in `heads` (whole heads, one after the other) as standing at `position`; backwards if `back`.
    /// Pairs are neighbours, as GGUF stores them.
    pub fn turn(&self, heads: &mut [f32], position: usize, back: bool) {
        let table = position * self.half..(position + 1) * self.half;
        let (cos, sin) = (&self.cos[table.clone()], &self.sin[table]);
        let sign = if back { -1.0 } else { 1.0 };
        for head in heads.chunks_exact_mut(2 * self.half) {
            for ((pair, c), s) in head.chunks_exact_mut(2).zip(cos).zip(sin) {
                let (a, b, s) = (pair[0], pair[1], s * sign);
                pair[0] = a * c - b * s;
                pair[1] = a * s + b * c;
            }
        }
    }
}
