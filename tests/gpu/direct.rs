//! The kernels of a decode step against their twins, at odd sizes.

use thermostat::engine::block_on;
use thermostat::gguf::quantize;
use thermostat::kernels::direct::{
    AttendBuffers, Dispatch, EmbedBuffers, Graphics, Part, ProjectBuffers, Projection, Watch, attend_rows,
    embed_rows, project_rows,
};
use thermostat::kernels::{AttendShape, BlockFormat, Blocks, Finish, Norm, QuantizedWeights, RowPlace, cpu};

use super::{adapter, device_of, numbers};

const EPSILON: f32 = 1e-5;

/// What a part holds after some dispatches.
fn run(graphics: &Graphics, dispatches: &[Dispatch], result: &Part) -> Vec<u32> {
    block_on(graphics.submit(dispatches, result).words()).unwrap()
}

fn floats(words: Vec<u32>) -> Vec<f32> {
    words.into_iter().map(f32::from_bits).collect()
}

/// `allowed` is in proportion to the larger of one and the value.
#[track_caller]
fn assert_near(expected: &[f32], found: &[f32], allowed: f32, what: &str) {
    for (index, (a, b)) in expected.iter().zip(found).enumerate() {
        assert!((a - b).abs() <= allowed * a.abs().max(1.0), "{what} at {index}: {a} or {b}");
    }
}

#[test]
fn projections_agree_with_the_twin() {
    let Some((_turn, chosen)) = adapter() else { return };
    let graphics = chosen.graphics.as_ref().unwrap();
    let sizes = [(32, 1), (96, 3), (352, 128), (128, 259), (576, 70)];
    for (format, (columns, outputs)) in BlockFormat::ALL.into_iter().flat_map(|f| sizes.map(|size| (f, size)))
    {
        for finish in [Finish::Store, Finish::Add, Finish::Gate] {
            let parts = if finish == Finish::Gate { 2 } else { 1 };
            let values = numbers(parts * outputs * columns, outputs as u32, 0.1);
            let bytes = quantize(format.kind(), &values);
            let blocks = Blocks { format, bytes: &bytes };
            let weights = QuantizedWeights::new(blocks, parts * outputs, columns, device_of(chosen));
            let weights = weights.parts().unwrap();
            let gains = numbers(columns, 5, 1.0);
            let gains_there = graphics.filled(&gains);
            for (rows, with_norm) in [
                (1, true),
                (1, false),
                (7, true),
                (12, true),
                (25, false),
                (31, true),
                (70, true),
                (70, false),
            ] {
                let x = numbers(rows * columns, 1000 + rows as u32, 1.0);
                let mut expected = numbers(rows * outputs, 7, 1.0);
                let y = graphics.filled(&expected);
                let norm = with_norm.then_some(Norm { gains: &gains, epsilon: EPSILON });
                cpu::project_rows(&x, norm, blocks, finish, columns, &mut expected);
                let buffers = ProjectBuffers {
                    x: &graphics.filled(&x),
                    norm: with_norm.then_some((&gains_there, EPSILON)),
                    weights: &weights,
                    y: &y,
                };
                let (columns, outputs) = (columns as u32, outputs as u32);
                let projection = Projection { rows: rows as u32, columns, outputs, finish };
                let found = floats(run(graphics, &[project_rows(graphics, projection, buffers)], &y));
                // Sums of up to 576 products of numbers near 1 in another order, and products of two of them.
                assert_near(
                    &expected,
                    &found,
                    2e-4,
                    &format!("{format:?}, {projection:?}, norm {with_norm}"),
                );
            }
        }
    }
}

