//! What is true of a file's answers: facts that are right, poems that are poems, by the oracle and without any reward.
//!
//! Many prompts and few answers to each, so that the shares are about prompts and not about a few of them.

use std::collections::BTreeMap;

use anyhow::Result;
use serde::{Deserialize, Serialize};

use super::sampling::{PromptSet, Protocol, StageFile, sample};
use crate::corpus::Kind;
use crate::panel::{Oracle, Quality};

/// One file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct QualityTable {
    /// The stage's id in the manifest.
    pub id: String,
    /// The file's name.
    pub file: String,
    /// How it was asked.
    pub protocol: Protocol,
    /// On prompts of the kind that RLHF asks, one entry per temperature.
    pub asked: Vec<TrueQualities>,
    /// On subjects and topics held out from all rewards, likewise.
    pub held_out: Vec<TrueQualities>,
}

/// One temperature. Shares from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct TrueQualities {
    /// Temperature.
    pub temperature: f32,
    /// Facts: subject and answer are right.
    pub strict: f64,
    /// Facts: the oracle's mean score.
    pub facts: f64,
    /// Poems: the oracle's mean score.
    pub poems: f64,
    /// Poems: line ends rhyme, of those that must.
    pub rhymes: f64,
    /// Poems: the topic occurs.
    pub on_topic: f64,
    /// Poems: whole.
    pub whole: f64,
    /// Poems: a line or an end word comes twice.
    pub repeats: f64,
    /// Poems: mean number of lines.
    pub lines: f64,
    /// Poems: share of all lines that are the most common line, begin with the most common two words, or end with the
    /// most common two words, whichever is most: how far one template has taken over.
    pub template: f64,
    /// Answers judged: facts and poems.
    pub answers: (usize, usize),
}

impl QualityTable {
    /// What was measured at a temperature, on prompts of the kind that RLHF asks.
    #[must_use]
    pub fn at(&self, temperature: f32) -> Option<&TrueQualities> {
        self.asked.iter().find(|found| (found.temperature - temperature).abs() < 1e-4)
    }
}

/// Measures a file.
///
/// # Errors
/// A file that the engine refuses; a prompt that does not fit.
pub fn quality_table(
    stage: &StageFile<'_>,
    asked: &PromptSet,
    held_out: &PromptSet,
    protocol: &Protocol,
    threads: usize,
) -> Result<QualityTable> {
    let oracle = Oracle::new();
    let measure = |prompts: &PromptSet| -> Result<Vec<TrueQualities>> {
        let groups = sample(stage, prompts, protocol, threads)?;
        let at = |(index, &temperature): (usize, &f32)| {
            let (mut facts, mut poems) = (Vec::new(), Vec::new());
            let mut lines = Lines::default();
            for ((kind, prompt), groups) in prompts.all().into_iter().zip(&groups) {
                for answer in groups.get(index).into_iter().flatten() {
                    let quality = oracle.quality(kind, prompt, &answer.text);
                    match kind {
                        Kind::Factual => facts.push(quality),
                        Kind::Creative => {
                            poems.push(quality);
                            lines.take(&answer.text);
                        }
                    }
                }
            }
            true_qualities(temperature, &facts, &poems, lines.template())
        };
        Ok(protocol.temperatures.iter().enumerate().map(at).collect())
    };
    Ok(QualityTable {
        id: stage.id.to_owned(),
        file: stage.file.to_owned(),
        protocol: protocol.clone(),
        asked: measure(asked)?,
        held_out: measure(held_out)?,
    })
}

fn true_qualities(temperature: f32, facts: &[Quality], poems: &[Quality], template: f64) -> TrueQualities {
    let mean = |of: &[Quality], value: &dyn Fn(&Quality) -> f64| {
        of.iter().map(value).sum::<f64>() / of.len().max(1) as f64
    };
    let share = |of: &[Quality], is: &dyn Fn(&Quality) -> bool| mean(of, &|q| f64::from(u8::from(is(q))));
    let must_rhyme: Vec<Quality> = poems.iter().copied().filter(Quality::must_rhyme).collect();
    TrueQualities {
        temperature,
        strict: share(facts, &|q| q.strict == Some(true)),
        facts: mean(facts, &|q| q.score),
        poems: mean(poems, &|q| q.score),
        rhymes: share(&must_rhyme, &|q| q.rhymes),
        on_topic: share(poems, &|q| q.on_topic),
        whole: share(poems, &|q| q.whole),
        repeats: share(poems, &|q| q.repeats),
        lines: mean(poems, &|q| q.lines as f64),
        template,
        answers: (facts.len(), poems.len()),
    }
}

/// How often lines, their beginnings and their ends occur.
#[derive(Default)]
struct Lines {
    seen: BTreeMap<(u8, String), usize>,
    all: usize,
}

impl Lines {
    fn take(&mut self, poem: &str) {
        for line in poem.lines().map(str::to_lowercase).filter(|line| !line.trim().is_empty()) {
            let words: Vec<&str> = line.split_whitespace().collect();
            let beginning = words[..words.len().min(2)].join(" ");
            let end = words[words.len().saturating_sub(2)..].join(" ");
            for (part, text) in [(0, words.join(" ")), (1, beginning), (2, end)] {
                *self.seen.entry((part, text)).or_default() += 1;
            }
            self.all += 1;
        }
    }

    fn template(&self) -> f64 {
        self.seen.values().max().copied().unwrap_or(0) as f64 / self.all.max(1) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_is_found_at_either_end_of_a_line() {
        let mut lines = Lines::default();
        lines.take("The sea is wide\nThe sea is deep\n\nA gull flies by\nWe go to sleep");
        assert_eq!(lines.template(), 0.5);
        assert_eq!(Lines::default().template(), 0.0);
        let mut same = Lines::default();
        same.take("One line only\none  line only");
        assert_eq!(same.template(), 1.0);
    }
}
