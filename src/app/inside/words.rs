//! Tokens, chances and rescaling in words.

use super::bars::Chance;
use super::reading::Rescaling;
use super::subject::{Origin, Subject};
use crate::app::language::Words;

impl Words {
    /// A token as it is shown: spaces and line ends made visible, and a name for what has no text.
    #[must_use]
    pub fn token_shown(&self, text: &str, is_end: bool) -> String {
        match text {
            _ if is_end => self.inside.end_bar.to_owned(),
            "" => self.inside.part.to_owned(),
            text => text.replace(' ', "·").replace('\n', "↵"),
        }
    }

    /// A token as it is spoken.
    #[must_use]
    pub fn token_spoken(&self, text: &str, is_end: bool) -> String {
        match text {
            _ if is_end => self.inside.end_spoken.to_owned(),
            "\n" => self.inside.line_end.to_owned(),
            text if text.trim().is_empty() => self.token_shown(text, false),
            text => text.trim().to_owned(),
        }
    }

    /// A token's rescaling, for screen readers.
    #[must_use]
    pub fn rescaling_spoken(&self, rescaling: Rescaling) -> String {
        match rescaling {
            Rescaling::Tau(tau) => (self.inside.effective_spoken)(&self.number(tau, 2)),
            Rescaling::NoChoice => self.inside.no_choice.to_owned(),
            Rescaling::OutOfReach => self.inside.out_of_reach.to_owned(),
        }
    }

    /// One bar, for screen readers, after its token.
    #[must_use]
    pub fn bar_spoken(&self, came: bool, chance: Chance, temperature_tenths: u8) -> String {
        let (at, learned) = (self.tenths(temperature_tenths), self.chance(chance.learned));
        let learned = (temperature_tenths != 10).then_some([at.as_str(), learned.as_str()]);
        (self.inside.bar)(came, &self.chance(chance.now), learned)
    }

    /// Where an answer came from; `label`: the name of its stage.
    #[must_use]
    pub fn origin(&self, subject: &Subject, label: &str) -> String {
        match &subject.origin {
            Origin::Typed => self.inside.by_visitor.to_owned(),
            Origin::Sampled { side, temperature_tenths, .. } => {
                (self.inside.by_stage)(*side, label, &self.tenths(*temperature_tenths))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::language::Language;

    #[test]
    fn tokens_without_a_look_of_their_own_get_one() {
        let words = Language::English.words();
        assert_eq!(words.token_shown(" the", false), "·the");
        assert_eq!(words.token_shown("\n", false), "↵");
        assert_eq!(words.token_shown("", true), "(end)");
        assert_eq!(words.token_shown("", false), "(part of a character)");
        assert_eq!(words.token_spoken("\n", false), "line end");
        assert_eq!(words.token_spoken(" Paris", false), "Paris");
        assert_eq!(words.token_spoken(" ", false), "·");
    }

    #[test]
    fn a_bar_can_be_heard() {
        let chance = Chance { now: 0.615, learned: 0.5 };
        let heard = |language: Language, tenths| language.words().bar_spoken(true, chance, tenths);
        assert_eq!(heard(Language::English, 10), ", which came: 62%");
        assert_eq!(heard(Language::English, 7), ", which came: 62% at temperature 0.7, 50% as learned");
        assert_eq!(
            heard(Language::German, 7),
            ", so kam es: 62\u{a0}% bei Temperatur 0,7, gelernt 50\u{a0}%"
        );
    }
}
