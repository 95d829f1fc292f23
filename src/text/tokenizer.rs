//! A tokenizer as a GGUF file describes it: vocabulary, encoder, special tokens and chat template put together.
//!
//! It does what llama.cpp does with the same file, with two exceptions that are deliberate: a visitor's text never becomes
//! a control token, by whatever merges; and Unicode is never normalised (nor does llama.cpp, though Qwen2's own tokenizer
//! does).

use super::sentencepiece::SentencePiece;
use super::template::Part;
use super::vocabulary::{Spelling, TokenKind, Vocabulary};
use super::{Bpe, ChatTemplate, StreamDecoder, TextError};
use crate::gguf::Gguf;
use crate::units::TokenId;

/// The way from text to tokens.
#[derive(Debug, Clone)]
enum Encoder {
    Bytes(Bpe),
    Pieces(SentencePiece),
}

/// Vocabulary, encoder and special tokens.
#[derive(Debug, Clone)]
pub struct Tokenizer {
    vocabulary: Vocabulary,
    encoder: Encoder,
    ends: Vec<TokenId>,
    /// Put before every text, where the model wants it.
    beginning: Option<TokenId>,
    template: Option<ChatTemplate>,
}

/// A part of a text after its special tokens have been found.
#[derive(Debug, PartialEq, Eq)]
enum Fragment {
    Text(String),
    Special(TokenId),
}

impl Tokenizer {
    /// Reads the tokenizer of a file.
    ///
    /// # Errors
    /// Missing values, an unsupported kind of tokenizer, or one that contradicts itself.
    #[inline(never)]
    pub fn from_gguf(gguf: &Gguf) -> Result<Self, TextError> {
        let spelling = match gguf.get_str("tokenizer.ggml.model")? {
            "gpt2" => Spelling::ByteAlphabet,
            "llama" => Spelling::Text,
            other => return Err(TextError::Model(other.to_owned())),
        };
        let vocabulary = Vocabulary::from_gguf(gguf, spelling)?;
        let encoder = match spelling {
            Spelling::ByteAlphabet => Encoder::Bytes(Bpe::from_gguf(gguf, &vocabulary)?),
            Spelling::Text => Encoder::Pieces(SentencePiece::from_gguf(gguf, &vocabulary)?),
        };
        let special = |key: &str| -> Result<Option<TokenId>, TextError> {
            if !gguf.contains(key) {
                return Ok(None);
            }
            let token = gguf.get_u32(key)?;
            match vocabulary.kind(token) {
                Some(_) => Ok(Some(token)),
                None => Err(TextError::Inconsistent("a special token is not in the vocabulary")),
            }
        };
        let mut ends: Vec<TokenId> =
            [special("tokenizer.ggml.eos_token_id")?, special("tokenizer.ggml.eot_token_id")?]
                .into_iter()
                .flatten()
                .collect();
        ends.extend(vocabulary.ends());
        let beginning = special("tokenizer.ggml.bos_token_id")?;
        let adds_beginning = gguf.get_bool("tokenizer.ggml.add_bos_token").unwrap_or(match &encoder {
            Encoder::Bytes(bpe) => bpe.pretokenizer().adds_beginning(),
            Encoder::Pieces(_) => true,
        });
        Ok(Self {
            ends,
            beginning: beginning.filter(|_| adds_beginning),
            template: gguf.get_str("tokenizer.chat_template").ok().and_then(ChatTemplate::recognise),
            vocabulary,
            encoder,
        })
    }

    /// Number of tokens.
    #[must_use]
    pub fn vocabulary_len(&self) -> usize {
        self.vocabulary.len()
    }

    /// All tokens.
    #[must_use]
    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// The bytes that a token stands for; none for structure and for ids outside the vocabulary.
    #[must_use]
    pub fn bytes_of(&self, token: TokenId) -> &[u8] {
        self.vocabulary.bytes_of(token)
    }

    /// The token with exactly this text in the file, for example `<|end|>`.
    #[must_use]
    pub fn token_of(&self, text: &str) -> Option<TokenId> {
        self.vocabulary.token_of(text)
    }

    /// Whether a token ends an answer.
    #[must_use]
    pub fn is_end(&self, token: TokenId) -> bool {
        self.ends.contains(&token)
    }

    /// A token that ends an answer; the one that the file names first.
    #[must_use]
    pub fn end(&self) -> Option<TokenId> {
        self.ends.first().copied()
    }

