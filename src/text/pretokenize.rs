//! Cutting text into pieces that merges never cross.
//!
//! Hand-written scanners equal to the regular expressions of the published tokenizers (the tests compare them with a
//! regex engine, which itself would cost more wasm than the rest of this room).

use super::letters::is_letter;

/// Which rule a vocabulary was made with (`tokenizer.ggml.pre`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pretokenizer {
    /// GPT-2: `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`.
    Gpt2,
    /// SmolLM and StarCoder: every number character (`\p{N}`) alone, and what lies between as GPT-2 cuts it.
    SmolLm,
    /// Qwen2: `'s|'t|'re|'ve|'m|'ll|'d` in either case, then
    /// `[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`.
    Qwen2,
    /// Llama 3: as Qwen2, but `\p{N}{1,3}` instead of `\p{N}`.
    Llama3,
}

impl Pretokenizer {
    /// The rule of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "gpt-2" | "gpt2" => Some(Self::Gpt2),
            "smollm" | "starcoder" | "refact" => Some(Self::SmolLm),
            "qwen2" => Some(Self::Qwen2),
            "llama-bpe" | "llama3" | "llama-v3" => Some(Self::Llama3),
            _ => None,
        }
    }

    /// Cuts a text; the pieces joined are the text.
    #[must_use]
    pub fn pieces(self, text: &str) -> Vec<&str> {
        match self {
            Self::Gpt2 => gpt2_pieces(text),
            Self::SmolLm => numbers_alone(text).into_iter().flat_map(gpt2_pieces).collect(),
            Self::Qwen2 => scan(text, |rest| llama3_next(rest, 1)),
            Self::Llama3 => scan(text, |rest| llama3_next(rest, 3)),
        }
    }

    /// Whether a piece that is a token as a whole becomes that token, whatever its bytes would merge to.
    pub(super) fn takes_whole_pieces(self) -> bool {
        self == Self::Llama3
    }

    /// Whether the token for a beginning is put before text, where the file does not say.
    pub(super) fn adds_beginning(self) -> bool {
        self == Self::Llama3
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
    } else if is_letter(c) {
        Class::Letter
    } else if c.is_numeric() {
        Class::Number
    } else {
        Class::Other
    }
}

fn is_line_end(c: char) -> bool {
    matches!(c, '\r' | '\n')
}

const CONTRACTIONS: [&str; 7] = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d"];

/// GPT-2's rule.
#[must_use]
pub fn gpt2_pieces(text: &str) -> Vec<&str> {
    scan(text, gpt2_next)
}

/// Cuts off piece after piece; `next` gives the length of the first, in bytes, and never 0.
fn scan(text: &str, next: impl Fn(&str) -> usize) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(next(rest));
        pieces.push(piece);
        rest = after;
    }
    pieces
}

/// Cuts so that every number character stands alone.
fn numbers_alone(text: &str) -> Vec<&str> {
    scan(text, |rest| match rest.find(char::is_numeric) {
        None => rest.len(),
        Some(0) => rest.chars().next().map_or(rest.len(), char::len_utf8),
        Some(before) => before,
    })
}

/// Where the run of characters that begins at `from` ends: at most `most` characters that are `wanted`.
fn run(text: &str, from: usize, most: usize, wanted: impl Fn(char) -> bool) -> usize {
    let rest = &text[from..];
    let end = rest.char_indices().enumerate().find(|&(nth, (_, c))| nth == most || !wanted(c));
    end.map_or(text.len(), |(_, (at, _))| from + at)
}

/// `\s+(?!\S)|\s+` at the beginning of a text that begins with white space: white space up to, but not with, the last
/// character before a word, which may belong to the word.
fn white_space(text: &str) -> usize {
    let end = run(text, 0, usize::MAX, char::is_whitespace);
    if end == text.len() {
        return end;
    }
    match text[..end].char_indices().next_back() {
        Some((last, _)) if last > 0 => last,
        _ => end,
    }
}

/// Length in bytes of GPT-2's first piece of a text that is not empty.
fn gpt2_next(text: &str) -> usize {
    if let Some(found) = CONTRACTIONS.iter().find(|contraction| text.starts_with(**contraction)) {
        return found.len();
    }
    // One plain space belongs to the word behind it.
    let begin = usize::from(text.starts_with(' '));
    match text[begin..].chars().next().map(class) {
        Some(first) if first != Class::Space => run(text, begin, usize::MAX, |c| class(c) == first),
        _ => white_space(text),
    }
}

