//! How much each vote counts, and which look wrong. Pure.
//!
//! All votes of one source (address and day), of one browser and of one owner's key together weigh no more than [`Rules::most`]:
//! with n votes each weighs `min(1, most / n)`, by whichever of the three has most. A pair that one of them judges again
//! weighs nothing. So whoever wants to move the ranking needs many addresses or many days, not many votes. The price is that
//! a school behind one address counts as one visitor does.
//!
//! What is only suspicious is flagged and not taken away, for a taste of one's own is no crime: a source that nearly always
//! takes the same side, and one whose votes are far from what the others' ranking foretells.

use std::collections::{HashMap, HashSet};

use thermostat::preference::ranking::{Ballot, PENALTY, strengths};

/// Least votes of a source before its manner is judged.
pub const LEAST_VOTES: usize = 20;
/// Standard deviations from what the others foretell. Chance goes beyond it once in some million sources.
pub const MOST_DEVIATIONS: f64 = 5.0;
/// Standard deviations from half and half between the sides: 20 of 20 on one side are 4.47, once in half a million.
pub const MOST_LEAN: f64 = 4.4;
/// Least weight of all others before a source is compared with them.
const LEAST_OTHERS: f64 = 50.0;
/// Sources that are compared with the others, those with the most votes: each costs a fit.
const MOST_COMPARED: usize = 200;

/// A vote with small numbers for names.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// Where it came from: an address on a day.
    pub source: u32,
    /// The browser.
    pub client: u32,
    /// The visitor's key.
    pub owner: u32,
    /// Which answers to which prompt.
    pub pair: u32,
    /// The models of answers A and B.
    pub models: [usize; 2],
    /// Share of a win for A.
    pub won: f64,
    /// Whether side A was preferred.
    pub is_a: bool,
}

/// What is thought of a vote.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Mark {
    /// How much it counts, 0 to 1.
    pub weight: f64,
    /// Its source, browser or owner judged the pair before.
    pub is_copy: bool,
    /// Its source nearly always takes one side.
    pub is_one_sided: bool,
    /// Its source is far from what the others' ranking foretells.
    pub is_outlier: bool,
}

/// Marks votes, which come oldest first, on `models` models. `most` is what one voter may weigh.
#[must_use]
pub fn mark(votes: &[Judged], models: usize, most: f64) -> Vec<Mark> {
    let mut marks = vec![Mark::default(); votes.len()];
    copies(votes, &mut marks);
    let kinds: [fn(&Judged) -> u32; 3] = [|v| v.source, |v| v.client, |v| v.owner];
    for mark in &mut marks {
        mark.weight = if mark.is_copy { 0.0 } else { 1.0 };
    }
    let counts = kinds.map(|kind| {
        let mut counts: HashMap<u32, f64> = HashMap::new();
        for (vote, mark) in votes.iter().zip(&marks) {
            *counts.entry(kind(vote)).or_default() += mark.weight;
        }
        counts
    });
    for (vote, mark) in votes.iter().zip(&mut marks) {
        for (kind, counts) in kinds.iter().zip(&counts) {
            mark.weight = mark.weight.min(most / counts[&kind(vote)].max(1.0));
        }
        if mark.is_copy {
            mark.weight = 0.0;
        }
    }
    manners(votes, models, &mut marks);
    marks
}

fn copies(votes: &[Judged], marks: &mut [Mark]) {
    let mut seen = HashSet::new();
    for (vote, mark) in votes.iter().zip(marks) {
        let names = [(0, vote.source), (1, vote.client), (2, vote.owner)];
        // All three are noted even where the first is known.
        let fresh = names.map(|name| seen.insert((name, vote.pair)));
        mark.is_copy = fresh.contains(&false);
    }
}

/// Sources by their manner, those with most votes first.
fn manners(votes: &[Judged], models: usize, marks: &mut [Mark]) {
    let mut by_source: HashMap<u32, Vec<usize>> = HashMap::new();
    for (index, vote) in votes.iter().enumerate() {
        by_source.entry(vote.source).or_default().push(index);
    }
    let mut large: Vec<(u32, Vec<usize>)> =
        by_source.into_iter().filter(|(_, own)| own.len() >= LEAST_VOTES).collect();
    large.sort_by_key(|(source, own)| (std::cmp::Reverse(own.len()), *source));
    let all = Wins::of(models, votes.iter().zip(&*marks));
    for (place, (_, own)) in large.iter().enumerate() {
        let decided: Vec<&Judged> =
            own.iter().map(|&index| &votes[index]).filter(|vote| vote.won != 0.5).collect();
        let lean: f64 = decided.iter().map(|vote| if vote.is_a { 1.0 } else { -1.0 }).sum();
        let is_one_sided =
            decided.len() >= LEAST_VOTES && lean.abs() / (decided.len() as f64).sqrt() > MOST_LEAN;
        let is_outlier = place < MOST_COMPARED && {
            let mut others = all.clone();
            others.add(own.iter().map(|&index| (&votes[index], &marks[index])), -1.0);
            is_far(&others, own.iter().map(|&index| &votes[index]))
        };
        for &index in own {
            marks[index].is_one_sided = is_one_sided;
            marks[index].is_outlier = is_outlier;
        }
    }
}

