//! Logarithm and exponential in plain `f32` arithmetic.
//!
//! The standard library leaves both to the platform, so a browser, a desktop and a shader each round in their own way,
//! and a shader's logarithm may even be wrong by more than its value near 1, which is where the winning noise of a draw
//! comes from. These give the same bits wherever Rust runs; `shaders/shared/natural_log.wgsl` is the same formula and
//! differs by the shader compiler's rounding only. Both are free of branches, so that they are SIMD over several numbers.

use crate::eight::Number;

/// The part of ln 2 whose product with a small whole number is exact.
const LN_2_HIGH: f32 = 355.0 / 512.0;
/// `ln 2 - 355 / 512`.
const LN_2_LOW: f32 = -2.121_944_4e-4;

/// The exponential of this and of less counts as zero.
const LEAST_EXPONENT: f32 = -87.0;

/// Natural logarithm of a normal positive number, within 2 units in the last place.
///
/// `x = 2^k m` with `m` in `[sqrt(1/2), sqrt(2))`; `ln m = 2 atanh(s)`, `s = (m - 1) / (m + 1)`, as a power series: the
/// first term left out is below `1e-9` of the sum.
#[inline]
#[must_use]
pub fn natural_log(x: f32) -> f32 {
    /// Bits of the `f32` nearest to sqrt(1/2).
    const ROOT_HALF: u32 = 0x3f35_04f3;
    let shifted = x.to_bits().wrapping_sub(ROOT_HALF);
    let k = (shifted as i32 >> 23) as f32;
    let m = f32::from_bits((shifted & 0x007f_ffff).wrapping_add(ROOT_HALF));
    let f = m - 1.0; // exact
    let s = f / (f + 2.0);
    let z = s * s;
    let tail = z * (2.0 / 3.0 + z * (2.0 / 5.0 + z * (2.0 / 7.0 + z * (2.0 / 9.0))));
    // 2 s + s tail = f - s f + s tail: f is exact, so only the smaller terms are rounded.
    k * LN_2_HIGH + (f + (s * (tail - f) + k * LN_2_LOW))
}

/// `e^x` for `x <= 0`, within 2 units in the last place; 0 below -87.
///
/// `x = n ln 2 + r` with `|r| <= ln(2) / 2`; `e^r` as a power series: the first term left out is below `6e-9`.
#[inline(always)]
#[must_use]
pub fn exp_of_negative<N: Number>(x: N) -> N {
    /// Adding and subtracting `1.5 * 2^23` rounds to a whole number.
    const ROUND: f32 = 12_582_912.0;
    let of = N::all;
    let bounded = of(LEAST_EXPONENT).or_larger(x);
    let rounded = bounded * of(std::f32::consts::LOG2_E) + of(ROUND);
    let n = rounded - of(ROUND);
    let r = bounded - n * of(LN_2_HIGH) - n * of(LN_2_LOW);
    let tail = of(1.0 / 24.0) + r * (of(1.0 / 120.0) + r * (of(1.0 / 720.0) + r * of(1.0 / 5040.0)));
    let tail = of(1.0 / 6.0) + r * tail;
    let series = of(1.0) + (r + r * r * (of(0.5) + r * tail));
    // `n` again, in the lower bits of the sum.
    (series * rounded.power_of_two(ROUND)).where_above(x, LEAST_EXPONENT)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Distance in units of the last place of the exact value.
    fn units(found: f32, exact: f64) -> f64 {
        let nearest = exact as f32;
        let unit = f64::from(f32::from_bits(nearest.abs().to_bits() + 1)) - f64::from(nearest.abs());
        (f64::from(found) - exact).abs() / unit
    }

    #[test]
    fn the_logarithm_is_within_two_units_for_every_noise_it_is_used_on() {
        // Every 7th of the 2^23 uniform numbers, and the values that the second logarithm of the noise is taken of.
        let mut worst = 0.0_f64;
        for k in (0..1_u32 << 23).step_by(7).chain([(1 << 23) - 1]) {
            let u = (k as f32 + 0.5) / 8_388_608.0;
            let first = -natural_log(u);
            worst = worst.max(units(first, -f64::from(u).ln()));
            assert!(first > 0.0, "-ln({u}) is {first}");
            // Near 1 the logarithm passes through 0, and an absolute error of one unit of 1 is what counts.
            let second = natural_log(first);
            let exact = f64::from(first).ln();
            assert!((f64::from(second) - exact).abs() <= 1.2e-7_f64.max(exact.abs() * 2.4e-7), "ln({first})");
        }
        assert!(worst <= 2.0, "{worst} units");
        assert_eq!(natural_log(1.0), 0.0);
    }

    #[test]
    fn the_exponential_is_within_two_units() {
        let mut worst = 0.0_f64;
        for step in 0..86_000 {
            let x = step as f32 * -0.001;
            worst = worst.max(units(exp_of_negative(x), f64::from(x).exp()));
        }
        assert!(worst <= 2.0, "{worst} units");
        assert_eq!(exp_of_negative(0.0), 1.0);
        assert_eq!(exp_of_negative(-1e30), 0.0);
    }
}
