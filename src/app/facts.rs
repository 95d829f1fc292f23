//! What the manifest records about a stage, as lines of name and value.

use serde_json::Value;

use super::words;
use crate::manifest::Stage;

/// The lines: when and by what it was trained, the file, and every number that was measured.
#[must_use]
pub fn facts_of(stage: &Stage) -> Vec<(String, String)> {
    let mut facts = vec![
        ("trained on".to_owned(), stage.trained_on.clone()),
        ("training code".to_owned(), short(&stage.commit)),
    ];
    if let Some(file) = stage.files.first() {
        facts.push(("file".to_owned(), format!("{} ({})", words::bytes(file.size_bytes), file.quantization)));
        facts.push(("SHA-256".to_owned(), short(&file.sha256)));
    }
    flatten("", &stage.metrics, &mut facts);
    // Numbers of the file that the page uses come without its name; those of other files stay in the manifest.
    for (index, file) in stage.files.iter().enumerate() {
        let prefix = format!("{}, ", file.quantization.to_lowercase().replace('_', " "));
        if index == 0 {
            for (path, _) in &mut facts {
                *path = path.strip_prefix(&prefix).unwrap_or(path).to_owned();
            }
        } else {
            facts.retain(|(path, _)| !path.starts_with(&prefix));
        }
    }
    facts
}

/// The first characters of a long hexadecimal name.
fn short(name: &str) -> String {
    name.chars().take(12).collect()
}

/// Numbers and words of a manifest's metrics, by their path. Lists are left to the file.
fn flatten(path: &str, value: &Value, facts: &mut Vec<(String, String)>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let name = name.replace('_', " ");
                let path = if path.is_empty() { name } else { format!("{path}, {name}") };
                flatten(&path, value, facts);
            }
        }
        Value::Number(number) => {
            let value = number.as_f64().unwrap_or(f64::NAN);
            let text = match number.as_u64() {
                Some(whole) => words::count(whole),
                None => format!("{value:.3}"),
            };
            facts.push((path.to_owned(), text));
        }
        Value::String(text) if path.ends_with("sha256") => facts.push((path.to_owned(), short(text))),
        Value::String(text) => facts.push((path.to_owned(), text.clone())),
        Value::Bool(flag) => facts.push((path.to_owned(), flag.to_string())),
        Value::Null | Value::Array(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_file_in_use_is_listed() {
        let mut stage = crate::app::models::tests::manifest().stages.remove(0);
        let other = crate::manifest::ModelFile { quantization: "Q8_0".to_owned(), ..stage.files[0].clone() };
        stage.files.push(other);
        stage.metrics =
            serde_json::json!({"q4_0": {"right": 0.8}, "q8_0": {"right": 0.7}, "tokens": 15_921_980});
        let facts = facts_of(&stage);
        assert!(facts.contains(&("right".to_owned(), "0.800".to_owned())));
        assert!(facts.contains(&("tokens".to_owned(), "15.9 million".to_owned())));
        assert!(facts.iter().all(|(path, _)| !path.starts_with("q")), "{facts:?}");
    }

    #[test]
    fn metrics_are_listed_by_their_path() {
        let mut facts = Vec::new();
        let metrics = serde_json::json!({"loss": {"train": 1.23456, "steps": 100}, "curve": [1, 2]});
        flatten("", &metrics, &mut facts);
        let facts: Vec<_> = facts.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(facts, [("loss, steps", "100"), ("loss, train", "1.235")]);
    }
}
