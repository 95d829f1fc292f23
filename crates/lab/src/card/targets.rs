//! What the lineage must show, and whether it does. A target's number is fixed beforehand; its measurement is the mean
//! over training seeds, on published files.

use super::inputs::CardInputs;
use crate::corpus::Kind;
use crate::figures::{Curves, FigureSet, KindScores, TrueQualities};

/// Stages by their ids in the manifest.
const SFT: &str = "sft";
const V3: &str = "rlhf-v3";
const V5: &str = "rlhf-v5";
/// The run that is kept to show over-optimisation is held to no target.
const OVER_OPTIMISED: &str = "over-optimised";
/// Largest file, bytes.
const LARGEST_FILE: u64 = 2_000_000;
/// N of Figure 8's target: as many answers as in Figure 21.
const BEST_OF: usize = 25;

/// One target.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// Short stable name; notes refer to it.
    pub id: &'static str,
    /// What is measured, in words.
    pub statement: &'static str,
    /// What it must be.
    pub bound: Bound,
    /// Mean over the runs in which it could be measured.
    pub measured: Option<f64>,
    /// Its value in each of them; empty where it is not a run's.
    pub values: Vec<f64>,
    /// Digits after the point.
    pub decimals: usize,
}

/// What a number must be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Bound {
    /// This or more.
    AtLeast(f64),
    /// This or less.
    AtMost(f64),
    /// More than this.
    Above(f64),
}

impl Target {
    /// Whether it is reached; `None` where it is not measured.
    #[must_use]
    pub fn is_reached(&self) -> Option<bool> {
        self.measured.map(|measured| match self.bound {
            Bound::AtLeast(limit) => measured >= limit,
            Bound::AtMost(limit) => measured <= limit,
            Bound::Above(limit) => measured > limit,
        })
    }
}

/// How a target is measured in one run.
type Measure = fn(&FigureSet) -> Option<f64>;

