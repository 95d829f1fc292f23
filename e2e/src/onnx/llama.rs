//! The graph of a Llama-family decoder, as ONNX Runtime runs it fastest: its own operators for norms and for attention
//! with a cache, queries, keys and values in one product, logits of the last places only.
//!
//! Names of inputs and outputs are those that transformers.js feeds and reads. Shapes: ids `[batch, sequence]`, caches
//! `[batch, kv heads, past, head length]`, logits `[batch, kept, vocabulary]`.

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use thermostat::gguf::{BLOCK_LENGTH, Gguf, TensorType, dequantize};

use super::protobuf::{Attribute, CONTRIBUTED, Element, Graph, Length};

/// How matrices are stored, and multiplied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precision {
    /// The file's values as floats.
    Float,
    /// Signed bytes with one scale for each output; what they are multiplied with is made bytes in each run, one scale for all
    /// rows. ONNX Runtime's dynamic quantization, transformers.js's `q8`.
    Bytes,
    /// The blocks of a Q4_0 file, value for value (`MatMulNBits`); transformers.js's `q4`.
    Blocks,
}

impl Precision {
    /// What transformers.js calls it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Float => "fp32",
            Self::Bytes => "q8",
            Self::Blocks => "q4",
        }
    }

    /// The file in which transformers.js looks for it.
    #[must_use]
    pub fn file(self) -> &'static str {
        match self {
            Self::Float => "model.onnx",
            Self::Bytes => "model_quantized.onnx",
            Self::Blocks => "model_q4.onnx",
        }
    }
}

/// A model's numbers.
struct Shape {
    width: usize,
    inner: usize,
    blocks: usize,
    heads: usize,
    kv_heads: usize,
    context: usize,
    epsilon: f32,
    rope_base: f32,
    vocabulary: usize,
}

impl Shape {
    fn of(gguf: &Gguf) -> Result<Self> {
        let number =
            |key: &str| -> Result<usize> { Ok(gguf.get_u32(&format!("llama.{key}"))? as usize) };
        Ok(Self {
            width: number("embedding_length")?,
            inner: number("feed_forward_length")?,
            blocks: number("block_count")?,
            heads: number("attention.head_count")?,
            kv_heads: number("attention.head_count_kv")?,
            context: number("context_length")?,
            epsilon: gguf.get_f32("llama.attention.layer_norm_rms_epsilon")?,
            rope_base: gguf.get_f32("llama.rope.freq_base")?,
            vocabulary: gguf.tensor("token_embd.weight")?.shape()[1],
        })
    }

    fn head_length(&self) -> usize {
        self.width / self.heads
    }
}

/// `config.json` for transformers.js.
///
/// # Errors
/// When the file lacks a number.
pub fn configuration(gguf: &Gguf) -> Result<Value> {
    let shape = Shape::of(gguf)?;
    let end = gguf.get_u32("tokenizer.ggml.eos_token_id")?;
    Ok(json!({
        "architectures": ["LlamaForCausalLM"],
        "model_type": "llama",
        "hidden_size": shape.width,
        "intermediate_size": shape.inner,
        "num_hidden_layers": shape.blocks,
        "num_attention_heads": shape.heads,
        "num_key_value_heads": shape.kv_heads,
        "head_dim": shape.head_length(),
        "max_position_embeddings": shape.context,
        "rms_norm_eps": shape.epsilon,
        "rope_theta": shape.rope_base,
        "vocab_size": shape.vocabulary,
        "tie_word_embeddings": true,
        "eos_token_id": end,
        "pad_token_id": end,
    }))
}

/// The ONNX file of a model.
///
/// # Errors
/// When the file lacks a tensor, has an output matrix of its own, or has no blocks where [`Precision::Blocks`] wants them.
pub fn export(gguf: &Gguf, precision: Precision) -> Result<Vec<u8>> {
    if gguf.tensor("output.weight").is_ok() {
        bail!("only models whose output is their embedding are exported");
    }
    let mut writer = Writer { gguf, shape: Shape::of(gguf)?, precision, graph: Graph::default() };
    writer.ends();
    writer.positions();
    writer.embedding()?;
    for block in 0..writer.shape.blocks {
        writer.block(block)?;
    }
    writer.logits()?;
    Ok(writer.graph.finish())
}

/// Rows of a matrix as they are stored: `rows` of them, of `columns` values each.
struct Matrix {
    kind: TensorType,
    columns: usize,
    rows: Vec<Vec<u8>>,
}

