use crate::app::language::words::{Device, Page, Stages};

pub(super) const PAGE: Page = Page {
    title: "Thermostat: turn up the heat of a language model",
    description: "Turn up the temperature of a small language model and watch which answers stay the same. Everything runs in this \
                  browser.",
    skip: "Skip to the instrument",
    claim: "Training with human feedback (RLHF) teaches a language model when to heed its temperature: poems keep varying, facts \
            settle. Watch a small model answer, live, in this tab.",
    loading: "Loading the page …",
    foreign_models: None,
    language: "Language",
    contents: "Chapters",
    chapters: [
        "Turn up the heat",
        "Inside one token",
        "The experiment",
        "Beyond supervision",
        "You are the annotator",
        "Learning from your votes",
    ],
    tour: "Take the tour",
    lecture: "Lecture view",
};

pub(super) const DEVICE: Device = Device {
    runs_on: "Runs on: ",
    failed: "Not running",
    stopped: "Stopped",
    starting: "Starting …",
    absent: "The engine is not running yet.",
    processor: "The model runs on the processor.",
    graphics: "WebGPU is available and passed its self-test.",
    imitation: "WebGPU is available and passed its self-test, but this adapter computes on the processor.",
    workers: |count| {
        format!("{count} workers share the answers: each computes a part of them, on a core of its own.")
    },
    graphics_card: |note| format!("Graphics card: {note}"),
    opening: "Looking at the graphics card …",
    reopening: "The graphics card was lost. The processor goes on, and the card is tried once more.",
    no_webgpu: "This browser has no WebGPU.",
    no_adapter: "This browser found no graphics adapter for WebGPU.",
    software: |name| {
        let name = name.map(|name| format!(" ({name})")).unwrap_or_default();
        format!("WebGPU here is software{name}, slower than the processor.")
    },
    unwanted: "You chose the processor.",
    local: "The model runs here: prompts and answers are computed in this browser. Advanced lets you choose the device.",
};

pub(super) const STAGES: Stages = Stages {
    label: |_| None,
    summary: |summary| {
        Some(match summary {
            "Trained to imitate answers by simulated annotators of varying skill, mistakes included." => {
                "Supervised fine-tuning (SFT): trained to imitate answers by simulated annotators of varying skill, mistakes included."
            }
            "Fine-tuned on the best of many sampled answers by reward, mixed with the best of earlier versions." => {
                "Trained further on the best of many sampled answers, as a reward model sees it, mixed with the best of earlier versions."
            }
            "RLHF v4, improved further by policy gradient (PPO) against the reward model, on a leash to v4." => {
                "RLHF v4, trained further toward high scores from the reward model (PPO), on a leash that keeps it near v4."
            }
            _ => return None,
        })
    },
    line: |parameters, file, label| match file {
        Some((size, quantization)) => format!("{parameters} parameters · {size} ({quantization}) · {label}"),
        None => format!("{parameters} parameters · {label}"),
    },
};