/// Id, statement, bound, digits, measure. Self-BLEU in points out of a hundred, on the page's prompts.
const TARGETS: [(&str, &str, Bound, usize, Measure); 17] = [
    (
        "facts-v3-hot",
        "facts: Self-BLEU of v3 minus SFT's at T = 1.4, points",
        Bound::AtLeast(20.0),
        1,
        |run| Some(bleu(run, V3, Kind::Factual, 1.4)? - bleu(run, SFT, Kind::Factual, 1.4)?),
    ),
    (
        "facts-v5-hot",
        "facts: Self-BLEU of v5 minus SFT's at T = 1.4, points",
        Bound::AtLeast(35.0),
        1,
        |run| Some(bleu(run, V5, Kind::Factual, 1.4)? - bleu(run, SFT, Kind::Factual, 1.4)?),
    ),
    ("facts-v5-one", "facts: Self-BLEU of v5 at T = 1, points", Bound::AtLeast(90.0), 1, |run| {
        bleu(run, V5, Kind::Factual, 1.0)
    }),
    ("right-one", "facts: strictly right at T = 1, lowest of v3 and later", Bound::AtLeast(0.95), 3, |run| {
        lowest(later(run, V3).map(|id| Some(quality(run, id, 1.0)?.strict)))
    }),
    (
        "right-cold",
        "facts: strictly right at T = 0.3, lowest of v3 and later",
        Bound::AtLeast(0.97),
        3,
        |run| lowest(later(run, V3).map(|id| Some(quality(run, id, 0.3)?.strict))),
    ),
    ("sft-good-enough", "facts: SFT strictly right at T = 1", Bound::AtLeast(0.70), 3, |run| {
        Some(quality(run, SFT, 1.0)?.strict)
    }),
    ("sft-not-too-good", "facts: SFT strictly right at T = 1", Bound::AtMost(0.85), 3, |run| {
        Some(quality(run, SFT, 1.0)?.strict)
    }),
    (
        "poems-near-sft",
        "poems: Self-BLEU at T = 1, furthest stage from SFT, points",
        Bound::AtMost(12.0),
        1,
        |run| {
            let sft = bleu(run, SFT, Kind::Creative, 1.0)?;
            highest(after_sft(run).map(|id| Some((bleu(run, id, Kind::Creative, 1.0)? - sft).abs())))
        },
    ),
    (
        "poems-fall",
        "poems: slope of Self-BLEU by T as a share of SFT's, lowest of all stages",
        Bound::AtLeast(0.6),
        2,
        |run| {
            let sft = slope(curves(run, SFT)?)?;
            lowest(after_sft(run).map(|id| Some(slope(curves(run, id)?)? / sft)))
        },
    ),
    ("poems-rhyme", "poems: rhyme rate minus SFT's, lowest of all stages", Bound::Above(0.0), 3, |run| {
        minus_sft(run, |q| q.rhymes)
    }),
    (
        "poems-on-topic",
        "poems: on topic, minus SFT's share, lowest of all stages",
        Bound::Above(0.0),
        3,
        |run| minus_sft(run, |q| q.on_topic),
    ),
    (
        "poems-no-template",
        "poems: share of lines with the commonest template, highest of all stages",
        Bound::AtMost(0.15),
        3,
        |run| highest(after_sft(run).map(|id| Some(quality(run, id, 1.0)?.template))),
    ),
    (
        "reward-rises",
        "mean reward of v5 minus SFT's, lower of facts and poems, standard deviations",
        Bound::Above(0.0),
        2,
        |run| risen(run, |kind| kind.reward.spread.mean),
    ),
    (
        "quality-rises",
        "mean true quality of v5 minus SFT's, lower of facts and poems",
        Bound::Above(0.0),
        3,
        |run| risen(run, |kind| kind.quality.spread.mean),
    ),
    (
        "worst-tenth-facts",
        "facts: rise of true quality from SFT to v5 in the worst tenth, minus the highest rise of another tenth",
        Bound::AtLeast(0.0),
        3,
        |run| worst_tenth(run, Kind::Factual),
    ),
    (
        "worst-tenth-poems",
        "poems: rise of true quality from SFT to v5 in the worst tenth, minus the highest rise of another tenth",
        Bound::AtLeast(0.0),
        3,
        |run| worst_tenth(run, Kind::Creative),
    ),
    (
        "best-temperature",
        "best temperature for the best of 25, v5 minus SFT, lower of facts and poems",
        Bound::Above(0.0),
        2,
        |run| {
            let best = |id: &str, kind| {
                let figure = run.figure_8.iter().find(|figure| figure.id == id)?;
                Some(f64::from(figure.best_temperature(kind, BEST_OF)?.0))
            };
            let rise = |kind| Some(best(V5, kind)? - best(SFT, kind)?);
            lowest([Kind::Factual, Kind::Creative].map(rise).into_iter())
        },
    ),
];

/// All targets with their measurements.
#[must_use]
pub fn targets(inputs: &CardInputs) -> Vec<Target> {
    let measured = TARGETS.into_iter().map(|(id, statement, bound, decimals, measure)| {
        let values: Vec<f64> = inputs.runs.iter().filter_map(measure).collect();
        let mean = values.iter().sum::<f64>() / values.len().max(1) as f64;
        let measured = (!values.is_empty()).then_some(mean);
        Target { id, statement, bound, measured, values, decimals }
    });
    let files = inputs.manifest.stages.iter().flat_map(|stage| &stage.files);
    let largest = files.map(|file| file.size_bytes).max();
    measured
        .chain(std::iter::once(Target {
            id: "files",
            statement: "files: the largest one, bytes",
            bound: Bound::AtMost(LARGEST_FILE as f64),
            measured: largest.map(|bytes| bytes as f64),
            values: Vec::new(),
            decimals: 0,
        }))
        .collect()
}

