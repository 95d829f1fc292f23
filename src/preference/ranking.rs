//! Which model a person's votes prefer: strengths by the model of Bradley and Terry (1952).
//!
//! Model i wins against model j with probability `sigmoid(s_i - s_j)`. The strengths maximise the likelihood of the votes
//! times a weak normal prior, [`PENALTY`], without which one that never lost would be infinitely strong.
//! "Both bad" counts as half a win for each, as in Chatbot Arena (Chiang et al. 2024, arXiv 2403.04132); skipped pairs, and
//! pairs from one model at two temperatures, say nothing about models and are left out. A model is known by its file's
//! checksum, so that votes on a stage's earlier weights do not count for its present ones.
//!
//! Intervals are those of a weighted likelihood bootstrap (Newton and Raftery 1994): every round weighs each vote by a draw
//! from the exponential distribution with mean 1, and takes the prior's centre from the prior. With many votes that is as
//! wide as the ordinary bootstrap; with few it stays wide, where the ordinary one would take three wins of three for
//! certainty. The prior's price: where one of two models nearly always wins, a few dozen votes show it as too weak.

use super::{Choice, Side, Vote};
use crate::sampling::{philox4x32_10, uniform};

/// Weight of the sum of squared strengths beside the negative log-likelihood: a normal prior of standard deviation
/// `1 / sqrt(2 PENALTY)`, about 1.3. The difference of two strengths then has 1.83, nearly that of the logistic
/// distribution (1.81): before any vote all win rates of two stages are about equally likely.
pub const PENALTY: f64 = 0.3;
/// Rounds of the bootstrap.
pub const ROUNDS: u32 = 400;
/// Share of the rounds that lies within an interval.
pub const COVERAGE: f64 = 0.95;

/// Key of the bootstrap's draws: the same votes have the same intervals.
const DRAWS: [u32; 2] = [21, 0x5241_4E4B];
/// Newton steps; convex and smooth, it takes fewer than ten.
const MOST_STEPS: u32 = 50;
/// A step that lowers the objective by less has arrived.
const LEAST_GAIN: f64 = 1e-13;

/// What a vote says about two models.
#[derive(Debug, Clone, PartialEq)]
pub struct Meeting {
    /// Checksums of the models of answers A and B; they differ.
    pub models: [String; 2],
    /// Share of a win that goes to the first: 1, 0 or a half.
    pub won: f64,
}

impl Meeting {
    /// What a vote says; none if it says nothing about models.
    #[must_use]
    pub fn of(vote: &Vote) -> Option<Self> {
        let won = match vote.choice {
            Choice::Prefer { side: Side::A, .. } => 1.0,
            Choice::Prefer { side: Side::B, .. } => 0.0,
            Choice::BothBad => 0.5,
            Choice::Skip => return None,
        };
        let models = [&vote.answer_a, &vote.answer_b].map(|answer| answer.source.model_sha256.clone());
        (models[0] != models[1]).then_some(Self { models, won })
    }
}

/// Votes of one voter on two models, as far as they count.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ballot {
    /// Places of the two models; they differ.
    pub models: [usize; 2],
    /// Share of the wins that goes to the first, 0 to 1.
    pub won: f64,
    /// How much they count together; one vote of somebody trusted counts 1.
    pub weight: f64,
    /// How many votes they are.
    pub votes: usize,
    /// Whose. Votes of one voter say less than as many votes of many: the bootstrap draws one weight for all of them.
    pub voter: u32,
}

/// One model in the ranking.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Standing {
    /// Which of the models asked for.
    pub place: usize,
    /// Probability to win against a model of average strength.
    pub chance: f64,
    /// The same at the interval's ends.
    pub interval: (f64, f64),
    /// Meetings of this model.
    pub meetings: usize,
}

/// A ranking of models.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranking {
    /// The strongest first.
    pub standings: Vec<Standing>,
    /// `wins[i][j]`: wins of model i against model j, halves among them.
    pub wins: Vec<Vec<f64>>,
    /// Meetings of the models asked for.
    pub meetings: usize,
    /// Best and worst, if the votes tell them apart: the best is stronger in every round. One of two stages would need 39 rounds
    /// of 40 for that; but these two were chosen as the ends of all, and chance alone puts ends apart.
    pub told_apart: Option<(usize, usize)>,
}

