//! Makes a byte-level BPE vocabulary (Sennrich et al. 2016, arXiv 1508.07909; Radford et al. 2019 for bytes).
//!
//! 1. Cut the sample into pieces as GPT-2 does and count equal pieces.
//! 2. Count the pairs of neighbouring tokens; merge the most frequent one everywhere; repeat.
//! 3. Number the tokens: the 256 bytes, the merges in their order, the special tokens.
//!
//! Ties go to the pair whose bytes come first, so the result depends on the sample alone. Encoding is the business of
//! `thermostat::text`, the same code as in the browser.

use std::collections::{BTreeMap, HashMap};

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};
use thermostat::gguf::{Array, Gguf, GgufWriter, Value};
use thermostat::text::{THERMOSTAT_TEMPLATE, Tokenizer, byte_to_char, gpt2_pieces};

/// The special tokens, which come last in the vocabulary.
pub const SPECIALS: [&str; 3] = ["<|user|>", "<|assistant|>", "<|end|>"];

/// `tokenizer.ggml.token_type` of text and of structure.
const NORMAL: i32 = 1;
const CONTROL: i32 = 3;

/// A vocabulary: the merges say it all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MadeVocabulary {
    /// Each merge as two token texts in GPT-2's byte alphabet, parted by a space.
    pub merges: Vec<String>,
}

/// A piece of text as tokens, and how often it occurs.
struct CountedPiece {
    tokens: Vec<usize>,
    count: u64,
}

impl MadeVocabulary {
    /// Makes a vocabulary of at most `size` tokens, bytes and specials included.
    ///
    /// # Errors
    /// A size that does not even hold the bytes and the specials.
    pub fn make<'a>(sample: impl Iterator<Item = &'a str>, size: usize) -> Result<Self> {
        let fixed = 256 + SPECIALS.len();
        ensure!(size >= fixed, "a vocabulary has at least {fixed} tokens, {size} were asked for");
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        for text in sample {
            for piece in gpt2_pieces(text) {
                match counts.get_mut(piece) {
                    Some(count) => *count += 1,
                    None => {
                        counts.insert(piece.to_owned(), 1);
                    }
                }
            }
        }
        let mut pieces: Vec<CountedPiece> = counts
            .into_iter()
            .map(|(text, count)| CountedPiece { tokens: text.bytes().map(usize::from).collect(), count })
            .collect();
        let mut texts: Vec<Vec<u8>> = (0..=u8::MAX).map(|b| vec![b]).collect();
        let mut merges = Vec::new();
        while merges.len() < size - fixed {
            let Some((left, right)) = most_frequent_pair(&pieces, &texts) else { break };
            let merged = texts.len();
            merges.push(format!("{} {}", spelled(&texts[left]), spelled(&texts[right])));
            texts.push([texts[left].as_slice(), &texts[right]].concat());
            for piece in &mut pieces {
                merge(&mut piece.tokens, left, right, merged);
            }
        }
        Ok(Self { merges })
    }

    /// Number of tokens.
    #[must_use]
    pub fn len(&self) -> usize {
        256 + self.merges.len() + SPECIALS.len()
    }

    /// Never: there are always the bytes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        false
    }

    /// Writes all `tokenizer.*` metadata, as llama.cpp reads it.
    ///
    /// # Errors
    /// A key that is there already.
    pub fn write(&self, writer: &mut GgufWriter) -> Result<()> {
        let mut tokens: Vec<String> = (0..=u8::MAX).map(|b| byte_to_char(b).to_string()).collect();
        tokens.extend(self.merges.iter().map(|m| m.replacen(' ', "", 1)));
        let mut types = vec![NORMAL; tokens.len()];
        tokens.extend(SPECIALS.map(str::to_owned));
        types.resize(tokens.len(), CONTROL);
        let first_special = (tokens.len() - SPECIALS.len()) as u32;
        writer
            .set("tokenizer.ggml.model", "gpt2")?
            .set("tokenizer.ggml.pre", "gpt-2")?
            .set("tokenizer.ggml.tokens", tokens)?
            .set("tokenizer.ggml.token_type", Value::Array(Array::I32(types)))?
            .set("tokenizer.ggml.merges", self.merges.clone())?
            .set("tokenizer.ggml.bos_token_id", first_special)?
            .set("tokenizer.ggml.eos_token_id", first_special + 2)?
            .set("tokenizer.ggml.add_bos_token", false)?
            .set("tokenizer.chat_template", THERMOSTAT_TEMPLATE)?;
        Ok(())
    }

    /// The tokenizer that a file with this vocabulary has.
    ///
    /// # Errors
    /// A vocabulary that contradicts itself.
    pub fn tokenizer(&self) -> Result<Tokenizer> {
        let mut writer = GgufWriter::new();
        self.write(&mut writer)?;
        let gguf = Gguf::parse(writer.finish()).context("reading back the vocabulary")?;
        Tokenizer::from_gguf(&gguf).context("making a tokenizer of the vocabulary")
    }
}

