//! The tokens of a file: what each is for, how it is spelled, and which bytes it stands for.

use std::collections::HashMap;

use super::sentencepiece::SPACE;
use super::{TextError, char_to_byte};
use crate::gguf::Gguf;
use crate::units::TokenId;

/// What a token is for (`tokenizer.ggml.token_type`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// Text.
    Normal,
    /// Stands for what the vocabulary cannot spell; never shown, never found in a visitor's text.
    Unknown,
    /// Structure, such as the end of an answer; never shown, never found in a visitor's text.
    Control,
    /// Text that is found before anything else is cut or merged, in a visitor's text too.
    UserDefined,
    /// Without a use; never shown.
    Unused,
    /// One byte, spelled `<0x0A>`.
    Byte,
}

impl TokenKind {
    /// The kind with this number. Numbers without a meaning are without a use.
    fn from_id(id: i32) -> Self {
        match id {
            1 => Self::Normal,
            2 => Self::Unknown,
            3 => Self::Control,
            4 => Self::UserDefined,
            6 => Self::Byte,
            _ => Self::Unused,
        }
    }

    /// Whether the token's spelling may be read as the token where special tokens are recognised.
    fn is_special(self) -> bool {
        matches!(self, Self::Unknown | Self::Control | Self::UserDefined)
    }
}

/// Spellings of tokens that end an answer, also in files that do not name them as its end.
const ENDS: [&str; 6] = ["<|im_end|>", "<|eot_id|>", "<|end|>", "<|endoftext|>", "<|end_of_text|>", "</s>"];

/// How tokens are spelled in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spelling {
    /// In the byte alphabet of GPT-2 (`tokenizer.ggml.model` = `gpt2`).
    ByteAlphabet,
    /// As text, with `\u{2581}` for a space (`llama`).
    Text,
}

/// A token whose spelling is recognised before text is cut or merged.
#[derive(Debug, Clone)]
pub(super) struct Special {
    pub spelling: String,
    pub token: TokenId,
    /// Whether it is recognised in a visitor's text too.
    pub everywhere: bool,
}

/// All tokens.
#[derive(Debug, Clone)]
pub struct Vocabulary {
    kinds: Vec<TokenKind>,
    by_spelling: HashMap<Box<str>, TokenId>,
    /// The bytes of all tokens, one after the other.
    bytes: Vec<u8>,
    /// Where the bytes of each token end.
    ends: Vec<usize>,
    /// The longest first.
    specials: Vec<Special>,
}

impl Vocabulary {
    /// Reads the tokens of a file.
    ///
    /// # Errors
    /// Missing values, or a vocabulary that contradicts itself.
    #[inline(never)]
    pub(super) fn from_gguf(gguf: &Gguf, spelling: Spelling) -> Result<Self, TextError> {
        let tokens = gguf.get_strings("tokenizer.ggml.tokens")?;
        if u32::try_from(tokens.len()).is_err() {
            return Err(TextError::Inconsistent("it has more tokens than can be numbered"));
        }
        let mut kinds = token_kinds(gguf, tokens.len())?;
        // Some published files have ends of answers as user-defined tokens, which a visitor could then spell.
        for (kind, text) in kinds.iter_mut().zip(tokens) {
            if *kind == TokenKind::UserDefined && ENDS.contains(&text.as_str()) {
                *kind = TokenKind::Control;
            }
        }
        let mut by_spelling: HashMap<Box<str>, TokenId> = HashMap::with_capacity(tokens.len());
        let (mut bytes, mut ends) = (Vec::new(), Vec::with_capacity(tokens.len()));
        let mut specials = Vec::new();
        for ((text, &kind), token) in tokens.iter().zip(&kinds).zip(0..) {
            push_bytes(&mut bytes, text, kind, spelling)?;
            ends.push(bytes.len());
            // Some published vocabularies hold empty tokens, and several of them; nothing can ever be spelled by one.
            if text.is_empty() {
                continue;
            }
            if by_spelling.insert(text.as_str().into(), token).is_some() {
                return Err(TextError::Inconsistent("the same token is there twice"));
            }
            if kind.is_special() {
                let everywhere = kind == TokenKind::UserDefined;
                specials.push(Special { spelling: text.clone(), token, everywhere });
            }
        }
        specials.sort_by_key(|special| std::cmp::Reverse(special.spelling.len()));
        Ok(Self { kinds, by_spelling, bytes, ends, specials })
    }

    /// Number of tokens.
    #[must_use]
    pub fn len(&self) -> usize {
        self.kinds.len()
    }

