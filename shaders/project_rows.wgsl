// project_rows: products with Q8_0 or Q4_0 weights, with what stands before and after them in a decoder.
//
//     z[r, o] = sum over blocks b of  scale[b, o] * sum over i in 0..32 of  q[32 b + i, o] * g[32 b + i] * x[r, 32 b + i]
//     norm:   z is divided by sqrt(mean of x[r, i]^2 + epsilon) (RMSNorm with gains g); without it, g is 1
//     store:  y[r, o] = z[r, o]
//     add:    y[r, o] += z[r, o] (residual)
//     gate:   y[r, o] = silu(z[r, o]) * z[r, outputs + o] (SwiGLU), silu(z) = z / (1 + exp(-z))
//
// Shapes (columns: a multiple of 32; any number of rows and outputs; the weights have 2 outputs for each of y where gated):
//     shape   rows, columns, outputs, epsilon (f32 bits)
//     x       [rows, columns]         f32, read four at a time
//     gains   [columns]               f32, read four at a time; not read without norm
//     scales  [columns / 32, outputs] f32
//     quants  [words, outputs]        eight words a block of Q8_0, four a block of Q4_0
//     y       [rows, outputs]         f32
//
// Dispatch: (outputs / 64, rows / {{ rows }}) workgroups, rounded up, at most 65,535 each way; each goes on in steps of
// their number. 64 outputs x 4 slices of the blocks = 256 invocations; at most 17 KiB of workgroup memory.
// Permutations: {{ rows }} is 1, 4 or 8 rows a workgroup. The sum of an output is added up in the same order in all.
// Twin: src/kernels/cpu/project_rows.rs. Needs shared/q8_0 or shared/q4_0.

@group(0) @binding(0) var<uniform> shape: vec4<u32>;
@group(0) @binding(1) var<storage, read> x: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> gains: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> scales: array<f32>;
@group(0) @binding(4) var<storage, read> quants: array<u32>;
@group(0) @binding(5) var<storage, read_write> y: array<f32>;

const ROWS = {{ rows }}u;
const NORM = {{ norm }};
const ADD = {{ add }};
const PARTS = {{ parts }}u; // 2: gate and up
const OUTPUTS = 64u;
const SLICES = 4u;
const LANES = 256u;
const LANES_A_ROW = LANES / ROWS;

var<workgroup> slice_sums: array<f32, PARTS * ROWS * OUTPUTS * SLICES>;
var<workgroup> squares: array<f32, LANES>;

// Leaves the sum of squares of each row in squares[row * LANES_A_ROW].
fn add_squares(first_row: u32, lane: u32) {
    let words = shape.y / 4u;
    let row = min(first_row + lane / LANES_A_ROW, shape.x - 1u);
    let place = lane % LANES_A_ROW;
    var sum = 0.0;
    for (var word = place; word < words; word += LANES_A_ROW) {
        let four = x[row * words + word];
        sum += dot(four, four);
    }
    squares[lane] = sum;
    for (var reach = LANES_A_ROW / 2u; reach > 0u; reach = reach >> 1u) {
        workgroupBarrier();
        if place < reach {
            squares[lane] += squares[lane + reach];
        }
    }
    // The barrier before the slices are put together comes before any of these is read.
}

// The products of four columns' weights with those columns of four rows from `row` on; of one where there is one a workgroup.
// Four numbers in a vector and not in an array, which not every compiler keeps in registers.
fn dots(weights: vec4<f32>, row: u32, word: u32) -> vec4<f32> {
    let words = shape.y / 4u;
    let last = shape.x - 1u;
    let first = dot(weights, x[min(row, last) * words + word]);
    if ROWS == 1u {
        return vec4<f32>(first, 0.0, 0.0, 0.0);
    }
    return vec4<f32>(
        first,
        dot(weights, x[min(row + 1u, last) * words + word]),
        dot(weights, x[min(row + 2u, last) * words + word]),
        dot(weights, x[min(row + 3u, last) * words + word]),
    );
}

// Hands on a slice's sums for four rows from `row` of the workgroup on.
fn put(row: u32, slice: u32, column: u32, sums: vec4<f32>) {
    let at = (row * SLICES + slice) * OUTPUTS + column;
    slice_sums[at] = sums.x;
    if ROWS > 1u {
        slice_sums[at + SLICES * OUTPUTS] = sums.y;
        slice_sums[at + 2u * SLICES * OUTPUTS] = sums.z;
        slice_sums[at + 3u * SLICES * OUTPUTS] = sums.w;
    }
}

