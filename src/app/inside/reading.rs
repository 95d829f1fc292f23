//! What one stage makes of an answer: its distributions, and how much sharper or flatter they are than SFT's.

use crate::metrics::{OPEN_NATS, Tempered, effective_temperature};
use crate::protocol::{Inspection, TokenText};

/// A stage's distributions at every place of an answer: before each token, and after the last.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// The answer's tokens.
    pub tokens: Vec<TokenText>,
    /// The likeliest tokens at every place, best first.
    pub likeliest: Vec<Vec<TokenText>>,
    /// A token that ends an answer.
    pub end: Option<u32>,
    /// `[places, vocabulary]`, at T = 1.
    logits: Vec<f32>,
    vocabulary: usize,
    /// Entropy at T = 1, by place, in nats.
    pub entropies: Vec<f64>,
}

/// None of its numbers is NaN. So two handles of one reading are equal without a look at its hundreds of thousands of logits.
impl Eq for Reading {}

impl Reading {
    /// Takes in what the engine found; none where its parts do not fit together.
    #[must_use]
    pub fn new(inspection: &Inspection) -> Option<Self> {
        let (places, vocabulary) = (inspection.tokens.len() + 1, inspection.vocabulary as usize);
        let whole = inspection.logits.len() == places.checked_mul(vocabulary)?.checked_mul(4)?
            && inspection.likeliest.len() == places
            && inspection
                .likeliest
                .iter()
                .flatten()
                .chain(&inspection.tokens)
                .all(|t| (t.id as usize) < vocabulary);
        if !whole || vocabulary == 0 {
            return None;
        }
        let bytes = inspection.logits.chunks_exact(4);
        let logits: Vec<f32> = bytes.map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
        let entropies =
            logits.chunks_exact(vocabulary).map(|logits| Some(Tempered::new(logits, 1.0)?.entropy()));
        Some(Self {
            entropies: entropies.collect::<Option<_>>()?,
            tokens: inspection.tokens.clone(),
            likeliest: inspection.likeliest.clone(),
            end: inspection.end,
            logits,
            vocabulary,
        })
    }

    /// Number of places: one more than tokens.
    #[must_use]
    pub fn places(&self) -> usize {
        self.tokens.len() + 1
    }

    /// What came at a place: a token of the answer, or its end where the answer `is_complete`.
    #[must_use]
    pub fn came(&self, place: usize, is_complete: bool) -> Option<u32> {
        match self.tokens.get(place) {
            Some(token) => Some(token.id),
            None => self.end.filter(|_| is_complete && place == self.tokens.len()),
        }
    }

    /// The distribution at a place, at a temperature.
    #[must_use]
    pub fn at(&self, place: usize, temperature: f64) -> Option<Tempered<'_>> {
        Tempered::new(self.logits_at(place)?, temperature)
    }

    fn logits_at(&self, place: usize) -> Option<&[f32]> {
        self.logits.chunks_exact(self.vocabulary).nth(place)
    }

    /// Whether this can be held against `reference` (SFT): both read the same tokens.
    #[must_use]
    pub fn stands_to(&self, reference: &Self) -> bool {
        self.tokens == reference.tokens && self.vocabulary == reference.vocabulary
    }

    /// How this stage's distribution at a place stands to that of `reference` there; none past the last place.
    #[must_use]
    pub fn rescaling_at(&self, place: usize, reference: &Self) -> Option<Rescaling> {
        let (entropy, logits) = (*self.entropies.get(place)?, reference.logits_at(place)?);
        if *reference.entropies.get(place)? < OPEN_NATS {
            return Some(Rescaling::NoChoice);
        }
        Some(effective_temperature(logits, entropy).map_or(Rescaling::OutOfReach, Rescaling::Tau))
    }
}

/// The effective temperature at one place, or why there is none.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Rescaling {
    /// SFT at this temperature has the stage's entropy.
    Tau(f64),
    /// SFT itself is all but certain here, so that its temperature says little.
    NoChoice,
    /// SFT has this entropy at no temperature.
    OutOfReach,
}

