//! Text to tokens and back: tokenizers from GGUF metadata, the chat template, and detokenising a stream.
//!
//! A visitor's text is never searched for control tokens: typing `<|end|>` spells it out, it does not end anything.

mod bpe;
mod bytes;
mod error;
mod letters;
mod letters_table;
mod merge;
mod pretokenize;
mod sentencepiece;
mod stream;
mod template;
mod tokenizer;
mod vocabulary;

#[cfg(test)]
mod tests;

pub use bpe::{Bpe, MergeRanks};
pub use bytes::{byte_to_char, char_to_byte};
pub use error::TextError;
pub use letters::is_letter;
pub use pretokenize::{Pretokenizer, gpt2_pieces};
pub use sentencepiece::SentencePiece;
pub use stream::StreamDecoder;
pub use template::{ChatTemplate, THERMOSTAT_TEMPLATE};
pub use tokenizer::Tokenizer;
pub use vocabulary::{TokenKind, Vocabulary};
