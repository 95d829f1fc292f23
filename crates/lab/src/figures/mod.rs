//! The paper's figures, measured on published files: the bytes that the page loads, sampled by the page's engine.
//!
//! One figure per file. Each takes what it needs (a file, prompts, a reward) and gives a serde structure; none knows how
//! the file was trained, where results are kept or how they are drawn.
//!
//! The engine's draws are keyed by (seed, row, step) and not by the prompt, so every prompt has a seed of its own here;
//! without that, the prompts of a figure would share their luck. All stages get the same seeds, so that differences
//! between stages are not differences between draws.

mod effective;
mod figure_20;
mod figure_21;
mod figure_8;
mod quality;
mod sampling;
mod set;
mod statistics;

pub use effective::{Effective, EffectiveOfKind, TokenTemperatures, effective_temperatures};
pub use figure_8::{BestOfN, Figure8, expected_best_of, figure_8};
pub use figure_20::{Distribution, Figure20, KindScores, ScoredAnswer, StageScores, figure_20};
pub use figure_21::{Curves, DiversityPoint, Figure21, figure_21, recorded_experiment};
pub use quality::{QualityTable, TrueQualities, quality_table};
pub use sampling::{PromptSet, Protocol, StageBytes, StageFile, temperatures};
pub use set::{Amount, DRAW_SEED, FigureSet, measure_all};
pub use statistics::{Spread, quantile};

use crate::corpus::Kind;

/// Scores answers: (prompt, answer) in, whitened rewards out, in order.
pub type Score<'a> = &'a dyn Fn(&[(&str, &str)]) -> anyhow::Result<Vec<f32>>;

/// The truth about an answer, from 0 to 1: kind, prompt, answer.
pub type TrueQuality<'a> = &'a dyn Fn(Kind, &str, &str) -> f64;
