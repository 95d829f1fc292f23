//! The door: what comes from a file, a store or the network becomes a [`Vote`] here or is refused.

use serde::Deserialize;

use super::{Answer, PreferenceError, SCHEMA, Source, Vote};
use crate::units::{Temperature, Truncation};

/// Most bytes of one record, before it is parsed. A full record of our models has about 3,000.
pub const MOST_LINE_BYTES: usize = 512 * 1024;
/// Most bytes of a prompt or an answer.
pub const MOST_TEXT_BYTES: usize = 64 * 1024;
/// Most tokens of an answer: the longest context of the models that the page can run.
pub const MOST_TOKENS: usize = 8192;
/// Most bytes of a name (stage, version).
const MOST_NAME_BYTES: usize = 64;
/// No sampler is run hotter than this.
const MOST_TEMPERATURE: f32 = 100.0;
/// The largest whole number that JavaScript keeps exactly.
const MOST_TIME_UNIX_MS: u64 = (1 << 53) - 1;

/// Reads one record.
///
/// # Errors
/// A newer or unknown schema, JSON that is not such a record (unknown fields too), or a value outside its range.
pub fn parse_vote(json: &str) -> Result<Vote, PreferenceError> {
    #[derive(Deserialize)]
    struct Version {
        schema: u64,
    }

    if json.len() > MOST_LINE_BYTES {
        return Err(PreferenceError::Malformed(format!("it has more than {MOST_LINE_BYTES} bytes")));
    }
    let malformed = |error: serde_json::Error| PreferenceError::Malformed(error.to_string());
    // The version first: fields of the future must give that error, and not "unknown field".
    let Version { schema } = serde_json::from_str(json).map_err(malformed)?;
    check_schema(schema)?;
    let vote: Vote = serde_json::from_str(json).map_err(malformed)?;
    vote.check()?;
    Ok(vote)
}

fn check_schema(found: u64) -> Result<(), PreferenceError> {
    match found {
        0 => Err(PreferenceError::NoSuchSchema { found }),
        _ if found > u64::from(SCHEMA) => Err(PreferenceError::FutureSchema { found, known: SCHEMA }),
        _ => Ok(()),
    }
}

impl Vote {
    /// Checks all that types cannot say.
    ///
    /// # Errors
    /// The first field that holds what it may not.
    pub fn check(&self) -> Result<(), PreferenceError> {
        check_schema(u64::from(self.schema))?;
        check("prompt", !self.prompt.trim().is_empty(), "is empty")?;
        check_text("prompt", &self.prompt)?;
        self.answer_a.check("answer_a")?;
        self.answer_b.check("answer_b")?;
        check("time_unix_ms", self.time_unix_ms <= MOST_TIME_UNIX_MS, "is too large")?;
        check_name("app_version", &self.app_version)?;
        if self.answer_a.text == self.answer_b.text {
            return Err(PreferenceError::EqualAnswers);
        }
        Ok(())
    }
}

impl Answer {
    fn check(&self, path: &str) -> Result<(), PreferenceError> {
        check_text(&format!("{path}.text"), &self.text)?;
        let field = format!("{path}.token_ids");
        check(&field, self.token_ids.len() <= MOST_TOKENS, "has too many entries")?;
        let limit = self.source.max_new_tokens as usize;
        check(&field, self.token_ids.len() <= limit, "has more entries than max_new_tokens")?;
        self.source.check(&format!("{path}.source"))
    }
}

impl Source {
    fn check(&self, path: &str) -> Result<(), PreferenceError> {
        check_name(&format!("{path}.stage"), &self.stage)?;
        let is_hash = self.model_sha256.len() == 64
            && self.model_sha256.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        check(&format!("{path}.model_sha256"), is_hash, "is not 64 lower-case hex digits")?;
        if let Temperature::Value(value) = self.temperature {
            let is_in_range = Temperature::new(value).is_ok() && value <= MOST_TEMPERATURE;
            check(&format!("{path}.temperature"), is_in_range, "is not above 0 and at most 100")?;
        }
        let truncation = Truncation::new(self.top_k, self.top_p);
        check(&format!("{path}.top_k or top_p"), truncation.is_ok(), "is out of range")?;
        let has_limit = (1..=MOST_TOKENS).contains(&(self.max_new_tokens as usize));
        check(&format!("{path}.max_new_tokens"), has_limit, "is out of range")
    }
}

fn check_text(field: &str, text: &str) -> Result<(), PreferenceError> {
    check(field, text.len() <= MOST_TEXT_BYTES, "is too long")
}

fn check_name(field: &str, name: &str) -> Result<(), PreferenceError> {
    check(field, !name.is_empty(), "is empty")?;
    check(field, name.len() <= MOST_NAME_BYTES, "is too long")?;
    check(field, !name.contains(char::is_control), "holds control characters")
}

