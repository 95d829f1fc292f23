//! The kernel that takes rows through a whole model against its twin, at odd shapes.

use thermostat::engine::block_on;
use thermostat::gguf::quantize;
use thermostat::kernels::direct::{DecodeBuffers, Graphics, Part, ReadBuffers, decode_rows, read_prompt};
use thermostat::kernels::{
    AttendShape, BlockFormat, Blocks, DecodeShape, QuantizedWeights, RowDraw, RowPlace, WeightParts, cpu,
    draw_words, outcome_of,
};

use super::{adapter, device_of, draws, numbers};

const STEPS: usize = 3;
const MOST_STEPS: usize = 4;
const CAPACITY: usize = 40;
const CONTEXT: usize = 90;

/// A matrix in both places.
struct Matrix {
    bytes: Vec<u8>,
    parts: WeightParts,
}

/// Random gains, matrices and prompts of a shape.
struct Model {
    gains: Vec<Vec<f32>>,
    /// Four a block, the output, and where it is not tied the embedding.
    matrices: Vec<Matrix>,
    turns: Vec<[f32; 2]>,
}

impl Model {
    fn new(shape: &DecodeShape, device: &burn::tensor::Device) -> Self {
        let &DecodeShape { width, inner, attention, blocks, vocabulary, tied, format, .. } = shape;
        let AttendShape { heads, kv_heads, length, half } = attention;
        let queries = heads * length;
        let of_block =
            [(queries + 2 * kv_heads * length, width), (width, queries), (2 * inner, width), (width, inner)];
        let output = std::iter::repeat_n((vocabulary, width), if tied { 1 } else { 2 });
        let sizes = std::iter::repeat_n(of_block, blocks).flatten().chain(output);
        let matrices = (0..).zip(sizes).map(|(stream, (outputs, columns))| {
            // Outputs of a deviation near 1.
            let values = numbers(outputs * columns, stream, 0.6 / (columns as f32).sqrt());
            let bytes = quantize(format.kind(), &values);
            let blocks = Blocks { format, bytes: &bytes };
            let parts = QuantizedWeights::new(blocks, outputs, columns, device).parts().unwrap();
            Matrix { bytes, parts }
        });
        let matrices = matrices.collect();
        let gains = (0..=2 * blocks as u32).map(|stream| numbers(width, 100 + stream, 0.5)).collect();
        let turns = (0..CONTEXT * half).map(|i| [(i as f32 * 0.37).cos(), (i as f32 * 0.37).sin()]).collect();
        Self { gains, matrices, turns }
    }

    fn for_the_twin(&self, shape: &DecodeShape) -> cpu::ModelWeights<'_> {
        let format = shape.format;
        let of = |index: usize| Blocks { format, bytes: &self.matrices[index].bytes };
        let last = self.matrices.len() - 1;
        let blocks = (0..shape.blocks).map(|block| cpu::BlockWeights {
            attention_norm: &self.gains[2 * block],
            query_key_value: of(4 * block),
            attention_out: of(4 * block + 1),
            feed_forward_norm: &self.gains[2 * block + 1],
            gate_up: of(4 * block + 2),
            down: of(4 * block + 3),
        });
        cpu::ModelWeights {
            blocks: blocks.collect(),
            output_norm: &self.gains[2 * shape.blocks],
            output: of(4 * shape.blocks),
            embedding: of(last),
            turns: &self.turns,
        }
    }

    /// Matrices, and gains, scales and turns.
    fn for_the_shader(&self, shape: &DecodeShape, graphics: &Graphics) -> [Part; 2] {
        let gains: Vec<Part> = self.gains.iter().map(|gains| graphics.filled(gains)).collect();
        let scales = |range: std::ops::Range<usize>| self.matrices[range].iter().map(|m| &m.parts.scales);
        let mut floats: Vec<&Part> = Vec::new();
        for block in 0..shape.blocks {
            floats.extend(&gains[2 * block..2 * block + 2]);
            floats.extend(scales(4 * block..4 * block + 4));
        }
        floats.push(&gains[2 * shape.blocks]);
        floats.extend(scales(4 * shape.blocks..self.matrices.len()));
        let turns = graphics.filled(self.turns.as_flattened());
        floats.push(&turns);
        let quants: Vec<&Part> = self.matrices.iter().map(|m| &m.parts.quants).collect();
        [graphics.together(&quants), graphics.together(&floats)]
    }
}

