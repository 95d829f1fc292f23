//! Facts: parses the families, asks and answers, and knows what would be right.

use std::collections::HashMap;

use super::capitals::CAPITALS;
use super::families::FAMILIES;
use super::grammar::capital;
use super::random::Chance;
use super::typed::{read, typed};

/// Countries whose continent may be argued about, or whose name is that of more than one thing.
const BETWEEN_CONTINENTS: [&str; 11] = [
    "Turkey",
    "Russia",
    "Cyprus",
    "Georgia",
    "Armenia",
    "Azerbaijan",
    "Kazakhstan",
    "Egypt",
    "Panama",
    "Timor-Leste",
    "Indonesia",
];

/// A wording that no example uses, for each family: put before the first question.
pub(crate) const HELD_OUT_OPENING: &str = "Here is a question: ";

/// One checkable fact.
#[derive(Debug)]
pub(crate) struct Item {
    /// The subject as the table writes it; `x|y` when it has two parts.
    pub(crate) subject: &'static str,
    /// The answer given, then others that are right as well.
    pub(crate) answers: Vec<&'static str>,
    /// Items of the same group make plausible mistakes.
    pub(crate) group: usize,
}

/// A family of facts of one form.
#[derive(Debug)]
pub(crate) struct Family {
    pub(crate) name: &'static str,
    weight: usize,
    pub(crate) questions: Vec<&'static str>,
    /// Habit and template.
    pub(crate) answers: Vec<(char, &'static str)>,
    pub(crate) items: Vec<Item>,
}

/// All families.
#[derive(Debug)]
pub(crate) struct Facts {
    pub(crate) families: Vec<Family>,
}

/// A question that was understood.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub(crate) family: &'a Family,
    pub(crate) item: &'a Item,
}

impl Facts {
    /// Parses the tables.
    pub(crate) fn new() -> Self {
        Self { families: FAMILIES.split("= ").filter_map(family).collect() }
    }

    /// A question and an answer, right or wrong, in the given habit of wording.
    pub(crate) fn ask(&self, wrong: bool, style: char, chance: &mut Chance) -> Option<(String, String)> {
        let weights: Vec<usize> = self.families.iter().map(|family| family.weight).collect();
        let family = self.families.get(chance.weighted(&weights))?;
        let place = chance.below(family.items.len());
        let item = family.items.get(place)?;
        // The first question is the likeliest: it is how most people ask.
        let mut question = if chance.per_cent(30) { 0 } else { chance.below(family.questions.len()) };
        if held_out(place, question) {
            question = 0;
        }
        let question = family.questions.get(question)?;
        let prompt = typed(question, |text| fill(text, item.subject, ""), chance);
        let right = *item.answers.first()?;
        let answer = if wrong { family.mistake(item, chance).unwrap_or(right) } else { right };
        let habit = if chance.per_cent(62) { style } else { *chance.pick(&['f', 't', 'c'])? };
        let usual: Vec<&str> =
            family.answers.iter().filter(|(known, _)| *known == habit).map(|(_, text)| *text).collect();
        Some((prompt, fill(chance.pick(&usual)?, item.subject, answer)))
    }

    /// Where every question's family and item are, by the question as it is read.
    pub(crate) fn places(&self) -> HashMap<String, (usize, usize)> {
        let mut places = HashMap::new();
        for (family_place, family) in self.families.iter().enumerate() {
            for (item_place, item) in family.items.iter().enumerate() {
                for question in &family.questions {
                    // Two families may ask alike; the first keeps the question.
                    let asked = read(&fill(question, item.subject, ""));
                    places.entry(asked).or_insert((family_place, item_place));
                }
            }
        }
        places
    }