impl Matrix {
    fn values(&self) -> Vec<f32> {
        self.rows.iter().flat_map(|row| dequantize(self.kind, row)).collect()
    }
}

struct Writer<'a> {
    gguf: &'a Gguf,
    shape: Shape,
    precision: Precision,
    graph: Graph,
}

const ONNX: &str = "";
/// The name by which transformers.js knows how many rows an empty cache has.
const BATCH: &str = "batch_size";

impl Writer<'_> {
    /// Inputs and outputs.
    fn ends(&mut self) {
        use Length::{Fixed, Named};
        let graph = &mut self.graph;
        graph.input("input_ids", Element::Int64, &[Named(BATCH), Named("sequence")]);
        graph.input("attention_mask", Element::Int64, &[Named(BATCH), Named("total")]);
        graph.input("num_logits_to_keep", Element::Int64, &[]);
        let logits = [Named(BATCH), Named("kept"), Fixed(self.shape.vocabulary)];
        graph.output("logits", Element::Float, &logits);
        let cache = |length| {
            [Named(BATCH), Fixed(self.shape.kv_heads), Named(length), Fixed(self.shape.head_length())]
        };
        for block in 0..self.shape.blocks {
            for part in ["key", "value"] {
                let (past, present) =
                    (format!("past_key_values.{block}.{part}"), format!("present.{block}.{part}"));
                graph.input(&past, Element::Float, &cache("past"));
                graph.output(&present, Element::Float, &cache("total"));
            }
        }
    }

    /// What attention is told: how long rows are, and the angles of RoPE.
    fn positions(&mut self) {
        let int32 = [("to", Attribute::Int(Element::Int32 as i64))];
        let graph = &mut self.graph;
        graph.list("one", &[1]);
        graph.constant("index_1", &[], Element::Int64, &1_i64.to_le_bytes());
        graph.node((ONNX, "ReduceSum"), &["attention_mask", "one"], &["lengths"], &[(
            "keepdims",
            Attribute::Int(0),
        )]);
        graph.node((ONNX, "Sub"), &["lengths", "one"], &["last"], &[]);
        graph.node((ONNX, "Cast"), &["last"], &["last_32"], &int32);
        graph.node((ONNX, "Shape"), &["attention_mask"], &["mask_shape"], &[]);
        let axis = [("axis", Attribute::Int(0))];
        graph.node((ONNX, "Gather"), &["mask_shape", "index_1"], &["total"], &axis);
        graph.node((ONNX, "Cast"), &["total"], &["total_32"], &int32);
        let half = self.shape.head_length() / 2;
        let angles: Vec<f64> = (0..self.shape.context)
            .flat_map(|position| (0..half).map(move |pair| (position, pair)))
            .map(|(position, pair)| {
                position as f64 * f64::from(self.shape.rope_base).powf(-(pair as f64) / half as f64)
            })
            .collect();
        let table = |of: fn(f64) -> f64| angles.iter().map(|&angle| of(angle) as f32).collect::<Vec<_>>();
        self.graph.floats("cosines", &[self.shape.context, half], &table(f64::cos));
        self.graph.floats("sines", &[self.shape.context, half], &table(f64::sin));
    }

    /// Looks tokens up. The table is the output's too and is stored once, but for blocks, which cannot be looked up.
    fn embedding(&mut self) -> Result<()> {
        let table = self.matrix("token_embd.weight")?;
        let (rows, columns) = (self.shape.vocabulary, self.shape.width);
        let axis = [("axis", Attribute::Int(0))];
        if self.precision == Precision::Bytes {
            let (bytes, scales) = bytes_of_rows(&table.values(), columns);
            self.graph.constant("embedding", &[rows, columns], Element::Int8, &bytes);
            self.graph.floats("embedding_scales", &[rows, 1], &scales);
            self.graph.node((ONNX, "Gather"), &["embedding", "input_ids"], &["hidden_bytes"], &axis);
            self.graph.node((ONNX, "Gather"), &["embedding_scales", "input_ids"], &["hidden_scales"], &axis);
            let float = [("to", Attribute::Int(Element::Float as i64))];
            self.graph.node((ONNX, "Cast"), &["hidden_bytes"], &["hidden_floats"], &float);
            self.graph.node((ONNX, "Mul"), &["hidden_floats", "hidden_scales"], &["hidden"], &[]);
        } else {
            self.graph.floats("embedding", &[rows, columns], &table.values());
            self.graph.node((ONNX, "Gather"), &["embedding", "input_ids"], &["hidden"], &axis);
        }
        Ok(())
    }

    fn block(&mut self, block: usize) -> Result<()> {
        let name = |part: &str| format!("blk.{block}.{part}.weight");
        let value = |part: &str| format!("{part}.{block}");
        // `residual` is the stream before this block; the first block has no feed-forward part before it to add.
        let normed = value("attention_input");
        if block == 0 {
            self.norm("hidden", &name("attn_norm"), &normed)?;
        } else {
            let before = (format!("after_attention.{}", block - 1), format!("down.{}", block - 1));
            self.add_and_norm((&before.0, &before.1), &name("attn_norm"), &normed, &value("residual"))?;
        }
        let (heads, kv_heads) = (self.shape.heads, self.shape.kv_heads);
        let mut joined = self.turned_by_halves(self.matrix(&name("attn_q"))?, heads);
        joined.rows.extend(self.turned_by_halves(self.matrix(&name("attn_k"))?, kv_heads).rows);
        joined.rows.extend(self.matrix(&name("attn_v"))?.rows);
        self.product(&normed, &value("qkv_weight"), &joined, &value("qkv"))?;
        let past = ["key", "value"].map(|part| format!("past_key_values.{block}.{part}"));
        let present = ["key", "value"].map(|part| format!("present.{block}.{part}"));
        let inputs = [
            &value("qkv"),
            "",
            "",
            &past[0],
            &past[1],
            "last_32",
            "total_32",
            "cosines",
            "sines",
        ];
        self.graph.node(
            (CONTRIBUTED, "GroupQueryAttention"),
            &inputs,
            &[&value("attended"), &present[0], &present[1]],
            &[
                ("num_heads", Attribute::Int(heads as i64)),
                ("kv_num_heads", Attribute::Int(kv_heads as i64)),
                ("do_rotary", Attribute::Int(1)),
                ("rotary_interleaved", Attribute::Int(0)),
            ],
        );
        let output = self.matrix(&name("attn_output"))?;
        self.product(&value("attended"), &name("attn_output"), &output, &value("attention"))?;
        let before = if block == 0 { "hidden".to_owned() } else { value("residual") };
        let (normed, sum) = (value("feed_input"), value("after_attention"));
        self.add_and_norm((&before, &value("attention")), &name("ffn_norm"), &normed, &sum)?;
        for part in ["ffn_gate", "ffn_up"] {
            let matrix = self.matrix(&name(part))?;
            self.product(&normed, &name(part), &matrix, &value(part))?;
        }
        self.graph.node((ONNX, "Sigmoid"), &[&value("ffn_gate")], &[&value("sigmoid")], &[]);
        self.graph.node((ONNX, "Mul"), &[&value("ffn_gate"), &value("sigmoid")], &[&value("silu")], &[]);
        self.graph.node((ONNX, "Mul"), &[&value("silu"), &value("ffn_up")], &[&value("gated")], &[]);
        let down = self.matrix(&name("ffn_down"))?;
        self.product(&value("gated"), &name("ffn_down"), &down, &value("down"))
    }

    fn logits(&mut self) -> Result<()> {
        let last = self.shape.blocks - 1;
        let before = (format!("after_attention.{last}"), format!("down.{last}"));
        self.add_and_norm((&before.0, &before.1), "output_norm.weight", "normed", "unused_sum")?;
        // The last `num_logits_to_keep` places; -0 is the beginning, so that 0 keeps all, as transformers.js means it.
        self.graph.list("end", &[i64::MAX]);
        self.graph.node((ONNX, "Unsqueeze"), &["num_logits_to_keep", "zero"], &["keep"], &[]);
        self.graph.list("zero", &[0]);
        self.graph.node((ONNX, "Neg"), &["keep"], &["start"], &[]);
        self.graph.node((ONNX, "Slice"), &["normed", "start", "end", "one"], &["kept"], &[]);
        match self.precision {
            Precision::Blocks => {
                let table = self.matrix("token_embd.weight")?;
                self.product("kept", "output_blocks", &table, "logits")
            }
            Precision::Float | Precision::Bytes => {
                self.graph.node((ONNX, "Transpose"), &["embedding"], &["output"], &[]);
                if self.precision == Precision::Float {
                    self.graph.node((ONNX, "MatMul"), &["kept", "output"], &["logits"], &[]);
                } else {
                    let scales = "embedding_scales_flat";
                    self.graph.list("flat", &[-1]);
                    self.graph.node((ONNX, "Reshape"), &["embedding_scales", "flat"], &[scales], &[]);
                    self.product_of_bytes("kept", "output", scales, "logits");
                }
                Ok(())
            }
        }
    }

    fn norm(&mut self, input: &str, weight: &str, output: &str) -> Result<()> {
        self.vector(weight)?;
        let attributes = [("axis", Attribute::Int(-1)), ("epsilon", Attribute::Float(self.shape.epsilon))];
        self.graph.node((ONNX, "SimplifiedLayerNormalization"), &[input, weight], &[output], &attributes);
        Ok(())
    }

    /// The norm of a sum, and the sum.
    fn add_and_norm(&mut self, terms: (&str, &str), weight: &str, output: &str, sum: &str) -> Result<()> {
        self.vector(weight)?;
        self.graph.node(
            (CONTRIBUTED, "SkipSimplifiedLayerNormalization"),
            &[terms.0, terms.1, weight],
            &[output, "", "", sum],
            &[("epsilon", Attribute::Float(self.shape.epsilon))],
        );
        Ok(())
    }

    fn vector(&mut self, name: &str) -> Result<()> {
        let tensor = self.gguf.tensor(name)?;
        self.graph.floats(name, tensor.shape(), &dequantize(tensor.kind(), tensor.bytes()));
        Ok(())
    }

    fn matrix(&self, name: &str) -> Result<Matrix> {
        let tensor = self.gguf.tensor(name)?;
        let columns = tensor.shape()[0];
        let row_bytes = tensor.kind().bytes_for(columns).context("rows are not whole blocks")?;
        let rows = tensor.bytes().chunks_exact(row_bytes).map(<[u8]>::to_vec).collect();
        Ok(Matrix { kind: tensor.kind(), columns, rows })
    }

    /// GGUF has rows in such an order that RoPE turns neighbours; ONNX Runtime's usual kernel turns halves.
    fn turned_by_halves(&self, matrix: Matrix, heads: usize) -> Matrix {
        let length = self.shape.head_length();
        let half = length / 2;
        let source = |row: usize| {
            let (head, place) = (row / length, row % length);
            head * length + if place < half { 2 * place } else { 2 * (place - half) + 1 }
        };
        let rows = (0..heads * length).map(|row| matrix.rows[source(row)].clone()).collect();
        Matrix { rows, ..matrix }
    }

    /// `input [.., columns]` times the transposed matrix.
    fn product(&mut self, input: &str, name: &str, matrix: &Matrix, output: &str) -> Result<()> {
        let (rows, columns) = (matrix.rows.len(), matrix.columns);
        match self.precision {
            Precision::Float => {
                self.graph.floats(name, &[columns, rows], &transposed(&matrix.values(), columns));
                self.graph.node((ONNX, "MatMul"), &[input, name], &[output], &[]);
            }
            Precision::Bytes => {
                let (bytes, scales) = bytes_of_rows(&matrix.values(), columns);
                self.graph.constant(name, &[columns, rows], Element::Int8, &transposed(&bytes, columns));
                let scales_name = format!("{name}.scales");
                self.graph.floats(&scales_name, &[rows], &scales);
                self.product_of_bytes(input, name, &scales_name, output);
            }
            Precision::Blocks => {
                if matrix.kind != TensorType::Q4_0 {
                    bail!("{name} has no blocks of four bits, but is {}", matrix.kind.name());
                }
                let (levels, scales) = levels_and_scales(&matrix.rows);
                let scales_name = format!("{name}.scales");
                let blocks = columns / BLOCK_LENGTH;
                self.graph.constant(name, &[rows, blocks, BLOCK_LENGTH / 2], Element::Uint8, &levels);
                self.graph.floats(&scales_name, &[rows * blocks], &scales);
                let attributes = [
                    ("K", Attribute::Int(columns as i64)),
                    ("N", Attribute::Int(rows as i64)),
                    ("bits", Attribute::Int(4)),
                    ("block_size", Attribute::Int(BLOCK_LENGTH as i64)),
                    ("accuracy_level", Attribute::Int(4)), // multiply bytes: the fastest of its levels
                ];
                let node = (CONTRIBUTED, "MatMulNBits");
                self.graph.node(node, &[input, name, &scales_name], &[output], &attributes);
            }
        }
        Ok(())
    }

    /// The nodes that ONNX Runtime's dynamic quantization puts in a product's place; it joins them again when it loads.
    fn product_of_bytes(&mut self, input: &str, bytes: &str, scales: &str, output: &str) {
        let [quantized, scale, zero] =
            ["bytes", "scale", "zero"].map(|part| format!("{output}.input_{part}"));
        let [sums, floats, both] = ["sums", "sums_float", "scales"].map(|part| format!("{output}.{part}"));
        let graph = &mut self.graph;
        graph.node((ONNX, "DynamicQuantizeLinear"), &[input], &[&quantized, &scale, &zero], &[]);
        graph.node((ONNX, "MatMulInteger"), &[&quantized, bytes, &zero], &[&sums], &[]);
        let float = [("to", Attribute::Int(Element::Float as i64))];
        graph.node((ONNX, "Cast"), &[&sums], &[&floats], &float);
        graph.node((ONNX, "Mul"), &[&scale, scales], &[&both], &[]);
        graph.node((ONNX, "Mul"), &[&floats, &both], &[output], &[]);
    }
}

