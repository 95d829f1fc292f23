//! The lab's command line.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use lab::answers::Answerer;
use lab::card::{CardInputs, model_card};
use lab::config::SftConfig;
use lab::corpus::{self, Form};
use lab::evaluate::{EvaluationSize, evaluate};
use lab::figures::{Amount, DRAW_SEED, FigureSet, StageBytes, measure_all};
use lab::lineage::config::LineageConfig;
use lab::lineage::course;
use lab::lineage::setting::Setting;
use lab::lineage::store::{load_json, load_values, save_json};
use lab::lineage::truth::measure;
use lab::panel;
use lab::publish::{Metrics, PublishOptions, publish_sft};
use lab::publish_lineage::{LineageOptions, publish_lineage};
use lab::report::RunFolder;
use lab::sft::{RunOptions, steps_for, train};
use lab::smoke::smoke;
use thermostat::units::Temperature;

/// Trains and examines the models of the lineage.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Trains the SFT model.
    Sft(Sft),
    /// Trains RLHF v1 ... v5 from an SFT run: reward models, rejection sampling, PPO. Goes on where it was stopped.
    Lineage {
        /// Folder of the SFT run.
        #[arg(long, default_value = "runs/sft")]
        sft: PathBuf,
        /// Folder of the lineage.
        #[arg(long, default_value = "runs/lineage")]
        out: PathBuf,
        /// Take the configuration from a file, such as the `config.json` of another lineage.
        #[arg(long)]
        config: Option<PathBuf>,
        /// Seed of prompts, draws and annotators.
        #[arg(long)]
        seed: Option<u64>,
        /// Threads; has no influence on the result.
        #[arg(long, default_value_t = 2)]
        threads: usize,
    },
    /// Measures the true quality of unquantized weights: an SFT run's, or a later policy's.
    Truth {
        /// Folder of the SFT run.
        #[arg(long, default_value = "runs/sft")]
        sft: PathBuf,
        /// A `policy.bin` of the lineage; without it the SFT model is measured.
        #[arg(long)]
        policy: Option<PathBuf>,
    },
    /// Exports, measures and publishes a finished lineage: files, manifest, recorded curves, results.
    PublishLineage {
        /// Folder of the SFT run.
        #[arg(long, default_value = "runs/sft")]
        sft: PathBuf,
        /// Folder of the lineage.
        #[arg(long, default_value = "runs/lineage")]
        lineage: PathBuf,
        /// Folder of the published models.
        #[arg(long, default_value = "www/models")]
        models: PathBuf,
        /// Folder of the published configuration and results.
        #[arg(long, default_value = "crates/lab/published/lineage")]
        results: PathBuf,
        /// Measure on a few prompts only.
        #[arg(long)]
        quick: bool,
        /// Threads; has no influence on the result.
        #[arg(long, default_value_t = 2)]
        threads: usize,
    },
    /// The whole course: SFT, RLHF v1 ... v5, figures, publication. Goes on where it was stopped.
    All {
        /// Folder of the runs.
        #[arg(long, default_value = "runs")]
        out: PathBuf,
        /// Folder of the published models.
        #[arg(long, default_value = "www/models")]
        models: PathBuf,
        /// Folder of the published configuration and results.
        #[arg(long, default_value = "crates/lab/published/lineage")]
        results: PathBuf,
        /// Seed of all that is drawn, from the corpus to the annotators; where a run goes on, it keeps its own.
        #[arg(long)]
        seed: Option<u64>,
        /// Threads; has no influence on the result.
        #[arg(long, default_value_t = 2)]
        threads: usize,
    },
    /// Exports, measures and publishes a run that was trained before, or its newest checkpoint.
    Publish {
        /// Folder of the run.
        #[arg(long, default_value = "runs/sft")]
        run: PathBuf,
        /// Folder of the published models.
        #[arg(long, default_value = "www/models")]
        models: PathBuf,
        /// Commit of the training code; by default that of the working tree.
        #[arg(long)]
        commit: Option<String>,
        /// Measure on a few prompts only.
        #[arg(long)]
        quick: bool,
    },
    /// Measures a GGUF file and prints the numbers as JSON.
    Evaluate {
        /// The file.
        #[arg(long)]
        model: PathBuf,
        /// Measure on a few prompts only.
        #[arg(long)]
        quick: bool,
    },
    /// Measures the paper's figures on the published files of all stages, as far as no reward model is needed.
    Figures {
        /// Folder of the published models.
        #[arg(long, default_value = "www/models")]
        models: PathBuf,
        /// Where the results go, JSON.
        #[arg(long, default_value = "runs/figures.json")]
        out: PathBuf,
        /// Measure one file in place of the published ones.
        #[arg(long)]
        model: Option<PathBuf>,
        /// Seed with which the lineage was trained.
        #[arg(long, default_value_t = 1)]
        training_seed: u64,
        /// Seed of the draws; others show how large their noise is.
        #[arg(long, default_value_t = DRAW_SEED)]
        draw_seed: u32,
        /// A few answers only.
        #[arg(long)]
        quick: bool,
        /// Threads; has no influence on the result.
        #[arg(long, default_value_t = 2)]
        threads: usize,
    },
    /// Writes the model card from what was measured.
    Card {
        /// Folder of the published models; the card goes there.
        #[arg(long, default_value = "www/models")]
        models: PathBuf,
        /// Folder of what was measured and written of the published lineage and of its other seeds.
        #[arg(long, default_value = "crates/lab/published/lineage")]
        published: PathBuf,
        /// Results of `figures` for other files of the published stages.
        #[arg(long)]
        other_files: Vec<PathBuf>,
    },
    /// Prints answers of a GGUF file.
    Ask {
        /// The file.
        #[arg(long)]
        model: PathBuf,
        /// The prompt.
        prompt: String,
        /// Answers.
        #[arg(long, default_value_t = 5)]
        answers: u32,
        /// Temperature; 0 is greedy.
        #[arg(long, default_value_t = 1.0)]
        temperature: f32,
        /// Seed of the draws.
        #[arg(long, default_value_t = 1)]
        seed: u32,
    },
    /// Prints examples of the corpus.
    Corpus {
        /// How many.
        #[arg(long, default_value_t = 20)]
        samples: u64,
        /// Seed of the corpus.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Only poems of this form: couplet, tercet, quatrain, haiku or list.
        #[arg(long)]
        form: Option<String>,
    },
    /// Prints the rules of the simulated annotators, how far they agree, and votes of theirs.
    Panel {
        /// Votes on answers of the corpus, and as many on hard negatives.
        #[arg(long, default_value_t = 5)]
        samples: usize,
        /// Pairs over which agreement is measured, of each source.
        #[arg(long, default_value_t = 20_000)]
        pairs: usize,
        /// Seed of pairs and votes.
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
}

