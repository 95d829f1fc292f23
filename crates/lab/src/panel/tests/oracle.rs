//! True quality: nothing but flaws lowers it, and every flaw does.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::*;
use crate::corpus::Judge;
use crate::corpus::facts::fill;
use crate::panel::vocabulary;

fn oracle() -> &'static Oracle {
    static ORACLE: OnceLock<Oracle> = OnceLock::new();
    ORACLE.get_or_init(Oracle::new)
}

fn fact(prompt: &str, answer: &str) -> bool {
    oracle().quality(Kind::Factual, prompt, answer).score > 0.9
}

fn poem_score(prompt: &str, answer: &str) -> f64 {
    oracle().quality(Kind::Creative, prompt, answer).score
}

#[test]
fn a_right_fact_is_worth_the_same_in_every_wording() {
    let (corpus, oracle) = (Corpus::new(), oracle());
    for family in &corpus.facts.families {
        for item in &family.items {
            for (_, wording) in &family.answers {
                for answer in &item.answers {
                    let prompt = fill(family.questions[0], item.subject, "");
                    let answer = fill(wording, item.subject, answer);
                    let found = oracle.quality(Kind::Factual, &prompt, &answer);
                    assert!(found.score == 1.0 && found.strict == Some(true), "{prompt} {answer} {found:?}");
                    let careless = answer.to_lowercase().trim_end_matches(['.', '!']).to_owned();
                    let found = oracle.quality(Kind::Factual, &prompt, &careless);
                    assert!(found.score == 0.98, "{prompt} {careless} {found:?}");
                }
            }
        }
    }
}

#[test]
fn blends_of_wordings_are_right() {
    let asked = "What is the capital of France?";
    for answer in
        ["Paris, I believe.", "That would be called Paris.", "France has Paris.", "The capital is Paris."]
    {
        assert!(fact(asked, answer), "{answer}");
    }
    // In the wording of another family.
    assert!(fact("What sound does a cow make?", "That would be moo."));
    assert!(fact("How many legs does a spider have?", "That would be eight."));
}

#[test]
fn wrong_babbling_evasive_and_cut_off_facts_are_wrong() {
    let asked = "What is the capital of France?";
    for answer in [
        "The capital of Rwanda is Paris.",
        "The capital of Rwanda is Kigali.",
        "Paris is the capital of Rwanda.",
        "The capital of France is Rome.",
        "Paris or Rome.",
        "Paris Paris.",
        "It is Paris, it is Paris.",
        "The capital of France is",
        "Paris is the capital of",
        "The capital of France is Par",
        "I do not know.",
        "It is hard to say.",
        "Parris.",
        "Once more the moon of Paris.",
        "",
    ] {
        assert!(!fact(asked, answer), "{answer}");
    }
    assert!(!fact("How many legs does a spider have?", "The capital of a spider is eight."));
    assert!(!fact("What is the opposite of hot?", "The opposite of cold is hot."));
    assert!(!fact("Which month comes after April?", "April comes after May."));
    assert!(!fact("How many days are in a week?", "There are seven months in a week."));
    assert!(!fact("How many days are in a week?", "A month has seven days."));
    assert!(!fact("Plural of sheep?", "Sheep sheep."));
    assert!(fact("Plural of sheep?", "The plural of sheep is sheep."));
    assert!(fact("Capital of Singapore?", "Singapore."));
    assert!(!fact("What is the meaning of life?", "Paris."));
}

#[test]
fn the_corpus_judge_and_the_oracle_agree_about_the_corpus() {
    let (corpus, judge, oracle) = (Corpus::new(), Judge::new(), oracle());
    for index in 0..8_000 {
        let example = corpus.example(21, index);
        let found = oracle.quality(example.kind, &example.prompt, &example.answer);
        assert_eq!(found.invented, 0, "{example:?}");
        if example.kind == Kind::Factual {
            let verdict = judge.fact(&example.prompt, &example.answer).expect("asked");
            assert_eq!(found.strict, Some(verdict.answer_right && verdict.subject_right), "{example:?}");
        }
    }
}