fn check(field: &str, is_fine: bool, problem: &'static str) -> Result<(), PreferenceError> {
    if is_fine { Ok(()) } else { Err(PreferenceError::Field { field: field.to_owned(), problem }) }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{choices, vote, votes};
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    fn written() -> Value {
        serde_json::to_value(vote()).expect("writes")
    }

    /// The vote with the value at `path` (as in a JSON pointer) replaced.
    fn with(path: &str, value: Value) -> String {
        let mut vote = written();
        *vote.pointer_mut(path).expect("the path exists") = value;
        vote.to_string()
    }

    #[test]
    fn a_newer_schema_is_told_from_a_broken_record() {
        let mut vote = written();
        vote["schema"] = json!(2);
        vote["mood"] = json!("new in schema 2");
        assert_eq!(parse_vote(&vote.to_string()), Err(PreferenceError::FutureSchema { found: 2, known: 1 }));
        assert_eq!(parse_vote(&with("/schema", json!(0))), Err(PreferenceError::NoSuchSchema { found: 0 }));
    }

    #[test]
    fn unknown_fields_are_refused_at_every_level() {
        for path in ["", "/answer_a", "/answer_b/source", "/choice/prefer"] {
            let mut vote = written();
            vote.pointer_mut(path).expect("the path exists")["extra"] = json!(1);
            let result = parse_vote(&vote.to_string());
            assert!(
                matches!(&result, Err(PreferenceError::Malformed(why)) if why.contains("extra")),
                "{path}: {result:?}"
            );
        }
    }

    #[test]
    fn every_field_is_needed() {
        for (field, _) in written().as_object().expect("an object") {
            let mut vote = written();
            vote.as_object_mut().expect("an object").remove(field);
            assert!(matches!(parse_vote(&vote.to_string()), Err(PreferenceError::Malformed(_))), "{field}");
        }
    }

    #[test]
    fn values_out_of_range_are_refused_by_name() {
        for (path, value) in [
            ("/prompt", json!("  ")),
            ("/prompt", json!("x".repeat(MOST_TEXT_BYTES + 1))),
            ("/answer_a/text", json!("x".repeat(MOST_TEXT_BYTES + 1))),
            ("/answer_b/token_ids", json!(vec![1; 97])),
            ("/answer_a/source/stage", json!("")),
            ("/answer_a/source/stage", json!("a\nb")),
            ("/answer_a/source/model_sha256", json!("AB".repeat(32))),
            ("/answer_b/source/temperature", json!(101.0)),
            ("/answer_b/source/max_new_tokens", json!(1_000_000)),
            ("/time_unix_ms", json!(u64::MAX)),
            ("/app_version", json!("v".repeat(65))),
        ] {
            let field = path.trim_start_matches('/').replace('/', ".");
            let result = parse_vote(&with(path, value));
            assert!(
                matches!(&result, Err(PreferenceError::Field { field: f, .. }) if *f == field),
                "{path}: {result:?}"
            );
        }
    }

    #[test]
    fn what_no_sampler_takes_is_refused() {
        for (path, value) in [
            ("/answer_a/source/temperature", json!(-1.0)),
            ("/answer_a/source/temperature", json!(null)),
            ("/answer_a/source/temperature", json!(1e300)),
            ("/answer_a/source/top_k", json!(0)),
            ("/answer_a/source/top_p", json!(1.5)),
            ("/answer_a/source/device", json!("abacus")),
            ("/answer_a/token_ids", json!([-1])),
            ("/choice", json!("maybe")),
            ("/id", json!("0")),
            ("/time_unix_ms", json!(1.5)),
        ] {
            assert!(parse_vote(&with(path, value)).is_err(), "{path}");
        }
    }

    #[test]
    fn equal_answers_are_no_pair() {
        assert_eq!(
            parse_vote(&with("/answer_b/text", json!("It is Paris."))),
            Err(PreferenceError::EqualAnswers)
        );
    }

    #[test]
    fn what_is_no_record_is_refused() {
        for bad in ["", "null", "[]", "{}", "{\"schema\":1}", "{\"schema\":\"1\"}", &"[".repeat(1000)] {
            assert!(matches!(parse_vote(bad), Err(PreferenceError::Malformed(_))), "{bad}");
        }
        let doubled = written().to_string().replacen("{", "{\"schema\":1,", 1);
        assert!(parse_vote(&doubled).is_err(), "a doubled field");
        assert!(parse_vote(&" ".repeat(MOST_LINE_BYTES + 1)).is_err());
    }

    #[test]
    fn every_choice_survives_writing_and_reading() {
        for choice in choices() {
            let vote = Vote { choice, ..vote() };
            let written = serde_json::to_string(&vote).expect("writes");
            assert_eq!(parse_vote(&written), Ok(vote));
        }
    }

    proptest! {
        #[test]
        fn votes_survive_writing_and_reading(vote in votes()) {
            let written = serde_json::to_string(&vote).expect("writes");
            prop_assert!(!written.contains(['\n', '\r']), "one record, one line");
            prop_assert_eq!(parse_vote(&written), Ok(vote));
        }

        #[test]
        fn no_text_makes_the_parser_panic(text in any::<String>()) {
            let _ = parse_vote(&text);
        }

        #[test]
        fn truncated_records_are_refused(vote in votes(), share in 0.0_f64..1.0) {
            let written = serde_json::to_string(&vote).expect("writes");
            let mut end = (written.len() as f64 * share) as usize;
            while !written.is_char_boundary(end) {
                end -= 1;
            }
            prop_assert!(parse_vote(&written[..end]).is_err());
        }
    }
}