/// A row-major matrix with `columns` columns, by columns.
fn transposed<T: Copy>(values: &[T], columns: usize) -> Vec<T> {
    let rows = values.len() / columns;
    (0..columns).flat_map(|column| (0..rows).map(move |row| values[row * columns + column])).collect()
}

/// Signed bytes of each row, and each row's scale.
fn bytes_of_rows(values: &[f32], columns: usize) -> (Vec<u8>, Vec<f32>) {
    let rows = values.chunks_exact(columns);
    let scales: Vec<f32> =
        rows.clone().map(|row| row.iter().fold(0.0_f32, |most, value| most.max(value.abs())) / 127.0).collect();
    let level = |value: f32, scale: f32| if scale == 0.0 { 0 } else { (value / scale).round() as i8 as u8 };
    let bytes =
        rows.zip(&scales).flat_map(|(row, &scale)| row.iter().map(move |&value| level(value, scale))).collect();
    (bytes, scales)
}

/// Q4_0 blocks in the order of `MatMulNBits`: two neighbours share a byte, the first in the low half, where GGUF has values
/// sixteen places apart in one byte; and the scales.
fn levels_and_scales(rows: &[Vec<u8>]) -> (Vec<u8>, Vec<f32>) {
    let blocks = rows.iter().flat_map(|row| row.chunks_exact(TensorType::Q4_0.block_bytes()));
    let scales = blocks.clone().map(|block| dequantize(TensorType::F16, &block[..2])[0]).collect();
    let mut levels = Vec::new();
    for block in blocks {
        let stored = &block[2..];
        let low = stored.iter().map(|byte| byte & 0x0f);
        let high = stored.iter().map(|byte| byte >> 4);
        let all: Vec<u8> = low.chain(high).collect();
        levels.extend(all.chunks_exact(2).map(|pair| pair[0] | pair[1] << 4));
    }
    (levels, scales)
}

