//! Block formats: how a tensor's values are stored, and the way there and back.
//!
//! Q8_0 and Q4_0 cut each row into blocks of 32 values with one `f16` scale. Quantization rounds exactly as ggml's
//! reference does (`quantize_row_q8_0_ref`, `quantize_row_q4_0_ref`), so the bytes are the same.

use half::f16;

/// Values per quantized block.
pub const BLOCK_LENGTH: usize = 32;

/// How a tensor's values are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(non_camel_case_types)] // the format's own names
pub enum TensorType {
    /// 32-bit floats.
    F32,
    /// 16-bit floats.
    F16,
    /// `f16` scale `d`, then 16 bytes of two 4-bit values `q`; value = `d (q - 8)`.
    Q4_0,
    /// `f16` scale `d`, then 32 signed bytes `q`; value = `d q`.
    Q8_0,
}

impl TensorType {
    /// All that can be read and written.
    pub const ALL: [Self; 4] = [Self::F32, Self::F16, Self::Q8_0, Self::Q4_0];

    /// The format's name, as ggml spells it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::F32 => "F32",
            Self::F16 => "F16",
            Self::Q4_0 => "Q4_0",
            Self::Q8_0 => "Q8_0",
        }
    }

    /// The format of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// What a file says that holds most weights in this format (`general.file_type`, ggml's `enum ggml_ftype`).
    #[must_use]
    pub fn file_type(self) -> u32 {
        match self {
            Self::F32 => 0,
            Self::F16 => 1,
            Self::Q4_0 => 2,
            Self::Q8_0 => 7,
        }
    }

    /// The format's number in a file.
    #[must_use]
    pub fn id(self) -> u32 {
        match self {
            Self::F32 => 0,
            Self::F16 => 1,
            Self::Q4_0 => 2,
            Self::Q8_0 => 8,
        }
    }

    /// The format with this number, if it is supported.
    #[must_use]
    pub fn from_id(id: u32) -> Option<Self> {
        Self::ALL.into_iter().find(|t| t.id() == id)
    }

    /// Values per block (1 for the float formats).
    #[must_use]
    pub fn block_values(self) -> usize {
        match self {
            Self::F32 | Self::F16 => 1,
            Self::Q4_0 | Self::Q8_0 => BLOCK_LENGTH,
        }
    }

    /// Bytes per block.
    #[must_use]
    pub fn block_bytes(self) -> usize {
        match self {
            Self::F32 => 4,
            Self::F16 => 2,
            Self::Q4_0 => 18,
            Self::Q8_0 => 34,
        }
    }

    /// Bytes of `values` values, or `None` if that is not a whole number of blocks or overflows.
    #[must_use]
    pub fn bytes_for(self, values: usize) -> Option<usize> {
        if !values.is_multiple_of(self.block_values()) {
            return None;
        }
        (values / self.block_values()).checked_mul(self.block_bytes())
    }
}

/// All values of some whole blocks; a rest that is not a whole block is left out.
#[must_use]
pub fn dequantize(kind: TensorType, bytes: &[u8]) -> Vec<f32> {
    let blocks = bytes.chunks_exact(kind.block_bytes());
    match kind {
        TensorType::F32 => blocks.map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect(),
        TensorType::F16 => blocks.map(scale).collect(),
        TensorType::Q8_0 => blocks
            .flat_map(|b| {
                let d = scale(b);
                b[2..].iter().map(move |&q| d * f32::from(q as i8))
            })
            .collect(),
        TensorType::Q4_0 => blocks
            .flat_map(|b| {
                let d = scale(b);
                let low = b[2..].iter().map(move |&q| d * f32::from((q & 0x0f) as i8 - 8));
                let high = b[2..].iter().map(move |&q| d * f32::from((q >> 4) as i8 - 8));
                low.chain(high)
            })
            .collect(),
    }
}

/// The bytes of `values` in a format. Values past the last whole block are left out; see [`TensorType::bytes_for`].
#[must_use]
pub fn quantize(kind: TensorType, values: &[f32]) -> Vec<u8> {
    let blocks = values.chunks_exact(kind.block_values());
    match kind {
        TensorType::F32 => values.iter().flat_map(|v| v.to_le_bytes()).collect(),
        TensorType::F16 => values.iter().flat_map(|&v| f16::from_f32(v).to_le_bytes()).collect(),
        TensorType::Q8_0 => blocks.flat_map(q8_0_block).collect(),
        TensorType::Q4_0 => blocks.flat_map(q4_0_block).collect(),
    }
}

fn scale(block: &[u8]) -> f32 {
    f16::from_le_bytes([block[0], block[1]]).to_f32()
}

fn q8_0_block(values: &[f32]) -> [u8; 34] {
    let largest = values.iter().fold(0.0_f32, |m, v| m.max(v.abs()));
    let d = largest / 127.0;
    let inverse = if d == 0.0 { 0.0 } else { 1.0 / d };
    let mut block = [0; 34];
    block[..2].copy_from_slice(&f16::from_f32(d).to_le_bytes());
    for (q, v) in block[2..].iter_mut().zip(values) {
        *q = (v * inverse).round() as i8 as u8;
    }
    block
}

fn q4_0_block(values: &[f32]) -> [u8; 18] {
    // The value of largest magnitude, with its sign, becomes -8: the end of the range that is one level longer.
    let mut extreme = 0.0_f32;
    for &v in values {
        if v.abs() > extreme.abs() {
            extreme = v;
        }
    }
    let d = extreme / -8.0;
    let inverse = if d == 0.0 { 0.0 } else { 1.0 / d };
    let level = |v: f32| ((v * inverse + 8.5) as i8 as u8).min(15);
    let mut block = [0; 18];
    block[..2].copy_from_slice(&f16::from_f32(d).to_le_bytes());
    let (low, high) = values.split_at(BLOCK_LENGTH / 2);
    for (q, (&l, &h)) in block[2..].iter_mut().zip(low.iter().zip(high)) {
        *q = level(l) | (level(h) << 4);
    }
    block
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn quantized_values_stay_within_half_a_level(values in prop::collection::vec(-3.0_f32..3.0, 64)) {
            for (kind, levels) in [(TensorType::Q8_0, 127.0), (TensorType::Q4_0, 8.0)] {
                let back = dequantize(kind, &quantize(kind, &values));
                prop_assert_eq!(back.len(), values.len());
                for (chunk, restored) in values.chunks(32).zip(back.chunks(32)) {
                    let largest = chunk.iter().fold(0.0_f32, |m, v| m.max(v.abs()));
                    // Half a level for rounding, another half for Q4_0's lopsided range, and f16's rounding of the scale.
                    let allowed = largest / levels * 1.01 + largest * 1e-3;
                    for (a, b) in chunk.iter().zip(restored) {
                        prop_assert!((a - b).abs() <= allowed, "{a} became {b} in {kind:?}");
                    }
                }
            }
        }

        #[test]
        fn dequantized_blocks_quantize_to_the_same_values(values in prop::collection::vec(-1.0_f32..1.0, 32)) {
            let once = dequantize(TensorType::F16, &quantize(TensorType::F16, &values));
            let twice = dequantize(TensorType::F16, &quantize(TensorType::F16, &once));
            prop_assert_eq!(once, twice);
        }
    }

    #[test]
    fn sizes_are_refused_that_are_not_whole_blocks() {
        assert_eq!(TensorType::Q8_0.bytes_for(64), Some(68));
        assert_eq!(TensorType::Q4_0.bytes_for(33), None);
        assert_eq!(TensorType::F32.bytes_for(usize::MAX), None);
    }
}
