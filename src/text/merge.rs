//! Merging neighbours, the best pair first: what byte-pair encoding and SentencePiece-style encoding have in common.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// A possible merge. The heap gives the one of highest priority first, then the leftmost.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Candidate<P, S> {
    priority: P,
    left: Reverse<usize>,
    right: usize,
    pair: (S, S),
    merged: S,
}

/// A symbol in the doubly linked list of what is left.
struct Node<S> {
    symbol: Option<S>,
    previous: Option<usize>,
    next: Option<usize>,
}

/// Merges until no pair is left that merges. `join` says what two neighbours become, and how urgent that is.
///
/// `n log n` in the number of symbols, so a piece of megabytes is no trap.
pub(super) fn merge<S, P>(symbols: &[S], join: impl Fn(S, S) -> Option<(P, S)>) -> Vec<S>
where
    S: Copy + Ord,
    P: Ord,
{
    let mut nodes: Vec<Node<S>> = symbols
        .iter()
        .enumerate()
        .map(|(at, &symbol)| Node {
            symbol: Some(symbol),
            previous: at.checked_sub(1),
            next: (at + 1 < symbols.len()).then_some(at + 1),
        })
        .collect();
    let candidate = |nodes: &[Node<S>], left: usize| -> Option<Candidate<P, S>> {
        let right = nodes[left].next?;
        let pair = (nodes[left].symbol?, nodes[right].symbol?);
        let (priority, merged) = join(pair.0, pair.1)?;
        Some(Candidate { priority, left: Reverse(left), right, pair, merged })
    };
    let mut heap: BinaryHeap<_> = (0..nodes.len()).filter_map(|left| candidate(&nodes, left)).collect();
    while let Some(Candidate { left: Reverse(left), right, pair, merged, .. }) = heap.pop() {
        let stale = nodes[left].next != Some(right)
            || nodes[left].symbol != Some(pair.0)
            || nodes[right].symbol != Some(pair.1);
        if stale {
            continue;
        }
        let after = nodes[right].next;
        nodes[left].symbol = Some(merged);
        nodes[left].next = after;
        nodes[right].symbol = None;
        if let Some(after) = after {
            nodes[after].previous = Some(left);
        }
        heap.extend(candidate(&nodes, left));
        if let Some(before) = nodes[left].previous {
            heap.extend(candidate(&nodes, before));
        }
    }
    nodes.into_iter().filter_map(|node| node.symbol).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::*;

    type Rules = HashMap<(u32, u32), (u32, u32)>;

    /// The textbook way: find the best pair, merge its leftmost occurrence, begin again.
    fn merge_slowly(rules: &Rules, symbols: &[u32]) -> Vec<u32> {
        let mut symbols = symbols.to_vec();
        loop {
            let best = (0..symbols.len().saturating_sub(1))
                .filter_map(|i| rules.get(&(symbols[i], symbols[i + 1])).map(|&(rank, to)| (rank, i, to)))
                .min();
            let Some((_, at, merged)) = best else { return symbols };
            symbols.splice(at..at + 2, [merged]);
        }
    }

    fn merge_by_rank(rules: &Rules, symbols: &[u32]) -> Vec<u32> {
        merge(symbols, |a, b| rules.get(&(a, b)).map(|&(rank, merged)| (Reverse(rank), merged)))
    }

    proptest! {
        #[test]
        fn merging_equals_the_textbook(symbols in prop::collection::vec(0_u32..4, 0..40)) {
            let pairs = [(0, 1), (1, 1), (4, 2), (5, 5), (2, 3), (4, 4), (3, 3), (10, 0)];
            let rules: Rules =
                pairs.into_iter().zip(0_u32..).map(|(pair, rank)| (pair, (rank, 4 + rank))).collect();
            prop_assert_eq!(merge_by_rank(&rules, &symbols), merge_slowly(&rules, &symbols));
        }
    }

    #[test]
    fn a_piece_of_a_megabyte_is_no_trap() {
        let rules: Rules = [((0, 0), (0, 1)), ((1, 1), (1, 2)), ((2, 2), (2, 3))].into();
        assert_eq!(merge_by_rank(&rules, &vec![0; 1 << 20]).len(), 1 << 17);
    }
}