impl Ranking {
    /// Ranks `models` by their meetings; meetings of others are left out. Each meeting counts alike, as a voter's of its own.
    #[must_use]
    pub fn of(models: &[&str], meetings: &[Meeting]) -> Self {
        let place = |sum: &String| models.iter().position(|model| model == sum);
        let known = meetings.iter().filter_map(|meeting| {
            let [a, b] = &meeting.models;
            Some(([place(a)?, place(b)?], meeting.won))
        });
        let ballots: Vec<Ballot> = (0..)
            .zip(known)
            .map(|(voter, (models, won))| Ballot { models, won, weight: 1.0, votes: 1, voter })
            .collect();
        Self::weighed(models.len(), &ballots)
    }

    /// Ranks `count` models by ballots of unequal weight.
    ///
    /// # Panics
    /// If a ballot's place is not below `count`.
    #[must_use]
    pub fn weighed(count: usize, ballots: &[Ballot]) -> Self {
        let wins = tally(count, ballots.iter().map(|ballot| (ballot, 1.0)));
        let found = strengths(&wins, PENALTY, &vec![0.0; count]);
        let rounds: Vec<Vec<f64>> = (0..ROUNDS).map(|round| drawn_strengths(count, ballots, round)).collect();
        let interval = |value: &dyn Fn(&Vec<f64>) -> f64| {
            let mut values: Vec<f64> = rounds.iter().map(value).collect();
            values.sort_by(f64::total_cmp);
            let edge = (1.0 - COVERAGE) / 2.0;
            (quantile(&values, edge), quantile(&values, 1.0 - edge))
        };
        let votes = |of: &dyn Fn(&Ballot) -> bool| {
            ballots.iter().filter(|ballot| of(ballot)).map(|ballot| ballot.votes).sum()
        };
        let mut standings: Vec<Standing> = (0..count)
            .map(|place| {
                let (low, high) = interval(&|round| round[place]);
                Standing {
                    place,
                    chance: sigmoid(found[place]),
                    interval: (sigmoid(low), sigmoid(high)),
                    meetings: votes(&|ballot| ballot.models.contains(&place)),
                }
            })
            .collect();
        standings.sort_by(|a, b| b.chance.total_cmp(&a.chance).then(a.place.cmp(&b.place)));
        let ends = standings.first().zip(standings.last()).map(|(best, worst)| (best.place, worst.place));
        let told_apart = ends.filter(|&(best, worst)| rounds.iter().all(|round| round[best] > round[worst]));
        Self { standings, wins, meetings: votes(&|_| true), told_apart }
    }
}

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// Wins by model and opponent, from ballots with a factor on the weight of each.
fn tally<'a>(count: usize, ballots: impl Iterator<Item = (&'a Ballot, f64)>) -> Vec<Vec<f64>> {
    let mut wins = vec![vec![0.0; count]; count];
    for (ballot, factor) in ballots {
        let ([a, b], weight) = (ballot.models, factor * ballot.weight);
        wins[a][b] += weight * ballot.won;
        wins[b][a] += weight * (1.0 - ballot.won);
    }
    wins
}