#[derive(Debug, clap::Args)]
struct Sft {
    /// Folder of the run.
    #[arg(long, default_value = "runs/sft")]
    out: PathBuf,
    /// Go on from the checkpoint in the folder.
    #[arg(long)]
    resume: bool,
    /// Another number of steps than the published model's.
    #[arg(long, conflicts_with = "resume")]
    steps: Option<u64>,
    /// As many steps as take about this many minutes here.
    #[arg(long, conflicts_with_all = ["resume", "steps"])]
    minutes: Option<f64>,
    /// Folder for the exported models; by default `models` in the folder of the run.
    #[arg(long)]
    models: Option<PathBuf>,
    /// Another highest learning rate.
    #[arg(long, conflicts_with = "resume")]
    learning_rate: Option<f32>,
    /// Seed of corpus and weights.
    #[arg(long, conflicts_with = "resume")]
    seed: Option<u64>,
    /// Threads; has no influence on the result.
    #[arg(long, default_value_t = 2)]
    threads: usize,
    /// Take the configuration from a file, such as the `config.json` of another run.
    #[arg(long, conflicts_with = "smoke")]
    config: Option<PathBuf>,
    /// The whole path with a tiny model and few steps, in a temporary folder.
    #[arg(long)]
    smoke: bool,
}

fn main() -> Result<()> {
    match Arguments::parse().command {
        Command::Sft(arguments) => run_sft(&arguments),
        Command::Lineage { sft, out, config, seed, threads } => {
            let mut chosen = match config {
                None => LineageConfig::default(),
                Some(path) => load_json(&path)?,
            };
            chosen.seed = seed.unwrap_or(chosen.seed);
            let lineage = course::run(&RunFolder::new(&sft).load()?, &chosen, &out, threads)?;
            for (stage, truth) in &lineage.reports.truth {
                println!("{stage}: {}", truth.summary());
            }
            Ok(())
        }
        Command::Truth { sft, policy } => {
            let sft = RunFolder::new(&sft).load()?;
            let weights = match policy {
                Some(path) => load_values(&path, sft.checkpoint.weights.len())?,
                None => sft.checkpoint.weights.clone(),
            };
            let config = LineageConfig::default();
            let setting = Setting::new(&sft.vocabulary, &sft.config.shape, &config, 2)?;
            let truth = measure(&setting, &config.truth, &weights, None)?;
            println!("{}", truth.summary());
            println!("{}", serde_json::to_string_pretty(&truth)?);
            Ok(())
        }
        Command::PublishLineage { sft, lineage, models, results, quick, threads } => {
            let config: LineageConfig = load_json(&lineage.join("config.json"))?;
            let amount = if quick { Amount::smoke() } else { Amount::default() };
            let options = LineageOptions { models, results, threads, amount, formats: size(quick) };
            let sft = RunFolder::new(&sft).load()?;
            let finished = course::run(&sft, &config, &lineage, threads)?;
            publish_lineage(&sft, &finished, &config, &options).map(|_| ())
        }
        Command::All { out, models, results, seed, threads } => all(&out, models, results, seed, threads),
        Command::Publish { run, models, commit, quick } => {
            let trained = RunFolder::new(&run).load()?;
            let options = PublishOptions { models, size: size(quick), commit, measure_both: !quick };
            print_metrics(&publish_sft(&trained, &run, &options)?)
        }
        Command::Evaluate { model, quick } => {
            let evaluation = evaluate(&load(&model)?, size(quick))?;
            println!("{}", serde_json::to_string_pretty(&evaluation)?);
            Ok(())
        }
        Command::Figures { models, out, model, training_seed, draw_seed, quick, threads } => {
            let amount = if quick { Amount::smoke() } else { Amount::default() }.with_draw_seed(draw_seed);
            let files = match &model {
                Some(path) => StageBytes::one(path)?,
                None => StageBytes::published(&models)?,
            };
            let stages: Vec<_> = files.iter().map(StageBytes::file).collect();
            let figures = measure_all(training_seed, &stages, None, &amount, threads)?;
            if let Some(folder) = out.parent() {
                std::fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
            }
            save_json(&out, &figures)?;
            println!("{}: {:.1} minutes", out.display(), figures.elapsed_s / 60.0);
            Ok(())
        }
        Command::Card { models, published, other_files } => {
            let mut inputs = CardInputs::published(&models, &published)?;
            for path in &other_files {
                inputs.other_files.extend(load_json::<FigureSet>(path)?.figure_21);
            }
            model_card(&inputs).write(&models)
        }
        Command::Ask { model, prompt, answers, temperature, seed } => {
            let temperature =
                if temperature == 0.0 { Temperature::Greedy } else { Temperature::new(temperature)? };
            for answer in load(&model)?.answers(&prompt, temperature, answers, seed)? {
                println!("{answer}\n");
            }
            Ok(())
        }
        Command::Corpus { samples, seed, form } => {
            let text = match form {
                None => corpus::sample_text(seed, samples),
                Some(form) => {
                    let known = Form::named(&form).with_context(|| format!("{form} is no form of poem"))?;
                    corpus::poems_text(known, seed, samples)
                }
            };
            print!("{text}");
            Ok(())
        }
        Command::Panel { samples, pairs, seed } => {
            print!("{}", panel::panel_text(seed, pairs, samples));
            Ok(())
        }
    }
}

