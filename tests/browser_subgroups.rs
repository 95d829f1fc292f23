//! Subgroup operations in a real browser: it is asked for them, and the sampler's shader draws with and without them what its
//! twin draws. On SwiftShader, WebGPU in software.

#![cfg(all(target_family = "wasm", feature = "web"))]
#![allow(clippy::expect_used, missing_docs)]

use js_sys::{Array, Function, Promise, Reflect, Uint32Array};
use thermostat::platform::subgroups::{ask_adapters_of, ask_for_subgroups};
use thermostat::sampling::{Draw, inverse_temperature, philox4x32_10, sample_row, uniform};
use thermostat::units::{Temperature, Truncation};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{console_log, wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

const SAMPLER: [&str; 4] = [
    include_str!("../shaders/sample_rows.wgsl"),
    include_str!("../shaders/shared/draw_row.wgsl"),
    include_str!("../shaders/shared/philox.wgsl"),
    include_str!("../shaders/shared/natural_log.wgsl"),
];
const BARRIERS: &str = include_str!("../shaders/shared/reduce_barriers.wgsl");
const SUBGROUPS: &str = include_str!("../shaders/shared/reduce_subgroups.wgsl");

/// Runs a script of the browser's, the body of an `async` function of its arguments.
async fn run(script: &str, arguments: &[JsValue]) -> JsValue {
    let body = format!("return (async () => {{ {script} }})();");
    let arguments: Array = arguments.iter().collect();
    let promise = Function::new_with_args("a, b, c, d, e", &body).apply(&JsValue::NULL, &arguments);
    let promise: Promise = promise.expect("a script").unchecked_into();
    JsFuture::from(promise).await.expect("a script that ends well")
}

#[wasm_bindgen_test]
async fn an_adapter_that_has_subgroup_operations_is_asked_for_them_and_no_other() {
    let open = "
        const made_up = (...offered) => ({ requestAdapter: async () => ({
            features: new Set(offered),
            async requestDevice(descriptor) { return [...(descriptor?.requiredFeatures ?? [])].join(); },
        }) });
        const gpu = made_up(...a);
        b(gpu);
        const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
        return await adapter.requestDevice(...c);";
    let ask = wasm_bindgen::closure::Closure::<dyn Fn(JsValue)>::new(|gpu: JsValue| ask_adapters_of(&gpu));
    let names = |names: &[&str]| -> JsValue {
        names.iter().map(|&name| JsValue::from_str(name)).collect::<Array>().into()
    };
    let descriptor = js_sys::Object::new();
    Reflect::set(&descriptor, &"requiredFeatures".into(), &names(&["shader-f16"])).expect("an object");
    let descriptor = Array::of1(&descriptor);
    for (offered, arguments, expected) in [
        (vec!["shader-f16", "subgroups"], descriptor.clone(), "shader-f16,subgroups"),
        (vec!["shader-f16"], descriptor, "shader-f16"),
        (vec!["subgroups"], Array::new(), "subgroups"),
        (vec![], Array::new(), ""),
    ] {
        // What is asked of one adapter is not asked of the next.
        let copy = run("return structuredClone(a)", &[arguments.into()]).await;
        let asked = run(open, &[names(&offered), ask.as_ref().clone(), copy]).await;
        assert_eq!(asked.as_string().as_deref(), Some(expected), "{offered:?}");
    }
    ask_adapters_of(&js_sys::Object::new()); // no WebGPU: nothing happens
}

/// Reproducible logits, a few of them large.
fn logits(count: usize) -> Vec<f32> {
    let words = (0_u32..).flat_map(|block| philox4x32_10([block, 9, 0, 0], [77, 0]));
    words.take(count).map(|word| -(1.0 / uniform(word) - 1.0).ln() * 2.0).collect()
}

#[wasm_bindgen_test]
async fn the_sampler_draws_in_either_way_what_its_twin_draws() {
    ask_for_subgroups();
    let device = run(
        "const adapter = await navigator.gpu?.requestAdapter();
         return adapter ? await adapter.requestDevice() : null;",
        &[],
    )
    .await;
    if device.is_null() {
        console_log!("SKIPPED: the browser has no WebGPU adapter");
        return;
    }
    let has = run("return a.features.has('subgroups')", std::slice::from_ref(&device)).await.is_truthy();
    if !has {
        console_log!("SKIPPED: the browser's adapter has no subgroup operations");
    }
    let truncations = [
        Truncation::default(),
        Truncation { top_k: Some(7), top_p: None },
        Truncation { top_k: None, top_p: Some(0.8) },
        Truncation { top_k: Some(60), top_p: Some(0.5) },
    ];
    for (rows, vocabulary) in [(1, 1), (5, 3), (7, 255), (9, 259), (6, 2083)] {
        let logits = logits(rows * vocabulary);
        let draw = |row: usize| (Temperature::new(0.4 + 0.3 * (row % 4) as f32), truncations[row % 4]);
        let expected: Vec<Draw> = (0..rows)
            .map(|row| {
                let (temperature, truncation) = draw(row);
                let logits = &logits[row * vocabulary..][..vocabulary];
                sample_row(logits, temperature.expect("a temperature"), truncation, 5, row as u32, 2)
                    .expect("logits")
            })
            .collect();
        let words: Vec<u32> = (0..rows)
            .flat_map(|row| {
                let (temperature, Truncation { top_k, top_p }) = draw(row);
                let Temperature::Value(t) = temperature.expect("a temperature") else { panic!("not greedy") };
                let (inverse, top_p) = (inverse_temperature(t).to_bits(), top_p.unwrap_or(1.0).to_bits());
                [inverse, 0, top_k.unwrap_or(u32::MAX), top_p, 5, row as u32, 2, 0]
            })
            .collect();
        let ways = [("", BARRIERS), ("enable subgroups;\n", SUBGROUPS)];
        for (directive, reduction) in ways.into_iter().take(if has { 2 } else { 1 }) {
            let source = format!("{directive}{}{reduction}", SAMPLER.concat());
            let logits: Vec<u32> = logits.iter().map(|logit| logit.to_bits()).collect();
            let shape = [rows as u32, vocabulary as u32, 0, 0];
            let inputs = [&logits[..], &words, &shape].map(|words| JsValue::from(Uint32Array::from(words)));
            let [logits, draws, shape] = inputs;
            let found = run(LAUNCH, &[device.clone(), source.into(), logits, draws, shape]).await;
            let found = found.dyn_into::<Uint32Array>().expect("outcomes").to_vec();
            for (row, (expected, found)) in expected.iter().zip(found.as_chunks::<4>().0).enumerate() {
                let [id, log_prob, entropy, broken] = *found;
                let what = format!("{directive:?} {vocabulary} tokens, row {row}: {expected:?} or {found:?}");
                assert_eq!((id, broken), (expected.id, 0), "{what}");
                // Thousands of f32 exponentials, each good to a few units, added up in 256 lanes.
                let near = |a: f32, bits: u32| (a - f32::from_bits(bits)).abs() <= 2e-5 * a.abs().max(1.0);
                assert!(near(expected.log_prob, log_prob) && near(expected.entropy, entropy), "{what}");
            }
        }
    }
}

/// Launches the sampler, with fewer workgroups than rows, so that some draw for several. Its arguments: device, source, logits, draws,
/// shape.
const LAUNCH: &str = "
    a.pushErrorScope('validation');
    const module = a.createShaderModule({ code: b });
    const pipeline = a.createComputePipeline({ layout: 'auto', compute: { module, entryPoint: 'main' } });
    const S = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC, C = GPUBufferUsage.COPY_DST;
    const filled = (words, usage) => {
        const buffer = a.createBuffer({ size: words.byteLength, usage: usage | C });
        a.queue.writeBuffer(buffer, 0, words);
        return buffer;
    };
    const rows = e[0], size = rows * 16;
    const outcomes = a.createBuffer({ size, usage: S });
    const buffers = [filled(c, S), filled(d, S), outcomes, filled(e, GPUBufferUsage.UNIFORM)];
    const group = a.createBindGroup({
        layout: pipeline.getBindGroupLayout(0),
        entries: buffers.map((buffer, binding) => ({ binding, resource: { buffer } })),
    });
    const encoder = a.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    pass.dispatchWorkgroups(Math.ceil(rows / 2));
    pass.end();
    const staging = a.createBuffer({ size, usage: GPUBufferUsage.MAP_READ | C });
    encoder.copyBufferToBuffer(outcomes, 0, staging, 0, size);
    a.queue.submit([encoder.finish()]);
    const error = await a.popErrorScope();
    if (error) throw new Error(error.message);
    await staging.mapAsync(GPUMapMode.READ);
    return new Uint32Array(staging.getMappedRange().slice(0));";
