//! Which characters are letters, exactly as `\p{L}` means it.
//!
//! Rust's `char::is_alphabetic` is a wider class: it also holds letter numbers (`Nl`) and combining marks. `\p{N}` and `\s`
//! need no table: they are exactly `char::is_numeric` and `char::is_whitespace`.

use std::sync::LazyLock;

use super::letters_table::RUNS;

/// The first character of each run: of letters at odd places, of others at even ones.
static BEGINNINGS: LazyLock<Vec<u32>> = LazyLock::new(|| {
    let ends = RUNS.iter().scan(0, |end, &length| {
        *end += u32::from(length);
        Some(*end)
    });
    std::iter::once(0).chain(ends).collect()
});

/// Whether a character is a letter (general category L).
#[must_use]
pub fn is_letter(character: char) -> bool {
    if character.is_ascii() {
        return character.is_ascii_alphabetic();
    }
    let begun = BEGINNINGS.partition_point(|&beginning| beginning <= u32::from(character));
    begun.is_multiple_of(2)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// Ranges of a class of the `regex-syntax` crate, whose tables are of Unicode 16.
    fn class(pattern: &str) -> Vec<(u32, u32)> {
        let parsed = regex_syntax::parse(pattern).unwrap();
        let regex_syntax::hir::HirKind::Class(regex_syntax::hir::Class::Unicode(class)) = parsed.kind()
        else {
            panic!("{pattern} is no class");
        };
        class.ranges().iter().map(|r| (u32::from(r.start()), u32::from(r.end()))).collect()
    }

    fn holds(ranges: &[(u32, u32)], character: char) -> bool {
        let code = u32::from(character);
        let after = ranges.partition_point(|range| range.0 <= code);
        after > 0 && code <= ranges[after - 1].1
    }

    #[test]
    fn letters_numbers_and_white_space_are_those_of_the_published_classes() {
        let [letters, numbers, spaces, unassigned] = [r"\p{L}", r"\p{N}", r"\s", r"\p{Cn}"].map(class);
        let mut compared = 0;
        for character in ('\0'..=char::MAX).filter(|&c| !holds(&unassigned, c)) {
            assert_eq!(is_letter(character), holds(&letters, character), "letter {character:?}");
            assert_eq!(character.is_numeric(), holds(&numbers, character), "number {character:?}");
            assert_eq!(character.is_whitespace(), holds(&spaces, character), "space {character:?}");
            compared += 1;
        }
        assert!(compared > 290_000, "only {compared} characters are assigned");
    }

    #[test]
    fn letters_are_alphabetic_and_never_numbers() {
        for character in ('\0'..=char::MAX).filter(|&c| is_letter(c)) {
            assert!(character.is_alphabetic() && !character.is_numeric(), "{character:?}");
        }
    }

    #[test]
    fn marks_and_letter_numbers_are_no_letters() {
        assert!(is_letter('\u{e9}') && is_letter('\u{5b57}') && is_letter('\u{20000}'));
        // A vowel sign, a Roman numeral, a circled letter: all alphabetic for Rust.
        assert!(['\u{17b6}', '\u{2167}', '\u{24b6}'].iter().all(|c| c.is_alphabetic() && !is_letter(*c)));
    }
}
