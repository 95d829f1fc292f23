//! From prompts and answers to tokens as they are trained on, and into shards.

use super::TrainingError;
use super::network::Shard;
use crate::text::Tokenizer;
use crate::units::TokenId;

/// Most tokens of a shard, so that its activations stay in the cache.
const SHARD_TOKENS: usize = 1024;

/// A prompt in the chat template and its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// All tokens.
    pub tokens: Vec<TokenId>,
    /// Index of the first token of the answer.
    pub answer_from: usize,
}

impl Document {
    /// The tokens of an answer, cut to the context; the token that ends it comes last if the answer `is_complete`.
    ///
    /// # Errors
    /// A text that cannot be encoded; a vocabulary without an end token.
    pub fn new(
        tokenizer: &Tokenizer,
        context: usize,
        prompt: &str,
        answer: &str,
        is_complete: bool,
    ) -> Result<Self, TrainingError> {
        let mut tokens = tokenizer.chat_prompt(prompt)?;
        let answer_from = tokens.len();
        tokens.extend(tokenizer.encode_continuation(answer)?);
        if is_complete {
            tokens.push(tokenizer.end().ok_or(TrainingError::NoEnd)?);
        }
        tokens.truncate(context);
        Ok(Self { tokens, answer_from })
    }

    /// Number of tokens of the answer.
    #[must_use]
    pub fn answer_tokens(&self) -> usize {
        self.tokens.len().saturating_sub(self.answer_from)
    }

    /// Adds the document to a shard, every state of the answer wanted, from that after its first token to that after its last.
    pub fn push_states(&self, shard: &mut Shard) {
        let start = shard.tokens.len();
        shard.tokens.extend(&self.tokens);
        shard.lengths.push(self.tokens.len());
        shard.positions.extend((self.answer_from..self.tokens.len()).map(|i| start + i));
    }
}

/// Neighbours that go into one shard. `length`: tokens of an item.
pub fn in_shards<T>(items: &[T], length: impl Fn(&T) -> usize) -> Vec<&[T]> {
    let (mut shards, mut start, mut tokens) = (Vec::new(), 0, 0);
    for (index, item) in items.iter().enumerate() {
        let own = length(item);
        if index > start && tokens + own > SHARD_TOKENS {
            shards.push(&items[start..index]);
            (start, tokens) = (index, 0);
        }
        tokens += own;
    }
    if start < items.len() {
        shards.push(&items[start..]);
    }
    shards
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_hold_every_item_once_and_are_not_larger_than_they_must_be() {
        let items = [600, 400, 30, 1000, 2000, 10, 10];
        let shards = in_shards(&items, |&length| length);
        assert_eq!(shards, [&[600, 400][..], &[30], &[1000], &[2000], &[10, 10]]);
        assert!(in_shards(&[] as &[usize], |&length| length).is_empty());
    }

    #[test]
    fn every_state_of_an_answer_is_wanted() {
        let document = Document { tokens: vec![1, 2, 3, 4], answer_from: 2 };
        let mut shard = Shard::default();
        document.push_states(&mut shard);
        document.push_states(&mut shard);
        assert_eq!((shard.positions, shard.lengths), (vec![2, 3, 6, 7], vec![4, 4]));
        assert_eq!(document.answer_tokens(), 2);
    }
}