fn weights_of(quads: u32, word: u32) -> vec4<f32> {
    let weights = unpack(quads);
    if NORM {
        return weights * gains[word];
    }
    return weights;
}

// The products of a block with four rows. All of its words are asked for before the first is used: one after the other
// each would wait for memory.
fn block_dots(block: u32, output: u32, row: u32) -> vec4<f32> {
    let word = block * 8u;
    let words = block_words(block, PARTS * shape.z, output);
    var sums = dots(weights_of(words.first.x, word), row, word);
    sums += dots(weights_of(words.first.y, word + 1u), row, word + 1u);
    sums += dots(weights_of(words.first.z, word + 2u), row, word + 2u);
    sums += dots(weights_of(words.first.w, word + 3u), row, word + 3u);
    sums += dots(weights_of(words.second.x, word + 4u), row, word + 4u);
    sums += dots(weights_of(words.second.y, word + 5u), row, word + 5u);
    sums += dots(weights_of(words.second.z, word + 6u), row, word + 6u);
    sums += dots(weights_of(words.second.w, word + 7u), row, word + 7u);
    return sums;
}

fn tile(first_row: u32, first_output: u32, column: u32, slice: u32) {
    let rows = shape.x;
    let words = shape.y / 4u;
    let outputs = shape.z;
    // Past the edges the last row and output are read again, and not written.
    let output = min(first_output + column, outputs - 1u);

    if NORM {
        add_squares(first_row, slice * OUTPUTS + column);
    }
    // Rows 0 to 3 and 4 to 7; the same for what is gated.
    var low = vec4<f32>(0.0);
    var high = vec4<f32>(0.0);
    var gated_low = vec4<f32>(0.0);
    var gated_high = vec4<f32>(0.0);
    for (var block = slice; block * 8u < words; block += SLICES) {
        let scale = scales[block * PARTS * outputs + output];
        low += scale * block_dots(block, output, first_row);
        if ROWS == 8u {
            high += scale * block_dots(block, output, first_row + 4u);
        }
        if PARTS == 2u {
            let gated = outputs + output;
            let gated_scale = scales[block * PARTS * outputs + gated];
            gated_low += gated_scale * block_dots(block, gated, first_row);
            if ROWS == 8u {
                gated_high += gated_scale * block_dots(block, gated, first_row + 4u);
            }
        }
    }

    put(0u, slice, column, low);
    if ROWS == 8u {
        put(4u, slice, column, high);
    }
    if PARTS == 2u {
        put(ROWS, slice, column, gated_low);
        if ROWS == 8u {
            put(ROWS + 4u, slice, column, gated_high);
        }
    }
    workgroupBarrier();
    for (var r = slice; r < ROWS; r += SLICES) {
        let row = first_row + r;
        if row < rows && first_output + column < outputs {
            var factor = 1.0;
            if NORM {
                factor = inverseSqrt(squares[r * LANES_A_ROW] / f32(shape.y) + bitcast<f32>(shape.w));
            }
            let z = factor * whole(r, column);
            let at = row * outputs + output;
            if PARTS == 2u {
                y[at] = z / (1.0 + exp(-z)) * (factor * whole(ROWS + r, column));
            } else if ADD {
                y[at] += z;
            } else {
                y[at] = z;
            }
        }
    }
    workgroupBarrier();
}

// The sum of all slices.
fn whole(row: u32, column: u32) -> f32 {
    let at = row * SLICES * OUTPUTS + column;
    return (slice_sums[at] + slice_sums[at + OUTPUTS]) + (slice_sums[at + 2u * OUTPUTS] + slice_sums[at + 3u * OUTPUTS]);
}

@compute @workgroup_size(64, 4)
fn main(
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_id) local: vec3<u32>,
) {
    for (var first_row = group.y * ROWS; first_row < shape.x; first_row += groups.y * ROWS) {
        for (var first_output = group.x * OUTPUTS; first_output < shape.z; first_output += groups.x * OUTPUTS) {
            tile(first_row, first_output, local.x, local.y);
        }
    }
}