#[cfg(test)]
mod tests {
    use super::*;
    use thermostat::gguf::quantize;

    #[test]
    fn a_transposed_matrix_is_read_by_columns() {
        assert_eq!(transposed(&[1, 2, 3, 4, 5, 6], 3), [1, 4, 2, 5, 3, 6]);
    }

    #[test]
    fn rows_become_bytes_with_a_scale_each() {
        let (bytes, scales) = bytes_of_rows(&[1.0, -0.5, 0.0, 0.0], 2);
        assert_eq!(bytes, [127, (-64_i8) as u8, 0, 0]);
        assert_eq!(scales, [1.0 / 127.0, 0.0]);
    }

    #[test]
    fn repacked_blocks_have_the_values_of_the_file() {
        let values: Vec<f32> = (0..64_u8).map(|i| f32::from(i).sin()).collect();
        let stored = quantize(TensorType::Q4_0, &values);
        let (levels, scales) = levels_and_scales(&[stored.clone()]);
        let repacked: Vec<f32> = levels
            .iter()
            .flat_map(|byte| [byte & 0x0f, byte >> 4])
            .enumerate()
            .map(|(place, level)| (f32::from(level) - 8.0) * scales[place / BLOCK_LENGTH])
            .collect();
        assert_eq!(repacked, dequantize(TensorType::Q4_0, &stored));
    }
}