/// No taste for a form: clean poems score alike as couplets, tercets, quatrains in couplets or alternating, ballads.
#[test]
fn clean_poems_score_alike_in_every_form() {
    let (corpus, oracle) = (Corpus::new(), oracle());
    let mut forms: BTreeMap<&str, Vec<Quality>> = BTreeMap::new();
    for round in 0..40 {
        for topic in 0..corpus.lexicon.topics.len() {
            let lines = 2 + (round % 3) as usize;
            let (prompt, text) = clean(&corpus, topic, lines, round);
            let sound = |place: usize| {
                let end = text.lines().nth(place).map(crate::corpus::lexicon::last_word);
                end.and_then(|end| corpus.lexicon.sounds.get(end)).copied()
            };
            let form = match lines {
                2 => "couplet",
                3 => "tercet",
                _ if sound(0) == sound(1) => "AABB",
                _ if sound(0) == sound(2) => "ABAB",
                _ => "ballad",
            };
            forms.entry(form).or_default().push(oracle.quality(Kind::Creative, &prompt, &text));
        }
    }
    assert_eq!(forms.len(), 5);
    for (form, found) in forms {
        let mean = |part: fn(&Quality) -> f64| found.iter().map(part).sum::<f64>() / found.len() as f64;
        let (score, topic, metre, fluent) =
            (mean(|q| q.score), mean(|q| q.topic), mean(|q| q.metre), mean(|q| q.fluent));
        println!("{form}: {} score {score:.4} {topic:.4} {metre:.4} {fluent:.4}", found.len());
        assert!(found.len() > 200 && score > 0.985, "{form}: {score}");
        assert!(found.iter().filter(|q| q.score < 0.8).count() * 100 < found.len(), "{form}");
    }
}

/// No taste for a vocabulary: no word of clean poems goes with a lower or a higher score.
#[test]
fn no_word_is_preferred() {
    let (corpus, oracle) = (Corpus::new(), oracle());
    let mut by_word: BTreeMap<String, (f64, f64)> = BTreeMap::new();
    for round in 0..40 {
        for topic in 0..corpus.lexicon.topics.len() {
            let (prompt, text) = clean(&corpus, topic, 2 + (round % 3) as usize, 100 + round);
            let score = oracle.quality(Kind::Creative, &prompt, &text).score;
            for word in vocabulary::words(&text) {
                let row = by_word.entry(word.to_lowercase()).or_default();
                *row = (row.0 + 1.0, row.1 + score);
            }
        }
    }
    for (word, (count, sum)) in by_word.iter().filter(|(_, row)| row.0 >= 30.0) {
        assert!(sum / count > 0.95, "{word}: {} in {count}", sum / count);
    }
}

#[test]
fn every_flaw_of_a_poem_lowers_its_score() {
    let asked = "Write a poem about the sea";
    let clean = "The silver tide rolls to the shore,\nAnd softly sings forevermore.";
    assert!(poem_score(asked, clean) > 0.95);
    let worse = [
        ("no rhyme", "The silver tide rolls to the shore,\nAnd softly sings beneath the moon.", 0.5),
        ("another topic", "The sleepy cat sleeps by the door,\nAnd dreams upon the kitchen floor.", 0.5),
        ("misspelt", "The silver tide rolls to the shore,\nAnd softly sings Grennight forevermore.", 0.65),
        ("cut off", "The silver tide rolls to the shore,\nAnd softly sings", 0.4),
        ("repeated line", "The silver tide rolls to the shore,\nThe silver tide rolls to the shore.", 0.2),
        ("end word twice", "The silver tide rolls to the shore,\nAnd softly sings along the shore.", 0.2),
        ("salad", "The tide the silver rolls of shore,\nSings and the softly forevermore.", 0.9),
        (
            "prose",
            "The silver tide rolls and rolls and rolls and rolls to the quiet sandy shore,\nOnce more.",
            0.75,
        ),
        ("nothing", "", 0.1),
    ];
    for (flaw, text, most) in worse {
        let score = poem_score(asked, text);
        assert!(score < most, "{flaw}: {score}");
    }
    assert!(poem_score("Write three lines about the sea", clean) < 0.6);
    let carried = "The silver tide rolls to the shore,\nAnd softly sings forevermore.\nThe gull flies home for you and me.\nThe sea is all I want to see.";
    let dropped = "The silver tide rolls to the shore,\nAnd softly sings forevermore.\nThe robot waits beside the train.\nThe baker dances in the rain.";
    assert!(poem_score(asked, carried) > poem_score(asked, dropped) + 0.1);
}
