//! From examples to shards of tokens.
//!
//! Each example is one document, `<|user|>PROMPT<|assistant|>ANSWER<|end|>`. Whole documents fill a shard up to its size; none is
//! cut, padded, or lets another see it. Only answer tokens and `<|end|>` are to be predicted, as in the paper (section
//! 3.1: "we zero-out the loss on tokens from the user prompt"). Every example is seen once.

use anyhow::{Context, Result};
use thermostat::text::Tokenizer;

use crate::config::SftConfig;
use crate::corpus::{Corpus, Example};
use crate::network::Shard;

/// A tokenised example.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// All tokens.
    pub tokens: Vec<u32>,
    /// Index of the first token of the answer.
    pub answer_from: usize,
}

/// Turns an example into tokens.
///
/// # Errors
/// A tokenizer without the special tokens.
pub fn document(tokenizer: &Tokenizer, example: &Example) -> Result<Document> {
    let mut tokens = tokenizer.chat_prompt(&example.prompt)?;
    let answer_from = tokens.len();
    tokens.extend(tokenizer.encode(&example.answer, false)?);
    tokens.push(tokenizer.token_of("<|end|>").context("the vocabulary has no end token")?);
    Ok(Document { tokens, answer_from })
}

/// A stream of shards, one example after the other.
#[derive(Debug)]
pub struct Batches<'a> {
    corpus: &'a Corpus,
    tokenizer: &'a Tokenizer,
    seed: u64,
    shard_tokens: usize,
    context: usize,
    /// Index of the next example: all that a checkpoint must hold.
    pub next_example: u64,
}

impl<'a> Batches<'a> {
    /// A stream that begins with example `next_example` of the configuration's seed.
    #[must_use]
    pub fn new(corpus: &'a Corpus, tokenizer: &'a Tokenizer, config: &SftConfig, next_example: u64) -> Self {
        let (shard_tokens, context) = (config.shard_tokens, config.shape.context);
        Self { next_example, ..Self::of_seed(corpus, tokenizer, config.seed, shard_tokens, context) }
    }

    /// A stream from its beginning. `shard_tokens`: most tokens of a shard; `context`: most tokens of an example.
    #[must_use]
    pub fn of_seed(
        corpus: &'a Corpus,
        tokenizer: &'a Tokenizer,
        seed: u64,
        shard_tokens: usize,
        context: usize,
    ) -> Self {
        Self { corpus, tokenizer, seed, shard_tokens, context, next_example: 0 }
    }

    /// The next shard. Examples longer than the context are left out.
    ///
    /// # Errors
    /// An example that cannot be encoded.
    pub fn next_shard(&mut self) -> Result<Shard> {
        let mut shard = Shard::default();
        loop {
            let document = document(self.tokenizer, &self.corpus.example(self.seed, self.next_example))?;
            let full = shard.tokens.len() + document.tokens.len() > self.shard_tokens;
            if full && !shard.tokens.is_empty() {
                return Ok(shard);
            }
            self.next_example += 1;
            if document.tokens.len() <= self.context {
                shard.push(&document.tokens, document.answer_from);
            }
        }
    }
}
