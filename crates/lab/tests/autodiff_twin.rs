//! The hand-written backward pass against burn's autodiff, on the same decoder written a second time with burn.

#![allow(clippy::unwrap_used, missing_docs)]

use burn::tensor::activation::{log_sigmoid, log_softmax, silu, softmax};
use burn::tensor::{Device, Gradients, Int, Tensor, TensorData};
use lab::network::{Layout, ModelShape, Pass, Shard};

/// Numbers in (0, 1) from a small xorshift generator.
fn uniform(state: &mut u64) -> f64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    ((*state >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
}

/// Documents of equal length, so that the twin can do without padding.
struct Documents {
    tokens: Vec<Vec<u32>>,
    answer_from: usize,
}

impl Documents {
    fn new(shape: &ModelShape, count: usize, length: usize, answer_from: usize) -> Self {
        let mut state = 5;
        let mut token = || (uniform(&mut state) * shape.vocabulary as f64) as u32;
        Self { tokens: (0..count).map(|_| (0..length).map(|_| token()).collect()).collect(), answer_from }
    }

    fn shard(&self) -> Shard {
        let mut shard = Shard::default();
        self.tokens.iter().for_each(|d| shard.push(d, self.answer_from));
        shard
    }
}

struct Twin<'a> {
    shape: &'a ModelShape,
    layout: Layout,
    device: Device,
    parts: Vec<Tensor<1>>,
}

impl<'a> Twin<'a> {
    fn new(shape: &'a ModelShape, weights: &[f32]) -> Self {
        let device = Device::flex().autodiff();
        let layout = Layout::new(shape);
        let parts = layout
            .parts
            .iter()
            .map(|p| {
                let data = TensorData::new(weights[p.range.clone()].to_vec(), [p.range.len()]);
                Tensor::<1>::from_data(data, &device).require_grad()
            })
            .collect();
        Self { shape, layout, device, parts }
    }

    fn matrix(&self, part: usize) -> Tensor<2> {
        let p = &self.layout.parts[part];
        self.parts[part].clone().reshape([p.rows, p.columns])
    }

    fn linear(&self, x: Tensor<2>, part: usize) -> Tensor<2> {
        x.matmul(self.matrix(part).transpose())
    }

    fn norm(&self, x: Tensor<2>, part: usize) -> Tensor<2> {
        let mean_square = x.clone().square().mean_dim(1);
        x / mean_square.add_scalar(self.shape.rms_epsilon).sqrt() * self.parts[part].clone().unsqueeze::<2>()
    }

    /// Turns neighbours. `x`: `[documents, length, heads, head_length]`.
    fn rope(&self, x: Tensor<4>) -> Tensor<4> {
        let [documents, length, heads, width] = x.dims();
        let half = width / 2;
        let table = |f: fn(f64) -> f64| {
            let values: Vec<f32> = (0..length * half)
                .map(|j| {
                    let frequency =
                        f64::from(self.shape.rope_base).powf(-2.0 * (j % half) as f64 / width as f64);
                    f((j / half) as f64 * frequency) as f32
                })
                .collect();
            Tensor::<1>::from_data(TensorData::new(values, [length * half]), &self.device)
                .reshape([1, length, 1, half, 1])
        };
        let (cos, sin) = (table(f64::cos), table(f64::sin));
        let pairs = x.reshape([documents, length, heads, half, 2]);
        let (a, b) = (pairs.clone().narrow(4, 0, 1), pairs.narrow(4, 1, 1));
        let first = a.clone() * cos.clone() - b.clone() * sin.clone();
        let second = a * sin + b * cos;
        Tensor::cat(vec![first, second], 4).reshape([documents, length, heads, width])
    }

    fn ints(&self, values: impl Iterator<Item = u32>) -> Tensor<1, Int> {
        let values: Vec<i32> = values.map(|v| v as i32).collect();
        let n = values.len();
        Tensor::from_data(TensorData::new(values, [n]), &self.device)
    }

