//! What the manifest records about a stage, as a line of a table.

use serde_json::Value;

use super::language::Words;
use crate::manifest::Stage;

/// Where the numbers that every stage of a lineage has stand in its metrics. Shares, measured at T = 1 by the program that
/// knows what is true, on prompts of its own. Their headings: `About::measures` of `language`.
pub const MEASURES: [&[&str]; 5] = [
    &["truth", "facts", "strict"],
    &["truth", "facts_held_out", "strict"],
    &["truth", "poems", "rhymes"],
    &["truth", "poems", "on_topic"],
    &["truth", "poems", "quality"],
];

/// A stage's line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its name.
    pub label: String,
    /// One per entry of [`MEASURES`], in per cent; a dash where it is not recorded.
    pub measures: Vec<String>,
    /// When and by which commit it was trained, and its file.
    pub origin: String,
}

/// The line of a stage.
#[must_use]
pub fn line_of(stage: &Stage, words: &Words) -> Line {
    let measure = |path: &[&str]| {
        let value = path.iter().try_fold(&stage.metrics, |value, name| value.get(name));
        value.and_then(Value::as_f64).map_or_else(|| "–".to_owned(), |share| words.share(share))
    };
    let file = stage.files.first();
    let file = file.map(|file| (words.bytes(file.size_bytes), &file.quantization, short(&file.sha256)));
    let file =
        file.as_ref().map(|(size, quantization, sha256)| [size, *quantization, sha256].map(String::as_str));
    Line {
        label: words.stage_label(&stage.label).to_owned(),
        measures: MEASURES.iter().map(|path| measure(path)).collect(),
        origin: (words.about.origin)(&words.date(&stage.trained_on), &short(&stage.commit), file),
    }
}

/// The first characters of a long hexadecimal name.
pub(super) fn short(name: &str) -> String {
    name.chars().take(12).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::language::Language;
    use crate::app::models::tests::manifest;

    #[test]
    fn what_is_recorded_is_listed_and_the_rest_is_a_dash() {
        let mut stage = manifest().stages.remove(0);
        stage.metrics = serde_json::json!({"truth": {"facts": {"strict": 0.925}, "poems": {"rhymes": 0.9, "on_topic": "?"}}});
        let line = line_of(&stage, Language::English.words());
        assert_eq!(line.measures, ["92%", "–", "90%", "–", "–"]);
        assert!(
            line.origin.starts_with("1 January 2026, code unknown") && line.origin.ends_with("SHA-256 ab"),
            "{line:?}"
        );
    }
}
