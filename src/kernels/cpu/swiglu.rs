//! The gate of the feed-forward part: SwiGLU (Shazeer 2020, arXiv 2002.05202).

use crate::eight::{Eight, LANES, Number};
use crate::sampling::exp_of_negative;

/// `y = silu(gate) up`. `gate_up`: `[rows, 2 inner]`, the gates of a row before its other half; `y`: `[rows, inner]`.
#[inline(never)]
pub fn swiglu(gate_up: &[f32], inner: usize, y: &mut [f32]) {
    for (gate_up, y) in gate_up.chunks_exact(2 * inner).zip(y.chunks_exact_mut(inner)) {
        let (gate, up) = gate_up.split_at(inner);
        let ((gate, last_gate), (up, last_up)) = (gate.as_chunks::<LANES>(), up.as_chunks::<LANES>());
        let (y, last) = y.as_chunks_mut::<LANES>();
        for ((y, gate), up) in y.iter_mut().zip(gate).zip(up) {
            *y = (silu(Eight::of(gate)) * Eight::of(up)).to_array();
        }
        let rest = silu(Eight::padded(last_gate, 0.0)) * Eight::padded(last_up, 0.0);
        last.copy_from_slice(&rest.to_array()[..last.len()]);
    }
}

/// `x / (1 + e^-x)`, within 4 units in the last place; 0 below -87.
#[inline(always)]
fn silu(x: Eight) -> Eight {
    let one = Eight::all(1.0);
    let small = exp_of_negative(Eight::all(0.0) - x.abs());
    x * (small.where_negative(x, one) / (one + small))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gate_is_within_four_units() {
        for step in -8_000..8_000 {
            let x = step as f32 * 0.01;
            let exact = f64::from(x) / (1.0 + f64::from(-x).exp());
            let found = f64::from(silu(Eight::all(x)).to_array()[0]);
            assert!((found - exact).abs() <= exact.abs() * 4.8e-7, "silu({x}) is {found}, not {exact}");
        }
    }

    #[test]
    fn each_row_has_its_own_gates_first() {
        let mut y = [0.0; 4];
        swiglu(&[100.0, 200.0, 2.0, 3.0, 100.0, -200.0, 5.0, 7.0], 2, &mut y);
        assert_eq!(y, [200.0, 600.0, 500.0, 0.0]);
    }

    #[test]
    fn what_is_no_number_stays_none() {
        for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            assert!(!silu(Eight::all(bad)).to_array()[0].is_finite());
        }
    }
}
