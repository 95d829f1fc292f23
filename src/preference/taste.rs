//! Annotators that are simulated: each has one taste that can be read off a text, and votes by it without fail.
//!
//! They are for trying out what votes do. Their votes are never among a visitor's.

use super::{Choice, Side, Strength};

/// What a simulated annotator likes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Taste {
    /// Poems whose lines rhyme.
    Rhymes,
    /// Few words.
    Brevity,
    /// Birds.
    Birds,
    /// Whole sentences, where a bare word would do.
    Sentences,
}

/// Birds, and words for them, in the singular.
const BIRDS: [&str; 34] = [
    "bird",
    "blackbird",
    "canary",
    "chick",
    "cock",
    "crane",
    "crow",
    "dove",
    "duck",
    "eagle",
    "finch",
    "goose",
    "gull",
    "hawk",
    "hen",
    "heron",
    "jay",
    "lark",
    "magpie",
    "nightingale",
    "owl",
    "parrot",
    "peacock",
    "penguin",
    "pigeon",
    "raven",
    "robin",
    "rooster",
    "seagull",
    "sparrow",
    "starling",
    "swallow",
    "swan",
    "wren",
];

impl Taste {
    /// All, in the order of the page.
    pub const ALL: [Self; 4] = [Self::Birds, Self::Rhymes, Self::Brevity, Self::Sentences];

    /// Short name in element ids.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Rhymes => "rhymes",
            Self::Brevity => "brevity",
            Self::Birds => "birds",
            Self::Sentences => "sentences",
        }
    }

    /// The taste of that id.
    #[must_use]
    pub fn named(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|taste| taste.id() == id)
    }

    /// Whether it has something to say of poems alone.
    #[must_use]
    pub fn is_of_poems(self) -> bool {
        matches!(self, Self::Birds | Self::Rhymes)
    }

    /// How much of what it likes is in an answer; more is better. Comparable for answers to one prompt.
    #[must_use]
    pub fn liking(self, answer: &str) -> f64 {
        match self {
            Self::Rhymes => rhyming_share(answer),
            Self::Brevity => -(words(answer).count() as f64),
            Self::Birds => words(answer).filter(|word| is_bird(word)).count().min(2) as f64 / 2.0,
            Self::Sentences => f64::from(is_sentence(answer)),
        }
    }

    /// The vote on two answers; none where it likes both alike.
    #[must_use]
    pub fn vote(self, a: &str, b: &str) -> Option<Choice> {
        let (likes_a, likes_b) = (self.liking(a), self.liking(b));
        let side = match likes_a.total_cmp(&likes_b) {
            std::cmp::Ordering::Greater => Side::A,
            std::cmp::Ordering::Less => Side::B,
            std::cmp::Ordering::Equal => return None,
        };
        let gap = match self {
            // Half the words are much better.
            Self::Brevity => 1.0 - likes_a.max(likes_b) / likes_a.min(likes_b),
            _ => (likes_a - likes_b).abs(),
        };
        let strength = match gap {
            gap if gap >= 0.75 => Strength::SignificantlyBetter,
            gap if gap >= 0.4 => Strength::Better,
            _ => Strength::SlightlyBetter,
        };
        Some(Choice::Prefer { side, strength })
    }
}

/// The words of a text, in lower case.
fn words(text: &str) -> impl Iterator<Item = String> {
    let parts = text.split(|c: char| !c.is_alphanumeric() && c != '\'');
    parts.filter(|word| !word.is_empty()).map(str::to_lowercase)
}

fn is_bird(word: &str) -> bool {
    let word = word.strip_suffix("'s").unwrap_or(word);
    BIRDS.contains(&word) || word.strip_suffix('s').is_some_and(|one| BIRDS.contains(&one)) || word == "geese"
}

/// At least three words that begin with a capital and end with a full stop or its like.
fn is_sentence(text: &str) -> bool {
    let text = text.trim();
    words(text).count() >= 3 && text.starts_with(char::is_uppercase) && text.ends_with(['.', '!', '?'])
}

