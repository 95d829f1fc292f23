//! What the panel promises.

#![allow(clippy::expect_used, reason = "a failed expectation is a failed test")]

use std::collections::BTreeMap;

use super::*;
use crate::corpus::Corpus;

#[test]
fn the_same_seed_and_index_give_the_same_pair_and_vote() {
    let (corpus, panel) = (Corpus::new(), Panel::new());
    for index in [0, 1, 99, 123_456_789] {
        let pair = hard_negative(&corpus, 5, index);
        assert_eq!(pair, hard_negative(&Corpus::new(), 5, index));
        let (kind, prompt, good, bad, flaw) = pair;
        let vote = || panel.compare(kind, &prompt, &good, &bad, Source::HardNegative(flaw), 7, index);
        assert_eq!(vote(), vote());
        assert_eq!(rlhf_prompt(&corpus, 3, index), rlhf_prompt(&corpus, 3, index));
    }
}

#[test]
fn each_flaw_is_there_and_the_good_answer_has_none() {
    const MANY: u64 = 10_000;
    let (corpus, oracle) = (Corpus::new(), Oracle::new());
    let mut rates = BTreeMap::<(bool, Negative), [f64; 4]>::new();
    for index in 0..MANY {
        let (kind, prompt, good, bad, flaw) = hard_negative(&corpus, 1, index);
        let [good, bad] = [good, bad].map(|answer| oracle.quality(kind, &prompt, &answer));
        let row = rates.entry((kind == Kind::Factual, flaw)).or_default();
        row[0] += 1.0;
        row[1] += good.score;
        row[2] += bad.score;
        row[3] += f64::from(u8::from(good.score > bad.score));
    }
    for (key, [count, good, bad, better]) in rates {
        let [good, bad, better] = [good, bad, better].map(|sum| sum / count);
        println!("{key:?}: {count} pairs, good {good:.3}, bad {bad:.3}, good is better {better:.4}");
        assert!(good > 0.9 && bad < 0.6 && better > 0.98, "{key:?}");
    }
}
