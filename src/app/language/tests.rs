use super::*;
use crate::app::curves::{Curve, Role};
use crate::app::models::{read_manifest, tests as made_up};
use crate::app::tour::STOPS;
use crate::protocol::{ErrorKind, VisitorError};

const ENGLISH: &[&str] = &[
    include_str!("english/calibration.rs"),
    include_str!("english/compare.rs"),
    include_str!("english/experiment.rs"),
    include_str!("english/faults.rs"),
    include_str!("english/inside.rs"),
    include_str!("english/instrument.rs"),
    include_str!("english/mod.rs"),
    include_str!("english/learn.rs"),
    include_str!("english/page.rs"),
    include_str!("english/reading.rs"),
    include_str!("english/rewards.rs"),
    include_str!("english/sending.rs"),
    include_str!("english/tour.rs"),
];
const GERMAN: &[&str] = &[
    include_str!("german/calibration.rs"),
    include_str!("german/compare.rs"),
    include_str!("german/experiment.rs"),
    include_str!("german/faults.rs"),
    include_str!("german/inside.rs"),
    include_str!("german/instrument.rs"),
    include_str!("german/mod.rs"),
    include_str!("german/learn.rs"),
    include_str!("german/page.rs"),
    include_str!("german/reading.rs"),
    include_str!("german/rewards.rs"),
    include_str!("german/sending.rs"),
    include_str!("german/tour.rs"),
];

/// What is the same in both languages.
const ALIKE: &[&str] =
    &["Prompt", "Prompts", "Prompt: ", "Pause", "April", "August", "September", "November", "warm", "–"];

/// The texts in a source, without those that are only compared with (before `=>`).
fn texts(source: &str) -> Vec<String> {
    let mut texts = Vec::new();
    let mut rest = source;
    while let Some(start) = rest.find('"') {
        let (mut text, mut chars) = (String::new(), rest[start + 1..].char_indices());
        let end = loop {
            match chars.next() {
                Some((at, '"')) => break start + 1 + at + 1,
                Some((_, '\\')) => match chars.next() {
                    // A line that goes on: its indentation is no part of the text.
                    Some((_, '\n')) => {
                        let left = chars.as_str().trim_start().len();
                        while chars.as_str().len() > left {
                            chars.next();
                        }
                    }
                    Some((_, escaped)) => text.push(escaped),
                    None => break rest.len(),
                },
                Some((_, c)) => text.push(c),
                None => break rest.len(),
            }
        };
        rest = &rest[end..];
        if !rest.trim_start().starts_with("=>") {
            texts.push(text);
        }
    }
    texts
}

fn all_texts(sources: &[&str]) -> Vec<String> {
    let all: Vec<String> = sources.iter().flat_map(|source| texts(source)).collect();
    assert!(all.len() > 250, "the sources hold texts: {}", all.len());
    all
}

/// A text without the values that are put into it.
fn own(text: &str) -> String {
    let mut inside = false;
    let is_own = |c: &char| {
        inside = if inside { *c != '}' } else { *c == '{' };
        !inside
    };
    text.chars().filter(is_own).collect()
}

#[test]
fn every_text_is_translated_or_known_to_be_alike() {
    let german = all_texts(GERMAN);
    let same: Vec<String> = (all_texts(ENGLISH).into_iter())
        .filter(|text| {
            own(text).contains(char::is_alphabetic)
                && german.contains(text)
                && !ALIKE.contains(&text.as_str())
        })
        // Terms of the field, and what comes from the paper and from files.
        .filter(|text| !["{parameters}", "Self-BLEU", "SHA-256"].iter().any(|term| text.contains(term)))
        .collect();
    assert_eq!(same, Vec::<String>::new());
}

#[test]
fn no_english_is_left_in_the_german_texts() {
    for text in all_texts(GERMAN) {
        // Prompts to try are English.
        let plain =
            own(&text).replace("Write a haiku about rain", "").replace("What is the capital of Kenya?", "");
        for word in plain.split(|c: char| !c.is_alphabetic()) {
            let english =
                ["the", "of", "and", "is", "are", "answer", "answers", "your", "with", "this", "stage"];
            assert!(!english.contains(&word), "{word} in {text:?}");
        }
    }
}

#[test]
fn quotation_marks_are_those_of_the_language() {
    let count = |text: &str, mark| text.chars().filter(|c| *c == mark).count();
    for text in all_texts(ENGLISH) {
        assert_eq!((count(&text, '“'), count(&text, '„')), (count(&text, '”'), 0), "{text}");
    }
    for text in all_texts(GERMAN) {
        assert_eq!((count(&text, '„'), count(&text, '”')), (count(&text, '“'), 0), "{text}");
        assert!(!text.contains('’'), "{text}");
    }
}

