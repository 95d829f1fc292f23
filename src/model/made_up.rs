//! Models with random weights: for the self-test, for tests and for measurements.

use crate::gguf::{Array, GgufError, GgufWriter, TensorType, Value};
use crate::sampling::{philox4x32_10, uniform};
use crate::text::{THERMOSTAT_TEMPLATE, byte_to_char};

/// Hyper-parameters of a made-up model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// Width of the residual stream; a multiple of 32 and of `heads`.
    pub width: usize,
    /// Inner width of the SwiGLU; a multiple of 32.
    pub inner: usize,
    /// Query heads.
    pub heads: usize,
    /// Key and value heads; divides `heads`.
    pub kv_heads: usize,
    /// Number of blocks.
    pub blocks: usize,
    /// Number of tokens; at least 259: the bytes and the three of the chat template.
    pub vocabulary: usize,
    /// Most tokens of prompt and answer together.
    pub context: usize,
    /// Whether the embeddings are the output's weights too; if not, the file holds `output.weight`.
    pub tied: bool,
}

impl Shape {
    /// Small enough to be run at every start: 0.1 million parameters.
    pub const TINY: Self = Self {
        width: 64,
        inner: 96,
        heads: 4,
        kv_heads: 2,
        blocks: 2,
        vocabulary: 259,
        context: 64,
        tied: true,
    };

    /// As small, with an output matrix of its own.
    pub const TINY_UNTIED: Self = Self { tied: false, ..Self::TINY };

    /// The shape of the published models: 1.4 million parameters.
    pub const PUBLISHED: Self = Self {
        width: 128,
        inner: 352,
        heads: 4,
        kv_heads: 2,
        blocks: 6,
        vocabulary: 2048,
        context: 256,
        tied: true,
    };

    /// The shape of SmolLM2-135M: 134.5 million parameters. For measurements of how the engines bear more weights.
    pub const SMOLLM2_135M: Self = Self {
        width: 576,
        inner: 1536,
        heads: 9,
        kv_heads: 3,
        blocks: 30,
        vocabulary: 49_152,
        context: 2048,
        tied: true,
    };
}

/// Bytes and special tokens, the least that a vocabulary has.
const LEAST_VOCABULARY: usize = 259;

/// A Llama-family GGUF file with random weights: grouped-query attention, a vocabulary of bytes and, above 259, of tokens
/// that no text encodes to. The same bytes on every machine.
///
/// # Errors
/// The writer's, for a shape that is not whole blocks.
pub fn made_up_model(shape: Shape, kind: TensorType) -> Result<Vec<u8>, GgufError> {
    made_up_of_two(shape, [kind; 2])
}

/// As [`made_up_model`], with the second format in every second block.
///
/// # Errors
/// As [`made_up_model`].
pub fn made_up_of_two(shape: Shape, kinds: [TensorType; 2]) -> Result<Vec<u8>, GgufError> {
    let kind = kinds[0];
    let Shape { width, inner, heads, kv_heads, blocks, context, .. } = shape;
    let vocabulary = shape.vocabulary.max(LEAST_VOCABULARY);
    let unused = vocabulary - LEAST_VOCABULARY;
    let mut writer = GgufWriter::new();
    let mut tokens: Vec<String> = (0..=u8::MAX).map(|b| byte_to_char(b).to_string()).collect();
    tokens.extend((0..unused).map(|i| format!("[{i}]")));
    tokens.extend(["<|user|>", "<|assistant|>", "<|end|>"].map(str::to_owned));
    let mut types = vec![1; 256 + unused];
    types.extend([3; 3]);
    let kv_width = width / heads * kv_heads;
    writer
        .set("general.architecture", "llama")?
        .set("general.name", "made up")?
        .set("llama.block_count", blocks as u32)?
        .set("llama.context_length", context as u32)?
        .set("llama.embedding_length", width as u32)?
        .set("llama.feed_forward_length", inner as u32)?
        .set("llama.attention.head_count", heads as u32)?
        .set("llama.attention.head_count_kv", kv_heads as u32)?
        .set("llama.rope.dimension_count", (width / heads) as u32)?
        .set("llama.rope.freq_base", 10_000.0_f32)?
        .set("llama.attention.layer_norm_rms_epsilon", 1e-5_f32)?
        .set("llama.vocab_size", vocabulary as u32)?
        .set("tokenizer.ggml.model", "gpt2")?
        .set("tokenizer.ggml.pre", "gpt-2")?
        .set("tokenizer.ggml.tokens", tokens)?
        .set("tokenizer.ggml.token_type", Value::Array(Array::I32(types)))?
        .set("tokenizer.ggml.merges", Vec::<String>::new())?
        .set("tokenizer.ggml.eos_token_id", (vocabulary - 1) as u32)?
        .set("tokenizer.ggml.add_bos_token", false)?
        .set("tokenizer.chat_template", THERMOSTAT_TEMPLATE)?;
    let mut weights = Weights { next_tensor: 0 };
    writer.add_tensor("token_embd.weight", &[width, vocabulary], kind, &weights.matrix(width, vocabulary))?;
    for block in 0..blocks {
        let matrices = [
            ("attn_q", width, width),
            ("attn_k", width, kv_width),
            ("attn_v", width, kv_width),
            ("attn_output", width, width),
            ("ffn_gate", width, inner),
            ("ffn_up", width, inner),
            ("ffn_down", inner, width),
        ];
        for (name, columns, rows) in matrices {
            let name = format!("blk.{block}.{name}.weight");
            writer.add_tensor(&name, &[columns, rows], kinds[block % 2], &weights.matrix(columns, rows))?;
        }
        for norm in ["attn_norm", "ffn_norm"] {
            let name = format!("blk.{block}.{norm}.weight");
            writer.add_tensor(&name, &[width], TensorType::F32, &weights.norm(width))?;
        }
    }
    writer.add_tensor("output_norm.weight", &[width], TensorType::F32, &weights.norm(width))?;
    if !shape.tied {
        let values = weights.matrix(width, vocabulary);
        writer.add_tensor("output.weight", &[width, vocabulary], kind, &values)?;
    }
    Ok(writer.finish())
}

/// Random weights, the same on every machine.
struct Weights {
    next_tensor: u32,
}

impl Weights {
    /// Uniform, with the variance that keeps activations near 1.
    fn matrix(&mut self, columns: usize, rows: usize) -> Vec<f32> {
        let spread = (12.0 / columns as f32).sqrt();
        self.fill(columns * rows, |u| (u - 0.5) * spread)
    }

    fn norm(&mut self, length: usize) -> Vec<f32> {
        self.fill(length, |u| 0.75 + 0.5 * u)
    }

    fn fill(&mut self, length: usize, value: impl Fn(f32) -> f32) -> Vec<f32> {
        let tensor = self.next_tensor;
        self.next_tensor += 1;
        let words = (0_u32..).flat_map(|block| philox4x32_10([block, tensor, 0, 0], [0, 0]));
        words.take(length).map(|word| value(uniform(word))).collect()
    }
}
