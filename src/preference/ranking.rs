//! Which training stage a person's votes prefer: strengths by the model of Bradley and Terry (1952).
//!
//! Stage i wins against stage j with probability `sigmoid(s_i - s_j)`. The strengths maximise the likelihood of the votes
//! times a weak normal prior, [`PENALTY`], without which a stage that never lost would be infinitely strong.
//! "Both bad" counts as half a win for each, as in Chatbot Arena (Chiang et al. 2024, arXiv 2403.04132); skipped pairs, and
//! pairs from one stage at two temperatures, say nothing about stages and are left out.
//!
//! Intervals are those of a parametric bootstrap (Efron and Tibshirani 1993, chapter 6): every round draws the outcome of
//! every meeting anew from the fitted model, and the prior's centre from the prior. With many votes that is as wide as the
//! ordinary bootstrap, which draws the votes themselves; with few it stays nearly as wide as the prior, where the
//! ordinary one would take three wins of three for certainty.

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

/// What a vote says about two stages.
#[derive(Debug, Clone, PartialEq)]
pub struct Meeting {
    /// Ids of the stages of answers A and B; they differ.
    pub stages: [String; 2],
    /// Share of a win that goes to the first: 1, 0 or a half.
    pub won: f64,
}

impl Meeting {
    /// What a vote says; none if it says nothing about stages.
    #[must_use]
    pub fn of(vote: &Vote) -> Option<Self> {
        let won = match vote.choice {
            Choice::Prefer { side: Side::A, .. } => 1.0,
            Choice::Prefer { side: Side::B, .. } => 0.0,
            Choice::BothBad => 0.5,
            Choice::Skip => return None,
        };
        let stages = [&vote.answer_a, &vote.answer_b].map(|answer| answer.source.stage.clone());
        (stages[0] != stages[1]).then_some(Self { stages, won })
    }
}

/// One stage in the ranking.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Standing {
    /// Which of the stages asked for.
    pub stage: usize,
    /// Probability to win against a stage of average strength.
    pub chance: f64,
    /// The same at the interval's ends.
    pub interval: (f64, f64),
    /// Meetings of this stage.
    pub meetings: usize,
}

/// A ranking of stages.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranking {
    /// The strongest first.
    pub standings: Vec<Standing>,
    /// `wins[i][j]`: wins of stage i against stage j, halves among them.
    pub wins: Vec<Vec<f64>>,
    /// Meetings of the stages asked for.
    pub meetings: usize,
}

impl Ranking {
    /// Ranks `stages` by their meetings; meetings of other stages are left out.
    #[must_use]
    pub fn of(stages: &[&str], meetings: &[Meeting]) -> Self {
        let place = |id: &String| stages.iter().position(|stage| stage == id);
        let met: Vec<(usize, usize, f64)> = meetings
            .iter()
            .filter_map(|meeting| {
                let [a, b] = &meeting.stages;
                Some((place(a)?, place(b)?, meeting.won))
            })
            .collect();
        let count = stages.len();
        let wins = tally(count, met.iter().copied());
        let centre = vec![0.0; count];
        let found = strengths(&wins, PENALTY, &centre);
        let rounds: Vec<Vec<f64>> = (0..ROUNDS).map(|round| drawn_strengths(&found, &met, round)).collect();
        let mut standings: Vec<Standing> = (0..count)
            .map(|stage| {
                let mut values: Vec<f64> = rounds.iter().map(|round| round[stage]).collect();
                values.sort_by(f64::total_cmp);
                let edge = (1.0 - COVERAGE) / 2.0;
                Standing {
                    stage,
                    chance: sigmoid(found[stage]),
                    interval: (sigmoid(quantile(&values, edge)), sigmoid(quantile(&values, 1.0 - edge))),
                    meetings: met.iter().filter(|(a, b, _)| *a == stage || *b == stage).count(),
                }
            })
            .collect();
        standings.sort_by(|a, b| b.chance.total_cmp(&a.chance).then(a.stage.cmp(&b.stage)));
        Self { standings, wins, meetings: met.len() }
    }