fn check(shape: DecodeShape) {
    let Some((_turn, chosen)) = adapter() else { return };
    let graphics = chosen.graphics.as_ref().unwrap();
    assert!(shape.fits_shader(32 * 1024), "{shape:?}");
    let model = Model::new(&shape, device_of(chosen));
    let weights = model.for_the_twin(&shape);
    let floats_of_token = 2 * shape.blocks * shape.attention.kv_heads * shape.attention.length;
    let [one, other] = [17_usize, 32].map(|tokens| numbers(tokens * floats_of_token, tokens as u32, 1.0));
    let prefixes = [one, other].concat();
    let slots = 6;
    let own = numbers(slots * CAPACITY * floats_of_token, 9, 1.0);
    // Slots in no order, both prompts, none and nearly as many own tokens as there is room for; the last is no token.
    let rows: Vec<(RowPlace, u32, RowDraw)> = [
        (5, 0, 0, 17, 7),
        (0, 1, 17, 32, 31),
        (4, (CAPACITY - STEPS) as u32, 17, 32, 0),
        (2, 20, 0, 17, 258),
        (1, 3, 0, 17, u32::MAX),
    ]
    .into_iter()
    .zip(draws(5))
    .map(|((slot, own_tokens, first, prefix_tokens, newest), draw)| {
        (RowPlace { slot, own_tokens, first, prefix_tokens }, newest, draw)
    })
    .collect();

    let mut own_after = own.clone();
    let expected: Vec<Vec<_>> = rows
        .iter()
        .map(|&row| cpu::decode_row(&shape, &weights, row, STEPS, &prefixes, (&mut own_after, CAPACITY)))
        .collect();

    // Counters move on at the beginning of a step.
    let places: Vec<[u32; 4]> = rows
        .iter()
        .map(|(place, ..)| RowPlace { own_tokens: place.own_tokens.wrapping_sub(1), ..*place }.words())
        .collect();
    let words: Vec<[u32; 8]> = rows
        .iter()
        .map(|&(_, newest, draw)| {
            let mut words = draw_words(&RowDraw { step: draw.step.wrapping_sub(1), ..draw });
            words[7] = newest;
            words
        })
        .collect();
    let [quants, floats] = model.for_the_shader(&shape, graphics);
    let count = rows.len() as u32;
    let (own_there, places_there, draws_there) =
        (graphics.filled(&own), graphics.filled(&places), graphics.filled(&words));
    let outcomes = graphics.empty((rows.len() * MOST_STEPS * 16) as u64);
    let buffers = DecodeBuffers {
        shape: &graphics.uniform([count, STEPS as u32, CAPACITY as u32, MOST_STEPS as u32]),
        quants: &quants,
        floats: &floats,
        prefixes: &graphics.filled(&prefixes),
        own: &own_there,
        places: &places_there,
        draws: &draws_there,
        outcomes: &outcomes,
    };
    let read = |dispatches: &[_], part: &Part| block_on(graphics.submit(dispatches, part).words()).unwrap();
    let found = read(&[decode_rows(graphics, shape, count, buffers)], &outcomes);
    for (row, (expected, found)) in
        expected.iter().zip(found.as_chunks::<4>().0.chunks(MOST_STEPS)).enumerate()
    {
        for (step, (expected, &found)) in expected.iter().zip(found).enumerate() {
            let (expected, found) = (expected.unwrap(), outcome_of(found).unwrap());
            let what = format!("{shape:?}, row {row}, step {step}: {expected:?} or {found:?}");
            assert_eq!(expected.id, found.id, "{what}");
            // Some hundreds of roundings on the way through the blocks, of numbers near 1.
            assert!((expected.log_prob - found.log_prob).abs() < 1e-3, "{what}");
            assert!((expected.entropy - found.entropy).abs() < 1e-3, "{what}");
        }
    }
    let near = |(a, b): (&f32, u32)| (a - f32::from_bits(b)).abs() <= 1e-3 * a.abs().max(1.0);
    let stored = read(&[], &own_there);
    assert!(own_after.iter().zip(stored).all(near), "{shape:?}: the new tokens' keys and values are stored");
    let moved: Vec<u32> =
        places.iter().flat_map(|&[a, b, c, d]| [a, b.wrapping_add(STEPS as u32), c, d]).collect();
    assert_eq!(read(&[], &places_there)[..moved.len()], moved, "places move on");
    for ((words, now), expected) in
        words.iter().zip(read(&[], &draws_there).as_chunks::<8>().0).zip(&expected)
    {
        let mut moved = *words;
        moved[6] = moved[6].wrapping_add(STEPS as u32);
        moved[7] = expected[STEPS - 1].unwrap().id;
        assert_eq!(*now, moved, "steps move on, and the newest token is kept");
    }
}

