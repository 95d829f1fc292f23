//! The card's evaluation tables: everything that was measured on files.

use thermostat::metrics::OPEN_NATS;

use super::inputs::CardInputs;
use super::markdown::{Page, or_missing, points, share, signed, thousands};
use super::targets::{Bound, Target, targets};
use crate::corpus::Kind;
use crate::figures::{Figure21, TokenTemperatures, TrueQualities};
use crate::publish_lineage::Quantized;

/// Temperatures of Figure 21 that the tables show.
const SHOWN: [f32; 4] = [0.5, 1.0, 1.4, 1.5];

/// Self-BLEU at some temperatures: mean and, in brackets, standard deviation over prompts.
pub(super) fn figure_21(page: &mut Page, inputs: &CardInputs) {
    let Some(run) = inputs.runs.first() else { return page.paragraph("Not measured yet.") };
    let mut headings = vec!["stage".to_owned(), "prompts".to_owned()];
    for kind in ["facts", "poems"] {
        headings.extend(SHOWN.map(|t| format!("{kind} T = {t}")));
    }
    let mut rows = Vec::new();
    for figure in &run.figure_21 {
        let sets = [("page", Some(&figure.page)), ("held out", figure.held_out.as_ref())];
        for (name, curves) in sets {
            let Some(curves) = curves else { continue };
            let mut row = vec![inputs.label(&figure.id), name.to_owned()];
            for kind in [Kind::Factual, Kind::Creative] {
                row.extend(SHOWN.map(|t| {
                    let bleu = curves.at(kind, t).map(|point| point.self_bleu);
                    or_missing(bleu.map(|b| format!("{} ({})", points(b.mean), points(b.deviation))))
                }));
            }
            rows.push(row);
        }
    }
    page.table(&headings.iter().map(String::as_str).collect::<Vec<_>>(), &rows);
}

/// The other measures of diversity at T = 1.
pub(super) fn other_diversity(page: &mut Page, inputs: &CardInputs) {
    let mut rows = Vec::new();
    for figure in inputs.runs.first().map_or(&[][..], |run| &run.figure_21) {
        for (kind, name) in [(Kind::Factual, "facts"), (Kind::Creative, "poems")] {
            let Some(point) = figure.page.at(kind, 1.0) else { continue };
            let ead = point.expectation_adjusted_distinct.map(|ead| share(ead.mean));
            rows.push(vec![
                inputs.label(&figure.id),
                name.to_owned(),
                format!("{:.1}", point.distinct.mean),
                or_missing(ead),
                format!("{:.1}", point.vendi.mean),
                points(point.ended),
            ]);
        }
    }
    let headings = ["stage", "kind", "different answers", "EAD", "Vendi score", "ended by the model, %"];
    page.table(&headings, &rows);
}

/// True quality on files.
pub(super) fn quality(page: &mut Page, inputs: &CardInputs) {
    let mut rows = Vec::new();
    for table in inputs.runs.first().map_or(&[][..], |run| &run.quality) {
        for (name, found) in [("asked in RLHF", &table.asked), ("held out", &table.held_out)] {
            rows.extend(found.iter().map(|found| quality_row(inputs.label(&table.id), name, found)));
        }
    }
    let headings = [
        "stage",
        "prompts",
        "T",
        "facts strictly right",
        "facts, score",
        "poems, score",
        "rhymes",
        "on topic",
        "whole",
        "repeats",
        "most common template",
        "lines",
    ];
    page.table(&headings, &rows);
}

fn quality_row(stage: String, prompts: &str, found: &TrueQualities) -> Vec<String> {
    let mut row = vec![stage, prompts.to_owned(), found.temperature.to_string()];
    row.extend(
        [found.strict, found.facts, found.poems, found.rhymes, found.on_topic, found.whole, found.repeats]
            .map(share),
    );
    row.extend([share(found.template), format!("{:.1}", found.lines)]);
    row
}

/// Effective temperature.
pub(super) fn effective(page: &mut Page, inputs: &CardInputs) {
    let mut rows = Vec::new();
    for stage in inputs.runs.first().map_or(&[][..], |run| &run.effective) {
        for (kind, tokens) in [("facts", &stage.factual), ("poems", &stage.creative)] {
            for (which, tokens) in [("all", &tokens.all), ("SFT has a choice", &tokens.open)] {
                rows.push(effective_row(inputs.label(&stage.id), kind, which, tokens));
            }
        }
    }
    page.paragraph(&format!(
        "SFT has a choice at a token where its entropy is at least {OPEN_NATS} nats. The geometric mean is of the tokens \
         at which the effective temperature is defined."
    ));
    let headings = [
        "stage",
        "kind",
        "tokens",
        "number",
        "geometric mean",
        "lowest tenth below",
        "median",
        "highest tenth above",
        "undefined, %",
    ];
    page.table(&headings, &rows);
}

fn effective_row(stage: String, kind: &str, which: &str, tokens: &TokenTemperatures) -> Vec<String> {
    let decile = |i: usize| or_missing(tokens.deciles.get(i).map(|tau| format!("{tau:.2}")));
    vec![
        stage,
        kind.to_owned(),
        which.to_owned(),
        tokens.tokens.to_string(),
        or_missing(tokens.mean_ln.map(|mean| format!("{:.2}", mean.exp()))),
        decile(1),
        decile(5),
        decile(9),
        points(tokens.undefined),
    ]
}

