//! The WGSL kernels against their CPU twins, and the engine on WebGPU against the engine on the CPU.
//!
//! `cargo test --features gpu --test gpu -- --nocapture`. Runs on whatever adapter wgpu finds and prints its name; on a
//! machine without one, Debian's `mesa-vulkan-drivers` is enough (its adapter is `llvmpipe`; where a broken driver is in
//! the way, set `VK_ICD_FILENAMES=/usr/share/vulkan/icd.d/lvp_icd.x86_64.json`). Without any adapter each test says that
//! it was skipped. The checks of the shader sources need none.

#![cfg(feature = "gpu")]
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod direct;
mod reductions;
mod whole;

use std::rc::Rc;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Instant;

use burn::backend::wgpu::WgpuSetup;
use burn::tensor::{Device, Tensor, TensorData};
use thermostat::engine::device::{self, Chosen};
use thermostat::engine::{Batch, Budget, LoadedModel, Run, block_on, self_test};
use thermostat::gguf::{TensorType, dequantize, quantize};
use thermostat::kernels::direct::Graphics;
use thermostat::kernels::{self, BlockFormat, Blocks, QuantizedWeights, RowDraw, RowOutcome, cpu};
use thermostat::model::Place;
use thermostat::model::made_up::{Shape, made_up_model, made_up_of_two};
use thermostat::protocol::{ErrorKind, GenerateJob, RowSpec};
use thermostat::sampling::{
    SampleError, gumbel, inverse_temperature, noise_words, philox4x32_10, score, threshold, uniform,
};
use thermostat::units::{Temperature, TokenId, Truncation};
use wgpu::naga;

/// The adapter under test, opened once, for one test at a time; none if the machine has none.
fn adapter() -> Option<(MutexGuard<'static, ()>, &'static Chosen)> {
    static TURN: Mutex<()> = Mutex::new(());
    static CHOSEN: OnceLock<Option<Chosen>> = OnceLock::new();
    let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let chosen = CHOSEN.get_or_init(|| match block_on(device::gpu()) {
        Ok(chosen) => {
            println!("adapter: {} (software: {})", chosen.report.name, chosen.report.software);
            Some(chosen)
        }
        Err(error) => {
            println!("SKIPPED: no adapter for the tests on the GPU: {error}");
            None
        }
    });
    Some((turn, chosen.as_ref()?))
}

/// Reproducible numbers around zero, a few of them large: like logits.
fn numbers(count: usize, stream: u32, spread: f32) -> Vec<f32> {
    let words = (0_u32..).flat_map(|block| philox4x32_10([block, stream, 0, 0], [77, 0]));
    words.take(count).map(|word| -(1.0 / uniform(word) - 1.0).ln() * spread).collect()
}

fn device_of(chosen: &Chosen) -> &Device {
    match &chosen.place {
        Place::Tensor { device, .. } => device,
        Place::Host => panic!("an adapter holds tensors"),
    }
}

fn on(device: &Device, values: Vec<f32>, shape: [usize; 2]) -> Tensor<2> {
    Tensor::from_data(TensorData::new(values, shape), device)
}

#[test]
fn every_shader_is_valid_and_keeps_the_limits_of_webgpu() {
    for (name, source) in kernels::gpu::all_sources().into_iter().chain(kernels::direct::all_sources()) {
        assert!(!source.contains("{{"), "{name} has a placeholder left");
        let module = naga::front::wgsl::parse_str(&source)
            .unwrap_or_else(|error| panic!("{name}: {}", error.emit_to_string(&source)));
        let flags = naga::valid::ValidationFlags::all();
        // Only what is asked of a device that says it has them.
        let capabilities = if name.ends_with("subgroups") {
            naga::valid::Capabilities::SUBGROUP
        } else {
            naga::valid::Capabilities::empty()
        };
        let mut validator = naga::valid::Validator::new(flags, capabilities);
        validator.validate(&module).unwrap_or_else(|error| panic!("{name}: {error:?}"));
        let mut layouter = naga::proc::Layouter::default();
        layouter.update(module.to_ctx()).unwrap();
        let workgroup_bytes: u32 = module
            .global_variables
            .iter()
            .filter(|(_, variable)| variable.space == naga::AddressSpace::WorkGroup)
            .map(|(_, variable)| layouter[variable.ty].size)
            .sum();
        let invocations: u32 = module.entry_points[0].workgroup_size.iter().product();
        println!("{name}: {invocations} invocations, {workgroup_bytes} bytes of workgroup memory");
        assert!(invocations <= 256 && workgroup_bytes <= 32 * 1024, "{name}");
    }
}

