//! Byte-level byte-pair encoding: a piece's bytes are merged in the order in which training found the merges.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::merge::merge;
use super::{Pretokenizer, TextError, Vocabulary, byte_to_char};
use crate::gguf::Gguf;
use crate::units::TokenId;

/// For each pair of tokens that merges: its rank and what it becomes.
pub type MergeRanks = HashMap<(TokenId, TokenId), (u32, TokenId)>;

/// The encoder of a byte-level vocabulary.
#[derive(Debug, Clone)]
pub struct Bpe {
    ranks: MergeRanks,
    pretokenizer: Pretokenizer,
    /// The token of each single byte.
    byte_tokens: Vec<Option<TokenId>>,
}

impl Bpe {
    /// Reads the merges and the pre-tokenizer of a file.
    ///
    /// # Errors
    /// Missing values, an unsupported pre-tokenizer, or merges of tokens that are not there.
    #[inline(never)]
    pub(super) fn from_gguf(gguf: &Gguf, vocabulary: &Vocabulary) -> Result<Self, TextError> {
        // llama.cpp reads a file that names no pre-tokenizer with a rule of its own that no published model was trained
        // with; such a file is refused rather than read wrongly.
        let name = gguf.get_str("tokenizer.ggml.pre")?;
        let pretokenizer =
            Pretokenizer::from_name(name).ok_or_else(|| TextError::Pretokenizer(name.to_owned()))?;
        let ranks = merge_ranks(gguf.get_strings("tokenizer.ggml.merges")?, vocabulary)?;
        let byte_tokens = (0..=u8::MAX)
            .map(|byte| vocabulary.text_token(byte_to_char(byte).encode_utf8(&mut [0; 4])))
            .collect();
        Ok(Self { ranks, pretokenizer, byte_tokens })
    }

    /// The rule by which text is cut into pieces.
    pub(super) fn pretokenizer(&self) -> Pretokenizer {
        self.pretokenizer
    }

    /// Encodes text without special tokens.
    ///
    /// # Errors
    /// [`TextError::NoToken`] for a byte that the vocabulary lacks.
    pub(super) fn encode(
        &self,
        text: &str,
        vocabulary: &Vocabulary,
        out: &mut Vec<TokenId>,
    ) -> Result<(), TextError> {
        for piece in self.pretokenizer.pieces(text) {
            if self.pretokenizer.takes_whole_pieces()
                && let Some(token) = vocabulary.text_token(&spell(piece))
            {
                out.push(token);
                continue;
            }
            let bytes: Result<Vec<TokenId>, TextError> = piece
                .bytes()
                .map(|byte| self.byte_tokens[usize::from(byte)].ok_or(TextError::NoToken(byte)))
                .collect();
            out.extend(self.merge(&bytes?));
        }
        Ok(())
    }

    fn merge(&self, tokens: &[TokenId]) -> Vec<TokenId> {
        merge(tokens, |left, right| {
            self.ranks.get(&(left, right)).map(|&(rank, merged)| (Reverse(rank), merged))
        })
    }
}

/// A piece in the byte alphabet.
fn spell(piece: &str) -> String {
    piece.bytes().map(byte_to_char).collect()
}

fn merge_ranks(merges: &[String], vocabulary: &Vocabulary) -> Result<MergeRanks, TextError> {
    let mut ranks = MergeRanks::with_capacity(merges.len());
    for (merge, rank) in merges.iter().zip(0..) {
        let (left, right) =
            merge.split_once(' ').ok_or(TextError::Inconsistent("a merge is not two tokens"))?;
        let find = |text: &str| {
            vocabulary.text_token(text).ok_or(TextError::Inconsistent("a merge names an unknown token"))
        };
        let merged = find(&[left, right].concat())?;
        ranks.entry((find(left)?, find(right)?)).or_insert((rank, merged));
    }
    Ok(ranks)
}
