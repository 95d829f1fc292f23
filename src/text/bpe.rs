//! Byte-pair merging: the lowest-ranked pair is merged first, leftmost first among equals.

use std::collections::{BinaryHeap, HashMap};

use crate::units::TokenId;

/// For each pair of tokens that merges: its rank and what it becomes.
pub type MergeRanks = HashMap<(TokenId, TokenId), (u32, TokenId)>;

/// Merges the tokens of one piece.
#[derive(Debug, Clone, Default)]
pub struct Bpe {
    ranks: MergeRanks,
}

/// A possible merge; the heap gives the lowest rank first, then the leftmost.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Candidate {
    order: std::cmp::Reverse<(u32, usize)>,
    right: usize,
    pair: (TokenId, TokenId),
    merged: TokenId,
}

/// A token in the doubly linked list of what is left of a piece.
struct Node {
    token: Option<TokenId>,
    previous: Option<usize>,
    next: Option<usize>,
}

impl Bpe {
    /// From the ranks of all merges.
    #[must_use]
    pub fn new(ranks: MergeRanks) -> Self {
        Self { ranks }
    }

    /// Merges until no pair is left that merges. `n log n` in the number of tokens, so a piece of megabytes is no trap.
    #[must_use]
    pub fn merge(&self, tokens: &[TokenId]) -> Vec<TokenId> {
        let mut nodes: Vec<Node> = tokens
            .iter()
            .enumerate()
            .map(|(i, &token)| Node {
                token: Some(token),
                previous: i.checked_sub(1),
                next: (i + 1 < tokens.len()).then_some(i + 1),
            })
            .collect();
        let mut heap = BinaryHeap::new();
        for left in 0..nodes.len() {
            heap.extend(self.candidate(&nodes, left));
        }
        while let Some(Candidate { order, right, pair, merged }) = heap.pop() {
            let left = order.0.1;
            let stale = nodes[left].next != Some(right)
                || nodes[left].token != Some(pair.0)
                || nodes[right].token != Some(pair.1);
            if stale {
                continue;
            }
            let after = nodes[right].next;
            nodes[left].token = Some(merged);
            nodes[left].next = after;
            nodes[right].token = None;
            if let Some(after) = after {
                nodes[after].previous = Some(left);
            }
            heap.extend(self.candidate(&nodes, left));
            if let Some(before) = nodes[left].previous {
                heap.extend(self.candidate(&nodes, before));
            }
        }
        nodes.into_iter().filter_map(|n| n.token).collect()
    }

    fn candidate(&self, nodes: &[Node], left: usize) -> Option<Candidate> {
        let right = nodes[left].next?;
        let pair = (nodes[left].token?, nodes[right].token?);
        let &(rank, merged) = self.ranks.get(&pair)?;
        Some(Candidate { order: std::cmp::Reverse((rank, left)), right, pair, merged })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The textbook way: find the best pair, merge its leftmost occurrence, begin again.
    fn merge_slowly(ranks: &MergeRanks, tokens: &[TokenId]) -> Vec<TokenId> {
        let mut tokens = tokens.to_vec();
        loop {
            let best = (0..tokens.len().saturating_sub(1))
                .filter_map(|i| {
                    ranks.get(&(tokens[i], tokens[i + 1])).map(|&(rank, merged)| (rank, i, merged))
                })
                .min();
            let Some((_, at, merged)) = best else { return tokens };
            tokens.splice(at..at + 2, [merged]);
        }
    }

    proptest! {
        #[test]
        fn merging_equals_the_textbook(tokens in prop::collection::vec(0_u32..4, 0..40)) {
            let pairs = [(0, 1), (1, 1), (4, 2), (5, 5), (2, 3), (4, 4), (3, 3), (10, 0)];
            let ranks: MergeRanks =
                pairs.into_iter().zip(0_u32..).map(|(pair, rank)| (pair, (rank, 4 + rank))).collect();
            prop_assert_eq!(Bpe::new(ranks.clone()).merge(&tokens), merge_slowly(&ranks, &tokens));
        }
    }

    #[test]
    fn a_piece_of_a_megabyte_is_no_trap() {
        let ranks: MergeRanks = [((0, 0), (0, 1)), ((1, 1), (1, 2)), ((2, 2), (2, 3))].into();
        assert_eq!(Bpe::new(ranks).merge(&vec![0; 1 << 20]).len(), 1 << 17);
    }
}
