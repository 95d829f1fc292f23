//! The forms of poems: what each demands, which of them a prompt asks for, and which of them lines have.
//!
//! Couplet, tercet and quatrain rhyme; what makes a haiku is its syllables, and what makes a list poem is that its
//! lines begin alike until the last does not. No form is better than another: a prompt that leaves the form open is
//! answered well in any. Knows no topics.

use serde::{Deserialize, Serialize};

use super::lexicon::Lexicon;
use super::poem::{Flaw, poem};
use super::random::Chance;
use super::syllables::of_line;
use super::{haiku, list};

/// A form of poem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// Two lines that rhyme.
    Couplet,
    /// Three lines, of which the last rhymes with another.
    Tercet,
    /// Four lines: AABB, ABAB, ABBA or ABCB.
    Quatrain,
    /// Three lines of five, seven and five syllables.
    Haiku,
    /// Two to four short lines that begin alike, and a last one that does not.
    List,
}

/// What a prompt says of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AskedForm {
    /// Nothing: any form will do.
    Any,
    /// A rhyme, in whatever form.
    Rhyme,
    /// This form.
    Only(Form),
}

/// Syllables of a haiku's lines.
pub(crate) const HAIKU: [usize; 3] = [5, 7, 5];
/// How far each line of what was meant for a haiku may be from its number.
const MEANT_FOR_HAIKU: usize = 3;
/// Syllables that a line of a list has at most: verse in tetrameter has eight, so that neither passes for the other.
pub(crate) const LIST_LINE: usize = 7;
/// Syllables that the last line of a list has at most.
pub(crate) const LIST_CLOSE: usize = 10;
/// Beginnings of lines that count.
const COUNTS: [&str; 4] = ["one", "two", "three", "four"];

impl Form {
    /// All forms.
    pub(crate) const ALL: [Self; 5] = [Self::Couplet, Self::Tercet, Self::Quatrain, Self::Haiku, Self::List];
    /// The forms that rhyme.
    pub(crate) const RHYMING: [Self; 3] = [Self::Couplet, Self::Tercet, Self::Quatrain];

    /// Whether its lines must rhyme.
    #[must_use]
    pub fn rhymes(self) -> bool {
        Self::RHYMING.contains(&self)
    }

    /// The name in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Couplet => "couplet",
            Self::Tercet => "tercet",
            Self::Quatrain => "quatrain",
            Self::Haiku => "haiku",
            Self::List => "list poem",
        }
    }

    /// The form whose name is or begins with this word.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.name().split(' ').next() == Some(word))
    }

    /// Whether it has so many lines.
    #[must_use]
    pub fn has_lines(self, lines: usize) -> bool {
        match self {
            Self::Couplet => lines == 2,
            Self::Tercet | Self::Haiku => lines == 3,
            Self::Quatrain => lines == 4,
            Self::List => (3..=5).contains(&lines),
        }
    }

    /// The form that rhymed lines of this number have.
    pub(crate) fn of_rhymed_lines(lines: usize) -> Option<Self> {
        Self::RHYMING.iter().copied().find(|form| form.has_lines(lines))
    }

    /// The form that lines have, if it is one that does not rhyme.
    #[must_use]
    pub fn without_rhyme(lines: &[&str]) -> Option<Self> {
        let is = |form: &&Self| match form {
            Self::Haiku => is_haiku(lines),
            Self::List => is_list(lines),
            _ => false,
        };
        Self::ALL.iter().find(is).copied()
    }

    /// Whether lines can be meant for this form, kept or broken: as many lines, and none of the other forms.
    pub(crate) fn is_meant_by(self, lines: &[&str]) -> bool {
        let shaped = match self {
            Self::Haiku => {
                lines
                    .iter()
                    .zip(HAIKU)
                    .all(|(line, wanted)| of_line(line).abs_diff(wanted) <= MEANT_FOR_HAIKU)
                    && lines.first().is_some_and(|line| of_line(line) < LIST_LINE)
            }
            Self::List => lines.split_last().is_some_and(|(_, items)| {
                items.iter().filter(|line| of_line(line) <= LIST_LINE).count() * 2 >= items.len()
            }),
            _ => true,
        };
        self.has_lines(lines.len()) && shaped && Self::without_rhyme(lines).is_none_or(|form| form == self)
    }
}

impl AskedForm {
    /// What a prompt says, read as [`super::typed::read`] gives it.
    pub(crate) fn of(read: &str) -> Self {
        let before = read.split_once(" about ").map_or(read, |(before, _)| before);
        let says = |word: &str| before.split(' ').any(|known| known == word);
        match () {
            () if says("haiku") => Self::Only(Form::Haiku),
            () if says("list") => Self::Only(Form::List),
            () if says("couplet") || says("two") || says("two-line") => Self::Only(Form::Couplet),
            () if says("tercet") || says("three") || says("three-line") => Self::Only(Form::Tercet),
            () if says("quatrain") || says("four") || says("four-line") => Self::Only(Form::Quatrain),
            () if says("rhyme") || says("rhyming") => Self::Rhyme,
            () => Self::Any,
        }
    }

    /// The one form that it asks for.
    pub(crate) fn only(self) -> Option<Form> {
        match self {
            Self::Only(form) => Some(form),
            _ => None,
        }
    }

    /// The forms that answer it.
    pub(crate) fn forms(self) -> Vec<Form> {
        match self {
            Self::Any => Form::ALL.to_vec(),
            Self::Rhyme => Form::RHYMING.to_vec(),
            Self::Only(form) => vec![form],
        }
    }
}