    /// Whether a token is structure rather than text.
    #[must_use]
    pub fn is_control(&self, token: TokenId) -> bool {
        self.vocabulary.kind(token) == Some(TokenKind::Control)
    }

    /// Encodes text, with the token for a beginning in front where the model wants one. Control tokens are recognised in
    /// the text only if asked for; user-defined ones always.
    ///
    /// # Errors
    /// [`TextError::NoToken`] for a byte that the vocabulary lacks.
    pub fn encode(&self, text: &str, parse_special: bool) -> Result<Vec<TokenId>, TextError> {
        let mut fragments = Vec::new();
        self.cut(text, parse_special, &mut fragments);
        self.encode_fragments(self.beginning, fragments)
    }

    /// A visitor's prompt in the chat template, up to where the answer begins.
    ///
    /// # Errors
    /// [`TextError::Template`] when the model has none that is known.
    pub fn chat_prompt(&self, prompt: &str) -> Result<Vec<TokenId>, TextError> {
        let template = self.template.ok_or(TextError::Template)?;
        let mut fragments = Vec::new();
        for part in template.parts() {
            match part {
                Part::Template(text) => self.cut(text, true, &mut fragments),
                Part::Prompt => self.cut(prompt, false, &mut fragments),
            }
        }
        self.encode_fragments(self.beginning, fragments)
    }

    /// Encodes text that goes on where a prompt in the chat template ends: nothing is put in front of it, and no control
    /// token is recognised in it.
    ///
    /// # Errors
    /// [`TextError::NoToken`] for a byte that the vocabulary lacks.
    pub fn encode_continuation(&self, text: &str) -> Result<Vec<TokenId>, TextError> {
        let mut fragments = Vec::new();
        self.cut(text, false, &mut fragments);
        self.encode_fragments(None, fragments)
    }

    /// A decoder for one text or answer.
    #[must_use]
    pub fn stream_decoder(&self) -> StreamDecoder {
        let adds_space = matches!(&self.encoder, Encoder::Pieces(pieces) if pieces.adds_space());
        StreamDecoder::new(adds_space)
    }

    /// The text of some tokens.
    #[must_use]
    pub fn decode(&self, tokens: &[TokenId]) -> String {
        let mut decoder = self.stream_decoder();
        let mut text: String = tokens.iter().map(|&t| decoder.push(self, t)).collect();
        text.push_str(&decoder.finish());
        text
    }

    /// Appends a text's fragments. Text goes on from the text before it, as if both had been one from the start.
    fn cut(&self, text: &str, parse_special: bool, fragments: &mut Vec<Fragment>) {
        let mut parts = vec![Fragment::Text(text.to_owned())];
        for special in self.vocabulary.specials() {
            if !(parse_special || special.everywhere) || !text.contains(special.spelling.as_str()) {
                continue;
            }
            let mut cut = Vec::with_capacity(parts.len());
            for part in parts {
                let Fragment::Text(part) = part else {
                    cut.push(part);
                    continue;
                };
                for (nth, between) in part.split(special.spelling.as_str()).enumerate() {
                    if nth > 0 {
                        cut.push(Fragment::Special(special.token));
                    }
                    cut.push(Fragment::Text(between.to_owned()));
                }
            }
            parts = cut;
        }
        for part in parts {
            match (part, fragments.last_mut()) {
                (Fragment::Text(text), _) if text.is_empty() => {}
                (Fragment::Text(text), Some(Fragment::Text(before))) => before.push_str(&text),
                (part, _) => fragments.push(part),
            }
        }
    }

    fn encode_fragments(
        &self,
        beginning: Option<TokenId>,
        fragments: Vec<Fragment>,
    ) -> Result<Vec<TokenId>, TextError> {
        let mut out: Vec<TokenId> = beginning.into_iter().collect();
        let mut after_special = true;
        for fragment in fragments {
            after_special = match fragment {
                Fragment::Special(token) => {
                    out.push(token);
                    true
                }
                Fragment::Text(text) => {
                    match &self.encoder {
                        Encoder::Bytes(bpe) => bpe.encode(&text, &self.vocabulary, &mut out)?,
                        Encoder::Pieces(pieces) => {
                            pieces.encode(&text, after_special, &self.vocabulary, &mut out)?;
                        }
                    }
                    false
                }
            };
        }
        Ok(out)
    }
}