#[test]
fn products_agree_with_the_twin() {
    let Some((_turn, chosen)) = adapter() else { return };
    for (format, columns) in
        BlockFormat::ALL.into_iter().flat_map(|f| [32, 96, 352].map(|columns| (f, columns)))
    {
        for outputs in [1, 3, 64, 259, 2048] {
            let values = numbers(outputs * columns, outputs as u32, 0.1);
            let bytes = quantize(format.kind(), &values);
            let blocks = Blocks { format, bytes: &bytes };
            let weights = QuantizedWeights::new(blocks, outputs, columns, device_of(chosen));
            let dense = dequantize(format.kind(), &bytes);
            for rows in [1, 7, 25, 375] {
                let x = numbers(rows * columns, 1000 + rows as u32, 1.0);
                let expected = cpu::matvec(&x, blocks, outputs, columns);
                let found = kernels::matvec(on(device_of(chosen), x.clone(), [rows, columns]), &weights);
                assert_eq!(found.dims(), [rows, outputs]);
                let found = found.into_data().try_into_vec::<f32>().unwrap();
                for (index, (a, b)) in expected.iter().zip(&found).enumerate() {
                    let row = &x[index / outputs * columns..][..columns];
                    let weights = &dense[index % outputs * columns..][..columns];
                    let magnitude: f32 = row.iter().zip(weights).map(|(x, w)| (x * w).abs()).sum();
                    // Sums of up to 352 products in another order: a few roundings of the sum of their sizes.
                    let allowed = 16.0 * f32::EPSILON * magnitude;
                    assert!(
                        (a - b).abs() <= allowed,
                        "{format:?}, {rows}x{columns}x{outputs} at {index}: {a} or {b}"
                    );
                }
            }
        }
    }
}

/// Rows of all kinds: greedy and several temperatures, with and without either truncation.
fn draws(rows: usize) -> Vec<RowDraw> {
    let temperatures = [0.1, 0.7, 1.0, 1.5];
    (0..rows)
        .map(|i| RowDraw {
            temperature: match i % 5 {
                4 => Temperature::Greedy,
                t => Temperature::Value(temperatures[t]),
            },
            truncation: Truncation {
                top_k: (i % 3 == 1).then_some(1 + (i as u32 * 7) % 60),
                top_p: (i % 4 >= 2).then_some(0.05 + 0.9 * ((i * 13) % 17) as f32 / 16.0),
            },
            seed: 5,
            row: i as u32,
            step: (i % 9) as u32,
        })
        .collect()
}

/// Whether rounding alone may decide which token is drawn: the noisy top two are close, or the edge of top-p is.
fn is_close(logits: &[f32], draw: &RowDraw) -> bool {
    let Temperature::Value(temperature) = draw.temperature else { return false };
    let inverse = inverse_temperature(temperature);
    let lowest = threshold(logits, inverse, draw.truncation);
    let nudged = |factor: f32| Truncation {
        top_p: draw.truncation.top_p.map(|p| (p * factor).min(1.0)),
        ..draw.truncation
    };
    if [0.99999, 1.00001].iter().any(|&f| threshold(logits, inverse, nudged(f)) != lowest) {
        return true;
    }
    let mut noisy: Vec<f32> = logits
        .iter()
        .enumerate()
        .filter(|&(_, &l)| l >= lowest)
        .map(|(token, &l)| {
            let word = noise_words((token / 4) as u32, draw.step, draw.row, draw.seed)[token % 4];
            score(l, inverse) + gumbel(word)
        })
        .collect();
    noisy.sort_unstable_by(|a, b| b.total_cmp(a));
    noisy.len() > 1 && noisy[0] - noisy[1] <= 4e-6 * noisy[0].abs().max(1.0)
}

/// Draws that were held to the twin's.
#[derive(Default)]
struct Tally {
    compared: u32,
    /// Left out: rounding may decide them.
    close: u32,
}

