//! Twin of `shaders/decode_rows.wgsl`.

use super::{KeysAndValues, attend_rows, embed_rows, project_rows, sample_rows};
use crate::kernels::{AttendShape, Blocks, DecodeShape, Finish, Norm, RowDraw, RowOutcome, RowPlace};
use crate::units::TokenId;

/// One block's weights.
#[derive(Debug, Clone)]
pub struct BlockWeights<'a> {
    /// `[width]`
    pub attention_norm: &'a [f32],
    /// Queries, keys, values: `(heads + 2 kv_heads) * length` outputs of `width` columns.
    pub query_key_value: Blocks<'a>,
    /// `width` outputs of `heads * length` columns.
    pub attention_out: Blocks<'a>,
    /// `[width]`
    pub feed_forward_norm: &'a [f32],
    /// `2 * inner` outputs of `width` columns.
    pub gate_up: Blocks<'a>,
    /// `width` outputs of `inner` columns.
    pub down: Blocks<'a>,
}

/// A model's weights.
#[derive(Debug, Clone)]
pub struct ModelWeights<'a> {
    /// One after the other.
    pub blocks: Vec<BlockWeights<'a>>,
    /// `[width]`
    pub output_norm: &'a [f32],
    /// `vocabulary` outputs of `width` columns.
    pub output: Blocks<'a>,
    /// One row of `width` columns a token.
    pub embedding: Blocks<'a>,
    /// `[context, half]` pairs of cosine and sine.
    pub turns: &'a [[f32; 2]],
}

/// Takes a row through so many steps. `newest`: its newest token; `place`: with its own tokens before that one is read; `draw`:
/// how the token after it is drawn. Returns what was drawn.
///
/// # Shapes
/// `prefixes`: `[blocks, 2, kv_heads, tokens, length]` of each prompt, one behind the other; `own`:
/// `[slots, blocks, 2, kv_heads, capacity, length]`, where the new tokens' keys and values are stored.
#[must_use]
pub fn decode_row(
    shape: &DecodeShape,
    weights: &ModelWeights<'_>,
    (place, newest, draw): (RowPlace, TokenId, RowDraw),
    steps: usize,
    prefixes: &[f32],
    (own, capacity): (&mut [f32], usize),
) -> Vec<RowOutcome> {
    let mut token = newest;
    let mut outcomes = Vec::new();
    for step in 0..steps as u32 {
        let place = RowPlace { own_tokens: place.own_tokens + step, ..place };
        let x = read_token(shape, weights, token, place, prefixes, (&mut *own, capacity));
        let draw = RowDraw { step: draw.step + step, ..draw };
        outcomes.extend(sample_rows(&logits_of(shape, weights, &x), shape.vocabulary, &[draw]));
        token = outcomes.last().and_then(|outcome| outcome.ok()).map_or(0, |drawn| drawn.id);
    }
    outcomes
}

/// What comes of a token, `[width]`, that stands behind a row's prefix and own tokens; its keys and values are stored.
fn read_token(
    shape: &DecodeShape,
    weights: &ModelWeights<'_>,
    token: TokenId,
    place: RowPlace,
    prefixes: &[f32],
    (own, capacity): (&mut [f32], usize),
) -> Vec<f32> {
    let &DecodeShape { width, inner, attention, blocks, epsilon, .. } = shape;
    let AttendShape { heads, kv_heads, length, .. } = attention;
    let norm = |gains| Some(Norm { gains, epsilon });
    let [slot, own_tokens, first, prefix_tokens] = place.words().map(|word| word as usize);
    // Of what is given to attention it is the only slot and the only prefix.
    let alone = RowPlace { slot: 0, first: 0, ..place };
    let mut x = embed_rows(&[token], weights.embedding, width);
    for (index, block) in weights.blocks.iter().enumerate() {
        let mut projected = vec![0.0; (heads + 2 * kv_heads) * length];
        let before = norm(block.attention_norm);
        project_rows(&x, before, block.query_key_value, Finish::Store, width, &mut projected);
        let half_of_prefix = kv_heads * prefix_tokens * length;
        let start = first * blocks * 2 * kv_heads * length + 2 * index * half_of_prefix;
        let (keys, values) = prefixes[start..][..2 * half_of_prefix].split_at(half_of_prefix);
        let prefix = KeysAndValues { keys, values };
        let half_of_own = kv_heads * capacity * length;
        let start = (slot * blocks + index) * 2 * half_of_own;
        let (keys, values) = own[start..][..2 * half_of_own].split_at_mut(half_of_own);
        let mine = KeysAndValues { keys: &*keys, values: &*values };
        let (mixed, new_keys, new_values) = attend_rows(
            attention,
            &[alone],
            weights.turns,
            &projected,
            (prefix, prefix_tokens),
            (mine, capacity),
        );
        for (all, new) in [(keys, new_keys), (values, new_values)] {
            for (head, new) in new.chunks_exact(length).enumerate() {
                let at = (head * capacity + own_tokens) * length;
                all[at..at + length].copy_from_slice(new);
            }
        }
        project_rows(&mixed, None, block.attention_out, Finish::Add, heads * length, &mut x);
        let mut gated = vec![0.0; inner];
        let before = norm(block.feed_forward_norm);
        project_rows(&x, before, block.gate_up, Finish::Gate, width, &mut gated);
        project_rows(&gated, None, block.down, Finish::Add, inner, &mut x);
    }
    x
}

fn logits_of(shape: &DecodeShape, weights: &ModelWeights<'_>, x: &[f32]) -> Vec<f32> {
    let mut logits = vec![0.0; shape.vocabulary];
    let before = Some(Norm { gains: weights.output_norm, epsilon: shape.epsilon });
    project_rows(x, before, weights.output, Finish::Store, shape.width, &mut logits);
    logits
}

/// Reads a prompt, one token after the other. Returns its keys and values, `[blocks, 2, kv_heads, tokens, length]`, and the logits
/// after its last token.
#[must_use]
pub fn read_prompt(
    shape: &DecodeShape,
    weights: &ModelWeights<'_>,
    tokens: &[TokenId],
) -> (Vec<f32>, Vec<f32>) {
    let AttendShape { kv_heads, length, .. } = shape.attention;
    let mut own = vec![0.0; 2 * shape.blocks * kv_heads * tokens.len() * length];
    let mut logits = Vec::new();
    for (own_tokens, &token) in (0..).zip(tokens) {
        let place = RowPlace { slot: 0, own_tokens, first: 0, prefix_tokens: 0 };
        let x = read_token(shape, weights, token, place, &[], (&mut own, tokens.len()));
        logits = logits_of(shape, weights, &x);
    }
    (own, logits)
}
