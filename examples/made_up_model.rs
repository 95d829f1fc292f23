//! Writes the made-up model of the self-test to a file, for tools that read GGUF files:
//! `cargo run --features engine --example made_up_model -- Q8_0 FILE` (or F32, F16, Q4_0).

use anyhow::{Context, Result, bail};
use thermostat::engine::self_test::made_up_model;
use thermostat::gguf::TensorType;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [format, path] = arguments.as_slice() else {
        bail!("usage: made_up_model F32|F16|Q8_0|Q4_0 FILE");
    };
    let kinds = [TensorType::F32, TensorType::F16, TensorType::Q8_0, TensorType::Q4_0];
    let kind = kinds.into_iter().find(|kind| format!("{kind:?}") == *format);
    let kind = kind.with_context(|| format!("{format} is no format that can be written"))?;
    std::fs::write(path, made_up_model(kind)?).with_context(|| format!("{path} cannot be written"))
}
