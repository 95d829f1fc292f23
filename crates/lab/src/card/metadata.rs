//! The metadata block at the head of a card, YAML as Hugging Face reads it.

use super::inputs::CardInputs;
use super::markdown::Page;
use crate::corpus::Kind;

/// Licences of the weights, as Hugging Face names them.
const LICENCES: [&str; 2] = ["mit", "apache-2.0"];

/// The metadata block that Hugging Face reads.
pub(super) fn write(page: &mut Page, inputs: &CardInputs) {
    let mut text = String::from("---\nlanguage:\n- en\nlicense:\n");
    LICENCES.iter().for_each(|licence| text.push_str(&format!("- {licence}\n")));
    text.push_str(
        "pipeline_tag: text-generation\ntags:\n- gguf\n- llama\n- rlhf\n- reward-model\n- ppo\n- education\n",
    );
    let run = inputs.runs.first();
    let measured = |stage: &str| -> Option<Vec<(String, f64)>> {
        let run = run?;
        let quality = run.quality.iter().find(|table| table.id == stage)?.at(1.0)?;
        let curves = &run.figure_21.iter().find(|figure| figure.id == stage)?.page;
        let bleu = |kind| Some(curves.at(kind, 1.0)?.self_bleu.mean);
        Some(vec![
            ("Facts strictly right at T = 1".to_owned(), quality.strict),
            ("Poems that rhyme at T = 1".to_owned(), quality.rhymes),
            ("Self-BLEU of facts at T = 1".to_owned(), bleu(Kind::Factual)?),
            ("Self-BLEU of poems at T = 1".to_owned(), bleu(Kind::Creative)?),
        ])
    };
    let results: Vec<_> = (inputs.manifest.stages.iter())
        .filter_map(|stage| Some((&stage.label, measured(&stage.id)?)))
        .collect();
    if !results.is_empty() {
        text.push_str("model-index:\n");
    }
    for (label, metrics) in results {
        text.push_str(&format!(
            "- name: Thermostat {label}\n  results:\n  - task:\n      type: text-generation\n    dataset:\n      \
             name: Prompts of this project\n      type: generated\n    metrics:\n"
        ));
        for (name, value) in metrics {
            text.push_str(&format!("    - name: {name}\n      type: share\n      value: {value:.4}\n"));
        }
    }
    page.paragraph(&(text + "---"));
}