impl Tally {
    /// Holds what was found to what the twin expects: for each row of logits, by its draw.
    fn take_in(
        &mut self,
        [expected, found]: [&[RowOutcome]; 2],
        logits: &[f32],
        draws: &[RowDraw],
        way: &str,
    ) {
        assert_eq!(found.len(), draws.len());
        let vocabulary = logits.len() / draws.len();
        for (row, (expected, found)) in expected.iter().zip(found).enumerate() {
            let (expected, found) = (expected.unwrap(), found.unwrap());
            let what = format!("{way}, {vocabulary} tokens, row {row}: {expected:?} or {found:?}");
            // Thousands of f32 exponentials, each good to a few units, added up in 256 lanes.
            let near = |a: f32, b: f32| (a - b).abs() <= 2e-5 * a.abs().max(1.0);
            assert!(near(expected.entropy, found.entropy), "{what}");
            if is_close(&logits[row * vocabulary..][..vocabulary], &draws[row]) {
                self.close += 1;
                continue;
            }
            self.compared += 1;
            assert_eq!(expected.id, found.id, "{what}, {:?}", draws[row]);
            assert!(near(expected.log_prob, found.log_prob), "{what}");
        }
    }

    /// Hardly any may have been left out.
    fn end(&self, way: &str) {
        let Self { compared, close } = self;
        println!("{way}: {compared} draws equal, {close} left out because rounding may decide them");
        assert!(close * 50 < *compared);
    }
}

#[test]
fn draws_agree_with_the_twin() {
    let Some((_turn, chosen)) = adapter() else { return };
    let sizes = [1, 3, 259, 2048].iter().flat_map(|&v| [1, 7, 25, 375].map(|rows| (v, rows)));
    let mut tally = Tally::default();
    for (vocabulary, rows) in sizes.chain([(50_257, 7)]) {
        let logits = numbers(rows * vocabulary, vocabulary as u32, 2.0);
        let draws = draws(rows);
        let expected = cpu::sample_rows(&logits, vocabulary, &draws);
        let tensor = on(device_of(chosen), logits.clone(), [rows, vocabulary]);
        let found = block_on(kernels::sample_rows(tensor, &draws)).unwrap();
        tally.take_in([&expected, &found], &logits, &draws, "burn's launch");
    }
    tally.end("burn's launch");
}

#[test]
fn only_the_row_with_broken_logits_is_refused() {
    let Some((_turn, chosen)) = adapter() else { return };
    for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        let mut logits = numbers(4 * 300, 1, 1.0);
        logits[2 * 300 + 299] = bad;
        let tensor = on(device_of(chosen), logits, [4, 300]);
        let outcomes = block_on(kernels::sample_rows(tensor, &draws(4))).unwrap();
        assert_eq!(outcomes[2], Err(SampleError::NotANumber), "{bad}");
        assert!([0, 1, 3].iter().all(|&row: &usize| outcomes[row].is_ok()), "{bad}");
    }
}

#[test]
fn the_self_test_accepts_the_adapter() {
    let Some((_turn, chosen)) = adapter() else { return };
    block_on(self_test::self_test(chosen)).unwrap();
    if chosen.report.name.to_lowercase().contains("llvmpipe") {
        assert!(chosen.report.software, "llvmpipe computes on the processor");
    }
}

/// Rows of rising temperature.
fn rows(count: u32) -> Vec<RowSpec> {
    let row = |row| RowSpec {
        row,
        seed: 5,
        temperature: Temperature::Value(0.3 + 0.05 * row as f32),
        truncation: Truncation::default(),
    };
    (0..count).map(row).collect()
}

fn job(rows: &[RowSpec], tokens: u32) -> GenerateJob {
    GenerateJob {
        model: "test".to_owned(),
        prompt: "Write a poem about the sea.".to_owned(),
        chat: true,
        rows: rows.to_vec(),
        max_new_tokens: tokens,
        patient: false,
    }
}

/// A model whose rows one kernel takes through all of it, and one, of both formats, with a kernel for each product.
fn both_ways(shape: Shape) -> [Vec<u8>; 2] {
    [[TensorType::Q8_0; 2], [TensorType::Q4_0, TensorType::Q8_0]]
        .map(|kinds| made_up_of_two(shape, kinds).unwrap())
}

/// The tokens of each row.
fn answers(model: &Rc<LoadedModel>, rows: &[RowSpec], tokens: u32) -> Vec<Vec<TokenId>> {
    answers_of(Run::start(model.clone(), &job(rows, tokens)).unwrap(), rows)
}

fn answers_of(mut run: Run, rows: &[RowSpec]) -> Vec<Vec<TokenId>> {
    let mut out = vec![Vec::new(); rows.len()];
    while !run.is_done() {
        for delta in block_on(run.step()).unwrap() {
            let index = rows.iter().position(|r| r.row == delta.row).unwrap();
            out[index].extend(delta.tokens.iter().map(|t| t.id));
        }
    }
    out
}