/// Heads that share keys and heads that do not, as many slices as there are blocks and fewer, heads that do not divide the lanes,
/// partial RoPE, an embedding of its own.
fn shapes(format: BlockFormat) -> [DecodeShape; 5] {
    let shape = |width, inner, (heads, kv_heads, length, half), vocabulary| DecodeShape {
        width,
        inner,
        attention: AttendShape { heads, kv_heads, length, half },
        blocks: 2,
        vocabulary,
        context: CONTEXT,
        epsilon: 1e-5,
        tied: true,
        format,
    };
    [
        shape(64, 96, (4, 2, 16, 8), 259),
        shape(128, 352, (4, 2, 32, 16), 2048),
        DecodeShape { tied: false, ..shape(96, 160, (3, 3, 64, 16), 1001) },
        shape(32, 32, (8, 1, 4, 2), 300),
        DecodeShape { blocks: 1, ..shape(576, 1024, (9, 3, 64, 32), 300) },
    ]
}

/// All shapes in one format and some in the other, as each is a kernel that takes software adapters seconds to compile.
fn some_shapes() -> Vec<DecodeShape> {
    let [tiny, _, untied, ..] = shapes(BlockFormat::Q8_0);
    shapes(BlockFormat::Q4_0).into_iter().chain([tiny, untied]).collect()
}

#[test]
fn whole_models_agree_with_the_twin() {
    some_shapes().into_iter().for_each(check);
}

#[test]
fn prompts_that_are_read_agree_with_the_twin() {
    let Some((_turn, chosen)) = adapter() else { return };
    let graphics = chosen.graphics.as_ref().unwrap();
    for (shape, count) in some_shapes().into_iter().zip([9_usize, 1, 33, 2, 5, 17, 8]) {
        let model = Model::new(&shape, device_of(chosen));
        let tokens: Vec<u32> = (0..count as u32).map(|i| i * 29 % shape.vocabulary as u32).collect();
        let (keys_and_values, logits) = cpu::read_prompt(&shape, &model.for_the_twin(&shape), &tokens);
        let [quants, floats] = model.for_the_shader(&shape, graphics);
        let prefix = graphics.empty(size_of_val(&*keys_and_values) as u64);
        let logits_there = graphics.empty(size_of_val(&*logits) as u64);
        let buffers = ReadBuffers {
            shape: &graphics.uniform([1, count as u32, count as u32, 1]),
            quants: &quants,
            floats: &floats,
            prefix: &prefix,
            tokens: &graphics.filled(&tokens),
            unused: &graphics.empty(16),
            logits: &logits_there,
        };
        graphics.run(&read_prompt(graphics, shape, buffers));
        for (expected, part, what) in
            [(logits, &logits_there, "logits"), (keys_and_values, &prefix, "keys and values")]
        {
            let found = block_on(graphics.submit(&[], part).words()).unwrap();
            for (index, (a, b)) in expected.iter().zip(found).enumerate() {
                let b = f32::from_bits(b);
                // As above.
                assert!((a - b).abs() <= 1e-3 * a.abs().max(1.0), "{shape:?}, {what} at {index}: {a} or {b}");
            }
        }
    }
}
