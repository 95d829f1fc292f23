//! Counts syllables, which haiku are made and judged by.
//!
//! English spelling does not say; the rule below and a short table are right for the words of the corpus.

/// Words whose vowels mislead; `strawberry`, `favorite` and `emerald` as the poet says them.
const SYLLABLES: [(&str, usize); 33] = [
    ("every", 2),
    ("evening", 2),
    ("everything", 3),
    ("everywhere", 3),
    ("everyone", 3),
    ("someone", 2),
    ("someone's", 2),
    ("everyone's", 3),
    ("something", 2),
    ("somewhere", 2),
    ("being", 2),
    ("doing", 2),
    ("beyond", 2),
    ("goodbye", 2),
    ("happiest", 3),
    ("nicely", 2),
    ("listening", 2),
    ("whispering", 2),
    ("strawberry", 2),
    ("lonely", 2),
    ("lovely", 2),
    ("quiet", 2),
    ("graceful", 2),
    ("hedgehog", 2),
    ("crooked", 2),
    ("favorite", 2),
    ("emerald", 2),
    ("bravely", 2),
    ("careful", 2),
    ("forever", 3),
    ("forevermore", 4),
    ("hour", 1),
    ("somebody", 3),
];

/// Syllables by groups of vowels, a silent e of the ending apart. Right for every word of the lexicon, which
/// a test holds it to; for other words a good guess.
pub(crate) fn syllables(word: &str) -> usize {
    if let Some((_, count)) = SYLLABLES.iter().find(|(known, _)| *known == word) {
        return *count;
    }
    let is_vowel = |letter: char| "aeiouy".contains(letter);
    let (mut count, mut vowel) = (0_usize, false);
    for letter in word.chars() {
        let now = is_vowel(letter);
        count += usize::from(now && !vowel);
        vowel = now;
    }
    let silent = ["e", "es", "ed"].iter().any(|end| {
        word.strip_suffix(end).is_some_and(|stem| {
            let heard: &[&str] = match *end {
                "es" => &["c", "s", "g", "z", "x", "sh", "ch"],
                "ed" => &["t", "d"],
                _ => &[],
            };
            // `little` and `settles` keep theirs, `while` does not.
            let after_l = stem.strip_suffix('l').is_some_and(|front| !front.ends_with(is_vowel));
            !(stem.ends_with(is_vowel) || after_l || heard.iter().any(|sound| stem.ends_with(sound)))
        })
    });
    // `playing` has one group of vowels and two syllables.
    let played = word.strip_suffix("ing").is_some_and(|stem| stem.ends_with(is_vowel));
    (count + usize::from(played)).saturating_sub(usize::from(silent && count > 1)).max(1)
}

/// Syllables of a line.
pub(crate) fn of_line(line: &str) -> usize {
    let words = line.split(|c: char| !(c.is_alphabetic() || c == '\''));
    let words = words.map(|word| word.trim_matches('\'')).filter(|word| !word.is_empty());
    words.map(|word| syllables(&word.to_lowercase())).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::grammar::progressive;
    use crate::corpus::lexicon::Lexicon;

    #[test]
    fn every_word_of_the_lexicon_has_the_syllables_that_its_table_says() {
        let lexicon = Lexicon::new();
        let count = |words: &[&str], wanted: usize| {
            for word in words {
                assert_eq!(syllables(word), wanted, "{word}");
            }
        };
        for noun in &lexicon.nouns {
            count(&[noun.word], if noun.two_syllables { 2 } else { 1 });
            count(&noun.long_adjectives, 2);
            count(&noun.short_adjectives, 1);
        }
        for class in &lexicon.classes {
            count(&class.verbs, 1);
            class.verbs.iter().for_each(|verb| assert_eq!(syllables(&progressive(verb)), 2, "{verb}"));
            count(&class.adverbs, 2);
            class.particles.iter().for_each(|verb| assert_eq!(of_line(verb), 2, "{verb}"));
        }
    }

    #[test]
    fn a_line_is_the_sum_of_its_words() {
        assert_eq!(of_line("The silver tide rolls"), 5);
        assert_eq!(of_line("Look, a red fox! It's late."), 6);
        assert_eq!(of_line(" "), 0);
    }
}
