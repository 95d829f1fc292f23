//! Philox4x32-10, a counter-based random generator (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3").
//!
//! Chosen because a shader can compute any draw on its own: 32-bit integers only, and no state.

use super::elementary::natural_log;
use crate::eight::{Eight, LANES, Number, Words, by_place, high_half};
use crate::units::Seed;

const MULTIPLIER_0: u32 = 0xD251_1F53;
const MULTIPLIER_1: u32 = 0xCD9E_8D57;
const WEYL_0: u32 = 0x9E37_79B9;
const WEYL_1: u32 = 0xBB67_AE85;

/// Second half of the key, so that other uses of the same seed would not share draws.
pub const PHILOX_STREAM: u32 = 0x5448_524D;

/// Above any noise: 24 ln 2 and a little.
pub const LARGEST_NOISE: f32 = 16.7;

/// Four random words for a counter and a key.
#[must_use]
pub fn philox4x32_10(counter: [u32; 4], key: [u32; 2]) -> [u32; 4] {
    let (mut c, mut k) = (counter, key);
    for _ in 0..10 {
        c = [
            high_half(MULTIPLIER_1, c[2]) ^ c[1] ^ k[0],
            MULTIPLIER_1.wrapping_mul(c[2]),
            high_half(MULTIPLIER_0, c[0]) ^ c[3] ^ k[1],
            MULTIPLIER_0.wrapping_mul(c[0]),
        ];
        k = [k[0].wrapping_add(WEYL_0), k[1].wrapping_add(WEYL_1)];
    }
    c
}

/// A uniform number strictly between 0 and 1, with 23 random bits: the middle of one of 2^23 equal intervals, so that
/// the sum is exact in `f32` on every device.
#[must_use]
pub fn uniform(word: u32) -> f32 {
    ((word >> 9) as f32 + 0.5) * (1.0 / 8_388_608.0)
}

/// The random words of tokens `4 * block` to `4 * block + 3` of one row at one step.
#[must_use]
pub fn noise_words(block: u32, step: u32, row: u32, seed: Seed) -> [u32; 4] {
    philox4x32_10([block, step, row, 0], [seed, PHILOX_STREAM])
}

/// Tokens whose noise is computed side by side.
pub const GROUP: usize = 4 * LANES;

/// The words of [`noise_words`] for eight blocks from `first` on, `first` not near 2^32: those of tokens `4 * first` to
/// `4 * first + 31`.
#[inline]
#[must_use]
pub fn noise_words_of_group(first: u32, step: u32, row: u32, seed: Seed) -> [Words; GROUP / LANES] {
    let blocks = std::array::from_fn(|call| first + call as u32);
    let mut c = [Words::of(&blocks), Words::all(step), Words::all(row), Words::all(0)];
    let mut k = [seed, PHILOX_STREAM];
    for _ in 0..10 {
        let [first_high, first_low] = c[0].products(MULTIPLIER_0);
        let [second_high, second_low] = c[2].products(MULTIPLIER_1);
        c = [
            second_high ^ c[1] ^ Words::all(k[0]),
            second_low,
            first_high ^ c[3] ^ Words::all(k[1]),
            first_low,
        ];
        k = [k[0].wrapping_add(WEYL_0), k[1].wrapping_add(WEYL_1)];
    }
    by_place(c)
}

/// Standard Gumbel noise from a random word: `-ln(-ln u)`, between -2.9 and 16.7.
#[inline]
#[must_use]
pub fn gumbel(word: u32) -> f32 {
    -natural_log(-natural_log(uniform(word)))
}

/// Numbers that [`gumbel`] of these words does not exceed, at the price of a few operations.
///
/// `-ln u >= 1 - u`, so the noise is at most `-ln(1 - u)`; `1 - u` is `(v + 1/2) / 2^23`, exact, with `v` the complement of
/// the word's upper 23 bits. The bits of a number `2^k (1 + m)`, read as a whole number, are `2^23 (127 + k + m)`, and
/// `k + m` is at most its logarithm to base 2. The last summand is more than all rounding.
#[inline(always)]
#[must_use]
pub fn gumbel_bounds(words: Words) -> Eight {
    let of = Eight::all;
    let complement = (words.upper_bits_of_complement() + of(0.5)) * of(1.0 / 8_388_608.0);
    let logarithm = complement.bits_as_numbers() * of(1.0 / 8_388_608.0) - of(127.0);
    logarithm * of(-std::f32::consts::LN_2) + of(1e-3)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The known answers published with the generator.
    #[test]
    fn known_answers() {
        assert_eq!(philox4x32_10([0; 4], [0; 2]), [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]);
        assert_eq!(
            philox4x32_10([u32::MAX; 4], [u32::MAX; 2]),
            [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]
        );
        assert_eq!(
            philox4x32_10([0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], [0xa409_3822, 0x299f_31d0]),
            [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
        );
    }

    #[test]
    fn noise_keeps_below_its_bound() {
        for k in (0..1_u32 << 23).step_by(5).chain([(1 << 23) - 2, (1 << 23) - 1]) {
            let word = k << 9;
            let [bound, ..] = gumbel_bounds(Words::all(word)).to_array();
            assert!(gumbel(word) < bound && bound < LARGEST_NOISE, "{word:#x}");
        }
    }

    #[test]
    fn groups_are_the_same_calls_side_by_side() {
        for (first, step, row, seed) in [(0, 0, 0, 0), (8, 3, 5, 7), (1 << 20, u32::MAX, 9, u32::MAX)] {
            let words = noise_words_of_group(first, step, row, seed);
            for (call, words) in words.map(Words::to_array).as_flattened().chunks(4).enumerate() {
                assert_eq!(words, noise_words(first + call as u32, step, row, seed));
            }
        }
    }

    #[test]
    fn uniform_is_never_zero_or_one() {
        assert!(uniform(0) > 0.0);
        assert!(uniform(u32::MAX) < 1.0);
    }
}