/// Whether votes are far from what the ranking of others foretells: by the likelihood of what was chosen, against its mean and
/// spread under that ranking.
fn is_far<'a>(others: &Wins, own: impl Iterator<Item = &'a Judged>) -> bool {
    if others.weight < LEAST_OTHERS {
        return false;
    }
    let strengths = strengths(&others.wins, PENALTY, &vec![0.0; others.wins.len()]);
    let (mut surprise, mut variance) = (0.0, 0.0);
    for vote in own.filter(|vote| vote.won != 0.5) {
        let [a, b] = vote.models;
        let chance = 1.0 / (1.0 + (strengths[b] - strengths[a]).exp());
        let odds = (chance / (1.0 - chance)).ln();
        surprise += (vote.won - chance) * odds;
        variance += chance * (1.0 - chance) * odds * odds;
    }
    variance > 0.0 && surprise / variance.sqrt() < -MOST_DEVIATIONS
}

/// Weighted wins by model and opponent.
#[derive(Debug, Clone)]
struct Wins {
    wins: Vec<Vec<f64>>,
    weight: f64,
}

impl Wins {
    fn of<'a>(models: usize, votes: impl Iterator<Item = (&'a Judged, &'a Mark)>) -> Self {
        let mut all = Self { wins: vec![vec![0.0; models]; models], weight: 0.0 };
        all.add(votes, 1.0);
        all
    }

    fn add<'a>(&mut self, votes: impl Iterator<Item = (&'a Judged, &'a Mark)>, factor: f64) {
        for (vote, mark) in votes {
            let ([a, b], weight) = (vote.models, factor * mark.weight);
            self.weight += weight;
            self.wins[a][b] += weight * vote.won;
            self.wins[b][a] += weight * (1.0 - vote.won);
        }
        // Differences may end a little below nothing.
        self.wins.iter_mut().flatten().for_each(|wins| *wins = wins.max(0.0));
    }
}