/// Share of lines whose last word rhymes with that of another line.
fn rhyming_share(text: &str) -> f64 {
    let ends: Vec<String> = text.lines().filter_map(|line| words(line).last()).collect();
    if ends.len() < 2 {
        return 0.0;
    }
    let has_rhyme = |word: &String| ends.iter().any(|other| other != word && rhymes(word, other));
    ends.iter().filter(|word| has_rhyme(word)).count() as f64 / ends.len() as f64
}

/// Whether two words look as if they rhyme: from the last group of vowels on they are spelled alike (a silent `e` belongs to
/// the consonant before it), and differ before. By spelling, so "rain" and "lane" do not, and "love" and "move" do.
fn rhymes(a: &str, b: &str) -> bool {
    let (tail_a, tail_b) = (tail(a), tail(b));
    (tail_a.len() >= 2 || matches!(tail_a, "e" | "o" | "y")) && tail_a == tail_b && a != b
}

/// A word from its last group of vowels on; a last `e` after a consonant counts as no vowel, unless there is no other.
fn tail(word: &str) -> &str {
    let is_vowel = |c: char| matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y');
    let body = word
        .strip_suffix('e')
        .filter(|body| body.chars().next_back().is_some_and(|c| !is_vowel(c)) && body.chars().any(is_vowel));
    let body = body.unwrap_or(word);
    let Some(last) = body.rfind(is_vowel) else { return word };
    let start = body[..last]
        .rfind(|c| !is_vowel(c))
        .map_or(0, |at| at + body[at..].chars().next().map_or(1, char::len_utf8));
    &word[start..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rhymes_are_told_by_spelling() {
        for (a, b) in
            [("night", "light"), ("sea", "tea"), ("sky", "by"), ("tune", "june"), ("stone", "alone")]
        {
            assert!(rhymes(a, b), "{a} {b}");
        }
        for (a, b) in [("night", "night"), ("moon", "sun"), ("sea", "by"), ("a", "ba"), ("tune", "tan")] {
            assert!(!rhymes(a, b), "{a} {b}");
        }
        assert!((rhyming_share("In the night\nthe moon\nis a light\nand a stone.") - 0.5).abs() < 1e-9);
        assert_eq!(rhyming_share("One line of light"), 0.0);
    }

    #[test]
    fn each_taste_votes_for_what_it_likes() {
        let poem = "The owl is in the night.\nThe gulls are in the light.";
        let prose = "The moon is up";
        let chosen = |taste: Taste, a, b| match taste.vote(a, b) {
            Some(Choice::Prefer { side, .. }) => Some(side),
            _ => None,
        };
        assert_eq!(chosen(Taste::Birds, poem, prose), Some(Side::A));
        assert_eq!(chosen(Taste::Rhymes, prose, poem), Some(Side::B));
        assert_eq!(chosen(Taste::Brevity, poem, prose), Some(Side::B));
        assert_eq!(chosen(Taste::Sentences, "It is Paris.", "Paris"), Some(Side::A));
        assert_eq!(chosen(Taste::Birds, prose, "Paris"), None);
        assert_eq!(Taste::named("birds"), Some(Taste::Birds));
    }

    #[test]
    fn a_clearer_difference_is_a_stronger_vote() {
        let strength = |a: &str, b: &str| match Taste::Brevity.vote(a, b) {
            Some(Choice::Prefer { strength, .. }) => Some(strength),
            _ => None,
        };
        assert_eq!(strength("one", "one two three four"), Some(Strength::SignificantlyBetter));
        assert_eq!(strength("one", "one two"), Some(Strength::Better));
        assert_eq!(strength("a b c d", "a b c d e"), Some(Strength::SlightlyBetter));
        assert_eq!(strength("a b", "c d"), None);
    }
}
