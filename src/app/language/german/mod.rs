//! German.

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

use super::Language;
use super::words::{Numbers, Words};

/// All of it.
pub static WORDS: Words = Words {
    language: Language::German,
    numbers: Numbers {
        decimal_mark: ',',
        per_cent: "\u{a0}%",
        range: |low, high| format!("{low} bis {high}"),
        thousands: "Tausend",
        millions: "Millionen",
        months: [
            "Januar",
            "Februar",
            "März",
            "April",
            "Mai",
            "Juni",
            "Juli",
            "August",
            "September",
            "Oktober",
            "November",
            "Dezember",
        ],
        date: |day, month, year| format!("{day}. {month} {year}"),
    },
    page: page::PAGE,
    device: page::DEVICE,
    stages: page::STAGES,
    instrument: instrument::INSTRUMENT,
    controls: instrument::CONTROLS,
    advanced: instrument::ADVANCED,
    prompts: instrument::PROMPTS,
    dials: instrument::DIALS,
    answers: instrument::ANSWERS,
    chart: instrument::CHART,
    progress: instrument::PROGRESS,
    inside: inside::INSIDE,
    experiment: experiment::EXPERIMENT,
    rewards: rewards::REWARDS,
    compare: compare::COMPARE,
    learn: learn::LEARN,
    reading: reading::READING,
    about: reading::ABOUT,
    tour: tour::TOUR,
    faults: faults::FAULTS,
};
