//! Eight `f32` side by side: two of WebAssembly's 128-bit vectors there, an array elsewhere.
//!
//! Written out because loops over arrays became scalar code where it mattered most. Each operation is one of IEEE 754's, place
//! by place, so that the same bits come of it everywhere.

#![allow(unsafe_code, reason = "the processor's own reads and writes, of arrays that hold as much")]

use std::ops::{Add, BitXor, Div, Mul, Sub};

/// How many.
pub const LANES: usize = 8;

/// What formulas are written with that are computed of one number or of eight.
pub trait Number: Copy + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> {
    /// This number, in every place.
    fn all(value: f32) -> Self;
    /// `other` where it is larger, so not where either is NaN.
    fn or_larger(self, other: Self) -> Self;
    /// Zero where `measure` is not above the bound, so where it is NaN too.
    fn where_above(self, measure: Self, bound: f32) -> Self;
    /// `2^n` where the bits are `n` more than those of `origin`; `-126 <= n <= 127`.
    fn power_of_two(self, origin: f32) -> Self;
}

/// Bits of 1.0 beside those of a whole number as [`Number::power_of_two`] reads it.
const BIAS: i32 = 127;

impl Number for f32 {
    #[inline(always)]
    fn all(value: f32) -> Self {
        value
    }

    #[inline(always)]
    fn or_larger(self, other: Self) -> Self {
        if other > self { other } else { self }
    }

    #[inline(always)]
    fn where_above(self, measure: Self, bound: f32) -> Self {
        if measure > bound { self } else { 0.0 }
    }

    #[inline(always)]
    fn power_of_two(self, origin: f32) -> Self {
        let n = (self.to_bits() as i32).wrapping_sub(origin.to_bits() as i32);
        f32::from_bits((n.wrapping_add(BIAS) << 23) as u32)
    }
}

/// Eight numbers.
#[derive(Debug, Clone, Copy)]
pub struct Eight(lanes::Eight);

impl Eight {
    /// Those of an array.
    #[inline(always)]
    #[must_use]
    pub fn of(values: &[f32; LANES]) -> Self {
        Self(lanes::load(values))
    }

    /// As many as there are, at most eight, and `rest` in the other places.
    #[inline(always)]
    #[must_use]
    pub fn padded(values: &[f32], rest: f32) -> Self {
        let mut all = [rest; LANES];
        all[..values.len()].copy_from_slice(values);
        Self::of(&all)
    }

    /// As an array.
    #[inline(always)]
    #[must_use]
    pub fn to_array(self) -> [f32; LANES] {
        lanes::store(self.0)
    }

    /// Whether any number is at least the bound.
    #[inline(always)]
    #[must_use]
    pub fn any_at_least(self, bound: f32) -> bool {
        lanes::any_at_least(self.0, bound)
    }

    /// `other` where it is smaller, so not where either is NaN.
    #[inline(always)]
    #[must_use]
    pub fn or_smaller(self, other: Self) -> Self {
        Self(lanes::or_smaller(self.0, other.0))
    }
}

impl Eight {
    /// Without their signs.
    #[inline(always)]
    #[must_use]
    pub fn abs(self) -> Self {
        Self(lanes::abs(self.0))
    }

    /// `other` where `measure` is not below zero, so where it is NaN too.
    #[inline(always)]
    #[must_use]
    pub fn where_negative(self, measure: Self, other: Self) -> Self {
        Self(lanes::where_negative(self.0, measure.0, other.0))
    }

    /// What the bits of each are as a whole number with a sign.
    #[inline(always)]
    #[must_use]
    pub fn bits_as_numbers(self) -> Self {
        Self(lanes::bits_as_numbers(self.0))
    }
}

impl Add for Eight {
    type Output = Self;

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        Self(lanes::add(self.0, other.0))
    }
}

impl Sub for Eight {
    type Output = Self;

    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        Self(lanes::sub(self.0, other.0))
    }
}

impl Mul for Eight {
    type Output = Self;

    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        Self(lanes::mul(self.0, other.0))
    }
}

impl Div for Eight {
    type Output = Self;

    #[inline(always)]
    fn div(self, other: Self) -> Self {
        Self(lanes::div(self.0, other.0))
    }
}

impl Number for Eight {
    #[inline(always)]
    fn all(value: f32) -> Self {
        Self(lanes::splat(value))
    }

    #[inline(always)]
    fn or_larger(self, other: Self) -> Self {
        Self(lanes::or_larger(self.0, other.0))
    }

