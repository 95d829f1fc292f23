//! The keys of the ten choices.

use crate::preference::{Choice, Side, Strength};

/// What each key says. The eight preferences form one scale, from "A by far" to "B by far".
pub const KEYS: [(&str, Choice); 10] = [
    ("1", prefer(Side::A, Strength::SignificantlyBetter)),
    ("2", prefer(Side::A, Strength::Better)),
    ("3", prefer(Side::A, Strength::SlightlyBetter)),
    ("4", prefer(Side::A, Strength::NegligiblyBetterOrUnsure)),
    ("5", prefer(Side::B, Strength::NegligiblyBetterOrUnsure)),
    ("6", prefer(Side::B, Strength::SlightlyBetter)),
    ("7", prefer(Side::B, Strength::Better)),
    ("8", prefer(Side::B, Strength::SignificantlyBetter)),
    ("9", Choice::BothBad),
    ("0", Choice::Skip),
];

const fn prefer(side: Side, strength: Strength) -> Choice {
    Choice::Prefer { side, strength }
}

/// The choice behind a key, as the browser names it.
#[must_use]
pub fn choice_of_key(key: &str) -> Option<Choice> {
    KEYS.iter().find(|(known, _)| *known == key).map(|(_, choice)| *choice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_choice_has_one_key() {
        for side in Side::ALL {
            for strength in Strength::ALL {
                assert_eq!(KEYS.iter().filter(|(_, choice)| *choice == prefer(side, strength)).count(), 1);
            }
        }
        assert_eq!((choice_of_key("9"), choice_of_key("0")), (Some(Choice::BothBad), Some(Choice::Skip)));
    }

    #[test]
    fn other_keys_are_no_votes() {
        for key in ["", "10", "a", "Enter", " ", "Tab"] {
            assert_eq!(choice_of_key(key), None);
        }
    }
}