#[test]
fn the_same_seed_gives_the_same_answers_on_both_devices_at_any_batch_size() {
    let Some((_turn, chosen)) = adapter() else { return };
    let mut files = vec![
        ("made up, tiny".to_owned(), made_up_model(Shape::TINY, TensorType::Q8_0).unwrap(), 12),
        (
            "made up, tiny, untied".to_owned(),
            made_up_model(Shape::TINY_UNTIED, TensorType::Q8_0).unwrap(),
            12,
        ),
        (
            "made up, published shape".to_owned(),
            made_up_model(Shape::PUBLISHED, TensorType::Q8_0).unwrap(),
            8,
        ),
        (
            "made up, tiny, untied, Q4_0".to_owned(),
            made_up_model(Shape::TINY_UNTIED, TensorType::Q4_0).unwrap(),
            12,
        ),
        ("made up, tiny, a kernel for each product".to_owned(), both_ways(Shape::TINY)[1].clone(), 12),
    ];
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/www/models");
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.path().extension().is_some_and(|e| e == "gguf") {
            files.push((entry.path().display().to_string(), std::fs::read(entry.path()).unwrap(), 24));
        }
    }
    let mut compared_whole = 0;
    for (name, file, tokens) in files {
        let load = |chosen| Rc::new(LoadedModel::load("test", file.clone(), None, chosen).unwrap());
        let (on_gpu, on_cpu) = (load(chosen), load(&device::cpu()));
        let rows = rows(25);
        let expected = answers(&on_cpu, &rows, tokens);
        println!("{name}: {} tokens on the CPU", expected.iter().map(Vec::len).sum::<usize>());
        assert_eq!(answers(&on_gpu, &rows, tokens), expected, "{name}: 25 rows");
        // A step costs much the same for one row as for many, so single rows cost most: of all models only these take all.
        let all = name.starts_with("made up") || name.ends_with("thermostat-sft-q4_0.gguf");
        for (size, some) in [(8, 2), (1, 3)] {
            let begin = Instant::now();
            let batches = if all { rows.len().div_ceil(size) } else { some };
            for (batch, expected) in rows.chunks(size).zip(expected.chunks(size)).take(batches) {
                assert_eq!(answers(&on_gpu, batch, tokens), expected, "{name}: batches of {size}");
            }
            println!("{name}: {batches} batches of {size} in {:.1} s", begin.elapsed().as_secs_f64());
        }
        compared_whole += usize::from(all);
    }
    assert_eq!(compared_whole, 6, "five made-up models and the published SFT");
}

/// On a device, rows that wait are given the caches of those that have ended, while others are under way.
#[test]
fn rows_that_wait_for_memory_say_the_same_on_the_device() {
    let Some((_turn, chosen)) = adapter() else { return };
    for file in both_ways(Shape::TINY) {
        let load = |chosen| Rc::new(LoadedModel::load("test", file.clone(), None, chosen).unwrap());
        let (on_gpu, on_cpu) = (load(chosen), load(&device::cpu()));
        let rows = rows(25);
        let config = on_gpu.decoder.config();
        let largest = 4 * config.vocabulary.max(config.kv_length() * 12);
        let budget = Budget { bytes: u64::MAX, buffer_bytes: (6 * largest) as u64 };
        let run = Run::start_within(budget, on_gpu.clone(), &job(&rows, 12)).unwrap();
        assert_eq!(run.places(), 6);
        assert_eq!(answers_of(run, &rows), answers(&on_cpu, &rows, 12));
    }
}

/// On a device, jobs that join lay their prompt behind those that are there, and make it find more places. One of the prompts is so
/// long that burn reads it.
#[test]
fn jobs_in_one_batch_say_the_same_on_the_device() {
    let Some((_turn, chosen)) = adapter() else { return };
    both_ways(Shape { context: 200, ..Shape::TINY })
        .into_iter()
        .for_each(|file| jobs_in_one_batch(chosen, &file));
}

