//! What the corpus promises: the same text for the same seed, whole and grammatical poems, facts judged strictly.

#![allow(clippy::expect_used, reason = "a failed expectation is a failed test")]

use std::collections::{HashMap, HashSet};

use super::capitals::{CAPITALS, OBSERVERS};
use super::closers::CLOSERS;
use super::deeds::DEEDS;
use super::facts::fill;
use super::grammar::{is_mass, plural, present, progressive};
use super::nouns::{CLASSES, NOUNS};
use super::rhymes_first::RHYMES_FIRST;
use super::rhymes_second::RHYMES_SECOND;
use super::topics::{COMPANY, TOPICS};
use super::*;

const MANY: u64 = 20_000;

#[test]
fn the_same_seed_and_index_give_the_same_example() {
    let (first, second) = (Corpus::new(), Corpus::new());
    for index in [0, 1, 77, 123_456_789] {
        assert_eq!(first.example(5, index), second.example(5, index));
    }
    assert_ne!(first.example(5, 0).answer, first.example(6, 0).answer);
}

#[test]
fn every_table_row_is_understood() {
    let lexicon = Lexicon::new();
    assert_eq!(lexicon.classes.len(), CLASSES.lines().count());
    assert_eq!(lexicon.nouns.len(), NOUNS.lines().count() + COMPANY.lines().count());
    assert_eq!(lexicon.topics.len(), TOPICS.lines().count());
    assert!(lexicon.topics.len() >= 60);
    for (row, topic) in TOPICS.lines().zip(&lexicon.topics) {
        let listed = row.split('|').skip(3).flat_map(|list| list.split(',')).count();
        assert_eq!(listed, topic.own.len() + topic.company.len(), "{row}");
    }
    let names = RHYMES_FIRST.split("= ").skip(1).chain(RHYMES_SECOND.split("= ").skip(1));
    let names: Vec<&str> = names.filter_map(|block| block.lines().next()).collect();
    let deeds: Vec<&str> = DEEDS.lines().filter_map(|row| row.split('|').next()).collect();
    let closers: Vec<&str> = CLOSERS.lines().filter_map(|row| row.split('|').next()).collect();
    assert_eq!(names, deeds);
    assert_eq!(names, closers);
    assert_eq!(names.len(), lexicon.rhymes.len());
}

#[test]
fn scenery_with_room_for_an_adjective_has_one() {
    let lexicon = Lexicon::new();
    for ending in lexicon.rhymes.iter().flatten().filter(|ending| ending.text.contains('~')) {
        assert!(lexicon.scenery.contains_key(lexicon::last_word(ending.text)), "{}", ending.text);
    }
}

#[test]
fn every_end_word_sounds_in_one_class_only() {
    let lexicon = Lexicon::new();
    for (place, endings) in lexicon.rhymes.iter().enumerate() {
        for ending in endings {
            let word = lexicon::last_word(ending.text);
            assert_eq!(lexicon.sounds.get(word), Some(&place), "{word}: {}", ending.text);
        }
    }
}

#[test]
fn verbs_take_their_endings() {
    assert_eq!(present("fly home", false), "flies home");
    assert_eq!(present("play", false), "plays");
    assert_eq!(present("rush by", false), "rushes by");
    assert_eq!(present("run", true), "run");
    assert_eq!(progressive("run"), "running");
    assert_eq!(progressive("dance"), "dancing");
    assert_eq!(progressive("sleep"), "sleeping");
    assert_eq!(progressive("blow"), "blowing");
}

#[test]
fn nouns_take_their_plurals() {
    for (noun, many) in
        [("fox", "foxes"), ("daisy", "daisies"), ("mouse", "mice"), ("bus", "buses"), ("sheep", "sheep")]
    {
        assert_eq!(plural(noun), many);
    }
    assert!(is_mass("rain") && !is_mass("moon"));
}

#[test]
fn answers_have_no_gaps_and_poems_have_their_form() {
    let corpus = Corpus::new();
    for index in 0..MANY {
        let example = corpus.example(11, index);
        for text in [&example.prompt, &example.answer] {
            assert!(!text.is_empty(), "{example:?}");
            // People may type two spaces, poets and annotators do not.
            let typed = text == &example.prompt;
            assert!(typed || !text.contains("  "), "{example:?}");
            assert!(!text.contains(['{', '}', '~', '|']), "{example:?}");
            assert!(!text.contains(" \n") && !text.contains(" ,") && !text.contains(".."), "{example:?}");
        }
        if example.kind == Kind::Creative && example.annotator == 0 {
            for line in example.answer.lines() {
                assert!(line.starts_with(char::is_uppercase), "{example:?}");
            }
            assert!(example.answer.ends_with(['.', '!', '?']), "{example:?}");
            assert!((2..=4).contains(&example.answer.lines().count()), "{example:?}");
        }
    }
}

