// attend_rows: attention of one new token a row, over a prefix that rows share and over the row's own tokens.
//
//     position[r] = prefix tokens + own tokens of row r
//     q, k, v of head h: slices of projected[r];  q and k are turned by RoPE to that position, k and v are stored
//     mixed[r, h] = sum over p of  w[p] v[p],   w = softmax(q . k[p] / sqrt(length)),   p over prefix, own tokens, new token
//
// Shapes (any number of rows):
//     shape      rows, prefix (tokens that the prefix buffers hold), capacity (own tokens a slot can hold), unused
//     places     [rows, 4]                                  u32: slot, own tokens before this one, first and number of
//                                                           its prefix's tokens
//     turns      [context, half]                            cosine and sine of each position and pair
//     projected  [rows, (heads + 2 kv_heads) * length]      f32: queries, keys, values
//     prefix_keys, prefix_values  [kv_heads, prefix, length]           f32, keys turned
//     own_keys, own_values        [slots, kv_heads, capacity, length]  f32; the new token's are written
//     mixed      [rows, heads * length]                     f32
//
// Softmax is exact: running largest score and sum over chunks of {{ lanes }} * 4 positions (Milakov and Gimelshein 2018).
// Each head has {{ lanes }} lanes: first a lane scores positions, then it mixes components.
//
// Dispatch: (rows, kv_heads) workgroups, at most 65,535 rows at once; each goes on in steps of their number.
// {{ group }} heads a key head x {{ lanes }} lanes = at most 256 invocations; at most 13 KiB of workgroup memory.
// Permutations by {{ group }}, {{ lanes }} (a power of two), {{ length }} (a multiple of 4, at most 256), {{ half }} (pairs that turn).
// Twin: src/kernels/cpu/attend_rows.rs.

@group(0) @binding(0) var<uniform> shape: vec4<u32>;
@group(0) @binding(1) var<storage, read> places: array<vec4<u32>>;
@group(0) @binding(2) var<storage, read> turns: array<vec2<f32>>;
@group(0) @binding(3) var<storage, read> projected: array<f32>;
@group(0) @binding(4) var<storage, read> prefix_keys: array<vec4<f32>>;
@group(0) @binding(5) var<storage, read> prefix_values: array<f32>;
@group(0) @binding(6) var<storage, read_write> own_keys: array<vec4<f32>>;
@group(0) @binding(7) var<storage, read_write> own_values: array<f32>;
@group(0) @binding(8) var<storage, read_write> mixed: array<f32>;

const GROUP = {{ group }}u;
const LANES = {{ lanes }}u;
const KV_HEADS = {{ kv_heads }}u;
const LENGTH = {{ length }}u;
const HALF = {{ half }}u;
const FOURS = LENGTH / 4u;
const THREADS = GROUP * LANES;
const EACH = 4u; // positions that a lane scores in one chunk
const CHUNK = LANES * EACH;
const PARTS = (LENGTH + LANES - 1u) / LANES; // components that a lane mixes
const LOWEST = -3.4028234e38;

var<workgroup> query: array<vec4<f32>, GROUP * FOURS>;
var<workgroup> weights: array<f32, GROUP * CHUNK>;
var<workgroup> lanes: array<f32, THREADS>;

// Component d of a head that begins at `start`, turned to a position.
fn turned(start: u32, d: u32, position: u32) -> f32 {
    if d < HALF {
        let turn = turns[position * HALF + d];
        return projected[start + d] * turn.x - projected[start + d + HALF] * turn.y;
    }
    if d < 2u * HALF {
        let turn = turns[position * HALF + d - HALF];
        return projected[start + d - HALF] * turn.y + projected[start + d] * turn.x;
    }
    return projected[start + d];
}

fn turned_four(start: u32, d: u32, position: u32) -> vec4<f32> {
    return vec4<f32>(
        turned(start, d, position),
        turned(start, d + 1u, position),
        turned(start, d + 2u, position),
        turned(start, d + 3u, position),
    );
}

fn largest_of_head(thread: u32, number: f32) -> f32 {
    let lane = thread % LANES;
    lanes[thread] = number;
    for (var reach = LANES / 2u; reach > 0u; reach = reach >> 1u) {
        workgroupBarrier();
        if lane < reach {
            lanes[thread] = max(lanes[thread], lanes[thread + reach]);
        }
    }
    workgroupBarrier();
    let largest = lanes[thread - lane];
    workgroupBarrier();
    return largest;
}

