//! A tokenizer as a GGUF file describes it.

use std::collections::HashMap;

use super::template::Part;
use super::{
    Bpe, ChatTemplate, MergeRanks, Pretokenizer, StreamDecoder, TextError, byte_to_char, char_to_byte,
};
use crate::gguf::Gguf;
use crate::units::TokenId;

/// What a token is for (`tokenizer.ggml.token_type`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// Text.
    Normal,
    /// Structure, such as the end of an answer; never shown, never found in a visitor's text.
    Control,
}

/// Number of control tokens in `tokenizer.ggml.token_type`.
const CONTROL: i32 = 3;

/// Byte-level BPE, vocabulary and special tokens.
#[derive(Debug, Clone)]
pub struct Tokenizer {
    /// The bytes of each token; empty for control tokens.
    bytes: Vec<Vec<u8>>,
    kinds: Vec<TokenKind>,
    by_text: HashMap<String, TokenId>,
    /// The token of each single byte.
    byte_tokens: Vec<Option<TokenId>>,
    bpe: Bpe,
    pretokenizer: Pretokenizer,
    end: Option<TokenId>,
    end_of_turn: Option<TokenId>,
    beginning: Option<TokenId>,
    template: Option<ChatTemplate>,
}

impl Tokenizer {
    /// Reads the tokenizer of a file.
    ///
    /// # Errors
    /// Missing values, an unsupported kind of tokenizer, or one that contradicts itself.
    pub fn from_gguf(gguf: &Gguf) -> Result<Self, TextError> {
        let model = gguf.get_str("tokenizer.ggml.model")?;
        if model != "gpt2" {
            return Err(TextError::Model(model.to_owned()));
        }
        let pre = gguf.get_str("tokenizer.ggml.pre").unwrap_or("default");
        let pretokenizer =
            Pretokenizer::from_name(pre).ok_or_else(|| TextError::Pretokenizer(pre.to_owned()))?;
        let tokens = gguf.get_strings("tokenizer.ggml.tokens")?;
        let types = gguf.get_ints("tokenizer.ggml.token_type")?;
        if types.len() != tokens.len() {
            return Err(TextError::Inconsistent("it has another number of token types than of tokens"));
        }
        let kinds: Vec<TokenKind> = types
            .iter()
            .map(|&t| if t == CONTROL { TokenKind::Control } else { TokenKind::Normal })
            .collect();
        let by_text: HashMap<String, TokenId> = tokens.iter().cloned().zip(0..).collect();
        if by_text.len() != tokens.len() {
            return Err(TextError::Inconsistent("the same token is there twice"));
        }
        let bytes = tokens.iter().zip(&kinds).map(|(text, kind)| token_bytes(text, *kind)).collect();
        let byte_tokens =
            (0..=u8::MAX).map(|b| by_text.get(byte_to_char(b).encode_utf8(&mut [0; 4])).copied()).collect();
        let ranks = merge_ranks(gguf.get_strings("tokenizer.ggml.merges")?, &by_text)?;
        let special = |key: &str| -> Result<Option<TokenId>, TextError> {
            if !gguf.contains(key) {
                return Ok(None);
            }
            let id = gguf.get_u32(key)?;
            if (id as usize) < tokens.len() {
                Ok(Some(id))
            } else {
                Err(TextError::Inconsistent("a special token is not in the vocabulary"))
            }
        };
        let adds_beginning = gguf.get_bool("tokenizer.ggml.add_bos_token").unwrap_or(false);
        Ok(Self {
            end: special("tokenizer.ggml.eos_token_id")?,
            end_of_turn: special("tokenizer.ggml.eot_token_id")?,
            beginning: if adds_beginning { special("tokenizer.ggml.bos_token_id")? } else { None },
            template: gguf.get_str("tokenizer.chat_template").ok().and_then(ChatTemplate::recognise),
            bytes,
            kinds,
            by_text,
            byte_tokens,
            bpe: Bpe::new(ranks),
            pretokenizer,
        })
    }

    /// Number of tokens.
    #[must_use]
    pub fn vocabulary_len(&self) -> usize {
        self.bytes.len()
    }

    /// The bytes that a token stands for; none for control tokens and for ids outside the vocabulary.
    #[must_use]
    pub fn bytes_of(&self, token: TokenId) -> &[u8] {
        self.bytes.get(token as usize).map_or(&[], Vec::as_slice)
    }

    /// The token with exactly this text in the file, for example `<|end|>`.
    #[must_use]
    pub fn token_of(&self, text: &str) -> Option<TokenId> {
        self.by_text.get(text).copied()
    }

