//! A run is a function of its configuration: not of threads, and not of interruptions.

#![allow(clippy::unwrap_used, missing_docs)]

use std::fs;
use std::path::PathBuf;

use lab::config::SftConfig;
use lab::network::ModelShape;
use lab::report::RunFolder;
use lab::sft::{RunOptions, Trained, train};

fn tiny() -> SftConfig {
    SftConfig {
        shape: ModelShape {
            vocabulary: 300,
            width: 32,
            blocks: 1,
            heads: 2,
            kv_heads: 1,
            head_length: 16,
            inner: 32,
            ..ModelShape::default()
        },
        vocabulary_examples: 200,
        steps: 40,
        warm_up_steps: 5,
        shard_tokens: 300,
        held_out_examples: 10,
        ..SftConfig::default()
    }
}

fn folder(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("thermostat-lab-{name}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&path);
    path
}

fn options(name: &str, threads: usize) -> RunOptions {
    RunOptions { out: folder(name), resume: false, threads, pause_after: None }
}

fn curves(trained: &Trained, options: &RunOptions) -> (Vec<f32>, String, String) {
    let folder = RunFolder::new(&options.out);
    let read = |path: PathBuf| fs::read_to_string(path).unwrap();
    (trained.checkpoint.weights.clone(), read(folder.curve()), read(folder.held_out()))
}

#[test]
fn threads_and_interruptions_change_nothing() {
    let config = tiny();
    let whole = options("whole", 1);
    let expected = curves(&train(&config, &whole).unwrap(), &whole);
    assert_eq!(expected.1.lines().count(), 3, "a header and a line for every 20 steps");

    let threads = options("threads", 2);
    assert_eq!(curves(&train(&config, &threads).unwrap(), &threads), expected);

    let mut paused = options("paused", 1);
    paused.pause_after = Some(20);
    train(&config, &paused).unwrap();
    paused.resume = true;
    paused.pause_after = None;
    assert_eq!(curves(&train(&config, &paused).unwrap(), &paused), expected);

    let other = SftConfig { seed: 2, ..config };
    assert!(train(&other, &paused).is_err(), "a folder must not mix two runs");
    [whole, threads, paused].iter().for_each(|o| fs::remove_dir_all(&o.out).unwrap());
}

#[test]
fn damaged_checkpoints_are_refused() {
    let options = options("damaged", 1);
    let config = SftConfig { steps: 6, ..tiny() };
    train(&config, &options).unwrap();
    let folder = RunFolder::new(&options.out);
    assert!(folder.load().is_ok());
    let bytes = fs::read(folder.checkpoint()).unwrap();
    fs::write(folder.checkpoint(), &bytes[..bytes.len() - 4]).unwrap();
    assert!(folder.load().is_err());
    fs::write(folder.checkpoint(), b"{}\n").unwrap();
    assert!(folder.load().is_err());
    fs::remove_dir_all(&options.out).unwrap();
}
