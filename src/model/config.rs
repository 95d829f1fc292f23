//! The shape of a model, read from GGUF metadata and checked once.

use serde::{Deserialize, Serialize};

use super::ModelError;
use crate::gguf::Gguf;

/// Hyper-parameters of a Llama-family decoder.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LlamaConfig {
    /// Number of tokens there are.
    pub vocabulary: usize,
    /// Width of the residual stream.
    pub embedding_length: usize,
    /// Number of blocks.
    pub block_count: usize,
    /// Inner width of the SwiGLU.
    pub feed_forward_length: usize,
    /// Query heads.
    pub head_count: usize,
    /// Key and value heads; divides `head_count`.
    pub head_count_kv: usize,
    /// Width of one head.
    pub head_length: usize,
    /// How much of each head RoPE turns; even, at most `head_length`.
    pub rope_length: usize,
    /// Base of the RoPE frequencies.
    pub rope_freq_base: f32,
    /// Epsilon under the root of RMSNorm.
    pub rms_epsilon: f32,
    /// Most tokens of prompt and answer together.
    pub context_length: usize,
}

/// Widest model that is accepted; keeps hostile metadata from asking for absurd allocations.
const LARGEST_DIMENSION: usize = 1 << 20;

/// Most places of a context times components that RoPE turns: 64 MB of cosines and sines.
const LARGEST_ROPE_TABLE: u64 = 1 << 24;

impl LlamaConfig {
    /// Reads the configuration of a Llama-family file.
    ///
    /// # Errors
    /// A missing or mistyped key, another architecture, or numbers that contradict each other.
    pub fn from_gguf(gguf: &Gguf) -> Result<Self, ModelError> {
        let architecture = gguf.get_str("general.architecture")?;
        if architecture != "llama" {
            return Err(ModelError::Architecture(architecture.to_owned()));
        }
        let dimension = |key: &'static str| -> Result<usize, ModelError> {
            let value = u64::from(gguf.get_u32(key)?);
            positive(key, value)
        };
        let optional = |key: &'static str, default: usize| -> Result<usize, ModelError> {
            if gguf.contains(key) { dimension(key) } else { Ok(default) }
        };
        let embedding_length = dimension("llama.embedding_length")?;
        let head_count = dimension("llama.attention.head_count")?;
        let head_count_kv = optional("llama.attention.head_count_kv", head_count)?;
        if !head_count.is_multiple_of(head_count_kv) {
            return Err(ModelError::Config {
                key: "llama.attention.head_count_kv",
                value: head_count_kv as u64,
                reason: "it must divide the number of query heads",
            });
        }
        let head_length = optional("llama.attention.key_length", embedding_length / head_count)?;
        positive("llama.attention.key_length", head_count as u64 * head_length as u64)?;
        let rope_length = optional("llama.rope.dimension_count", head_length)?;
        if rope_length > head_length || !rope_length.is_multiple_of(2) {
            return Err(ModelError::Config {
                key: "llama.rope.dimension_count",
                value: rope_length as u64,
                reason: "it must be even and at most the width of a head",
            });
        }
        let rope_freq_base = if gguf.contains("llama.rope.freq_base") {
            gguf.get_f32("llama.rope.freq_base")?
        } else {
            10_000.0
        };
        let rms_epsilon = gguf.get_f32("llama.attention.layer_norm_rms_epsilon")?;
        if !(rope_freq_base.is_finite()
            && rope_freq_base > 0.0
            && rms_epsilon.is_finite()
            && rms_epsilon >= 0.0)
        {
            return Err(ModelError::Config {
                key: "llama.rope.freq_base",
                value: rope_freq_base as u64,
                reason: "the RoPE base and the norm's epsilon must be finite and not negative",
            });
        }
        let embedding = gguf.tensor("token_embd.weight")?;
        let vocabulary = match embedding.shape() {
            [_, rows] => positive("token_embd.weight rows", *rows as u64)?,
            other => {
                return Err(ModelError::Shape {
                    name: "token_embd.weight".to_owned(),
                    expected: vec![embedding_length, 0],
                    found: other.to_vec(),
                });
            }
        };
        let context_length = dimension("llama.context_length")?;
        if context_length as u64 * rope_length as u64 > LARGEST_ROPE_TABLE {
            return Err(ModelError::Config {
                key: "llama.context_length",
                value: context_length as u64,
                reason: "times the width that RoPE turns it must be at most 2^24",
            });
        }
        Ok(Self {
            vocabulary,
            embedding_length,
            block_count: dimension("llama.block_count")?,
            feed_forward_length: dimension("llama.feed_forward_length")?,
            head_count,
            head_count_kv,
            head_length,
            rope_length,
            rope_freq_base,
            rms_epsilon,
            context_length,
        })
    }

    /// Query heads per key and value head.
    #[must_use]
    pub fn group(&self) -> usize {
        self.head_count / self.head_count_kv
    }

    /// Width of all query heads together.
    #[must_use]
    pub fn query_length(&self) -> usize {
        self.head_count * self.head_length
    }

    /// Numbers that a token's keys and values have in all blocks.
    #[must_use]
    pub fn cache_of_token(&self) -> usize {
        2 * self.block_count * self.kv_length()
    }

    /// Width of all key (or value) heads together.
    #[must_use]
    pub fn kv_length(&self) -> usize {
        self.head_count_kv * self.head_length
    }
}

fn positive(key: &'static str, value: u64) -> Result<usize, ModelError> {
    match usize::try_from(value) {
        Ok(value) if value > 0 && value <= LARGEST_DIMENSION => Ok(value),
        _ => Err(ModelError::Config { key, value, reason: "it must be above 0 and at most 2^20" }),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::gguf::{GgufWriter, TensorType};
    use crate::model::{Decoder, Place};

    /// A small file that says of itself what `numbers` say.
    fn load(numbers: &[(&str, u32)]) -> Result<Decoder, ModelError> {
        let mut writer = GgufWriter::new();
        writer.set("general.architecture", "llama").unwrap();
        writer.set("llama.attention.layer_norm_rms_epsilon", 1e-5_f32).unwrap();
        let plain = [
            ("llama.block_count", 1),
            ("llama.context_length", 64),
            ("llama.embedding_length", 32),
            ("llama.feed_forward_length", 32),
            ("llama.attention.head_count", 1),
        ];
        for &(key, value) in
            plain.iter().filter(|(key, _)| numbers.iter().all(|(other, _)| other != key)).chain(numbers)
        {
            writer.set(key, value).unwrap();
        }
        writer.add_tensor("token_embd.weight", &[32, 300], TensorType::F32, &[0.0; 9600]).unwrap();
        Decoder::load(&Gguf::parse(writer.finish()).unwrap(), &Place::Host)
    }

    /// Each would ask for gigabytes if it were believed.
    #[test]
    fn files_that_say_they_are_enormous_are_refused_before_anything_is_allocated() {
        const MOST: u32 = 1 << 20;
        let wide = [("llama.attention.head_count", MOST), ("llama.attention.key_length", MOST)];
        assert!(matches!(load(&wide), Err(ModelError::Config { key: "llama.attention.key_length", .. })));
        let long = [("llama.context_length", MOST), ("llama.attention.key_length", 4096)];
        assert!(matches!(load(&long), Err(ModelError::Config { key: "llama.context_length", .. })));
        let none = [("llama.attention.key_length", 0)];
        assert!(matches!(load(&none), Err(ModelError::Config { .. })));
        let deep = [("llama.block_count", MOST)];
        assert!(matches!(load(&deep), Err(ModelError::Gguf(_))), "the first block is missing");
    }
}
