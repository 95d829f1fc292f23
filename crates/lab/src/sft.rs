//! Supervised fine-tuning: the first stage of the lineage.
//!
//! 1. Make the vocabulary from a sample of the corpus.
//! 2. Draw the initial weights.
//! 3. For every step: fill the shards with new examples, take the gradient of the mean loss over their answer tokens, step.
//! 4. Measure the loss on held-out examples, at the beginning, now and then, and at the end.
//!
//! Source: Touvron et al. 2023, section 3.1. Unlike there, no pretrained model comes before: the corpus is small enough
//! to learn the language from the annotations alone.

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};
use thermostat::sampling::philox4x32_10;
use thermostat::text::Tokenizer;

use crate::adamw::AdamW;
use crate::batches::{Batches, document};
use crate::checkpoint::Checkpoint;
use crate::config::SftConfig;
use crate::corpus::{Corpus, Kind};
use crate::network::{Layout, Pass, Shard};
use crate::report::{CURVE_EVERY, Report, RunFolder};
use crate::step::Workers;
use crate::vocabulary::MadeVocabulary;

/// Time between checkpoints.
const CHECKPOINT_EVERY: Duration = Duration::from_secs(120);
/// Steps between measurements of the held-out loss.
const HELD_OUT_EVERY: u64 = 500;
/// Added to the seed: held-out examples come from a stream that training never sees.
const HELD_OUT_SEED: u64 = 1 << 32;
/// Marks the stream of random numbers for the initial weights.
const WEIGHTS_STREAM: u32 = 0x5745_4947;

/// How a run is carried out; has no influence on its result.
#[derive(Debug, Clone)]
pub struct RunOptions {
    /// Folder of the run.
    pub out: PathBuf,
    /// Go on from the checkpoint in the folder.
    pub resume: bool,
    /// Threads to use.
    pub threads: usize,
    /// Stop after this many steps of this sitting, to go on later; for tests.
    pub pause_after: Option<u64>,
}

/// A trained model.
#[derive(Debug, Clone)]
pub struct Trained {
    /// What made it.
    pub config: SftConfig,
    /// Its vocabulary.
    pub vocabulary: MadeVocabulary,
    /// Its weights and counters.
    pub checkpoint: Checkpoint,
}

/// Mean loss per answer token in nats on held-out examples.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct HeldOutLoss {
    /// Over poems.
    pub creative: f64,
    /// Over facts.
    pub factual: f64,
}

/// Trains, or goes on training.
///
/// # Errors
/// A folder that cannot be written, or that holds another run.
pub fn train(config: &SftConfig, options: &RunOptions) -> Result<Trained> {
    let folder = RunFolder::new(&options.out);
    fs::create_dir_all(&options.out).with_context(|| format!("making {}", options.out.display()))?;
    let corpus = Corpus::new();

    // 1. and 2. Vocabulary and weights, new or from the checkpoint.
    let Trained { config, vocabulary, checkpoint } = if options.resume {
        let found = folder.load()?;
        ensure!(
            found.config == *config,
            "the run in this folder has another configuration; start it in another one"
        );
        found
    } else {
        begin(config, &corpus, &folder)?
    };
    let tokenizer = vocabulary.tokenizer()?;
    let layout = Layout::new(&config.shape);
    let decaying = layout.decays();
    let held_out = held_out_shards(&corpus, &tokenizer, &config)?;
    let Checkpoint { next_example, mut tokens, mut weights, mut optimizer } = checkpoint;
    let mut batches = Batches::new(&corpus, &tokenizer, &config, next_example);
    let mut workers = Workers::new(&config.shape, options.threads);
    let mut pass = Pass::new(&config.shape);
    let mut report = Report::new(&folder, &config, optimizer.steps, options.resume)?;
    if optimizer.steps == 0 {
        report.held_out(0, held_out_loss(&mut pass, &weights, &held_out))?;
    }

    // 3. Steps.
    let last = options.pause_after.map_or(config.steps, |pause| config.steps.min(optimizer.steps + pause));
    let mut saved = Instant::now();
    while optimizer.steps < last {
        let step = optimizer.steps;
        let batch: Vec<Shard> = (0..config.shards).map(|_| batches.next_shard()).collect::<Result<_>>()?;
        let learning_rate = config.learning_rate_at(step);
        let (batch_loss, gradient) = workers.gradient(&weights, &batch);
        ensure!(
            batch_loss.loss.is_finite(),
            "the loss is not a number at step {step}: lower the learning rate"
        );
        let norm = optimizer.step(&config.adam, learning_rate, &decaying, gradient, &mut weights);
        tokens += batch_loss.tokens;
        report.step(optimizer.steps, tokens, batch_loss.loss, learning_rate, norm)?;
        let done = optimizer.steps == last;
        // 4. Held-out loss.
        if optimizer.steps.is_multiple_of(HELD_OUT_EVERY) || optimizer.steps == config.steps {
            report.held_out(optimizer.steps, held_out_loss(&mut pass, &weights, &held_out))?;
        }
        // Checkpoints fall on whole lines of the curve, so that a resumed run's curve is the same.
        if done || saved.elapsed() > CHECKPOINT_EVERY && optimizer.steps.is_multiple_of(CURVE_EVERY) {
            Checkpoint {
                next_example: batches.next_example,
                tokens,
                weights: weights.clone(),
                optimizer: optimizer.clone(),
            }
            .save(&folder.checkpoint())?;
            saved = Instant::now();
        }
    }
    report.finish();
    let checkpoint = Checkpoint { next_example: batches.next_example, tokens, weights, optimizer };
    Ok(Trained { config: config.clone(), vocabulary, checkpoint })
}

