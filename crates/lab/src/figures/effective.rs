//! The effective temperature, token by token: how much sharper than SFT a stage is, in the contexts it makes itself.
//!
//! 1. Sample answers of the stage's file at T = 1.
//! 2. For every token of an answer, the one that ends it included: the entropy of the stage's next-token distribution at
//!    T = 1, and SFT's logits in the same context. Both from the files' weights.
//! 3. The tau at which SFT has that entropy (`thermostat::metrics::effective_temperature`).
//!
//! If a stage had merely been cooled, tau would be the same everywhere. The paper's claim is that it is not: low where a
//! fact is told, near 1 in a poem. Where SFT itself leaves no choice, tau says little, so tokens at which SFT has an
//! entropy of at least [`OPEN_NATS`] are summarised apart.

use std::thread;

use anyhow::{Context, Result, anyhow, ensure};
use serde::{Deserialize, Serialize};
use thermostat::gguf::Gguf;
use thermostat::metrics::{OPEN_NATS, effective_temperature, entropy};
use thermostat::text::Tokenizer;

use super::sampling::{PromptSet, Protocol, StageFile, sample};
use super::statistics::deciles;
use crate::corpus::Kind;
use crate::import::weights;
use crate::network::{ModelShape, Pass, Shard};

/// Tokens in one forward pass.
const SHARD_TOKENS: usize = 1024;

/// One stage against SFT.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Effective {
    /// The stage's id in the manifest.
    pub id: String,
    /// The file's name.
    pub file: String,
    /// How it was asked.
    pub protocol: Protocol,
    /// Tokens of poems.
    pub creative: EffectiveOfKind,
    /// Tokens of facts.
    pub factual: EffectiveOfKind,
}

/// Tokens of one kind of answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EffectiveOfKind {
    /// All tokens.
    pub all: TokenTemperatures,
    /// Tokens at which SFT has a choice.
    pub open: TokenTemperatures,
}

/// Effective temperatures of some tokens.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TokenTemperatures {
    /// Tokens.
    pub tokens: usize,
    /// Share of them without an effective temperature.
    pub undefined: f64,
    /// Mean of its natural logarithm over the others; none if there are none.
    pub mean_ln: Option<f64>,
    /// From the lowest by tenths to the highest; empty if there are none.
    pub deciles: Vec<f64>,
    /// Mean entropy of the stage, nats.
    pub mean_entropy: f64,
    /// Mean entropy of SFT in the same contexts, nats.
    pub mean_sft_entropy: f64,
}

/// What is known of one token.
#[derive(Debug, Clone, Copy)]
struct Token {
    stage_entropy: f64,
    sft_entropy: f64,
    tau: Option<f64>,
}

/// Measures a stage's file against SFT's.
///
/// # Errors
/// A file that is refused; a prompt that does not fit; files of different shape or vocabulary.
pub fn effective_temperatures(
    sft: &StageFile<'_>,
    stage: &StageFile<'_>,
    prompts: &PromptSet,
    protocol: &Protocol,
    threads: usize,
) -> Result<Effective> {
    let read = |file: &StageFile<'_>| -> Result<(ModelShape, Vec<f32>, Tokenizer)> {
        let gguf = Gguf::parse(file.bytes.to_vec()).with_context(|| format!("reading {}", file.file))?;
        let (shape, weights) = weights(&gguf)?;
        Ok((shape, weights, Tokenizer::from_gguf(&gguf)?))
    };
    let (shape, sft_weights, _) = read(sft)?;
    let (stage_shape, stage_weights, tokenizer) = read(stage)?;
    ensure!(shape == stage_shape, "{} and {} have different shapes", sft.file, stage.file);
    let end = (0..shape.vocabulary as u32).find(|&token| tokenizer.is_end(token));
    let end = end.with_context(|| format!("{} has no token that ends an answer", stage.file))?;

    let answers = sample(stage, prompts, protocol, threads)?;
    let mut shards: [Vec<Shard>; 2] = Default::default();
    for ((kind, prompt), groups) in prompts.all().into_iter().zip(&answers) {
        let shards = &mut shards[usize::from(kind == Kind::Factual)];
        let prompt = tokenizer.chat_prompt(prompt)?;
        for answer in groups.iter().flatten() {
            let mut document = prompt.clone();
            document.extend(answer.tokens.iter().map(|token| token.id));
            document.extend(answer.ended.then_some(end));
            let full = |shard: &Shard| shard.tokens.len() + document.len() > SHARD_TOKENS;
            if shards.last().is_none_or(full) {
                shards.push(Shard::default());
            }
            if let Some(shard) = shards.last_mut() {
                shard.push(&document, prompt.len());
            }
        }
    }
    let of_kind = |shards: &[Shard]| -> Result<EffectiveOfKind> {
        let tokens = compare(&shape, &sft_weights, &stage_weights, shards, threads)?;
        let open: Vec<Token> = tokens.iter().copied().filter(|t| t.sft_entropy >= OPEN_NATS).collect();
        Ok(EffectiveOfKind { all: summary(&tokens), open: summary(&open) })
    };
    Ok(Effective {
        id: stage.id.to_owned(),
        file: stage.file.to_owned(),
        protocol: protocol.clone(),
        creative: of_kind(&shards[0])?,
        factual: of_kind(&shards[1])?,
    })
}