    /// Whether a token ends an answer.
    #[must_use]
    pub fn is_end(&self, token: TokenId) -> bool {
        Some(token) == self.end || Some(token) == self.end_of_turn
    }

    /// Whether a token is structure rather than text.
    #[must_use]
    pub fn is_control(&self, token: TokenId) -> bool {
        self.kinds.get(token as usize) == Some(&TokenKind::Control)
    }

    /// Encodes text. Special tokens are recognised in it only if asked for.
    ///
    /// # Errors
    /// [`TextError::NoToken`] for a byte that the vocabulary lacks.
    pub fn encode(&self, text: &str, parse_special: bool) -> Result<Vec<TokenId>, TextError> {
        let mut out: Vec<TokenId> = self.beginning.into_iter().collect();
        self.encode_into(text, parse_special, &mut out)?;
        Ok(out)
    }

    /// A visitor's prompt in the chat template, up to where the answer begins.
    ///
    /// # Errors
    /// [`TextError::Template`] when the model has none that is known.
    pub fn chat_prompt(&self, prompt: &str) -> Result<Vec<TokenId>, TextError> {
        let template = self.template.ok_or(TextError::Template)?;
        let mut out: Vec<TokenId> = self.beginning.into_iter().collect();
        for part in template.parts() {
            match part {
                Part::Template(text) => self.encode_into(text, true, &mut out)?,
                Part::Prompt => self.encode_into(prompt, false, &mut out)?,
            }
        }
        Ok(out)
    }

    /// A decoder for one answer.
    #[must_use]
    pub fn stream_decoder(&self) -> StreamDecoder {
        StreamDecoder::default()
    }

    /// The text of some tokens.
    #[must_use]
    pub fn decode(&self, tokens: &[TokenId]) -> String {
        let mut decoder = self.stream_decoder();
        let mut text: String = tokens.iter().map(|&t| decoder.push(self, t)).collect();
        text.push_str(&decoder.finish());
        text
    }

    fn encode_into(&self, text: &str, parse_special: bool, out: &mut Vec<TokenId>) -> Result<(), TextError> {
        let mut rest = text;
        while parse_special && let Some((at, token, length)) = self.next_special(rest) {
            self.encode_plain(&rest[..at], out)?;
            out.push(token);
            rest = &rest[at + length..];
        }
        self.encode_plain(rest, out)
    }

    /// The first control token spelled out in a text: where, which, how long. The longest where several begin.
    fn next_special(&self, text: &str) -> Option<(usize, TokenId, usize)> {
        let controls = self.by_text.iter().filter(|(_, id)| self.is_control(**id));
        controls
            .filter(|(spelling, _)| !spelling.is_empty())
            .filter_map(|(spelling, &id)| text.find(spelling.as_str()).map(|at| (at, id, spelling.len())))
            .min_by_key(|&(at, _, length)| (at, usize::MAX - length))
    }

    fn encode_plain(&self, text: &str, out: &mut Vec<TokenId>) -> Result<(), TextError> {
        for piece in self.pretokenizer.pieces(text) {
            let tokens: Result<Vec<TokenId>, TextError> = piece
                .bytes()
                .map(|b| self.byte_tokens[usize::from(b)].ok_or(TextError::NoToken(b)))
                .collect();
            out.extend(self.bpe.merge(&tokens?));
        }
        Ok(())
    }
}

fn token_bytes(text: &str, kind: TokenKind) -> Vec<u8> {
    if kind == TokenKind::Control {
        return Vec::new();
    }
    // A token with a character outside the byte alphabet is kept as its own UTF-8, as llama.cpp does for added tokens.
    let bytes: Option<Vec<u8>> = text.chars().map(char_to_byte).collect();
    bytes.unwrap_or_else(|| text.as_bytes().to_vec())
}

fn merge_ranks(merges: &[String], by_text: &HashMap<String, TokenId>) -> Result<MergeRanks, TextError> {
    let mut ranks = MergeRanks::with_capacity(merges.len());
    for (merge, rank) in merges.iter().zip(0..) {
        let (left, right) =
            merge.split_once(' ').ok_or(TextError::Inconsistent("a merge is not two tokens"))?;
        let find = |text: &str| {
            by_text.get(text).copied().ok_or(TextError::Inconsistent("a merge names an unknown token"))
        };
        let merged = find(&[left, right].concat())?;
        ranks.entry((find(left)?, find(right)?)).or_insert((rank, merged));
    }
    Ok(ranks)
}