#[test]
fn a_careful_poem_is_judged_good() {
    let (corpus, judge) = (Corpus::new(), Judge::new());
    let careful = (0..MANY).map(|index| corpus.example(12, index));
    let poems: Vec<Example> = careful.filter(|e| e.kind == Kind::Creative && e.annotator == 0).collect();
    let verdicts: Vec<PoemVerdict> =
        poems.iter().map(|poem| judge.poem(&poem.prompt, &poem.answer)).collect();
    let share = |good: fn(&PoemVerdict) -> bool| {
        100.0 * verdicts.iter().filter(|verdict| good(verdict)).count() as f64 / verdicts.len() as f64
    };
    assert!(share(|v| v.keeps_form) > 97.5, "{}", share(|v| v.keeps_form));
    assert!(share(|v| v.on_topic) > 99.9 && share(|v| v.whole) > 99.9 && share(|v| !v.repeats) > 99.9);
}

#[test]
fn a_poem_that_does_not_rhyme_or_wanders_is_refused() {
    let prompt = "Write a poem about the sea";
    let verdict = judge_poem(prompt, "The tide rolls softly in the night,\nAnd sings beside the door.");
    assert!(!verdict.rhymes && verdict.on_topic && verdict.whole && verdict.lines == 2);
    let verdict = judge_poem(prompt, "The fox runs softly in the night,\nAnd waits beneath the light.");
    assert!(verdict.rhymes && !verdict.on_topic);
    let same = judge_poem(prompt, "The sea is waiting in the night,\nAnd sings to me all night.");
    assert!(!same.rhymes && same.repeats);
    assert!(!judge_poem(prompt, "the sea is waiting in the night\nand sings beneath the").whole);
    assert_eq!(judge_poem(prompt, "").lines, 0);
}

#[test]
fn june_rhymes_whatever_its_case() {
    let prompt = "Write a poem about summer";
    for june in ["June", "june"] {
        let poem = format!("The summer hums a merry tune,\nAnd dances through the whole of {june}.");
        assert!(judge_poem(prompt, &poem).rhymes, "{poem}");
    }
}

#[test]
fn there_are_193_members_and_their_observers() {
    let countries: HashSet<&str> = CAPITALS
        .lines()
        .filter_map(|row| row.split_once('|'))
        .flat_map(|(_, list)| list.split(';'))
        .filter_map(|entry| entry.split_once('='))
        .map(|(country, _)| country)
        .collect();
    assert!(OBSERVERS.iter().all(|observer| countries.contains(observer)));
    assert_eq!(countries.len() - OBSERVERS.len(), 193);
}

#[test]
fn right_answers_are_accepted_in_every_wording() {
    let (facts, judge) = (Facts::new(), Judge::new());
    let right = Some(FactVerdict { subject_right: true, answer_right: true });
    for family in &facts.families {
        for item in family.items.iter().step_by(7) {
            for (place, question) in family.questions.iter().enumerate() {
                let (_, template) = family.answers[place % family.answers.len()];
                let prompt = fill(question, item.subject, "");
                let answer = fill(template, item.subject, item.answers[0]);
                assert_eq!(judge.fact(&prompt, &answer), right, "{prompt} {answer}");
            }
        }
    }
}

#[test]
fn wrong_answers_and_wrong_subjects_are_refused() {
    let asked = "What is the capital of France?";
    let verdict = |answer: &str| {
        judge_fact(asked, answer).map(|verdict| (verdict.subject_right, verdict.answer_right)).expect("asked")
    };
    assert_eq!(verdict("Paris"), (true, true));
    assert_eq!(verdict("It is Rome."), (true, false));
    assert_eq!(verdict("Paris is the capital of Spain."), (false, true));
    assert_eq!(verdict("The capital of Spain is Madrid."), (false, false));
    assert_eq!(verdict("Well, the city of Paris, I think."), (true, true));
    assert_eq!(verdict("Paris or Rome."), (true, false));
    assert_eq!(verdict("I do not know."), (true, false));
    assert_eq!(judge_fact("What is the meaning of life?", "Paris."), None);
    let city = judge_fact("Capital of Mexico?", "Mexico City.");
    assert_eq!(city, Some(FactVerdict { subject_right: true, answer_right: true }));
    let swapped = judge_fact("What is the opposite of cold?", "The opposite of hot is cold.");
    assert_eq!(swapped, Some(FactVerdict { subject_right: false, answer_right: false }));
}

