//! Before a device is trusted, it must agree with the CPU.
//!
//! An invalid shader can return wrong data silently, and drivers have faults, so a tiny made-up model is run on the
//! device and on the CPU: prompt, several rows, several steps. Logits must agree closely and the drawn tokens exactly.

use std::rc::Rc;

use super::device::{Chosen, cpu};
use super::{EngineError, LoadedModel, Run};
use crate::gguf::{Array, GgufError, GgufWriter, TensorType, Value};
use crate::protocol::{GenerateJob, RowSpec};
use crate::sampling::{philox4x32_10, uniform};
use crate::text::{THERMOSTAT_TEMPLATE, byte_to_char};
use crate::units::{Temperature, TokenId, Truncation};

/// Largest difference of a logit that is put down to rounding. The made-up model's logits have a deviation near 1; sums
/// of 64 products in another order differ by about 1e-6, and a wrong kernel by about 1.
const LARGEST_DIFFERENCE: f32 = 2e-3;

const WIDTH: usize = 64;
const INNER: usize = 96;
const HEADS: usize = 4;
const KV_HEADS: usize = 2;
const BLOCKS: usize = 2;
const VOCABULARY: usize = 259;

/// Runs the made-up model on a device and on the CPU.
///
/// # Errors
/// [`EngineError::Device`] when they disagree.
pub async fn self_test(chosen: &Chosen) -> Result<(), EngineError> {
    let file = made_up_model(TensorType::Q8_0)?;
    let reference = LoadedModel::load("self-test", file.clone(), None, &cpu("self-test"))?;
    let tested = LoadedModel::load("self-test", file, None, chosen)?;

    let tokens: Vec<TokenId> = (0..9).map(|i| i * 29 % 250).collect();
    let expected = read(reference.decoder.all_logits(&tokens)?).await?;
    let found = read(tested.decoder.all_logits(&tokens)?).await?;
    let difference = expected
        .iter()
        .zip(&found)
        .map(|(a, b)| (a - b).abs())
        .fold(0.0_f32, |m, d| if d > m { d } else { m });
    let comparable = expected.len() == found.len() && found.iter().all(|l| l.is_finite());
    if !comparable || difference > LARGEST_DIFFERENCE {
        return Err(EngineError::Device(format!(
            "its logits differ from the processor's by {difference:.2e}"
        )));
    }
    if draw(Rc::new(reference)).await? != draw(Rc::new(tested)).await? {
        return Err(EngineError::Device("it draws other tokens than the processor".to_owned()));
    }
    Ok(())
}

async fn read(logits: burn::tensor::Tensor<2>) -> Result<Vec<f32>, EngineError> {
    let data = logits.into_data_async().await.map_err(|e| EngineError::Device(format!("{e:?}")))?;
    data.try_into_vec::<f32>().map_err(|e| EngineError::Device(format!("{e:?}")))
}

/// The tokens of five rows, six steps, with and without truncation.
async fn draw(model: Rc<LoadedModel>) -> Result<Vec<Vec<TokenId>>, EngineError> {
    let rows = (0..5)
        .map(|row| RowSpec {
            row,
            seed: 11,
            temperature: if row == 0 { Temperature::Greedy } else { Temperature::Value(0.4 * row as f32) },
            truncation: if row == 3 {
                Truncation { top_k: Some(40), top_p: Some(0.9) }
            } else {
                Truncation::default()
            },
        })
        .collect();
    let job = GenerateJob {
        model: String::new(),
        prompt: "thermostat".to_owned(),
        chat: true,
        rows,
        max_new_tokens: 6,
    };
    let mut run = Run::start(model, &job)?;
    let mut drawn = vec![Vec::new(); 5];
    while !run.is_done() {
        for delta in run.step().await? {
            drawn[delta.row as usize].extend(delta.tokens.iter().map(|t| t.id));
        }
    }
    Ok(drawn)
}

/// A Llama-family file with random weights: two blocks, grouped-query attention, tied output, a byte vocabulary.
///
/// # Errors
/// None in practice; the writer's are passed on.
pub fn made_up_model(kind: TensorType) -> Result<Vec<u8>, GgufError> {
    let mut writer = GgufWriter::new();
    let mut tokens: Vec<String> = (0..=u8::MAX).map(|b| byte_to_char(b).to_string()).collect();
    tokens.extend(["<|user|>", "<|assistant|>", "<|end|>"].map(str::to_owned));
    let mut types = vec![1; 256];
    types.extend([3; 3]);
    let kv_width = WIDTH / HEADS * KV_HEADS;
    writer
        .set("general.architecture", "llama")?
        .set("general.name", "made up")?
        .set("llama.block_count", BLOCKS as u32)?
        .set("llama.context_length", 64_u32)?
        .set("llama.embedding_length", WIDTH as u32)?
        .set("llama.feed_forward_length", INNER as u32)?
        .set("llama.attention.head_count", HEADS as u32)?
        .set("llama.attention.head_count_kv", KV_HEADS as u32)?
        .set("llama.rope.dimension_count", (WIDTH / HEADS) as u32)?
        .set("llama.rope.freq_base", 10_000.0_f32)?
        .set("llama.attention.layer_norm_rms_epsilon", 1e-5_f32)?
        .set("llama.vocab_size", VOCABULARY as u32)?
        .set("tokenizer.ggml.model", "gpt2")?
        .set("tokenizer.ggml.pre", "gpt-2")?
        .set("tokenizer.ggml.tokens", tokens)?
        .set("tokenizer.ggml.token_type", Value::Array(Array::I32(types)))?
        .set("tokenizer.ggml.merges", Vec::<String>::new())?
        .set("tokenizer.ggml.eos_token_id", 258_u32)?
        .set("tokenizer.ggml.add_bos_token", false)?
        .set("tokenizer.chat_template", THERMOSTAT_TEMPLATE)?;
    let mut weights = Weights { next_tensor: 0 };
    writer.add_tensor("token_embd.weight", &[WIDTH, VOCABULARY], kind, &weights.matrix(WIDTH, VOCABULARY))?;
    for block in 0..BLOCKS {
        let matrices = [
            ("attn_q", WIDTH, WIDTH),
            ("attn_k", WIDTH, kv_width),
            ("attn_v", WIDTH, kv_width),
            ("attn_output", WIDTH, WIDTH),
            ("ffn_gate", WIDTH, INNER),
            ("ffn_up", WIDTH, INNER),
            ("ffn_down", INNER, WIDTH),
        ];
        for (name, columns, rows) in matrices {
            let name = format!("blk.{block}.{name}.weight");
            writer.add_tensor(&name, &[columns, rows], kind, &weights.matrix(columns, rows))?;
        }
        for norm in ["attn_norm", "ffn_norm"] {
            let name = format!("blk.{block}.{norm}.weight");
            writer.add_tensor(&name, &[WIDTH], TensorType::F32, &weights.norm(WIDTH))?;
        }
    }
    writer.add_tensor("output_norm.weight", &[WIDTH], TensorType::F32, &weights.norm(WIDTH))?;
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