/// The bytes of a token in GPT-2's alphabet of printable characters.
fn spelled(bytes: &[u8]) -> String {
    bytes.iter().map(|&b| byte_to_char(b)).collect()
}

/// The pair that occurs most often, at least twice, and that does not spell a token which is there already.
fn most_frequent_pair(pieces: &[CountedPiece], texts: &[Vec<u8>]) -> Option<(usize, usize)> {
    let mut counts: HashMap<(usize, usize), u64> = HashMap::new();
    for piece in pieces {
        for pair in piece.tokens.windows(2) {
            *counts.entry((pair[0], pair[1])).or_default() += piece.count;
        }
    }
    let known: std::collections::HashSet<&[u8]> = texts.iter().map(Vec::as_slice).collect();
    let key = |&(left, right): &(usize, usize)| (texts[left].as_slice(), texts[right].as_slice());
    counts
        .into_iter()
        .filter(|&(_, count)| count >= 2)
        .filter(|&((left, right), _)| {
            !known.contains([texts[left].as_slice(), &texts[right]].concat().as_slice())
        })
        .max_by(|(a, a_count), (b, b_count)| a_count.cmp(b_count).then_with(|| key(b).cmp(&key(a))))
        .map(|(pair, _)| pair)
}

/// Replaces the pair wherever it stands, leftmost first.
fn merge(tokens: &mut Vec<usize>, left: usize, right: usize, merged: usize) {
    if !tokens.windows(2).any(|pair| pair == [left, right]) {
        return;
    }
    let mut out = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while at < tokens.len() {
        if tokens[at] == left && tokens.get(at + 1) == Some(&right) {
            out.push(merged);
            at += 2;
        } else {
            out.push(tokens[at]);
            at += 1;
        }
    }
    *tokens = out;
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    const TEXT: &str = "the cat and the hat and the bat sat there";

    #[test]
    fn frequent_words_become_single_tokens() {
        let made = MadeVocabulary::make([TEXT, TEXT].into_iter(), 256 + 3 + 12).unwrap();
        let tokenizer = made.tokenizer().unwrap();
        assert_eq!(made.len(), 271);
        assert_eq!(tokenizer.vocabulary_len(), 271);
        assert_eq!(tokenizer.encode(" the", false).unwrap().len(), 1);
        assert_eq!(tokenizer.decode(&tokenizer.encode(TEXT, false).unwrap()), TEXT);
        assert!(tokenizer.is_end(270));
    }

    #[test]
    fn the_order_of_the_sample_does_not_matter() {
        let texts = ["a rose is a rose", "is a rose", "a nose"];
        let forwards = MadeVocabulary::make(texts.into_iter(), 280).unwrap();
        let backwards = MadeVocabulary::make(texts.into_iter().rev(), 280).unwrap();
        assert_eq!(forwards, backwards);
    }

    #[test]
    fn making_ends_when_nothing_repeats() {
        let made = MadeVocabulary::make(["abc"].into_iter(), 1000).unwrap();
        assert!(made.merges.is_empty());
        assert!(MadeVocabulary::make([""].into_iter(), 10).is_err());
    }
}