#[test]
fn the_published_stages_have_german_names_and_summaries() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/www/models/manifest.json");
    let manifest = read_manifest(&std::fs::read(path).expect("the file")).expect("a manifest");
    let words = Language::German.words();
    for stage in &manifest.stages {
        assert!((words.stages.summary)(&stage.summary).is_some(), "not translated: {:?}", stage.summary);
        assert!(stage.label == "SFT" || stage.label.starts_with("RLHF"), "alike: {:?}", stage.label);
    }
    for stage in manifest.demonstrations.iter().chain(&manifest.reward_models) {
        assert_ne!(words.stage_label(&stage.label), stage.label);
    }
}

#[test]
fn what_is_seen_before_the_program_arrives_says_the_same() {
    let html = include_str!("../../../www/index.html");
    let pages = Language::ALL.map(|language| (language, &language.words().page));
    for (language, page) in pages {
        let tag = language.tag();
        assert!(html.contains(&format!("lang=\"{tag}\">{}</p>", page.claim)), "the claim, {tag}");
        assert!(html.contains(&format!("lang=\"{tag}\">{}</span>", page.loading)), "the first words, {tag}");
    }
    let english = pages[0].1;
    assert!(html.contains(&format!("<title>{}</title>", english.title)));
    assert!(html.contains(&format!("name=\"description\" content=\"{}\"", english.description)));
}

#[test]
fn a_link_wins_over_a_choice_and_a_choice_over_the_browser() {
    use Language::{English, German};
    let browser = |tags: &[&str]| tags.iter().map(|tag| (*tag).to_owned()).collect::<Vec<_>>();
    assert_eq!(Language::chosen(Some(English), Some("de"), browser(&["de"])), English);
    assert_eq!(Language::chosen(None, Some("de"), browser(&["en"])), German);
    assert_eq!(Language::chosen(None, Some("klingon"), browser(&["fr-FR", "de-AT", "en"])), German);
    assert_eq!(Language::chosen(None, None, browser(&["fr", ""])), English);
    assert_eq!(
        (Language::tagged("DE"), Language::tagged("den"), Language::tagged("")),
        (Some(German), None, None)
    );
}

#[test]
fn numbers_are_written_as_the_language_does() {
    let [english, german] = Language::ALL.map(Language::words);
    assert_eq!((english.number(0.25, 2), german.number(0.25, 2)), ("0.25".to_owned(), "0,25".to_owned()));
    assert_eq!(
        (english.signed(1.25, 1), german.signed(-0.5, 1)),
        ("+1.2".to_owned(), "\u{2212}0,5".to_owned())
    );
    assert_eq!((english.tenths(7), german.tenths(15)), ("0.7".to_owned(), "1,5".to_owned()));
    assert_eq!((english.bytes(999), german.bytes(1_543_210)), ("999 B".to_owned(), "1,5 MB".to_owned()));
    assert_eq!(
        (english.count(1_412_345), german.count(1_412_345)),
        ("1.4 million".to_owned(), "1,4 Millionen".to_owned())
    );
    assert_eq!((english.share(0.925), german.share(0.5)), ("92%".to_owned(), "50\u{a0}%".to_owned()));
    assert_eq!([7.0, 7.5].map(|count| german.halves(count)), ["7", "7,5"]);
    let interval = (0.49, 0.943);
    assert_eq!([english, german].map(|words| words.range(interval)), ["49 to 94%", "49 bis 94\u{a0}%"]);
    assert_eq!(english.date("2026-11-05"), "5 November 2026");
    assert_eq!(german.date("2026-03-05"), "5. März 2026");
    for odd in ["", "2026", "2026-13-01", "2026-00-01", "some day"] {
        assert_eq!(german.date(odd), odd);
    }
}

#[test]
fn chances_never_read_as_certain_or_impossible_unless_they_are() {
    let read = |chance| Language::English.words().chance(chance);
    assert_eq!(read(1.0), "100%");
    assert_eq!(read(0.99999), ">99.9%");
    assert_eq!(read(0.9951), "99.5%");
    assert_eq!(read(0.615), "62%");
    assert_eq!(read(0.0994), "9.9%");
    assert_eq!(read(0.0996), "10%");
    assert_eq!(read(0.004), "0.4%");
    assert_eq!(read(1e-9), "<0.1%");
    assert_eq!(read(0.0), "0%");
    assert_eq!(Language::German.words().chance(0.004), "0,4\u{a0}%");
}