    /// The family and item that a prompt asks about.
    pub(crate) fn understand(
        &self,
        prompt: &str,
        places: &HashMap<String, (usize, usize)>,
    ) -> Option<Asked<'_>> {
        let (family, item) = self.place(prompt, places)?;
        let family = self.families.get(family)?;
        Some(Asked { family, item: family.items.get(item)? })
    }

    /// The places of the family and the item that a prompt asks about.
    pub(crate) fn place(
        &self,
        prompt: &str,
        places: &HashMap<String, (usize, usize)>,
    ) -> Option<(usize, usize)> {
        let prompt = read(prompt.trim().strip_prefix(HELD_OUT_OPENING).unwrap_or(prompt));
        places.get(&prompt).copied()
    }

    /// Prompts that no example gives.
    pub(crate) fn held_out_prompts(&self) -> Vec<String> {
        let mut prompts = Vec::new();
        for family in &self.families {
            for (place, item) in family.items.iter().enumerate() {
                for (question, text) in family.questions.iter().enumerate() {
                    let asked = fill(text, item.subject, "");
                    if question == 0 {
                        prompts.push(format!("{HELD_OUT_OPENING}{asked}"));
                    } else if held_out(place, question) {
                        prompts.push(asked);
                    }
                }
            }
        }
        prompts
    }
}

impl Family {
    /// An answer that is wrong for the item, taken at random from its group.
    fn mistake(&self, item: &Item, chance: &mut Chance) -> Option<&'static str> {
        for _ in 0..60 {
            let other = chance.pick(&self.items)?;
            let answer = *other.answers.first()?;
            let near = self.name == "continent" || other.group == item.group;
            if near && !item.answers.contains(&answer) && answer != item.subject {
                return Some(answer);
            }
        }
        None
    }
}

/// Whether this item is never asked about in this wording. The first wording is always used.
pub(crate) fn held_out(item: usize, question: usize) -> bool {
    question > 0 && (item * 5 + question * 3) % 29 == 7
}

/// A template with its slots filled.
pub(crate) fn fill(template: &str, subject: &str, answer: &str) -> String {
    let (first, second) = subject.split_once('|').unwrap_or((subject, subject));
    let text = template
        .replace("{s}", subject)
        .replace("{S}", &capital(subject))
        .replace("{x}", first)
        .replace("{y}", second)
        .replace("{Y}", &capital(second))
        .replace("{a}", answer)
        .replace("{A}", &capital(answer));
    text.replace("..", ".")
}

/// Lower case, without punctuation at the end and without double spaces, for comparison.
pub(crate) fn plain(text: &str) -> String {
    let text = text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
    text.trim_end_matches(|c: char| ".!?,;:".contains(c)).to_owned()
}

fn family(block: &'static str) -> Option<Family> {
    let (head, rows) = block.split_once('\n')?;
    let (name, weight) = head.split_once(" | ")?;
    let mut found = Family {
        name,
        weight: weight.parse().ok()?,
        questions: Vec::new(),
        answers: Vec::new(),
        items: Vec::new(),
    };
    for (group, row) in rows.lines().enumerate() {
        match row.split_once(' ') {
            Some(("Q", text)) => found.questions.push(text),
            Some(("A", text)) => found.answers.extend(
                text.split_once(' ')
                    .and_then(|(style, text)| style.chars().next().map(|style| (style, text))),
            ),
            Some(("I", list)) => found.items.extend(list.split(';').filter_map(|entry| item(entry, group))),
            _ => {}
        }
    }
    for (group, (region, list)) in CAPITALS.lines().filter_map(|row| row.split_once('|')).enumerate() {
        let countries = list.split(';').filter_map(|entry| item(entry, group));
        match name {
            "capital" => found.items.extend(countries),
            "continent" => found.items.extend(
                countries
                    .filter(|item| !BETWEEN_CONTINENTS.contains(&item.subject))
                    .take(16)
                    .map(|item| Item { answers: vec![region], ..item }),
            ),
            _ => {}
        }
    }
    Some(found)
}

fn item(entry: &'static str, group: usize) -> Option<Item> {
    let (subject, answers) = entry.split_once('=')?;
    Some(Item { subject, answers: answers.split('/').collect(), group })
}
