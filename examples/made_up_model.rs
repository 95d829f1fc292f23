//! Writes a made-up model to a file, for tools that read GGUF files:
//! `cargo run --features engine --example made_up_model -- Q8_0 FILE [untied | smollm2-135m]` (or F32, F16, Q4_0). Without a
//! last word it is the model of the self-test, which is tiny.

use anyhow::{Context, Result, bail};
use thermostat::gguf::TensorType;
use thermostat::model::made_up::{Shape, made_up_model};

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (format, path, shape) = match arguments.as_slice() {
        [format, path] => (format, path, Shape::TINY),
        [format, path, "untied"] => (format, path, Shape::TINY_UNTIED),
        [format, path, "smollm2-135m"] => (format, path, Shape::SMOLLM2_135M),
        _ => bail!("usage: made_up_model F32|F16|Q8_0|Q4_0 FILE [untied | smollm2-135m]"),
    };
    let kind =
        TensorType::named(format).with_context(|| format!("{format} is no format that can be written"))?;
    std::fs::write(path, made_up_model(shape, kind)?).with_context(|| format!("{path} cannot be written"))
}
