// sample_rows: draws one token for each row of logits.
//
// How, and what draws and outcomes are: shared/draw_row.wgsl.
//
// Shapes (any number of rows; any vocabulary below 2^24, so that counts are exact in f32; no divisibility asked):
//     logits    [rows, vocabulary]  f32
//     draws     [rows, 8]           u32
//     outcomes  [rows, 4]           u32
//     shape     rows, vocabulary, unused, unused
//
// Dispatch: one workgroup a row, at most 65,535 of them; each goes on in steps of their number. 256 invocations,
// at most 2,116 bytes of workgroup memory. Permutations: reductions over the lanes by barriers or by subgroup operations.
// Twin: src/kernels/cpu/sample_rows.rs. Needs shared/draw_row and what that needs.
//
// Inputs are declared read_write because the runtime may keep several tensors in one buffer, and WebGPU forbids to bind
// one buffer as read-only and as writable in the same dispatch. The uniform is last because the runtime puts it there.

@group(0) @binding(0) var<storage, read_write> logits: array<f32>;
@group(0) @binding(1) var<storage, read_write> draws: array<u32>;
@group(0) @binding(2) var<storage, read_write> outcomes: array<u32>;
@group(0) @binding(3) var<uniform> shape: vec4<u32>;

const LANES = 256u;

@compute @workgroup_size(256)
fn main(
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) lane: u32,
) {
    begin_reductions(lane);
    for (var row = group.x; row < shape.x; row += groups.x) {
        draw_row(lane, row, row * shape.y, shape.y, row * 4u);
    }
}
