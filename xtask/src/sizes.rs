//! What the built page weighs, and whether a first visit stays within its budget, WebGPU engine and all.
//!
//! A first visit fetches the page, the processor's worker and the first model of the manifest. The WebGPU worker follows in
//! the background. "On the way" is gzip for what public hosts compress (text, wasm) and the plain size for the rest.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use flate2::Compression;
use xtask::first_visit::{LISTS, comes_later, first_model, is_gpu_worker};
use xtask::seal::program_folder;
use xtask::server::{gzip, is_compressed_on_the_way};

/// Most bytes that a first visit may cost on the way, the WebGPU engine included.
const BUDGET_BYTES: usize = 4_000_000;

struct Weight {
    path: PathBuf,
    raw: usize,
    on_the_way: usize,
    first_visit: bool,
}

/// Prints the table.
///
/// # Errors
/// When a first visit costs more than the budget, or the folder cannot be read.
pub fn check(dist: &Path) -> Result<()> {
    let first_model = first_model(dist)?.map(|model| PathBuf::from(model.path));
    let program = program_folder(dist);
    let mut weights = Vec::new();
    collect(dist, dist, &program, first_model.as_deref(), &mut weights)?;
    weights.sort_by_key(|weight| (!weight.first_visit, weight.path.clone()));
    println!("{:>12} {:>12}  file (* first visit)", "bytes", "on the way");
    for weight in &weights {
        let mark = if weight.first_visit { "*" } else { " " };
        println!("{:>12} {:>12} {mark} {}", weight.raw, weight.on_the_way, weight.path.display());
    }
    let sum = |wanted: &dyn Fn(&&Weight) -> bool| {
        let chosen = || weights.iter().filter(wanted);
        (chosen().map(|w| w.raw).sum::<usize>(), chosen().map(|w| w.on_the_way).sum::<usize>())
    };
    let first = sum(&|weight| weight.first_visit);
    let with_gpu = sum(&|weight| weight.first_visit || is_gpu_worker(&weight.path.to_string_lossy()));
    println!("{:>12} {:>12}  first visit", first.0, first.1);
    println!("{:>12} {:>12}  first visit and the WebGPU worker", with_gpu.0, with_gpu.1);
    if first_model.is_none() {
        println!("   (there is no model yet: www/models/manifest.json is missing)");
    }
    if with_gpu.1 > BUDGET_BYTES {
        bail!(
            "a first visit costs {} bytes on the way, at most {BUDGET_BYTES}. Look at the largest files above.",
            with_gpu.1
        );
    }
    Ok(())
}

fn collect(
    folder: &Path,
    dist: &Path,
    program: &Path,
    first_model: Option<&Path>,
    weights: &mut Vec<Weight>,
) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let full = entry?.path();
        if full.is_dir() {
            collect(&full, dist, program, first_model, weights)?;
            continue;
        }
        let path = full.strip_prefix(program).or_else(|_| full.strip_prefix(dist))?.to_owned();
        let bytes = fs::read(&full)?;
        let compressed = is_compressed_on_the_way(&path);
        let on_the_way = if compressed { gzip(&bytes, Compression::default())?.len() } else { bytes.len() };
        let first_visit = belongs_to_first_visit(&path, first_model);
        weights.push(Weight { path, raw: bytes.len(), on_the_way, first_visit });
    }
    Ok(())
}

fn belongs_to_first_visit(path: &Path, first_model: Option<&Path>) -> bool {
    if path.starts_with("models") {
        return LISTS.iter().any(|file| path == Path::new(file)) || Some(path) == first_model;
    }
    // The pictures are for those who link to the page, and for home screens.
    !comes_later(&path.to_string_lossy()) && path.extension().is_none_or(|extension| extension != "png")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_visit_has_the_first_model_and_no_gpu_worker() {
        let first = Some(Path::new("models/sft-q4_0.gguf"));
        for path in [
            "index.html",
            "app_bg.wasm",
            "worker_cpu_bg.wasm",
            "models/manifest.json",
            "models/recorded.json",
            "models/sft-q4_0.gguf",
        ] {
            assert!(belongs_to_first_visit(Path::new(path), first), "{path}");
        }
        for path in
            ["worker_gpu_bg.wasm", "worker_gpu.js", "models/sft-q8_0.gguf", "preview.png", "touch.png"]
        {
            assert!(!belongs_to_first_visit(Path::new(path), first), "{path}");
        }
    }
}
