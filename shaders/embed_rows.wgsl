// embed_rows: begins a step: every row takes its newest token's embedding, and its counters move on.
//
//     x[r, c] = scale[c / 32, token[r]] * q[c, token[r]],   token[r] = outcomes[r].id
//     places[r].own += 1,   draws[r].step += 1
//
// Shapes (columns: a multiple of 32; any number of rows and tokens):
//     shape     rows, columns, vocabulary, unused
//     outcomes  [rows, 4]                   u32, of the step before: see sample_rows.wgsl
//     scales    [columns / 32, vocabulary]  f32
//     quants    [words, vocabulary]         eight words a block of Q8_0, four a block of Q4_0
//     places    [rows, 4]                   u32: slot, own tokens, first and number of prefix tokens: see attend_rows.wgsl
//     draws     [rows, 8]                   u32: see sample_rows.wgsl
//     x         [rows, columns]             f32
//
// An id outside the vocabulary, which only a broken row has, reads the last token.
//
// Dispatch: one workgroup a row, at most 65,535 of them; each goes on in steps of their number. 64 invocations.
// Twin: src/kernels/cpu/embed_rows.rs. Needs shared/q8_0 or shared/q4_0.

@group(0) @binding(0) var<uniform> shape: vec4<u32>;
@group(0) @binding(1) var<storage, read> outcomes: array<vec4<u32>>;
@group(0) @binding(2) var<storage, read> scales: array<f32>;
@group(0) @binding(3) var<storage, read> quants: array<u32>;
@group(0) @binding(4) var<storage, read_write> places: array<vec4<u32>>;
@group(0) @binding(5) var<storage, read_write> draws: array<u32>;
@group(0) @binding(6) var<storage, read_write> x: array<vec4<f32>>;

const LANES = 64u;

@compute @workgroup_size(64)
fn main(
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) lane: u32,
) {
    let words = shape.y / 4u;
    let vocabulary = shape.z;
    for (var row = group.x; row < shape.x; row += groups.x) {
        let token = min(outcomes[row].x, vocabulary - 1u);
        for (var word = lane; word < words; word += LANES) {
            let scale = scales[(word / 8u) * vocabulary + token];
            x[row * words + word] = scale * four_weights(word / 8u, word % 8u, vocabulary, token);
        }
        if lane == 0u {
            places[row].y += 1u;
            draws[row * 8u + 6u] += 1u;
        }
    }
}
