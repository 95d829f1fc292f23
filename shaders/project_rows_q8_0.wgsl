// project_rows_q8_0: products with Q8_0 weights, with what stands before and after them in a decoder.
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
//     quants  [columns / 4, outputs]  four signed bytes a word, the first in the lowest bits
//     y       [rows, outputs]         f32
//
// Dispatch: (outputs / 64, rows / {{ rows }}) workgroups, rounded up, at most 65,535 each way; each goes on in steps of
// their number. 64 outputs x 4 slices of the blocks = 256 invocations; at most 17 KiB of workgroup memory.
// Permutations: {{ rows }} is 1 or 8 rows a workgroup. The sum of an output is added up in the same order in both.
// Twin: src/kernels/cpu/project_rows_q8_0.rs. Needs shared/q8_0.

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

fn tile(first_row: u32, first_output: u32, column: u32, slice: u32) {
    let rows = shape.x;
    let words = shape.y / 4u;
    let outputs = shape.z;
    let stride = PARTS * outputs;
    // Past the edges the last row and output are read again, and not written.
    let output = min(first_output + column, outputs - 1u);

    if NORM {
        add_squares(first_row, slice * OUTPUTS + column);
    }
    var sums: array<f32, PARTS * ROWS>;
    for (var i = 0u; i < PARTS * ROWS; i++) {
        sums[i] = 0.0;
    }
    for (var block = slice; block * 8u < words; block += SLICES) {
        var dots: array<f32, PARTS * ROWS>;
        for (var i = 0u; i < PARTS * ROWS; i++) {
            dots[i] = 0.0;
        }
        for (var word = block * 8u; word < block * 8u + 8u; word++) {
            var weights: array<vec4<f32>, PARTS>;
            for (var part = 0u; part < PARTS; part++) {
                weights[part] = unpack(quants[word * stride + part * outputs + output]);
                if NORM {
                    weights[part] *= gains[word];
                }
            }
            for (var r = 0u; r < ROWS; r++) {
                let four = x[min(first_row + r, rows - 1u) * words + word];
                for (var part = 0u; part < PARTS; part++) {
                    dots[part * ROWS + r] += dot(weights[part], four);
                }
            }
        }
        for (var part = 0u; part < PARTS; part++) {
            let scale = scales[block * stride + part * outputs + output];
            for (var r = 0u; r < ROWS; r++) {
                sums[part * ROWS + r] += scale * dots[part * ROWS + r];
            }
        }
    }

    for (var i = 0u; i < PARTS * ROWS; i++) {
        slice_sums[(i * SLICES + slice) * OUTPUTS + column] = sums[i];
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
fn whole(i: u32, column: u32) -> f32 {
    let at = i * SLICES * OUTPUTS + column;
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
