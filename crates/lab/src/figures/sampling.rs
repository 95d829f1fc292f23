//! What figures sample: prompts, temperatures, seeds, and files on several threads.

use std::collections::BTreeSet;
use std::fs;
use std::io::IsTerminal;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

use anyhow::{Context, Result, anyhow};
use serde::{Deserialize, Serialize};
use thermostat::manifest::{Manifest, Stage};
use thermostat::units::Seed;

use crate::answers::{Answer, Answerer};
use crate::corpus::{Corpus, Kind, creative_page_prompts, factual_page_prompts};
use crate::panel::{held_out_rlhf_prompts, rlhf_prompt};

/// Seed of the prompts of RLHF's kind; training uses other ones.
const PROMPT_SEED: u64 = 1 << 34;

/// A published file of a stage.
#[derive(Debug, Clone, Copy)]
pub struct StageFile<'a> {
    /// The stage's id in the manifest.
    pub id: &'a str,
    /// The file's name.
    pub file: &'a str,
    /// The file.
    pub bytes: &'a [u8],
}

/// A published file with its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StageBytes {
    id: String,
    file: String,
    bytes: Vec<u8>,
}

impl StageBytes {
    /// The files that the page loads, one per stage of a folder's manifest, in order.
    ///
    /// # Errors
    /// A manifest or a file that cannot be read.
    pub fn published(folder: &Path) -> Result<Vec<Self>> {
        let path = folder.join("manifest.json");
        let manifest = fs::read(&path).with_context(|| format!("reading {}", path.display()))?;
        let manifest: Manifest =
            serde_json::from_slice(&manifest).with_context(|| format!("{} is damaged", path.display()))?;
        let first = |stage: &Stage| {
            let file = stage.files.first().with_context(|| format!("stage {} has no file", stage.id))?;
            Self::read(&stage.id, &folder.join(&file.file))
        };
        manifest.stages.iter().map(first).collect()
    }

    /// One file, named after itself.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn one(path: &Path) -> Result<Vec<Self>> {
        let id = path.file_stem().unwrap_or_default().to_string_lossy();
        Ok(vec![Self::read(&id, path)?])
    }

    fn read(id: &str, path: &Path) -> Result<Self> {
        let bytes = fs::read(path).with_context(|| format!("reading {}", path.display()))?;
        let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Ok(Self { id: id.to_owned(), file, bytes })
    }

    /// For the figures.
    #[must_use]
    pub fn file(&self) -> StageFile<'_> {
        StageFile { id: &self.id, file: &self.file, bytes: &self.bytes }
    }
}

/// Creative and factual prompts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromptSet {
    /// For poems.
    pub creative: Vec<String>,
    /// For facts.
    pub factual: Vec<String>,
}

impl PromptSet {
    /// The prompts that the page offers, ten and ten as in the paper.
    #[must_use]
    pub fn of_the_page() -> Self {
        let owned = |prompts: [&str; 10]| prompts.map(str::to_owned).to_vec();
        Self { creative: owned(creative_page_prompts()), factual: owned(factual_page_prompts()) }
    }

    /// About subjects and topics that no reward was ever given for, spread over all of them.
    #[must_use]
    pub fn held_out(each: usize) -> Self {
        let spread = |kind: Kind| {
            let prompts = held_out_rlhf_prompts(kind);
            let count = each.min(prompts.len());
            (0..count).map(|place| prompts[place * prompts.len() / count].clone()).collect()
        };
        Self { creative: spread(Kind::Creative), factual: spread(Kind::Factual) }
    }

    /// Of the kind that RLHF asks, from a stream that it does not use; each prompt once.
    #[must_use]
    pub fn of_rlhf(each: usize) -> Self {
        let corpus = Corpus::new();
        let different = |wanted: Kind| {
            let mut seen = BTreeSet::new();
            (0..each as u64 * 50)
                .map(|index| rlhf_prompt(&corpus, PROMPT_SEED, index))
                .filter(|(kind, prompt)| *kind == wanted && seen.insert(prompt.clone()))
                .map(|(_, prompt)| prompt)
                .take(each)
                .collect()
        };
        Self { creative: different(Kind::Creative), factual: different(Kind::Factual) }
    }

    /// The first few of each kind.
    #[must_use]
    pub fn first(&self, count: usize) -> Self {
        let few = |prompts: &[String]| prompts.iter().take(count).cloned().collect();
        Self { creative: few(&self.creative), factual: few(&self.factual) }
    }

