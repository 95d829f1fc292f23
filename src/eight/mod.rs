//! Eight `f32` side by side: two of WebAssembly's 128-bit vectors there, an array elsewhere.
//!
//! Written out because loops over arrays became scalar code where it mattered most. Each operation is one of IEEE 754's, place
//! by place, so that the same bits come of it everywhere.

#[cfg(not(all(target_family = "wasm", target_feature = "simd128")))]
#[path = "plain.rs"]
mod lanes;
#[cfg(all(target_family = "wasm", target_feature = "simd128"))]
#[path = "wasm.rs"]
mod lanes;

use std::ops::{Add, BitXor, Div, Mul, Sub};

/// How many.
pub const LANES: usize = 8;

/// What formulas are written with that are computed of one number or of eight.
pub trait Number: Copy + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> {
    /// This number, in every place.
    fn all(value: f32) -> Self;
    /// These, or `other` where it is larger, so not where either is NaN.
    fn or_larger(self, other: Self) -> Self;
    /// These where `measure` is above the bound; zero elsewhere, so where it is NaN too.
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

    /// These, or `other` where it is smaller, so not where either is NaN.
    #[inline(always)]
    #[must_use]
    pub fn or_smaller(self, other: Self) -> Self {
        Self(lanes::or_smaller(self.0, other.0))
    }

    /// Without their signs.
    #[inline(always)]
    #[must_use]
    pub fn abs(self) -> Self {
        Self(lanes::abs(self.0))
    }

    /// These where `measure` is below zero; `other` elsewhere, so where it is NaN too.
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
