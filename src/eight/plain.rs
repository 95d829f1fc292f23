//! As arrays, where there are no instructions that are named here.

use super::{LANES, Number, high_half};

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
    values.map(|value| value.power_of_two(origin))
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