    /// All prompts with their kind, creative ones first.
    pub(super) fn all(&self) -> Vec<(Kind, &str)> {
        let creative = self.creative.iter().map(|prompt| (Kind::Creative, prompt.as_str()));
        creative.chain(self.factual.iter().map(|prompt| (Kind::Factual, prompt.as_str()))).collect()
    }
}

/// How much is sampled, and with which draws.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Protocol {
    /// Answers to each prompt at each temperature.
    pub answers_per_prompt: u32,
    /// Temperatures, rising.
    pub temperatures: Vec<f32>,
    /// Prompt number i, counted through both kinds with creative ones first, is drawn with seed + i.
    pub seed: Seed,
}

impl Protocol {
    /// Figure 21: 25 answers at 0.1, 0.2 ... 1.5.
    #[must_use]
    pub fn figure_21(seed: Seed) -> Self {
        Self { answers_per_prompt: 25, temperatures: temperatures(1, 15), seed }
    }

    /// Figure 8: 100 answers at 0.6 ... 1.5.
    #[must_use]
    pub fn figure_8(seed: Seed) -> Self {
        Self { answers_per_prompt: 100, temperatures: temperatures(6, 15), seed }
    }

    /// Few answers to many prompts, cold and at T = 1.
    #[must_use]
    pub fn quality(seed: Seed) -> Self {
        Self { answers_per_prompt: 2, temperatures: vec![0.3, 1.0], seed }
    }

    /// At T = 1 only, as in Figure 20.
    #[must_use]
    pub fn at_one(answers_per_prompt: u32, seed: Seed) -> Self {
        Self { answers_per_prompt, temperatures: vec![1.0], seed }
    }
}

/// Temperatures in tenths, both ends included.
#[must_use]
pub fn temperatures(first_tenths: u32, last_tenths: u32) -> Vec<f32> {
    (first_tenths..=last_tenths).map(|tenths| tenths as f32 / 10.0).collect()
}

/// Answers to every prompt, `[prompts][temperatures][answers]`, prompts as in [`PromptSet::all`]. The number of threads
/// has no influence on them.
pub(super) fn sample(
    stage: &StageFile<'_>,
    prompts: &PromptSet,
    protocol: &Protocol,
    threads: usize,
) -> Result<Vec<Vec<Vec<Answer>>>> {
    let asked = prompts.all();
    let (next, done, started) = (AtomicUsize::new(0), AtomicUsize::new(0), Instant::now());
    let answered: Vec<Mutex<Option<Vec<Vec<Answer>>>>> = asked.iter().map(|_| Mutex::new(None)).collect();
    // A loaded model stays on its thread, so every thread loads its own.
    let work = || -> Result<()> {
        let model = Answerer::load(stage.bytes.to_vec())?;
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some((_, prompt)) = asked.get(index) else { return Ok(()) };
            let seed = protocol.seed.wrapping_add(index as Seed);
            let groups =
                model.answers_at(prompt, &protocol.temperatures, protocol.answers_per_prompt, seed)?;
            if let Ok(mut place) = answered[index].lock() {
                *place = Some(groups);
            }
            let done = done.fetch_add(1, Ordering::Relaxed) + 1;
            report(stage.id, done, asked.len(), started);
        }
    };
    thread::scope(|scope| {
        let running: Vec<_> = (0..threads.clamp(1, asked.len().max(1))).map(|_| scope.spawn(work)).collect();
        let ended = running.into_iter().map(|thread| {
            thread.join().map_err(|_| anyhow!("a thread that sampled answers of {} has failed", stage.id))?
        });
        ended.collect::<Result<Vec<()>>>()
    })?;
    answered
        .into_iter()
        .map(|place| {
            let groups = place.into_inner().ok().flatten();
            groups.ok_or_else(|| anyhow!("a prompt was not answered by {}", stage.id))
        })
        .collect()
}

fn report(stage: &str, done: usize, all: usize, started: Instant) {
    let left_s = started.elapsed().as_secs_f64() / done as f64 * (all - done) as f64;
    let line = format!("{stage}: {done} of {all} prompts, {:.1} minutes left", left_s / 60.0);
    // Standard output is for results.
    if std::io::stderr().is_terminal() {
        eprint!("\r{line}   {}", if done == all { "\n" } else { "" });
    } else {
        eprintln!("{line}");
    }
}
