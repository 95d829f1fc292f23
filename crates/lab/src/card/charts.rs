//! The card's plots, from figures and reports.

use super::inputs::CardInputs;
use crate::corpus::Kind;
use crate::figures::{Curves, Distribution, DiversityPoint, Figure8, FigureSet, KindScores};
use crate::lineage::ppo::{Milestone, PpoReport};
use crate::plots::{Axis, Chart, Mark, Panel, Point};

/// N at which Figure 8 is shown against temperature: as many answers as in Figure 21.
const BEST_OF: usize = 25;
/// Both kinds with their names, in the order of the panels.
const KINDS: [(Kind, &str); 2] = [(Kind::Factual, "Facts"), (Kind::Creative, "Poems")];

/// All plots for which there are numbers. Figures are those of the first run, the published one.
pub(super) fn all(inputs: &CardInputs) -> Vec<Chart> {
    let run = inputs.runs.first();
    [
        run.map(|run| figure_21(inputs, run)),
        run.map(|run| quality(inputs, run)),
        run.filter(|run| !run.effective.is_empty()).map(|run| effective(inputs, run)),
        run.filter(|run| !run.figure_8.is_empty()).map(|run| figure_8(inputs, run)),
        run.and_then(|run| figure_20(inputs, run)),
        over_optimisation(inputs),
        calibration(inputs),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn stage_names(inputs: &CardInputs, run: &FigureSet) -> Vec<String> {
    run.figure_21.iter().map(|figure| inputs.label(&figure.id)).collect()
}

/// A panel of one line per stage against temperature.
fn by_temperature<'a>(
    title: &str,
    y: Axis,
    curves: impl Iterator<Item = &'a [DiversityPoint]>,
    value: impl Fn(&DiversityPoint) -> Point,
) -> Panel {
    let line = |(series, points): (usize, &[DiversityPoint])| Mark::Line {
        series,
        points: points.iter().map(&value).collect(),
    };
    let marks = curves.enumerate().map(line).collect();
    Panel { title: title.to_owned(), x: Axis::new("temperature T", 0.0, 1.6), y, marks }
}

fn figure_21(inputs: &CardInputs, run: &FigureSet) -> Chart {
    let self_bleu = |point: &DiversityPoint| Point {
        x: f64::from(point.temperature),
        y: 100.0 * point.self_bleu.mean,
        deviation: 100.0 * point.self_bleu.deviation,
    };
    let panel = |(kind, name): (Kind, &str), which: &str, of: &dyn Fn(usize) -> Option<Curves>| {
        let curves: Vec<Curves> = (0..run.figure_21.len()).filter_map(of).collect();
        let title = format!("{name}, {which}");
        let axis = Axis::new("Self-BLEU × 100", 0.0, 100.0);
        by_temperature(&title, axis, curves.iter().map(|curves| curves.of(kind)), self_bleu)
    };
    let page = |stage: usize| Some(run.figure_21.get(stage)?.page.clone());
    let held_out = |stage: usize| run.figure_21.get(stage)?.held_out.clone();
    let mut panels: Vec<Panel> = KINDS.map(|kind| panel(kind, "the page's prompts", &page)).to_vec();
    if run.figure_21.iter().all(|figure| figure.held_out.is_some()) {
        panels.extend(KINDS.map(|kind| panel(kind, "held-out prompts", &held_out)));
    }
    Chart {
        name: "figure-21".to_owned(),
        title: "Figure 21: how alike the answers to one prompt are, by temperature".to_owned(),
        description: "Self-BLEU against temperature, one line per stage with a band of one standard deviation over \
                      prompts; facts on the left, poems on the right. High means alike. The numbers are in the table."
            .to_owned(),
        panels,
        series: stage_names(inputs, run),
    }
}

fn quality(inputs: &CardInputs, run: &FigureSet) -> Chart {
    let panels = KINDS.map(|(kind, name)| {
        let curves = run.figure_21.iter().map(|figure| figure.page.of(kind));
        by_temperature(name, Axis::new("true quality, 0 to 1", 0.0, 1.0), curves, |point| {
            Point::new(f64::from(point.temperature), point.quality.mean)
        })
    });
    Chart {
        name: "quality-by-temperature".to_owned(),
        title: "True quality of the same answers, by temperature".to_owned(),
        description: "The oracle's mean score against temperature, one line per stage; facts and poems."
            .to_owned(),
        panels: panels.to_vec(),
        series: stage_names(inputs, run),
    }
}

fn effective(inputs: &CardInputs, run: &FigureSet) -> Chart {
    let panels = KINDS.map(|(kind, name)| {
        let marks = run.effective.iter().enumerate().map(|(series, stage)| {
            let tokens = match kind {
                Kind::Factual => &stage.factual.open,
                Kind::Creative => &stage.creative.open,
            };
            let deciles = tokens.deciles.iter().enumerate();
            Mark::Line { series, points: deciles.map(|(i, &tau)| Point::new(10.0 * i as f64, tau)).collect() }
        });
        let same = Mark::Guide { from: (0.0, 1.0), to: (100.0, 1.0) };
        Panel {
            title: format!("{name}: tokens at which SFT has a choice"),
            x: Axis::new("share of tokens below, %", 0.0, 100.0),
            y: Axis::new("effective temperature", 0.0, 2.0),
            marks: std::iter::once(same).chain(marks).collect(),
        }
    });
    Chart {
        name: "effective-temperature".to_owned(),
        title: "Effective temperature of each token against SFT".to_owned(),
        description:
            "Deciles of the temperature at which SFT has the stage's entropy, one line per stage. Below the \
                      dashed line at 1 the stage is sharper than SFT; values above 2 are cut off."
                .to_owned(),
        panels: panels.to_vec(),
        series: run.effective.iter().map(|stage| inputs.label(&stage.id)).collect(),
    }
}

fn figure_8(inputs: &CardInputs, run: &FigureSet) -> Chart {
    let lines = |points: &dyn Fn(&Figure8) -> Vec<Point>| -> Vec<Mark> {
        let line = |(series, figure)| Mark::Line { series, points: points(figure) };
        run.figure_8.iter().enumerate().map(line).collect()
    };
    let against_temperature = KINDS.map(|(kind, name)| {
        let marks = lines(&|figure| {
            let at = |curve: &crate::figures::BestOfN| {
                Some(Point::new(f64::from(curve.temperature), *curve.best.get(BEST_OF - 1)?))
            };
            figure.of(kind).iter().filter_map(at).collect()
        });
        Panel {
            title: format!("{name}: best of {BEST_OF}"),
            x: Axis::new("temperature T", 0.5, 1.6),
            y: Axis::around("reward, standard deviations", &marks),
            marks,
        }
    });
    let best_temperature = KINDS.map(|(kind, name)| {
        let marks = lines(&|figure| {
            let most = figure.of(kind).first().map_or(0, |curve| curve.best.len());
            let at = |n| Some(Point::new(n as f64, f64::from(figure.best_temperature(kind, n)?.0)));
            (1..=most).filter_map(at).collect()
        });
        Panel {
            title: format!("{name}: best temperature by N"),
            x: Axis::new("answers N", 0.0, 100.0),
            y: Axis::new("temperature T", 0.5, 1.6),
            marks,
        }
    });
    Chart {
        name: "figure-8".to_owned(),
        title: "Figure 8: reward of the best of N answers".to_owned(),
        description:
            "Above, the expected reward of the best of 25 answers against temperature; below, the best \
                      temperature against the number of answers. One line per stage."
                .to_owned(),
        panels: against_temperature.into_iter().chain(best_temperature).collect(),
        series: run.figure_8.iter().map(|figure| inputs.label(&figure.id)).collect(),
    }
}

fn figure_20(inputs: &CardInputs, run: &FigureSet) -> Option<Chart> {
    let figure = run.figure_20.as_ref()?;
    let panel = |title: String, x: &str, edges: &[f64], of: &dyn Fn(&KindScores) -> &Distribution, kind| {
        let marks = figure.stages.iter().enumerate();
        let marks: Vec<Mark> =
            marks.map(|(series, stage)| Mark::shares(series, edges, &of(stage.of(kind)).counts)).collect();
        let (low, high) = (edges.first().copied(), edges.last().copied());
        Panel {
            title,
            x: Axis::new(x, low.unwrap_or(0.0), high.unwrap_or(1.0)),
            y: Axis::around("share of answers, %", &marks),
            marks,
        }
    };
    let rewards = KINDS.map(|(kind, name)| {
        let x = "reward, standard deviations";
        panel(format!("{name}: reward"), x, &figure.reward_edges, &|scores| &scores.reward, kind)
    });
    let qualities = KINDS.map(|(kind, name)| {
        let x = "true quality, 0 to 1";
        panel(format!("{name}: true quality"), x, &figure.quality_edges, &|scores| &scores.quality, kind)
    });
    Some(Chart {
        name: "figure-20".to_owned(),
        title: "Figure 20: rewards and true quality of answers at T = 1".to_owned(),
        description: "Histograms of rewards (above) and of the oracle's scores of the same answers (below), one outline \
                      per stage with a marker at its highest bin."
            .to_owned(),
        panels: rewards.into_iter().chain(qualities).collect(),
        series: figure.stages.iter().map(|stage| inputs.label(&stage.id)).collect(),
    })
}

fn over_optimisation(inputs: &CardInputs) -> Option<Chart> {
    let reports = inputs.reports()?;
    let runs = [&reports.ppo, &reports.over_optimised];
    let last = runs.iter().flat_map(|run| &run.milestones).map(|m| m.step).max().unwrap_or(0);
    let panel = |title: &str, y: &str, value: &dyn Fn(&Milestone) -> f64| {
        let line = |(series, run): (usize, &&PpoReport)| Mark::Line {
            series,
            points: run.milestones.iter().map(|m| Point::new(m.step as f64, value(m))).collect(),
        };
        let marks: Vec<Mark> = runs.iter().enumerate().map(line).collect();
        Panel {
            title: title.to_owned(),
            x: Axis::new("steps of PPO", 0.0, last as f64),
            y: Axis::around(y, &marks),
            marks,
        }
    };
    let (reward, quality) = ("reward, standard deviations", "true quality, 0 to 1");
    Some(Chart {
        name: "over-optimisation".to_owned(),
        title: "Reward and truth while PPO runs, with its leash and without".to_owned(),
        description: "Reward (above) and true quality (below) against steps, for the run that is published and for the \
                      one that was over-optimised on purpose."
            .to_owned(),
        panels: vec![
            panel("Facts: reward", reward, &|m| m.truth.facts.reward),
            panel("Poems: reward", reward, &|m| m.truth.poems.reward),
            panel("Facts: true quality", quality, &|m| m.truth.facts.quality),
            panel("Poems: true quality", quality, &|m| m.truth.poems.quality),
        ],
        series: vec!["published run".to_owned(), "over-optimised on purpose".to_owned()],
    })
}

fn calibration(inputs: &CardInputs) -> Option<Chart> {
    let report = inputs.reports()?.reward_models.last()?;
    let points = report.calibration.iter().map(|bin| Point::new(bin.predicted, bin.observed)).collect();
    let marks = vec![Mark::Guide { from: (0.5, 0.5), to: (1.0, 1.0) }, Mark::Line { series: 0, points }];
    Some(Chart {
        name: "calibration".to_owned(),
        title: "Calibration of the last reward model".to_owned(),
        description: "How often the panel chose the answer that scores higher, against the probability that the reward \
                      model gave it. On the dashed line both agree."
            .to_owned(),
        panels: vec![Panel {
            title: "Pairs kept apart from training".to_owned(),
            x: Axis::new("predicted probability", 0.5, 1.0),
            y: Axis::around("observed share", &marks),
            marks,
        }],
        series: vec![format!("reward model for v{}", report.version)],
    })
}