/// The strengths that minimise the negative log-likelihood plus `penalty` times the squared distance from `centre`, shifted
/// to a mean of 0. `wins`: `[n, n]`, its diagonal unread; `centre`: `[n]`.
///
/// # Panics
/// If the sizes do not agree.
#[must_use]
pub fn strengths(wins: &[Vec<f64>], penalty: f64, centre: &[f64]) -> Vec<f64> {
    let count = wins.len();
    assert!(centre.len() == count && wins.iter().all(|row| row.len() == count), "sizes disagree");
    let objective = |s: &[f64]| {
        let prior: f64 = s.iter().zip(centre).map(|(s, c)| penalty * (s - c).powi(2)).sum();
        let pairs = (0..count).flat_map(|i| (0..count).map(move |j| (i, j))).filter(|(i, j)| i != j);
        // -ln sigmoid(x), without overflow.
        let loss = |x: f64| (-x.abs()).exp().ln_1p() + (-x).max(0.0);
        prior + pairs.map(|(i, j)| wins[i][j] * loss(s[i] - s[j])).sum::<f64>()
    };
    let mut s = centre.to_vec();
    let mut value = objective(&s);
    for _ in 0..MOST_STEPS {
        // 1. Gradient and Hessian.
        let mut gradient: Vec<f64> = s.iter().zip(centre).map(|(s, c)| 2.0 * penalty * (s - c)).collect();
        let mut hessian = vec![vec![0.0; count]; count];
        for i in 0..count {
            hessian[i][i] += 2.0 * penalty;
            for j in (0..count).filter(|j| *j != i) {
                let (chance, met) = (sigmoid(s[i] - s[j]), wins[i][j] + wins[j][i]);
                gradient[i] += met * chance - wins[i][j];
                let curve = met * chance * (1.0 - chance);
                hessian[i][i] += curve;
                hessian[i][j] -= curve;
            }
        }
        // 2. A step, halved until it gains.
        let mut step = solve(hessian, gradient);
        let (next, gained) = loop {
            let next: Vec<f64> = s.iter().zip(&step).map(|(s, step)| s - step).collect();
            let gained = value - objective(&next);
            if gained >= 0.0 || step.iter().all(|step| step.abs() < LEAST_GAIN) {
                break (next, gained);
            }
            step.iter_mut().for_each(|step| *step /= 2.0);
        };
        if gained < LEAST_GAIN {
            break;
        }
        (s, value) = (next, value - gained);
    }
    let mean = s.iter().sum::<f64>() / count.max(1) as f64;
    s.iter().map(|s| s - mean).collect()
}

/// Solves `matrix x = right` for a symmetric positive definite matrix by elimination, which needs no pivots there.
fn solve(mut matrix: Vec<Vec<f64>>, mut right: Vec<f64>) -> Vec<f64> {
    let count = right.len();
    for column in 0..count {
        let pivot = matrix[column].clone();
        for row in column + 1..count {
            let factor = matrix[row][column] / pivot[column];
            matrix[row].iter_mut().zip(&pivot).for_each(|(value, above)| *value -= factor * above);
            right[row] -= factor * right[column];
        }
    }
    for row in (0..count).rev() {
        let known: f64 = (row + 1..count).map(|column| matrix[row][column] * right[column]).sum();
        right[row] = (right[row] - known) / matrix[row][row];
    }
    right
}

/// The strengths of one round: every voter with a weight drawn for it, the prior's centre drawn from the prior.
fn drawn_strengths(count: usize, ballots: &[Ballot], round: u32) -> Vec<f64> {
    let words = |kind: u32, index: u32| philox4x32_10([index, round, kind, 0], DRAWS);
    let drawn = ballots.iter().map(|ballot| {
        let [word, ..] = words(0, ballot.voter);
        (ballot, -f64::from(uniform(word)).ln())
    });
    let wins = tally(count, drawn);
    let deviation = (2.0 * PENALTY).powf(-0.5);
    let centre: Vec<f64> = (0..count)
        .map(|place| {
            // Box and Muller.
            let [first, second, ..] = words(1, place as u32);
            let (u, v) = (f64::from(uniform(first)), f64::from(uniform(second)));
            deviation * (-2.0 * u.ln()).sqrt() * (std::f64::consts::TAU * v).cos()
        })
        .collect();
    strengths(&wins, PENALTY, &centre)
}

/// A quantile of sorted values, between neighbours in proportion (numpy's default).
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let place = share * (sorted.len().max(1) - 1) as f64;
    let (below, part) = (place as usize, place.fract());
    let at = |index: usize| sorted.get(index).or(sorted.last()).copied().unwrap_or(0.0);
    at(below) + part * (at(below + 1) - at(below))
}

#[cfg(test)]
mod tests {
    use super::super::samples::vote;
    use super::*;
    use crate::preference::Strength;
    use proptest::prelude::*;

    fn meeting(a: &str, b: &str, won: f64) -> Meeting {
        Meeting { models: [a.to_owned(), b.to_owned()], won }
    }

