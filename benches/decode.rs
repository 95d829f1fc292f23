//! Tokens per second of the engine, on the CPU and on every graphics adapter of this machine.
//!
//! `cargo bench --features engine --bench decode` (CPU only) or `cargo bench --features gpu --bench decode`; with the feature
//! `flex` also those of the decoder in tensors on burn's CPU backend, to compare with.
//!
//! Each line is a number of answers decoded together. A run samples up to 45 tokens for each (6 on a software adapter,
//! which only imitates a graphics card); reading the prompt is not counted. Tokens that end an answer count, rows that
//! have ended cost nothing any more. One run warms up; the median, the slowest and the fastest of the others are shown,
//! and the ratio of the median to that of one answer on the CPU, in the same process. The model is the one that the page
//! begins with (the first file of the first stage in `www/models/manifest.json`), or where the manifest lists none, one of
//! the same shape with random weights.

#![allow(missing_docs)]

#[cfg(feature = "gpu")]
mod adapters;

use std::path::Path;
use std::rc::Rc;
use std::time::Instant;

use thermostat::engine::device::{self, Chosen};
use thermostat::engine::{EngineError, LoadedModel, Run, block_on};
use thermostat::gguf::TensorType;
use thermostat::manifest::Manifest;
use thermostat::model::made_up::{Shape, made_up_model};
use thermostat::protocol::{DeviceKind, GenerateJob, RowSpec};
use thermostat::units::{Temperature, Truncation};

type Failure = Box<dyn std::error::Error>;

const ROWS: [u32; 3] = [1, 25, 375];
/// About the length of a poem.
const TOKENS: u32 = 45;
const TOKENS_OF_LARGE: u32 = 17;
const TOKENS_ON_SOFTWARE_ADAPTER: u32 = 6;

fn main() -> Result<(), Failure> {
    let (name, file) = model_file()?;
    println!("model: {name} ({} bytes)", file.len());
    let mut baseline = None;
    let cpu = device::cpu();
    measure_device("CPU, one thread", &cpu, Way::Tensors, &file, &mut baseline)?;
    #[cfg(feature = "flex")]
    measure_device("CPU, burn's flex", &flex(cpu), Way::Tensors, &file, &mut baseline)?;
    #[cfg(feature = "gpu")]
    for chosen in adapters::adapters()? {
        if chosen.report.software && large() {
            println!("\nsoftware adapter {}: left out with a large model", chosen.report.name);
            continue;
        }
        let kind = if chosen.report.software { "software adapter" } else { "adapter" };
        let title = format!("{kind} {}", chosen.report.name);
        for way in [Way::Tensors, Way::Stepwise, Way::Whole] {
            let name = match way {
                Way::Tensors => "burn's operations",
                Way::Stepwise => "our kernels, one for each product",
                Way::Whole if large() => continue,
                Way::Whole => "our kernel for whole rows",
            };
            if let Err(error) =
                measure_device(&format!("{title}, {name}"), &chosen, way, &file, &mut baseline)
            {
                println!("{title}: {error}");
            }
        }
    }
    Ok(())
}

/// How tokens come about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// As the decoder does it: on a graphics card by burn's operations.
    Tensors,
    /// By our kernels, one after the other.
    #[cfg(feature = "gpu")]
    Stepwise,
    /// By the kernel that takes rows through all of a small model.
    #[cfg(feature = "gpu")]
    Whole,
}

/// Whether a large model is to be measured in place of the page's: for graphics cards.
fn large() -> bool {
    std::env::var_os("THERMOSTAT_BENCH_LARGE").is_some()
}

