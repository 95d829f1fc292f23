//! All figures of one lineage in one go: what `lab figures` measures and the model card shows.

use std::time::Instant;

use anyhow::Result;
use serde::{Deserialize, Serialize};
use thermostat::units::Seed;

use super::effective::{Effective, effective_temperatures};
use super::figure_8::{Figure8, figure_8};
use super::figure_20::{Figure20, figure_20};
use super::figure_21::{Figure21, figure_21};
use super::quality::{QualityTable, quality_table};
use super::sampling::{PromptSet, Protocol, StageFile};
use super::{Score, TrueQuality};
use crate::panel::Oracle;

/// Seed of the draws of published figures.
pub const DRAW_SEED: Seed = 2100;

/// Everything that was measured of one lineage's files.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FigureSet {
    /// Seed with which the lineage was trained.
    pub training_seed: u64,
    /// Date of the measurement, ISO 8601.
    pub recorded_on: String,
    /// Commit of the measuring code, or `unknown`.
    pub commit: String,
    /// Wall time of the measurement, seconds.
    pub elapsed_s: f64,
    /// One per stage, in their order.
    pub figure_21: Vec<Figure21>,
    /// One per stage.
    pub quality: Vec<QualityTable>,
    /// One per stage but the first.
    pub effective: Vec<Effective>,
    /// One per stage; empty without a reward model.
    pub figure_8: Vec<Figure8>,
    /// None without a reward model.
    pub figure_20: Option<Figure20>,
}

/// How much is measured.
#[derive(Debug, Clone, PartialEq)]
pub struct Amount {
    /// Figure 21.
    pub figure_21: Protocol,
    /// Prompts held out from rewards, of each kind, in Figure 21.
    pub held_out_prompts: usize,
    /// Figure 8.
    pub figure_8: Protocol,
    /// Figure 20.
    pub figure_20: Protocol,
    /// Effective temperature.
    pub effective: Protocol,
    /// True quality.
    pub quality: Protocol,
    /// Prompts of each kind for true quality.
    pub quality_prompts: usize,
    /// Prompts of the page that are asked, of each kind, in Figures 8 and 20 and for the effective temperature.
    pub page_prompts: usize,
}

impl Default for Amount {
    fn default() -> Self {
        Self {
            figure_21: Protocol::figure_21(DRAW_SEED),
            held_out_prompts: 10,
            figure_8: Protocol::figure_8(DRAW_SEED),
            figure_20: Protocol::at_one(100, DRAW_SEED),
            effective: Protocol::at_one(25, DRAW_SEED),
            quality: Protocol::quality(DRAW_SEED),
            quality_prompts: 200,
            page_prompts: 10,
        }
    }
}

impl Amount {
    /// The same with other draws, to see how large their noise is. Seeds of one run lie closer than 1000 together.
    #[must_use]
    pub fn with_draw_seed(mut self, seed: Seed) -> Self {
        let protocols = [
            &mut self.figure_21,
            &mut self.figure_8,
            &mut self.figure_20,
            &mut self.effective,
            &mut self.quality,
        ];
        protocols.into_iter().for_each(|protocol| protocol.seed = seed);
        self
    }

    /// A few seconds' worth, for continuous integration.
    #[must_use]
    pub fn smoke() -> Self {
        let few = |protocol: Protocol| Protocol { answers_per_prompt: 4, ..protocol };
        let full = Self::default();
        Self {
            figure_21: Protocol { temperatures: vec![0.5, 1.0, 1.4], ..few(full.figure_21) },
            held_out_prompts: 1,
            figure_8: Protocol { answers_per_prompt: 25, temperatures: vec![0.6, 1.2], ..full.figure_8 },
            figure_20: Protocol { answers_per_prompt: 10, ..full.figure_20 },
            effective: few(full.effective),
            quality: full.quality,
            quality_prompts: 4,
            page_prompts: 1,
        }
    }
}

/// Measures files of stages, the first of which is SFT. Figures 8 and 20 need `score`.
///
/// # Errors
/// A file that is refused; a score that is missing or no number.
pub fn measure_all(
    training_seed: u64,
    stages: &[StageFile<'_>],
    score: Option<Score<'_>>,
    amount: &Amount,
    threads: usize,
) -> Result<FigureSet> {
    let started = Instant::now();
    let oracle = Oracle::new();
    let quality: TrueQuality<'_> = &|kind, prompt, answer| oracle.quality(kind, prompt, answer).score;
    let page = PromptSet::of_the_page().first(amount.page_prompts);
    let held_out = PromptSet::held_out(amount.held_out_prompts);
    let (asked, unrewarded) =
        (PromptSet::of_rlhf(amount.quality_prompts), PromptSet::held_out(amount.quality_prompts));
    let each = |what: &str| eprintln!("== {what}");

    each("Figure 21");
    let of_21 = stages.iter().map(|stage| figure_21(stage, Some(&held_out), &amount.figure_21, threads));
    let of_21 = of_21.collect::<Result<_>>()?;
    each("true quality");
    let qualities =
        stages.iter().map(|stage| quality_table(stage, &asked, &unrewarded, &amount.quality, threads));
    let qualities = qualities.collect::<Result<_>>()?;
    each("effective temperature");
    let effective = match stages.split_first() {
        Some((sft, later)) => later
            .iter()
            .map(|stage| effective_temperatures(sft, stage, &page, &amount.effective, threads))
            .collect::<Result<_>>()?,
        None => Vec::new(),
    };
    let (mut of_8, mut of_20) = (Vec::new(), None);
    if let Some(score) = score {
        each("Figure 8");
        for stage in stages {
            of_8.push(figure_8(stage, &page, &amount.figure_8, score, threads)?);
        }
        each("Figure 20");
        of_20 = Some(figure_20(stages, &page, &amount.figure_20, score, quality, threads)?);
    }
    Ok(FigureSet {
        training_seed,
        recorded_on: crate::publish::today(),
        commit: crate::publish::working_commit(),
        elapsed_s: started.elapsed().as_secs_f64(),
        figure_21: of_21,
        quality: qualities,
        effective,
        figure_8: of_8,
        figure_20: of_20,
    })
}