/// Length in bytes of Llama 3's (or, with numbers of one character, Qwen2's) first piece of a text that is not empty.
fn llama3_next(text: &str, longest_number: usize) -> usize {
    let contraction = CONTRACTIONS.iter().find(|contraction| {
        text.as_bytes()
            .get(..contraction.len())
            .is_some_and(|b| b.eq_ignore_ascii_case(contraction.as_bytes()))
    });
    if let Some(found) = contraction {
        return found.len();
    }
    let mut chars = text.chars();
    let Some(first) = chars.next() else { return 0 };
    // `[^\r\n\p{L}\p{N}]?\p{L}+`
    let before_letters = match class(first) {
        Class::Letter => Some(0),
        Class::Space | Class::Other if !is_line_end(first) && chars.next().is_some_and(is_letter) => {
            Some(first.len_utf8())
        }
        _ => None,
    };
    if let Some(begin) = before_letters {
        return run(text, begin, usize::MAX, is_letter);
    }
    // `\p{N}{1,3}`
    if class(first) == Class::Number {
        return run(text, 0, longest_number, char::is_numeric);
    }
    // ` ?[^\s\p{L}\p{N}]+[\r\n]*`
    let begin = usize::from(first == ' ');
    let end = run(text, begin, usize::MAX, |c| class(c) == Class::Other);
    if end > begin {
        return run(text, end, usize::MAX, is_line_end);
    }
    // `\s*[\r\n]+`: white space as far as its last line end.
    let end = run(text, 0, usize::MAX, char::is_whitespace);
    match text[..end].rfind(is_line_end) {
        Some(last) => last + 1,
        None => white_space(text),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use fancy_regex::Regex;
    use proptest::prelude::*;

    use super::*;

    const GPT2: &str = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";
    const QWEN2: &str = r"'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD]|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
    const LLAMA3: &str = r"'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD]|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    fn matches<'t>(pattern: &Regex, text: &'t str) -> Vec<&'t str> {
        pattern.find_iter(text).map(|found| found.unwrap().as_str()).collect()
    }

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

    #[test]
    fn numbers_are_cut_as_each_rule_says() {
        let pieces = |rule: Pretokenizer| rule.pieces("in 2026\u{b2} ");
        assert_eq!(pieces(Pretokenizer::Gpt2), ["in", " 2026\u{b2}", " "]);
        assert_eq!(pieces(Pretokenizer::SmolLm), ["in", " ", "2", "0", "2", "6", "\u{b2}", " "]);
        assert_eq!(pieces(Pretokenizer::Qwen2), ["in", " ", "2", "0", "2", "6", "\u{b2}", " "]);
        assert_eq!(pieces(Pretokenizer::Llama3), ["in", " ", "202", "6\u{b2}", " "]);
    }

    /// Texts in which the rules' special cases are frequent: white space of all kinds, line ends, contractions in either
    /// case, letters with marks, numbers of all kinds, and anything else.
    fn text() -> impl Strategy<Value = String> {
        let part = prop_oneof![
            4 => "[ \t\r\n\u{a0}\u{85}\u{2028}\u{3000}]{1,4}",
            2 => "'(s|t|re|ve|m|ll|d|S|Re|LL|lL|vE|\u{17f}|x|r|l)?",
            2 => "[a-zA-Z\u{e9}\u{444}\u{5b57}\u{1780}\u{1e9e}]{1,4}",
            2 => "[0-9\u{b2}\u{bd}\u{2167}\u{0663}]{1,5}",
            1 => "[\u{0300}\u{17b6}\u{24b6}\u{200d}\u{fe0f}\u{1f30a}!?.,(){}=\\-\"_]{1,3}",
            // Assigned characters only: the regex engine's Unicode tables may be a version older than Rust's.
            1 => r"\P{Cn}{0,3}",
        ];
        prop::collection::vec(part, 0..12).prop_map(|parts| parts.concat())
    }

    #[test]
    fn scanners_equal_the_published_regular_expressions() {
        let rules =
            [(Pretokenizer::Gpt2, GPT2), (Pretokenizer::Qwen2, QWEN2), (Pretokenizer::Llama3, LLAMA3)]
                .map(|(rule, pattern)| (rule, Regex::new(pattern).unwrap()));
        let gpt2 = Regex::new(GPT2).unwrap();
        proptest!(ProptestConfig::with_cases(5_000), |(text in text())| {
            for (rule, pattern) in &rules {
                prop_assert_eq!(rule.pieces(&text), matches(pattern, &text), "{:?}", rule);
            }
            let mut smol = Vec::new();
            for part in text.split_inclusive(char::is_numeric) {
                let number = part.chars().next_back().filter(|c| c.is_numeric()).map_or(0, char::len_utf8);
                let (before, number) = part.split_at(part.len() - number);
                smol.extend(matches(&gpt2, before));
                smol.extend((!number.is_empty()).then_some(number));
            }
            prop_assert_eq!(Pretokenizer::SmolLm.pieces(&text), smol);
        });
    }
}
