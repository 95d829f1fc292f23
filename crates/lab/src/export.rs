//! From a trained model to a GGUF file, and from files to the manifest that the page reads.
//!
//! The files are ordinary Llama-architecture files: llama.cpp loads them too. Norms stay `f32`; everything else is in the
//! chosen block format. The same weights always give the same bytes.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use thermostat::checksum::hex_sha256;
use thermostat::gguf::{GgufWriter, TensorType};
use thermostat::manifest::{Manifest, ModelFile, Stage};

use crate::lineage::reward_model::RewardScale;
use crate::network::Layout;
use crate::sft::Trained;

/// Licence of the weights: this project's.
const LICENCE: &str = "MIT OR Apache-2.0";

/// A file for the page.
#[derive(Debug, Clone)]
pub struct Exported {
    /// The manifest's entry.
    pub entry: ModelFile,
    /// The file.
    pub bytes: Vec<u8>,
}

/// The file of a model. `name`: for people, for example `Thermostat SFT`.
///
/// # Errors
/// A model whose rows are not whole blocks of the format.
pub fn gguf(trained: &Trained, name: &str, kind: TensorType) -> Result<Vec<u8>> {
    Ok(writer(trained, name, kind)?.finish())
}

/// The file of a reward model: the decoder, and the head that gives a number for the state after an answer's last token.
///
/// The head is `cls.output`, as llama.cpp names it, with whitening folded in: the published number has mean 0 and deviation
/// 1 over the answers that were compared last.
///
/// # Errors
/// As [`gguf`].
pub fn reward_gguf(trained: &Trained, head: &[f32], scale: RewardScale, kind: TensorType) -> Result<Vec<u8>> {
    let mut writer = writer(trained, "Thermostat reward model", kind)?;
    let (row, bias) = head.split_at(trained.config.shape.width);
    let whitened: Vec<f32> = row.iter().map(|w| w / scale.deviation).collect();
    let bias: Vec<f32> = bias.iter().map(|b| (b - scale.mean) / scale.deviation).collect();
    writer.add_tensor("cls.output.weight", &[row.len(), 1], TensorType::F32, &whitened)?;
    writer.add_tensor("cls.output.bias", &[1], TensorType::F32, &bias)?;
    Ok(writer.finish())
}

fn writer(trained: &Trained, name: &str, kind: TensorType) -> Result<GgufWriter> {
    let shape = &trained.config.shape;
    let weights = &trained.checkpoint.weights;
    let layout = Layout::new(shape);
    let mut writer = GgufWriter::new();
    writer
        .set("general.architecture", "llama")?
        .set("general.type", "model")?
        .set("general.name", name)?
        .set("general.license", LICENCE)?
        .set("general.file_type", kind.file_type())?
        .set("general.quantization_version", 2_u32)?
        .set("llama.context_length", shape.context as u32)?
        .set("llama.embedding_length", shape.width as u32)?
        .set("llama.block_count", shape.blocks as u32)?
        .set("llama.feed_forward_length", shape.inner as u32)?
        .set("llama.attention.head_count", shape.heads as u32)?
        .set("llama.attention.head_count_kv", shape.kv_heads as u32)?
        .set("llama.attention.key_length", shape.head_length as u32)?
        .set("llama.attention.value_length", shape.head_length as u32)?
        .set("llama.attention.layer_norm_rms_epsilon", shape.rms_epsilon)?
        .set("llama.rope.dimension_count", shape.head_length as u32)?
        .set("llama.rope.freq_base", shape.rope_base)?
        .set("llama.vocab_size", shape.vocabulary as u32)?;
    trained.vocabulary.write(&mut writer)?;

    let (width, inner) = (shape.width, shape.inner);
    let (queries, keys) = (shape.query_length(), shape.kv_length());
    writer.add_tensor(
        "token_embd.weight",
        &[width, shape.vocabulary],
        kind,
        &weights[layout.embedding.clone()],
    )?;
    for (number, block) in layout.blocks.iter().enumerate() {
        let name = |part: &str| format!("blk.{number}.{part}.weight");
        let mut matrix = |part: &str, columns: usize, rows: usize, from: usize| -> Result<usize> {
            let end = from + rows * columns;
            writer.add_tensor(&name(part), &[columns, rows], kind, &weights[from..end])?;
            Ok(end)
        };
        // Queries and keys are trained in GGUF's order of rows (pairs of neighbours), so they are written as they are.
        let next = matrix("attn_q", width, queries, block.query_key_value.start)?;
        let next = matrix("attn_k", width, keys, next)?;
        matrix("attn_v", width, keys, next)?;
        matrix("attn_output", queries, width, block.attention_out.start)?;
        let next = matrix("ffn_gate", width, inner, block.gate_up.start)?;
        matrix("ffn_up", width, inner, next)?;
        matrix("ffn_down", inner, width, block.down.start)?;
        for (part, range) in [("attn_norm", &block.attention_norm), ("ffn_norm", &block.feed_forward_norm)] {
            writer.add_tensor(&name(part), &[width], TensorType::F32, &weights[range.clone()])?;
        }
    }
    let norm = &weights[layout.output_norm.clone()];
    writer.add_tensor("output_norm.weight", &[width], TensorType::F32, norm)?;
    Ok(writer)
}

