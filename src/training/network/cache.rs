//! Keys and values of one text in one block, and attention of one new token to them.
//!
//! In a decoding step every row has one query. As products of matrices these would be too small to be worth calling;
//! here each is a loop over neighbours in memory.

use super::ModelShape;
use super::loops::exp;

/// Positions whose keys lie side by side, so that as many scores are summed at once.
const TILE: usize = 8;

/// What is kept of the positions so far.
#[derive(Debug, Clone, Default)]
pub(super) struct BlockCache {
    /// Number of positions.
    length: usize,
    /// `[tiles, kv_length, TILE]`, turned by RoPE; the last tile is filled up with zeros.
    keys: Vec<f32>,
    /// `[length, kv_length]`
    values: Vec<f32>,
}

impl BlockCache {
    /// Adds a position. `key` and `value`: `[kv_length]`.
    pub fn push(&mut self, key: &[f32], value: &[f32]) {
        let tile = self.length / TILE * key.len() * TILE;
        self.keys.resize(tile + key.len() * TILE, 0.0);
        let places = self.keys[tile..].iter_mut().skip(self.length % TILE).step_by(TILE);
        places.zip(key).for_each(|(place, k)| *place = *k);
        self.values.extend(value);
        self.length += 1;
    }

    /// Appends to `scores` the products of a head's query with the key at each position. `from`: its first column.
    fn scores(&self, query: &[f32], from: usize, kv_length: usize, scores: &mut Vec<f32>) {
        let end = scores.len() + self.length;
        for tile in self.keys.chunks_exact(kv_length * TILE) {
            let (columns, _) = tile[from * TILE..(from + query.len()) * TILE].as_chunks::<TILE>();
            let mut sums = [0.0; TILE];
            for (q, keys) in query.iter().zip(columns) {
                sums.iter_mut().zip(keys).for_each(|(s, k)| *s += q * k);
            }
            scores.extend(sums);
        }
        scores.truncate(end);
    }

    /// Adds to `out` the values at each position times its weight. `from`: the head's first column.
    fn mix(&self, weights: &[f32], from: usize, kv_length: usize, out: &mut [f32]) {
        for (weight, value) in weights.iter().zip(self.values.chunks_exact(kv_length)) {
            out.iter_mut().zip(&value[from..]).for_each(|(o, v)| *o += weight * v);
        }
    }
}

/// Attention of one new token to the prompt, which other rows share, and to the row's own tokens, itself the last.
///
/// # Shapes
/// `query` and `mixed` (written): `[query_length]`; `scores`: working memory.
pub(super) fn attend_one(
    shape: &ModelShape,
    prompt: &BlockCache,
    own: &BlockCache,
    query: &[f32],
    scores: &mut Vec<f32>,
    mixed: &mut [f32],
) {
    let (length, kv_length) = (shape.head_length, shape.kv_length());
    let scale = 1.0 / (length as f32).sqrt();
    let heads = query.chunks_exact(length).zip(mixed.chunks_exact_mut(length));
    for (head, (query, out)) in heads.enumerate() {
        let from = head / shape.group() * length;
        scores.clear();
        prompt.scores(query, from, kv_length, scores);
        own.scores(query, from, kv_length, scores);
        let largest = scores.iter().fold(f32::NEG_INFINITY, |m, &s| if s > m { s } else { m });
        scores.iter_mut().for_each(|s| *s = exp((*s - largest) * scale));
        let inverse = 1.0 / scores.iter().sum::<f32>();
        out.fill(0.0);
        prompt.mix(&scores[..prompt.length], from, kv_length, out);
        own.mix(&scores[prompt.length..], from, kv_length, out);
        out.iter_mut().for_each(|o| *o *= inverse);
    }
}
