//! The annotators of the panel: what each of them listens for, and how often wrongly. The rules are published.
//!
//! An annotator's liking of an answer is a weighted sum of what is true of it; the difference of two likings plus
//! logistic noise decides which is chosen (Bradley and Terry 1952) and how strongly. Tastes for length and for rich
//! words come in mirrored pairs of equal share, so that the panel as a whole has none. On facts everybody wants the
//! right answer and nobody cares for its wording; when both are right or both are wrong, the vote is a coin's.

use super::Rating;
use super::oracle::Quality;
use crate::corpus::Kind;
use crate::corpus::random::Chance;

/// One annotator. Weights are in units of the noise: a difference of 1 is chosen by three of four.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Voter {
    /// A name for reports.
    pub name: &'static str,
    /// What is particular about this annotator.
    pub note: &'static str,
    /// Share of all votes, per cent.
    pub share: usize,
    /// Facts: liking of a right answer.
    pub right: f64,
    /// Poems: liking of rhyme, and of what stands in its place in forms without.
    pub rhyme: f64,
    /// Poems: liking of a topic carried through all lines.
    pub topic: f64,
    /// Poems: liking of lines in metre.
    pub metre: f64,
    /// Poems: dislike of being cut off, of a repeated line or end word, and of the wrong number of lines, each.
    pub form: f64,
    /// Poems: liking of words that belong together, all gone where one pair of neighbours in five does not.
    pub sense: f64,
    /// Poems: dislike of a word that does not exist, counted twice at most.
    pub invented: f64,
    /// Liking of length; negative for shortness.
    pub long: f64,
    /// Poems: liking of long words; negative for short ones.
    pub rich: f64,
    /// Facts taken for right when wrong or for wrong when right, per cent of answers.
    pub misreads: usize,
    /// Rhymes missed or imagined, per cent of poems.
    pub mishears: usize,
    /// Scale of the logistic noise.
    pub noise: f64,
}

/// What most annotators are like; the table says how each differs.
const USUAL: Voter = Voter {
    name: "",
    note: "",
    share: 0,
    right: 7.0,
    rhyme: 3.5,
    topic: 4.0,
    metre: 2.0,
    form: 2.5,
    sense: 2.5,
    invented: 2.5,
    long: 0.0,
    rich: 0.0,
    misreads: 4,
    mishears: 4,
    noise: 1.0,
};

/// All annotators; a comparison's `annotator` is a place in this table.
pub const VOTERS: [Voter; 9] = [
    Voter {
        name: "listener",
        note: "hears rhyme and metre above all",
        share: 14,
        rhyme: 6.5,
        metre: 3.0,
        topic: 2.5,
        mishears: 1,
        ..USUAL
    },
    Voter {
        name: "reader",
        note: "wants the topic in every line",
        share: 14,
        topic: 7.0,
        rhyme: 2.5,
        misreads: 3,
        ..USUAL
    },
    Voter { name: "brief", note: "likes fewer lines and words", share: 10, long: -1.0, ..USUAL },
    Voter {
        name: "leisurely",
        note: "likes more lines and words; the mirror of brief",
        share: 10,
        long: 1.0,
        ..USUAL
    },
    Voter { name: "wordsmith", note: "likes long words", share: 10, rich: 1.0, ..USUAL },
    Voter {
        name: "plain",
        note: "likes short words; the mirror of wordsmith",
        share: 10,
        rich: -1.0,
        ..USUAL
    },
    Voter {
        name: "checker",
        note: "looks facts up and counts lines",
        share: 14,
        right: 9.0,
        form: 4.0,
        invented: 4.0,
        misreads: 1,
        ..USUAL
    },
    Voter {
        name: "hasty",
        note: "decides at a glance",
        share: 9,
        right: 5.0,
        misreads: 15,
        mishears: 15,
        noise: 2.0,
        ..USUAL
    },
    Voter {
        name: "tone-deaf",
        note: "cannot hear rhyme",
        share: 9,
        rhyme: 0.0,
        metre: 0.5,
        mishears: 50,
        ..USUAL
    },
];

/// Differences from which on the chosen answer is rated slightly better, better, significantly better.
pub(super) const THRESHOLDS: [f64; 3] = [2.2, 3.5, 5.5];
/// Scale of the noise where nothing can be told apart, as between two right facts: no reason to rate it strongly.
pub(super) const INDIFFERENCE: f64 = 0.6;
/// Dislike of each word of weight that comes again in a poem, three at most.
pub(super) const ECHO: f64 = 0.3;
/// Liking of capitals and full stops: in poems, in facts.
pub(super) const POLISH: f64 = 0.3;
pub(super) const FACT_POLISH: f64 = 0.1;
/// How far the taste for length reaches to the wording of facts.
pub(super) const FACT_LENGTH: f64 = 0.4;

/// Which of two answers, and how strongly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Vote {
    pub(super) first: bool,
    pub(super) rating: Rating,
}

/// The place of an annotator, drawn by share.
pub(super) fn draw(chance: &mut Chance) -> usize {
    chance.weighted(&VOTERS.map(|voter| voter.share))
}

/// One annotator's vote.
pub(super) fn vote(voter: &Voter, kind: Kind, answers: &[Quality; 2], chance: &mut Chance) -> Vote {
    let noise = voter.noise * chance.logistic();
    let difference = match kind {
        Kind::Factual => {
            let seen = [0, 1].map(|place| {
                let right = answers[place].strict == Some(true);
                right != chance.per_cent(voter.misreads)
            });
            let taste = fact_taste(voter, &answers[0]) - fact_taste(voter, &answers[1]);
            if seen[0] == seen[1] {
                taste + INDIFFERENCE * noise / voter.noise
            } else {
                taste + noise + if seen[0] { voter.right } else { -voter.right }
            }
        }
        Kind::Creative => {
            let liking = [0, 1].map(|place| {
                let heard = answers[place].keeps_form != chance.per_cent(voter.mishears);
                poem_liking(voter, &answers[place], heard)
            });
            liking[0] - liking[1] + noise
        }
    };
    Vote { first: difference > 0.0, rating: rating(difference.abs()) }
}

fn rating(strength: f64) -> Rating {
    match THRESHOLDS.iter().filter(|&&threshold| strength >= threshold).count() {
        0 => Rating::Negligibly,
        1 => Rating::Slightly,
        2 => Rating::Better,
        _ => Rating::Significantly,
    }
}

fn fact_taste(voter: &Voter, answer: &Quality) -> f64 {
    let length = (answer.words as f64 - 4.0) / 3.0;
    FACT_LENGTH * voter.long * length.clamp(-1.0, 1.0) + FACT_POLISH * f64::from(u8::from(answer.polished))
}

fn poem_liking(voter: &Voter, answer: &Quality, rhymes: bool) -> f64 {
    let when = |held: bool| f64::from(u8::from(held));
    voter.rhyme * when(rhymes)
        + voter.topic * answer.topic
        + voter.metre * answer.metre
        + voter.form * (when(answer.whole) - when(answer.repeats) + when(answer.asked_lines_kept))
        + voter.sense * (1.0 - 5.0 * (1.0 - answer.fluent)).max(0.0)
        - ECHO * answer.echoes.min(3) as f64
        - voter.invented * answer.invented.min(2) as f64
        + voter.long * (answer.lines as f64 - 3.0).clamp(-1.0, 1.0)
        + voter.rich * ((answer.letters - 4.0) / 0.4).clamp(-1.0, 1.0)
        + POLISH * when(answer.polished)
}