#[test]
fn the_chart_can_be_heard() {
    let mut curve = Curve {
        label: "SFT".to_owned(),
        order: 0,
        role: Role::Shown,
        live: [vec![(7, 0.25), (12, 0.1)], Vec::new()],
        recorded: Default::default(),
    };
    let [english, german] = Language::ALL.map(Language::words);
    assert_eq!(
        english.curves(std::slice::from_ref(&curve)),
        "Self-BLEU by temperature. SFT. creative: 0.7 is 0.25, 1.2 is 0.10; factual: no temperature tried yet."
    );
    curve.recorded[1] = vec![(0.1, 0.9), (0.8, 0.85), (1.5, 0.3)];
    let curves = [curve];
    assert!(english.curves(&curves).ends_with("(recorded: 0.90 at 0.1, 0.30 at 1.5)."));
    assert!(german.curves(&curves).ends_with("(aufgezeichnet: 0,90 bei 0,1, 0,30 bei 1,5)."));
}

#[test]
fn the_model_fits_on_one_line() {
    let stage = &made_up::manifest().stages[0];
    let lines = Language::ALL.map(|language| language.words().model_line(stage));
    assert_eq!(
        lines,
        ["1.4 million parameters · 10 B (Q4_0) · SFT", "1,4 Millionen Parameter · 10 B (Q4_0) · SFT"]
    );
}

#[test]
fn every_temperature_has_its_words() {
    let words = Language::English.words();
    assert_eq!(
        (words.temperature(7), words.temperature(10)),
        ("0.7: moderate".to_owned(), "1.0: as learned".to_owned())
    );
    assert_eq!(
        (words.temperature(1), words.temperature(20)),
        ("0.1: cold".to_owned(), "2.0: very hot".to_owned())
    );
}

#[test]
fn every_stop_of_the_tour_is_told() {
    for language in Language::ALL {
        assert_eq!(language.words().tour.stops.len(), STOPS.len());
    }
}

#[test]
fn faults_say_what_happened_and_what_to_do() {
    let error = VisitorError::new(ErrorKind::BadModel, "this is not a GGUF file");
    let [english, german] = Language::ALL.map(|language| (language.words().faults.fault)(&error));
    assert_eq!(english.message, "This is not a GGUF file.");
    assert_eq!(german.message, "Die Datei des Modells ist beschädigt (this is not a GGUF file).");
    assert!(!english.remedy.is_empty() && !german.remedy.is_empty());
    let error = VisitorError::new(ErrorKind::EmptyList, "");
    assert_eq!((Language::German.words().faults.fault)(&error).message, "Die Liste der Modelle ist leer.");
}

#[test]
fn time_is_told_as_people_tell_it() {
    let [english, german] = Language::ALL.map(|language| language.words().experiment.part);
    let told = |seconds: f64| english(2, 9, Some(seconds * 1000.0));
    assert_eq!(told(3.2), "Part 2 of 9, a few seconds left");
    assert_eq!(told(42.0), "Part 2 of 9, about 40 seconds left");
    assert_eq!(told(89.0), "Part 2 of 9, about 90 seconds left");
    assert_eq!(told(100.0), "Part 2 of 9, about 2 minutes left");
    assert_eq!(german(2, 9, Some(400_000.0)), "Teil 2 von 9, noch etwa 7 Minuten");
    assert_eq!(german(2, 9, None), "Teil 2 von 9");
}

/// What the page says of its own effect ("The effect" under what is miniature, the tour's third stop) is what was recorded.
#[test]
fn what_is_said_of_the_effect_was_recorded() {
    let bytes = include_bytes!("../../../www/models/recorded.json");
    let recorded = crate::experiment::recorded::RecordedExperiment::read(bytes).expect("recorded curves");
    let at = |stage: &str, is_factual: bool, temperature: f32| {
        let stage = recorded.stages.iter().find(|known| known.id == stage).expect("a stage");
        let points = if is_factual { &stage.factual } else { &stage.creative };
        let point =
            points.iter().find(|point| (point.temperature - temperature).abs() < 1e-3).expect("a point");
        (point.self_bleu_mean, point.distinct_mean)
    };
    let rise = |is_factual, temperature| {
        at("rlhf-v5", is_factual, temperature).0 - at("sft", is_factual, temperature).0
    };
    assert!(rise(true, 1.2) > 0.1 && rise(true, 1.4) > 0.1, "facts stay more alike in the heat");
    assert!(
        at("rlhf-v5", true, 0.1).0 - at("rlhf-v5", true, 1.5).0 > 0.3,
        "their curve does not become flat"
    );
    assert!(
        at("rlhf-v5", false, 0.1).0 - at("rlhf-v5", false, 1.5).0 > 0.8,
        "poems go on varying with the heat"
    );
    assert!(at("rlhf-v5", false, 1.2).1 > 24.5, "they still all differ");
    assert!(rise(false, 1.0) > rise(true, 1.0), "at T = 1 they lose more variety than facts");
    let last = at("rlhf-v5", false, 1.0).0 - at("rlhf-v4", false, 1.0).0;
    assert!(last > rise(false, 1.0) / 2.0, "and most of it in the last round");
}