/// No temperature that is found is NaN.
impl Eq for Rescaling {}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// An inspection of so many tokens; `logits`: one row per place.
    pub fn inspection(tokens: &[u32], logits: &[Vec<f32>]) -> Inspection {
        let text = |id: u32| TokenText { id, text: format!(" t{id}") };
        let best = |row: &Vec<f32>| {
            let mut order: Vec<u32> = (0..row.len() as u32).collect();
            order.sort_by(|a, b| row[*b as usize].total_cmp(&row[*a as usize]));
            order.into_iter().take(12).map(text).collect()
        };
        Inspection {
            tokens: tokens.iter().map(|&id| text(id)).collect(),
            vocabulary: logits[0].len() as u32,
            likeliest: logits.iter().map(best).collect(),
            logits: logits.iter().flatten().flat_map(|logit| logit.to_le_bytes()).collect(),
            end: Some(0),
        }
    }

    fn reading(logits: &[Vec<f32>]) -> Reading {
        Reading::new(&inspection(&[1], logits)).expect("a reading")
    }

    #[test]
    fn a_stage_that_is_twice_as_sharp_is_at_half_the_temperature() {
        let sft = reading(&[vec![0.0, 1.0, 2.0], vec![3.0, 2.5, 0.0]]);
        let stage = reading(&[vec![0.0, 2.0, 4.0], vec![3.0, 2.5, 0.0]]);
        assert!(stage.stands_to(&sft));
        let [Some(Rescaling::Tau(first)), Some(Rescaling::Tau(second)), None] =
            [0, 1, 2].map(|place| stage.rescaling_at(place, &sft))
        else {
            panic!("two temperatures")
        };
        assert!((first - 0.5).abs() < 1e-6 && (second - 1.0).abs() < 1e-6, "{first} {second}");
    }

    #[test]
    fn where_sft_has_no_choice_and_where_no_temperature_will_do_it_says_so() {
        let sft = reading(&[vec![0.0, 30.0, 0.0], vec![1.0, 1.0, 0.0]]);
        let stage = reading(&[vec![0.0, 1.0, 0.0], vec![30.0, 0.0, 0.0]]);
        // Two equal logits at the top: SFT never has less than ln 2.
        let there = [0, 1].map(|place| stage.rescaling_at(place, &sft));
        assert_eq!(there, [Some(Rescaling::NoChoice), Some(Rescaling::OutOfReach)]);
    }

    #[test]
    fn readings_of_different_tokens_are_not_compared() {
        let sft = reading(&[vec![0.0, 1.0], vec![1.0, 0.0]]);
        let other = Reading::new(&inspection(&[0], &[vec![0.0, 1.0], vec![1.0, 0.0]])).expect("a reading");
        assert!(!other.stands_to(&sft));
    }

    #[test]
    fn what_came_at_a_place_is_a_token_or_the_end() {
        let reading = reading(&[vec![0.0, 1.0], vec![1.0, 0.0]]);
        let came = |is_complete| (0..3).map(|place| reading.came(place, is_complete)).collect::<Vec<_>>();
        assert_eq!(came(true), [Some(1), Some(0), None]);
        assert_eq!(came(false), [Some(1), None, None], "an answer that was cut off has no end");
    }

    #[test]
    fn parts_that_do_not_fit_are_refused() {
        let good = inspection(&[1], &[vec![0.0, 1.0], vec![1.0, 0.0]]);
        assert!(Reading::new(&good).is_some());
        let short = Inspection { logits: good.logits[4..].to_vec(), ..good.clone() };
        let nan = Inspection { logits: f32::NAN.to_le_bytes().repeat(4), ..good.clone() };
        let none = Inspection { vocabulary: 0, logits: Vec::new(), ..good.clone() };
        let stranger = Inspection { tokens: vec![TokenText { id: 9, text: String::new() }], ..good.clone() };
        let huge = Inspection { vocabulary: u32::MAX, ..good };
        for bad in [short, nan, none, stranger, huge] {
            assert_eq!(Reading::new(&bad), None);
        }
    }
}