fn jobs_in_one_batch(chosen: &Chosen, file: &[u8]) {
    let load = |chosen| Rc::new(LoadedModel::load("test", file.to_vec(), None, chosen).unwrap());
    let (on_gpu, on_cpu) = (load(chosen), load(&device::cpu()));
    let long = "the sea and ".repeat(10);
    let prompts = ["the sea", &long, "Go on."];
    let asked: Vec<GenerateJob> = prompts
        .into_iter()
        .zip([(3, 14), (7, 14), (5, 6)])
        .map(|(prompt, (count, tokens))| GenerateJob {
            prompt: prompt.to_owned(),
            ..job(&rows(count), tokens)
        })
        .collect();
    let mut batch = Batch::new(on_gpu);
    let mut said: Vec<Vec<Vec<TokenId>>> = asked.iter().map(|job| vec![Vec::new(); job.rows.len()]).collect();
    let mut step = |batch: &mut Batch| {
        for gain in block_on(batch.step()).unwrap() {
            let tokens = gain.delta.tokens.iter().map(|token| token.id);
            said[gain.job as usize][gain.delta.row as usize].extend(tokens);
        }
    };
    for (id, job) in (0..).zip(&asked) {
        assert!(batch.takes(job));
        batch.add(id, job).unwrap();
        step(&mut batch);
        step(&mut batch);
    }
    let longer = GenerateJob { max_new_tokens: 40, ..asked[0].clone() };
    assert!(!batch.takes(&longer), "its rows would not fit their places");
    while !batch.ids().into_iter().all(|id| batch.is_done(id)) {
        step(&mut batch);
    }
    for (job, said) in asked.iter().zip(&said) {
        assert_eq!(*said, answers_of(Run::start(on_cpu.clone(), job).unwrap(), &job.rows), "{}", job.prompt);
    }
}

/// Rows of a million tokens each are more than any device holds.
#[test]
fn a_job_that_exhausts_memory_is_an_error_and_the_next_one_is_answered() {
    let Some((_turn, chosen)) = adapter() else { return };
    let most = 1 << 20;
    let file = made_up_model(Shape { context: most, ..Shape::TINY }, TensorType::Q8_0).unwrap();
    let load = |chosen| Rc::new(LoadedModel::load("test", file.clone(), None, chosen).unwrap());
    let (on_gpu, on_cpu) = (load(chosen), load(&device::cpu()));
    let without_bounds = Budget { bytes: u64::MAX, buffer_bytes: u64::MAX };
    let mut run = Run::start_within(without_bounds, on_gpu.clone(), &job(&rows(375), most as u32)).unwrap();
    let error = (0..3).find_map(|_| block_on(run.step()).err()).expect("more memory than there is");
    println!("{error}");
    assert_eq!(error.for_visitor().kind, ErrorKind::Device);
    drop(run);
    assert_eq!(answers(&on_gpu, &rows(3), 6), answers(&on_cpu, &rows(3), 6));
}

/// A second device on the first native adapter, registered with burn, and wgpu's own handle of it.
fn second_device() -> (Chosen, wgpu::Device) {
    let instance = wgpu::Instance::new(wgpu::InstanceDescriptor {
        backends: wgpu::Backends::PRIMARY,
        ..wgpu::InstanceDescriptor::new_without_display_handle()
    });
    let adapter = block_on(instance.enumerate_adapters(wgpu::Backends::PRIMARY)).remove(0);
    let info = adapter.get_info();
    let features = adapter.features().difference(wgpu::Features::all_experimental_mask());
    let descriptor = wgpu::DeviceDescriptor {
        required_features: features.difference(wgpu::Features::MAPPABLE_PRIMARY_BUFFERS),
        required_limits: adapter.limits(),
        ..Default::default()
    };
    let (device, queue) = block_on(adapter.request_device(&descriptor)).unwrap();
    let graphics = Graphics::new(device.clone(), queue.clone());
    let setup = WgpuSetup { instance, adapter, device: device.clone(), queue, backend: info.backend };
    let burns = Device::wgpu_options().setup(setup).init().unwrap();
    (device::on_adapter(burns, graphics, &info), device)
}

/// burn may panic on its own thread meanwhile, and catches that; what we see is an error. (A browser cannot catch a panic:
/// there it ends the worker, and the page goes on with the other one.)
#[test]
fn a_lost_device_is_an_error_for_the_visitor() {
    let Some((_turn, _)) = adapter() else { return };
    let (chosen, device) = second_device();
    let file = made_up_model(Shape::TINY, TensorType::Q8_0).unwrap();
    let model = Rc::new(LoadedModel::load("test", file, None, &chosen).unwrap());
    let mut run = Run::start(model, &job(&rows(3), 30)).unwrap();
    block_on(run.step()).unwrap();
    device.destroy();
    let error = (0..5).find_map(|_| block_on(run.step()).err()).expect("a lost device goes unnoticed");
    println!("{error}");
    assert_eq!(error.for_visitor().kind, ErrorKind::Device);
}
