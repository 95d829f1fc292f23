//! Hard negatives: the flaw is there, and it is the only difference.

use std::collections::{BTreeMap, HashSet};

use super::*;

const MANY: u64 = 20_000;

#[test]
fn the_same_seed_and_index_give_the_same_pair_and_vote() {
    let (corpus, panel) = (Corpus::new(), Panel::new());
    for index in [0, 1, 99, 123_456_789] {
        let pair = hard_negative(&corpus, 5, index);
        assert_eq!(pair, hard_negative(&Corpus::new(), 5, index));
        let (kind, prompt, good, bad, flaw) = pair;
        let vote = || panel.compare(kind, &prompt, &good, &bad, Source::HardNegative(flaw), 7, index);
        assert_eq!(vote(), vote());
        assert_eq!(rlhf_prompt(&corpus, 3, index), rlhf_prompt(&Corpus::new(), 3, index));
    }
}

#[test]
fn each_flaw_is_there_and_the_good_answer_has_none() {
    let (corpus, oracle) = (Corpus::new(), Oracle::new());
    let mut rates = BTreeMap::<(bool, Negative), [f64; 5]>::new();
    for index in 0..MANY {
        let (kind, prompt, good, bad, flaw) = hard_negative(&corpus, 1, index);
        let [good, bad] = [good, bad].map(|answer| oracle.quality(kind, &prompt, &answer));
        let flawed = match (kind, flaw) {
            (Kind::Factual, Negative::WrongSubject) => bad.strict == Some(false) && !bad.on_topic,
            (Kind::Factual, Negative::Repetition) => bad.strict == Some(false) && bad.repeats,
            (Kind::Factual, Negative::Misspelt) => bad.strict == Some(false) && bad.invented > 0,
            (Kind::Factual, _) => bad.strict == Some(false),
            (_, Negative::OffTopic) => bad.topic < 0.8,
            (_, Negative::Repetition) => bad.repeats,
            (_, Negative::BrokenRhyme) => !bad.keeps_form,
            (_, Negative::Truncated | Negative::Evasive) => !bad.whole,
            (_, Negative::Misspelt) => bad.invented > 0,
            _ => !bad.asked_lines_kept,
        };
        let row = rates.entry((kind == Kind::Factual, flaw)).or_default();
        let counted =
            [1.0, good.score, bad.score, f64::from(u8::from(flawed)), f64::from(u8::from(good.score > 0.8))];
        row.iter_mut().zip(counted).for_each(|(sum, one)| *sum += one);
    }
    assert_eq!(rates.len(), 13);
    for ((fact, flaw), [count, good, bad, flawed, clean]) in rates {
        let [good, bad, flawed, clean] = [good, bad, flawed, clean].map(|sum| sum / count);
        let of = if fact { "fact" } else { "poem" };
        println!(
            "{of} {flaw:?}: {count}, good {good:.3}, bad {bad:.3}, flawed {flawed:.4}, clean {clean:.4}"
        );
        assert!(flawed > 0.99 && clean > 0.99 && good > 0.97 && bad < 0.55, "{of} {flaw:?}");
    }
}

/// A country or a capital is `*`, so that what is left is the wording.
fn wording(names: &[String], text: &str) -> String {
    let text = text.to_lowercase().replace("washington, d.c.", "washington");
    let mut masked = format!(" {} ", text.trim_end_matches('.').replace(", of", " , of"));
    names.iter().for_each(|name| masked = masked.replace(&format!(" {name} "), " * "));
    masked
}

#[test]
fn good_and_bad_are_worded_alike_and_evenly() {
    let corpus = Corpus::new();
    let family = corpus.facts.families.first().expect("capitals");
    let names = family.items.iter().flat_map(|item| item.answers.iter().copied().chain([item.subject]));
    let mut names: Vec<String> =
        names.map(|name| name.to_lowercase().trim_end_matches('.').to_owned()).collect();
    names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    let mut counts: BTreeMap<(Negative, String), [f64; 2]> = BTreeMap::new();
    for index in 0..60_000 {
        let (kind, prompt, good, bad, flaw) = hard_negative(&corpus, 2, index);
        let swapped = [Negative::WrongAnswer, Negative::WrongSubject].contains(&flaw);
        if kind == Kind::Factual && swapped && prompt.to_lowercase().contains("capital") {
            counts.entry((flaw, wording(&names, &good))).or_default()[0] += 1.0;
            counts.entry((flaw, wording(&names, &bad))).or_default()[1] += 1.0;
        }
    }
    let wordings: HashSet<&String> = counts.keys().map(|(_, wording)| wording).collect();
    assert!((10..=13).contains(&wordings.len()), "{wordings:?}");
    for flaw in [Negative::WrongAnswer, Negative::WrongSubject] {
        let rows = counts.iter().filter(|((known, _), _)| *known == flaw);
        let rows: Vec<_> = rows.map(|((_, wording), row)| (wording, row)).collect();
        let even = rows.iter().map(|(_, row)| row[0]).sum::<f64>() / rows.len() as f64;
        for (wording, [good, bad]) in rows {
            assert!((good - bad).abs() < 5.0 * (good + bad).sqrt(), "{flaw:?} {wording}: {good} {bad}");
            assert!((good - even).abs() < 5.0 * even.sqrt(), "{flaw:?} {wording}: {good} of {even}");
        }
    }
}

#[test]
fn good_and_bad_poems_have_as_many_lines() {
    let corpus = Corpus::new();
    let mut lines: BTreeMap<Negative, [[f64; 5]; 2]> = BTreeMap::new();
    for index in 0..MANY {
        let (kind, _, good, bad, flaw) = hard_negative(&corpus, 3, index);
        if kind == Kind::Creative && flaw != Negative::Evasive {
            let rows = lines.entry(flaw).or_default();
            rows[0][good.lines().count().min(4)] += 1.0;
            rows[1][bad.lines().count().min(4)] += 1.0;
        }
    }
    for (flaw, [good, bad]) in lines {
        for number in 2..=4 {
            let (good, bad) = (good[number], bad[number]);
            assert!((good - bad).abs() < 4.5 * (good + bad).sqrt(), "{flaw:?}, {number}: {good} {bad}");
        }
    }
}
