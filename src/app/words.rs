//! What the page says, as far as more than one part says it or it depends on numbers.

use super::curves::Curve;
use super::dials::Dials;
use super::prompts::Side;
use super::settings::{DeviceWish, tenths};
use crate::experiment::recorded::RecordedExperiment;
use crate::manifest::Stage;

/// Title of a column.
#[must_use]
pub fn side_title(side: Side) -> &'static str {
    match side {
        Side::Creative => "Creative",
        Side::Factual => "Factual",
    }
}

/// What is to be seen in a column.
#[must_use]
pub fn side_hint(side: Side) -> &'static str {
    match side {
        Side::Creative => "Many answers are good.",
        Side::Factual => "One answer is right.",
    }
}

/// A word for a temperature in tenths.
#[must_use]
pub fn temperature_word(tenths: u8) -> &'static str {
    match tenths {
        0..=3 => "cold",
        4..=6 => "cool",
        7..=9 => "moderate",
        10 => "as learned",
        11..=13 => "warm",
        14..=16 => "hot",
        _ => "very hot",
    }
}

/// What that temperature does to the model's choice of words.
#[must_use]
pub fn temperature_effect(tenths: u8) -> &'static str {
    match tenths {
        0..=3 => "Nearly always the likeliest next word.",
        4..=6 => "Likely words win; surprises are rare.",
        7..=9 => "Likely words lead; others get a chance.",
        10 => "The odds exactly as the model learned them.",
        11..=13 => "Unlikely words are chosen more than was learned.",
        14..=16 => "The odds are flattened: slips become common.",
        _ => "Almost any word may come.",
    }
}

/// The slider's value in words, for screen readers.
#[must_use]
pub fn temperature_text(value: u8) -> String {
    format!("{}: {}", tenths(value), temperature_word(value))
}

/// A device wish.
#[must_use]
pub fn device_wish(wish: DeviceWish) -> &'static str {
    match wish {
        DeviceWish::Auto => "Automatic",
        DeviceWish::Cpu => "Processor (CPU)",
        DeviceWish::Gpu => "Graphics card (WebGPU)",
    }
}

/// How many workers compute, where it is more than one.
#[must_use]
pub fn workers(count: usize) -> String {
    format!("{count} workers share the answers: each computes a part of them, on a core of its own.")
}

/// A number of bytes: `1.5 MB`.
#[must_use]
pub fn bytes(count: u64) -> String {
    match count {
        0..1_000 => format!("{count} B"),
        1_000..1_000_000 => format!("{:.0} kB", count as f64 / 1e3),
        _ => format!("{:.1} MB", count as f64 / 1e6),
    }
}

/// A count with its unit of size: `1.4 million`.
#[must_use]
pub fn count(count: u64) -> String {
    match count {
        0..10_000 => count.to_string(),
        10_000..1_000_000 => format!("{:.0} thousand", count as f64 / 1e3),
        _ => format!("{:.1} million", count as f64 / 1e6),
    }
}

/// A stage's model in one line: parameters, size, stage.
#[must_use]
pub fn model_line(stage: &Stage) -> String {
    let parameters = format!("{} parameters", count(stage.parameters));
    match stage.files.first() {
        Some(file) => {
            format!("{parameters} · {} ({}) · {}", bytes(file.size_bytes), file.quantization, stage.label)
        }
        None => format!("{parameters} · {}", stage.label),
    }
}

/// `1 answer`, `8 answers`.
#[must_use]
pub fn answers(count: usize) -> String {
    if count == 1 { "1 answer".to_owned() } else { format!("{count} answers") }
}

/// A column's dials in one sentence, for screen readers. The stage is named where two stand side by side.
#[must_use]
pub fn dials_sentence(stage: Option<&str>, side: Side, dials: &Dials) -> String {
    let stage = stage.map(|stage| format!("{stage}, ")).unwrap_or_default();
    let distinct = format!("{stage}{}: {} different of {}", side_title(side), dials.distinct, dials.answers);
    match dials.self_bleu {
        Some(self_bleu) => format!("{distinct}, Self-BLEU {self_bleu:.2}."),
        None => format!("{distinct}."),
    }
}

/// Self-BLEU by temperature in words, for screen readers. Recorded curves are told by their ends.
#[must_use]
pub fn curves_sentence(curves: &[Curve]) -> String {
    let listed = |points: &[(u8, f64)]| match points {
        [] => "no temperature tried yet".to_owned(),
        points => {
            points.iter().map(|(t, v)| format!("{} is {v:.2}", tenths(*t))).collect::<Vec<_>>().join(", ")
        }
    };
    let recorded = |points: &[(f32, f64)]| match points {
        [first, .., last] => {
            format!(" (recorded: {:.2} at {:.1}, {:.2} at {:.1})", first.1, first.0, last.1, last.0)
        }
        _ => String::new(),
    };
    let curve = |curve: &Curve| {
        let side = |side: Side| {
            let index = side.index();
            format!(
                "{}: {}{}",
                side_title(side).to_lowercase(),
                listed(&curve.live[index]),
                recorded(&curve.recorded[index])
            )
        };
        format!("{}. {}.", curve.label, Side::ALL.map(side).join("; "))
    };
    format!("Self-BLEU by temperature. {}", curves.iter().map(curve).collect::<Vec<_>>().join(" "))
}

/// What recorded curves were recorded from, and when.
#[must_use]
pub fn recorded_note(recorded: &RecordedExperiment) -> String {
    let prompts = recorded.protocol.creative_prompts.len();
    format!(
        "recorded, {}: {} answers, mean of {prompts} prompts",
        recorded.recorded_on, recorded.protocol.answers_per_prompt
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::curves::Role;

    #[test]
    fn the_chart_can_be_heard() {
        let mut curve = Curve {
            label: "SFT".to_owned(),
            order: 0,
            role: Role::Shown,
            live: [vec![(7, 0.25), (12, 0.1)], Vec::new()],
            recorded: Default::default(),
        };
        assert_eq!(
            curves_sentence(std::slice::from_ref(&curve)),
            "Self-BLEU by temperature. SFT. creative: 0.7 is 0.25, 1.2 is 0.10; factual: no temperature tried yet."
        );
        curve.recorded[1] = vec![(0.1, 0.9), (0.8, 0.85), (1.5, 0.3)];
        assert!(curves_sentence(&[curve]).ends_with("(recorded: 0.90 at 0.1, 0.30 at 1.5)."));
    }

    #[test]
    fn sizes_are_readable() {
        assert_eq!(bytes(999), "999 B");
        assert_eq!(bytes(1_543_210), "1.5 MB");
        assert_eq!(count(1_412_345), "1.4 million");
    }

    #[test]
    fn the_model_fits_on_one_line() {
        let manifest = crate::app::models::tests::manifest();
        assert_eq!(model_line(&manifest.stages[0]), "1.4 million parameters · 10 B (Q4_0) · SFT");
    }

    #[test]
    fn every_temperature_has_its_words() {
        assert_eq!(temperature_text(7), "0.7: moderate");
        assert_eq!(temperature_text(10), "1.0: as learned");
    }
}
