//! Votes as JSON lines: in full, and in the shape that TRL trains on.
//!
//! The TRL shape is its conversational preference format with an explicit prompt, so that TRL puts the chat template of
//! the tokenizer around it: `prompt`, `chosen` and `rejected` are lists of messages, `margin` is what its reward
//! trainer subtracts. `provenance` holds the rest; every line has the same fields of the same types, as `datasets`
//! needs. It can hold nothing but a preference: "both bad" and skipped votes are left out and counted.

use serde::Serialize;

use super::{Choice, PreferenceError, RandomKey, Side, Source, Strength, Vote, parse_vote};

/// Votes in TRL's shape.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TrlExport {
    /// JSON lines, each ended by a line feed.
    pub jsonl: String,
    /// Number of lines.
    pub exported: usize,
    /// Votes left out because both answers were bad.
    pub both_bad: usize,
    /// Votes left out because they were skipped.
    pub skipped: usize,
}

/// All votes in full, one a line, in the given order.
///
/// # Errors
/// [`PreferenceError::Malformed`] if a vote cannot be written, which JSON gives no reason for.
pub fn records_jsonl(votes: &[Vote]) -> Result<String, PreferenceError> {
    let mut lines = String::new();
    for vote in votes {
        push_line(&mut lines, vote)?;
    }
    Ok(lines)
}

/// Reads what [`records_jsonl`] wrote. Empty lines are passed over; an empty text has no votes.
///
/// # Errors
/// [`PreferenceError::Line`] with the first line that is not a vote.
pub fn parse_records(jsonl: &str) -> Result<Vec<Vote>, PreferenceError> {
    let lines = jsonl.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(index, line)| {
            parse_vote(line)
                .map_err(|error| PreferenceError::Line { line: index + 1, error: Box::new(error) })
        })
        .collect()
}

/// The preferences among the votes in TRL's shape, one a line, in the given order.
///
/// # Errors
/// As for [`records_jsonl`].
pub fn trl_jsonl(votes: &[Vote]) -> Result<TrlExport, PreferenceError> {
    let mut export = TrlExport::default();
    for vote in votes {
        match vote.choice {
            Choice::Prefer { side, strength } => {
                push_line(&mut export.jsonl, &trl_line(vote, side, strength))?;
                export.exported += 1;
            }
            Choice::BothBad => export.both_bad += 1,
            Choice::Skip => export.skipped += 1,
        }
    }
    Ok(export)
}

#[derive(Serialize)]
struct TrlLine<'a> {
    prompt: [Message<'a>; 1],
    chosen: [Message<'a>; 1],
    rejected: [Message<'a>; 1],
    margin: f64,
    provenance: Provenance<'a>,
}

#[derive(Serialize)]
struct Message<'a> {
    role: &'static str,
    content: &'a str,
}

#[derive(Serialize)]
struct Provenance<'a> {
    schema: u32,
    id: RandomKey,
    strength: Strength,
    /// Where the chosen answer was shown.
    chosen_side: Side,
    chosen_source: &'a Source,
    rejected_source: &'a Source,
    time_unix_ms: u64,
    client: RandomKey,
    app_version: &'a str,
}

fn trl_line(vote: &Vote, side: Side, strength: Strength) -> TrlLine<'_> {
    let (chosen, rejected) = (vote.answer(side), vote.answer(side.other()));
    let message = |role, content| [Message { role, content }];
    TrlLine {
        prompt: message("user", &vote.prompt),
        chosen: message("assistant", &chosen.text),
        rejected: message("assistant", &rejected.text),
        margin: strength.margin(),
        provenance: Provenance {
            schema: vote.schema,
            id: vote.id,
            strength,
            chosen_side: side,
            chosen_source: &chosen.source,
            rejected_source: &rejected.source,
            time_unix_ms: vote.time_unix_ms,
            client: vote.client,
            app_version: &vote.app_version,
        },
    }
}