/// A run's beginning, with its configuration and vocabulary written down.
fn begin(config: &SftConfig, corpus: &Corpus, folder: &RunFolder) -> Result<Trained> {
    let trained = fresh(config, corpus)?;
    fs::write(folder.config(), serde_json::to_string_pretty(config)? + "\n")?;
    fs::write(folder.vocabulary(), serde_json::to_string_pretty(&trained.vocabulary)? + "\n")?;
    Ok(trained)
}

/// Vocabulary and initial weights.
fn fresh(config: &SftConfig, corpus: &Corpus) -> Result<Trained> {
    let texts: Vec<String> = (0..config.vocabulary_examples)
        .flat_map(|i| {
            let example = corpus.example(config.seed, i);
            [example.prompt, example.answer]
        })
        .collect();
    let vocabulary = MadeVocabulary::make(texts.iter().map(String::as_str), config.shape.vocabulary)?;
    ensure!(
        vocabulary.len() == config.shape.vocabulary,
        "the sample yields only {} tokens of {}: use a larger one",
        vocabulary.len(),
        config.shape.vocabulary
    );
    let mut counter = 0_u64;
    let mut words = std::iter::from_fn(|| {
        let key = [config.seed as u32, WEIGHTS_STREAM];
        let block =
            philox4x32_10([counter as u32, (counter >> 32) as u32, (config.seed >> 32) as u32, 0], key);
        counter += 1;
        Some(block)
    })
    .flatten();
    let uniform = || (f64::from(words.next().unwrap_or_default()) + 0.5) / 4_294_967_296.0;
    let weights = Layout::new(&config.shape).initial_weights(config.initial_deviation, uniform);
    let optimizer = AdamW::new(weights.len());
    let checkpoint = Checkpoint { next_example: 0, tokens: 0, weights, optimizer };
    Ok(Trained { config: config.clone(), vocabulary, checkpoint })
}

/// Held-out shards of each kind.
struct HeldOut {
    creative: Vec<Shard>,
    factual: Vec<Shard>,
}

fn held_out_shards(corpus: &Corpus, tokenizer: &Tokenizer, config: &SftConfig) -> Result<HeldOut> {
    let mut held_out = HeldOut { creative: Vec::new(), factual: Vec::new() };
    for index in 0..config.held_out_examples {
        let example = corpus.example(config.seed + HELD_OUT_SEED, index);
        let document = document(tokenizer, &example)?;
        let shards = match example.kind {
            Kind::Creative => &mut held_out.creative,
            Kind::Factual => &mut held_out.factual,
        };
        if shards.last().is_none_or(|s: &Shard| s.tokens.len() + document.tokens.len() > config.shard_tokens)
        {
            shards.push(Shard::default());
        }
        if let Some(shard) = shards.last_mut().filter(|_| document.tokens.len() <= config.shape.context) {
            shard.push(&document.tokens, document.answer_from);
        }
    }
    Ok(held_out)
}

fn held_out_loss(pass: &mut Pass, weights: &[f32], held_out: &HeldOut) -> HeldOutLoss {
    let mut mean = |shards: &[Shard]| {
        let (mut sum, mut count) = (0.0_f64, 0_usize);
        for shard in shards {
            let losses = pass.losses(weights, shard);
            sum += losses.iter().map(|&l| f64::from(l)).sum::<f64>();
            count += losses.len();
        }
        sum / count.max(1) as f64
    };
    HeldOutLoss { creative: mean(&held_out.creative), factual: mean(&held_out.factual) }
}

/// How many steps take about this long on this machine, at the speed of a few batches taken now.
///
/// The number goes into the configuration, so that a run which is resumed elsewhere keeps its schedule.
///
/// # Errors
/// An example that cannot be encoded.
pub fn steps_for(minutes: f64, config: &SftConfig, threads: usize) -> Result<u64> {
    const BATCHES: u32 = 8;
    let corpus = Corpus::new();
    let Trained { vocabulary, checkpoint, .. } = fresh(config, &corpus)?;
    let tokenizer = vocabulary.tokenizer()?;
    let mut batches = Batches::new(&corpus, &tokenizer, config, 0);
    let mut workers = Workers::new(&config.shape, threads);
    let mut started = Instant::now();
    for number in 0..=BATCHES {
        let batch: Vec<Shard> = (0..config.shards).map(|_| batches.next_shard()).collect::<Result<_>>()?;
        workers.gradient(&checkpoint.weights, &batch);
        if number == 0 {
            // The first batch also pays for allocations.
            started = Instant::now();
        }
    }
    let step_s = started.elapsed().as_secs_f64() / f64::from(BATCHES);
    Ok(((minutes * 60.0 / step_s) as u64).max(config.warm_up_steps + 1))
}

/// The held-out loss of a finished run.
///
/// # Errors
/// An example that cannot be encoded.
pub fn measure_held_out(trained: &Trained) -> Result<HeldOutLoss> {
    let tokenizer = trained.vocabulary.tokenizer()?;
    let shards = held_out_shards(&Corpus::new(), &tokenizer, &trained.config)?;
    Ok(held_out_loss(&mut Pass::new(&trained.config.shape), &trained.checkpoint.weights, &shards))
}
