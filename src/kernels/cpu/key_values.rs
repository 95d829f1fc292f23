//! Keys and values of one sequence in one layer, laid out for [`super::attend`].

use crate::eight::LANES;

/// Keys and values that grow token by token.
///
/// Eight tokens' keys lie side by side, so that eight scores are summed at once, each over the head's width in order;
/// values lie token after token, so that what is mixed is summed at once over the head's width, each in order of tokens.
#[derive(Debug, Clone)]
pub struct KeyValues {
    kv_heads: usize,
    head_length: usize,
    tokens: usize,
    /// `[tokens / 8, kv_heads, head_length]` of eight tokens; those that are not there yet are zero.
    keys: Vec<[f32; LANES]>,
    /// `[tokens, kv_heads, head_length / 8]` of eight values; what is missing from the last eight of a head is zero.
    values: Vec<[f32; LANES]>,
}

impl KeyValues {
    /// Those of no tokens.
    #[must_use]
    pub fn new(kv_heads: usize, head_length: usize) -> Self {
        Self { kv_heads, head_length, tokens: 0, keys: Vec::new(), values: Vec::new() }
    }

    /// Number of tokens.
    #[must_use]
    pub fn tokens(&self) -> usize {
        self.tokens
    }

    /// Appends a token. `key`, turned by RoPE, and `value`: `[kv_heads, head_length]`.
    #[inline(never)]
    pub fn push(&mut self, key: &[f32], value: &[f32]) {
        let width = self.kv_heads * self.head_length;
        let (eight, lane) = (self.tokens / LANES, self.tokens % LANES);
        if lane == 0 {
            self.keys.resize((eight + 1) * width, [0.0; LANES]);
        }
        for (place, &key) in self.keys[eight * width..].iter_mut().zip(key) {
            place[lane] = key;
        }
        for head in value.chunks_exact(self.head_length) {
            for part in head.chunks(LANES) {
                let mut eight = [0.0; LANES];
                eight[..part.len()].copy_from_slice(part);
                self.values.push(eight);
            }
        }
        self.tokens += 1;
    }

    /// The keys of one head for each eight tokens, `[head_length]` of eight tokens each.
    pub(super) fn keys_of(&self, head: usize) -> impl Iterator<Item = &[[f32; LANES]]> {
        let per_eight = self.kv_heads * self.head_length;
        let from = head * self.head_length;
        self.keys.chunks_exact(per_eight).map(move |keys| &keys[from..from + self.head_length])
    }

    /// The values of one head for each token, `[head_length / 8]` of eight values each.
    pub(super) fn values_of(&self, head: usize) -> impl Iterator<Item = &[[f32; LANES]]> {
        let per_head = self.head_length.div_ceil(LANES);
        let from = head * per_head;
        self.values.chunks_exact(self.kv_heads * per_head).map(move |values| &values[from..from + per_head])
    }
}