fn sum_of_head(thread: u32, number: f32) -> f32 {
    let lane = thread % LANES;
    lanes[thread] = number;
    for (var reach = LANES / 2u; reach > 0u; reach = reach >> 1u) {
        workgroupBarrier();
        if lane < reach {
            lanes[thread] = lanes[thread] + lanes[thread + reach];
        }
    }
    workgroupBarrier();
    let sum = lanes[thread - lane];
    workgroupBarrier();
    return sum;
}

fn attend(row: u32, kv_head: u32, thread: u32) {
    let place = places[row];
    let shared_tokens = place.w;
    let own_tokens = min(place.y, shape.z - 1u);
    let position = shared_tokens + own_tokens;
    let head = thread / LANES;
    let lane = thread % LANES;

    // 1. Queries are turned; the new token's key and value are stored.
    let width = (GROUP + 2u) * KV_HEADS * LENGTH;
    let first_query = row * width + kv_head * GROUP * LENGTH;
    for (var i = thread; i < GROUP * FOURS; i += THREADS) {
        let start = first_query + (i / FOURS) * LENGTH;
        query[i] = turned_four(start, (i % FOURS) * 4u, position) * inverseSqrt(f32(LENGTH));
    }
    let first_key = row * width + (GROUP * KV_HEADS + kv_head) * LENGTH;
    let first_value = first_key + KV_HEADS * LENGTH;
    let own = (place.x * KV_HEADS + kv_head) * shape.z;
    for (var i = thread; i < FOURS; i += THREADS) {
        own_keys[(own + own_tokens) * FOURS + i] = turned_four(first_key, i * 4u, position);
    }
    for (var d = thread; d < LENGTH; d += THREADS) {
        own_values[(own + own_tokens) * LENGTH + d] = projected[first_value + d];
    }
    storageBarrier();
    workgroupBarrier();

    // 2. Chunk by chunk: scores, then the components that they weigh.
    let prefix_start = kv_head * shape.y + place.z;
    var largest = LOWEST;
    var sum = 0.0;
    var components: array<f32, PARTS>;
    for (var part = 0u; part < PARTS; part++) {
        components[part] = 0.0;
    }
    for (var first = 0u; first <= position; first += CHUNK) {
        var scores: array<f32, EACH>;
        var best = LOWEST;
        for (var i = 0u; i < EACH; i++) {
            let p = first + i * LANES + lane;
            scores[i] = LOWEST;
            if p <= position {
                var score = 0.0;
                if p < shared_tokens {
                    let start = (prefix_start + p) * FOURS;
                    for (var four = 0u; four < FOURS; four++) {
                        score += dot(query[head * FOURS + four], prefix_keys[start + four]);
                    }
                } else {
                    let start = (own + p - shared_tokens) * FOURS;
                    for (var four = 0u; four < FOURS; four++) {
                        score += dot(query[head * FOURS + four], own_keys[start + four]);
                    }
                }
                scores[i] = score;
                best = max(best, score);
            }
        }
        let before = largest;
        largest = max(before, largest_of_head(thread, best));
        let shrink = exp(max(before - largest, -100.0));
        sum *= shrink;
        for (var i = 0u; i < EACH; i++) {
            var weight = 0.0;
            if first + i * LANES + lane <= position {
                weight = exp(max(scores[i] - largest, -100.0));
            }
            weights[head * CHUNK + i * LANES + lane] = weight;
            sum += weight;
        }
        workgroupBarrier();
        for (var part = 0u; part < PARTS; part++) {
            let d = part * LANES + lane;
            if d < LENGTH {
                var component = components[part] * shrink;
                let past = min(position + 1u, first + CHUNK);
                let edge = clamp(shared_tokens, first, past);
                for (var p = first; p < edge; p++) {
                    component += weights[head * CHUNK + p - first] * prefix_values[(prefix_start + p) * LENGTH + d];
                }
                for (var p = edge; p < past; p++) {
                    component += weights[head * CHUNK + p - first] * own_values[(own + p - shared_tokens) * LENGTH + d];
                }
                components[part] = component;
            }
        }
        workgroupBarrier();
    }

    // 3. The sum of all weights is shared out over the lanes.
    let whole = sum_of_head(thread, sum);
    for (var part = 0u; part < PARTS; part++) {
        let d = part * LANES + lane;
        if d < LENGTH {
            mixed[(row * KV_HEADS * GROUP + kv_head * GROUP + head) * LENGTH + d] = components[part] / whole;
        }
    }
}

@compute @workgroup_size({{ threads }})
fn main(
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) thread: u32,
) {
    for (var row = group.x; row < shape.x; row += groups.x) {
        attend(row, group.y, thread);
        workgroupBarrier();
    }
}
