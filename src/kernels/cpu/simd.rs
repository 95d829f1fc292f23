//! Products of small whole numbers, eight outputs side by side: with `src/eight` the places that name the processor's instructions.
//!
//! Each set of instructions computes the same bits: the products and sums of whole numbers are exact, and the few steps in
//! floating point are the same single operations in the same order.

#![allow(
    unsafe_code,
    reason = "the processor's own instructions, whose callers have checked that it has them"
)]

use crate::eight::LANES;

/// Eight outputs' weights, two for each output: `[output 0, output 0, output 1, output 1, ...]`.
pub type PairedWeights = [i8; 2 * LANES];

/// What a tile of a product is made of.
pub trait Simd {
    /// [`PairedWeights`], ready to be multiplied.
    type Weights: Copy;
    /// Eight sums in `i32`.
    type Sums: Copy;
    /// Eight `f32`.
    type Floats: Copy;

    /// Prepares weights, to be used for several rows.
    fn widen(weights: &PairedWeights) -> Self::Weights;
    /// Eight zeros.
    fn no_sums() -> Self::Sums;
    /// Adds to each sum the products of its output's two weights with the two `i16` in `pair` (the lower half first).
    fn multiply_add(sums: Self::Sums, weights: Self::Weights, pair: i32) -> Self::Sums;
    /// Eight numbers.
    fn load(values: &[f32; LANES]) -> Self::Floats;
    /// `totals + sums (scales scale)`.
    fn add_scaled(totals: Self::Floats, sums: Self::Sums, scales: Self::Floats, scale: f32) -> Self::Floats;
    /// The numbers.
    fn store(values: Self::Floats) -> [f32; LANES];
}

/// Plain Rust, for processors that are not named here, and the twin of the others in tests.
#[derive(Debug)]
#[cfg_attr(
    all(target_family = "wasm", target_feature = "simd128", not(test)),
    expect(dead_code, reason = "the browser's SIMD is known when it is compiled")
)]
pub struct Plain;

impl Simd for Plain {
    type Weights = PairedWeights;
    type Sums = [i32; LANES];
    type Floats = [f32; LANES];

    #[inline(always)]
    fn widen(weights: &PairedWeights) -> Self::Weights {
        *weights
    }

    #[inline(always)]
    fn no_sums() -> Self::Sums {
        [0; LANES]
    }

    #[inline(always)]
    fn multiply_add(mut sums: Self::Sums, weights: Self::Weights, pair: i32) -> Self::Sums {
        let (first, second) = (i32::from(pair as i16), pair >> 16);
        for (lane, sum) in sums.iter_mut().enumerate() {
            *sum += i32::from(weights[2 * lane]) * first + i32::from(weights[2 * lane + 1]) * second;
        }
        sums
    }

    #[inline(always)]
    fn load(values: &[f32; LANES]) -> Self::Floats {
        *values
    }

    #[inline(always)]
    fn add_scaled(
        mut totals: Self::Floats,
        sums: Self::Sums,
        scales: Self::Floats,
        scale: f32,
    ) -> Self::Floats {
        for (lane, total) in totals.iter_mut().enumerate() {
            *total += sums[lane] as f32 * (scales[lane] * scale);
        }
        totals
    }

    #[inline(always)]
    fn store(values: Self::Floats) -> [f32; LANES] {
        values
    }
}

/// WebAssembly's 128-bit instructions, which our wasm is always built with.
#[cfg(all(target_family = "wasm", target_feature = "simd128"))]
pub mod wasm {
    use std::arch::wasm32::*;

    use super::{LANES, PairedWeights, Simd};

    /// `simd128`.
    #[derive(Debug)]
    pub struct Simd128;

    impl Simd for Simd128 {
        type Weights = [v128; 2];
        type Sums = [v128; 2];
        type Floats = [v128; 2];

        #[inline(always)]
        fn widen(weights: &PairedWeights) -> Self::Weights {
            let at = weights.as_ptr();
            // SAFETY: both reads of eight bytes are inside the sixteen.
            unsafe { [i16x8_load_extend_i8x8(at), i16x8_load_extend_i8x8(at.add(8))] }
        }

