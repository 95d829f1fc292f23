//! How a text is cut into words for the metrics.
//!
//! The paper does not say how it tokenised for Self-BLEU. Ours is stated here and is the same for every stage and
//! temperature. It has nothing to do with the tokens of a model.

/// Lower-cased words and punctuation marks, in order; white space and line ends are dropped.
///
/// - A word is a run of letters and digits (Unicode), with combining accents.
/// - An apostrophe between two of them belongs to the word (`don't`); the curly one counts as the straight one.
/// - Every other character that is not white space is a token of its own.
#[must_use]
pub fn words(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut word = String::new();
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        if is_word_character(character) {
            word.extend(character.to_lowercase());
            continue;
        }
        if is_apostrophe(character)
            && !word.is_empty()
            && characters.peek().is_some_and(|&c| is_word_character(c))
        {
            word.push('\'');
            continue;
        }
        if !word.is_empty() {
            tokens.push(std::mem::take(&mut word));
        }
        if is_apostrophe(character) {
            tokens.push("'".to_owned());
        } else if !character.is_whitespace() {
            tokens.push(character.to_string());
        }
    }
    if !word.is_empty() {
        tokens.push(word);
    }
    tokens
}

fn is_word_character(character: char) -> bool {
    character.is_alphanumeric() || ('\u{300}'..='\u{36f}').contains(&character)
}

fn is_apostrophe(character: char) -> bool {
    matches!(character, '\'' | '\u{2019}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn punctuation_marks_stand_alone_and_case_is_dropped() {
        assert_eq!(words("The capital is Paris."), ["the", "capital", "is", "paris", "."]);
        assert_eq!(
            words("sea-green, \"Oh!\"\n\nYes"),
            ["sea", "-", "green", ",", "\"", "oh", "!", "\"", "yes"]
        );
    }

    #[test]
    fn apostrophes_belong_to_a_word_only_inside_it() {
        assert_eq!(words("don't don\u{2019}t 'tis dogs'"), ["don't", "don't", "'", "tis", "dogs", "'"]);
    }

    #[test]
    fn letters_of_any_script_make_words() {
        assert_eq!(words("São Tomé, N'Djamena; Ελλάδα"), ["são", "tomé", ",", "n'djamena", ";", "ελλάδα"]);
        assert_eq!(words("cafe\u{301}"), ["cafe\u{301}"]);
    }

    #[test]
    fn white_space_alone_is_no_token() {
        assert!(words(" \n\t\u{a0}").is_empty());
    }
}
