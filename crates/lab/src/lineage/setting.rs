//! What all stages share: the tables, the tokenizer, the shape of the model, and sampling and packing of answers.

use anyhow::{Context, Result};
use thermostat::text::Tokenizer;
use thermostat::units::{Seed, Temperature};

use super::config::LineageConfig;
use crate::corpus::{Corpus, Kind};
use crate::network::generate::{Row, sample};
use crate::network::{ModelShape, Shard};
use crate::panel::{Oracle, Panel};
use crate::vocabulary::MadeVocabulary;

/// What draws are for. Each purpose has its own stream, so that no stage sees another's answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u64)]
pub enum Purpose {
    /// Answers to be compared.
    Comparisons = 1,
    /// Hard negatives.
    Negatives = 2,
    /// Annotators.
    Votes = 3,
    /// Rejection sampling.
    Rejection = 4,
    /// The temperature probe.
    Probe = 5,
    /// Rollouts.
    Rollouts = 6,
    /// Measurements.
    Truth = 7,
    /// The order of examples.
    Order = 8,
    /// The over-optimised run.
    OverOptimised = 9,
    /// Examples of the SFT corpus that a reward model rehearses.
    Rehearsal = 10,
}

/// The tables and the model's outside.
#[derive(Debug)]
pub struct Setting {
    /// Prompts and facts.
    pub corpus: Corpus,
    /// Annotators, and with them true quality.
    pub panel: Panel,
    /// Text to tokens and back.
    pub tokenizer: Tokenizer,
    /// The decoder.
    pub shape: ModelShape,
    /// The token that ends an answer.
    pub end: u32,
    /// Seed of the lineage.
    pub seed: u64,
    /// Longest answer, tokens.
    pub most_tokens: usize,
    /// Size of a shard, tokens.
    pub shard_tokens: usize,
    /// Threads; no influence on results.
    pub threads: usize,
}

/// A prompt to be answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Ask {
    /// Poem or fact.
    pub kind: Kind,
    /// The prompt.
    pub prompt: String,
    /// Temperature of the draws.
    pub temperature: f32,
    /// Number of answers.
    pub answers: u32,
    /// Seed of the draws; answers are rows 0, 1, ...
    pub seed: Seed,
}

/// A sampled answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// As drawn, with the end token if it came.
    pub tokens: Vec<u32>,
    /// Its text.
    pub text: String,
    /// Whether the end token came.
    pub finished: bool,
}

/// Every answer with its prompt, group after group: what a reward model scores.
#[must_use]
pub fn with_prompts<'a>(asks: &'a [Ask], groups: &'a [Vec<Answer>]) -> Vec<(&'a str, &'a str)> {
    let pair = |ask: &'a Ask, answer: &'a Answer| (ask.prompt.as_str(), answer.text.as_str());
    asks.iter().zip(groups).flat_map(|(ask, group)| group.iter().map(move |a| pair(ask, a))).collect()
}

impl Setting {
    /// The setting of a vocabulary, a shape and a configuration.
    ///
    /// # Errors
    /// A vocabulary without the special tokens.
    pub fn new(
        vocabulary: &MadeVocabulary,
        shape: &ModelShape,
        config: &LineageConfig,
        threads: usize,
    ) -> Result<Self> {
        let tokenizer = vocabulary.tokenizer()?;
        let end = tokenizer.token_of("<|end|>").context("the vocabulary has no end token")?;
        Ok(Self {
            corpus: Corpus::new(),
            panel: Panel::new(),
            tokenizer,
            shape: shape.clone(),
            end,
            seed: config.seed,
            most_tokens: config.most_tokens,
            shard_tokens: config.shard_tokens,
            threads,
        })
    }

    /// The judge of true quality: for reports and for stopping, never for training.
    #[must_use]
    pub fn oracle(&self) -> &Oracle {
        self.panel.oracle()
    }

