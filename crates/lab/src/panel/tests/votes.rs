//! Votes: noisy, symmetric, without a taste as a panel.

use std::collections::BTreeMap;

use super::*;
use crate::corpus::facts::fill;

#[test]
fn ratings_have_the_margins_of_the_paper() {
    assert_eq!(Rating::ALL.map(Rating::margin_small), [1.0, 2.0 / 3.0, 1.0 / 3.0, 0.0]);
    assert_eq!(Rating::ALL.map(Rating::margin_large), [3.0, 2.0, 1.0, 0.0]);
}

#[test]
fn shares_add_up_and_tastes_cancel() {
    assert_eq!(VOTERS.iter().map(|voter| voter.share).sum::<usize>(), 100);
    let sum = |taste: fn(&Voter) -> f64| VOTERS.iter().map(|v| v.share as f64 * taste(v)).sum::<f64>();
    assert_eq!((sum(|v| v.long), sum(|v| v.rich)), (0.0, 0.0));
}

#[test]
fn a_comparison_is_written_and_read_back() {
    let vote = Panel::new().compare(
        Kind::Factual,
        "Capital of France?",
        "Paris.",
        "Rome.",
        Source::HardNegative(Negative::WrongAnswer),
        1,
        2,
    );
    let text = serde_json::to_string(&vote).expect("written");
    assert!(
        text.contains(r#""kind":"factual""#) && text.contains(r#"{"hard_negative":"wrong_answer"}"#),
        "{text}"
    );
    assert_eq!(serde_json::from_str::<Comparison>(&text).expect("read"), vote);
}

#[test]
fn swapping_the_answers_changes_nothing_but_the_noise() {
    const MANY: u64 = 10_000;
    let panel = Panel::new();
    let asked = "Write a poem about the sea";
    let (good, bad) = (
        "The silver tide rolls to the shore,\nAnd softly sings forevermore.",
        "The silver tide rolls to the shore,\nAnd softly sings beneath the moon.",
    );
    let wins = |first: &str, second: &str| {
        let votes = (0..MANY).map(|index| {
            panel.compare(Kind::Creative, asked, first, second, Source::Policy, 4, index).chosen == good
        });
        votes.filter(|won| *won).count() as f64 / MANY as f64
    };
    let (ahead, behind) = (wins(good, bad), wins(bad, good));
    assert!((ahead - behind).abs() < luck(MANY), "{ahead} {behind}");
    assert!(ahead > 0.85, "{ahead}");
}

#[test]
fn no_wording_of_a_right_or_a_wrong_fact_is_preferred() {
    const MANY: u64 = 60_000;
    let (corpus, panel) = (Corpus::new(), Panel::new());
    let mut wins: BTreeMap<(&str, &str, bool), (u64, u64)> = BTreeMap::new();
    let mut negligible = 0;
    for index in 0..MANY {
        let mut chance = Chance::new(31, index);
        let family = chance.pick(&corpus.facts.families).expect("families");
        let item = chance.pick(&family.items).expect("items");
        let right = chance.per_cent(50);
        let other = chance.pick(&family.items).and_then(|item| item.answers.first()).expect("answers");
        let answer = if right { item.answers[0] } else { other };
        if !right && item.answers.contains(other) {
            continue;
        }
        let (_, first) = *chance.pick(&family.answers).expect("wordings");
        let (_, second) = *chance.pick(&family.answers).expect("wordings");
        let texts = [first, second].map(|wording| fill(wording, item.subject, answer));
        if texts[0] == texts[1] {
            continue;
        }
        let prompt = fill(family.questions[0], item.subject, "");
        let vote = panel.compare(Kind::Factual, &prompt, &texts[0], &texts[1], Source::Policy, 5, index);
        for (wording, text) in [first, second].iter().zip(&texts) {
            let row = wins.entry((family.name, wording, right)).or_default();
            *row = (row.0 + 1, row.1 + u64::from(vote.chosen == *text));
        }
        negligible += u64::from(vote.rating == Rating::Negligibly);
    }
    let votes = wins.values().map(|(count, _)| count).sum::<u64>() / 2;
    let mut worst: f64 = 0.0;
    for (wording, (count, won)) in &wins {
        let share = *won as f64 / *count as f64;
        worst = worst.max((share - 0.5).abs() / luck(*count));
        assert!((share - 0.5).abs() < luck(*count), "{wording:?}: {share} of {count}");
    }
    let negligible = negligible as f64 / votes as f64;
    println!(
        "{} wordings, {votes} votes, farthest {worst:.2} of luck, negligibly {negligible:.3}",
        wins.len()
    );
    assert!(negligible > 0.85, "{negligible}");
}

#[test]
fn no_form_and_no_length_of_poem_is_preferred() {
    const MANY: u64 = 30_000;
    let (corpus, panel) = (Corpus::new(), Panel::new());
    let mut wins: BTreeMap<(usize, usize), (u64, u64)> = BTreeMap::new();
    let (mut longer, mut pairs) = (0, 0);
    for index in 0..MANY {
        let mut chance = Chance::new(32, index);
        let topic = chance.below(corpus.lexicon.topics.len());
        let lines = [2 + chance.below(3), 2 + chance.below(3)];
        let (prompt, first) = clean(&corpus, topic, lines[0], 2 * index);
        let (_, second) = clean(&corpus, topic, lines[1], 2 * index + 1);
        if first == second {
            continue;
        }
        let vote = panel.compare(Kind::Creative, &prompt, &first, &second, Source::Policy, 6, index);
        let row = wins.entry((lines[0], lines[1])).or_default();
        *row = (row.0 + 1, row.1 + u64::from(vote.chosen == first));
        let letters = |text: &str| {
            let words = text.split_whitespace().count() as f64;
            text.chars().filter(|c| c.is_alphabetic()).count() as f64 / words
        };
        pairs += 1;
        longer += u64::from(letters(&vote.chosen) > letters(&vote.rejected));
    }
    for (lines, (count, won)) in wins {
        let share = won as f64 / count as f64;
        println!("{lines:?}: {share:.3} of {count}");
        assert!((share - 0.5).abs() < luck(count), "{lines:?}: {share} of {count}");
    }
    let longer = longer as f64 / pairs as f64;
    assert!((longer - 0.5).abs() < luck(pairs), "longer words: {longer}");
}

#[test]
fn right_beats_wrong_and_a_strong_rating_is_shared() {
    let (corpus, panel) = (Corpus::new(), Panel::new());
    let hard: Vec<_> = (0..20_000)
        .map(|index| {
            let (kind, prompt, good, bad, _) = hard_negative(&corpus, 8, index);
            (kind, prompt, good, bad)
        })
        .collect();
    let right = hard.iter().enumerate().filter(|(index, (kind, prompt, good, bad))| {
        panel.compare(*kind, prompt, good, bad, Source::Policy, 9, *index as u64).chosen == *good
    });
    let right = right.count() as f64 / hard.len() as f64;
    assert!((0.9..0.97).contains(&right), "{right}");
    let hard = panel.agreement(&hard, 10);
    let usual = panel.agreement(&corpus_pairs(&corpus, 10, 20_000), 10);
    println!("chosen {right:.3}\nhard {hard:?}\nusual {usual:?}");
    assert!((0.85..0.94).contains(&hard.overall.share));
    for found in [hard, usual] {
        let shares = found.by_rating.map(|share| share.share);
        assert!(shares.windows(2).all(|pair| pair[0] > pair[1]), "{shares:?}");
        assert!(shares[0] > 0.82 && shares[3] < 0.7, "{shares:?}");
    }
}
