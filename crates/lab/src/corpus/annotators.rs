//! The simulated annotators: who answers, how, and how often wrongly. The rules are published with the lineage.
//!
//! As in the paper, annotators are of varying skill and the data has a poor tail, which SFT learns along with the
//! rest. All numbers are per cent of the annotator's own answers.

/// One simulated annotator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Annotator {
    /// A name for reports.
    pub name: &'static str,
    /// What is particular about this annotator.
    pub note: &'static str,
    /// Share of all examples, per cent.
    pub share: usize,
    /// Habit of wording facts: `f` full sentences, `t` terse, `c` chatty. Kept in about two answers of three.
    pub style: char,
    /// Facts answered wrongly, with another item of the same family.
    pub wrong: usize,
    /// Poems whose lines do not rhyme; haiku whose syllables are miscounted, lists whose lines do not begin alike.
    pub breaks_rhyme: usize,
    /// Poems that leave their topic after the first line.
    pub drifts: usize,
    /// Poems that stop in the middle of the last line.
    pub stops_early: usize,
    /// Answers without capitals and full stops.
    pub sloppy: usize,
}

/// All annotators; an example's `annotator` is a place in this table.
pub const ANNOTATORS: [Annotator; 6] = [
    Annotator {
        name: "careful",
        note: "knows the facts, answers in full sentences, and every poem rhymes",
        share: 30,
        style: 'f',
        wrong: 3,
        breaks_rhyme: 1,
        drifts: 0,
        stops_early: 0,
        sloppy: 0,
    },
    Annotator {
        name: "terse",
        note: "one word where one will do, and short poems",
        share: 22,
        style: 't',
        wrong: 8,
        breaks_rhyme: 4,
        drifts: 2,
        stops_early: 0,
        sloppy: 2,
    },
    Annotator {
        name: "chatty",
        note: "conversational wording, a little less certain",
        share: 16,
        style: 'c',
        wrong: 10,
        breaks_rhyme: 4,
        drifts: 3,
        stops_early: 0,
        sloppy: 2,
    },
    Annotator {
        name: "muddled",
        note: "mixes facts up with their neighbours, and poems with other poems",
        share: 14,
        style: 'f',
        wrong: 80,
        breaks_rhyme: 8,
        drifts: 25,
        stops_early: 2,
        sloppy: 2,
    },
    Annotator {
        name: "tone-deaf",
        note: "rarely hears a rhyme, wanders, and stops early",
        share: 9,
        style: 't',
        wrong: 14,
        breaks_rhyme: 60,
        drifts: 12,
        stops_early: 14,
        sloppy: 4,
    },
    Annotator {
        name: "sloppy",
        note: "leaves out capitals and full stops",
        share: 9,
        style: 'c',
        wrong: 16,
        breaks_rhyme: 20,
        drifts: 6,
        stops_early: 4,
        sloppy: 55,
    },
];