    /// Whether there are no tokens.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.kinds.is_empty()
    }

    /// What a token is for, if it exists.
    #[must_use]
    pub fn kind(&self, token: TokenId) -> Option<TokenKind> {
        self.kinds.get(usize::try_from(token).ok()?).copied()
    }

    /// The bytes that a token stands for; none for structure and for ids outside the vocabulary.
    #[must_use]
    pub fn bytes_of(&self, token: TokenId) -> &[u8] {
        let at = token as usize;
        let Some(&end) = self.ends.get(at) else { return &[] };
        let begin = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.bytes[begin..end]
    }

    /// The token with exactly this spelling in the file, whatever it is for.
    #[must_use]
    pub fn token_of(&self, spelling: &str) -> Option<TokenId> {
        self.by_spelling.get(spelling).copied()
    }

    /// The token with this spelling, if it is one that text may become. So no merge can ever end in a control token,
    /// even where a vocabulary holds all the steps to its spelling.
    pub(super) fn text_token(&self, spelling: &str) -> Option<TokenId> {
        self.token_of(spelling).filter(|&token| {
            !matches!(self.kind(token), Some(TokenKind::Control | TokenKind::Unknown | TokenKind::Byte))
        })
    }

    /// The token of one byte: `<0x0A>`, or else the character itself; never structure.
    pub(super) fn byte_token(&self, byte: u8) -> Option<TokenId> {
        let spelled = self.token_of(&format!("<0x{byte:02X}>"));
        let spelled = spelled.filter(|&token| self.kind(token) != Some(TokenKind::Control));
        spelled.or_else(|| {
            let character = byte.is_ascii().then(|| char::from(byte))?;
            self.text_token(character.encode_utf8(&mut [0; 4]))
        })
    }

    /// The token for what cannot be spelled.
    pub(super) fn unknown(&self) -> Option<TokenId> {
        self.kinds.iter().zip(0..).find(|(kind, _)| **kind == TokenKind::Unknown).map(|(_, token)| token)
    }

    /// The control tokens that end an answer by their spelling.
    pub(super) fn ends(&self) -> impl Iterator<Item = TokenId> {
        let spelled = ENDS.iter().filter_map(|spelling| self.token_of(spelling));
        spelled.filter(|&token| self.kind(token) == Some(TokenKind::Control))
    }

    /// The tokens whose spelling is recognised before anything else; the longest first.
    pub(super) fn specials(&self) -> &[Special] {
        &self.specials
    }
}

/// What each token is for; all are text where the file does not say.
fn token_kinds(gguf: &Gguf, count: usize) -> Result<Vec<TokenKind>, TextError> {
    const KEY: &str = "tokenizer.ggml.token_type";
    if !gguf.contains(KEY) {
        return Ok(vec![TokenKind::Normal; count]);
    }
    let types = gguf.get_ints(KEY)?;
    if types.len() != count {
        return Err(TextError::Inconsistent("it has another number of token types than of tokens"));
    }
    Ok(types.iter().map(|&id| TokenKind::from_id(id)).collect())
}

/// Appends the bytes that a token stands for.
fn push_bytes(out: &mut Vec<u8>, text: &str, kind: TokenKind, spelling: Spelling) -> Result<(), TextError> {
    match (kind, spelling) {
        (TokenKind::Unknown | TokenKind::Control | TokenKind::Unused, _) => {}
        (TokenKind::UserDefined, _) => out.extend(text.as_bytes()),
        (TokenKind::Byte, _) => {
            out.push(byte_of(text).ok_or(TextError::Inconsistent("a byte token is not spelled as one"))?);
        }
        (TokenKind::Normal, Spelling::Text) => {
            let mut buffer = [0; 4];
            for c in text.chars() {
                let c = if c == SPACE { ' ' } else { c };
                out.extend(c.encode_utf8(&mut buffer).as_bytes());
            }
        }
        (TokenKind::Normal, Spelling::ByteAlphabet) => {
            let begin = out.len();
            for c in text.chars() {
                let Some(byte) = char_to_byte(c) else {
                    // A token with a character outside the alphabet was added as plain text.
                    out.truncate(begin);
                    out.extend(text.as_bytes());
                    break;
                };
                out.push(byte);
            }
        }
    }
    Ok(())
}

/// The byte that `<0x0A>` spells.
fn byte_of(spelling: &str) -> Option<u8> {
    let digits = spelling.strip_prefix("<0x")?.strip_suffix('>')?;
    let two_digits = digits.len() == 2 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    if two_digits { u8::from_str_radix(digits, 16).ok() } else { None }
}