fn push_line(lines: &mut String, value: &impl Serialize) -> Result<(), PreferenceError> {
    lines.push_str(
        &serde_json::to_string(value).map_err(|error| PreferenceError::Malformed(error.to_string()))?,
    );
    lines.push('\n');
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::samples::{vote, votes};
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    #[test]
    fn trl_line_has_the_preferred_answer_as_chosen() {
        for (side, chosen, rejected) in [
            (Side::A, "It is Paris.", "Lyon,\n<b>surely</b>."),
            (Side::B, "Lyon,\n<b>surely</b>.", "It is Paris."),
        ] {
            let vote = Vote { choice: Choice::Prefer { side, strength: Strength::Better }, ..vote() };
            let export = trl_jsonl(&[vote]).expect("writes");
            let line: Value = serde_json::from_str(&export.jsonl).expect("reads");
            assert_eq!(
                line["prompt"],
                json!([{"role": "user", "content": "What is the capital of France?"}])
            );
            assert_eq!(line["chosen"], json!([{"role": "assistant", "content": chosen}]));
            assert_eq!(line["rejected"], json!([{"role": "assistant", "content": rejected}]));
            assert_eq!(line["margin"], json!(2.0 / 3.0));
            assert_eq!(line["provenance"]["chosen_side"], json!(side.letter().to_lowercase()));
        }
    }

    #[test]
    fn sources_follow_their_answers() {
        let vote = Vote { choice: Choice::Prefer { side: Side::B, strength: Strength::Better }, ..vote() };
        let export = trl_jsonl(&[vote]).expect("writes");
        let line: Value = serde_json::from_str(&export.jsonl).expect("reads");
        let temperature = |which: &str| line["provenance"][which]["temperature"].as_f64().expect("a number");
        assert_eq!((temperature("chosen_source"), temperature("rejected_source")), (1.3, 0.7));
    }

    #[test]
    fn votes_without_preference_are_left_out_of_trl_and_counted() {
        let with = |choice| Vote { choice, ..vote() };
        let votes = [vote(), with(Choice::BothBad), with(Choice::Skip), with(Choice::Skip)];
        let export = trl_jsonl(&votes).expect("writes");
        assert_eq!(export.jsonl.lines().count(), 1);
        assert_eq!((export.exported, export.both_bad, export.skipped), (1, 1, 2));
    }

    #[test]
    fn a_bad_line_is_named() {
        let good = serde_json::to_string(&vote()).expect("writes");
        let error = parse_records(&format!("{good}\n\n{{}}\n")).expect_err("a bad line");
        assert!(matches!(error, PreferenceError::Line { line: 3, .. }), "{error}");
        assert_eq!(parse_records(""), Ok(Vec::new()));
    }

    proptest! {
        #[test]
        fn records_survive_export_and_reading(votes in prop::collection::vec(votes(), 0..5)) {
            let lines = records_jsonl(&votes).expect("writes");
            prop_assert_eq!(parse_records(&lines), Ok(votes));
        }

        /// A file that was cut, mended by hand or made to do harm: whatever is in it, what comes out are whole votes or the line at
        /// fault, and what comes out goes in again.
        #[test]
        fn a_mangled_file_is_read_as_votes_or_refused_by_its_line(
            votes in prop::collection::vec(votes(), 1..4),
            cuts in prop::collection::vec((any::<prop::sample::Index>(), 0_usize..40, "\\PC{0,8}|[\"{}\\[\\]:,\\\\\n0-9eE.-]{0,8}"), 1..5),
        ) {
            let mut lines = records_jsonl(&votes).expect("writes");
            for (place, length, put) in cuts {
                let mut at = place.index(lines.len() + 1);
                while !lines.is_char_boundary(at) {
                    at -= 1;
                }
                let mut end = (at + length).min(lines.len());
                while !lines.is_char_boundary(end) {
                    end += 1;
                }
                lines.replace_range(at..end, &put);
            }
            match parse_records(&lines) {
                Ok(read) => {
                    prop_assert!(read.iter().all(|vote| vote.check().is_ok()));
                    prop_assert_eq!(parse_records(&records_jsonl(&read).expect("writes")), Ok(read));
                }
                Err(PreferenceError::Line { line, .. }) => prop_assert!(line >= 1 && line <= lines.lines().count()),
                Err(error) => prop_assert!(false, "{error}"),
            }
        }

        #[test]
        fn any_text_is_read_or_refused(text in any::<String>()) {
            let is_empty = text.lines().all(|line| line.trim().is_empty());
            prop_assert_eq!(parse_records(&text).is_ok(), is_empty, "no chance text is a vote");
        }

        #[test]
        fn each_vote_is_exported_or_counted(votes in prop::collection::vec(votes(), 0..8)) {
            let export = trl_jsonl(&votes).expect("writes");
            prop_assert_eq!(export.jsonl.lines().count(), export.exported);
            prop_assert_eq!(export.exported + export.both_bad + export.skipped, votes.len());
        }
    }
}