/// Ballots of all votes: one for each source and two models, for the bootstrap weighs sources.
#[must_use]
pub fn ballots(votes: &[Judged], marks: &[Mark]) -> Vec<Ballot> {
    let mut sums: HashMap<(u32, [usize; 2]), (f64, f64, usize)> = HashMap::new();
    for (vote, mark) in votes.iter().zip(marks).filter(|(_, mark)| mark.weight > 0.0) {
        let [a, b] = vote.models;
        let (models, won) = if a < b { ([a, b], vote.won) } else { ([b, a], 1.0 - vote.won) };
        let sum = sums.entry((vote.source, models)).or_default();
        *sum = (sum.0 + mark.weight, sum.1 + mark.weight * won, sum.2 + 1);
    }
    let mut ballots: Vec<Ballot> = sums
        .into_iter()
        .map(|((voter, models), (weight, won, votes))| Ballot {
            models,
            won: won / weight,
            weight,
            votes,
            voter,
        })
        .collect();
    ballots.sort_by_key(|ballot| (ballot.voter, ballot.models)); // the same votes, the same sums
    ballots
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use thermostat::preference::ranking::Ranking;

    /// A vote on models 0 and 1, shown as A and B in turn, of a voter who is one source, browser and owner.
    fn vote(voter: u32, number: u32, won_by: usize) -> Judged {
        let a = number as usize % 2;
        let is_a = a == won_by;
        Judged {
            source: voter,
            client: voter,
            owner: voter,
            pair: voter * 10_000 + number,
            models: [a, 1 - a],
            won: if is_a { 1.0 } else { 0.0 },
            is_a,
        }
    }

    /// Twenty voters with ten votes each, 70 of 100 for model 1.
    fn honest() -> Vec<Judged> {
        (0..20)
            .flat_map(|voter| {
                (0..10).map(move |number| vote(voter, number, usize::from((number * 7 + voter) % 10 < 7)))
            })
            .collect()
    }

    fn ranking(votes: &[Judged]) -> Ranking {
        Ranking::weighed(2, &ballots(votes, &mark(votes, 2, 10.0)))
    }

    fn chance(ranking: &Ranking, place: usize) -> f64 {
        ranking.standings.iter().find(|standing| standing.place == place).expect("ranked").chance
    }

    #[test]
    fn three_hundred_rigged_votes_of_one_source_do_not_turn_the_ranking() {
        let before = ranking(&honest());
        assert_eq!(before.told_apart, Some((1, 0)));
        // A browser and an owner's key of its own for each vote.
        let rigged = (0..300).map(|number| Judged {
            client: 1_000 + number,
            owner: 1_000 + number,
            ..vote(999, number, 0)
        });
        let votes: Vec<Judged> = honest().into_iter().chain(rigged).collect();
        let after = ranking(&votes);
        assert_eq!(after.standings[0].place, 1, "the order holds");
        let moved = chance(&before, 1) - chance(&after, 1);
        assert!(moved > 0.0 && moved < 0.02, "moved by {moved}");
        let unweighed = mark(&votes, 2, f64::INFINITY);
        assert_eq!(
            Ranking::weighed(2, &ballots(&votes, &unweighed)).standings[0].place,
            0,
            "without the rule it turns"
        );
        let marks = mark(&votes, 2, 10.0);
        assert!(marks[200..].iter().all(|mark| mark.is_outlier), "and it is seen");
        assert!(marks[..200].iter().all(|mark| !mark.is_outlier && mark.weight == 1.0));
    }

    #[test]
    fn one_browser_at_many_addresses_is_one_voter_too() {
        let rigged =
            (0..300).map(|number| Judged { client: 7_777, source: 1_000 + number, ..vote(999, number, 0) });
        let votes: Vec<Judged> = honest().into_iter().chain(rigged).collect();
        let marks = mark(&votes, 2, 10.0);
        let weight: f64 = marks[200..].iter().map(|mark| mark.weight).sum();
        assert!((weight - 10.0).abs() < 1e-9, "{weight}");
    }

    #[test]
    fn a_pair_judged_again_by_the_same_voter_weighs_nothing() {
        let again = Judged { client: 55, owner: 56, ..vote(1, 1, 0) };
        let marks = mark(&[vote(1, 1, 1), again, Judged { pair: 10_001, ..vote(2, 1, 0) }], 2, 10.0);
        let seen: Vec<(bool, f64)> = marks.iter().map(|mark| (mark.is_copy, mark.weight)).collect();
        assert_eq!(seen, [(false, 1.0), (true, 0.0), (false, 1.0)], "another voter may judge the same pair");
    }

    #[test]
    fn a_source_that_always_takes_the_left_is_flagged_and_a_decided_one_is_not() {
        let left = (0..20).map(|number| {
            let vote = vote(1, number, 0);
            Judged { won: 1.0, is_a: true, ..vote }
        });
        let votes: Vec<Judged> = left.chain((0..20).map(|number| vote(2, number, 1))).collect();
        let marks = mark(&votes, 2, 10.0);
        assert!(marks[..20].iter().all(|mark| mark.is_one_sided));
        assert!(marks[20..].iter().all(|mark| !mark.is_one_sided));
    }

    proptest! {
        #[test]
        fn nobody_weighs_more_than_the_most(
            cast in prop::collection::vec((0_u32..6, 0_u32..6, 0_u32..6, 0_u32..40, 0_u8..3), 0..200),
            most in 1.0_f64..20.0,
        ) {
            let votes: Vec<Judged> = cast
                .into_iter()
                .map(|(source, client, owner, pair, won)| Judged {
                    source, client, owner, pair, models: [0, 1], won: f64::from(won) / 2.0, is_a: won == 2,
                })
                .collect();
            let marks = mark(&votes, 2, most);
            for kind in [|vote: &Judged| vote.source, |vote: &Judged| vote.client, |vote: &Judged| vote.owner] {
                for name in 0..6 {
                    let weight: f64 = votes.iter().zip(&marks).filter(|(vote, _)| kind(vote) == name).map(|(_, mark)| mark.weight).sum();
                    prop_assert!(weight <= most + 1e-9, "{weight} of {most}");
                }
            }
            let ballots = ballots(&votes, &marks);
            let total: f64 = ballots.iter().map(|ballot| ballot.weight).sum();
            prop_assert!((total - marks.iter().map(|mark| mark.weight).sum::<f64>()).abs() < 1e-9);
        }
    }
}
