//! Each kernel of a decode step against burn's own way to the same result, on every graphics adapter of this machine.
//!
//! `cargo bench --features gpu --bench kernels`. A measurement is many launches in a row, waited for once; the median of
//! several is shown, after a warm-up in which burn tunes itself. Bytes are those that must be moved at least: weights,
//! inputs and results, each once; their share is of what a copy on the same device moves, reading and writing.

#![allow(missing_docs)]

mod adapters;

use std::time::Instant;

use burn::tensor::{Device, Distribution, Tensor, activation::softmax};
use thermostat::engine::block_on;
use thermostat::gguf::quantize;
use thermostat::kernels::direct::{
    AttendBuffers, Dispatch, Graphics, Part, ProjectBuffers, Projection, Reduction, SampleBuffers,
    attend_rows, project_rows, sample,
};
use thermostat::kernels::{
    AttendShape, BlockFormat, Blocks, Finish, QuantizedWeights, RowDraw, RowPlace, draw_words,
};
use thermostat::model::Place;
use thermostat::units::{Temperature, Truncation};

const RUNS: usize = 9;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    for chosen in adapters::adapters()? {
        let name = &chosen.report.name;
        let launches = if chosen.report.software { 2 } else { 100 };
        let (Some(graphics), Place::Tensor { device, .. }) = (chosen.graphics, chosen.place) else {
            continue;
        };
        let bench = Bench { graphics, device, launches };
        let ceiling = bench.copy(if chosen.report.software { 1 << 24 } else { 1 << 28 })?;
        println!("\n{name}: a copy moves {ceiling:.0} GB/s, reading and writing");
        println!(
            "{:<44} {:>10} {:>10} {:>7} {:>8} {:>7}",
            "", "ours µs", "burn µs", "ratio", "GB/s", "share"
        );
        let sizes = if chosen.report.software { &SIZES[..2] } else { &SIZES[..] };
        for &(columns, outputs) in sizes {
            for rows in [1, 8, 25, 375] {
                for finish in [Finish::Store, Finish::Gate] {
                    for format in BlockFormat::ALL {
                        bench.projection(format, [rows, columns, outputs], finish, ceiling)?;
                    }
                }
            }
        }
        for (shape, tokens) in [((4, 2, 32, 16), 60), ((9, 3, 64, 32), 60), ((9, 3, 64, 32), 1000)] {
            let (heads, kv_heads, length, half) = shape;
            for rows in [1, 25, 375] {
                bench.attention(AttendShape { heads, kv_heads, length, half }, rows, tokens, ceiling)?;
            }
        }
        let sizes = [(1, 2048), (25, 2048), (375, 2048), (25, 49_152)];
        for (rows, vocabulary) in sizes {
            bench.sampler(rows, vocabulary)?;
        }
        bench.reductions(&sizes)?;
    }
    Ok(())
}

/// Columns and outputs: of our models, of SmolLM2's, and one that fills a large card.
const SIZES: [(usize, usize); 5] = [(128, 256), (352, 128), (128, 2048), (576, 1536), (4096, 14_336)];

struct Bench {
    graphics: Graphics,
    device: Device,
    launches: usize,
}

type Measured<T> = Result<T, thermostat::kernels::KernelError>;

impl Bench {
    /// The median time of one of many, in µs.
    fn median(&self, mut once: impl FnMut() -> Measured<()>) -> Measured<f64> {
        once()?;
        once()?;
        let mut times = Vec::new();
        for _ in 0..RUNS {
            let begin = Instant::now();
            once()?;
            times.push(begin.elapsed().as_secs_f64() * 1e6 / self.launches as f64);
        }
        times.sort_by(f64::total_cmp);
        Ok(times[RUNS / 2])
    }

    fn ours(&self, dispatch: &Dispatch) -> Measured<f64> {
        let nothing = self.graphics.empty(16);
        self.median(|| {
            let many = std::iter::repeat_n(dispatch, self.launches);
            block_on(self.graphics.submit(many, &nothing).words()).map(|_| ())
        })
    }

    /// `operation` gives a tensor, one element of the last is read.
    fn burns(&self, operation: impl Fn() -> Tensor<2>) -> Measured<f64> {
        self.median(|| {
            let mut last = None;
            for _ in 0..self.launches {
                last = Some(operation());
            }
            let element = last.map(|tensor| tensor.slice([0..1, 0..1]).into_data());
            assert!(element.is_some_and(|data| data.num_elements() == 1));
            Ok(())
        })
    }

