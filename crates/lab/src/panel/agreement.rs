//! How often two annotators choose alike: what a reward model could reach at best is bounded by it.

use serde::{Deserialize, Serialize};

use super::{Panel, Rating, VOTERS, tastes};
use crate::corpus::Kind;
use crate::corpus::random::Chance;

/// A share with what it is a share of.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Share {
    /// From 0 to 1; 0 of nothing.
    pub share: f64,
    /// Pairs counted.
    pub pairs: u64,
}

/// How often two different annotators choose the same answer of a pair.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Agreement {
    /// Over all pairs.
    pub overall: Share,
    /// By the first annotator's rating, in the order of [`Rating::ALL`].
    pub by_rating: [Share; 4],
    /// Poems.
    pub creative: Share,
    /// Facts.
    pub factual: Share,
}

impl Share {
    fn count(&mut self, alike: bool) {
        let before = self.share * self.pairs as f64;
        self.pairs += 1;
        self.share = (before + f64::from(u8::from(alike))) / self.pairs as f64;
    }
}

impl Panel {
    /// Lets two different annotators, drawn by share, vote on every pair of (kind, prompt, first, second).
    #[must_use]
    pub fn agreement(&self, pairs: &[(Kind, String, String, String)], seed: u64) -> Agreement {
        let mut found = Agreement::default();
        for (index, (kind, prompt, first, second)) in pairs.iter().enumerate() {
            let mut chance = Chance::new(seed, index as u64);
            let one = tastes::draw(&mut chance);
            let mut other = tastes::draw(&mut chance);
            while other == one {
                other = tastes::draw(&mut chance);
            }
            let qualities =
                [self.oracle.quality(*kind, prompt, first), self.oracle.quality(*kind, prompt, second)];
            let [one, other] =
                [one, other].map(|voter| tastes::vote(&VOTERS[voter], *kind, &qualities, &mut chance));
            let alike = one.first == other.first;
            found.overall.count(alike);
            let rating = Rating::ALL.iter().position(|rating| *rating == one.rating).unwrap_or(3);
            found.by_rating[rating].count(alike);
            match kind {
                Kind::Creative => found.creative.count(alike),
                Kind::Factual => found.factual.count(alike),
            }
        }
        found
    }
}
