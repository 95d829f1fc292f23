//! The published rule list, printed from the tables that decide.

use std::fmt::Write;

use super::negatives::{OF_FACTS, OF_POEMS};
use super::oracle::COSTS;
use super::tastes::{ECHO, FACT_LENGTH, FACT_POLISH, INDIFFERENCE, POLISH, THRESHOLDS, VOTERS};
use super::{Negative, held_out_names};
use crate::corpus::Kind;
use crate::corpus::form::LIST_LINE;

/// All rules of the panel, as a page in Markdown.
#[must_use]
pub fn rules_markdown() -> String {
    let mut page = String::new();
    // Writing to a string cannot fail.
    let _ = write(&mut page);
    page
}

fn write(page: &mut String) -> std::fmt::Result {
    voters(page)?;
    quality(page)?;
    negatives(page)?;
    writeln!(page, "\n## Held out\n")?;
    for (kind, what) in [(Kind::Factual, "Subjects"), (Kind::Creative, "Topics")] {
        writeln!(page, "{what} in no comparison and no RLHF prompt: {}.\n", held_out_names(kind).join("; "))?;
    }
    Ok(())
}

fn voters(page: &mut String) -> std::fmt::Result {
    writeln!(
        page,
        "# The rules of the annotators\n\n\
         Two answers to a prompt, a forced choice, and four points for its strength (Touvron et al. 2023, section 3.2.1).\n\
         An annotator likes an answer by the weighted sum below. The difference of two likings plus logistic noise decides\n\
         the choice (Bradley and Terry 1952); its size decides the rating: from {} on slightly better, from {} better,\n\
         from {} significantly better, below that negligibly better or unsure. An annotator is drawn by share for every\n\
         vote.\n\n\
         | name | share | right | rhyme | topic | metre | form | sense | invented | long | rich | misreads | mishears | \
         noise | |\n|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|",
        THRESHOLDS[0], THRESHOLDS[1], THRESHOLDS[2],
    )?;
    for v in &VOTERS {
        writeln!(
            page,
            "| {} | {}% | {} | {} | {} | {} | {} | {} | {} | {} | {} | {}% | {}% | {} | {} |",
            v.name,
            v.share,
            v.right,
            v.rhyme,
            v.topic,
            v.metre,
            v.form,
            v.sense,
            v.invented,
            v.long,
            v.rich,
            v.misreads,
            v.mishears,
            v.noise,
            v.note,
        )?;
    }
    writeln!(
        page,
        "\n- Facts: *right* if an annotator takes the answer for right; *misreads* is how often that is a mistake. When both\n\
         seem right or both wrong, the noise is {INDIFFERENCE} times as large, capitals and full stop count {FACT_POLISH},\n\
         length at most {FACT_LENGTH} times *long*, and nothing else: no wording is preferred.\n\
         - Poems: *rhyme* if the annotator hears one (*mishears* is how often wrongly), *topic*, *metre* and *sense* by how\n\
         much of it there is, *form* three times: whole, nothing repeated, the number of lines asked for. Less *invented* for\n\
         each word that does not exist, two at most; less {ECHO} for each word that comes again, three at most. Capitals and\n\
         full stop count {POLISH}.\n\
         - Tastes: *long* for four lines rather than three or three rather than two, *rich* for longer words. Each has its\n\
         mirror of equal share, so that they cancel over the panel."
    )
}

fn quality(page: &mut String) -> std::fmt::Result {
    let costs = [
        ("the lines do not rhyme", COSTS.no_rhyme),
        ("the topic is not carried through: no line is connected", COSTS.no_topic),
        ("no line is in metre", COSTS.no_metre),
        ("cut off, or a line of fewer than three words", COSTS.cut),
        ("a line or an end word twice", COSTS.repeated),
        ("each further word of weight that comes again", COSTS.echo),
        ("each word that does not exist", COSTS.invented),
        ("the share of neighbouring words that do not belong together, times", COSTS.strange),
        ("another number of lines than asked for", COSTS.other_length),
        ("capitals or the last full stop left out", COSTS.careless),
    ];
    writeln!(
        page,
        "\n## True quality\n\n\
         Never used for training but through the votes. A fact is worth 1 when subject and answer are right, in whatever\n\
         wording, else 0: babbling, broken off, evasive or about another subject is wrong. A poem begins with 1, and each\n\
         flaw takes its share of what is left:\n\n| flaw | share |\n|---|---|"
    )?;
    for (flaw, cost) in costs {
        writeln!(page, "| {flaw} | {cost} |")?;
    }
    writeln!(
        page,
        "\nA line is connected to the topic by a noun of the topic or of its company; a line about another noun is not; any\n\
         other line is by where it is set, or by going on from the one before. Lines count as in metre with eight syllables,\n\
         even lines of a poem with an even number of lines also with six, one more or less. Syllables are the lexicon's;\n\
         vowel groups for words that it does not have. Words belong together when they, or others of their sort, stand side\n\
         by side in the tables or in clean poems of any form. No form, wording or vocabulary is worth more than another."
    )?;
    writeln!(
        page,
        "\nHaiku and list poems need not rhyme. What stands in the place of rhyme, for annotators and for the score, is\n\
         five, seven and five syllables in a haiku; in a list poem that all lines but the last begin alike and are short,\n\
         with at most {LIST_LINE} syllables. A prompt that names a form wants that form; one that does not takes any."
    )
}

fn negatives(page: &mut String) -> std::fmt::Result {
    writeln!(page, "\n## Hard negatives\n\n| flaw | of facts | of poems | |\n|---|---|---|---|")?;
    for flaw in Negative::ALL {
        let share = |table: &[(Negative, usize)]| {
            let found = table.iter().find(|(known, _)| *known == flaw);
            found.map_or_else(String::new, |(_, share)| format!("{share}%"))
        };
        writeln!(
            page,
            "| {} | {} | {} | {} |",
            flaw.name(),
            share(&OF_FACTS),
            share(&OF_POEMS),
            flaw.note()
        )?;
    }
    Ok(())
}