fn run_sft(arguments: &Sft) -> Result<()> {
    let folder = RunFolder::new(&arguments.out);
    let mut config = match &arguments.config {
        _ if arguments.resume => folder.load_config()?,
        Some(path) => {
            let bytes = std::fs::read(path).with_context(|| format!("reading {}", path.display()))?;
            serde_json::from_slice(&bytes)
                .with_context(|| format!("{} is no configuration", path.display()))?
        }
        None if arguments.smoke => SftConfig::smoke(),
        None => SftConfig::default(),
    };
    config.seed = arguments.seed.unwrap_or(config.seed);
    config.learning_rate = arguments.learning_rate.unwrap_or(config.learning_rate);
    config.steps = arguments.steps.unwrap_or(config.steps);
    if let Some(minutes) = arguments.minutes {
        config.steps = steps_for(minutes, &config, arguments.threads)?;
    }
    if arguments.smoke {
        return print_metrics(&smoke(&config, arguments.threads)?);
    }
    let options = RunOptions {
        out: arguments.out.clone(),
        resume: arguments.resume,
        threads: arguments.threads,
        pause_after: None,
    };
    let trained = train(&config, &options)?;
    let publish = PublishOptions {
        models: arguments.models.clone().unwrap_or_else(|| arguments.out.join("models")),
        size: EvaluationSize::default(),
        commit: None,
        measure_both: true,
    };
    print_metrics(&publish_sft(&trained, &arguments.out, &publish)?)
}

/// Every stage in turn. Each goes on where it was stopped.
fn all(out: &Path, models: PathBuf, results: PathBuf, seed: Option<u64>, threads: usize) -> Result<()> {
    let run = out.join("sft");
    let folder = RunFolder::new(&run);
    let resume = folder.checkpoint().exists();
    let fresh = SftConfig::default();
    let sft_config =
        if resume { folder.load_config()? } else { SftConfig { seed: seed.unwrap_or(fresh.seed), ..fresh } };
    let options = RunOptions { out: run.clone(), resume, threads, pause_after: None };
    let sft = train(&sft_config, &options)?;
    if !folder.metrics().exists() {
        let publish = PublishOptions {
            models: models.clone(),
            size: EvaluationSize::default(),
            commit: None,
            measure_both: true,
        };
        publish_sft(&sft, &run, &publish)?;
    }
    let config = LineageConfig { seed: sft_config.seed, ..LineageConfig::default() };
    let lineage = course::run(&sft, &config, &out.join("lineage"), threads)?;
    let (amount, formats) = (Amount::default(), EvaluationSize::default());
    let options = LineageOptions { models, results, threads, amount, formats };
    publish_lineage(&sft, &lineage, &config, &options).map(|_| ())
}

fn size(quick: bool) -> EvaluationSize {
    if quick { EvaluationSize::smoke() } else { EvaluationSize::default() }
}

fn load(path: &Path) -> Result<Answerer> {
    Answerer::load(std::fs::read(path).with_context(|| format!("reading {}", path.display()))?)
}

fn print_metrics(metrics: &Metrics) -> Result<()> {
    println!("{}", serde_json::to_string_pretty(metrics)?);
    Ok(())
}