#[test]
fn shares_are_as_documented() {
    let (corpus, judge) = (Corpus::new(), Judge::new());
    let (mut by_annotator, mut creative, mut must_rhyme, mut rhyming, mut right, mut facts) =
        ([0_f64; 6], 0.0, 0.0, 0.0, 0.0, 0.0);
    for index in 0..MANY {
        let example = corpus.example(13, index);
        by_annotator[usize::from(example.annotator)] += 1.0;
        if example.kind == Kind::Creative {
            creative += 1.0;
            let verdict = judge.poem(&example.prompt, &example.answer);
            must_rhyme += f64::from(u8::from(verdict.must_rhyme()));
            rhyming += f64::from(u8::from(verdict.rhymes && verdict.must_rhyme()));
        } else {
            facts += 1.0;
            let verdict = judge.fact(&example.prompt, &example.answer).expect("asked");
            right += f64::from(u8::from(verdict.answer_right && verdict.subject_right));
        }
    }
    println!("creative {} rhyming {} right {}", creative / MANY as f64, rhyming / must_rhyme, right / facts);
    for (annotator, count) in ANNOTATORS.iter().zip(by_annotator) {
        assert!((100.0 * count / MANY as f64 - annotator.share as f64).abs() < 1.5, "{}", annotator.name);
    }
    assert!((creative / MANY as f64 - 0.55).abs() < 0.02);
    assert!((0.82..0.90).contains(&(rhyming / must_rhyme)), "{}", rhyming / must_rhyme);
    assert!((0.77..0.85).contains(&(right / facts)), "{}", right / facts);
    assert_eq!(ANNOTATORS.iter().map(|annotator| annotator.share).sum::<usize>(), 100);
}

#[test]
fn mistakes_differ_so_the_likeliest_answer_is_right() {
    let facts = Facts::new();
    let mut chance = Chance::new(3, 0);
    let mut wrong: HashMap<String, usize> = HashMap::new();
    for _ in 0..40_000 {
        let (prompt, answer) = facts.ask(true, 't', &mut chance).expect("asked");
        if prompt == "What is the capital of France?" {
            *wrong.entry(answer).or_default() += 1;
        }
    }
    let most = wrong.values().max().copied().unwrap_or(0);
    assert!(wrong.len() > 10 && most * 4 < wrong.values().sum::<usize>(), "{wrong:?}");
}

#[test]
fn held_out_prompts_are_never_given() {
    let corpus = Corpus::new();
    let given: HashSet<String> = (0..50_000).map(|index| corpus.example(1, index).prompt).collect();
    for kind in [Kind::Creative, Kind::Factual] {
        let held_out = held_out_prompts(kind);
        assert!(held_out.len() > 100);
        for prompt in held_out {
            assert!(!given.contains(&prompt), "{prompt}");
        }
    }
    let judge = Judge::new();
    assert!(held_out_prompts(Kind::Factual).iter().all(|prompt| judge.fact(prompt, "?").is_some()));
}

#[test]
fn the_page_offers_prompts_that_can_be_judged() {
    let corpus = Corpus::new();
    let given: HashSet<String> = (0..50_000).map(|index| corpus.example(1, index).prompt).collect();
    for prompt in creative_page_prompts() {
        assert!(given.contains(prompt), "{prompt}");
    }
    for prompt in factual_page_prompts() {
        assert!(judge_fact(prompt, "?").is_some(), "{prompt}");
    }
    assert!(creative_page_prompts().contains(&"Write a poem about the sea"));
    assert!(factual_page_prompts().contains(&"What is the capital of France?"));
}

#[test]
fn poems_on_one_topic_are_rarely_alike() {
    let lexicon = Lexicon::new();
    let poems: HashSet<String> =
        (0..2_000).map(|index| poem::poem(&lexicon, 0, 4, Flaw::None, &mut Chance::new(9, index))).collect();
    assert!(poems.len() > 1_900, "{}", poems.len());
    let couplets: HashSet<String> =
        (0..2_000).map(|index| poem::poem(&lexicon, 0, 2, Flaw::None, &mut Chance::new(9, index))).collect();
    assert!(couplets.len() > 1_900, "{}", couplets.len());
}

#[test]
fn samples_are_text_for_a_person() {
    let text = sample_text(1, 3);
    assert_eq!(text.matches("\n\n").count(), 3);
    assert!(text.starts_with('['));
}