    /// The strongest and the weakest stage, if the votes tell them apart: their intervals do not overlap.
    #[must_use]
    pub fn told_apart(&self) -> Option<(usize, usize)> {
        let (best, worst) = (self.standings.first()?, self.standings.last()?);
        (best.interval.0 > worst.interval.1).then_some((best.stage, worst.stage))
    }
}

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

fn tally(count: usize, met: impl Iterator<Item = (usize, usize, f64)>) -> Vec<Vec<f64>> {
    let mut wins = vec![vec![0.0; count]; count];
    for (a, b, won) in met {
        wins[a][b] += won;
        wins[b][a] += 1.0 - won;
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

/// The strengths of one round: every meeting's winner drawn from the strengths found, the prior's centre from the prior.
fn drawn_strengths(found: &[f64], met: &[(usize, usize, f64)], round: u32) -> Vec<f64> {
    let count = found.len();
    let words = |kind: u32, index: usize| philox4x32_10([index as u32, round, kind, 0], DRAWS);
    let drawn = met.iter().enumerate().map(|(index, &(a, b, _))| {
        let [word, ..] = words(0, index);
        let wins = f64::from(uniform(word)) < sigmoid(found[a] - found[b]);
        (a, b, f64::from(u8::from(wins)))
    });
    let wins = tally(count, drawn);
    let deviation = (2.0 * PENALTY).powf(-0.5);
    let centre: Vec<f64> = (0..count)
        .map(|stage| {
            // Box and Muller.
            let [first, second, ..] = words(1, stage);
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
        Meeting { stages: [a.to_owned(), b.to_owned()], won }
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
            for (found, wanted) in found.iter().zip(&wanted) {
                assert!((found - wanted).abs() < 1e-6, "{}: {found} {wanted}", case["name"]);
            }
        }
    }

    #[test]
    fn a_vote_counts_for_the_stage_of_the_chosen_answer() {
        let mut vote = vote();
        assert_eq!(Meeting::of(&vote), None, "one stage at two temperatures");
        vote.answer_b.source.stage = "rlhf-v5".to_owned();
        assert_eq!(Meeting::of(&vote), Some(meeting("sft", "rlhf-v5", 1.0)));
        vote.choice = Choice::Prefer { side: Side::B, strength: Strength::NegligiblyBetterOrUnsure };
        assert_eq!(Meeting::of(&vote), Some(meeting("sft", "rlhf-v5", 0.0)));
        vote.choice = Choice::BothBad;
        assert_eq!(Meeting::of(&vote), Some(meeting("sft", "rlhf-v5", 0.5)));
        vote.choice = Choice::Skip;
        assert_eq!(Meeting::of(&vote), None);
    }

    #[test]
    fn three_wins_of_three_are_no_certainty() {
        let ranking = Ranking::of(&["a", "b"], &vec![meeting("b", "a", 1.0); 3]);
        let best = ranking.standings[0];
        assert_eq!((best.stage, best.meetings), (1, 3));
        assert!(best.interval.0 < 0.45 && best.interval.1 > 0.8, "{best:?}");
        assert_eq!(ranking.told_apart(), None);
        assert_eq!(ranking.wins, [[0.0, 0.0], [3.0, 0.0]]);
    }

    #[test]
    fn many_votes_tell_stages_apart_and_others_stay_unknown() {
        let mut met = vec![meeting("b", "a", 1.0); 80];
        met.extend(vec![meeting("b", "a", 0.0); 20]);
        met.push(meeting("b", "gone", 1.0));
        let ranking = Ranking::of(&["a", "b", "c"], &met);
        assert_eq!(ranking.meetings, 100);
        assert_eq!(ranking.told_apart(), None, "nothing is known of the third");
        let width = |stage: usize| {
            let standing = ranking.standings.iter().find(|standing| standing.stage == stage).expect("ranked");
            standing.interval.1 - standing.interval.0
        };
        assert!(width(2) > 0.7, "{}", width(2));
        assert_eq!(Ranking::of(&["a", "b"], &met).told_apart(), Some((1, 0)));
    }

    #[test]
    fn without_votes_all_are_average() {
        let ranking = Ranking::of(&["a", "b", "c"], &[]);
        assert!(
            ranking.standings.iter().all(|s| s.chance == 0.5 && s.interval.0 < 0.15 && s.interval.1 > 0.85)
        );
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