    /// See `tests/golden/bradley_terry.py`: choix in `f64`, stopped when a step changes strengths by less than 1e-10 of
    /// their size; Newton steps converge quadratically, so what is left is far below the tolerance.
    #[test]
    fn strengths_equal_those_of_choix() {
        let golden: serde_json::Value =
            serde_json::from_str(include_str!("../../tests/golden/bradley_terry.json"))
                .expect("golden values");
        let cases = golden["cases"].as_array().expect("cases");
        assert!(cases.len() >= 5);
        for case in cases {
            let wins: Vec<Vec<f64>> = serde_json::from_value(case["wins"].clone()).expect("a matrix");
            let wanted: Vec<f64> = serde_json::from_value(case["strengths"].clone()).expect("numbers");
            let penalty = case["penalty"].as_f64().expect("a number");
            let found = strengths(&wins, penalty, &vec![0.0; wins.len()]);
            assert_eq!(found.len(), wanted.len());
            for (found, wanted) in found.iter().zip(&wanted) {
                assert!((found - wanted).abs() < 1e-6, "{}: {found} {wanted}", case["name"]);
            }
        }
    }

    #[test]
    fn a_vote_counts_for_the_model_of_the_chosen_answer() {
        let mut vote = vote();
        assert_eq!(Meeting::of(&vote), None, "one model at two temperatures");
        let (a, b) = ("ab".repeat(32), "cd".repeat(32));
        vote.answer_b.source.model_sha256 = b.clone();
        assert_eq!(Meeting::of(&vote), Some(meeting(&a, &b, 1.0)));
        vote.choice = Choice::Prefer { side: Side::B, strength: Strength::NegligiblyBetterOrUnsure };
        assert_eq!(Meeting::of(&vote), Some(meeting(&a, &b, 0.0)));
        vote.choice = Choice::BothBad;
        assert_eq!(Meeting::of(&vote), Some(meeting(&a, &b, 0.5)));
        vote.choice = Choice::Skip;
        assert_eq!(Meeting::of(&vote), None);
    }

    #[test]
    fn three_wins_of_three_are_no_certainty() {
        let ranking = Ranking::of(&["a", "b"], &vec![meeting("b", "a", 1.0); 3]);
        let best = ranking.standings[0];
        assert_eq!((best.place, best.meetings), (1, 3));
        assert!(best.interval.0 < 0.5 && best.interval.1 > 0.8, "{best:?}");
        assert_eq!(ranking.told_apart, None);
        assert_eq!(ranking.wins, [[0.0, 0.0], [3.0, 0.0]]);
    }

    #[test]
    fn many_votes_tell_models_apart_and_others_stay_unknown() {
        let mut met = vec![meeting("b", "a", 1.0); 80];
        met.extend(vec![meeting("b", "a", 0.0); 20]);
        met.push(meeting("b", "gone", 1.0));
        let ranking = Ranking::of(&["a", "b", "c"], &met);
        assert_eq!((ranking.meetings, ranking.told_apart), (100, Some((1, 0))));
        let width = |place: usize| {
            let standing = ranking.standings.iter().find(|standing| standing.place == place).expect("ranked");
            standing.interval.1 - standing.interval.0
        };
        assert!(width(2) > 0.7, "nothing is known of the third: {}", width(2));
    }

    /// Coin tosses on six models, 200 times: the ends are told apart seldom.
    #[test]
    fn chance_is_not_taken_for_a_preference() {
        let names = ["a", "b", "c", "d", "e", "f"];
        let false_alarms = (0..200).filter(|&time| {
            let met: Vec<Meeting> = (0..20)
                .map(|number| {
                    let [a, step, won, _] =
                        philox4x32_10([number, time, 0, 0], [1, 2]).map(|word| word as usize >> 8);
                    meeting(names[a % 6], names[(a + 1 + step % 5) % 6], (won % 2) as f64)
                })
                .collect();
            Ranking::of(&names, &met).told_apart.is_some()
        });
        let count = false_alarms.count();
        assert!(count <= 10, "{count} of 200");
    }

    /// Many votes of one voter leave more doubt than as many votes of many, and weigh what they weigh.
    #[test]
    fn votes_of_one_voter_say_less_than_those_of_many() {
        let ballot = |voter, weight, votes| Ballot { models: [0, 1], won: 1.0, weight, votes, voter };
        let many: Vec<Ballot> = (0..30).map(|voter| ballot(voter, 1.0, 1)).collect();
        let [of_many, of_one] =
            [many.as_slice(), &[ballot(0, 30.0, 30)]].map(|some| Ranking::weighed(2, some));
        let width = |ranking: &Ranking| ranking.standings[0].interval.1 - ranking.standings[0].interval.0;
        assert!((of_many.standings[0].chance - of_one.standings[0].chance).abs() < 1e-9);
        assert_eq!((of_one.meetings, of_one.standings[0].meetings), (30, 30));
        assert!(width(&of_one) > 1.2 * width(&of_many), "{} {}", width(&of_one), width(&of_many));
        let light = Ranking::weighed(2, &[ballot(0, 0.5, 30)]);
        assert!(light.standings[0].chance < of_one.standings[0].chance);
    }