        #[inline(always)]
        fn no_sums() -> Self::Sums {
            [i32x4_splat(0); 2]
        }

        #[inline(always)]
        fn multiply_add(sums: Self::Sums, weights: Self::Weights, pair: i32) -> Self::Sums {
            let pair = i32x4_splat(pair);
            [
                i32x4_add(sums[0], i32x4_dot_i16x8(weights[0], pair)),
                i32x4_add(sums[1], i32x4_dot_i16x8(weights[1], pair)),
            ]
        }

        #[inline(always)]
        fn load(values: &[f32; LANES]) -> Self::Floats {
            let at = values.as_ptr().cast::<v128>();
            // SAFETY: both reads of sixteen bytes are inside the 32; these reads need no alignment.
            unsafe { [v128_load(at), v128_load(at.add(1))] }
        }

        #[inline(always)]
        fn add_scaled(
            totals: Self::Floats,
            sums: Self::Sums,
            scales: Self::Floats,
            scale: f32,
        ) -> Self::Floats {
            let scale = f32x4_splat(scale);
            let one = |half: usize| {
                let scaled = f32x4_mul(f32x4_convert_i32x4(sums[half]), f32x4_mul(scales[half], scale));
                f32x4_add(totals[half], scaled)
            };
            [one(0), one(1)]
        }

        #[inline(always)]
        fn store(values: Self::Floats) -> [f32; LANES] {
            let mut out = [0.0; LANES];
            let at = out.as_mut_ptr().cast::<v128>();
            // SAFETY: both writes of sixteen bytes are inside the 32; these writes need no alignment.
            unsafe {
                v128_store(at, values[0]);
                v128_store(at.add(1), values[1]);
            }
            out
        }
    }
}

/// 256-bit instructions of x86-64.
#[cfg(target_arch = "x86_64")]
pub mod x86 {
    use std::arch::x86_64::*;

    use super::{LANES, PairedWeights, Simd};

    /// AVX2. Its methods may be called only in functions that are compiled for it, on a processor that has it.
    #[derive(Debug)]
    pub struct Avx2;

    impl Simd for Avx2 {
        type Weights = __m256i;
        type Sums = __m256i;
        type Floats = __m256;

        #[inline(always)]
        fn widen(weights: &PairedWeights) -> Self::Weights {
            // SAFETY: sixteen bytes are read of sixteen, without alignment; the processor has AVX2.
            unsafe { _mm256_cvtepi8_epi16(_mm_loadu_si128(weights.as_ptr().cast())) }
        }

        #[inline(always)]
        fn no_sums() -> Self::Sums {
            // SAFETY: the processor has AVX2.
            unsafe { _mm256_setzero_si256() }
        }

        #[inline(always)]
        fn multiply_add(sums: Self::Sums, weights: Self::Weights, pair: i32) -> Self::Sums {
            // SAFETY: the processor has AVX2.
            unsafe { _mm256_add_epi32(sums, _mm256_madd_epi16(weights, _mm256_set1_epi32(pair))) }
        }

        #[inline(always)]
        fn load(values: &[f32; LANES]) -> Self::Floats {
            // SAFETY: eight numbers are read of eight, without alignment; the processor has AVX2.
            unsafe { _mm256_loadu_ps(values.as_ptr()) }
        }

        #[inline(always)]
        fn add_scaled(
            totals: Self::Floats,
            sums: Self::Sums,
            scales: Self::Floats,
            scale: f32,
        ) -> Self::Floats {
            // SAFETY: the processor has AVX2.
            unsafe {
                let scales = _mm256_mul_ps(scales, _mm256_set1_ps(scale));
                _mm256_add_ps(totals, _mm256_mul_ps(_mm256_cvtepi32_ps(sums), scales))
            }
        }

        #[inline(always)]
        fn store(values: Self::Floats) -> [f32; LANES] {
            let mut out = [0.0; LANES];
            // SAFETY: eight numbers are written to eight, without alignment; the processor has AVX2.
            unsafe { _mm256_storeu_ps(out.as_mut_ptr(), values) };
            out
        }
    }
}