    #[inline(always)]
    fn where_above(self, measure: Self, bound: f32) -> Self {
        Self(lanes::where_above(self.0, measure.0, bound))
    }

    #[inline(always)]
    fn power_of_two(self, origin: f32) -> Self {
        Self(lanes::power_of_two(self.0, origin))
    }
}

/// Eight whole numbers of 32 bits without signs.
#[derive(Debug, Clone, Copy)]
pub struct Words(lanes::Words);

impl Words {
    /// Those of an array.
    #[inline(always)]
    #[must_use]
    pub fn of(values: &[u32; LANES]) -> Self {
        Self(lanes::load_words(values))
    }

    /// This number, in every place.
    #[inline(always)]
    #[must_use]
    pub fn all(value: u32) -> Self {
        Self(lanes::splat_words(value))
    }

    /// As an array.
    #[inline(always)]
    #[must_use]
    pub fn to_array(self) -> [u32; LANES] {
        lanes::store_words(self.0)
    }

    /// The upper and the lower halves of the products with a number.
    #[inline(always)]
    #[must_use]
    pub fn products(self, factor: u32) -> [Self; 2] {
        lanes::products(self.0, factor).map(Self)
    }

    /// The complements' upper 23 bits as numbers.
    #[inline(always)]
    #[must_use]
    pub fn upper_bits_of_complement(self) -> Eight {
        Eight(lanes::upper_bits_of_complement(self.0))
    }
}

impl BitXor for Words {
    type Output = Self;

    #[inline(always)]
    fn bitxor(self, other: Self) -> Self {
        Self(lanes::xor(self.0, other.0))
    }
}

/// The upper half of a product, put together from 16-bit parts: twin of `high_half` in `shaders/shared/philox.wgsl`. No sum
/// overflows. 64-bit products would be shorter, but the vector code that rustc 1.95 made of them gave wrong words on x86-64 at
/// the highest optimisation.
#[inline(always)]
#[must_use]
pub fn high_half(a: u32, b: u32) -> u32 {
    let (a_low, a_high) = (a & 0xffff, a >> 16);
    let (b_low, b_high) = (b & 0xffff, b >> 16);
    let middle = a_high * b_low + ((a_low * b_low) >> 16);
    let other = a_low * b_high + (middle & 0xffff);
    a_high * b_high + (middle >> 16) + (other >> 16)
}

/// Those of the first place, one after the other, then those of the second, and so on.
#[inline(always)]
#[must_use]
pub fn by_place(words: [Words; 4]) -> [Words; 4] {
    lanes::by_place(words.map(|words| words.0)).map(Words)
}

/// Eight sums in `f64`.
#[derive(Debug, Clone, Copy)]
pub struct WideSums(lanes::Wide);

impl WideSums {
    /// Nothing yet.
    #[inline(always)]
    #[must_use]
    pub fn none() -> Self {
        Self(lanes::no_sums())
    }

    /// With each number added in its place.
    #[inline(always)]
    #[must_use]
    pub fn plus(self, numbers: Eight) -> Self {
        Self(lanes::add_wide(self.0, numbers.0))
    }

    /// The sum of the eight, in their order.
    #[inline(always)]
    #[must_use]
    pub fn total(self) -> f64 {
        lanes::store_wide(self.0).iter().sum()
    }
}

#[cfg(all(target_family = "wasm", target_feature = "simd128"))]
mod lanes {
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
    pub fn load(values: &[f32; LANES]) -> Eight {
        let at = values.as_ptr().cast::<v128>();
        // SAFETY: twice sixteen bytes are read of 32; these reads need no alignment.
        unsafe { [v128_load(at), v128_load(at.add(1))] }
    }

    #[inline(always)]
    pub fn store(values: Eight) -> [f32; LANES] {
        let mut out = [0.0; LANES];
        let at = out.as_mut_ptr().cast::<v128>();
        // SAFETY: twice sixteen bytes are written to 32; these writes need no alignment.
        unsafe {
            v128_store(at, values[0]);
            v128_store(at.add(1), values[1]);
        }
        out
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
        let at = values.as_ptr().cast::<v128>();
        // SAFETY: as above.
        unsafe { [v128_load(at), v128_load(at.add(1))] }
    }

