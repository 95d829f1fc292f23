//! What there is to say. One file for each chapter; `english` and `german` have files of the same names.
//!
//! Numbers reach these functions as numbers where grammar depends on them, or else as texts that are already as the language
//! writes them (`numbers`).

mod calibration;
mod compare;
mod experiment;
mod faults;
mod inside;
mod instrument;
mod learn;
mod page;
mod reading;
mod rewards;
mod sending;
mod tour;

pub use calibration::Sureness;
pub use compare::{Compare, Leaderboard, Opinion, Shelf};
pub use experiment::{Experiment, Picture};
pub use faults::{Fault, Faults};
pub use inside::Inside;
pub use instrument::{Advanced, Answers, Chart, Controls, Dials, Instrument, Progress, Prompts};
pub use learn::Learn;
pub use page::{Device, Page, Stages};
pub use reading::{About, Reading};
pub use rewards::Rewards;
pub use sending::Sending;
pub use tour::Tour;

use super::Language;
use crate::app::chapter::Chapter;
use crate::app::curves::Curve;
use crate::app::prompts::Side;
use crate::experiment::recorded::{Protocol, RecordedExperiment};
use crate::manifest::Stage;

/// All that is said in one language.
pub struct Words {
    /// Which.
    pub language: Language,
    /// How numbers are written.
    pub numbers: Numbers,
    /// Head of the page, and what concerns all of it.
    pub page: Page,
    /// The device that computes.
    pub device: Device,
    /// Training stages.
    pub stages: Stages,
    /// Chapter 1.
    pub instrument: Instrument,
    /// Its controls.
    pub controls: Controls,
    /// Its settings that most leave alone.
    pub advanced: Advanced,
    /// Its pickers of prompts.
    pub prompts: Prompts,
    /// Its three measures.
    pub dials: Dials,
    /// Its cards.
    pub answers: Answers,
    /// Its chart.
    pub chart: Chart,
    /// How far the answers are.
    pub progress: Progress,
    /// "Inside one token".
    pub inside: Inside,
    /// "The experiment".
    pub experiment: Experiment,
    /// "Beyond supervision".
    pub rewards: Rewards,
    /// "You are the annotator".
    pub compare: Compare,
    /// Chapter 6.
    pub learn: Learn,
    /// The prose.
    pub reading: Reading,
    /// The foot of the page.
    pub about: About,
    /// The tour.
    pub tour: Tour,
    /// What went wrong.
    pub faults: Faults,
}

/// A stage's name, and some numbers of it as the language writes them.
pub type OfStage<'a, const N: usize> = (&'a str, [String; N]);

/// How numbers are written.
pub struct Numbers {
    /// Between whole and parts.
    pub decimal_mark: char,
    /// After a number of per cent, with the space before it if there is one.
    pub per_cent: &'static str,
    /// From one number to another.
    pub range: fn(&str, &str) -> String,
    /// As in "14 thousand".
    pub thousands: &'static str,
    /// As in "1.4 million".
    pub millions: &'static str,
    /// January to December.
    pub months: [&'static str; 12],
    /// Day, month in words, year.
    pub date: fn(u32, &str, u32) -> String,
}

impl Words {
    /// Name of a chapter.
    #[must_use]
    pub fn chapter(&self, chapter: Chapter) -> &'static str {
        Chapter::ALL.iter().position(|known| *known == chapter).map_or("", |at| self.page.chapters[at])
    }

    /// Name of a stage, from the one that came with it.
    #[must_use]
    pub fn stage_label<'a>(&self, label: &'a str) -> &'a str {
        (self.stages.label)(label).unwrap_or(label)
    }

    /// A word for a temperature in tenths, and what it does.
    #[must_use]
    pub fn warmth(&self, tenths: u8) -> (&'static str, &'static str) {
        let place = match tenths {
            0..=3 => 0,
            4..=6 => 1,
            7..=9 => 2,
            10 => 3,
            11..=13 => 4,
            14..=16 => 5,
            _ => 6,
        };
        (self.instrument.warmth[place], self.instrument.effects[place])
    }

    /// A slider's value in words, for screen readers.
    #[must_use]
    pub fn temperature(&self, tenths: u8) -> String {
        format!("{}: {}", self.tenths(tenths), self.warmth(tenths).0)
    }

    /// A stage's model in one line.
    #[must_use]
    pub fn model_line(&self, stage: &Stage) -> String {
        let file = stage.files.first().map(|file| (self.bytes(file.size_bytes), &file.quantization));
        let file = file.as_ref().map(|(size, quantization)| (size.as_str(), quantization.as_str()));
        (self.stages.line)(&self.count(stage.parameters), file, self.stage_label(&stage.label))
    }

    /// What recorded curves were recorded from, and when.
    #[must_use]
    pub fn recorded(&self, recorded: &RecordedExperiment) -> String {
        let Protocol { answers_per_prompt, creative_prompts, .. } = &recorded.protocol;
        (self.chart.recorded)(&self.date(&recorded.recorded_on), *answers_per_prompt, creative_prompts.len())
    }

    /// Self-BLEU by temperature in words, for screen readers. Recorded curves are told by their ends.
    #[must_use]
    pub fn curves(&self, curves: &[Curve]) -> String {
        let side = |curve: &Curve, side: Side| {
            let live = curve.live[side.index()].iter().map(|(t, v)| (self.tenths(*t), self.number(*v, 2)));
            let recorded = match curve.recorded[side.index()].as_slice() {
                [first, .., last] => {
                    let end = |(t, v): &(f32, f64)| (self.number(*v, 2), self.number(f64::from(*t), 1));
                    let ends = [end(first), end(last)];
                    (self.chart.recorded_ends)([(&ends[0].0, &ends[0].1), (&ends[1].0, &ends[1].1)])
                }
                _ => String::new(),
            };
            (self.chart.points)(side, &live.collect::<Vec<_>>()) + &recorded
        };
        let curve = |curve: &Curve| {
            format!("{}. {}.", self.stage_label(&curve.label), Side::ALL.map(|at| side(curve, at)).join("; "))
        };
        (self.chart.sentence)(&curves.iter().map(curve).collect::<Vec<_>>().join(" "))
    }

    /// Title of a side's column.
    #[must_use]
    pub fn side(&self, side: Side) -> &'static str {
        self.instrument.sides[side.index()]
    }

    /// Name of a side's prompts.
    #[must_use]
    pub fn prompts_of(&self, side: Side) -> &'static str {
        self.instrument.prompts[side.index()]
    }
}