/// Every wanted token of the shards, in order.
fn compare(
    shape: &ModelShape,
    sft: &[f32],
    stage: &[f32],
    shards: &[Shard],
    threads: usize,
) -> Result<Vec<Token>> {
    let work = |shards: &[Shard]| -> Vec<Token> {
        let mut pass = Pass::new(shape);
        let mut tokens = Vec::new();
        for shard in shards {
            let (theirs, own) = (pass.logits(sft, shard), pass.logits(stage, shard));
            let rows = theirs.chunks_exact(shape.vocabulary).zip(own.chunks_exact(shape.vocabulary));
            tokens.extend(rows.map(|(sft, stage)| {
                let stage_entropy = entropy_of_logits(stage);
                let tau = effective_temperature(sft, stage_entropy);
                Token { stage_entropy, sft_entropy: entropy_of_logits(sft), tau }
            }));
        }
        tokens
    };
    thread::scope(|scope| {
        let share = shards.len().div_ceil(threads.max(1)).max(1);
        let running: Vec<_> = shards.chunks(share).map(|part| scope.spawn(move || work(part))).collect();
        let parts = running
            .into_iter()
            .map(|thread| thread.join().map_err(|_| anyhow!("a thread that compared two models has failed")));
        Ok(parts.collect::<Result<Vec<_>>>()?.concat())
    })
}

/// Entropy of `softmax(logits)` in nats; NaN for logits that are not numbers, which has no effective temperature.
fn entropy_of_logits(logits: &[f32]) -> f64 {
    let largest = f64::from(logits.iter().copied().fold(f32::MIN, f32::max));
    let weights: Vec<f64> = logits.iter().map(|&logit| (f64::from(logit) - largest).exp()).collect();
    entropy(&weights).unwrap_or(f64::NAN)
}

fn summary(tokens: &[Token]) -> TokenTemperatures {
    let defined: Vec<f64> = tokens.iter().filter_map(|token| token.tau).collect();
    let count = tokens.len().max(1) as f64;
    let mean = |value: &dyn Fn(&Token) -> f64| tokens.iter().map(value).sum::<f64>() / count;
    TokenTemperatures {
        tokens: tokens.len(),
        undefined: (tokens.len() - defined.len()) as f64 / count,
        mean_ln: (!defined.is_empty())
            .then(|| defined.iter().map(|tau| tau.ln()).sum::<f64>() / defined.len() as f64),
        deciles: deciles(&defined),
        mean_entropy: mean(&|token| token.stage_entropy),
        mean_sft_entropy: mean(&|token| token.sft_entropy),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn undefined_temperatures_are_counted_and_left_out() {
        let token = |tau| Token { stage_entropy: 0.5, sft_entropy: 1.0, tau };
        let found = summary(&[token(Some(1.0)), token(None), token(Some(0.25)), token(None)]);
        assert_eq!((found.tokens, found.undefined), (4, 0.5));
        assert_eq!(found.mean_ln, Some(0.25_f64.ln() / 2.0));
        assert_eq!((found.deciles[0], found.deciles[10]), (0.25, 1.0));
        let nothing = summary(&[]);
        assert_eq!((nothing.tokens, nothing.mean_ln, nothing.deciles.len()), (0, None, 0));
    }

    #[test]
    fn entropy_is_that_of_the_softmax() {
        assert!((entropy_of_logits(&[3.0; 8]) - 8.0_f64.ln()).abs() < 1e-12);
        assert!(entropy_of_logits(&[0.0, f32::NAN]).is_nan());
    }
}
