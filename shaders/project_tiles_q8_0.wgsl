// project_tiles_q8_0: the products of project_rows_q8_0.wgsl, for many rows.
//
// Formula, shapes and bindings are those of project_rows_q8_0.wgsl. A workgroup makes a tile of {{ tile }} rows x 64 outputs:
// block by block, 32 columns of rows and of unpacked weights are put into workgroup memory, and each invocation adds up
// 4 rows x 4 outputs. Sums are added up in another order than there.
//
// Dispatch: (outputs / 64, rows / {{ tile }}) workgroups, rounded up, at most 65,535 each way; each goes on in steps of their
// number. 16 x {{ tile }} / 4 invocations; at most 27 KiB of workgroup memory.
// Permutations: {{ tile }} is 32 or 64. Twin: src/kernels/cpu/project_rows_q8_0.rs. Needs shared/q8_0.

@group(0) @binding(0) var<uniform> shape: vec4<u32>;
@group(0) @binding(1) var<storage, read> x: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> gains: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> scales: array<f32>;
@group(0) @binding(4) var<storage, read> quants: array<u32>;
@group(0) @binding(5) var<storage, read_write> y: array<f32>;

const TILE = {{ tile }}u;
const NORM = {{ norm }};
const ADD = {{ add }};
const PARTS = {{ parts }}u; // 2: gate and up
const OUTPUTS = 64u;
const INVOCATIONS = TILE * 4u;
const FOURS = TILE / 4u + 1u; // one more than there are, so that neighbours do not share a memory bank

var<workgroup> rows_here: array<vec4<f32>, 32u * FOURS>;
var<workgroup> weights_here: array<vec4<f32>, PARTS * 32u * OUTPUTS / 4u>;
var<workgroup> squares: array<f32, TILE * 8u>;

// Puts four columns of a row where invocations find them; returns the sum of their squares.
fn put_row(first_row: u32, row: u32, block: u32, word: u32) -> f32 {
    let words = shape.y / 4u;
    var four = x[min(first_row + row, shape.x - 1u) * words + block * 8u + word];
    let squared = dot(four, four);
    if NORM {
        four *= gains[block * 8u + word];
    }
    let at = word * 4u * FOURS + row / 4u;
    rows_here[at][row % 4u] = four.x;
    rows_here[at + FOURS][row % 4u] = four.y;
    rows_here[at + 2u * FOURS][row % 4u] = four.z;
    rows_here[at + 3u * FOURS][row % 4u] = four.w;
    return squared;
}

fn put_weights(first_output: u32, index: u32, block: u32) {
    let outputs = shape.z;
    let stride = PARTS * outputs;
    let column = index % OUTPUTS;
    let place = index / OUTPUTS; // part, then word
    let output = (place / 8u) * outputs + min(first_output + column, outputs - 1u);
    let four = scales[block * stride + output] * unpack(quants[(block * 8u + place % 8u) * stride + output]);
    let at = place * OUTPUTS + column / 4u;
    weights_here[at][column % 4u] = four.x;
    weights_here[at + OUTPUTS / 4u][column % 4u] = four.y;
    weights_here[at + OUTPUTS / 2u][column % 4u] = four.z;
    weights_here[at + 3u * OUTPUTS / 4u][column % 4u] = four.w;
}

// What a column adds to 4 rows x 4 outputs.
fn outer(k: u32, down: u32, weights: vec4<f32>) -> mat4x4<f32> {
    let four = rows_here[k * FOURS + down];
    return mat4x4<f32>(four.x * weights, four.y * weights, four.z * weights, four.w * weights);
}

fn finish(row: u32, in_tile: u32, first_output: u32, sums: vec4<f32>, gated: vec4<f32>) {
    if row >= shape.x {
        return;
    }
    var factor = 1.0;
    if NORM {
        let at = in_tile * 8u;
        let sum = ((squares[at] + squares[at + 1u]) + (squares[at + 2u] + squares[at + 3u]))
            + ((squares[at + 4u] + squares[at + 5u]) + (squares[at + 6u] + squares[at + 7u]));
        factor = inverseSqrt(sum / f32(shape.y) + bitcast<f32>(shape.w));
    }
    let z = factor * sums;
    var result = z;
    if PARTS == 2u {
        result = z / (1.0 + exp(-z)) * (factor * gated);
    }
    write(row, first_output, result.x);
    write(row, first_output + 1u, result.y);
    write(row, first_output + 2u, result.z);
    write(row, first_output + 3u, result.w);
}

fn write(row: u32, output: u32, z: f32) {
    if output < shape.z {
        let at = row * shape.z + output;
        if ADD {
            y[at] += z;
        } else {
            y[at] = z;
        }
    }
}

// Sums are matrices and vectors, not arrays, which not every compiler keeps in registers.
fn tile(first_row: u32, first_output: u32, lane: u32) {
    let right = lane % 16u;
    let down = lane / 16u;
    let word = lane % 8u;
    let row = lane / 8u;

    var sums = mat4x4<f32>();
    var gated = mat4x4<f32>();
    var squared = vec2<f32>(0.0);
    for (var block = 0u; block * 32u < shape.y; block++) {
        // Eight invocations read a row's 32 columns; each reads from two rows.
        squared.x += put_row(first_row, row, block, word);
        squared.y += put_row(first_row, row + TILE / 2u, block, word);
        for (var index = lane; index < PARTS * 8u * OUTPUTS; index += INVOCATIONS) {
            put_weights(first_output, index, block);
        }
        workgroupBarrier();
        for (var k = 0u; k < 32u; k += 4u) {
            let at = k * OUTPUTS / 4u + right;
            sums += outer(k, down, weights_here[at]);
            sums += outer(k + 1u, down, weights_here[at + OUTPUTS / 4u]);
            sums += outer(k + 2u, down, weights_here[at + OUTPUTS / 2u]);
            sums += outer(k + 3u, down, weights_here[at + 3u * OUTPUTS / 4u]);
            if PARTS == 2u {
                let other = at + 8u * OUTPUTS * (PARTS - 1u);
                gated += outer(k, down, weights_here[other]);
                gated += outer(k + 1u, down, weights_here[other + OUTPUTS / 4u]);
                gated += outer(k + 2u, down, weights_here[other + OUTPUTS / 2u]);
                gated += outer(k + 3u, down, weights_here[other + 3u * OUTPUTS / 4u]);
            }
        }
        workgroupBarrier();
    }
    if NORM {
        squares[row * 8u + word] = squared.x;
        squares[(row + TILE / 2u) * 8u + word] = squared.y;
        workgroupBarrier();
    }
    let at = down * 4u;
    let output = first_output + right * 4u;
    finish(first_row + at, at, output, sums[0], gated[0]);
    finish(first_row + at + 1u, at + 1u, output, sums[1], gated[1]);
    finish(first_row + at + 2u, at + 2u, output, sums[2], gated[2]);
    finish(first_row + at + 3u, at + 3u, output, sums[3], gated[3]);
    workgroupBarrier();
}

@compute @workgroup_size({{ invocations }})
fn main(
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) lane: u32,
) {
    for (var first_row = group.y * TILE; first_row < shape.x; first_row += groups.y * TILE) {
        for (var first_output = group.x * OUTPUTS; first_output < shape.z; first_output += groups.x * OUTPUTS) {
            tile(first_row, first_output, lane);
        }
    }
}