#[test]
fn attention_agrees_with_the_twin_and_stores_what_is_new() {
    let Some((_turn, chosen)) = adapter() else { return };
    let graphics = chosen.graphics.as_ref().unwrap();
    // Heads, key heads, length, turning pairs: ours, SmolLM2's, partial RoPE, a length that is no power of two.
    for (heads, kv_heads, length, half) in [(4, 2, 32, 16), (9, 3, 64, 32), (4, 4, 64, 16), (2, 1, 20, 8)] {
        let shape = AttendShape { heads, kv_heads, length, half };
        assert!(shape.fits_shader());
        let (slots, capacity, prefix, context) = (6, 300, 150, 500);
        let kv = |count: usize, stream: u32| numbers(count * kv_heads * length, stream, 1.0);
        let (prefix_keys, prefix_values) = (kv(prefix, 1), kv(prefix, 2));
        let (own_keys, own_values) = (kv(slots * capacity, 3), kv(slots * capacity, 4));
        let turns: Vec<[f32; 2]> =
            (0..context * half).map(|i| [(i as f32 * 0.37).cos(), (i as f32 * 0.37).sin()]).collect();
        // Slots in no order; the least and more than one chunk of positions; a part of the prefix; a full slot.
        let places = [(4, 0, 0, 1), (0, 1, 0, 150), (5, 299, 0, 150), (2, 31, 20, 130), (3, 128, 149, 1)]
            .map(|(slot, own_tokens, first, prefix_tokens)| RowPlace {
                slot,
                own_tokens,
                first,
                prefix_tokens,
            });
        let projected = numbers(places.len() * (heads + 2 * kv_heads) * length, 9, 1.0);
        let of_prefix = cpu::KeysAndValues { keys: &prefix_keys, values: &prefix_values };
        let of_own = cpu::KeysAndValues { keys: &own_keys, values: &own_values };
        let (mixed, new_keys, new_values) =
            cpu::attend_rows(shape, &places, &turns, &projected, (of_prefix, prefix), (of_own, capacity));

        let [keys_there, values_there] = [&own_keys, &own_values].map(|own| graphics.filled(own));
        let mixed_there = graphics.empty(size_of_val(&*mixed) as u64);
        let rows = places.len() as u32;
        let buffers = AttendBuffers {
            shape: &graphics.uniform([rows, prefix as u32, capacity as u32, 0]),
            places: &graphics.filled(&places.map(RowPlace::words)),
            turns: &graphics.filled(turns.as_flattened()),
            projected: &graphics.filled(&projected),
            prefix_keys: &graphics.filled(&prefix_keys),
            prefix_values: &graphics.filled(&prefix_values),
            own_keys: &keys_there,
            own_values: &values_there,
            mixed: &mixed_there,
        };
        let attend = [attend_rows(graphics, shape, rows, buffers)];
        let found = floats(run(graphics, &attend, &mixed_there));
        // Exponentials of 32-bit scores, and sums of up to 450 weighted values in another order.
        assert_near(&mixed, &found, 2e-4, &format!("{shape:?}"));
        for (part, before, new) in
            [(&keys_there, &own_keys, &new_keys), (&values_there, &own_values, &new_values)]
        {
            let mut expected = before.clone();
            for (row, place) in places.iter().enumerate() {
                for head in 0..kv_heads {
                    let [slot, own_tokens, ..] = place.words().map(|word| word as usize);
                    let at = ((slot * kv_heads + head) * capacity + own_tokens) * length;
                    let from = (row * kv_heads + head) * length;
                    expected[at..at + length].copy_from_slice(&new[from..from + length]);
                }
            }
            let found = floats(run(graphics, &[], part));
            assert_near(&expected, &found, 2e-6, &format!("stored, {shape:?}"));
        }
    }
}

#[test]
fn a_step_begins_with_the_embeddings_of_the_newest_tokens() {
    let Some((_turn, chosen)) = adapter() else { return };
    let graphics = chosen.graphics.as_ref().unwrap();
    let sizes = [(32, 5), (96, 259), (576, 300)];
    for (format, (columns, vocabulary)) in
        BlockFormat::ALL.into_iter().flat_map(|f| sizes.map(|size| (f, size)))
    {
        let bytes = quantize(format.kind(), &numbers(columns * vocabulary, 1, 0.3));
        let blocks = Blocks { format, bytes: &bytes };
        let table = QuantizedWeights::new(blocks, vocabulary, columns, device_of(chosen)).parts().unwrap();
        // The last is no token: it stands for the last there is.
        let tokens: Vec<u32> = (0..7).map(|i| i * 31 % vocabulary as u32).chain([u32::MAX]).collect();
        let outcomes: Vec<[u32; 4]> = tokens.iter().map(|&token| [token, 1, 2, 3]).collect();
        let rows = tokens.len() as u32;
        let [x, places, draws] =
            [columns, 4, 8].map(|width| graphics.filled(&vec![u32::MAX; width * tokens.len()]));
        let buffers = EmbedBuffers {
            shape: &graphics.uniform([rows, columns as u32, vocabulary as u32, 0]),
            outcomes: &graphics.filled(&outcomes),
            table: &table,
            places: &places,
            draws: &draws,
            x: &x,
        };
        let found = floats(run(graphics, &[embed_rows(graphics, rows, buffers)], &x));
        assert_eq!(found, cpu::embed_rows(&tokens, blocks, columns), "{format:?}, {columns} columns");
        for (part, width, counter) in [(&places, 4, 1), (&draws, 8, 6)] {
            let found = run(graphics, &[], part);
            let moved =
                |(index, word): (usize, &u32)| *word == if index % width == counter { 0 } else { u32::MAX };
            assert!(found.iter().enumerate().all(moved), "counters move on, and nothing else does");
        }
    }
}

/// Whatever a shader is given, a mistake is an error and no panic.
#[test]
fn what_a_device_refuses_is_an_error() {
    let Some((_turn, chosen)) = adapter() else { return };
    let graphics = chosen.graphics.as_ref().unwrap();
    let part = graphics.empty(64);
    let error = block_on(graphics.submit(&[], &part.slice(2, 64)).words()).unwrap_err();
    assert!(!error.to_string().is_empty());
    let watch = Watch::new(graphics);
    let _ = graphics.empty(1 << 50);
    block_on(watch.end().heard()).expect_err("more memory than there is");
    let watch = Watch::new(graphics);
    let _ = graphics.empty(64);
    block_on(watch.end().heard()).expect("the device goes on after a mistake");
}
