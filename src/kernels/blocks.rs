//! Matrices of blocks, which kernels multiply by without unpacking them first.

use crate::gguf::{BLOCK_LENGTH, TensorType};

/// A format of blocks that kernels read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BlockFormat {
    /// A scale and 32 signed bytes.
    Q8_0,
    /// A scale and 32 numbers of four bits.
    Q4_0,
}

/// Rows of blocks, as they are in a file.
#[derive(Debug, Clone, Copy)]
pub struct Blocks<'a> {
    /// What they are.
    pub format: BlockFormat,
    /// One after the other.
    pub bytes: &'a [u8],
}

impl BlockFormat {
    /// All there are.
    pub const ALL: [Self; 2] = [Self::Q8_0, Self::Q4_0];

    /// That of a tensor; none if its values are not in blocks.
    #[must_use]
    pub fn of(kind: TensorType) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.kind() == kind)
    }

    /// The tensors that have it.
    #[must_use]
    pub fn kind(self) -> TensorType {
        match self {
            Self::Q8_0 => TensorType::Q8_0,
            Self::Q4_0 => TensorType::Q4_0,
        }
    }

    /// Words of 32 bits that hold a block's numbers, without its scale.
    #[must_use]
    pub fn words(self) -> usize {
        match self {
            Self::Q8_0 => BLOCK_LENGTH / 4,
            Self::Q4_0 => BLOCK_LENGTH / 8,
        }
    }

    /// Bytes of a block: its numbers and a scale of two.
    #[must_use]
    pub fn bytes(self) -> usize {
        2 + 4 * self.words()
    }

    /// A block's numbers, without their scale. `bytes`: the block.
    #[must_use]
    pub fn numbers(self, bytes: &[u8]) -> [i8; BLOCK_LENGTH] {
        let mut numbers = [0; BLOCK_LENGTH];
        match self {
            Self::Q8_0 => numbers.iter_mut().zip(&bytes[2..]).for_each(|(n, &byte)| *n = byte as i8),
            Self::Q4_0 => {
                let (first, second) = numbers.split_at_mut(BLOCK_LENGTH / 2);
                for ((low, high), byte) in first.iter_mut().zip(second).zip(&bytes[2..]) {
                    *low = (byte & 0x0f) as i8 - 8;
                    *high = (byte >> 4) as i8 - 8;
                }
            }
        }
        numbers
    }

    /// What shaders read it with.
    #[cfg(feature = "gpu")]
    pub(crate) const fn shader(self) -> &'static str {
        match self {
            Self::Q8_0 => include_str!("../../shaders/shared/q8_0.wgsl"),
            Self::Q4_0 => include_str!("../../shaders/shared/q4_0.wgsl"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gguf::{dequantize, quantize};

    #[test]
    fn numbers_times_the_scale_are_the_values() {
        let values: Vec<f32> = (0..64).map(|i| (i as f32 * 0.37).sin()).collect();
        for format in BlockFormat::ALL {
            let bytes = quantize(format.kind(), &values);
            assert_eq!(bytes.len(), 2 * format.bytes());
            let unpacked: Vec<f32> = bytes
                .chunks_exact(format.bytes())
                .flat_map(|block| {
                    let scale = half::f16::from_le_bytes([block[0], block[1]]).to_f32();
                    format.numbers(block).map(|n| scale * f32::from(n))
                })
                .collect();
            assert_eq!(unpacked, dequantize(format.kind(), &bytes));
        }
        assert_eq!(BlockFormat::of(TensorType::F16), None);
    }
}