/// The form that lines are judged by, and whether they keep it. `rhymes` says whether they rhyme as so many lines do.
pub(crate) fn judged_form(asked: AskedForm, lines: &[&str], rhymes: bool) -> (Option<Form>, bool) {
    let found = Form::without_rhyme(lines);
    match (asked, found) {
        (AskedForm::Only(form), _) if !form.rhymes() => (Some(form), found == asked.only()),
        (AskedForm::Any, Some(form)) => (Some(form), true),
        _ => (asked.only().or_else(|| Form::of_rhymed_lines(lines.len())), rhymes),
    }
}

/// A poem in a form about the topic at `place`.
pub(crate) fn written(
    lexicon: &Lexicon,
    place: usize,
    form: Form,
    flaw: Flaw,
    chance: &mut Chance,
) -> String {
    match form {
        Form::Couplet => poem(lexicon, place, 2, flaw, chance),
        Form::Tercet => poem(lexicon, place, 3, flaw, chance),
        Form::Quatrain => poem(lexicon, place, 4, flaw, chance),
        Form::Haiku => haiku::haiku(lexicon, place, flaw, chance),
        Form::List => list::list(lexicon, place, flaw, chance),
    }
}

/// What the tables of the forms without rhyme write out, with slots as in the rhyme tables: for whoever must know every
/// word of the corpus.
pub(crate) fn phrases() -> Vec<String> {
    haiku::phrases().chain(list::phrases()).collect()
}

/// What begins the lines of those forms, slots left out; words only.
pub(crate) fn openings() -> Vec<String> {
    list::openings().collect()
}

/// Five, seven and five syllables.
pub(super) fn is_haiku(lines: &[&str]) -> bool {
    lines.len() == HAIKU.len() && lines.iter().zip(HAIKU).all(|(line, wanted)| of_line(line) == wanted)
}

/// All lines but the last are short and begin alike, and the last does not: alike is with the same words, of which one
/// at least is more than an article, or counting up.
pub(super) fn is_list(lines: &[&str]) -> bool {
    let Some((last, items)) = lines.split_last() else { return false };
    Form::List.has_lines(lines.len())
        && items.iter().all(|line| of_line(line) <= LIST_LINE)
        && of_line(last) <= LIST_CLOSE
        && items.first().is_some_and(|first| beginning(last, first) == 0)
        && (begin_alike(items) || count_up(items))
}

fn begin_alike(items: &[&str]) -> bool {
    let alike = common_beginning(items);
    items.first().is_some_and(|first| {
        words(first).take(alike).any(|word| !["the", "a", "an", "my", "our"].contains(&word.as_str()))
    })
}

/// How many words all lines begin with in common.
pub(crate) fn common_beginning(items: &[&str]) -> usize {
    let Some((first, others)) = items.split_first() else { return 0 };
    others.iter().map(|other| beginning(first, other)).min().unwrap_or(0)
}

fn beginning(first: &str, second: &str) -> usize {
    words(first).zip(words(second)).take_while(|(first, second)| first == second).count()
}

fn count_up(items: &[&str]) -> bool {
    let counts: Vec<_> = items.iter().map(|line| words(line).next()).collect();
    counts.iter().zip(COUNTS).all(|(found, count)| found.as_deref() == Some(count))
}

fn words(line: &str) -> impl Iterator<Item = String> {
    let words = line.split(|c: char| !(c.is_alphanumeric() || c == '\'')).filter(|word| !word.is_empty());
    words.map(str::to_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn syllables_make_a_haiku() {
        let haiku = ["A red fox at dawn", "counts one star, and then one more.", "It has other plans."];
        assert!(is_haiku(&haiku) && !is_list(&haiku));
        assert!(!is_haiku(&["A fox at dawn", haiku[1], haiku[2]]));
        assert!(!is_haiku(&haiku[..2]));
    }

    #[test]
    fn lines_that_begin_alike_and_a_last_one_that_does_not_make_a_list() {
        assert!(is_list(&["Ask the gull.", "Ask the boat.", "Ask the moon.", "The sea will never tell."]));
        assert!(is_list(&["One tiny shell.", "Two little boats.", "Nobody can count the sea."]));
        assert!(is_list(&["A fox likes the snow.", "A fox likes the moon.", "Nobody asked the hen."]));
        for (broken, lines) in [
            (
                "another beginning",
                ["Ask the gull.", "Hello, boat.", "Ask the moon.", "The sea will not tell."],
            ),
            ("no turn", ["Ask the gull.", "Ask the boat.", "Ask the moon.", "Ask the sea."]),
            ("only articles", ["The gull flies.", "The boat rocks.", "The moon glows.", "And so do I."]),
        ] {
            assert!(!is_list(&lines), "{broken}");
        }
        assert!(!is_list(&["Ask the gull.", "The sea will never tell."]));
        assert!(!is_list(&[]));
    }

    #[test]
    fn prompts_say_which_form_they_want() {
        let asked = |prompt: &str| AskedForm::of(&super::super::typed::read(prompt));
        assert_eq!(asked("Write a poem about the sea"), AskedForm::Any);
        assert_eq!(asked("A rhyme about a fox, please"), AskedForm::Rhyme);
        assert_eq!(asked("Can you write two lines about a cat?"), AskedForm::Only(Form::Couplet));
        assert_eq!(asked("write four lines about tea"), AskedForm::Only(Form::Quatrain));
        assert_eq!(asked("Write a haiku about four cats"), AskedForm::Only(Form::Haiku));
        assert_eq!(asked("make a list poem about the sea"), AskedForm::Only(Form::List));
    }
}
