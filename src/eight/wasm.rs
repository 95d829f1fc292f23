//! With WebAssembly's 128-bit vectors.

#![allow(unsafe_code, reason = "the processor's own reads and writes, of arrays that hold as much")]

use std::arch::wasm32::*;

use super::{BIAS, LANES};

pub type Eight = [v128; 2];
pub type Words = [v128; 2];
pub type Wide = [v128; 4];

#[inline(always)]
fn each(a: Eight, b: Eight, f: impl Fn(v128, v128) -> v128) -> Eight {
    [f(a[0], b[0]), f(a[1], b[1])]
}

#[inline(always)]
fn read<Number>(values: &[Number; LANES]) -> [v128; 2] {
    const { assert!(size_of::<Number>() == 4) };
    let at = values.as_ptr().cast::<v128>();
    // SAFETY: twice sixteen bytes are read of 32; these reads need no alignment.
    unsafe { [v128_load(at), v128_load(at.add(1))] }
}

#[inline(always)]
fn written<Number: Copy + Default>(values: [v128; 2]) -> [Number; LANES] {
    const { assert!(size_of::<Number>() == 4) };
    let mut out = [Number::default(); LANES];
    let at = out.as_mut_ptr().cast::<v128>();
    // SAFETY: twice sixteen bytes, of which any are a number, are written to 32; these writes need no alignment.
    unsafe {
        v128_store(at, values[0]);
        v128_store(at.add(1), values[1]);
    }
    out
}

#[inline(always)]
pub fn load(values: &[f32; LANES]) -> Eight {
    read(values)
}

#[inline(always)]
pub fn store(values: Eight) -> [f32; LANES] {
    written(values)
}

#[inline(always)]
pub fn splat(value: f32) -> Eight {
    [f32x4_splat(value); 2]
}

#[inline(always)]
pub fn add(a: Eight, b: Eight) -> Eight {
    each(a, b, |a, b| f32x4_add(a, b))
}

#[inline(always)]
pub fn sub(a: Eight, b: Eight) -> Eight {
    each(a, b, |a, b| f32x4_sub(a, b))
}

#[inline(always)]
pub fn mul(a: Eight, b: Eight) -> Eight {
    each(a, b, |a, b| f32x4_mul(a, b))
}

#[inline(always)]
pub fn div(a: Eight, b: Eight) -> Eight {
    each(a, b, |a, b| f32x4_div(a, b))
}

#[inline(always)]
pub fn abs(values: Eight) -> Eight {
    values.map(|value| f32x4_abs(value))
}

#[inline(always)]
pub fn where_negative(values: Eight, measures: Eight, others: Eight) -> Eight {
    let negative = measures.map(|measure| f32x4_lt(measure, f32x4_splat(0.0)));
    std::array::from_fn(|half| v128_bitselect(values[half], others[half], negative[half]))
}

#[inline(always)]
pub fn bits_as_numbers(values: Eight) -> Eight {
    values.map(|value| f32x4_convert_i32x4(value))
}

#[inline(always)]
pub fn load_words(values: &[u32; LANES]) -> Words {
    read(values)
}

#[inline(always)]
pub fn store_words(values: Words) -> [u32; LANES] {
    written(values)
}

#[inline(always)]
pub fn splat_words(value: u32) -> Words {
    [u32x4_splat(value); 2]
}

#[inline(always)]
pub fn xor(a: Words, b: Words) -> Words {
    each(a, b, |a, b| v128_xor(a, b))
}

#[inline(always)]
pub fn products(words: Words, factor: u32) -> [Words; 2] {
    let factor = u32x4_splat(factor);
    let wide =
        words.map(|four| (u64x2_extmul_low_u32x4(four, factor), u64x2_extmul_high_u32x4(four, factor)));
    [
        wide.map(|(first, second)| u32x4_shuffle::<1, 3, 5, 7>(first, second)),
        wide.map(|(first, second)| u32x4_shuffle::<0, 2, 4, 6>(first, second)),
    ]
}

#[inline(always)]
pub fn upper_bits_of_complement(words: Words) -> Eight {
    words.map(|four| f32x4_convert_i32x4(u32x4_shr(v128_not(four), 9)))
}

#[inline(always)]
pub fn by_place(words: [Words; 4]) -> [Words; 4] {
    let [first, second] = [0, 1].map(|half| {
        let [a, b, c, d] = words.map(|words| words[half]);
        let (ab, cd) = (u32x4_shuffle::<0, 4, 1, 5>(a, b), u32x4_shuffle::<0, 4, 1, 5>(c, d));
        let (upper_ab, upper_cd) = (u32x4_shuffle::<2, 6, 3, 7>(a, b), u32x4_shuffle::<2, 6, 3, 7>(c, d));
        [
            [i64x2_shuffle::<0, 2>(ab, cd), i64x2_shuffle::<1, 3>(ab, cd)],
            [i64x2_shuffle::<0, 2>(upper_ab, upper_cd), i64x2_shuffle::<1, 3>(upper_ab, upper_cd)],
        ]
    });
    [first[0], first[1], second[0], second[1]]
}

#[inline(always)]
pub fn or_larger(a: Eight, b: Eight) -> Eight {
    each(a, b, |a, b| f32x4_pmax(a, b))
}

#[inline(always)]
pub fn or_smaller(a: Eight, b: Eight) -> Eight {
    each(a, b, |a, b| f32x4_pmin(a, b))
}

#[inline(always)]
pub fn where_above(values: Eight, measures: Eight, bound: f32) -> Eight {
    let bound = f32x4_splat(bound);
    each(values, measures, |value, measure| v128_and(value, f32x4_gt(measure, bound)))
}

#[inline(always)]
pub fn power_of_two(values: Eight, origin: f32) -> Eight {
    let shift = i32x4_splat(BIAS.wrapping_sub(origin.to_bits() as i32));
    values.map(|value| i32x4_shl(i32x4_add(value, shift), 23))
}

#[inline(always)]
pub fn any_at_least(values: Eight, bound: f32) -> bool {
    let bound = f32x4_splat(bound);
    v128_any_true(v128_or(f32x4_ge(values[0], bound), f32x4_ge(values[1], bound)))
}

#[inline(always)]
pub fn no_sums() -> Wide {
    [f64x2_splat(0.0); 4]
}

#[inline(always)]
pub fn add_wide(sums: Wide, [low, high]: Eight) -> Wide {
    let upper = |values| f64x2_promote_low_f32x4(i64x2_shuffle::<1, 1>(values, values));
    [
        f64x2_add(sums[0], f64x2_promote_low_f32x4(low)),
        f64x2_add(sums[1], upper(low)),
        f64x2_add(sums[2], f64x2_promote_low_f32x4(high)),
        f64x2_add(sums[3], upper(high)),
    ]
}

#[inline(always)]
pub fn store_wide(sums: Wide) -> [f64; LANES] {
    let [a, b, c, d] = sums.map(|two| [f64x2_extract_lane::<0>(two), f64x2_extract_lane::<1>(two)]);
    [a[0], a[1], b[0], b[1], c[0], c[1], d[0], d[1]]
}
