// project_tiles: the products of project_rows.wgsl, for many rows.
//
// Formula, shapes and bindings are those of project_rows.wgsl. A workgroup makes a tile of {{ tile }} rows x 64 outputs:
// block by block, 32 columns of rows and of unpacked weights are put into workgroup memory, and each invocation adds up
// 4 rows x 4 outputs. Sums are added up in another order than there.
//
// Dispatch: (outputs / 64, rows / {{ tile }}) workgroups, rounded up, at most 65,535 each way; each goes on in steps of their
// number. 16 x {{ tile }} / 4 invocations; at most 27 KiB of workgroup memory.
// Permutations: {{ tile }} is 32 or 64. Twin: src/kernels/cpu/project_rows.rs. Needs shared/q8_0 or shared/q4_0.

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

// Invocations write whole vectors: two that write components of one at the same time may each write all of it.

// Puts four columns of four rows where invocations find them; returns the sums of the rows' squares.
fn put_rows(first_row: u32, block: u32, four: u32, word: u32) -> vec4<f32> {
    let words = shape.y / 4u;
    let last = shape.x - 1u;
    let column = block * 8u + word;
    let row = first_row + four * 4u;
    var a = x[min(row, last) * words + column];
    var b = x[min(row + 1u, last) * words + column];
    var c = x[min(row + 2u, last) * words + column];
    var d = x[min(row + 3u, last) * words + column];
    let squared = vec4<f32>(dot(a, a), dot(b, b), dot(c, c), dot(d, d));
    if NORM {
        let gain = gains[column];
        a *= gain;
        b *= gain;
        c *= gain;
        d *= gain;
    }
    let at = word * 4u * FOURS + four;
    rows_here[at] = vec4<f32>(a.x, b.x, c.x, d.x);
    rows_here[at + FOURS] = vec4<f32>(a.y, b.y, c.y, d.y);
    rows_here[at + 2u * FOURS] = vec4<f32>(a.z, b.z, c.z, d.z);
    rows_here[at + 3u * FOURS] = vec4<f32>(a.w, b.w, c.w, d.w);
    return squared;
}

// The weights of an output for four columns.
fn weights_of(part: u32, output: u32, block: u32, word: u32) -> vec4<f32> {
    let stride = PARTS * shape.z;
    let column = part * shape.z + min(output, shape.z - 1u);
    return scales[block * stride + column] * four_weights(block, word, stride, column);
}

// Puts the weights of four outputs for four columns where invocations find them.
fn put_weights(first_output: u32, index: u32, block: u32) {
    let four = index % (OUTPUTS / 4u);
    let place = index / (OUTPUTS / 4u); // part, then word
    let output = first_output + four * 4u;
    let a = weights_of(place / 8u, output, block, place % 8u);
    let b = weights_of(place / 8u, output + 1u, block, place % 8u);
    let c = weights_of(place / 8u, output + 2u, block, place % 8u);
    let d = weights_of(place / 8u, output + 3u, block, place % 8u);
    let at = place * OUTPUTS + four;
    weights_here[at] = vec4<f32>(a.x, b.x, c.x, d.x);
    weights_here[at + OUTPUTS / 4u] = vec4<f32>(a.y, b.y, c.y, d.y);
    weights_here[at + OUTPUTS / 2u] = vec4<f32>(a.z, b.z, c.z, d.z);
    weights_here[at + 3u * OUTPUTS / 4u] = vec4<f32>(a.w, b.w, c.w, d.w);
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
    // Half of the invocations read rows: four columns of four each.
    let word = lane % 8u;
    let four = lane / 8u;
    let reads = four < TILE / 4u;

    var sums = mat4x4<f32>();
    var gated = mat4x4<f32>();
    var squared = vec4<f32>(0.0);
    for (var block = 0u; block * 32u < shape.y; block++) {
        if reads {
            squared += put_rows(first_row, block, four, word);
        }
        for (var index = lane; index < PARTS * 2u * OUTPUTS; index += INVOCATIONS) {
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
        if reads {
            squares[four * 32u + word] = squared.x;
            squares[four * 32u + 8u + word] = squared.y;
            squares[four * 32u + 16u + word] = squared.z;
            squares[four * 32u + 24u + word] = squared.w;
        }
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
