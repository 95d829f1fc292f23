//! Activations as whole numbers: per block of 32, `i16` and one `f32` scale.
//!
//! Rows lie in tiles of [`TILE`], what is left over in a smaller one: a pair of values of each row of a tile side by side, so that
//! a product reads them from one place. In V8 that is half as fast again as a place for each row.

use crate::gguf::BLOCK_LENGTH;

/// Pairs of values in a block.
pub const BLOCK_PAIRS: usize = BLOCK_LENGTH / 2;

/// Rows of a tile: their sums of eight outputs fit into the sixteen registers that WebAssembly's engines have on x86-64.
pub const TILE: usize = 4;

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
    /// `[columns / 2, rows of the tile]` for each tile: two values each, the first in the lower half.
    pairs: Vec<i32>,
    /// `[columns / 32, rows of the tile]` for each tile.
    scales: Vec<f32>,
    /// Blocks of a row.
    blocks: usize,
}

/// What `R` rows of a tile are, block by block.
pub(super) struct Tile<'a, const R: usize> {
    /// Pairs of values.
    pub pairs: &'a [[[i32; R]; BLOCK_PAIRS]],
    /// Scales.
    pub scales: &'a [[f32; R]],
}

impl QuantizedRows {
    /// Takes in rows. `x`: `[rows, columns]`; `columns` is a multiple of 32.
    #[inline(never)]
    pub fn fill(&mut self, x: &[f32], columns: usize) {
        let (blocks, _) = x.as_chunks::<BLOCK_LENGTH>();
        self.blocks = columns / BLOCK_LENGTH;
        self.pairs.resize(blocks.len() * BLOCK_PAIRS, 0);
        self.scales.resize(blocks.len(), 0.0);
        let pairs = self.pairs.chunks_mut(TILE * self.blocks * BLOCK_PAIRS);
        let scales = self.scales.chunks_mut(TILE * self.blocks);
        for ((tile, pairs), scales) in blocks.chunks(TILE * self.blocks).zip(pairs).zip(scales) {
            let rows = tile.len() / self.blocks;
            for (row, blocks) in tile.chunks_exact(self.blocks).enumerate() {
                let pairs = pairs.chunks_exact_mut(BLOCK_PAIRS * rows);
                let scales = scales.chunks_exact_mut(rows);
                for ((block, pairs), scales) in blocks.iter().zip(pairs).zip(scales) {
                    let (quantized, scale) = quantize(block);
                    scales[row] = scale;
                    for (pair, quantized) in pairs.chunks_exact_mut(rows).zip(quantized) {
                        pair[row] = quantized;
                    }
                }
            }
        }
    }

    /// The `R` rows from `first` on, a whole tile.
    #[inline(always)]
    pub(super) fn tile<const R: usize>(&self, first: usize) -> Tile<'_, R> {
        let range = first * self.blocks..(first + R) * self.blocks;
        let (scales, _) = self.scales[range.clone()].as_chunks();
        let (pairs, _) = self.pairs[range.start * BLOCK_PAIRS..range.end * BLOCK_PAIRS].as_chunks();
        let (pairs, _) = pairs.as_chunks();
        Tile { pairs, scales }
    }
}

/// One block, and its scale.
#[inline(always)]
fn quantize(block: &[f32; BLOCK_LENGTH]) -> ([i32; BLOCK_PAIRS], f32) {
    /// Adding `1.5 * 2^23` leaves the nearest whole number in the lower bits.
    const ROUND: f32 = 12_582_912.0;
    // The bits of numbers without their signs are ordered as the numbers are, the infinities and NaN above all others.
    let largest = block.iter().fold(0, |most, x| most.max((x.to_bits() & 0x7fff_ffff) as i32));
    let largest = f32::from_bits(largest as u32);
    if !(NOTHING..=f32::MAX).contains(&largest) {
        return ([0; BLOCK_PAIRS], if largest < NOTHING { 0.0 } else { f32::NAN });
    }
    let inverse = LARGEST / largest;
    let whole = |x: f32| (x * inverse + ROUND).to_bits().wrapping_sub(ROUND.to_bits());
    let (two, _) = block.as_chunks::<2>();
    let mut pairs = [0; BLOCK_PAIRS];
    for (pair, &[first, second]) in pairs.iter_mut().zip(two) {
        *pair = (whole(first) & 0xffff | whole(second) << 16) as i32;
    }
    (pairs, largest / LARGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The values that the quantized ones of a row stand for; `R` rows are its tile, the `first` of them among all.
    fn back<const R: usize>(rows: &QuantizedRows, first: usize, row: usize) -> Vec<f32> {
        let Tile { pairs, scales } = rows.tile::<R>(first);
        let value = |scale: f32, pair: i32| [pair as i16, (pair >> 16) as i16].map(|q| f32::from(q) * scale);
        pairs
            .iter()
            .zip(scales)
            .flat_map(|(block, s)| block.iter().flat_map(move |p| value(s[row], p[row])))
            .collect()
    }

    #[test]
    fn values_are_off_by_at_most_half_a_unit_of_their_block() {
        let x: Vec<f32> = (0..192).map(|i| (i as f32 * 1.7).sin() * 10.0_f32.powi(i / 32 * 9 - 25)).collect();
        let mut rows = QuantizedRows::default();
        rows.fill(&x, 96);
        let found: Vec<f32> = [0, 1].iter().flat_map(|&row| back::<2>(&rows, 0, row)).collect();
        for (block, found) in x.chunks(32).zip(found.chunks(32)) {
            let largest = block.iter().fold(0.0_f32, |most, x| most.max(x.abs()));
            for (a, b) in block.iter().zip(found) {
                assert!((a - b).abs() <= largest * 0.51 / 32767.0, "{a} as {b} beside {largest}");
            }
        }
    }

    #[test]
    fn a_row_is_the_same_in_a_whole_tile_and_in_what_is_left_over() {
        let x: Vec<f32> = (0..7 * 64).map(|i| (i as f32 * 0.9).cos()).collect();
        let mut rows = QuantizedRows::default();
        rows.fill(&x, 64);
        let together =
            (0..4).map(|row| back::<4>(&rows, 0, row)).chain((0..3).map(|row| back::<3>(&rows, 4, row)));
        for (row, together) in together.enumerate() {
            let mut alone = QuantizedRows::default();
            alone.fill(&x[row * 64..][..64], 64);
            assert_eq!(together, back::<1>(&alone, 0, 0), "row {row}");
        }
    }

    #[test]
    fn the_largest_values_there_are_keep_their_signs() {
        let mut x = [0.0; 64];
        (x[3], x[4], x[40]) = (3e38, -3e38, -3e38);
        let mut rows = QuantizedRows::default();
        rows.fill(&x, 64);
        let found = back::<1>(&rows, 0, 0);
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
            let Tile { pairs, scales: [[scale]] } = rows.tile::<1>(0) else { panic!("not one block") };
            assert_eq!(pairs[0], [[0]; BLOCK_PAIRS]);
            assert!(if nothing { *scale == 0.0 } else { scale.is_nan() }, "{value}");
        }
    }
}