/// One file of a stage.
///
/// # Errors
/// As [`gguf`].
pub fn exported(trained: &Trained, stage: &str, name: &str, kind: TensorType) -> Result<Exported> {
    Ok(entered(stage, kind.name(), gguf(trained, name, kind)?))
}

/// A file with its entry for the manifest.
#[must_use]
pub fn entered(stage: &str, quantization: &str, bytes: Vec<u8>) -> Exported {
    let entry = ModelFile {
        file: format!("thermostat-{stage}-{}.gguf", quantization.to_lowercase()),
        quantization: quantization.to_owned(),
        size_bytes: bytes.len() as u64,
        sha256: hex_sha256(&bytes),
    };
    Exported { entry, bytes }
}

/// The published files of a stage, the page's first choice first: Q4_0 costs a visitor half as many bytes as Q8_0 and
/// answers nearly as well (both are measured; the manifest has the numbers).
///
/// # Errors
/// As [`gguf`].
pub fn published(trained: &Trained, stage: &str, name: &str) -> Result<Vec<Exported>> {
    [TensorType::Q4_0, TensorType::Q8_0]
        .map(|kind| exported(trained, stage, name, kind))
        .into_iter()
        .collect()
}

/// What a manifest says of a stage besides its files.
#[derive(Debug, Clone)]
pub struct StageNotes {
    /// Short stable name.
    pub id: String,
    /// Name for visitors.
    pub label: String,
    /// One sentence.
    pub summary: String,
    /// Commit of the training code.
    pub commit: String,
    /// Date, ISO 8601.
    pub trained_on: String,
    /// Measured numbers.
    pub metrics: serde_json::Value,
}

/// Writes the files of an SFT stage into a folder and enters it in the folder's manifest.
///
/// # Errors
/// As [`enter`].
pub fn publish(folder: &Path, trained: &Trained, notes: &StageNotes, files: &[Exported]) -> Result<()> {
    let stage = Stage {
        id: notes.id.clone(),
        label: notes.label.clone(),
        summary: notes.summary.clone(),
        files: files.iter().map(|f| f.entry.clone()).collect(),
        parameters: trained.checkpoint.weights.len() as u64,
        commit: notes.commit.clone(),
        trained_on: notes.trained_on.clone(),
        config: serde_json::to_value(&trained.config)?,
        metrics: notes.metrics.clone(),
    };
    enter(folder, Section::Stages, stage, files)
}

/// Where a model stands in the manifest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// In the lineage, which the page offers.
    Stages,
    /// Beside it, to teach what goes wrong.
    Demonstrations,
    /// The reward model.
    RewardModel,
}

/// Writes the files of a model into a folder and enters it in the folder's manifest, in place of an older entry.
///
/// # Errors
/// A folder that cannot be written, or a manifest in it that cannot be read.
pub fn enter(folder: &Path, section: Section, stage: Stage, files: &[Exported]) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
    for file in files {
        let path = folder.join(&file.entry.file);
        fs::write(&path, &file.bytes).with_context(|| format!("writing {}", path.display()))?;
    }
    let mut manifest = manifest_of(folder)?;
    let list = match section {
        Section::Stages => &mut manifest.stages,
        Section::Demonstrations => &mut manifest.demonstrations,
        Section::RewardModel => &mut manifest.reward_models,
    };
    match list.iter_mut().find(|s| s.id == stage.id) {
        Some(old) => *old = stage,
        None => list.push(stage),
    }
    write_manifest(folder, &manifest)
}

/// Adds measured numbers, an object, to those of a stage that is entered already; others stay.
///
/// # Errors
/// A folder that cannot be read or written, or that has no such stage.
pub fn add_metrics(folder: &Path, id: &str, measured: serde_json::Value) -> Result<()> {
    let mut manifest = manifest_of(folder)?;
    let stage = manifest.stages.iter_mut().find(|stage| stage.id == id);
    let stage = stage.with_context(|| format!("{} has no stage {id}", folder.display()))?;
    if let (Some(metrics), serde_json::Value::Object(measured)) = (stage.metrics.as_object_mut(), measured) {
        metrics.extend(measured);
    }
    write_manifest(folder, &manifest)
}

/// A folder's manifest; an empty one where there is none.
fn manifest_of(folder: &Path) -> Result<Manifest> {
    let path = folder.join("manifest.json");
    if !path.exists() {
        return Ok(Manifest::empty());
    }
    let bytes = fs::read(&path).with_context(|| format!("reading {}", path.display()))?;
    serde_json::from_slice(&bytes).with_context(|| format!("{} is damaged", path.display()))
}

fn write_manifest(folder: &Path, manifest: &Manifest) -> Result<()> {
    let path = folder.join("manifest.json");
    let mut text = serde_json::to_string_pretty(manifest)?;
    text.push('\n');
    fs::write(&path, text).with_context(|| format!("writing {}", path.display()))
}
