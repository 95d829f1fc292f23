use super::WORDS;
use super::faults::said;
use crate::app::experiment::state::{Notice, Outcome};
use crate::app::language::words::{Experiment, OfStage, Picture};
use crate::app::prompts::Side;
use crate::experiment::live::{EXPERIMENT_VERSION, ExperimentError};
use crate::experiment::plan::Length;
use crate::experiment::verdict::Fall;

pub(super) const EXPERIMENT: Experiment = Experiment {
    lede: "Figure 21 of the paper, run by you: many prompts, 25 answers each at every temperature, for every training stage. Do factual \
           curves flatten with RLHF while creative ones keep falling? The paper’s figure ends at v3.",
    pause: "Pause",
    stop: "Stop and throw away",
    resume: "Go on",
    begin: ["Quick: under a minute", "The full protocol"],
    begin_again: ["Quick once more", "Full once more"],
    discard: "Throw away",
    bring_back: "Bring back the one before",
    bar: "Share of the experiment that is done",
    done: |all| format!("Done: {all} of {all} parts."),
    part: |part, all, left_ms| {
        let left = left_ms.map(|ms| format!(", {}", time_left(ms))).unwrap_or_default();
        format!("Part {part} of {all}{left}")
    },
    paused: |done, all| format!("Paused: {done} of {all} parts are done and kept."),
    verdict: |[first, last], verdict| {
        let [creative, factual] = verdict.falls;
        let fall = |fall: Fall| {
            let [before, after] = fall.means.map(|mean| WORDS.number(mean, 2));
            let (less, all) = fall.less;
            format!("by {before} for {first} and by {after} for {last}, by less on {less} of {all} prompts")
        };
        let [low, high, middle] = [verdict.temperatures[0], verdict.temperatures[1], verdict.middle]
            .map(|t| WORDS.number(t.into(), 1));
        let answer = match (factual.is_smaller(), creative.is_smaller()) {
            (true, false) => "So here facts flatten with RLHF, and poems keep falling.",
            (true, true) => "So here both flatten with RLHF.",
            (false, false) => "Neither difference can be told from chance, with so few prompts.",
            (false, true) => "So here poems flatten with RLHF; whether facts do cannot be told from chance.",
        };
        let [before, after] = verdict.creative;
        let price = if after > before {
            format!(
                " The price: at one temperature poems, too, are more alike than before ({} for {first}, {} for {last} at T = {middle}).",
                WORDS.number(before, 2),
                WORDS.number(after, 2)
            )
        } else {
            String::new()
        };
        format!(
            "From T = {low} to {high} Self-BLEU of facts falls {}; that of poems falls {}. {answer}{price}",
            fall(factual),
            fall(creative)
        )
    },
    stages: "Stages",
    bands: "Bands: one standard deviation over prompts. Self-BLEU: 1 is alike, 0 different; whole answers, n-grams of up to four words.",
    engine: |engine| format!("On {engine}."),
    caption: |length, seed, protocol| {
        let length = match length {
            Length::Quick => "Quick experiment",
            Length::Full => "Full protocol",
        };
        format!("{length}, seed {seed}: {protocol}.")
    },
    protocol: |stages, creative, factual, answers, temperatures, first, last| {
        format!(
            "{stages} stages, {creative} creative and {factual} factual prompts, {answers} answers each at {temperatures} temperatures \
             from {first} to {last}"
        )
    },
    only_recorded: "Dotted: recorded when the models were published, not in this tab. Run the experiment to draw your own curves over \
                    them.",
    panel: |prompts| format!("{prompts}: Self-BLEU by temperature. The numbers are in the table below."),
    multiples: "Prompt by prompt",
    multiple: |[from, to], stages| {
        let stage = |(label, [first, last]): &OfStage<'_, 2>| format!("{label}: {first} to {last}");
        let stages: Vec<String> = stages.iter().map(stage).collect();
        format!("Self-BLEU from T = {from} to {to}. {}.", stages.join("; "))
    },
    tables: "The numbers",
    table: |side| {
        let side = match side {
            Side::Creative => "Creative",
            Side::Factual => "Factual",
        };
        format!("{side} prompts: Self-BLEU, mean ± standard deviation over prompts")
    },
    files: ["Data as CSV", "Chart as SVG", "Chart as PNG", "Data as JSON"],
    open: "Open a JSON file",
    running: "The experiment runs.",
    is_done: "The experiment is done.",
    resting: |done, all| format!("The experiment rests: {done} of {all} parts are done."),
    notice: |notice| match notice {
        Notice::Done(outcome) | Notice::Problem(outcome) => self::outcome(outcome),
        Notice::Failed(error) => said(error),
    },
    outcome,
    picture: Picture {
        caption: |answers, seed| {
            format!(
                "Self-BLEU of {answers} answers, mean and one standard deviation over prompts; seed {seed}."
            )
        },
        dotted: "Dotted: recorded when the models were published.",
    },
};

pub(super) fn time_left(ms: f64) -> String {
    match (ms / 1000.0).round() as u64 {
        0..=9 => "a few seconds left".to_owned(),
        seconds @ 10..=89 => format!("about {} seconds left", (seconds + 2) / 5 * 5),
        seconds => format!("about {} minutes left", (seconds + 30) / 60),
    }
}

fn outcome(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Written(name) => format!("{name} written."),
        Outcome::Opened => "Opened: this is the experiment of the file.".to_owned(),
        Outcome::Unwritten(detail) => format!("The file could not be written: {detail}."),
        Outcome::NotHandedOver => {
            "The file could not be handed over: this browser did not take it. Try another browser.".to_owned()
        }
        Outcome::NotKept => "The experiment will not survive a reload: this browser does not let the page keep it; storage is off, or \
                             full. Download it before you leave."
            .to_owned(),
        Outcome::Unreadable => "Not opened: this file cannot be read.".to_owned(),
        Outcome::Refused(error) => match error {
            ExperimentError::Unreadable(detail) => {
                format!("Not opened: this file is not an experiment of this page: {detail}.")
            }
            ExperimentError::Version(found) => {
                format!("Not opened: this file has version {found}; this page reads version {EXPERIMENT_VERSION}.")
            }
            ExperimentError::TooLarge => "Not opened: this file is larger than any experiment.".to_owned(),
            ExperimentError::Inconsistent(detail) => format!("Not opened: this file contradicts itself: {detail}."),
        },
    }
}
