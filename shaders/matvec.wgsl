// matvec: products with Q8_0 or Q4_0 weights, unpacked on the way.
//
//     y[r, o] = sum over blocks b of  scale[b, o] * sum over i in 0..32 of  q[32 b + i, o] * x[r, 32 b + i]
//
// Shapes (columns: a multiple of 32; any number of rows and outputs):
//     x       [rows, columns]         f32, read four at a time
//     scales  [columns / 32, outputs] f32
//     quants  [words, outputs]        eight words a block of Q8_0, four a block of Q4_0
//     y       [rows, outputs]         f32
//     shape   rows, columns, outputs, unused
//
// Scales and bytes are those of the file; only their places differ. A block of the file has 34 or 18 bytes, which is
// no multiple of a word, and neighbouring invocations work on neighbouring outputs, so both are repacked once at load
// (src/kernels/matvec.rs) with the output as the fastest index.
//
// Dispatch: (outputs / 64, rows / {{ rows }}) workgroups, rounded up, at most 65,535 each way; each goes on in steps of
// their number. 64 outputs x 4 slices of the blocks = 256 invocations; {{ rows }} KiB of workgroup memory.
// Permutations: 1 row a workgroup, for one answer, and 8. The sum of an output is added up in the same order in both, so
// an answer does not depend on its company. Twin: src/kernels/cpu/matvec.rs.
// Needs shared/q8_0 or shared/q4_0.
//
// Inputs are declared read_write because the runtime may keep several tensors in one buffer, and WebGPU forbids to bind
// one buffer as read-only and as writable in the same dispatch. The uniform is last because the runtime puts it there.

@group(0) @binding(0) var<storage, read_write> x: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read_write> scales: array<f32>;
@group(0) @binding(2) var<storage, read_write> quants: array<u32>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;
@group(0) @binding(4) var<uniform> shape: vec4<u32>;

const ROWS = {{ rows }}u;
const OUTPUTS = 64u;
const SLICES = 4u;

var<workgroup> slice_sums: array<f32, ROWS * OUTPUTS * SLICES>;

fn tile(first_row: u32, first_output: u32, column: u32, slice: u32) {
    let rows = shape.x;
    let words = shape.y / 4u;
    let outputs = shape.z;
    // Past the edges the last row and output are read again, and not written.
    let output = min(first_output + column, outputs - 1u);

    var sums: array<f32, ROWS>;
    for (var r = 0u; r < ROWS; r++) {
        sums[r] = 0.0;
    }
    for (var block = slice; block * 8u < words; block += SLICES) {
        var dots: array<f32, ROWS>;
        for (var r = 0u; r < ROWS; r++) {
            dots[r] = 0.0;
        }
        for (var word = 0u; word < 8u; word++) {
            let weights = four_weights(block, word, outputs, output);
            for (var r = 0u; r < ROWS; r++) {
                dots[r] += dot(weights, x[min(first_row + r, rows - 1u) * words + block * 8u + word]);
            }
        }
        let scale = scales[block * outputs + output];
        for (var r = 0u; r < ROWS; r++) {
            sums[r] += scale * dots[r];
        }
    }

    for (var r = 0u; r < ROWS; r++) {
        slice_sums[(r * SLICES + slice) * OUTPUTS + column] = sums[r];
    }
    workgroupBarrier();
    for (var r = slice; r < ROWS; r += SLICES) {
        let row = first_row + r;
        if row < rows && first_output + column < outputs {
            let at = r * SLICES * OUTPUTS + column;
            y[row * outputs + output] = (slice_sums[at] + slice_sums[at + OUTPUTS])
                + (slice_sums[at + 2u * OUTPUTS] + slice_sums[at + 3u * OUTPUTS]);
        }
    }
    workgroupBarrier();
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
