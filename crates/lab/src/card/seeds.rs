//! How much of what was measured is the training seed's: means and deviations over lineages.

use super::inputs::CardInputs;
use super::markdown::{Page, or_missing};
use super::targets::{bleu, quality};
use crate::corpus::Kind;
use crate::figures::{FigureSet, Spread, TrueQualities};

/// A number of one stage in one run; none where it was not measured.
type Measure = fn(&FigureSet, &str) -> Option<f64>;

/// Heading, digits after the point, measure. Self-BLEU in points out of a hundred, on the page's prompts.
const LIKENESS: [(&str, usize, Measure); 4] = [
    ("facts T = 1", 1, |run, id| bleu(run, id, Kind::Factual, 1.0)),
    ("facts T = 1.4", 1, |run, id| bleu(run, id, Kind::Factual, 1.4)),
    ("poems T = 1", 1, |run, id| bleu(run, id, Kind::Creative, 1.0)),
    ("poems T = 1.4", 1, |run, id| bleu(run, id, Kind::Creative, 1.4)),
];

/// The same of true quality at T = 1, shares from 0 to 1, but for lines.
const TRUTH: [(&str, usize, Measure); 6] = [
    ("facts strictly right", 3, |run, id| Some(quality(run, id, 1.0)?.strict)),
    ("of subjects held out", 3, |run, id| Some(held_out(run, id)?.strict)),
    ("rhymes", 3, |run, id| Some(quality(run, id, 1.0)?.rhymes)),
    ("on topic", 3, |run, id| Some(quality(run, id, 1.0)?.on_topic)),
    ("poems, score", 3, |run, id| Some(quality(run, id, 1.0)?.poems)),
    ("lines", 2, |run, id| Some(quality(run, id, 1.0)?.lines)),
];

/// Means over training seeds, where there are several.
pub(super) fn seeds(page: &mut Page, inputs: &CardInputs) {
    let runs = inputs.runs.len();
    if runs < 2 {
        return page.paragraph(&format!(
            "Trained with {runs} seed so far; differences between seeds are not known."
        ));
    }
    page.paragraph(&format!(
        "Mean and, in brackets, standard deviation over {runs} training seeds, each with its own corpus, vocabulary, annotators and draws. \
         Self-BLEU × 100 on the page's prompts:"
    ));
    table(page, inputs, &LIKENESS);
    page.paragraph("True quality at T = 1, on prompts that RLHF asks and on facts about subjects that it never asked for:");
    table(page, inputs, &TRUTH);
}

fn table(page: &mut Page, inputs: &CardInputs, columns: &[(&str, usize, Measure)]) {
    let stages = inputs.runs.first().map_or(&[][..], |run| &run.figure_21);
    let rows: Vec<Vec<String>> = stages
        .iter()
        .map(|stage| {
            let cell = |&(_, decimals, measure): &(&str, usize, Measure)| {
                let values: Vec<f64> = inputs.runs.iter().filter_map(|run| measure(run, &stage.id)).collect();
                let Spread { mean, deviation } = Spread::of(&values)?;
                Some(format!("{mean:.decimals$} ({deviation:.decimals$})"))
            };
            let cells = columns.iter().map(|column| or_missing(cell(column)));
            std::iter::once(inputs.label(&stage.id)).chain(cells).collect()
        })
        .collect();
    let headings: Vec<&str> =
        std::iter::once("stage").chain(columns.iter().map(|(name, ..)| *name)).collect();
    page.table(&headings, &rows);
}

fn held_out<'a>(run: &'a FigureSet, id: &str) -> Option<&'a TrueQualities> {
    let table = run.quality.iter().find(|table| table.id == id)?;
    table.held_out.iter().find(|found| (found.temperature - 1.0).abs() < 1e-4)
}
