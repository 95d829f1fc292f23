//! Tokens to text, one at a time, never splitting a character.

use super::Tokenizer;
use crate::units::TokenId;

/// Holds back the bytes of a character until it is whole.
#[derive(Debug, Clone, Default)]
pub struct StreamDecoder {
    pending: Vec<u8>,
    /// Whether the text so far is empty and a space at its beginning is the encoder's own.
    drop_space: bool,
}

impl StreamDecoder {
    /// A decoder for one text. `adds_space`: whether the encoder puts a space before text.
    pub(super) fn new(adds_space: bool) -> Self {
        Self { pending: Vec::new(), drop_space: adds_space }
    }

    /// Takes a token and gives the text that is certain by now. Control tokens give nothing.
    pub fn push(&mut self, tokenizer: &Tokenizer, token: TokenId) -> String {
        let mut bytes = tokenizer.bytes_of(token);
        if self.drop_space && !bytes.is_empty() {
            bytes = bytes.strip_prefix(b" ").unwrap_or(bytes);
            self.drop_space = false;
        }
        self.pending.extend_from_slice(bytes);
        self.drain(false)
    }

    /// Gives what was held back; a character that never became whole is shown as U+FFFD.
    pub fn finish(&mut self) -> String {
        self.drain(true)
    }

    fn drain(&mut self, at_end: bool) -> String {
        let mut text = String::new();
        let mut used = 0;
        while used < self.pending.len() {
            match std::str::from_utf8(&self.pending[used..]) {
                Ok(rest) => {
                    text.push_str(rest);
                    used = self.pending.len();
                }
                Err(error) => {
                    let valid = error.valid_up_to();
                    text.push_str(&String::from_utf8_lossy(&self.pending[used..used + valid]));
                    used += valid;
                    match error.error_len() {
                        Some(bad) => used += bad,
                        None if at_end => used = self.pending.len(),
                        None => break,
                    }
                    text.push(char::REPLACEMENT_CHARACTER);
                }
            }
        }
        self.pending.drain(..used);
        text
    }
}