    fn floats(&self, values: &[f32]) -> Tensor<1> {
        Tensor::from_data(TensorData::new(values.to_vec(), [values.len()]), &self.device)
    }

    /// The loss of each wanted token of the shard, `[positions]`.
    fn losses(&self, documents: &Documents, shard: &Shard) -> Tensor<1> {
        let targets = self.ints(shard.positions.iter().map(|&p| shard.tokens[p + 1]));
        let log_probs = log_softmax(self.hidden(documents, shard).matmul(self.matrix(0).transpose()), 1);
        log_probs.gather(1, targets.unsqueeze_dim::<2>(1)).squeeze_dim::<1>(1).neg()
    }

    /// The last normed state at each wanted position of the shard, `[positions, width]`.
    fn hidden(&self, documents: &Documents, shard: &Shard) -> Tensor<2> {
        let shape = self.shape;
        let (count, length) = (documents.tokens.len(), documents.tokens[0].len());
        let (heads, kv, group, width) = (shape.heads, shape.kv_heads, shape.group(), shape.head_length);
        let tokens = self.ints(documents.tokens.iter().flatten().copied());
        let mask: Vec<f32> =
            (0..length * length).map(|j| if j % length > j / length { -1e30 } else { 0.0 }).collect();
        let mask = Tensor::<1>::from_data(TensorData::new(mask, [length * length]), &self.device)
            .reshape([1, 1, length, length]);

        let mut x = self.matrix(0).select(0, tokens);
        for block in 0..shape.blocks {
            let part = 1 + 6 * block;
            let qkv = self.linear(self.norm(x.clone(), part), part + 1);
            let split = |start: usize, n: usize| {
                qkv.clone().narrow(1, start, n * width).reshape([count, length, n, width])
            };
            let (queries, keys) = (shape.query_length(), shape.kv_length());
            let spread = |t: Tensor<4>| {
                t.swap_dims(1, 2)
                    .reshape([count, kv, 1, length, width])
                    .expand([count, kv, group, length, width])
                    .reshape([count, heads, length, width])
            };
            let query = self.rope(split(0, heads)).swap_dims(1, 2);
            let key = spread(self.rope(split(queries, kv)));
            let value = spread(split(queries + keys, kv));
            let scores =
                query.matmul(key.swap_dims(2, 3)).mul_scalar(1.0 / (width as f32).sqrt()) + mask.clone();
            let mixed = softmax(scores, 3).matmul(value).swap_dims(1, 2).reshape([count * length, queries]);
            x = x + self.linear(mixed, part + 2);
            let gate_up = self.linear(self.norm(x.clone(), part + 3), part + 4);
            let gate = gate_up.clone().narrow(1, 0, shape.inner);
            let up = gate_up.narrow(1, shape.inner, shape.inner);
            x = x + self.linear(silu(gate) * up, part + 5);
        }
        let rows = self.ints(shard.positions.iter().map(|&p| p as u32));
        self.norm(x.select(0, rows), self.layout.parts.len() - 1)
    }

    /// Holds a gradient to the twin's, part by part.
    fn check(&self, gradients: &Gradients, ours: &[f32]) {
        for (part, tensor) in self.layout.parts.iter().zip(&self.parts) {
            check(&part.name, &ours[part.range.clone()], tensor, gradients);
        }
    }
}

fn values(tensor: Tensor<1>) -> Vec<f32> {
    tensor.into_data().try_into_vec().unwrap()
}

fn check(name: &str, ours: &[f32], tensor: &Tensor<1>, gradients: &Gradients) {
    let theirs: Vec<f32> = tensor.grad(gradients).unwrap().into_data().try_into_vec().unwrap();
    let norm = theirs.iter().map(|g| g * g).sum::<f32>().sqrt();
    let distance = ours.iter().zip(&theirs).map(|(a, b)| (a - b).powi(2)).sum::<f32>().sqrt();
    // f32 sums in another order over two blocks; a wrong term anywhere would be a large share of the norm.
    assert!(distance < 2e-5 * norm, "{name}: {distance} of {norm}");
    assert!(norm > 0.0, "{name} has no gradient");
}

