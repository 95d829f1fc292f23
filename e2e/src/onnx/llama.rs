//! The graph of a Llama-family decoder, as ONNX Runtime runs it fastest: its own operators for norms and for attention
//! with a cache, queries, keys and values in one product, logits of the last places only.
//!
//! Names of inputs and outputs are those that transformers.js feeds and reads. Shapes: ids `[batch, sequence]`, caches
//! `[batch, kv heads, past, head length]`, logits `[batch, kept, vocabulary]`.

use anyhow::{Context, Result, bail};
use thermostat::gguf::{BLOCK_LENGTH, Gguf, TensorType, dequantize};

use super::protobuf::{Attribute, CONTRIBUTED, Element, Graph, Length};
use super::shape::Shape;
use super::weights::{Matrix, Precision, bytes_of_rows, levels_and_scales, transposed};

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
        graph.node(
            (ONNX, "ReduceSum"),
            &["attention_mask", "one"],
            &["lengths"],
            &[("keepdims", Attribute::Int(0))],
        );
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
        let inputs = [&value("qkv"), "", "", &past[0], &past[1], "last_32", "total_32", "cosines", "sines"];
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
