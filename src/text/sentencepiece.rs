//! SentencePiece-style encoding: neighbours merge to the token of the highest score, and what no token holds is
//! spelled in bytes.
//!
//! Spaces are written as `\u{2581}` in such vocabularies. Text at the beginning, or right behind a special token, gets a
//! space in front, unless the file says otherwise (`tokenizer.ggml.add_space_prefix`).

use std::cmp::Ordering;

use super::merge::merge;
use super::{TextError, Vocabulary};
use crate::gguf::Gguf;
use crate::units::TokenId;

/// How a space is written in the vocabulary.
pub(super) const SPACE: char = '\u{2581}';

/// The encoder of a vocabulary with scores.
#[derive(Debug, Clone)]
pub struct SentencePiece {
    /// Of each token: the higher, the sooner it is merged to.
    scores: Vec<f32>,
    space_prefix: bool,
    /// The token of each single byte, `<0x00>` to `<0xFF>`.
    byte_tokens: Vec<Option<TokenId>>,
    /// What a byte without a token becomes.
    unknown: Option<TokenId>,
}

/// A score as a merge's priority. All floats have an order here, so hostile scores only give odd merges.
#[derive(PartialEq)]
struct Score(f32);

impl Eq for Score {}

impl PartialOrd for Score {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Score {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl SentencePiece {
    /// Reads the scores of a file.
    ///
    /// # Errors
    /// Missing values, or another number of scores than of tokens.
    #[inline(never)]
    pub(super) fn from_gguf(gguf: &Gguf, vocabulary: &Vocabulary) -> Result<Self, TextError> {
        let scores = gguf.get_floats("tokenizer.ggml.scores")?;
        if scores.len() != vocabulary.len() {
            return Err(TextError::Inconsistent("it has another number of scores than of tokens"));
        }
        let space_prefix = gguf.get_bool("tokenizer.ggml.add_space_prefix").unwrap_or(true);
        let byte_tokens = (0..=u8::MAX).map(|byte| vocabulary.byte_token(byte)).collect();
        // Adding zero turns -0.0 into 0.0, which `total_cmp` would keep apart.
        let scores = scores.iter().map(|score| score + 0.0).collect();
        Ok(Self { scores, space_prefix, byte_tokens, unknown: vocabulary.unknown() })
    }

    /// Whether text gets a space in front.
    pub(super) fn adds_space(&self) -> bool {
        self.space_prefix
    }

    /// Encodes text without special tokens. `after_special`: whether it stands at the beginning or behind one.
    ///
    /// # Errors
    /// [`TextError::NoToken`] for a byte that the vocabulary lacks.
    pub(super) fn encode(
        &self,
        text: &str,
        after_special: bool,
        vocabulary: &Vocabulary,
        out: &mut Vec<TokenId>,
    ) -> Result<(), TextError> {
        let mut spelled = String::with_capacity(text.len() + SPACE.len_utf8());
        if self.space_prefix && after_special {
            spelled.push(SPACE);
        }
        spelled.extend(text.chars().map(|c| if c == ' ' { SPACE } else { c }));
        let characters: Vec<(usize, usize)> =
            spelled.char_indices().map(|(at, c)| (at, at + c.len_utf8())).collect();
        let merged = merge(&characters, |left, right| {
            let both = (left.0, right.1);
            let token = vocabulary.text_token(&spelled[both.0..both.1])?;
            Some((Score(self.scores[token as usize]), both))
        });
        for (from, to) in merged {
            let symbol = &spelled[from..to];
            match vocabulary.text_token(symbol) {
                Some(token) => out.push(token),
                None => {
                    for byte in symbol.bytes() {
                        let token = self.byte_tokens[usize::from(byte)].or(self.unknown);
                        out.push(token.ok_or(TextError::NoToken(byte))?);
                    }
                }
            }
        }
        Ok(())
    }
}
