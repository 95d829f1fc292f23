//! The parts on their own; the whole is held to burn's autodiff in `tests/autodiff_twin.rs`.

use crate::units::Temperature;

use super::generate::{Row, Sampled, sample, sample_by};
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

#[test]
fn coefficients_that_depend_on_all_losses_are_held_constant() {
    let (shape, weights) = tiny();
    let shard = shard(&[&[3, 1, 4, 1, 5, 9, 2], &[2, 7, 1, 8, 2]]);
    let mut pass = Pass::new(&shape);
    let losses = pass.losses(&weights, &shard).to_vec();
    let sum: f32 = losses.iter().sum();
    let wanted = |i: usize| sum * (i as f32 - 3.0);
    let (mut jointly, mut one_by_one) = (vec![0.0; weights.len()], vec![0.0; weights.len()]);
    let mut seen = Vec::new();
    let mut coefficients = |losses: &[f32]| {
        seen = losses.to_vec();
        (0..losses.len()).map(wanted).collect()
    };
    pass.train_jointly(&weights, &shard, &mut coefficients, &mut jointly);
    pass.train_weighted(&weights, &shard, &mut |i, _| wanted(i), &mut one_by_one);
    assert_eq!(seen, losses);
    assert!(jointly == one_by_one && jointly.iter().any(|&g| g != 0.0));
}

/// Answers to two prompts of three tokens and one of two.
fn rows(count: u32) -> Vec<Row> {
    let prompts = [vec![3, 1, 4], vec![1, 5, 9], vec![2, 6]];
    (0..count)
        .map(|row| {
            let temperature = if row % 7 == 6 { Temperature::Greedy } else { Temperature::Value(0.8) };
            Row { prompt: prompts[row as usize / 10 % 3].clone(), row, seed: 5, temperature }
        })
        .collect()
}

#[test]
fn an_answer_does_not_depend_on_the_rows_beside_it() {
    let (shape, weights) = tiny();
    let rows = rows(70);
    let all = sample(&weights, &shape, &rows, 7, 20, 1);
    assert!(all.iter().any(|a| a.finished && a.tokens.len() < 10), "some end early");
    assert!(all.iter().any(|a| !a.finished && a.tokens.len() == 20), "some use their length up");
    assert!(all.iter().all(|a| a.finished == (a.tokens.last() == Some(&7))));
    for (batch, threads) in [(256, 2), (70, 1), (16, 1), (16, 3), (5, 2), (1, 1), (3, 50)] {
        assert_eq!(sample_by(batch, &weights, &shape, &rows, 7, 20, threads), all, "{batch} on {threads}");
    }
    let alone: Vec<Sampled> =
        rows.iter().flat_map(|row| sample(&weights, &shape, std::slice::from_ref(row), 7, 20, 1)).collect();
    assert_eq!(alone, all);
}

#[test]
fn answers_keep_within_the_context() {
    let (shape, weights) = tiny();
    let row = |length: u32| Row { prompt: (0..length).collect(), ..rows(1)[0].clone() };
    let lengths = |prompts: [u32; 4], most: usize| {
        sample(&weights, &shape, &prompts.map(row), 99, most, 2)
            .iter()
            .map(|a| a.tokens.len())
            .collect::<Vec<_>>()
    };
    assert_eq!(lengths([0, 10, 31, 32], 500), [0, 22, 1, 0]);
    assert_eq!(lengths([1, 2, 3, 30], 3), [3, 3, 3, 2]);
    assert_eq!(lengths([1, 2, 3, 4], 0), [0; 4]);
    assert!(sample(&weights, &shape, &[], 7, 20, 2).is_empty());
}

/// Time that this thread has run, in seconds: of use on a busy machine too. Linux only.
fn thread_s() -> f64 {
    let spent = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    spent.split(' ').next().unwrap().parse::<f64>().unwrap() * 1e-9
}

/// `cargo test --release -p lab --lib speed_of_sampling -- --ignored --nocapture`
#[test]
#[ignore = "a measurement"]
fn speed_of_sampling() {
    let shape = ModelShape::default();
    let mut state = 1_u64;
    let mut weights = Layout::new(&shape).initial_weights(0.02, || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((state >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    });
    // Logits as far apart as a trained model's; the embedding's norm alone decides, for what comes after is normed.
    weights[Layout::new(&shape).embedding].iter_mut().for_each(|w| *w *= 15.0);
    // 50 prompts of 15 tokens, 40 answers to each, which end at 40 tokens.
    let rows: Vec<Row> = (0..2000)
        .map(|row| Row {
            prompt: (0..15).map(|i| (row / 40 * 31 + i * 77) % 2048).collect(),
            row,
            seed: 1,
            temperature: Temperature::Value(1.0),
        })
        .collect();
    for batch in [32, 128, 512, 1024] {
        let mut best = 0.0_f64;
        for _ in 0..3 {
            let started = thread_s();
            let answers = sample_by(batch, &weights, &shape, &rows, u32::MAX, 40, 1);
            let tokens: usize = answers.iter().map(|a| a.tokens.len()).sum();
            best = best.max(tokens as f64 / (thread_s() - started));
        }
        println!("{batch} rows at a time: {best:.0} tokens/s");
    }
}