    /// A number that depends on the lineage's seed, a purpose, a version and an index, and on nothing else.
    #[must_use]
    pub fn stream(&self, purpose: Purpose, version: u32, index: u64) -> u64 {
        let mut z = self.seed.wrapping_mul(0xD134_2543_DE82_EF95)
            ^ (purpose as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15)
            ^ u64::from(version).wrapping_mul(0xA24B_AED4_963E_E407)
            ^ index.wrapping_mul(0x9FB2_1C65_1E98_DF25);
        // SplitMix64's mixing (Steele, Lea and Flood 2014).
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A seed for the engine's draws.
    #[must_use]
    pub fn draw_seed(&self, purpose: Purpose, version: u32, index: u64) -> Seed {
        (self.stream(purpose, version, index) >> 32) as Seed
    }

    /// Answers to prompts, in their order.
    ///
    /// # Errors
    /// A prompt that cannot be encoded.
    pub fn answers(&self, weights: &[f32], asks: &[Ask]) -> Result<Vec<Vec<Answer>>> {
        let mut rows = Vec::new();
        for ask in asks {
            let prompt = self.tokenizer.chat_prompt(&ask.prompt)?;
            let temperature = Temperature::new(ask.temperature)?;
            rows.extend((0..ask.answers).map(|row| Row {
                prompt: prompt.clone(),
                row,
                seed: ask.seed,
                temperature,
            }));
        }
        let mut sampled =
            sample(weights, &self.shape, &rows, self.end, self.most_tokens, self.threads).into_iter();
        let take = |ask: &Ask| {
            sampled
                .by_ref()
                .take(ask.answers as usize)
                .map(|sampled| {
                    let words = sampled.tokens.strip_suffix(&[self.end]).unwrap_or(&sampled.tokens);
                    Answer {
                        text: self.tokenizer.decode(words),
                        finished: sampled.finished,
                        tokens: sampled.tokens,
                    }
                })
                .collect()
        };
        Ok(asks.iter().map(take).collect())
    }

    /// The tokens of a prompt and its answer as training shows them, and where the answer begins.
    ///
    /// # Errors
    /// A text that cannot be encoded.
    pub fn document(&self, prompt: &str, answer: &str) -> Result<(Vec<u32>, usize)> {
        let mut tokens = self.tokenizer.chat_prompt(prompt)?;
        let answer_from = tokens.len();
        tokens.extend(self.tokenizer.encode(answer, false)?);
        tokens.push(self.end);
        Ok((tokens, answer_from))
    }

    /// Packs documents into shards, in order. `push` adds one to a shard. Documents longer than the context are an error of
    /// the caller: answers are bounded by `most_tokens`.
    pub fn pack<T>(
        &self,
        documents: &[T],
        length: impl Fn(&T) -> usize,
        push: impl Fn(&mut Shard, &T),
    ) -> Vec<Shard> {
        let mut shards: Vec<Shard> = Vec::new();
        for document in documents {
            if shards.last().is_none_or(|s| s.tokens.len() + length(document) > self.shard_tokens) {
                shards.push(Shard::default());
            }
            if let Some(shard) = shards.last_mut() {
                push(shard, document);
            }
        }
        shards
    }
}

/// The learning rate of a step: a short linear rise, then half a cosine to zero.
#[must_use]
pub fn learning_rate_at(highest: f32, step: usize, steps: usize) -> f32 {
    let warm_up = (steps / 20).max(1);
    if step < warm_up {
        return highest * (step + 1) as f32 / warm_up as f32;
    }
    let done = (step - warm_up) as f32 / (steps - warm_up).max(1) as f32;
    highest * 0.5 * (1.0 + (std::f32::consts::PI * done.min(1.0)).cos())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_learning_rate_rises_and_falls_to_nothing() {
        let rates: Vec<f32> = (0..100).map(|step| learning_rate_at(1.0, step, 100)).collect();
        assert!(rates[0] < rates[4] && rates[4] <= 1.0);
        assert!(rates[5..].is_sorted_by(|a, b| a >= b));
        assert!(rates[99] < 0.01);
    }
}
