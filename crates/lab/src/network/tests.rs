//! The parts on their own; the whole is held to burn's autodiff in `tests/autodiff_twin.rs`.

use super::loops::exp;
use super::{Layout, ModelShape, Pass, Shard};

fn tiny() -> (ModelShape, Vec<f32>) {
    let shape = ModelShape {
        vocabulary: 40,
        width: 32,
        blocks: 2,
        heads: 2,
        kv_heads: 1,
        head_length: 16,
        inner: 32,
        context: 32,
        ..ModelShape::default()
    };
    let mut state = 1_u32;
    let uniform = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (f64::from(state) + 0.5) / 4_294_967_296.0
    };
    let weights = Layout::new(&shape).initial_weights(0.2, uniform);
    (shape, weights)
}

fn shard(documents: &[&[u32]]) -> Shard {
    let mut shard = Shard::default();
    documents.iter().for_each(|d| shard.push(d, 2));
    shard
}

#[test]
fn exp_is_close_enough() {
    for i in -8600..8700 {
        let x = i as f32 / 100.0;
        let error = f64::from(exp(x)) / f64::from(x).exp() - 1.0;
        assert!(error.abs() < 4e-7, "exp({x}) is off by {error}");
    }
    assert!(exp(-1e30) < 1e-37);
    assert!(exp(1e30).is_finite());
}

#[test]
fn only_answers_are_wanted() {
    let shard = shard(&[&[7, 8, 9, 10], &[1, 2, 3]]);
    assert_eq!(shard.positions, [1, 2, 5]);
    assert_eq!(shard.lengths, [4, 3]);
}

#[test]
fn documents_do_not_see_each_other() {
    let (shape, weights) = tiny();
    let (a, b): (&[u32], &[u32]) = (&[3, 1, 4, 1, 5, 9, 2], &[2, 7, 1, 8, 2]);
    let mut pass = Pass::new(&shape);
    let together = pass.losses(&weights, &shard(&[a, b])).to_vec();
    let mut apart = pass.losses(&weights, &shard(&[a])).to_vec();
    apart.extend(pass.losses(&weights, &shard(&[b])));
    assert_eq!(together.len(), 8);
    for (x, y) in together.iter().zip(&apart) {
        // The same sums, in products of other sizes.
        assert!((x - y).abs() < 1e-4, "{x} against {y}");
    }
}

#[test]
fn entropies_are_those_of_the_logits() {
    let (shape, weights) = tiny();
    let shard = shard(&[&[3, 1, 4, 1, 5, 9, 2], &[2, 7, 1, 8, 2]]);
    let mut pass = Pass::new(&shape);
    let (losses, entropies) = pass.entropies(&weights, &shard);
    assert_eq!(losses, pass.losses(&weights, &shard));
    let logits = pass.logits(&weights, &shard);
    assert_eq!(entropies.len(), 8);
    for (row, entropy) in logits.chunks_exact(shape.vocabulary).zip(entropies) {
        let sum: f64 = row.iter().map(|&l| f64::from(l).exp()).sum();
        let exact: f64 = row.iter().map(|&l| f64::from(l).exp() / sum * (sum.ln() - f64::from(l))).sum();
        assert!((f64::from(entropy) - exact).abs() < 1e-5, "{entropy} against {exact}");
    }
}

#[test]
fn the_last_position_can_be_wanted_alone() {
    let mut shard = Shard::default();
    shard.push_last(&[7, 8, 9, 10]);
    shard.push_last(&[1]);
    assert_eq!(shard.positions, [3, 4]);
    assert_eq!(shard.lengths, [4, 1]);
}

#[test]
fn a_small_step_down_the_gradient_lowers_the_loss_as_predicted() {
    let (shape, weights) = tiny();
    let shard = shard(&[&[3, 1, 4, 1, 5, 9, 2], &[2, 7, 1, 8, 2]]);
    let mut gradient = vec![0.0; weights.len()];
    let mut pass = Pass::new(&shape);
    let before = pass.train(&weights, &shard, 1.0, &mut gradient);
    let square: f64 = gradient.iter().map(|&g| f64::from(g).powi(2)).sum();
    let step = 1e-2 / square.sqrt();
    let moved: Vec<f32> =
        weights.iter().zip(&gradient).map(|(w, g)| w - (step * f64::from(*g)) as f32).collect();
    let after: f64 = pass.losses(&moved, &shard).iter().map(|&l| f64::from(l)).sum();
    let predicted = step * square;
    assert!(((before - after) / predicted - 1.0).abs() < 0.05, "{} against {predicted}", before - after);
}
