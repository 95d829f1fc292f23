//! The bars of one place: a few tokens, the same for every stage, with their chances now and as learned.

use super::reading::Reading;

/// Tokens that get a bar of their own.
pub const MOST_BARS: usize = 6;

/// One token in the list that all stages share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The token.
    pub id: u32,
    /// Its text.
    pub text: String,
    /// Whether it ends the answer.
    pub is_end: bool,
    /// Whether it is what came.
    pub came: bool,
}

/// The chance of a choice, 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Chance {
    /// At the slider's temperature.
    pub now: f64,
    /// At T = 1.
    pub learned: f64,
}

/// The tokens that are worth a bar at a place: what came, and the likeliest of all stages together at T = 1. Best first by
/// the mean over the stages, so that the same token stands in the same line everywhere. `is_complete`: the answer's end came
/// too.
#[must_use]
pub fn choices(readings: &[&Reading], place: usize, is_complete: bool) -> Vec<Choice> {
    let tempered: Vec<_> = readings.iter().filter_map(|reading| reading.at(place, 1.0)).collect();
    let mean = |id: u32| tempered.iter().map(|t| t.probability(id as usize)).sum::<f64>();
    let came = readings.first().and_then(|reading| reading.came(place, is_complete));
    let end = readings.first().and_then(|reading| reading.end);
    let mut known: Vec<(u32, String)> = Vec::new();
    for reading in readings {
        let named = reading.likeliest.get(place).into_iter().flatten().chain(reading.tokens.get(place));
        for token in named {
            if known.iter().all(|(id, _)| *id != token.id) {
                known.push((token.id, token.text.clone()));
            }
        }
    }
    if let Some(end) = came.filter(|came| known.iter().all(|(id, _)| id != came)) {
        known.push((end, String::new()));
    }
    known.sort_by(|(a, _), (b, _)| mean(*b).total_cmp(&mean(*a)).then(a.cmp(b)));
    if let Some(at) = known.iter().position(|(id, _)| Some(*id) == came).filter(|at| *at >= MOST_BARS) {
        let chosen = known.remove(at);
        known.insert(MOST_BARS - 1, chosen);
    }
    known.truncate(MOST_BARS);
    let choice = |(id, text)| Choice { id, text, is_end: Some(id) == end, came: Some(id) == came };
    known.into_iter().map(choice).collect()
}

/// The chances of the choices in one stage, and of all other tokens together.
#[must_use]
pub fn chances(
    reading: &Reading,
    place: usize,
    temperature: f64,
    choices: &[Choice],
) -> Option<(Vec<Chance>, Chance)> {
    let (now, learned) = (reading.at(place, temperature)?, reading.at(place, 1.0)?);
    let chance = |choice: &Choice| Chance {
        now: now.probability(choice.id as usize),
        learned: learned.probability(choice.id as usize),
    };
    let bars: Vec<Chance> = choices.iter().map(chance).collect();
    let rest = |of: fn(&Chance) -> f64| (1.0 - bars.iter().map(of).sum::<f64>()).max(0.0);
    let rest = Chance { now: rest(|c| c.now), learned: rest(|c| c.learned) };
    Some((bars, rest))
}

#[cfg(test)]
mod tests {
    use super::super::reading::tests::inspection;
    use super::*;

    fn reading(first: Vec<f32>) -> Reading {
        let second = vec![0.0; first.len()];
        Reading::new(&inspection(&[1], &[first, second])).expect("a reading")
    }

    #[test]
    fn all_stages_share_one_list_ordered_by_their_mean() {
        let (a, b) = (reading(vec![0.0, 1.0, 5.0, 0.0]), reading(vec![0.0, 1.0, 0.0, 9.0]));
        let list = choices(&[&a, &b], 0, true);
        assert_eq!(list.iter().map(|c| c.id).collect::<Vec<_>>(), [3, 2, 1, 0]);
        assert_eq!(list.iter().filter(|c| c.came).map(|c| c.id).collect::<Vec<_>>(), [1]);
        assert_eq!(list.iter().filter(|c| c.is_end).map(|c| c.id).collect::<Vec<_>>(), [0]);
    }

    #[test]
    fn what_came_has_a_bar_however_unlikely() {
        let mut logits: Vec<f32> = (0..40).map(|i| 10.0 - i as f32 * 0.1).collect();
        logits[1] = -20.0;
        let list = choices(&[&reading(logits)], 0, true);
        assert_eq!(list.len(), MOST_BARS);
        assert!(list.last().is_some_and(|choice| choice.came && choice.id == 1), "{list:?}");
    }

    #[test]
    fn chances_and_the_rest_make_one() {
        let reading = reading((0..40).map(|i| (i % 7) as f32).collect());
        let list = choices(&[&reading], 0, true);
        let (bars, rest) = chances(&reading, 0, 0.7, &list).expect("chances");
        assert!((bars.iter().map(|c| c.now).sum::<f64>() + rest.now - 1.0).abs() < 1e-12);
        assert!((bars.iter().map(|c| c.learned).sum::<f64>() + rest.learned - 1.0).abs() < 1e-12);
        assert!(bars[0].now > bars[0].learned, "colder: the likeliest gains");
    }

    #[test]
    fn there_is_nothing_past_the_last_place() {
        let reading = reading(vec![0.0, 1.0]);
        assert_eq!(choices(&[&reading], 2, true), []);
        assert_eq!(chances(&reading, 2, 1.0, &[]), None);
        assert_eq!(choices(&[], 0, true), []);
    }
}
