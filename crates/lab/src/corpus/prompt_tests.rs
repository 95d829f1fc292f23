//! What the corpus promises about prompts, and about the forms that they ask for.

use std::collections::{BTreeMap, HashSet};

use super::form::AskedForm;
use super::prompts::{HELD_OUT_WORDINGS, WORDINGS};
use super::typed::read;
use super::*;

const MANY: u64 = 40_000;

fn poems(seed: u64) -> impl Iterator<Item = Example> {
    let corpus = Corpus::new();
    (0..MANY).map(move |index| corpus.example(seed, index)).filter(|example| example.kind == Kind::Creative)
}

#[test]
fn every_wording_says_what_its_table_says_about_every_topic() {
    let lexicon = Lexicon::new();
    for (place, topic) in lexicon.topics.iter().enumerate() {
        for wording in WORDINGS {
            let prompt = read(&wording.text.replace("{t}", topic.phrase));
            assert_eq!(AskedForm::of(&prompt), wording.asked, "{prompt}");
            assert_eq!(lexicon.topic_of(&prompt), Some(place), "{prompt}");
        }
        for text in HELD_OUT_WORDINGS {
            let prompt = text.replace("{t}", topic.phrase);
            assert_eq!(lexicon.topic_of(&read(&prompt)), Some(place), "{prompt}");
        }
    }
}

#[test]
fn wordings_differ() {
    let texts: HashSet<&str> =
        WORDINGS.iter().map(|wording| wording.text).chain(HELD_OUT_WORDINGS.iter().copied()).collect();
    assert_eq!(texts.len(), WORDINGS.len() + HELD_OUT_WORDINGS.len());
    assert!(WORDINGS.len() >= 58);
}

#[test]
fn a_named_form_is_answered_in_it_and_an_open_prompt_in_any() {
    let judge = Judge::new();
    let mut open: BTreeMap<Option<Form>, f64> = BTreeMap::new();
    for example in poems(15).filter(|example| example.annotator == 0) {
        let verdict = judge.poem(&example.prompt, &example.answer);
        match AskedForm::of(&read(&example.prompt)) {
            AskedForm::Only(form) => assert!(form.has_lines(verdict.lines), "{example:?}"),
            AskedForm::Rhyme => assert!(verdict.must_rhyme(), "{example:?}"),
            AskedForm::Any => *open.entry(verdict.form).or_default() += 1.0,
        }
    }
    let all: f64 = open.values().sum();
    for form in [Form::Haiku, Form::List] {
        let share = open.get(&Some(form)).copied().unwrap_or(0.0) / all;
        assert!((0.06..0.10).contains(&share), "{}: {share}", form.name());
    }
}

#[test]
fn some_prompts_are_typed_carelessly_and_all_are_understood() {
    let (corpus, judge, lexicon) = (Corpus::new(), Judge::new(), Lexicon::new());
    let mut proper: HashSet<String> = HashSet::new();
    for family in &corpus.facts.families {
        for item in &family.items {
            proper.extend(family.questions.iter().map(|text| facts::fill(text, item.subject, "")));
        }
    }
    for topic in &lexicon.topics {
        proper.extend(WORDINGS.iter().map(|wording| wording.text.replace("{t}", topic.phrase)));
    }
    let mut careless = 0.0;
    for index in 0..MANY {
        let example = corpus.example(16, index);
        careless += f64::from(u8::from(!proper.contains(&example.prompt)));
        match example.kind {
            Kind::Factual => assert!(judge.fact(&example.prompt, "?").is_some(), "{}", example.prompt),
            Kind::Creative => {
                assert!(lexicon.topic_of(&read(&example.prompt)).is_some(), "{}", example.prompt)
            }
        }
    }
    // Without its stop, one wording may be another.
    let share = careless / MANY as f64;
    assert!((0.10..0.13).contains(&share), "{share}");
}
