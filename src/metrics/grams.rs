//! N-grams as plain numbers, so that counting them is a sort.

use std::collections::HashMap;
use std::hash::Hash;

/// Longest n-gram that fits into a [`Gram`].
pub(super) const MAX_ORDER: usize = 4;

/// Up to four token numbers, 32 bits each. Only n-grams of one order may be compared.
pub(super) type Gram = u128;

/// Replaces equal tokens by equal numbers, in order of first appearance.
pub(super) fn intern<'a, T: Eq + Hash + 'a>(texts: impl Iterator<Item = &'a [T]>) -> Vec<Vec<u32>> {
    let mut numbers: HashMap<&T, u32> = HashMap::new();
    texts
        .map(|text| {
            text.iter()
                .map(|token| {
                    let next = numbers.len() as u32;
                    *numbers.entry(token).or_insert(next)
                })
                .collect()
        })
        .collect()
}

/// The n-grams of one text, in order. `order` is 1 to [`MAX_ORDER`].
pub(super) fn grams(text: &[u32], order: usize) -> impl Iterator<Item = Gram> + '_ {
    debug_assert!((1..=MAX_ORDER).contains(&order));
    text.windows(order).map(|window| window.iter().fold(0, |gram, &token| (gram << 32) | Gram::from(token)))
}
