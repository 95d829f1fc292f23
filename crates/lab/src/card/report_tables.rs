//! The card's tables on training: reward models, rejection sampling, PPO, cost.

use super::inputs::{CardInputs, Cost};
use super::markdown::{Page, or_missing, points, signed};
use crate::lineage::ppo::Milestone;
use crate::lineage::reward_model::Accuracy;

/// The paper's reward model on the four ratings, strongest first, per cent: helpfulness on Meta's own test set, with the
/// small margin (Touvron et al. 2023, table 28).
const PAPER_BY_RATING: [f64; 4] = [80.4, 67.3, 60.4, 55.0];

/// Assumed power of one busy core with its share of the machine, watts; cloud machines rarely report theirs.
const WATTS_PER_CORE: f64 = 15.0;
/// Assumed carbon intensity, grams of CO2 per kilowatt-hour: about the world's average for electricity in 2023.
const GRAMS_PER_KWH: f64 = 480.0;

/// Accuracy of the reward models.
pub(super) fn reward_models(page: &mut Page, inputs: &CardInputs) {
    let reports = inputs.reports().map_or(&[][..], |reports| &reports.reward_models);
    let of = |accuracy: Option<&Accuracy>| or_missing(accuracy.map(|a| points(a.accuracy)));
    let rows = reports.iter().map(|report| {
        vec![
            format!("v{}", report.version),
            report.comparisons.to_string(),
            points(report.overall.accuracy),
            of(report.by_kind.get("factual")),
            of(report.by_kind.get("creative")),
            of(report.held_out.get("factual")),
            of(report.held_out.get("creative")),
            of(report.agrees_with_oracle.get("factual")),
            of(report.agrees_with_oracle.get("creative")),
        ]
    });
    page.paragraph("Share of pairs kept apart from training in which the answer that the panel chose scores higher, per cent.");
    let headings = [
        "made for",
        "comparisons learned from",
        "all",
        "facts",
        "poems",
        "facts, held-out subjects",
        "poems, held-out topics",
        "oracle, facts",
        "oracle, poems",
    ];
    page.table(&headings, &rows.collect::<Vec<_>>());
    let Some(last) = reports.last() else { return };

    page.paragraph(
        "The last one by the panel's rating, beside the paper's (its table 28, helpfulness, small margin):",
    );
    // Names begin with the rating's number, so they are in order.
    let papers = PAPER_BY_RATING.map(|accuracy| format!("{accuracy:.1}")).into_iter();
    let papers = papers.chain(std::iter::repeat(String::new()));
    let rating = |((name, found), paper): ((&String, &Accuracy), String)| {
        vec![name.clone(), points(found.accuracy), found.pairs.to_string(), paper]
    };
    let rows: Vec<Vec<String>> = last.by_rating.iter().zip(papers).map(rating).collect();
    page.table(&["rating", "accuracy, %", "pairs", "Llama 2, %"], &rows);
    page.paragraph(
        "And by where the pair comes from; each kind of hard negative is an answer with one known flaw:",
    );
    let source = |(name, found): (&String, &Accuracy)| {
        vec![name.clone(), points(found.accuracy), found.pairs.to_string()]
    };
    let rows: Vec<Vec<String>> = last.by_source.iter().map(source).collect();
    page.table(&["pair", "accuracy, %", "pairs"], &rows);
}

/// Rounds of rejection sampling.
pub(super) fn rejection(page: &mut Page, inputs: &CardInputs) {
    let mut rows = Vec::new();
    for report in inputs.reports().map_or(&[][..], |reports| &reports.rejection) {
        let of = |kind: &str| {
            let rewards = report.rewards.get(kind);
            or_missing(rewards.map(|r| format!("{} → {}", signed(r.all, 2), signed(r.kept, 2))))
        };
        rows.push(vec![
            format!("v{}", report.version),
            report.temperature.to_string(),
            report.answers.to_string(),
            of("factual"),
            of("creative"),
        ]);
    }
    let headings = [
        "version",
        "best temperature",
        "answers trained on",
        "facts: reward, all → kept",
        "poems: reward, all → kept",
    ];
    page.table(&headings, &rows);
}

/// The two runs of PPO, at their beginning, at what was kept and at their end.
pub(super) fn ppo(page: &mut Page, inputs: &CardInputs) {
    let mut rows = Vec::new();
    if let Some(reports) = inputs.reports() {
        for (name, report) in
            [("published", &reports.ppo), ("over-optimised on purpose", &reports.over_optimised)]
        {
            let kept = report.milestones.iter().find(|milestone| milestone.step == report.kept_step);
            let moments =
                [("first", report.milestones.first()), ("kept", kept), ("last", report.milestones.last())];
            let found = moments.into_iter().filter_map(|(moment, milestone)| Some((moment, milestone?)));
            rows.extend(found.map(|(moment, milestone)| ppo_row(name, moment, milestone)));
        }
    }
    let headings = [
        "run",
        "policy",
        "step",
        "KL from v4, nats per answer",
        "facts: reward",
        "facts: true quality",
        "poems: reward",
        "poems: true quality",
    ];
    page.table(&headings, &rows);
}

fn ppo_row(run: &str, moment: &str, milestone: &Milestone) -> Vec<String> {
    let (facts, poems) = (&milestone.truth.facts, &milestone.truth.poems);
    vec![
        run.to_owned(),
        moment.to_owned(),
        milestone.step.to_string(),
        format!("{:.2}", milestone.kl),
        signed(facts.reward, 2),
        format!("{:.3}", facts.quality),
        signed(poems.reward, 2),
        format!("{:.3}", poems.quality),
    ]
}

/// What training cost, and what that may have emitted.
pub(super) fn cost(page: &mut Page, inputs: &CardInputs) {
    let Some(Cost { machine, processor_hours }) = &inputs.cost else {
        return page.paragraph("The cost of this training was not recorded.");
    };
    let row = |(name, hours): &(String, f64)| vec![name.clone(), format!("{hours:.2}")];
    let mut rows: Vec<Vec<String>> = processor_hours.iter().map(row).collect();
    let all: f64 = processor_hours.iter().map(|(_, hours)| hours).sum();
    rows.push(vec!["all".to_owned(), format!("{all:.2}")]);
    page.paragraph(&format!("Machine: {machine}."));
    page.table(&["stage", "processor hours"], &rows);
    let kwh = all * WATTS_PER_CORE / 1000.0;
    page.paragraph(&format!(
        "If a busy core with its share of the machine draws {WATTS_PER_CORE} W (an assumption, not a measurement), this is \
         {kwh:.2} kWh, and at {GRAMS_PER_KWH} g of CO2 per kWh about {:.0} g of CO2.",
        kwh * GRAMS_PER_KWH
    ));
}