fn weights(shape: &ModelShape, deviation: f32) -> Vec<f32> {
    let mut state = 9;
    let mut weights = Layout::new(shape).initial_weights(deviation, || uniform(&mut state));
    // Gains of exactly one would hide a forgotten gain.
    weights.iter_mut().for_each(|w| *w += 0.02 * (uniform(&mut state) as f32 - 0.5));
    weights
}

fn small() -> ModelShape {
    ModelShape {
        vocabulary: 60,
        width: 32,
        blocks: 2,
        heads: 4,
        kv_heads: 2,
        head_length: 8,
        inner: 64,
        context: 32,
        ..ModelShape::default()
    }
}

#[test]
fn gradients_are_those_of_autodiff() {
    let shape = small();
    let weights = weights(&shape, 0.15);
    let documents = Documents::new(&shape, 3, 13, 4);
    let shard = documents.shard();
    let mut gradient = vec![0.0; weights.len()];
    let loss = Pass::new(&shape).train(&weights, &shard, 1.0, &mut gradient);

    let twin = Twin::new(&shape, &weights);
    let twin_loss = twin.losses(&documents, &shard).sum();
    let gradients = twin_loss.backward();
    let twin_loss = f64::from(values(twin_loss)[0]);
    // 27 tokens of about 4 nats each, in f32.
    assert!((loss - twin_loss).abs() < 1e-3, "{loss} against {twin_loss}");
    twin.check(&gradients, &gradient);
}

#[test]
fn weighted_gradients_are_those_of_autodiff() {
    let shape = small();
    let weights = weights(&shape, 0.15);
    let documents = Documents::new(&shape, 3, 13, 4);
    let shard = documents.shard();
    // Both signs, and dependent on the loss, but held constant.
    let coefficient = |i: usize, loss: f32| (i as f32 - 11.0) / 9.0 + 0.1 * loss;
    let mut gradient = vec![0.0; weights.len() + 2];
    let mut asked = Vec::new();
    let mut pass = Pass::new(&shape);
    let losses = pass
        .train_weighted(
            &weights,
            &shard,
            &mut |i, loss| {
                asked.push((i, loss));
                coefficient(i, loss)
            },
            &mut gradient,
        )
        .to_vec();
    assert_eq!(asked, losses.iter().copied().enumerate().collect::<Vec<_>>(), "once each, in order");
    assert_eq!(gradient[weights.len()..], [0.0; 2]);

    let coefficients: Vec<f32> = losses.iter().enumerate().map(|(i, &loss)| coefficient(i, loss)).collect();
    assert!(coefficients.iter().any(|&c| c > 0.2) && coefficients.iter().any(|&c| c < -0.2));
    let twin = Twin::new(&shape, &weights);
    let twin_losses = twin.losses(&documents, &shard);
    let gradients = (twin_losses.clone() * twin.floats(&coefficients)).sum().backward();
    for (ours, theirs) in losses.iter().zip(values(twin_losses)) {
        assert!((ours - theirs).abs() < 1e-4, "{ours} against {theirs}");
    }
    twin.check(&gradients, &gradient);
}