fn curves<'a>(run: &'a FigureSet, id: &str) -> Option<&'a Curves> {
    run.figure_21.iter().find(|figure| figure.id == id).map(|figure| &figure.page)
}

/// Self-BLEU of a stage's file on the page's prompts, points out of a hundred.
pub(super) fn bleu(run: &FigureSet, id: &str, kind: Kind, temperature: f32) -> Option<f64> {
    Some(100.0 * curves(run, id)?.at(kind, temperature)?.self_bleu.mean)
}

/// What a stage's file is worth at a temperature, on prompts of the kind that RLHF asks.
pub(super) fn quality<'a>(run: &'a FigureSet, id: &str, temperature: f32) -> Option<&'a TrueQualities> {
    run.quality.iter().find(|table| table.id == id)?.at(temperature)
}

/// Stages after SFT that are held to the targets.
fn after_sft(run: &FigureSet) -> impl Iterator<Item = &str> {
    let ids = run.figure_21.iter().map(|figure| figure.id.as_str());
    ids.filter(|&id| id != SFT && id != OVER_OPTIMISED)
}

/// A stage and those after it.
fn later<'a>(run: &'a FigureSet, first: &'a str) -> impl Iterator<Item = &'a str> {
    after_sft(run).skip_while(move |&id| id != first)
}

/// The lowest of some values; `None` without any, or if one is missing.
fn lowest(values: impl Iterator<Item = Option<f64>>) -> Option<f64> {
    let values: Option<Vec<f64>> = values.collect();
    values?.into_iter().reduce(f64::min)
}

/// The highest of some values; `None` without any, or if one is missing.
fn highest(values: impl Iterator<Item = Option<f64>>) -> Option<f64> {
    lowest(values.map(|value| value.map(|value| -value))).map(|value| -value)
}

fn minus_sft(run: &FigureSet, value: fn(&TrueQualities) -> f64) -> Option<f64> {
    let sft = value(quality(run, SFT, 1.0)?);
    lowest(after_sft(run).map(|id| Some(value(quality(run, id, 1.0)?) - sft)))
}

/// Slope of poems' Self-BLEU by temperature, least squares.
fn slope(curves: &Curves) -> Option<f64> {
    let points: Vec<(f64, f64)> = (curves.of(Kind::Creative).iter())
        .map(|point| (f64::from(point.temperature), point.self_bleu.mean))
        .collect();
    let count = points.len() as f64;
    let mean_x = points.iter().map(|p| p.0).sum::<f64>() / count;
    let mean_y = points.iter().map(|p| p.1).sum::<f64>() / count;
    let squares: f64 = points.iter().map(|p| (p.0 - mean_x).powi(2)).sum();
    let products: f64 = points.iter().map(|p| (p.0 - mean_x) * (p.1 - mean_y)).sum();
    (squares > 0.0).then(|| products / squares)
}

fn both_ends(run: &FigureSet, kind: Kind) -> Option<(&KindScores, &KindScores)> {
    let figure = run.figure_20.as_ref()?;
    let of = |id: &str| figure.stages.iter().find(|stage| stage.id == id).map(|stage| stage.of(kind));
    Some((of(SFT)?, of(V5)?))
}

fn risen(run: &FigureSet, value: fn(&KindScores) -> f64) -> Option<f64> {
    let rise = |kind| both_ends(run, kind).map(|(sft, v5)| value(v5) - value(sft));
    lowest([Kind::Factual, Kind::Creative].map(rise).into_iter())
}

fn worst_tenth(run: &FigureSet, kind: Kind) -> Option<f64> {
    let (sft, v5) = both_ends(run, kind)?;
    let pairs = v5.quality.tenth_means.iter().zip(&sft.quality.tenth_means);
    let rises: Vec<f64> = pairs.map(|(after, before)| after - before).collect();
    let (worst, others) = rises.split_first()?;
    let highest = others.iter().copied().reduce(f64::max)?;
    Some(worst - highest)
}
