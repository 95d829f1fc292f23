//! The model files: this project's first stage as it is published, and one of SmolLM2-135M's shape with random weights, each
//! also as ONNX. What is made goes into `target/bench`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::{Value, json};
use thermostat::gguf::{Gguf, TensorType};
use thermostat::manifest::Manifest;
use thermostat::text::Tokenizer;
use xtask::shell::target_folder;

use super::plan::{Device, OTHER_PROMPTS, PROMPT};
use crate::onnx::{Precision, configuration, export};

/// The made-up file, as `cargo xtask bench` makes it.
pub const LARGE: &str = "smollm2-135m-q8_0.gguf";

/// Where files that are made lie.
#[must_use]
pub fn folder() -> PathBuf {
    target_folder().join("bench")
}

/// A model to be measured.
pub struct Model {
    /// Title of its tables.
    pub title: String,
    /// Where the site serves it.
    pub url: String,
    /// Size of the GGUF file.
    pub size_bytes: u64,
    /// Whether it has random weights and a hundred times as many as ours.
    pub large: bool,
    kind: TensorType,
    stem: String,
    gguf: Gguf,
    tokenizer: Tokenizer,
}

impl Model {
    fn read(path: &Path, url: String, title: String, kind: TensorType, large: bool) -> Result<Self> {
        let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        let size_bytes = bytes.len() as u64;
        let stem = path.file_stem().context("a model file without a name")?.to_string_lossy().into_owned();
        let gguf = Gguf::parse(bytes)?;
        let tokenizer = Tokenizer::from_gguf(&gguf)?;
        Ok(Self { title, url, size_bytes, large, kind, stem, gguf, tokenizer })
    }

    /// The files of the first stage that a page's `dist/` offers.
    ///
    /// # Errors
    /// When the manifest or a file cannot be read.
    pub fn lineage(dist: &Path) -> Result<Vec<Self>> {
        let models = dist.join("models");
        let path = models.join("manifest.json");
        let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let manifest: Manifest = serde_json::from_slice(&bytes)?;
        let stage = manifest.stages.first().context("the manifest lists no stage")?;
        let read = |file: &thermostat::manifest::ModelFile| {
            let kind = TensorType::named(&file.quantization).context("a format that is not known")?;
            let millions = stage.parameters as f64 / 1e6;
            let title = format!("{} {}, {millions:.2} M parameters", stage.label, kind.name());
            Self::read(&models.join(&file.file), format!("/models/{}", file.file), title, kind, false)
        };
        stage.files.iter().map(read).collect()
    }

    /// The one with random weights.
    ///
    /// # Errors
    /// When it has not been made, or cannot be read.
    pub fn large() -> Result<Self> {
        let title = "SmolLM2-135M's shape, random weights, Q8_0, 134.5 M parameters".to_owned();
        Self::read(&folder().join(LARGE), format!("/made/{LARGE}"), title, TensorType::Q8_0, true)
    }

    /// As what transformers.js is given it: in whatever it is fastest with there. On a graphics adapter bytes are not among that:
    /// their products go by way of the processor, and on an NVIDIA H200 `fp32` was 15 to 30 times as fast.
    #[must_use]
    pub fn precisions(&self, device: Device) -> &'static [Precision] {
        match (device, self.large, self.kind) {
            (Device::Cpu(_), true, _) => &[Precision::Bytes],
            (Device::Cpu(_), false, TensorType::Q4_0) => {
                &[Precision::Float, Precision::Bytes, Precision::Blocks]
            }
            (Device::Cpu(_), false, _) => &[Precision::Float, Precision::Bytes],
            (Device::WebGpu, _, TensorType::Q4_0) => &[Precision::Float, Precision::Blocks],
            (Device::WebGpu, _, _) => &[Precision::Float],
        }
    }

    /// Writes the ONNX files for some devices.
    ///
    /// # Errors
    /// When the model cannot be exported, or a file not written.
    pub fn export(&self, devices: &[Device]) -> Result<()> {
        let top = folder().join(&self.stem);
        let write = |path: PathBuf, bytes: &[u8]| {
            fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))
        };
        let onnx = top.join("onnx");
        fs::create_dir_all(&onnx).with_context(|| format!("cannot make {}", onnx.display()))?;
        write(top.join("config.json"), configuration(&self.gguf)?.to_string().as_bytes())?;
        write(top.join("generation_config.json"), b"{}")?;
        let mut written = Vec::new();
        for &precision in devices.iter().flat_map(|&device| self.precisions(device)) {
            if !written.contains(&precision) {
                write(onnx.join(precision.file()), &export(&self.gguf, precision)?)?;
                written.push(precision);
            }
        }
        Ok(())
    }

    /// What the page is told of it.
    ///
    /// # Errors
    /// When a prompt cannot be encoded.
    pub fn setup(&self) -> Result<Value> {
        let prompt = |text: &str| -> Result<Value> {
            let tokens = self.tokenizer.chat_prompt(text)?;
            let dressed = format!("<|user|>{text}<|assistant|>");
            Ok(json!({ "text": text, "dressed": dressed, "tokens": tokens }))
        };
        let others = OTHER_PROMPTS.iter().map(|text| prompt(text)).collect::<Result<Vec<_>>>()?;
        let all = 0..u32::try_from(self.tokenizer.vocabulary_len())?;
        let unwritable = |token: &u32| std::str::from_utf8(self.tokenizer.bytes_of(*token)).is_err();
        Ok(json!({
            "model": {
                "url": self.url,
                "onnx": format!("made/{}", self.stem),
                "unwritable_tokens": all.filter(unwritable).collect::<Vec<u32>>(),
            },
            "prompt": prompt(PROMPT)?,
            "other_prompts": others,
            "end_token": self.tokenizer.end().context("the model has no token that ends an answer")?,
        }))
    }
}