#[test]
fn gradients_of_scalars_are_those_of_autodiff() {
    let shape = small();
    let weights = weights(&shape, 0.15);
    let mut state = 3;
    let head: Vec<f32> = (0..=shape.width).map(|_| uniform(&mut state) as f32 - 0.5).collect();
    let documents = Documents::new(&shape, 4, 13, 4);
    let mut last = Shard::default();
    documents.tokens.iter().for_each(|d| last.push_last(d));
    for shard in [last, documents.shard()] {
        // The loss: the sum over neighbours of -ln sigmoid(a - b), as of a reward model, and a little of the squares.
        let slope = |scalars: &[f32]| {
            let mut slopes: Vec<f32> = scalars.iter().map(|s| 0.2 * s).collect();
            for (pair, slopes) in scalars.chunks_exact(2).zip(slopes.chunks_exact_mut(2)) {
                let wrong = 1.0 / (1.0 + (pair[0] - pair[1]).exp());
                slopes[0] -= wrong;
                slopes[1] += wrong;
            }
            slopes
        };
        let (mut gradient, mut d_head) = (vec![0.0; weights.len()], vec![0.0; head.len()]);
        let mut pass = Pass::new(&shape);
        let scalars =
            pass.train_scalars(&weights, &head, &shard, &mut |s| slope(s), &mut gradient, &mut d_head);
        assert_eq!(scalars, pass.scalars(&weights, &head, &shard));
        assert_eq!(scalars.len(), shard.positions.len());

        let twin = Twin::new(&shape, &weights);
        let row = twin.floats(&head[..shape.width]).require_grad();
        let bias = twin.floats(&head[shape.width..]).require_grad();
        let hidden = twin.hidden(&documents, &shard);
        let twin_scalars =
            hidden.matmul(row.clone().unsqueeze_dim::<2>(1)).squeeze_dim::<1>(1) + bias.clone();
        let pairs = twin_scalars.clone().reshape([-1, 2]);
        let differences = pairs.clone().narrow(1, 0, 1) - pairs.narrow(1, 1, 1);
        let loss = log_sigmoid(differences).sum().neg() + twin_scalars.clone().square().sum().mul_scalar(0.1);
        let gradients = loss.backward();
        for (ours, theirs) in scalars.iter().zip(values(twin_scalars)) {
            assert!((ours - theirs).abs() < 1e-4, "{ours} against {theirs}");
        }
        check("head", &d_head[..shape.width], &row, &gradients);
        // The pairs' pulls on the bias cancel, so that little is left but the rounding: an absolute bound.
        let d_bias = values(bias.grad(&gradients).unwrap())[0];
        assert!((d_head[shape.width] - d_bias).abs() < 1e-4, "{} against {d_bias}", d_head[shape.width]);
        twin.check(&gradients, &gradient);
    }
}

/// Time that this thread has run, in seconds: of use on a busy machine too. Linux only.
fn thread_s() -> f64 {
    let spent = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    spent.split(' ').next().unwrap().parse::<f64>().unwrap() * 1e-9
}

/// `cargo test --release -p lab --test autodiff_twin -- --ignored --nocapture`
///
/// Both sides run on this thread alone. They take turns, and the best turn of each counts.
#[test]
#[ignore = "a measurement"]
fn speed_beside_autodiff() {
    let shape = ModelShape::default();
    let weights = weights(&shape, 0.02);
    // A usual shard: 24 examples of 42 tokens, 10 of them the prompt.
    let documents = Documents::new(&shape, 24, 42, 10);
    let (shard, mut pass, mut gradient) = (documents.shard(), Pass::new(&shape), vec![0.0; weights.len()]);
    let twin = Twin::new(&shape, &weights);
    let mut by_hand = || {
        pass.train(&weights, &shard, 1.0, &mut gradient);
    };
    let mut by_burn = || {
        let gradients = twin.losses(&documents, &shard).sum().backward();
        let found = twin.parts.iter().map(|p| p.grad(&gradients).unwrap().dims()[0]).sum::<usize>();
        assert_eq!(found, weights.len());
    };
    let speed = |step: &mut dyn FnMut()| {
        let started = thread_s();
        (0..5).for_each(|_| step());
        5.0 * shard.tokens.len() as f64 / (thread_s() - started)
    };
    let (mut ours, mut theirs) = (0.0_f64, 0.0_f64);
    for _ in 0..8 {
        ours = ours.max(speed(&mut by_hand));
        theirs = theirs.max(speed(&mut by_burn));
    }
    println!("by hand: {ours:.0} tokens/s, burn autodiff: {theirs:.0} tokens/s, {:.2} times", ours / theirs);
}
