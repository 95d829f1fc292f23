//! Cutting text into pieces that merges never cross.
//!
//! Hand-written scanners equal to the regular expressions of the published tokenizers; a regex engine would cost more
//! wasm than the rest of this room.

/// Which rule a vocabulary was made with (`tokenizer.ggml.pre`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pretokenizer {
    /// GPT-2: `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`.
    Gpt2,
}

impl Pretokenizer {
    /// The rule of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        matches!(name, "gpt-2" | "gpt2" | "default").then_some(Self::Gpt2)
    }

    /// Cuts a text; the pieces joined are the text.
    #[must_use]
    pub fn pieces(self, text: &str) -> Vec<&str> {
        match self {
            Self::Gpt2 => gpt2_pieces(text),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Letter,
    Number,
    Space,
    Other,
}

fn class(c: char) -> Class {
    if c.is_whitespace() {
        Class::Space
    } else if c.is_alphabetic() {
        Class::Letter
    } else if c.is_numeric() {
        Class::Number
    } else {
        Class::Other
    }
}

const CONTRACTIONS: [&str; 7] = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d"];

/// GPT-2's rule.
#[must_use]
pub fn gpt2_pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let length = gpt2_next(rest);
        let (piece, after) = rest.split_at(length);
        pieces.push(piece);
        rest = after;
    }
    pieces
}

/// Length in bytes of the first piece of a text that is not empty.
fn gpt2_next(text: &str) -> usize {
    if let Some(found) = CONTRACTIONS.iter().find(|c| text.starts_with(**c)) {
        return found.len();
    }
    let run = |from: usize, wanted: Class| -> usize {
        let rest = &text[from..];
        rest.find(|c| class(c) != wanted).map_or(text.len(), |end| from + end)
    };
    let mut chars = text.chars();
    let first = chars.next().map_or(Class::Other, class);
    if first != Class::Space {
        return run(0, first);
    }
    // One plain space belongs to the word behind it.
    if text.starts_with(' ')
        && let Some(second) = chars.next().map(class)
        && second != Class::Space
    {
        return run(1, second);
    }
    // White space up to, but not with, the last one before a word: that one may belong to the word.
    let end = run(0, Class::Space);
    if end == text.len() {
        return end;
    }
    let last = text[..end].char_indices().next_back().map_or(0, |(at, _)| at);
    if last == 0 { end } else { last }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn gpt2_cuts_as_published() {
        let cases: [(&str, &[&str]); 6] = [
            ("Hello world", &["Hello", " world"]),
            ("I'll  go", &["I", "'ll", " ", " go"]),
            ("a\n\nb  ", &["a", "\n", "\n", "b", "  "]),
            ("x=12!", &["x", "=", "12", "!"]),
            (" \tword", &[" ", "\t", "word"]),
            ("caf\u{e9} 3\u{20ac}", &["caf\u{e9}", " 3", "\u{20ac}"]),
        ];
        for (text, expected) in cases {
            assert_eq!(gpt2_pieces(text), expected, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn pieces_joined_are_the_text(text in ".*") {
            prop_assert_eq!(gpt2_pieces(&text).concat(), text);
        }
    }
}
