// project_tiles_q8_0: the products of project_rows_q8_0.wgsl, for many rows.
//
// Formula, shapes and bindings are those of project_rows_q8_0.wgsl. A workgroup makes a tile of {{ tile }} rows x 64 outputs:
// block by block, 32 columns of rows and of unpacked weights are put into workgroup memory, and each invocation adds up
// 4 rows x 4 outputs. Sums are added up in another order than there.
//
// Dispatch: (outputs / 64, rows / {{ tile }}) workgroups, rounded up, at most 65,535 each way; each goes on in steps of their
// number. 16 x {{ tile }} / 4 invocations; at most 27 KiB of workgroup memory.
// Permutations: {{ tile }} is 16, 32 or 64. Twin: src/kernels/cpu/project_rows_q8_0.rs. Needs shared/q8_0.

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

fn tile(first_row: u32, first_output: u32, lane: u32) {
    let rows = shape.x;
    let words = shape.y / 4u;
    let outputs = shape.z;
    let stride = PARTS * outputs;
    let right = lane % 16u;
    let down = lane / 16u;

    var sums: array<vec4<f32>, PARTS * 4u>;
    for (var i = 0u; i < PARTS * 4u; i++) {
        sums[i] = vec4<f32>(0.0);
    }
    var square_sums = vec2<f32>(0.0);
    for (var block = 0u; block * 8u < words; block++) {
        // Eight invocations read a row's 32 columns; each reads from two rows.
        let word = lane % 8u;
        for (var half = 0u; half < 2u; half++) {
            let row = lane / 8u + half * (TILE / 2u);
            var four = x[min(first_row + row, rows - 1u) * words + block * 8u + word];
            if NORM {
                square_sums[half] += dot(four, four);
                four *= gains[block * 8u + word];
            }
            for (var i = 0u; i < 4u; i++) {
                rows_here[(word * 4u + i) * FOURS + row / 4u][row % 4u] = four[i];
            }
        }
        for (var index = lane; index < PARTS * 8u * OUTPUTS; index += INVOCATIONS) {
            let column = index % OUTPUTS;
            let place = index / OUTPUTS; // part, then word
            let part = place / 8u;
            let output = part * outputs + min(first_output + column, outputs - 1u);
            let four = scales[block * stride + output] * unpack(quants[(block * 8u + place % 8u) * stride + output]);
            for (var i = 0u; i < 4u; i++) {
                weights_here[(place * 4u + i) * (OUTPUTS / 4u) + column / 4u][column % 4u] = four[i];
            }
        }
        workgroupBarrier();
        for (var k = 0u; k < 32u; k++) {
            let four = rows_here[k * FOURS + down];
            for (var part = 0u; part < PARTS; part++) {
                let weights = weights_here[(part * 32u + k) * (OUTPUTS / 4u) + right];
                sums[part * 4u] += four.x * weights;
                sums[part * 4u + 1u] += four.y * weights;
                sums[part * 4u + 2u] += four.z * weights;
                sums[part * 4u + 3u] += four.w * weights;
            }
        }
        workgroupBarrier();
    }
    if NORM {
        for (var half = 0u; half < 2u; half++) {
            squares[(lane / 8u + half * (TILE / 2u)) * 8u + lane % 8u] = square_sums[half];
        }
        workgroupBarrier();
    }
    for (var r = 0u; r < 4u; r++) {
        let row = first_row + down * 4u + r;
        var factor = 1.0;
        if NORM {
            var sum = 0.0;
            for (var i = 0u; i < 8u; i++) {
                sum += squares[(down * 4u + r) * 8u + i];
            }
            factor = inverseSqrt(sum / f32(shape.y) + bitcast<f32>(shape.w));
        }
        for (var c = 0u; c < 4u; c++) {
            let output = first_output + right * 4u + c;
            if row < rows && output < outputs {
                let z = factor * sums[r][c];
                let at = row * outputs + output;
                if PARTS == 2u {
                    y[at] = z / (1.0 + exp(-z)) * (factor * sums[4u * (PARTS - 1u) + r][c]);
                } else if ADD {
                    y[at] += z;
                } else {
                    y[at] = z;
                }
            }
        }
    }
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
