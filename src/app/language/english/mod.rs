//! English.

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
    language: Language::English,
    numbers: Numbers {
        decimal_mark: '.',
        per_cent: "%",
        range: |low, high| format!("{low} to {high}"),
        thousands: "thousand",
        millions: "million",
        months: [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ],
        date: |day, month, year| format!("{day} {month} {year}"),
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
