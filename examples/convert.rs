//! Writes a model in another format, for tools that read GGUF files:
//! `cargo run --example convert -- FILE F16 NEW_FILE` (or F32, Q8_0, Q4_0). Tensors of F32 stay.

use anyhow::{Context, Result, bail};
use thermostat::gguf::{Gguf, TensorType, converted};

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [from, format, to] = arguments.as_slice() else {
        bail!("usage: convert FILE F32|F16|Q8_0|Q4_0 NEW_FILE");
    };
    let kind =
        TensorType::named(format).with_context(|| format!("{format} is no format that can be written"))?;
    let file = std::fs::read(from).with_context(|| format!("{from} cannot be read"))?;
    let file = converted(&Gguf::parse(file)?, kind)?;
    std::fs::write(to, file).with_context(|| format!("{to} cannot be written"))
}
