//! What the manifest records about a stage, as a line of a table.

use serde_json::Value;

use super::words;
use crate::manifest::Stage;

/// Numbers that every stage of a lineage has: heading, and where they stand in its metrics. Shares, measured at T = 1 by the
/// program that knows what is true, on prompts of its own.
pub const MEASURES: [(&str, &[&str]); 5] = [
    ("Facts right", &["truth", "facts", "strict"]),
    ("… of subjects held out", &["truth", "facts_held_out", "strict"]),
    ("Poems that rhyme", &["truth", "poems", "rhymes"]),
    ("Poems on topic", &["truth", "poems", "on_topic"]),
    ("Quality of poems", &["truth", "poems", "quality"]),
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
pub fn line_of(stage: &Stage) -> Line {
    let measure = |path: &[&str]| {
        let value = path.iter().try_fold(&stage.metrics, |value, name| value.get(name));
        value
            .and_then(Value::as_f64)
            .map_or_else(|| "–".to_owned(), |share| format!("{:.0} %", share * 100.0))
    };
    let file = stage.files.first().map_or_else(String::new, |file| {
        format!(
            ", {} ({}), SHA-256 {}",
            words::bytes(file.size_bytes),
            file.quantization,
            short(&file.sha256)
        )
    });
    Line {
        label: stage.label.clone(),
        measures: MEASURES.iter().map(|(_, path)| measure(path)).collect(),
        origin: format!("{}, code {}{file}", stage.trained_on, short(&stage.commit)),
    }
}

/// The first characters of a long hexadecimal name.
fn short(name: &str) -> String {
    name.chars().take(12).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::models::tests::manifest;

    #[test]
    fn what_is_recorded_is_listed_and_the_rest_is_a_dash() {
        let mut stage = manifest().stages.remove(0);
        stage.metrics = serde_json::json!({"truth": {"facts": {"strict": 0.925}, "poems": {"rhymes": 0.9, "on_topic": "?"}}});
        let line = line_of(&stage);
        assert_eq!(line.measures, ["92 %", "–", "90 %", "–", "–"]);
        assert!(
            line.origin.starts_with("2026-01-01, code unknown") && line.origin.ends_with("SHA-256 ab"),
            "{line:?}"
        );
    }
}
