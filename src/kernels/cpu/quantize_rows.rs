//! Activations as whole numbers: per block of 32, `i16` and one `f32` scale.

use crate::gguf::BLOCK_LENGTH;

/// Pairs of values in a block.
pub const BLOCK_PAIRS: usize = BLOCK_LENGTH / 2;

/// Largest whole number that a value becomes.
const LARGEST: f32 = 32767.0;

/// Blocks in which no value is larger count as zeros, so that the inverse of a scale stays finite.
const NOTHING: f32 = 1e-30;

/// Rows of activations, quantized; the buffers are kept from one filling to the next.
///
/// A value is off by at most half a unit, which is 1.6e-5 of the largest value in its block, or by 1e-30. A block with a value that is no
/// finite number gets NaN as its scale, so that every product with it is NaN too.
#[derive(Debug, Clone, Default)]
pub struct QuantizedRows {
    /// `[rows, columns / 2]`: two values each, the first in the lower half.
    pairs: Vec<[i32; BLOCK_PAIRS]>,
    /// `[rows, columns / 32]`
    scales: Vec<f32>,
    /// Blocks of a row.
    blocks: usize,
}

impl QuantizedRows {
    /// Takes in rows. `x`: `[rows, columns]`; `columns` is a multiple of 32.
    #[inline(never)]
    pub fn fill(&mut self, x: &[f32], columns: usize) {
        let (blocks, _) = x.as_chunks::<BLOCK_LENGTH>();
        self.blocks = columns / BLOCK_LENGTH;
        self.pairs.resize(blocks.len(), [0; BLOCK_PAIRS]);
        self.scales.resize(blocks.len(), 0.0);
        for ((block, pairs), scale) in blocks.iter().zip(&mut self.pairs).zip(&mut self.scales) {
            *scale = quantize(block, pairs);
        }
    }

    /// The blocks of one row and their scales.
    pub(super) fn row(&self, row: usize) -> (&[[i32; BLOCK_PAIRS]], &[f32]) {
        let range = row * self.blocks..(row + 1) * self.blocks;
        (&self.pairs[range.clone()], &self.scales[range])
    }
}

/// One block. Returns its scale.
fn quantize(block: &[f32; BLOCK_LENGTH], pairs: &mut [i32; BLOCK_PAIRS]) -> f32 {
    /// Adding `1.5 * 2^23` leaves the nearest whole number in the lower bits.
    const ROUND: f32 = 12_582_912.0;
    // The bits of numbers without their signs are ordered as the numbers are, the infinities and NaN above all others.
    let largest = block.iter().fold(0, |most, x| most.max((x.to_bits() & 0x7fff_ffff) as i32));
    let largest = f32::from_bits(largest as u32);
    if !(NOTHING..=f32::MAX).contains(&largest) {
        pairs.fill(0);
        return if largest < NOTHING { 0.0 } else { f32::NAN };
    }
    let inverse = LARGEST / largest;
    let whole = |x: f32| (x * inverse + ROUND).to_bits().wrapping_sub(ROUND.to_bits());
    let (two, _) = block.as_chunks::<2>();
    for (pair, &[first, second]) in pairs.iter_mut().zip(two) {
        *pair = (whole(first) & 0xffff | whole(second) << 16) as i32;
    }
    largest / LARGEST
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The values that the quantized ones stand for.
    fn back(rows: &QuantizedRows, row: usize) -> Vec<f32> {
        let (blocks, scales) = rows.row(row);
        let value = |scale: f32, pair: i32| [pair as i16, (pair >> 16) as i16].map(|q| f32::from(q) * scale);
        blocks
            .iter()
            .zip(scales)
            .flat_map(|(block, &s)| block.iter().flat_map(move |&p| value(s, p)))
            .collect()
    }

    #[test]
    fn values_are_off_by_at_most_half_a_unit_of_their_block() {
        let x: Vec<f32> = (0..192).map(|i| (i as f32 * 1.7).sin() * 10.0_f32.powi(i / 32 * 9 - 25)).collect();
        let mut rows = QuantizedRows::default();
        rows.fill(&x, 96);
        let found: Vec<f32> = [0, 1].iter().flat_map(|&row| back(&rows, row)).collect();
        for (block, found) in x.chunks(32).zip(found.chunks(32)) {
            let largest = block.iter().fold(0.0_f32, |most, x| most.max(x.abs()));
            for (a, b) in block.iter().zip(found) {
                assert!((a - b).abs() <= largest * 0.51 / 32767.0, "{a} as {b} beside {largest}");
            }
        }
    }

    #[test]
    fn the_largest_values_there_are_keep_their_signs() {
        let mut x = [0.0; 64];
        (x[3], x[4], x[40]) = (3e38, -3e38, -3e38);
        let mut rows = QuantizedRows::default();
        rows.fill(&x, 64);
        let found = back(&rows, 0);
        assert!(found.iter().zip(&x).all(|(a, b)| (a - b).abs() <= b.abs() * 1e-6), "{found:?}");
    }

    #[test]
    fn nothing_is_zero_and_what_is_no_number_has_no_scale() {
        for (value, nothing) in
            [(0.0, true), (-0.0, true), (1e-40, true), (f32::NAN, false), (f32::NEG_INFINITY, false)]
        {
            let mut x = [0.0; 32];
            x[17] = value;
            let mut rows = QuantizedRows::default();
            rows.fill(&x, 32);
            let (blocks, scales) = rows.row(0);
            assert_eq!(blocks[0], [0; BLOCK_PAIRS]);
            assert!(if nothing { scales[0] == 0.0 } else { scales[0].is_nan() }, "{value}");
        }
    }
}