    #[test]
    fn without_votes_all_are_average() {
        let ranking = Ranking::of(&["a", "b", "c"], &[]);
        assert!(
            ranking.standings.iter().all(|s| s.chance == 0.5 && s.interval.0 < 0.15 && s.interval.1 > 0.85)
        );
        assert_eq!(ranking.told_apart, None);
        assert_eq!(Ranking::of(&[], &[]).standings, []);
    }

    /// With a win rate of 0.7 in 200 meetings, strengths of a pair are within `ln(.7/.3) / 2` = 0.42 plus or minus 1.96
    /// standard errors, half of `1 / sqrt(200 * .7 * .3)` = 0.077: 0.27 to 0.57, chances of .57 to .64 but for the prior.
    #[test]
    fn with_many_votes_intervals_are_those_of_theory() {
        let mut met = vec![meeting("a", "b", 1.0); 140];
        met.extend(vec![meeting("a", "b", 0.0); 60]);
        let (low, high) = Ranking::of(&["a", "b"], &met).standings[0].interval;
        assert!((low - 0.57).abs() < 0.015 && (high - 0.64).abs() < 0.015, "{low} {high}");
    }

    /// How often the interval holds the truth, over all outcomes of some votes on two models: 92 of 100 and more up to a win
    /// rate of .8; beyond it the prior shows, 83 of 100 at .9 with 20 votes.
    #[test]
    fn intervals_hold_the_truth_about_as_often_as_they_say() {
        for votes in [5_u32, 20] {
            let intervals: Vec<(f64, f64)> = (0..=votes)
                .map(|won| {
                    let met: Vec<Meeting> = (0..votes)
                        .map(|number| meeting("a", "b", f64::from(u8::from(number < won))))
                        .collect();
                    let ranking = Ranking::of(&["a", "b"], &met);
                    ranking.standings.iter().find(|standing| standing.place == 0).expect("ranked").interval
                })
                .collect();
            for rate in [0.5_f64, 0.6, 0.7, 0.8, 0.9] {
                // A win rate of two is a difference of strengths; against the average each has half of it.
                let truth = sigmoid((rate / (1.0 - rate)).ln() / 2.0);
                let mut chance = (1.0 - rate).powi(votes as i32);
                let mut covered = 0.0;
                for (won, (low, high)) in (0..=votes).zip(&intervals) {
                    covered += if *low <= truth && truth <= *high { chance } else { 0.0 };
                    chance *= rate / (1.0 - rate) * f64::from(votes - won) / f64::from(won + 1);
                }
                let least = if rate < 0.85 { 0.9 } else { 0.8 };
                assert!(covered > least, "{votes} votes at a rate of {rate}: {covered}");
            }
        }
    }

    proptest! {
        #[test]
        fn rankings_of_any_votes_are_sound(
            met in prop::collection::vec((0_usize..4, 1_usize..4, 0_u8..3), 0..40),
        ) {
            let names = ["a", "b", "c", "d"];
            let met: Vec<Meeting> = met
                .into_iter()
                .map(|(a, step, won)| meeting(names[a], names[(a + step) % 4], f64::from(won) / 2.0))
                .collect();
            let ranking = Ranking::of(&names, &met);
            prop_assert_eq!(ranking.meetings, met.len());
            prop_assert!((ranking.wins.iter().flatten().sum::<f64>() - met.len() as f64).abs() < 1e-9);
            for standing in &ranking.standings {
                let (low, high) = standing.interval;
                prop_assert!(0.0 < low && low <= standing.chance && standing.chance <= high && high < 1.0, "{standing:?}");
            }
            prop_assert!(ranking.standings.is_sorted_by(|a, b| a.chance >= b.chance));
        }
    }
}