/// Figure 20 in numbers.
pub(super) fn figure_20(page: &mut Page, inputs: &CardInputs) {
    let mut rows = Vec::new();
    let figure = inputs.runs.first().and_then(|run| run.figure_20.as_ref());
    for stage in figure.map_or(&[][..], |figure| &figure.stages) {
        for (kind, name) in [(Kind::Factual, "facts"), (Kind::Creative, "poems")] {
            let (reward, quality) = (&stage.of(kind).reward, &stage.of(kind).quality);
            let worst = |tenths: &[f64], decimals| or_missing(tenths.first().map(|&v| signed(v, decimals)));
            rows.push(vec![
                inputs.label(&stage.id),
                name.to_owned(),
                signed(reward.spread.mean, 2),
                worst(&reward.tenth_means, 2),
                share(quality.spread.mean),
                worst(&quality.tenth_means, 3),
            ]);
        }
    }
    let headings = [
        "stage",
        "kind",
        "mean reward",
        "reward, worst tenth",
        "mean true quality",
        "true quality, worst tenth",
    ];
    page.table(&headings, &rows);
}

/// What block formats cost, as the trainer measured it.
pub(super) fn quantization(page: &mut Page, inputs: &CardInputs) {
    let row = |found: &Quantized| {
        let (facts, poems) = (&found.evaluation.facts, &found.evaluation.poems);
        let mut row = vec![inputs.label(&found.id), found.format.clone(), thousands(found.size_bytes)];
        row.extend([facts.right, facts.right_greedy, poems.rhymes, poems.on_topic].map(share));
        let at_one = found.evaluation.diversity.iter().find(|d| (d.temperature - 1.0).abs() < 1e-4);
        row.push(or_missing(at_one.map(|d| points(d.factual_self_bleu))));
        row.push(or_missing(at_one.map(|d| points(d.creative_self_bleu))));
        row
    };
    let rows: Vec<Vec<String>> = inputs.quantization.iter().map(row).collect();
    let headings = [
        "stage",
        "format",
        "bytes",
        "facts right, T = 1",
        "facts right, greedy",
        "rhymes",
        "on topic",
        "Self-BLEU, facts T = 1",
        "Self-BLEU, poems T = 1",
    ];
    page.table(&headings, &rows);
}

/// Figure 21 of other files, beside those of the published ones, and of another program.
pub(super) fn other_files(page: &mut Page, inputs: &CardInputs) {
    let row = |name: String, by: &str, value: &dyn Fn(Kind, f32) -> Option<f64>| {
        let mut row = vec![name, by.to_owned()];
        for kind in [Kind::Factual, Kind::Creative] {
            row.extend([0.5, 1.0, 1.4].map(|t| or_missing(value(kind, t).map(points))));
        }
        row
    };
    let of_figure = |figure: &Figure21| {
        row(figure.file.clone(), "this project's engine", &|kind, t| {
            Some(figure.page.at(kind, t)?.self_bleu.mean)
        })
    };
    let published = inputs.runs.first().map_or(&[][..], |run| &run.figure_21);
    let mut rows: Vec<Vec<String>> = published.iter().chain(&inputs.other_files).map(of_figure).collect();
    if let Some(peer) = &inputs.peer {
        rows.push(row(peer.file.clone(), &peer.program, &|kind, t| {
            let point = peer.points.iter().find(|point| (point.temperature - t).abs() < 1e-4)?;
            Some(match kind {
                Kind::Factual => point.factual,
                Kind::Creative => point.creative,
            })
        }));
    }
    let headings = [
        "file",
        "sampled by",
        "facts T = 0.5",
        "facts T = 1",
        "facts T = 1.4",
        "poems T = 0.5",
        "poems T = 1",
        "poems T = 1.4",
    ];
    page.table(&headings, &rows);
}

/// Targets and whether they are reached; what was tried where they are not.
pub(super) fn target_table(page: &mut Page, inputs: &CardInputs) {
    let targets = targets(inputs);
    let count = |wanted: Option<bool>| targets.iter().filter(|t| t.is_reached() == wanted).count();
    page.paragraph(&format!(
        "Fixed before training. Of {} targets {} are reached, {} are not, and {} are not measured yet. A measurement is the \
         mean over training seeds.",
        targets.len(),
        count(Some(true)),
        count(Some(false)),
        count(None)
    ));
    let in_digits = |value: f64, decimals: usize| format!("{value:.decimals$}").replace('-', "\u{2212}");
    let row = |target: &Target| {
        let decimals = target.decimals;
        vec![
            target.statement.to_owned(),
            match target.bound {
                Bound::AtLeast(limit) => format!("at least {limit:.decimals$}"),
                Bound::AtMost(limit) => format!("at most {limit:.decimals$}"),
                Bound::Above(limit) => format!("above {limit:.decimals$}"),
            },
            or_missing(target.measured.map(|measured| in_digits(measured, decimals))),
            target.values.iter().map(|value| in_digits(*value, decimals)).collect::<Vec<_>>().join("; "),
            match target.is_reached() {
                Some(true) => "reached".to_owned(),
                Some(false) => "**not reached**".to_owned(),
                None => "not measured".to_owned(),
            },
        ]
    };
    let rows: Vec<Vec<String>> = targets.iter().map(row).collect();
    page.table(&["what", "must be", "measured", "by seed", ""], &rows);
    let account = |target: &Target| {
        let note = inputs.notes.get(target.id).map_or("no account has been written yet.", String::as_str);
        format!("Not reached, {}: {note}", target.statement)
    };
    let missed = targets.iter().filter(|target| target.is_reached() == Some(false));
    page.list(&missed.map(account).collect::<Vec<_>>());
}
