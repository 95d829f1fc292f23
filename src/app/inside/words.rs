//! What the chapter says of tokens, chances and rescaling.

use super::bars::{Chance, Choice};
use super::reading::Rescaling;
use super::subject::{Origin, Subject};
use crate::app::settings::tenths;
use crate::app::words::side_title;

/// A token as it is shown: spaces and line ends made visible, and a name for what has no text.
#[must_use]
pub fn shown(text: &str, is_end: bool) -> String {
    match text {
        _ if is_end => "(end)".to_owned(),
        "" => "(part of a character)".to_owned(),
        text => text.replace(' ', "·").replace('\n', "↵"),
    }
}

/// A token as it is spoken.
#[must_use]
pub fn spoken(text: &str, is_end: bool) -> String {
    match text {
        _ if is_end => "end of the answer".to_owned(),
        "\n" => "line end".to_owned(),
        text if text.trim().is_empty() => shown(text, false),
        text => text.trim().to_owned(),
    }
}

/// A chance as people read it: `62%`, `0.4%`, `<0.1%`.
#[must_use]
pub fn per_cent(chance: f64) -> String {
    match chance * 100.0 {
        c if c >= 99.95 && chance < 1.0 => ">99.9%".to_owned(),
        c if c >= 99.0 && chance < 1.0 => format!("{c:.1}%"),
        c if c >= 9.95 => format!("{c:.0}%"),
        c if c >= 0.1 => format!("{c:.1}%"),
        c if c > 0.0 => "<0.1%".to_owned(),
        _ => "0%".to_owned(),
    }
}

/// Effective temperature in a word or two.
#[must_use]
pub fn rescaling(rescaling: Rescaling) -> String {
    match rescaling {
        Rescaling::Tau(tau) => format!("{tau:.2}"),
        Rescaling::NoChoice => "SFT has no choice here".to_owned(),
        Rescaling::OutOfReach => "out of SFT's reach".to_owned(),
    }
}

/// A token's rescaling in a sentence, for screen readers.
#[must_use]
pub fn rescaling_spoken(of: Rescaling) -> String {
    match of {
        Rescaling::Tau(tau) => format!("effective temperature {tau:.2}"),
        other => rescaling(other),
    }
}

/// One bar in a sentence, for screen readers.
#[must_use]
pub fn bar_spoken(choice: &Choice, chance: Chance, temperature_tenths: u8) -> String {
    let name = spoken(&choice.text, choice.is_end);
    let now = per_cent(chance.now);
    let came = if choice.came { ", which came" } else { "" };
    if temperature_tenths == 10 {
        return format!("{name}{came}: {now}");
    }
    format!(
        "{name}{came}: {now} at temperature {}, {} as learned",
        tenths(temperature_tenths),
        per_cent(chance.learned)
    )
}

/// Where the answer came from.
#[must_use]
pub fn origin(subject: &Subject, label: &str) -> String {
    match &subject.origin {
        Origin::Typed => "Typed by you.".to_owned(),
        Origin::Sampled { side, temperature_tenths, .. } => {
            let side = side_title(*side).to_lowercase();
            format!("A {side} answer by {label} at temperature {}.", tenths(*temperature_tenths))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chances_never_read_as_certain_or_impossible_unless_they_are() {
        let read = |chance| per_cent(chance);
        assert_eq!(read(1.0), "100%");
        assert_eq!(read(0.99999), ">99.9%");
        assert_eq!(read(0.9951), "99.5%");
        assert_eq!(read(0.615), "62%");
        assert_eq!(read(0.0994), "9.9%");
        assert_eq!(read(0.0996), "10%");
        assert_eq!(read(0.004), "0.4%");
        assert_eq!(read(1e-9), "<0.1%");
        assert_eq!(read(0.0), "0%");
    }

    #[test]
    fn tokens_without_a_look_of_their_own_get_one() {
        assert_eq!(shown(" the", false), "·the");
        assert_eq!(shown("\n", false), "↵");
        assert_eq!(shown("", true), "(end)");
        assert_eq!(shown("", false), "(part of a character)");
        assert_eq!(
            (spoken("\n", false), spoken(" Paris", false)),
            ("line end".to_owned(), "Paris".to_owned())
        );
        assert_eq!(spoken(" ", false), "·");
    }
}