    /// What a shader that copies moves, reading and writing: GB/s.
    fn copy(&self, bytes: u64) -> Measured<f64> {
        const SOURCE: &str = "
            @group(0) @binding(0) var<storage, read> from_here: array<vec4<f32>>;
            @group(0) @binding(1) var<storage, read_write> to_there: array<vec4<f32>>;
            @compute @workgroup_size(256)
            fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
                for (var i = id.x; i < arrayLength(&from_here); i += groups.x * 256u) { to_there[i] = from_here[i]; }
            }";
        let (from, to) = (self.graphics.empty(bytes), self.graphics.empty(bytes));
        let us =
            self.ours(&self.graphics.custom(SOURCE, &[&from, &to], [(bytes / 4096).min(65_535) as u32, 1]))?;
        Ok(2.0 * bytes as f64 / us / 1e3)
    }

    fn device(&self) -> &Device {
        &self.device
    }

    fn random(&self, shape: [usize; 2]) -> Tensor<2> {
        Tensor::random(shape, Distribution::Normal(0.0, 1.0), self.device())
    }

    fn filled(&self, count: usize) -> Part {
        let values: Vec<f32> = (0..count).map(|i| (i as f32 * 0.7).sin()).collect();
        self.graphics.filled(&values)
    }

    /// Against RMSNorm and a product with unpacked weights in burn, and where gated SiLU and the second product.
    fn projection(
        &self,
        format: BlockFormat,
        [rows, columns, outputs]: [usize; 3],
        finish: Finish,
        ceiling: f64,
    ) -> Measured<()> {
        let parts = if finish == Finish::Gate { 2 } else { 1 };
        let values: Vec<f32> = (0..parts * outputs * columns).map(|i| (i as f32 * 0.7).sin()).collect();
        let blocks = quantize(format.kind(), &values);
        let all = Blocks { format, bytes: &blocks };
        let weights = QuantizedWeights::new(all, parts * outputs, columns, self.device()).parts()?;
        let (x, gains, y) = (self.filled(rows * columns), self.filled(columns), self.filled(rows * outputs));
        let buffers = ProjectBuffers { x: &x, norm: Some((&gains, 1e-5)), weights: &weights, y: &y };
        let size = Projection { rows: rows as u32, columns: columns as u32, outputs: outputs as u32, finish };
        let ours = self.ours(&project_rows(&self.graphics, size, buffers))?;

        let (x, gains) = (self.random([rows, columns]), self.random([1, columns]));
        let weights = self.random([columns, parts * outputs]);
        let burn = self.burns(|| {
            let mean_square = x.clone().square().mean_dim(1);
            let normed = x.clone() / mean_square.add_scalar(1e-5).sqrt() * gains.clone();
            let z = normed.matmul(weights.clone());
            if finish == Finish::Gate {
                let gate = z.clone().narrow(1, 0, outputs);
                burn::tensor::activation::silu(gate) * z.narrow(1, outputs, outputs)
            } else {
                z
            }
        })?;
        // On the device a scale has four bytes and not two.
        let bytes = blocks.len() / format.bytes() * (format.bytes() + 2)
            + 4 * (rows * columns + columns + rows * outputs);
        let what = format!("project {rows} x {columns} x {parts} x {outputs}, {finish:?}, {format:?}");
        self.line(&what, ours, burn, Some((bytes, ceiling)));
        Ok(())
    }

    /// Against softmax and products in burn, without RoPE and the cache's growth.
    fn attention(&self, shape: AttendShape, rows: usize, tokens: usize, ceiling: f64) -> Measured<()> {
        let AttendShape { heads, kv_heads, length, half } = shape;
        let what = format!("attend {rows} rows, {heads}/{kv_heads} x {length}, {tokens} tokens");
        let (prefix, own) = (tokens / 2, tokens / 2);
        // Adapters differ in how much a kernel may be bound to.
        let largest = (rows * (own + 1) * kv_heads * length * 4) as u64;
        if largest > self.graphics.device.limits().max_storage_buffer_binding_size {
            println!("{what:<44} SKIPPED: {largest} bytes are more than this adapter binds at once");
            return Ok(());
        }
        let kv = |count: usize| self.filled(count * kv_heads * length);
        let (own_keys, own_values) = (kv(rows * (own + 1)), kv(rows * (own + 1)));
        let places: Vec<[u32; 4]> = (0..rows as u32)
            .map(|slot| {
                RowPlace { slot, own_tokens: own as u32, first: 0, prefix_tokens: prefix as u32 }.words()
            })
            .collect();
        let buffers = AttendBuffers {
            shape: &self.graphics.uniform([rows as u32, prefix as u32, own as u32 + 1, 0]),
            places: &self.graphics.filled(&places),
            turns: &self.filled((tokens + 1) * half * 2),
            projected: &self.filled(rows * (heads + 2 * kv_heads) * length),
            prefix_keys: &kv(prefix),
            prefix_values: &kv(prefix),
            own_keys: &own_keys,
            own_values: &own_values,
            mixed: &self.filled(rows * heads * length),
        };
        let ours = self.ours(&attend_rows(&self.graphics, shape, rows as u32, buffers))?;

        let random = |shape| Tensor::<4>::random(shape, Distribution::Normal(0.0, 1.0), self.device());
        let query = random([rows, kv_heads, heads / kv_heads, length]);
        let (keys, values) =
            (random([rows, kv_heads, tokens + 1, length]), random([rows, kv_heads, tokens + 1, length]));
        let burn = self.burns(|| {
            let scores = query.clone().matmul(keys.clone().swap_dims(2, 3));
            softmax(scores, 3).matmul(values.clone()).reshape([rows, heads * length])
        })?;
        let bytes = 4 * kv_heads * length * 2 * (prefix + rows * own)
            + 4 * rows * (2 * heads + 2 * kv_heads) * length;
        self.line(&what, ours, burn, Some((bytes, ceiling)));
        Ok(())
    }

    /// Against noise and the largest sum in burn. Entropy, log-probability and truncation, which ours gives too, are not asked of
    /// burn, and its noise is not a function of seed, row and step.
    fn sampler(&self, rows: usize, vocabulary: usize) -> Measured<()> {
        let ours = self.ours(&self.draw(&self.graphics, rows, vocabulary, Truncation::default()))?;
        let logits = self.random([rows, vocabulary]);
        let burn = self.burns(|| {
            let noise =
                Tensor::<2>::random([rows, vocabulary], Distribution::Uniform(1e-7, 1.0), self.device());
            let noisy = logits.clone() - noise.log().neg().log();
            noisy.argmax(1).float()
        })?;
        self.line(&format!("sample {rows} rows of {vocabulary}"), ours, burn, None);
        Ok(())
    }

    /// Draws a token for each row, from the same logits for the same sizes.
    fn draw(&self, graphics: &Graphics, rows: usize, vocabulary: usize, truncation: Truncation) -> Dispatch {
        let draw = |row: usize| RowDraw {
            temperature: Temperature::Value(1.0),
            truncation,
            seed: 1,
            row: row as u32,
            step: 3,
        };
        let draws: Vec<[u32; 8]> = (0..rows).map(|row| draw_words(&draw(row))).collect();
        let buffers = SampleBuffers {
            shape: &graphics.uniform([rows as u32, vocabulary as u32, 0, 0]),
            logits: &self.filled(rows * vocabulary),
            draws: &graphics.filled(&draws),
            outcomes: &self.filled(rows * 4),
        };
        sample(graphics, rows as u32, buffers)
    }

    /// The sampler's two ways to reduce against each other, where the adapter has both.
    fn reductions(&self, sizes: &[(usize, usize)]) -> Measured<()> {
        if !self.graphics.has_subgroups() {
            println!("no subgroup operations: the sampler reduces by barriers");
            return Ok(());
        }
        println!("{:<44} {:>10} {:>10} {:>7}", "", "subgroups", "barriers", "ratio");
        let top_p = Truncation { top_k: None, top_p: Some(0.9) };
        for (truncation, named) in [(Truncation::default(), ""), (top_p, ", top-p")] {
            for &(rows, vocabulary) in sizes {
                let [barriers, subgroups] = Reduction::ALL.map(|way| {
                    let graphics = self.graphics.clone().reducing_by(way);
                    self.ours(&self.draw(&graphics, rows, vocabulary, truncation))
                });
                self.line(&format!("sample {rows} rows of {vocabulary}{named}"), subgroups?, barriers?, None);
            }
        }
        Ok(())
    }

    fn line(&self, what: &str, ours: f64, burn: f64, moved: Option<(usize, f64)>) {
        print!("{what:<44} {ours:>10.1} {burn:>10.1} {:>7.2}", burn / ours);
        match moved {
            Some((bytes, ceiling)) => {
                let speed = bytes as f64 / ours / 1e3;
                println!(" {speed:>8.1} {:>6.1}%", 100.0 * speed / ceiling);
            }
            None => println!(),
        }
    }
}