    #[inline(always)]
    pub fn store_words(values: Words) -> [u32; LANES] {
        let mut out = [0; LANES];
        let at = out.as_mut_ptr().cast::<v128>();
        // SAFETY: as above.
        unsafe {
            v128_store(at, values[0]);
            v128_store(at.add(1), values[1]);
        }
        out
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
}

#[cfg(not(all(target_family = "wasm", target_feature = "simd128")))]
mod lanes {
    use super::{BIAS, LANES, Number, high_half};

    pub type Eight = [f32; LANES];
    pub type Words = [u32; LANES];
    pub type Wide = [f64; LANES];

    #[inline(always)]
    fn each(a: Eight, b: Eight, f: impl Fn(f32, f32) -> f32) -> Eight {
        std::array::from_fn(|lane| f(a[lane], b[lane]))
    }

    #[inline(always)]
    pub fn load(values: &[f32; LANES]) -> Eight {
        *values
    }

    #[inline(always)]
    pub fn store(values: Eight) -> [f32; LANES] {
        values
    }

    #[inline(always)]
    pub fn splat(value: f32) -> Eight {
        [value; LANES]
    }

    #[inline(always)]
    pub fn add(a: Eight, b: Eight) -> Eight {
        each(a, b, |a, b| a + b)
    }

    #[inline(always)]
    pub fn sub(a: Eight, b: Eight) -> Eight {
        each(a, b, |a, b| a - b)
    }

    #[inline(always)]
    pub fn mul(a: Eight, b: Eight) -> Eight {
        each(a, b, |a, b| a * b)
    }

    #[inline(always)]
    pub fn div(a: Eight, b: Eight) -> Eight {
        each(a, b, |a, b| a / b)
    }

    #[inline(always)]
    pub fn abs(values: Eight) -> Eight {
        values.map(f32::abs)
    }

    #[inline(always)]
    pub fn where_negative(values: Eight, measures: Eight, others: Eight) -> Eight {
        std::array::from_fn(|lane| if measures[lane] < 0.0 { values[lane] } else { others[lane] })
    }

    #[inline(always)]
    pub fn bits_as_numbers(values: Eight) -> Eight {
        values.map(|value| value.to_bits() as i32 as f32)
    }

    #[inline(always)]
    pub fn load_words(values: &[u32; LANES]) -> Words {
        *values
    }

    #[inline(always)]
    pub fn store_words(values: Words) -> [u32; LANES] {
        values
    }

    #[inline(always)]
    pub fn splat_words(value: u32) -> Words {
        [value; LANES]
    }

    #[inline(always)]
    pub fn xor(a: Words, b: Words) -> Words {
        std::array::from_fn(|lane| a[lane] ^ b[lane])
    }

    #[inline(always)]
    pub fn products(words: Words, factor: u32) -> [Words; 2] {
        [words.map(|word| high_half(factor, word)), words.map(|word| factor.wrapping_mul(word))]
    }

    #[inline(always)]
    pub fn upper_bits_of_complement(words: Words) -> Eight {
        words.map(|word| (!word >> 9) as i32 as f32)
    }

    #[inline(always)]
    pub fn by_place(words: [Words; 4]) -> [Words; 4] {
        std::array::from_fn(|eight| std::array::from_fn(|word| words[word % 4][(eight * LANES + word) / 4]))
    }

    #[inline(always)]
    pub fn or_larger(a: Eight, b: Eight) -> Eight {
        each(a, b, Number::or_larger)
    }

    #[inline(always)]
    pub fn or_smaller(a: Eight, b: Eight) -> Eight {
        each(a, b, |a, b| if b < a { b } else { a })
    }

    #[inline(always)]
    pub fn where_above(values: Eight, measures: Eight, bound: f32) -> Eight {
        each(values, measures, |value, measure| value.where_above(measure, bound))
    }

    #[inline(always)]
    pub fn power_of_two(values: Eight, origin: f32) -> Eight {
        let shift = BIAS.wrapping_sub(origin.to_bits() as i32);
        values.map(|value| f32::from_bits(((value.to_bits() as i32).wrapping_add(shift) << 23) as u32))
    }

    #[inline(always)]
    pub fn any_at_least(values: Eight, bound: f32) -> bool {
        values.iter().fold(false, |any, &value| any | (value >= bound))
    }

    #[inline(always)]
    pub fn no_sums() -> Wide {
        [0.0; LANES]
    }

    #[inline(always)]
    pub fn add_wide(sums: Wide, values: Eight) -> Wide {
        std::array::from_fn(|lane| sums[lane] + f64::from(values[lane]))
    }

    #[inline(always)]
    pub fn store_wide(sums: Wide) -> [f64; LANES] {
        sums
    }
}