fn model_file() -> Result<(String, Vec<u8>), Failure> {
    if large() {
        let name = "random weights in the shape of SmolLM2-135M, Q8_0".to_owned();
        return Ok((name, made_up_model(Shape::SMOLLM2_135M, TensorType::Q8_0)?));
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("www/models");
    let manifest: Manifest = serde_json::from_slice(&std::fs::read(folder.join("manifest.json"))?)?;
    Ok(match manifest.stages.first().and_then(|stage| stage.files.first()) {
        Some(listed) => (listed.file.clone(), std::fs::read(folder.join(&listed.file))?),
        None => {
            let name = "random weights in the published shape, Q8_0".to_owned();
            (name, made_up_model(Shape::PUBLISHED, TensorType::Q8_0)?)
        }
    })
}

/// burn's CPU backend.
#[cfg(feature = "flex")]
fn flex(cpu: Chosen) -> Chosen {
    use thermostat::model::{Place, WeightFormat};
    let place = Place::Tensor { device: burn::tensor::Device::flex(), keep: WeightFormat::Dense };
    Chosen { place, ..cpu }
}

fn measure_device(
    title: &str,
    chosen: &Chosen,
    way: Way,
    file: &[u8],
    baseline: &mut Option<f64>,
) -> Result<(), EngineError> {
    println!("\n{title}\n{:>8} {:>14} {:>20} {:>8}", "answers", "tokens/s", "slowest..fastest", "ratio");
    #[cfg_attr(not(feature = "gpu"), expect(unused_mut, reason = "only a GPU has several ways"))]
    let mut model = LoadedModel::load("benchmark", file.to_vec(), None, chosen)?;
    #[cfg(feature = "gpu")]
    match (way, model.direct.take().and_then(Rc::into_inner)) {
        (Way::Stepwise, Some(direct)) => model.direct = Some(Rc::new(direct.stepwise())),
        (Way::Whole, Some(direct)) => model.direct = Some(Rc::new(direct)),
        (Way::Tensors, _) | (_, None) => {}
    }
    #[cfg(not(feature = "gpu"))]
    let Way::Tensors = way;
    let model = Rc::new(model);
    let imitated = chosen.report.software && chosen.report.device == DeviceKind::WebGpu;
    let tokens = if large() { TOKENS_OF_LARGE } else { TOKENS };
    for rows in ROWS {
        if large() && rows > 25 && chosen.report.device == DeviceKind::Cpu {
            println!("{rows:>8} left out: minutes on a processor");
            continue;
        }
        let (tokens, runs) = match (imitated, rows) {
            (true, 375) => (TOKENS_ON_SOFTWARE_ADAPTER, 1),
            (true, _) => (TOKENS_ON_SOFTWARE_ADAPTER, 3),
            (false, 375) => (tokens, 3),
            (false, _) if large() => (tokens, 3),
            (false, _) => (tokens, 7),
        };
        measure(&model, rows, tokens)?;
        let mut speeds = Vec::new();
        for _ in 0..runs {
            speeds.push(measure(&model, rows, tokens)?);
        }
        speeds.sort_by(f64::total_cmp);
        let median = speeds[speeds.len() / 2];
        let ratio = median / *baseline.get_or_insert(median);
        let range = format!("{:.0}..{:.0}", speeds[0], speeds[speeds.len() - 1]);
        println!("{rows:>8} {median:>14.0} {range:>20} {ratio:>8.2}");
    }
    Ok(())
}

/// Tokens per second of one run.
fn measure(model: &Rc<LoadedModel>, rows: u32, tokens: u32) -> Result<f64, EngineError> {
    let job = GenerateJob {
        model: "benchmark".to_owned(),
        prompt: "Write a poem about the sea.".to_owned(),
        chat: true,
        rows: (0..rows)
            .map(|row| RowSpec {
                row,
                seed: 1,
                temperature: Temperature::Value(1.0),
                truncation: Truncation::default(),
            })
            .collect(),
        max_new_tokens: tokens,
        patient: false,
    };
    let mut run = Run::start(model.clone(), &job)?;
    let begin = Instant::now();
    while !run.is_done() {
        block_on(run.step())?;
    }
    Ok(f64::from(run.sampled_tokens()) / begin.elapsed().as_secs_f64())
}
